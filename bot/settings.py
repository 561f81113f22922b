"""All settings of a deployment: read once from the environment, frozen, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.adapters.vault import read_key


class BadSettings(Exception):
    """Settings are missing or malformed; `problems` has one line for each, names only."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _listed(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with https:// (or http:// on this machine)")
    return value.rstrip("/")


def _optional_url(value: str) -> str:
    return _url(value) if value else value


def _redis_url(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return value


def _key(value: SecretStr) -> SecretStr:
    read_key(value.get_secret_value())
    return value


def _long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 32:
        raise ValueError("must have at least 32 characters")
    return value


def _account(value: str) -> str:
    if not (value.startswith("AC") and len(value) == 34):
        raise ValueError("must be AC and 32 characters, as Twilio's console shows it")
    return value


Key = Annotated[SecretStr, AfterValidator(_key)]
Url = Annotated[str, AfterValidator(_url)]
OptionalUrl = Annotated[str, AfterValidator(_optional_url)]


class Settings(BaseSettings):
    """Every field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    public_url: Url = Field(
        description="Address at which Twilio reaches the webhooks; signatures are checked over it"
    )
    redis_url: Annotated[str, AfterValidator(_redis_url)] = Field(
        description="The Redis server; `make run` starts a private one and sets this"
    )
    nlu_url: Url = Field(description="Where Rasa answers POST /model/parse; a private address")
    nlu_token: SecretStr = Field(description="Rasa's token")
    twilio_account_sid: Annotated[str, AfterValidator(_account)] = Field(
        description="Twilio account (AC...)"
    )
    twilio_auth_tokens: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_listed)] = (
        Field(
            min_length=1,
            description="Auth tokens, separated by commas: the first signs in to Twilio, "
            "all are accepted for signatures (rotation)",
        )
    )
    twilio_messaging_service_sid: str = Field(
        "", description="Messaging Service to send from (MG...); this or TWILIO_FROM"
    )
    twilio_from: str = Field("", description="Number to send from, when there is no service")
    twilio_api_base_url: OptionalUrl = Field(
        "", description="Empty for Twilio; else any server that speaks its API"
    )
    encryption_keys: Annotated[tuple[Key, ...], NoDecode, BeforeValidator(_listed)] = Field(
        min_length=1,
        description="Keys for what is stored, separated by commas: the first seals, all open "
        "(`python -m bot new-key` makes one)",
    )
    id_key: Key = Field(description="Key for pseudonymous ids; never one of ENCRYPTION_KEYS")
    console_secret_key: Annotated[SecretStr, AfterValidator(_long)] = Field(
        description="Signs the console's forms; at least 32 characters"
    )
    sentry_dsn: str = Field("", description="Sentry project; empty sends nothing")
    allow_draft_content: bool = Field(
        False, description="Serve content that no attorney has reviewed; the greeting says so"
    )
    console_url: OptionalUrl = Field(
        "http://127.0.0.1:8001", description="Address of the console; cookies are secure on https"
    )
    allow_sign_in_links: bool = Field(
        False, description="Allow one-time sign-in links to the console (development)"
    )
    trusted_proxies: int = Field(
        0, ge=0, description="How many proxies stand before the console and set X-Forwarded-*"
    )
    texts_per_minute: int = Field(
        30, ge=1, description="Texts of one person that are answered in a minute"
    )
    nlu_sure: float = Field(0.5, gt=0, lt=1, description="Least confidence of a sure intent")
    nlu_gap: float = Field(0.3, ge=0, lt=1, description="Least lead over the second intent")
    nlu_urgent: float = Field(
        0.14, gt=0, lt=1, description="Least confidence of the urgent intents taken together"
    )
    flows_dir: Path = Field(Path("flows"), description="The content")
    release: str = Field("development", description="Version named in logs and to Sentry")

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        problems = []
        if not self.twilio_messaging_service_sid and not self.twilio_from:
            problems.append("TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM is missing")
        keys = {key.get_secret_value() for key in self.encryption_keys}
        if self.id_key.get_secret_value() in keys:
            problems.append("ID_KEY must not be one of ENCRYPTION_KEYS")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.console_url.startswith("https://")

    @property
    def console_hosts(self) -> tuple[str, ...]:
        return (self.console_url.partition("://")[2].partition("/")[0],)

    @property
    def limiter_storage_url(self) -> str:
        return self.redis_url


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, or from the given mapping instead.

    Raises BadSettings that lists everything missing or malformed at once. Values are never
    part of its text.
    """
    try:
        if environment is None:
            return Settings()
        wanted = {name: environment[name.upper()] for name in Settings.model_fields
                  if environment.get(name.upper())}  # fmt: skip
        return Settings.model_validate(wanted)
    except ValidationError as error:
        problems = [
            _line(dict(part)) for part in error.errors(include_input=False, include_url=False)
        ]
        raise BadSettings(problems) from None


def _line(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        description = Settings.model_fields[name.lower()].description
        return f"{name} is missing: {description}"
    return f"{name}: {message}" if name else message


def table() -> str:
    """The settings as the rows of the README's table, made from the class itself."""
    rows = ["| setting | default | what it is |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = (
            "required"
            if field.is_required()
            else f"`{field.default}`"
            if field.default != ""
            else "empty"
        )
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def example() -> str:
    """The text of .env.example, made from the class itself."""
    lines = [
        "# Settings of a deployment. `make run` makes its own in .data/; this file is for servers."
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() else str(field.default)
        lines += ["", f"# {field.description}", f"{name.upper()}={default}"]
    return "\n".join(lines) + "\n"
