"""Read a webhook's answer as Twilio does: TwiML, or a plain text that is sent as it is."""

from __future__ import annotations

from xml.etree import ElementTree


class BadTwiml(Exception):
    """Twilio's error 12100: the document cannot be parsed."""


def texts(content_type: str, document: str) -> list[str]:
    """The texts that the answer sends to the person; verbs other than Message are ignored.
    Raises BadTwiml."""
    if not document.strip():
        return []
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return [document]
    try:
        # the document comes from the bot under development, on this machine
        root = ElementTree.fromstring(document)  # noqa: S314
    except ElementTree.ParseError as error:
        raise BadTwiml from error
    if root.tag != "Response":
        raise BadTwiml
    return [text for verb in root.iter("Message") if (text := _text(verb))]


def _text(verb: ElementTree.Element) -> str:
    bodies = ["".join(body.itertext()) for body in verb.findall("Body")]
    return ("\n".join(bodies) or verb.text or "").strip()
