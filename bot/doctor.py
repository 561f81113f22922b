"""Look at a deployment as a whole and say what is well and what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import requests

from bot.adapters.rasa_classifier import BrokenModel
from bot.ports import SendFailed, Unavailable
from bot.wiring import Parts


@dataclass(frozen=True)
class Finding:
    what: str
    well: bool
    told: str


def examine(parts: Parts) -> list[Finding]:
    """All findings; never raises, never shows a secret or a person's data."""
    return [
        Finding("settings", True, "complete"),
        _look("redis", lambda: _redis(parts)),
        _look("nlu", lambda: _nlu(parts)),
        _look("twilio credentials", lambda: f"account is {parts.messenger.check()}"),
        _look("twilio webhook", lambda: _webhook(parts)),
        _content(parts),
        _look("advocates", lambda: _advocates(parts)),
    ]


def _look(what: str, act: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, act())
    except _NotWell as error:
        return Finding(what, False, str(error))
    except SendFailed as error:
        told = f"Twilio answered with error {error.code}" if error.code else "cannot be reached"
        return Finding(what, False, told)
    except BrokenModel as error:
        return Finding(what, False, f"the model does not know a sentence of intent {error}")
    except (Unavailable, requests.RequestException, ValueError, KeyError) as error:
        return Finding(what, False, f"cannot be reached ({type(error).__name__})")


class _NotWell(Exception):
    pass


def _redis(parts: Parts) -> str:
    parts.store.ping()
    return "answers"


def _nlu(parts: Parts) -> str:
    parts.classifier.verify()
    return "answers, and knows the known sentences"


def _webhook(parts: Parts) -> str:
    wanted = f"{parts.settings.public_url}/twilio/message"
    if parts.settings.twilio_messaging_service_sid:
        return f"set {wanted} in the Messaging Service (not visible by this API)"
    urls = parts.messenger.webhook_urls()
    if wanted not in urls:
        raise _NotWell(f"no number of the account calls {wanted}")
    return f"a number calls {wanted}"


def _content(parts: Parts) -> Finding:
    topics = len(parts.library.flows)
    if parts.library.is_draft:
        return Finding("content", True, f"{topics} topics, DRAFT: no attorney has reviewed them")
    return Finding("content", True, f"{topics} topics, reviewed")


def _advocates(parts: Parts) -> str:
    try:
        known = parts.store.advocates()
    except ValueError:
        raise _NotWell("cannot be opened: a key is missing in ENCRYPTION_KEYS") from None
    if not known:
        raise _NotWell("nobody can sign in; see `python -m bot add-advocate --help`")
    return f"{len(known)} can sign in"
