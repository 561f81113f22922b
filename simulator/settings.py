"""What the simulator is told by its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
SERVICE = re.compile(r"MG[0-9a-f]{32}")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
DEFAULT_NUMBER = "+15550199"


class BadSettings(Exception):
    """The message lists everything that is missing or malformed, one a line."""


@dataclass(frozen=True)
class Settings:
    """Attributes:
    webhook_url: base of the addresses that are really called, e.g. http://127.0.0.1:8000.
    public_url: base that the bot names and over which requests are signed.
    auth_tokens: the first signs; all sign in to the REST API.
    number: the bot's own number, without a channel's prefix.
    callback_delay: seconds between two states of a text on its way.
    webhook_timeout: seconds that a webhook has to answer (Twilio: 15).
    hold: seconds for which the fault "timeout" keeps its answer back.
    requests_per_second: above it the REST API answers 429; 0 is no limit.
    """

    port: int
    webhook_url: str
    public_url: str
    account_sid: str
    auth_tokens: tuple[str, ...]
    number: str
    messaging_service_sid: str
    callback_delay: float = 0.3
    advanced_opt_out: bool = False
    webhook_timeout: float = 15.0
    hold: float = 20.0
    requests_per_second: int = 0


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings, or BadSettings with the whole list of problems."""
    problems: list[str] = []

    def text(name: str, default: str = "", shape: re.Pattern[str] | None = None) -> str:
        value = environment.get(name, "").strip() or default
        if shape and value and not shape.fullmatch(value):
            problems.append(f"{name}: does not look like {shape.pattern}")
        return value

    def needed(name: str, shape: re.Pattern[str] | None = None) -> str:
        value = text(name, shape=shape)
        if not value:
            problems.append(f"{name}: missing")
        return value

    def number(name: str, default: int) -> int:
        value = text(name, str(default))
        if not value.isdecimal():
            problems.append(f"{name}: not a whole number")
            return default
        return int(value)

    def base(name: str, default: str) -> str:
        value = text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            problems.append(f"{name}: not an http(s) base address")
        return value

    webhook_url = base("SIMULATOR_WEBHOOK_URL", "http://127.0.0.1:8000")
    settings = Settings(
        port=number("SIMULATOR_PORT", 8002),
        webhook_url=webhook_url,
        public_url=base("PUBLIC_URL", webhook_url),
        account_sid=needed("TWILIO_ACCOUNT_SID", ACCOUNT),
        auth_tokens=_listed(needed("TWILIO_AUTH_TOKENS")),
        number=text("TWILIO_FROM", DEFAULT_NUMBER, NUMBER),
        messaging_service_sid=text("TWILIO_MESSAGING_SERVICE_SID", shape=SERVICE),
        callback_delay=number("SIMULATOR_CALLBACK_DELAY_MS", 300) / 1000,
        advanced_opt_out=text("SIMULATOR_ADVANCED_OPT_OUT", "false").lower() in ("1", "true"),
        webhook_timeout=number("SIMULATOR_WEBHOOK_TIMEOUT_MS", 15_000) / 1000,
        hold=number("SIMULATOR_HOLD_MS", 20_000) / 1000,
        requests_per_second=number("SIMULATOR_REQUESTS_PER_SECOND", 0),
    )
    if problems:
        raise BadSettings("\n".join(problems))
    return settings


def _listed(value: str) -> tuple[str, ...]:
    """Comma-separated, or the JSON list that other settings readers also take."""
    return tuple(part for part in (p.strip(' "[]') for p in value.split(",")) if part)
