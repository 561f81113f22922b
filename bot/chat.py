"""The bot in one terminal: the real library and service, everything else in memory."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from ruamel.yaml import YAML

from bot.adapters.memory import (
    MemoryStore,
    QuietMeter,
    RecordingJobs,
    SystemClock,
)
from bot.adapters.rasa_classifier import RasaClassifier
from bot.adapters.vault import AesVault, new_key
from bot.core import sms
from bot.core.library import Library
from bot.core.model import Channel, Conversation, Inbound, Prediction
from bot.ports import Change, Classifier, Unavailable
from bot.service import Service
from bot.wiring import known_sentences

ADDRESS = "+15550100"


class NoClassifier:
    """Stands where no model is configured; the service then uses words and menus."""

    def classify(self, text: str) -> Prediction:
        raise Unavailable("nlu")


class Chat:
    """One person texting.

    Args:
        nlu_url: Rasa's address; empty for the keyword engine.
        language: begin in this language as if the person had chosen it.
    """

    def __init__(
        self, library: Library, nlu_url: str = "", nlu_token: str = "", language: str | None = None
    ) -> None:
        clock = SystemClock()
        self._store = MemoryStore()
        vault = AesVault([new_key()], new_key())
        classifier: Classifier = (
            RasaClassifier(nlu_url.rstrip("/"), nlu_token, clock, known_sentences(library))
            if nlu_url
            else NoClassifier()
        )
        self._service = Service(
            self._store, classifier, vault, clock, RecordingJobs(), QuietMeter(), library
        )
        self._texter = vault.texter_id(ADDRESS)
        self._count = 0
        self._dialogue: list[dict[str, Any]] = []
        if language:
            chosen = Conversation(channel=Channel.SMS, language=language, chosen=True)
            self._store.commit(self._store.load(self._texter), Change(chosen))

    def says(self, text: str) -> dict[str, Any]:
        """What this message leads to, in the form of the contract's JSON object."""
        self._count += 1
        self._service.accept(
            Inbound(
                provider_id=f"SM{self._count:032x}",
                address=ADDRESS,
                text=text,
                channel=Channel.SMS,
                received_at=datetime.now(UTC),
            )
        )
        turned = self._service.take_turns(self._texter)[-1]
        snapshot = self._store.load(self._texter)
        here = snapshot.conversation
        assert here is not None  # noqa: S101 - a turn was just committed
        open_one = (
            snapshot.escalation if snapshot.escalation and snapshot.escalation.is_open else None
        )
        predicted = turned.prediction
        outcome = turned.outcome
        confidence = outcome.confidence or (predicted.confidence if predicted else 0.0)
        answer = {
            "in": text,
            "language": here.language,
            "intent": outcome.intent or (predicted.intent if predicted else None),
            "confidence": round(confidence, 4),
            "status": here.status.value,
            "out": [
                {
                    "message": send.message,
                    "text": sms.tidy(send.text),
                    "segments": sms.segments(sms.tidy(send.text)),
                }
                for send in outcome.sends
            ],
            "escalated": open_one
            and {
                "reason": open_one.reason.value,
                "urgency": open_one.urgency.name.lower(),
                "topic": open_one.topic,
                "pseudonym": open_one.pseudonym,
            },
        }
        self._dialogue += [{"they": text}, {"we": [send.message for send in outcome.sends]}]
        return answer

    def as_dialogue(self) -> str:
        """The chat as a golden dialogue for tests/conversations/."""
        yaml, text = YAML(), io.StringIO()
        yaml.default_flow_style = None
        yaml.dump({"turns": self._dialogue}, text)
        return text.getvalue()
