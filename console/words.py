"""English for the console's closed sets: reasons, events, delivery errors, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.library import Library, MissingWording
from bot.core.model import Channel, Reason, Urgency
from bot.ports import Delivery, DeliveryState

URGENCY = {Urgency.URGENT: "Urgent", Urgency.SOON: "Soon", Urgency.NORMAL: "Normal"}
REASON = {
    Reason.ASKED: "Asked for a person",
    Reason.URGENT: "Said something that sounds like danger",
    Reason.MISUNDERSTOOD: "The bot did not understand",
    Reason.BOT_FAILED: "The bot failed",
}
CHANNEL = {
    Channel.SMS: "SMS",
    Channel.WHATSAPP: "WhatsApp",
    Channel.MESSENGER: "Messenger",
}
#: Event of a thread → words; {by} is the advocate who did it.
EVENT = {
    "opened": "Handed over to the advocates",
    "claimed": "{by} took the conversation",
    "released": "{by} gave it back to the queue",
    "lapsed": "The advocate went silent; back in the queue",
    "transferred": "{by} handed it to a colleague",
    "closed": "{by} closed the conversation; the bot is back",
    "withdrew": "The person left the line",
    "stopped": "The person opted out of all texts",
    "forgot": "The person deleted their messages",
    "language": "The language was changed",
}
#: How an escalation ended, for somebody who comes too late.
CLOSED = {
    "closed": "An advocate has closed it, and the bot is back.",
    "withdrew": "The person has left the line.",
    "stopped": "The person has opted out of all texts.",
    "forgot": "The person has deleted their messages.",
}
STATE = {
    DeliveryState.QUEUED: "on its way",
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.READ: "read",
}
#: Twilio's error codes that mean something to an advocate (its error dictionary).
ERROR = {
    21211: "the number is not valid",
    21408: "texts to this country are not enabled",
    21610: "the person has opted out of texts",
    21612: "the number cannot be reached from ours",
    21614: "the number is not a mobile phone",
    21617: "the text was too long",
    30003: "the phone is off or out of reach",
    30004: "the person or the carrier blocks our texts",
    30005: "the number does not exist any more",
    30006: "the number is a landline, or its carrier cannot be reached",
    30007: "the carrier filtered it out as unwanted",
    30008: "the carrier does not say why",
    63016: "WhatsApp allows texts only within 24 hours of the person's last one",
    63024: "the person cannot be reached on WhatsApp",
}


def delivery(found: Delivery | None) -> str:
    """What became of a text, in words."""
    if found is None:
        return "waiting to be sent"
    if found.state is not DeliveryState.FAILED:
        return STATE[found.state]
    why = ERROR.get(found.error or 0)
    if why is None:
        why = f"error {found.error}" if found.error else "nobody says why"
    return f"could not be delivered: {why}"


def event(name: str, author: str | None, me: str) -> str:
    by = "You" if author == me else author or "An advocate"
    return EVENT.get(name, name.replace("_", " ")).format(by=by)


def topic(library: Library, name: str | None) -> str:
    if name is None:
        return "No topic yet"
    try:
        return library.title(name, library.base)
    except MissingWording:
        return name.replace("_", " ").capitalize()


def language(library: Library, code: str) -> str:
    known = library.languages.get(code)
    return known.english_name if known else code


def duration(time: timedelta) -> str:
    """ "under a minute", "5 min", "1 h 20 min", "3 days"."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest and hours < 6 else f"{hours} h"
    days = hours // 24
    return "1 day" if days == 1 else f"{days} days"


def ago(at: datetime, now: datetime) -> str:
    """When something was, as seen from now; from a day on with its date (UTC)."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(days=1):
        return f"{duration(passed)} ago"
    at = at.astimezone(UTC)
    return f"{at:%b} {at.day}, {at:%H:%M} UTC"
