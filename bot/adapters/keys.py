"""Every Redis key of the bot: what it is for, whether it is sealed, how long it lives.

docs/privacy-inventory.md is generated from this table and tested against it. Keys of one
texter share the hash tag {tx:...}, so that one transaction can write them all, on Redis
Cluster too. A texter is named by a keyed digest of the address, never by the address.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.core.model import TexterId
from bot.ports import Work


@dataclass(frozen=True)
class Key:
    """One kind of key.

    Attributes:
        pattern: with the texter, id or name in angle brackets.
        sealed: the values are encrypted by the application.
        lifetime: None for what belongs to the service, not to a person.
    """

    pattern: str
    purpose: str
    sealed: bool
    lifetime: timedelta | None

    def __call__(self, **parts: str) -> str:
        name = self.pattern
        for part, value in parts.items():
            name = name.replace(f"<{part}>", value)
        return name


MONTH = timedelta(days=30)

CONVERSATION = Key(
    "{tx:<texter>}:conversation",
    "Where a conversation stands: language, topic, chosen answers, status; revision number",
    True,
    MONTH,
)
STOPPED = Key(
    "{tx:<texter>}:stopped",
    "That this person opted out; kept so that nobody texts them again",
    False,
    timedelta(days=3650),
)
ADDRESS = Key("{tx:<texter>}:address", "Where to send the answer", True, MONTH)
INBOX = Key(
    "{tx:<texter>}:inbox", "Texts that are not answered yet, in order", True, timedelta(days=7)
)
OUTBOX = Key(
    "{tx:<texter>}:outbox", "Texts that are not sent yet, in order", True, timedelta(days=3)
)
THREAD = Key(
    "{tx:<texter>}:thread",
    "The last 60 lines of the conversation, personal details masked, for an advocate",
    True,
    timedelta(days=14),
)
ESCALATION = Key(
    "{tx:<texter>}:escalation",
    "The hand-over to an advocate: pseudonym, topic, urgency, claim",
    True,
    MONTH,
)
ANSWERED = Key(
    "{tx:<texter>}:answered:<message>",
    "That this message was answered (digest of the provider's id), against repeats",
    False,
    timedelta(days=3),
)
SENT = Key(
    "{tx:<texter>}:sent",
    "Which provider message (digest) each text of the thread became",
    False,
    timedelta(days=14),
)
ARRIVALS = Key(
    "{tx:<texter>}:arrivals",
    "Times of the last minute's texts, for the rate limit",
    False,
    timedelta(minutes=2),
)
BUSY = Key(
    "{tx:<texter>}:busy:<work>",
    "One worker at a time for one person",
    False,
    timedelta(seconds=30),
)
DELIVERY = Key(
    "delivery:<message>",
    "How far a text got, by a digest of the provider's id",
    False,
    timedelta(days=14),
)
DUE = Key("due:<work>", "Texters with work to do, by time", False, None)
QUEUE = Key("queue", "Texters with an open escalation, by place in the queue", False, None)
ESCALATION_TEXTER = Key("escalation:<id>", "Whose escalation this is", False, MONTH)
ADVOCATES = Key("advocates", "Advocates: name, password hash, second factor, languages", True, None)
PRESENCE = Key("presence", "When each advocate last used the console", False, None)
RECORD = Key(
    "record:<kind>:<key>",
    "Console sessions, one-time links, attempts, drafts; under a digest of their key",
    True,
    timedelta(days=7),
)

# --- written by libraries -------------------------------------------------------------------
JOBS = Key(
    "jobs:<queue>",
    "Dramatiq's queue, acknowledgements and heartbeats: only texters and kinds of work",
    False,
    None,
)
LIMITS = Key(
    "LIMITS:LIMITER/<limit>",
    "Recent sign-in attempts (flask-limiter), under digests of name and address",
    False,
    timedelta(minutes=15),
)
ONCE = Key(
    "LIMITS:once/<digest>",
    "That a one-time code or a form was used, so that it works once",
    False,
    timedelta(days=1),
)

ALL: tuple[Key, ...] = (
    CONVERSATION, STOPPED, ADDRESS, INBOX, OUTBOX, THREAD, ESCALATION, ANSWERED, SENT, ARRIVALS,
    BUSY, DELIVERY, DUE, QUEUE, ESCALATION_TEXTER, ADVOCATES, PRESENCE, RECORD,
    JOBS, LIMITS, ONCE,
)  # fmt: skip


def due(work: Work) -> str:
    return DUE(work=work)


def of(key: Key, texter: TexterId, **parts: str) -> str:
    return key(texter=texter, **parts)


def matcher(key: Key) -> Callable[[str], bool]:
    """Tells whether a name in Redis is of this kind."""
    parts = re.split(r"<\w+>", key.pattern)
    pattern = re.compile("[^:{}]+".join(re.escape(part) for part in parts))
    return lambda name: pattern.fullmatch(name) is not None


def table() -> str:
    """The rows of docs/privacy-inventory.md."""
    rows = ["| key | what it is for | sealed | lives |", "| --- | --- | --- | --- |"]
    for key in ALL:
        pattern = key.pattern.replace("|", "\\|")
        sealed = "yes" if key.sealed else "no"
        rows.append(f"| `{pattern}` | {key.purpose} | {sealed} | {_span(key.lifetime)} |")
    return "\n".join(rows)


def _span(lifetime: timedelta | None) -> str:
    if lifetime is None:
        return "as long as the service"
    for unit, seconds in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if lifetime.total_seconds() >= seconds:
            count = lifetime.total_seconds() / seconds
            return f"{count:g} {unit if count != 1 else unit.removesuffix('s')}"
    return f"{lifetime.total_seconds():g} seconds"
