"""Lists of places that help: chosen by need, place and language, and written as lines."""

from __future__ import annotations

from bot.core.library import ABOUT, LEFT_TO_RIGHT, Library, Resource
from bot.core.model import Conversation, MessageRef
from bot.core.sms import segments, tidy

#: So many are named at once; more would be a directory, not help.
MOST_LISTED = 3


def fitting(
    library: Library, need: str, place: str | None, language: str | None
) -> tuple[Resource, ...]:
    """The resources for a need, those of the place first, then those that are known to speak
    the language, otherwise in the order of resources.yaml. At most MOST_LISTED."""
    possible = [
        resource
        for resource in library.listed
        if need in resource.needs and (not resource.places or place in resource.places)
    ]
    return tuple(
        sorted(possible, key=lambda r: (not r.places, language not in r.languages))[:MOST_LISTED]
    )


def list_of_resources(
    library: Library,
    conversation: Conversation,
    message: MessageRef,
    need: str,
    place: str | None,
) -> str:
    """The message, one line for each resource, and a word when none of us has checked one.

    As many are named as the language's budget for one message allows, at least one.
    """
    language = conversation.language
    heading = library.text(message, language, conversation.answers.get(ABOUT))
    found = fitting(library, need, place, language)
    for count in range(len(found), 0, -1):
        text = _written(library, heading, found[:count], language)
        if count == 1 or segments(tidy(text)) <= _budget(library, language):
            return text
    return heading


def _written(
    library: Library, heading: str, found: tuple[Resource, ...], language: str | None
) -> str:
    lines = [heading, *(_line(library, resource, language) for resource in found)]
    if not all(resource.verified for resource in found):
        lines.append(library.shared("not_verified", language))
    return "\n".join(lines)


def _budget(library: Library, language: str | None) -> int:
    return library.languages[language or library.base].max_segments


def _line(library: Library, resource: Resource, language: str | None) -> str:
    name = resource.names.get(language or "") or resource.names[library.base]
    hours = resource.hours.get(language or "") or resource.hours.get(library.base, "")
    mark = LEFT_TO_RIGHT if library.reads_from_right(language) else ""
    return f"- {name}: {mark}{resource.reach}" + (f" ({hours})" if hours else "")
