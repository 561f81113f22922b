"""Understanding by Rasa's own server, with a short patience and a check of its model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from bot.core.model import Prediction
from bot.ports import Clock, Unavailable

#: A person waits for nothing longer than this; then words and menus must do.
PATIENCE_SECONDS = 2.0
#: After this many failures in a row nobody waits for the model any more, for a while.
FAILURES_BEFORE_PAUSE = 3
PAUSE = timedelta(seconds=10)
#: How often a model that failed the check of known sentences is looked at again.
RECHECK = timedelta(seconds=30)
RANKING = 5


@dataclass(frozen=True)
class KnownSentence:
    """A sentence whose intent a working model cannot miss."""

    text: str
    intent: str
    language: str


class BrokenModel(Exception):
    """The server answers, but not as a trained model would; carries the expected intent."""


class RasaClassifier:
    """The Classifier port over POST /model/parse.

    A load that failed can leave Rasa serving an untrained model without a word (its
    LogisticRegressionClassifier does), so nothing is believed before the known sentences
    came out right.
    """

    def __init__(
        self, url: str, token: str, clock: Clock, known: Sequence[KnownSentence] = ()
    ) -> None:
        self._endpoint = f"{url}/model/parse"
        self._token = token
        self._clock = clock
        self._known = known
        self._local = threading.local()
        self._lock = threading.Lock()
        self._failures = 0
        self._pause_until: datetime | None = None
        self._trusted = False

    def classify(self, text: str) -> Prediction:
        now = self._clock.now()
        with self._lock:
            if self._pause_until is not None and now < self._pause_until:
                raise Unavailable("nlu")
        try:
            if not self._trusted:
                self.verify()
            prediction = self._parse(text)
        except BrokenModel as error:
            self._pause(now + RECHECK)
            raise Unavailable("nlu model") from error
        except (requests.RequestException, ValueError) as error:
            self._failed(now)
            raise Unavailable("nlu") from error
        with self._lock:
            self._failures, self._pause_until = 0, None
        return prediction

    def verify(self) -> None:
        """Parse the known sentences. Raises BrokenModel when one comes out wrong, requests'
        exceptions when the server does not answer, ValueError when it answers something else."""
        for sentence in self._known:
            if self._parse(sentence.text).intent != sentence.intent:
                raise BrokenModel(sentence.intent)
        self._trusted = True

    def _parse(self, text: str) -> Prediction:
        # Rasa takes its token in the query only; it never reaches a log of ours
        answer = self._session().post(
            self._endpoint,
            params={"token": self._token},
            json={"text": text},
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        return _prediction(answer.json())

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        session: requests.Session = self._local.session
        return session

    def _failed(self, now: datetime) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_BEFORE_PAUSE:
                # the server may have been replaced in the meantime: check its model anew
                self._pause_until, self._failures, self._trusted = now + PAUSE, 0, False

    def _pause(self, until: datetime) -> None:
        with self._lock:
            self._pause_until = until


def _prediction(data: Any) -> Prediction:
    """What Rasa's answer says. Raises ValueError when it is not one of Rasa's."""
    try:
        ranking = tuple(
            (str(entry["name"]), float(entry["confidence"]))
            for entry in data["intent_ranking"][:RANKING]
            if entry["name"]
        )
        language = data.get("language") or {}
        return Prediction(ranking, language.get("name"), float(language.get("confidence") or 0.0))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an answer of Rasa's") from error
