"""What the pages show: stored things turned into words, so that templates decide nothing."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import sms
from bot.core.escalation import Escalation, State, lapsed
from bot.core.library import Library
from bot.core.model import Channel
from bot.desk import LONGEST_REPLY, ApprovedReply
from bot.ports import DeliveryState, ThreadEntry, Who
from console import words
from console.english import english

#: Colours of the round marks that help to tell people apart at a glance.
HUES = 6


@dataclass(frozen=True)
class Card:
    """One escalation as everybody may see it: no words of the person.

    Attributes:
        holder: who has it, "you" for oneself; empty while it waits.
        silent: its holder's lease ran out.
    """

    id: str
    pseudonym: str
    initials: str
    hue: int
    topic: str
    language: str
    direction: str
    channel: str
    urgency: str
    level: str
    reason: str
    waiting: str
    since: datetime
    holder: str
    silent: bool
    open: bool

    @property
    def mine(self) -> bool:
        return self.holder == "you" and not self.silent

    @property
    def free(self) -> bool:
        """Whether it may be claimed now."""
        return self.open and (not self.holder or self.silent)


@dataclass(frozen=True)
class Line:
    """One line of a thread. `who` is "person", "bot", "advocate" or "event"."""

    who: str
    by: str
    text: str
    english: str
    ago: str
    at: datetime
    language: str
    delivery: str
    failed: bool
    opened: bool


@dataclass(frozen=True)
class Size:
    """How long a reply would be: characters, segments where they exist, and whether it fits."""

    characters: int
    segments: int
    words: str
    too_long: bool


@dataclass(frozen=True)
class ReplyGroup:
    """The approved replies of one topic; `here` is the topic the person was at,
    `reviewed` says that an attorney has read these wordings."""

    title: str
    here: bool
    reviewed: bool
    replies: tuple[ApprovedReply, ...]


def card(one: Escalation, library: Library, me: str, now: datetime) -> Card:
    holder = "" if one.holder is None else "you" if one.holder == me else one.holder
    known = library.languages.get(one.language)
    return Card(
        id=one.id,
        pseudonym=one.pseudonym,
        initials="".join(word[0] for word in one.pseudonym.split()).upper(),
        hue=zlib.crc32(one.pseudonym.encode()) % HUES,
        topic=words.topic(library, one.topic),
        language=words.language(library, one.language),
        direction=known.direction if known else "auto",
        channel=words.CHANNEL[one.channel],
        urgency=words.URGENCY[one.urgency],
        level=one.urgency.name.lower(),
        reason=words.REASON[one.reason],
        waiting=words.duration(now - one.waiting_since),
        since=one.waiting_since,
        holder=holder if one.state is State.CLAIMED else "",
        silent=lapsed(one, now),
        open=one.is_open,
    )


def lines(
    entries: Sequence[ThreadEntry], language: str, library: Library, me: str, now: datetime
) -> list[Line]:
    return [_line(entry, language, library, me, now) for entry in entries]


def _line(entry: ThreadEntry, language: str, library: Library, me: str, now: datetime) -> Line:
    event, bot = entry.who is Who.EVENT, entry.who is Who.BOT
    base = ""
    if bot and entry.message and language != library.base:
        base = english(library, entry.message, language, entry.text)
    reported = entry.delivery
    return Line(
        who=entry.who.value,
        by="You" if entry.author == me else entry.author or "",
        text=words.event(entry.text, entry.author, me) if event else entry.text,
        english=base if base != entry.text else "",
        ago=words.ago(entry.at, now),
        at=entry.at,
        language=language if bot else "",
        delivery=words.delivery(reported) if entry.outgoing else "",
        failed=reported is not None and reported.state is DeliveryState.FAILED,
        opened=event and entry.text == "opened",
    )


def size(text: str, channel: Channel) -> Size:
    """Of the text as it would be sent."""
    tidy = sms.tidy(text)
    count, parts = len(tidy), sms.segments(tidy) if channel is Channel.SMS else 0
    said = f"{count:,} character{'' if count == 1 else 's'}" if count else ""
    if parts:
        said += f", {parts} segment{'' if parts == 1 else 's'}"
    if count > LONGEST_REPLY:
        said += f": {count - LONGEST_REPLY:,} too many"
    return Size(count, parts, said, count > LONGEST_REPLY)


def grouped(
    replies: Sequence[ApprovedReply], library: Library, at_topic: str | None
) -> list[ReplyGroup]:
    """By topic, the one the person was at first, the others in the order of the menu."""
    by_topic: dict[str, list[ApprovedReply]] = {}
    for reply in replies:
        by_topic.setdefault(reply.message.partition("/")[0], []).append(reply)
    order = [at_topic, *library.menu, *by_topic]
    topics = sorted(by_topic, key=order.index)
    return [
        ReplyGroup(
            words.topic(library, topic),
            topic == at_topic,
            library.flows[topic].reviewed,
            tuple(by_topic[topic]),
        )
        for topic in topics
    ]
