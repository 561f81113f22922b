"""Writes nlu_data/entities/cldr.yml: names of countries, months and weekdays, from CLDR by Babel.

    .venv/bin/python dev/write_entity_names.py

Run it after a new version of Babel; nothing is edited by hand in that file. What people call a
country otherwise is in countries.yml.
"""

from __future__ import annotations

import json
from pathlib import Path

import babel
from babel import Locale

TARGET = Path(__file__).resolve().parent.parent / "nlu_data" / "entities" / "cldr.yml"
#: Our languages, and the locales of CLDR whose names they use. CLDR has no Haitian Creole.
LOCALES = {
    **{code: (code,) for code in ("ar", "en", "es", "fa", "fr", "hi", "pa", "pt", "ru", "tr")},
    "zh": ("zh", "zh_Hant"),
}
#: Not countries, or nobody comes from there: CLDR's groups, dependencies that are empty or small.
LEFT_OUT = set(
    "AC AI AQ AS AX BL BV CC CP CQ CX DG EA EU EZ FK FO GG GI GS GU HM IC IM IO JE MF MP MS NF"
    " NU PM PN QO RE SH SJ TA TF TK UM UN VA VG VI WF XA XB YT ZZ".split()
)
#: Names that are other words as often as not, or a state of the U.S.; countries.yml says when they
#: count.
WORDS = {
    "ar": {"GE", "ML", "OM", "BJ", "TD", "BZ"},
    "en": {"GE", "JO", "TD", "IL"},
    "es": {"GE", "CN", "GD", "IL", "LC", "VC"},
    "fa": {"CZ", "ML", "OM", "PE", "BJ"},
    "fr": {"GE", "MU", "IL"},
    "hi": {"GE", "ML"},
    "pa": {"GE", "ML"},
    "pt": {"GE", "GD", "IL", "LC", "VC"},
    "ru": {"TG", "TD", "QA", "WS"},
    "tr": {"TD", "IL"},
    "zh": {"GE", "TG", "ML"},
}
#: Languages whose names take endings, and what comes off first.
INFLECTED = {"ru": "аяьй", "tr": ""}


def spellings(language: str, name: str) -> list[str]:
    """Return a name as entries of the lexicon: without brackets and apostrophes, with its stem."""
    plain = name.split("(")[0].split("（")[0].strip().lower().replace("’", "'")
    plain = plain.removeprefix("中国").removeprefix("中國") if len(plain) > 5 else plain
    plain = plain.removesuffix("特别行政区").removesuffix("特別行政區")
    if language not in INFLECTED:
        return [plain]
    loose = " " not in plain and plain[-1] in INFLECTED[language]
    stem = plain[:-1] if loose else plain
    return [f"{stem if len(stem) > 2 else plain}~"]


def countries(language: str) -> dict[str, list[str]]:
    """Return country → entries of one language."""
    found: dict[str, list[str]] = {}
    for locale in LOCALES[language]:
        for code, name in sorted(Locale.parse(locale).territories.items()):
            if len(code) == 2 and code.isalpha() and code not in LEFT_OUT | WORDS[language]:
                found.setdefault(code, []).extend(spellings(language, name))
    return {code: sorted(set(names)) for code, names in found.items()}


def calendar(language: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return month → names, and the names of the days of the week."""
    ending = "~" if language == "tr" else ""
    months: dict[str, set[str]] = {}
    days: set[str] = set()
    for locale in map(Locale.parse, LOCALES[language]):
        for form in ("format", "stand-alone"):
            for number, name in locale.months[form]["wide"].items():
                if not name[0].isdigit():  # 3月 is a pattern
                    months.setdefault(str(number), set()).add(name.lower() + ending)
            days |= {name.lower() + ending for name in locale.days[form]["wide"].values()}
    return {number: sorted(names) for number, names in sorted(months.items())}, sorted(days)


def written(names: list[str]) -> str:
    return json.dumps(names, ensure_ascii=False)


def main() -> None:
    lines = [
        f"# Written by dev/write_entity_names.py from CLDR (Babel {babel.__version__}).",
        "# Nothing is edited here by hand.",
        "# Copyright 1991 Unicode, Inc., https://www.unicode.org/license.txt",
    ]
    for language in LOCALES:
        months, days = calendar(language)
        lines += [
            f"{language}:",
            f"  weekdays: {json.dumps(days, ensure_ascii=False)}",
            "  months:",
        ]
        lines += [f'    "{n}": {written(names)}' for n, names in months.items()]
        lines.append("  countries:")
        for code, names in countries(language).items():
            lines.append(f'    "{code}": {written(names)}')
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
