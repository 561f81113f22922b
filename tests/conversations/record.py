"""Records golden dialogues anew: `.venv/bin/python -m tests.conversations.record [FILE ...]`.

With files it plays them and writes what is really answered: for a change that was meant, after
which somebody reads the difference. Without files it composes the dialogues of questions/ and
situation/: questions of docs/facts.md, section 5, as people of each language put them
(nlu_data/rounds), answered by numbers that chance picks once and for all; and every leaf of "My
situation" in two languages.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from bot.content.load import load_library
from bot.core.library import Library
from bot.core.model import Kind
from bot.core.script import AskStep
from tests.conversations.dialogue import FOLDER, Understanding, play, read
from tests.texting import Bot

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS, SITUATION = FOLDER / "questions", FOLDER / "situation"
SEED = 7
#: So many answers are given at most; the longest flow asks seven times.
MOST_REPLIES = 8
#: Values that are written without quotes.
BARE = ("status", "meaning", "language")
#: Question of docs/facts.md, section 5 → the intent that it asks for.
ASKED = {
    1: "am_i_affected", 5: "am_i_affected", 8: "no_notice", 9: "no_notice", 12: "what_happened",
    14: "what_data_leaked", 17: "what_data_leaked", 18: "cuba_disclosure", 22: "received_notice",
    23: "report_scam", 27: "no_notice", 29: "removal_paused", 30: "work_permit",
    31: "final_order_options", 32: "removal_paused", 34: "deportation_imminent",
    37: "final_order_options", 39: "positive_credible_fear", 40: "in_court_proceedings",
    42: "appeal_pending", 43: "appeal_pending", 44: "motion_to_reopen", 45: "motion_to_reopen",
    46: "missed_hearing", 47: "effect_on_case", 49: "apply_asylum", 50: "apply_asylum",
    51: "negative_credible_fear", 54: "negative_credible_fear", 56: "already_deported",
    58: "already_deported", 60: "danger_threats", 61: "release_from_detention",
    62: "release_from_detention", 64: "contact_detained_person", 65: "contact_detained_person",
    70: "ice_checkin", 72: "ice_checkin", 75: "change_address", 77: "get_my_records",
    78: "court_date", 79: "court_date", 82: "in_court_proceedings", 83: "get_my_records",
    84: "find_detained_person", 85: "find_detained_person", 91: "contact_detained_person",
    93: "report_scam", 94: "danger_threats", 98: "crisis_self_harm", 99: "sue_government",
    101: "sue_government", 103: "detention_conditions", 104: "find_lawyer", 107: "report_scam",
    110: "who_are_you", 111: "is_this_private", 114: "my_rights", 115: "delete_my_data",
    117: "talk_to_person", 76: "ice_checkin", 71: "set_reminder", 95: "danger_threats",
}  # fmt: skip
#: Leaf of "My situation" → place, leak, the answers up to the leaf, lawyer.
LEAVES = {
    "passed": ("detained", "letter", ("interview", "passed"), "no"),
    "failed": ("detained", "custody", ("interview", "failed"), "yes"),
    "not_held": ("detained", "cuba", ("interview", "not_held"), "no"),
    "judge": ("free", "letter", ("judge",), "yes"),
    "appeal": ("free", "custody", ("appeal",), "no"),
    "in_court": ("detained", "letter", ("order", "in_court"), "no"),
    "absence": ("free", "not_sure", ("order", "absence"), "yes"),
    "order_unsure": ("free", "letter", ("order", "order_unsure"), "no"),
    "withholding": ("detained", "letter", ("withholding",), "no"),
    "unknown": ("free", "none", ("unknown",), "no"),
    "deported_before": ("abroad", "letter", ("deported_before",), "no"),
    "deported_after": ("abroad", "cuba", ("deported_after",), "yes"),
    "left": ("abroad", "none", ("left",), "no"),
    "abroad_unsure": ("abroad", "not_sure", ("abroad_unsure",), "no"),
}


def main() -> None:
    library = load_library(ROOT / "flows", ROOT / "docs" / "facts.md")
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            write(Path(name), rewritten(library, read(Path(name))))
        return
    for path in questions(library):
        print(path.relative_to(FOLDER))
    for path in leaves(library):
        print(path.relative_to(FOLDER))


def rewritten(library: Library, dialogue: dict[str, Any]) -> dict[str, Any]:
    """The same dialogue with the answers that are really given."""
    turns = [
        {k: v for k, v in turn.items() if k in ("we", "status")} if "we" in turn else turn
        for turn in play(library, dialogue)
        if turn.get("by") != "advocate"
    ]
    for turn in turns:
        if turn.get("status") == "bot":
            del turn["status"]
    return {**dialogue, "turns": turns}


def write(path: Path, dialogue: dict[str, Any]) -> None:
    """In the form in which the others are written by hand."""
    lines = [f"title: {json.dumps(dialogue['title'], ensure_ascii=False)}"]
    if "language" in dialogue:
        lines.append(f"language: {dialogue['language']}")
    lines.append("turns:")
    for turn in dialogue["turns"]:
        mark = "- "
        for key, value in turn.items():
            told = json.dumps(value, ensure_ascii=False)
            if isinstance(value, list):
                told = f"[{', '.join(value)}]"
            elif isinstance(value, int | float) or key in BARE:
                told = str(value)
            lines.append(f"{mark}{key}: {told}")
            mark = "  "
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def questions(library: Library) -> list[Path]:
    """Every question of ASKED in English, and each in one other language in turn."""
    asked = _sheet()
    others = [code for code in library.languages if code != "en"]
    written = []
    for place, (number, intent) in enumerate(sorted(ASKED.items())):
        for code in ("en", others[place % len(others)]):
            text = asked[number] if code == "en" else _as_people_ask(code, intent, number)
            title = f"Question {number}: {asked[number]}"
            written.append(_composed(library, QUESTIONS, f"{number:03}_{code}", title, code, text,
                                     intent))  # fmt: skip
    return written


def leaves(library: Library) -> list[Path]:
    """Every leaf of My situation in two languages, once for oneself, once for a relative."""
    codes = list(library.languages)
    written = []
    for place, (leaf, (where, leak, stage, lawyer)) in enumerate(LEAVES.items()):
        for turn, about in enumerate(("self", "relative")):
            code = codes[(2 * place + turn) % len(codes)]
            keys = iter([about, where, leak, *stage, lawyer])
            name = f"{leaf}_{code}"
            title = f"My situation: {leaf} ({about})"
            text = _as_people_ask(code, "my_rights", place)
            written.append(
                _composed(library, SITUATION, name, title, code, text, "my_rights", keys)
            )
    return written


def _composed(
    library: Library, folder: Path, name: str, title: str, code: str, text: str, intent: str,
    keys: Any = None,
) -> Path:  # fmt: skip
    chance = random.Random(f"{SEED} {name}")
    understanding = Understanding(intent, code)
    bot = Bot(library, understanding)
    turns: list[dict[str, Any]] = [{"they": text, "meaning": intent}]
    bot.says(text)
    understanding.meaning = None
    for _ in range(MOST_REPLIES):
        question = bot.here().question
        if question is None or question.step is None:
            break
        reply = _number(library, question, keys) if keys else _any_number(question, chance)
        turns.append({"they": reply})
        bot.says(reply)
    with_answers = [part for turn in turns for part in (turn, {"we": []})]
    dialogue = {"title": title, "language": code, "turns": with_answers}
    played = rewritten(library, {**dialogue, "turns": turns})
    path = folder / f"{name}.yaml"
    write(path, played)
    return path


def _number(library: Library, question: Any, keys: Any) -> str:
    step = library.flows[question.topic].steps[question.step]
    assert isinstance(step, AskStep)
    key = next(keys)
    if key in ("self", "relative") and key not in step.answers:
        key = next(keys)  # whom it is about was clear from the words
    return str(list(step.answers).index(key) + 1)


def _any_number(question: Any, chance: random.Random) -> str:
    if question.wants_day:
        return "2026-11-02"
    kinds = {choice.kind for choice in question.choices}
    return str(chance.randint(1, len(question.choices))) if kinds == {Kind.ANSWER} else "1"


def _sheet() -> dict[int, str]:
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8").partition("## 5.")[2]
    found = {}
    for line in text.splitlines():
        number, dot, question = line.partition(". ")
        if dot and number.isdigit():
            found[int(number)] = question.strip().rstrip("*")
    return found


def _as_people_ask(code: str, intent: str, number: int) -> str:
    """A message of the rounds that asks for this intent; never the same for two questions."""
    lines = (ROOT / "nlu_data" / "rounds" / "3" / f"{code}.tsv").read_text(encoding="utf-8")
    found = [
        line.split("\t")[0] for line in lines.splitlines()[1:] if line.split("\t")[1] == intent
    ]
    return found[number % len(found)]


if __name__ == "__main__":
    main()
