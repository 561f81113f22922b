"""Plants defects in copies of the content and counts how many the checks find.

    .venv/bin/python dev/plant_defects.py [SEED]

Each defect is one that authors, translators or editors really make. It is planted at a place that
chance picks (seeded, so that a run can be repeated), in a copy with English, Spanish and Haitian
Creole; it counts as found when `check` tells a problem that the untouched copy does not have. Exits
with 1 when one is missed that is not a lost negation: those are found as far as lists of words go.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.content.checks import check
from bot.content.checks.meaning import denies
from bot.content.load import Content, read_content

ROOT = Path(__file__).resolve().parent.parent
FLOWS, FACTS, INTENTS = ROOT / "flows", ROOT / "docs/facts.md", ROOT / "nlu_data/intents.yml"
KEPT = ("en", "es", "ht")
SEED = 4
#: Topics with plain messages in all kept languages.
TRANSLATED = ("court_date", "find_lawyer", "removal_paused", "what_happened")


@dataclass
class Copy:
    """A copy of the content that a defect may damage."""

    flows: Path
    content: Content
    chance: random.Random

    def swap(self, file: str, old: str, new: str) -> str:
        """Replace text that stands in a file, once; returns where."""
        path = self.flows / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise LookupError(f"{old!r} is not in {file}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return f"{file}: {old.strip()[:40]!r} -> {new.strip()[:40]!r}"

    def add(self, file: str, text: str) -> str:
        with (self.flows / file).open("a", encoding="utf-8") as out:
            out.write(text)
        return f"{file}: + {text.strip()[:40]!r}"

    def lines(self, language: str) -> Iterator[tuple[str, str, str]]:
        """(file, whole text, line) of every line of every message in a language."""
        for topic, by_language in sorted(self.content.wording.items()):
            for prose in by_language[language].messages.values():
                for text in prose.variants.values():
                    for line in text.text.split("\n"):
                        yield f"{topic}/{language}.yaml", text.text, line

    def pick(self, language: str, pattern: str, not_in: str = "$^") -> tuple[str, str]:
        """(file, line) of a line of a message that fits the pattern."""
        return self.chance.choice(
            [
                (file, line)
                for file, _, line in self.lines(language)
                if re.search(pattern, line) and not re.search(not_in, line) and len(line) > 20
            ]
        )

    def in_line(self, language: str, pattern: str, new: str | Callable[[str], str]) -> str:
        """Change what the pattern finds in a line of a message."""
        file, line = self.pick(language, pattern)
        hit = re.search(pattern, line)
        assert hit is not None  # noqa: S101 - the line was picked by it
        put = new(hit.group()) if callable(new) else new
        return self.swap(file, line, line[: hit.start()] + put + line[hit.end() :])

    def shape(self, pattern: str, new: str) -> str:
        """Change what the pattern finds in the flow.yaml of some topic."""
        found = [
            (f"{topic}/flow.yaml", hit)
            for topic in sorted(self.content.topics)
            for hit in re.finditer(
                pattern, (self.flows / topic / "flow.yaml").read_text(encoding="utf-8")
            )
        ]
        file, hit = self.chance.choice(found)
        return self.swap(file, hit.group(), hit.expand(new))

    def topic(self) -> str:
        return self.chance.choice(sorted(self.content.topics))


def other_digit(text: str) -> str:
    return text[:-1] + str((int(text[-1]) + 3) % 10)


def lost_not(language: str, pattern: str) -> Callable[[Copy], str]:
    """Take the only denial out of a message."""

    def plant(copy: Copy) -> str:
        found = [
            (file, line)
            for file, text, line in copy.lines(language)
            if denies(text, language) == 1 and re.search(pattern, line)
        ]
        file, line = copy.chance.choice(found)
        return copy.swap(file, line, re.sub(pattern, "", line, count=1))

    return plant


DEFECTS: dict[str, Callable[[Copy], str]] = {
    # what a translation may lose or change
    "a changed year": lambda c: c.in_line("es", r"\b20(22|23|26)\b", other_digit),
    "a changed number of days": lambda c: c.in_line("ht", r"\b(30|90|180)\b", "60"),
    "a changed number in English": lambda c: c.in_line("en", r"\b(30|90|180)\b(?= days)", "45"),
    "a changed month": lambda c: c.in_line("es", r"\b(enero|marzo|diciembre)\b(?= de 20)", "agosto"),
    "a changed month in Creole": lambda c: c.in_line("ht", r"\b(janvye|desanm|novanm) (?=20)", "jen "),
    "a number left out": lambda c: c.in_line("es", r" \d+ días", " unos días"),
    "a swapped placeholder": lambda c: c.in_line(
        "es", r"\(\(ice_line\.phone\)\)", "((court_info.phone))"
    ),
    "a lost placeholder": lambda c: c.in_line("ht", r"\(\([a-z_]+\.(phone|url)\)\)", "la"),
    "an unknown placeholder": lambda c: c.in_line("en", r"\(\(ice_line\.phone\)\)", "((ice.phone))"),
    "a broken placeholder": lambda c: c.in_line("es", r"\(\(([a-z_.]+)\)\)", "((ice_line.phone)"),
    "a phone number written out": lambda c: c.in_line("es", r"\.$", ": 1-888-351-4024."),
    "a link written out": lambda c: c.in_line("ht", r"\.$", ": https://www.ice.gov/pii"),
    "an English message left in a translation": lambda c: english_left(c),
    "a translation older than its English": lambda c: c.in_line("en", r"lawyer", "attorney"),
    "a message without fingerprint": lambda c: c.swap(
        *(lambda t: (f"{t}/es.yaml", fingerprint_line(c, t), ""))(c.chance.choice(TRANSLATED))
    ),
    "a lost 'no' in Spanish": lost_not("es", r"\b[Nn]o "),
    "a lost 'pa' in Creole": lost_not("ht", r"\bpa "),
    "a lost 'not' in English": lost_not("en", r"\bnot "),
    "another word for a term": lambda c: c.in_line("es", r"[Uu]n abogado", "Un médico"),
    "a missing plural": lambda c: c.in_line("en", r"\b30 days", "30 day"),
    "a missing plural in Spanish": lambda c: c.in_line("es", r"\b(30|90|180) días", "30 día"),
    # what may be missing
    "a message that is not translated": lambda c: c.swap("find_lawyer/es.yaml", "  bring: |-", "  brings: |-"),
    "a language file that is missing": lambda c: drop_file(c),
    "a variant that is missing": lambda c: c.swap("court_date/es.yaml", "    relative: |-", "    relatives: |-"),
    "the same wording for a relative": lambda c: same_twice(c),
    "an answer without label": lambda c: c.swap("find_lawyer/ht.yaml", "    arizona:", "    arizon:"),
    "an emergency without words": lambda c: c.swap("shared/ht.yaml", "    danger_threats:", "    danger_threat:"),
    "a command without words": lambda c: c.swap("shared/es.yaml", "    delete:", "    delet:"),
    # shape
    "a step that does not exist": lambda c: c.shape(r"next: (\w+)", r"next: \1_x"),
    "a step that nothing leads to": lambda c: c.swap(
        "removal_paused/flow.yaml", "no: no_order", "no: order_check"
    ),
    "a dead end": lambda c: c.swap(
        "find_lawyer/flow.yaml", "  done: {end: [received_notice, court_date, talk_to_person]}",
        "  done:\n    ask: pay\n    answers: {yes: done, no: done}",
    ),
    "steps that go round": lambda c: c.swap(
        "work_permit/flow.yaml", "steps:\n", "steps:\n  round: {say: shared/thanks, next: round}\n"
    ),
    "a topic that does not exist": lambda c: c.shape(r"\{go: (\w+)\}", r"{go: \1s}"),
    "an answer that leads nowhere": lambda c: c.shape(r"answers: \{(\w+): \w+", r"answers: {\1: nowhere"),
    "a question with 'yes' and no 'no'": lambda c: c.shape(r"\{yes: (\w+), no: \w+", r"{yes: \1"),
    "a branch by what nobody remembers": lambda c: c.shape(r"branch: (\w+)", r"branch: \1_x"),
    "an urgent topic that asks first": lambda c: c.swap("ice_encounter/flow.yaml", "start: safety", "start: where"),
    "an urgent topic without a number": lambda c: c.swap("danger_threats/en.yaml", "((emergency.phone))", "the police"),
    "an urgent topic without a person": lambda c: c.swap(
        "crisis_self_harm/flow.yaml", "person_now: {escalate: urgent}", "person_now: {end: [find_lawyer]}"
    ),
    "a list for a need that nothing has": lambda c: c.swap("find_lawyer/flow.yaml", "need: lawyer_detained", "need: lawer"),
    "a time limit that is none": lambda c: c.swap("appeal_pending/flow.yaml", "limit: 30 days", "limit: thirty days"),
    # facts
    "a fact that does not exist": lambda c: c.shape(r"F-(\d\d)\d", r"F-\g<1>99"),
    "a fact told without its date": lambda c: c.swap(*undated(c)),
    "a digit of a phone number": lambda c: c.swap("shared/resources.yaml", "1-888-351-4024", "1-888-351-4042"),
    "a digit of the court's line": lambda c: c.swap("shared/resources.yaml", "1-800-898-7180", "1-800-898-7108"),
    "a letter of a link": lambda c: c.swap("shared/resources.yaml", "immigrationadvocates.org", "immigrationadvocate.org"),
    # words that harm
    "a carrier's keyword as an answer": lambda c: c.swap("find_lawyer/en.yaml", "words: [no money,", "words: [STOP, no money,"),
    "telling people to text YES": lambda c: c.in_line("en", r"\.$", ". Text YES to us."),
    "asking for a name": lambda c: c.in_line("es", r"\.$", ". Envíenos su nombre."),
    "asking for an A-number": lambda c: c.in_line("en", r"\.$", ". What is your A-number?"),
    "a telling first line on a locked phone": lambda c: c.swap("shared/en.yaml", "Hello, a person is here", "ICE: a lawyer is here"),
    # form
    "a message that is too long": lambda c: c.in_line("es", r"\.$", "." + " Pregunte otra vez a un abogado." * 9),
    "a letter that halves the room": lambda c: c.in_line("en", r"\.$", " \u2764\ufe0f."),
    "a hard sentence": lambda c: c.in_line(
        "en", r"\.$",
        ". Notwithstanding aforementioned administrative determinations, respondents substantively "
        "demonstrating eligibility may subsequently petition immigration adjudicators.",
    ),
    "a hard sentence in Spanish": lambda c: c.in_line(
        "es", r"\.$",
        ". Consecuentemente, las autoridades administrativas correspondientes determinarán "
        "discrecionalmente la admisibilidad de las argumentaciones presentadas.",
    ),
    "a title that is too long": lambda c: c.swap("court_date/es.yaml", "title: ", "title: Una lista larga de lo que usted quiere saber de "),
    "two answers with the same word": lambda c: c.swap("find_lawyer/en.yaml", "words: [no money,", "words: [can pay,"),
    "a number as an answer": lambda c: c.swap("find_lawyer/en.yaml", "words: [no money,", 'words: ["2",'),
    "a key that stands twice": lambda c: c.swap("court_date/en.yaml", "messages:\n", "messages:\n  result: Again\n"),
    "a quotation mark that is not closed": lambda c: c.swap("court_date/es.yaml", "title: ", 'title: "'),
    "a tab": lambda c: c.swap("court_date/es.yaml", "messages:\n  ", "messages:\n\t"),
    "an intent of two topics": lambda c: c.swap("court_date/flow.yaml", "intents: [court_date]", "intents: [court_date, find_lawyer]"),
    "an intent that does not exist": lambda c: c.swap("court_date/flow.yaml", "intents: [court_date]", "intents: [court_dates]"),
}  # fmt: skip
NEGATIONS = tuple(name for name in DEFECTS if name.startswith("a lost '"))


def english_left(copy: Copy) -> str:
    topic = copy.chance.choice(TRANSLATED)
    english = copy.content.wording[topic]["en"].messages
    theirs = copy.content.wording[topic]["es"].messages
    name = next(n for n, p in english.items() if "" in p.variants and "\n" not in p.variants[""].text
                and "((" not in p.variants[""].text and "\n" not in theirs[n].variants[""].text
                and len(p.variants[""].text.split()) > 5)  # fmt: skip
    return copy.swap(
        f"{topic}/es.yaml", theirs[name].variants[""].text, english[name].variants[""].text
    )


def same_twice(copy: Copy) -> str:
    topic = copy.chance.choice(("court_date", "my_situation", "am_i_affected"))
    found = [
        prose.variants
        for prose in copy.content.wording[topic]["es"].messages.values()
        if len(prose.variants) == 2 and all("\n" not in t.text for t in prose.variants.values())
    ]
    variants = copy.chance.choice(
        found or [copy.content.wording["my_situation"]["es"].messages["leak"].variants]
    )
    return copy.swap(
        f"{topic if found else 'my_situation'}/es.yaml",
        variants["relative"].text,
        variants["self"].text,
    )


def drop_file(copy: Copy) -> str:
    topic = copy.topic()
    (copy.flows / topic / "ht.yaml").unlink()
    return f"{topic}/ht.yaml removed"


def fingerprint_line(copy: Copy, topic: str) -> str:
    name, mark = copy.chance.choice(sorted(copy.content.wording[topic]["es"].made_from.items()))
    return f"  {name}: {mark.text}\n"


def undated(copy: Copy) -> tuple[str, str, str]:
    file, line = copy.pick("en", r" \(our notes: November 2026\)", r"20\d\d.*20\d\d")
    return file, line, line.replace(" (our notes: November 2026)", "")


def copied(home: Path) -> Path:
    """The content with the kept languages only: so many copies of all twelve would take minutes."""
    flows = home / "flows"
    shutil.copytree(FLOWS, flows)
    text = (flows / "languages.yaml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=[a-z]{2}:\n)", text)
    kept = [block for block in blocks if block[:2] in KEPT or not re.match("[a-z]{2}:", block)]
    (flows / "languages.yaml").write_text("".join(kept), encoding="utf-8")
    for path in flows.glob("*/??.yaml"):
        if path.stem not in KEPT:
            path.unlink()
    return flows


def problems(flows: Path) -> set[str]:
    report = check(flows, FACTS, datetime.now(UTC).date(), intents=INTENTS)
    return {f"{problem.file}: {problem.message}" for problem in report.problems}


def planted(job: tuple[str, int, set[str]]) -> tuple[str, str, str]:
    """(defect, what was planted, what the checks said first; empty when nothing new)."""
    name, seed, known = job
    with tempfile.TemporaryDirectory(prefix="planted-") as home:
        flows = copied(Path(home))
        copy = Copy(flows, read_content(flows), random.Random(f"{seed} {name}"))  # noqa: S311
        told = DEFECTS[name](copy)
        new = sorted(problems(flows) - known)
    return name, told, new[0] if new else ""


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    with tempfile.TemporaryDirectory(prefix="untouched-") as home:
        known = problems(copied(Path(home)))
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(planted, [(name, seed, known) for name in DEFECTS]))
    missed = [(name, told) for name, told, said in results if not said]
    for name, told in missed:
        print(f"missed: {name} ({told})")
    if "-v" in sys.argv:
        for name, told, said in results:
            print(f"{name}\n    {told}\n    {said}")
    other = len(results) - len(NEGATIONS)
    lost = sum(name in NEGATIONS for name, _ in missed)
    print(
        f"{len(results)} defects planted (seed {seed}): {other - len(missed) + lost} of {other} "
        f"found, and {len(NEGATIONS) - lost} of {len(NEGATIONS)} lost negations."
    )
    sys.exit(1 if len(missed) > lost else 0)


if __name__ == "__main__":
    main()
