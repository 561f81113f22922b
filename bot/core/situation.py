"""What the rules of a turn look at: one message and all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.library import Library
from bot.core.model import Conversation, Moment, Prediction, Urgency


@dataclass(frozen=True)
class Turn:
    """One message and all that is known about it."""

    library: Library
    conversation: Conversation
    text: str
    prediction: Prediction | None
    moment: Moment

    @property
    def language(self) -> str | None:
        return self.conversation.language

    @property
    def sure_intent(self) -> str | None:
        """The predicted intent when it is sure and no other comes close."""
        p, t = self.prediction, self.moment.thresholds
        if p is None or p.intent is None or p.confidence < t.sure:
            return None
        second = p.ranking[1][1] if len(p.ranking) > 1 else 0.0
        return p.intent if p.confidence - second >= t.gap else None

    @property
    def closed_topics(self) -> frozenset[str]:
        """Topics past their `good_until`. Urgent ones never close: an old hotline is better
        than none, and theirs are the last that change."""
        return frozenset(
            topic
            for topic, flow in self.library.flows.items()
            if flow.good_until is not None
            and self.moment.now > flow.good_until
            and flow.urgency is not Urgency.URGENT
        )
