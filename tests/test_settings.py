"""Settings are complete, or the process refuses to start and says everything at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, example, read_settings, table
from tests.deployment import environment

ROOT = Path(__file__).resolve().parent.parent
REDIS = "redis://127.0.0.1:1/0"


def problems(**change: str | None) -> list[str]:
    wanted = {k: v for k, v in {**environment(REDIS), **change}.items() if v is not None}
    with pytest.raises(BadSettings) as caught:
        read_settings(wanted)
    return caught.value.problems


def test_complete_settings_are_read() -> None:
    settings = read_settings(environment(REDIS, TWILIO_AUTH_TOKENS="one, two"))
    assert [token.get_secret_value() for token in settings.twilio_auth_tokens] == ["one", "two"]
    assert settings.allow_draft_content


def test_everything_missing_is_listed_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({})
    named = {line.split()[0] for line in caught.value.problems}
    required = {n.upper() for n, f in Settings.model_fields.items() if f.is_required()}
    assert required <= named


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PUBLIC_URL", "bot.example.org", "https://"),
        ("REDIS_URL", "localhost", "redis://"),
        ("NLU_URL", "localhost:5005", "http"),
        ("TWILIO_ACCOUNT_SID", "AC123", "AC and 32"),
        ("TWILIO_AUTH_TOKENS", " , ", "TWILIO_AUTH_TOKENS"),
        ("ENCRYPTION_KEYS", "short", "ENCRYPTION_KEYS"),
        ("ID_KEY", "short", "ID_KEY"),
        ("CONSOLE_SECRET_KEY", "short", "32 characters"),
        ("TEXTS_PER_MINUTE", "0", "TEXTS_PER_MINUTE"),
        ("NLU_SURE", "2", "NLU_SURE"),
        ("ALLOW_DRAFT_CONTENT", "perhaps", "ALLOW_DRAFT_CONTENT"),
        ("TWILIO_FROM", None, "TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM"),
    ],
)
def test_a_malformed_one_is_named_and_explained(name: str, value: str | None, told: str) -> None:
    found = problems(**{name: value})
    assert any(told in line for line in found)


def test_a_secret_is_never_repeated() -> None:
    found = problems(ENCRYPTION_KEYS="my-secret-key", CONSOLE_SECRET_KEY="my-secret-key")
    assert "my-secret-key" not in "".join(found)


def test_the_id_key_must_be_a_key_of_its_own() -> None:
    same = environment(REDIS)["ID_KEY"]
    assert any("ID_KEY must not" in line for line in problems(ID_KEY=same, ENCRYPTION_KEYS=same))


def test_an_empty_value_counts_as_missing() -> None:
    assert any(line.startswith("PUBLIC_URL is missing") for line in problems(PUBLIC_URL=""))


def test_the_example_file_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()


def test_the_readme_has_the_table_of_the_settings() -> None:
    assert table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_names_every_setting_once() -> None:
    named = re.findall(r"^([A-Z_]+)=", example(), re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
