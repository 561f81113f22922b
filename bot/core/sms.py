"""What a text message can carry: characters, segments, and where a long one is divided."""

from __future__ import annotations

import re
import unicodedata

#: GSM 03.38 basic character set, one septet each (3GPP TS 23.038, 6.2.1).
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Its extension table: an escape and a character, two septets (3GPP TS 23.038, 6.2.1.1).
_EXTENSION = frozenset("\f^{}\\[~]|€")

#: Septets and UTF-16 units in one message, and in each part of a longer one, which gives
#: 7 octets to the header that joins the parts (3GPP TS 23.040, 9.2.3.24).
GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

#: Twilio refuses a body of more characters (error 21617).
LONGEST_BODY = 1600

#: Typography that makes an otherwise plain text cost twice as much and says the same.
#: Carriers replace most of it on their own, and then bill and delivery disagree.
_PLAIN = str.maketrans(
    {
        "\u2018": "'",  # left single quotation mark
        "\u2019": "'",  # right single quotation mark
        "\u201a": "'",  # single low-9 quotation mark
        "\u201b": "'",  # single high-reversed-9 quotation mark
        "\u201c": '"',  # left double quotation mark
        "\u201d": '"',  # right double quotation mark
        "\u201e": '"',  # double low-9 quotation mark
        "\u00ab": '"',  # left-pointing double angle quotation mark
        "\u00bb": '"',  # right-pointing double angle quotation mark
        "\u2010": "-",  # hyphen
        "\u2011": "-",  # non-breaking hyphen
        "\u2012": "-",  # figure dash
        "\u2013": "-",  # en dash
        "\u2014": "-",  # em dash
        "\u2015": "-",  # horizontal bar
        "\u2212": "-",  # minus sign
        "\u2026": "...",  # horizontal ellipsis
        "\u2022": "-",  # bullet
        "\u00b4": "'",  # acute accent
        "`": "'",
    }
)
#: Spaces of odd widths; a phone shows them all as a space.
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
#: Invisible and without meaning. The joiners U+200C and U+200D and the direction marks
#: stay: Persian, Hindi and emoji are spelt with them.
_INVISIBLE = re.compile("[\u0000-\u0009\u000b-\u001f\u007f\u00ad\u200b\u2060\ufeff]")
#: Good places to divide a long text, best first: where the author left a blank line, the
#: end of a line, of a sentence, of a word.
_PLACES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?؟])\s|(?<=[。！？।])"),
    re.compile(r"\s"),
)


def is_gsm7(text: str) -> bool:
    """Whether a phone network carries the text in seven bits a character."""
    return all(char in _BASIC or char in _EXTENSION for char in text)


def encoding(text: str) -> str:
    """ "GSM-7" or "UCS-2": one character outside the first makes all of it the second."""
    return "GSM-7" if is_gsm7(text) else "UCS-2"


def size(text: str) -> int:
    """Length in the units of its encoding: septets or UTF-16 code units."""
    return sum(_units(text))


def segments(text: str) -> int:
    """How many messages the network sends and bills for; 0 for an empty text.

    Exact: a part never ends in the middle of an escape or of a surrogate pair, so that a
    part may hold one unit less than fits.
    """
    units = _units(text)
    alone, part = (GSM7_ALONE, GSM7_PART) if is_gsm7(text) else (UCS2_ALONE, UCS2_PART)
    if sum(units) <= alone:
        return 1 if units else 0
    count, free = 1, part
    for unit in units:
        if unit > free:
            count, free = count + 1, part
        free -= unit
    return count


def tidy(text: str) -> str:
    """The text as it is sent: same words, no accidental characters.

    Typography gives way to plain signs only when the whole then fits GSM-7; in a language
    that needs UCS-2 anyway it costs nothing and stays. Letters are never changed.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    plain = text.translate(_PLAIN)
    return (plain if is_gsm7(plain) else text).strip()


def split(text: str, limit: int = LONGEST_BODY) -> list[str]:
    """The text in bodies of at most `limit` UTF-16 units; one body when it fits.

    Divided at the author's blank lines, else at ends of lines, sentences and words; a word
    longer than all is cut. No character but white space is lost.
    """
    rest, bodies = text.strip(), []
    while _utf16(rest) > limit:
        cut = _cut(rest, limit)
        bodies.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [body for body in (*bodies, rest) if body]


def _cut(text: str, limit: int) -> int:
    """How many characters go into the first body."""
    fits, used = 0, 0
    for char in text:
        used += _utf16(char)
        if used > limit:
            break
        fits += 1
    for place in _PLACES:
        ends = [match.end() for match in place.finditer(text) if 0 < match.start() <= fits]
        # an early blank line would leave a scrap as the first body: then the next best place
        if ends and ends[-1] * 3 >= fits:
            return ends[-1]
    return max(fits, 1)


def _units(text: str) -> list[int]:
    if is_gsm7(text):
        return [2 if char in _EXTENSION else 1 for char in text]
    return [_utf16(char) for char in text]


def _utf16(text: str) -> int:
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)
