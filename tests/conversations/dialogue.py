"""Golden dialogues: what they text and what we answer, by the names of our messages.

A dialogue is a YAML file that an attorney can read:

    title: A mother asks about her son
    turns:
    - they: is my son on the list
      meaning: am_i_affected           # what the language model makes of it; without it the
                                       # model is down and words and menus must do
    - we: [shared/greeting, ...]       # the messages that answer, in order
      status: bot                      # optional: who may speak now
    - hours: 3                         # time passes
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core.library import Library
from bot.core.model import OptOut, Prediction
from bot.ports import Unavailable
from tests.texting import Bot

FOLDER = Path(__file__).parent


@dataclass
class Understanding:
    """Gives the meaning that stands in the dialogue; down where none does."""

    meaning: str | None = None
    language: str | None = None
    confidence: float = 0.92

    def classify(self, text: str) -> Prediction:
        if self.meaning is None:
            raise Unavailable("nlu")
        return Prediction(((self.meaning, self.confidence),), self.language, 0.9)


def dialogues() -> list[Path]:
    return sorted(FOLDER.rglob("*.yaml"))


def read(path: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(path))


def play(library: Library, dialogue: dict[str, Any]) -> list[dict[str, Any]]:
    """The dialogue as it really goes: every `we` with the messages that were sent.

    Every record is serialised between two messages: that is how the store keeps them.
    """
    understanding = Understanding()
    bot = Bot(library, understanding)
    played: list[dict[str, Any]] = []
    for turn in dialogue["turns"]:
        if "they" in turn:
            understanding.meaning = turn.get("meaning")
            understanding.language = turn.get("language", dialogue.get("language"))
            understanding.confidence = turn.get("confidence", 0.92)
            opt_out = OptOut(turn["opt_out"]) if "opt_out" in turn else None
            taken = bot.says(str(turn["they"]), opt_out=opt_out, media=turn.get("media", 0))
            played.append(turn)
            sends = [send.message for one in taken for send in one.outcome.sends]
            played.append({"we": sends, "status": bot.here().status.value, "texts": bot.texts()})
        elif "hours" in turn:
            bot.clock.forward(hours=turn["hours"])
            played.append(turn)
        elif "advocate" in turn:
            _advocate(bot, str(turn["advocate"]))
            played.append(turn)
            texts = bot.texts()
            played.append(
                {"we": [], "by": "advocate", "status": bot.here().status.value, "texts": texts}
            )
    return played


def _advocate(bot: Bot, act: str) -> None:
    """An advocate claims, gives back, closes, or writes (anything else is a reply)."""
    if act == "claims":
        bot.desk.claim(bot.desk.queue()[0].id, "ana")
    else:
        (held,) = (one for one in bot.desk.queue() if one.holder == "ana")
        if act == "closes":
            bot.desk.close(held.id, "ana", held.fence)
        elif act == "gives back":
            bot.desk.release(held.id, "ana", held.fence)
        else:
            bot.desk.reply(held.id, "ana", held.fence, act)
    bot.delivery.deliver(bot.vault.texter_id("+15550100"))
