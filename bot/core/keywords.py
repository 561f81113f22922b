"""The engine that understands when the model is down, slow or unsure: words of each topic."""

from __future__ import annotations

from bot.core.compare import word_count
from bot.core.library import Library
from bot.core.model import Prediction

#: Confidence given to a hit by one phrase, and what each further word of it adds. Below the
#: default thresholds' certainty for a single common word, above it for a phrase.
ONE_WORD = 0.45
EACH_WORD = 0.2


def predict(library: Library, text: str) -> Prediction:
    """Topics whose keywords occur in the text, the longest phrase first.

    The ranking is empty when nothing matched. Searches every language and reports the one
    whose words match most, with low confidence.
    """
    best: dict[str, float] = {}
    spoken: dict[str, float] = {}
    for phrase, (intent, code) in library.keywords.found_in(text):
        score = min(0.95, ONE_WORD + EACH_WORD * (word_count(phrase) - 1))
        best[intent] = max(score, best.get(intent, 0.0))
        spoken[code] = spoken.get(code, 0.0) + score
    ranking = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    language = max(spoken, key=lambda code: spoken[code], default=None)
    return Prediction(tuple(ranking[:5]), language, 0.5 if language else 0.0, source="keywords")


def support(library: Library, text: str, prediction: Prediction) -> Prediction:
    """An unsure prediction, raised when the words of one of its first three agree with it."""
    hits = predict(library, text)
    if not hits.ranking:
        return prediction
    scores = dict(hits.ranking)
    raised = [
        (intent, min(0.99, confidence + scores.get(intent, 0.0) * (0.6 if n < 3 else 0.0)))
        for n, (intent, confidence) in enumerate(prediction.ranking)
    ]
    raised.sort(key=lambda pair: -pair[1])
    return Prediction(
        tuple(raised), prediction.language, prediction.language_confidence, prediction.source
    )
