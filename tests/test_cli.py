"""Every command as operators and authors run it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner
from ruamel.yaml import YAML

from bot.adapters.vault import read_key
from bot.cli import main
from bot.core.model import Channel, Inbound
from bot.settings import Settings, example, read_settings, table
from bot.wiring import build
from dev.redis_server import EmbeddedRedis, free_port
from tests.deployment import ACCOUNT, NOWHERE, TOKEN, environment
from tests.simulator_server import start_simulator

ROOT = Path(__file__).resolve().parent.parent
PHONE = "+15550133"
PASSWORD = "a long and quiet password"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


OWN = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """A command sets up the logs of its process, which here is the tests' own."""
    handlers, hooks = list(logging.getLogger().handlers), (sys.excepthook, threading.excepthook)
    yield
    logging.getLogger().handlers[:] = handlers
    sys.excepthook, threading.excepthook = hooks


def run(*arguments: str, settings: dict[str, str] | None = None, given: str | bytes = "") -> Done:
    """One command with these settings and no others."""
    without = dict.fromkeys(OWN, None)
    done = CliRunner().invoke(main, arguments, input=given, env={**without, **(settings or {})})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def process(
    *arguments: str,
    settings: dict[str, str] | None = None,
    given: bytes = b"",
    cwd: Path = ROOT,
) -> Done:
    """The same in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in OWN}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd, env={**clean, "PYTHONPATH": str(ROOT), **(settings or {})},
        input=given, capture_output=True, timeout=60,
    )  # fmt: skip
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, err
    return Done(done.returncode, out, err)


@pytest.fixture
def settings(redis_server: EmbeddedRedis) -> dict[str, str]:
    redis.Redis.from_url(redis_server.url).flushall()
    return environment(redis_server.url)


# --- check --------------------------------------------------------------------------------------


def test_check_finds_the_content_fit_to_be_worked_on() -> None:
    done = run("check")
    assert done.code == 0, done.out
    assert re.search(r"\d+ topics", done.lines[-1]), done.out


def test_check_for_a_release_refuses_drafts() -> None:
    done = process("check", "--release")
    assert done.code == 1
    assert "draft" in done.out


# --- chat ---------------------------------------------------------------------------------------


def test_chat_prints_what_the_person_would_get() -> None:
    done = run("chat", "--lang", "en", given="menu\nperson\n")
    assert done.code == 0 and done.err == ""
    assert "[shared/menu, " in done.out and " segments]" in done.out
    assert "\n1 " in done.out, "choices are numbered, one a line"
    assert "[shared/waiting_absent, " in done.out


def test_chat_json_is_one_object_a_line() -> None:
    said = ["hello", "", "¿Necesito un abogado?", "🙂", "  spaces  ", "STOP", "after stop"]
    done = run("chat", "--json", given="\n".join(said) + "\n")
    answers = [json.loads(line) for line in done.lines]
    assert [answer["in"] for answer in answers] == said
    for answer in answers:
        assert list(answer) == [
            "in", "language", "intent", "confidence", "status", "out", "escalated",
        ]  # fmt: skip
    assert "¿Necesito" in done.out, "not escaped"
    assert answers[-1]["status"] == "stopped" and answers[-1]["out"] == []


def test_chat_takes_any_bytes_and_a_last_line_without_an_end() -> None:
    done = process("chat", "--json", given=b"\xff\xfe\x00menu\n\r\n\nmenu\r\nmenu")
    assert done.code == 0
    answers = [json.loads(line) for line in done.lines]
    assert len(answers) == 5
    assert answers[0]["in"].startswith("\ufffd\ufffd")
    # a line ending of Windows is no part of what was said
    assert [answer["in"] for answer in answers[1:]] == ["", "", "menu", "menu"]


def test_chat_with_nothing_to_read_says_nothing() -> None:
    assert run("chat", "--json") == Done(0, "", "")


def test_chat_goes_on_by_words_when_the_model_is_down() -> None:
    done = run(
        "chat", "--json", settings={"NLU_URL": NOWHERE}, given="i need a free lawyer\nwho are you\n"
    )
    first, second = (json.loads(line) for line in done.lines)
    assert first["intent"] == "find_lawyer" and first["language"] == "en"
    assert second["out"]


def test_chat_recorded_is_a_dialogue() -> None:
    done = run("chat", "--record", given="english\nmenu\n")
    turns = YAML(typ="safe").load(done.out)["turns"]
    assert turns[0] == {"they": "english"}
    assert turns[3]["we"] == ["shared/menu"]


def test_chat_in_a_language_that_is_not_offered_is_refused() -> None:
    done = run("chat", "--lang", "xx", given="menu\n")
    assert done.code == 1
    assert "xx" in done.err and "en, es" in done.err


def test_chat_without_content_says_what_is_missing(tmp_path: Path) -> None:
    done = process("chat", given=b"menu\n", cwd=tmp_path)
    assert done.code == 1
    assert "flows" in done.err


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [("doctor",), ("forget", PHONE), ("inventory",),
     ("add-advocate", "ana", "--password", PASSWORD)],
)  # fmt: skip
def test_without_settings_everything_that_is_missing_is_listed(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.code == 1 and done.out == ""
    missing = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert missing <= set(re.findall(r"^  ([A-Z_]+) is missing", done.err, re.MULTILINE))


def test_a_process_without_settings_ends_the_same_way() -> None:
    done = process("doctor")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("The settings are not complete:\n  PUBLIC_URL is missing: ")


def test_a_bad_setting_is_named_and_its_value_is_not(settings: dict[str, str]) -> None:
    done = run("inventory", settings=settings | {"ENCRYPTION_KEYS": "not-a-key", "ID_KEY": ""})
    assert done.code == 1
    assert "ENCRYPTION_KEYS" in done.err and "ID_KEY is missing" in done.err
    assert "not-a-key" not in done.err


def test_drafts_need_to_be_allowed(settings: dict[str, str]) -> None:
    done = run("inventory", settings=settings | {"ALLOW_DRAFT_CONTENT": "false"})
    assert done.code == 1
    assert "ALLOW_DRAFT_CONTENT" in done.err


def test_the_settings_can_be_read() -> None:
    assert run("settings").out == table() + "\n"
    assert run("settings", "--example").out.rstrip("\n") == example().rstrip("\n")


def test_a_new_key_is_a_key_and_always_another() -> None:
    first, second = run("new-key").out.strip(), run("new-key").out.strip()
    assert len(read_key(first)) == 32 and first != second


def test_help_names_every_command() -> None:
    done = run("--help")
    for command in ("check", "stamp", "chat", "doctor", "add-advocate", "forget", "inventory",
                    "new-key", "settings"):  # fmt: skip
        assert re.search(rf"^  {command} ", done.out, re.MULTILINE), command


# --- people -------------------------------------------------------------------------------------


def test_an_advocate_is_let_in(settings: dict[str, str]) -> None:
    done = run("add-advocate", "ana", "--languages", "en, es", "--password", PASSWORD,
               settings=settings)  # fmt: skip
    assert done.code == 0, done.err
    assert re.search(
        r"^otpauth://totp/Rights%20by%20Text%3Aana\?secret=[A-Z2-7]{32}&", done.lines[-1]
    )
    (ana,) = build(read_settings(settings), "test").store.advocates()
    assert (ana.name, ana.languages) == ("ana", ("en", "es"))
    assert ana.password_hash.startswith("$argon2id$")
    assert ana.totp_secret in done.out and PASSWORD not in done.out


def test_the_password_is_asked_for_twice_and_never_shown(settings: dict[str, str]) -> None:
    done = run("add-advocate", "ana", settings=settings, given=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.code == 0
    assert PASSWORD not in done.out + done.err
    assert run("add-advocate", "ana", settings=settings, given=f"{PASSWORD}\nother\n").code == 1


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("ana", "short", "12 characters"),
        ("a", PASSWORD, "2 to 40"),
        ("ana maria", PASSWORD, "2 to 40"),
        ("../etc", PASSWORD, "2 to 40"),
        ("x" * 41, PASSWORD, "2 to 40"),
    ],
)
def test_a_weak_password_or_bad_name_is_refused(
    settings: dict[str, str], name: str, password: str, told: str
) -> None:
    done = run("add-advocate", name, "--password", password, settings=settings)
    assert done.code == 1
    assert told in done.err
    assert build(read_settings(settings), "test").store.advocates() == []


@pytest.mark.parametrize("address", [PHONE, f"whatsapp:{PHONE}"])
def test_forgetting_and_counting(settings: dict[str, str], address: str) -> None:
    def counted() -> dict[str, int]:
        done = run("inventory", settings=settings)
        assert PHONE[1:] not in done.out
        return {kind: int(count) for count, kind in (line.split() for line in done.lines)}

    assert set(counted().values()) == {0}
    parts = build(read_settings(settings), "test")
    channel = Channel.WHATSAPP if ":" in address else Channel.SMS
    parts.service.accept(Inbound("SM1", address, "person", channel, parts.clock.now()))
    parts.service.accept(Inbound("SM2", address, "english", channel, parts.clock.now()))
    texter = parts.vault.texter_id(address)
    parts.service.take_turns(texter)
    before = counted()
    assert before["{tx:<texter>}:thread"] == 1 and before["{tx:<texter>}:conversation"] == 1
    assert run("forget", address, settings=settings).out == "Deleted.\n"
    after = counted()
    assert after["{tx:<texter>}:thread"] == after["{tx:<texter>}:outbox"] == 0
    assert parts.store.load(texter).escalation is None
    other = run("forget", "+15550199", settings=settings)
    assert (other.code, other.out) == (0, "Nothing was stored about this address.\n")


def test_what_can_be_stored_is_a_table() -> None:
    done = run("inventory", "--keys")
    assert done.code == 0
    assert "| `{tx:<texter>}:conversation` |" in done.out


@pytest.mark.parametrize("command", [("forget", PHONE), ("inventory",),
                                     ("add-advocate", "ana", "--password", PASSWORD)])  # fmt: skip
def test_a_store_that_is_down_is_said_so(
    settings: dict[str, str], command: tuple[str, ...]
) -> None:
    down = settings | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    done = run(*command, settings=down)
    assert done.code == 1
    assert done.err == "Redis cannot be reached.\n"


# --- doctor -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    more = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKENS": TOKEN}
    with start_simulator(free_port(), "http://127.0.0.1:8000", **more) as base:
        yield base


def test_doctor_tells_each_thing_on_a_line_and_fails_when_one_is_wrong(
    settings: dict[str, str], simulator: str
) -> None:
    deployment = settings | {
        "TWILIO_API_BASE_URL": simulator, "PUBLIC_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    done = run("doctor", settings=deployment)
    assert done.code == 1 and done.err == ""
    told = dict(line.split(": ", 1) for line in done.lines)
    assert told["ok   redis"] == "answers"
    assert told["ok   twilio webhook"] == "a number calls http://127.0.0.1:8000/twilio/message"
    assert told["FAIL nlu"].startswith("cannot be reached")
    assert "FAIL advocates" in told
    for secret in (TOKEN, settings["ID_KEY"], settings["ENCRYPTION_KEYS"]):
        assert secret not in done.out
