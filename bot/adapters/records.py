"""How stored values look: JSON of the frozen dataclasses, read back with validation."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.core.escalation import Escalation
from bot.core.model import Conversation, Inbound
from bot.ports import Advocate, Delivery, Outgoing, ThreadEntry

T = TypeVar("T")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (Conversation, Inbound, Outgoing, ThreadEntry, Escalation, Advocate, Delivery)
}


def encode(value: Any) -> bytes:
    """JSON bytes of one record."""
    return _ADAPTERS[type(value)].dump_json(value)


def decode(kind: type[T], data: bytes) -> T:
    """The record again. Raises pydantic's ValidationError (a ValueError) on foreign data."""
    record: T = _ADAPTERS[kind].validate_json(data)
    return record
