"""Weights that turn features into calibrated probabilities; stored without pickle.

The weights lie feature by feature in memory, so that a message reads a few hundred short rows and
copies nothing; stock scikit-learn copies the whole matrix for each message.
"""

import json
from pathlib import Path
from typing import List, Tuple

import numpy as np


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities that add up to 1 along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


class LinearHead:
    """One decision between `labels`: weights (features x labels), a bias per label, a temperature.

    The temperature divides the scores; it is learned on texts that the weights were not trained on,
    so that of the answers given with confidence 0.8 about eight in ten are right.
    """

    def __init__(
        self, labels: List[str], weights: np.ndarray, bias: np.ndarray, temperature: float
    ) -> None:
        self.labels = list(labels)
        # Half precision halves the memory and changes no figure in its third place.
        self.weights = np.ascontiguousarray(weights, dtype=np.float16)
        self.bias = np.asarray(bias, dtype=np.float32)
        self.temperature = float(temperature)
        fits = (
            self.weights.ndim == 2 and self.weights.shape[1] == len(self.labels) == self.bias.size
        )
        if not fits or len(self.labels) < 2 or len(set(self.labels)) != len(self.labels):
            raise ValueError("the weights do not fit their labels")
        if not (
            np.isfinite(self.weights).all()
            and np.isfinite(self.bias).all()
            and 0 < self.temperature < 1e3
        ):
            raise ValueError("the weights are not all numbers")

    def probabilities(self, places: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return one probability per label for a message given as feature places and values."""
        scores = values @ self.weights[places].astype(np.float32) + self.bias
        return softmax(scores / self.temperature)

    def ranking(
        self, places: np.ndarray, values: np.ndarray, length: int
    ) -> List[Tuple[str, float]]:
        """Return the `length` likeliest labels with their probabilities, the likeliest first."""
        probabilities = self.probabilities(places, values)
        best = np.argsort(-probabilities, kind="stable")[:length]
        return [(self.labels[place], float(probabilities[place])) for place in best]

    def save(self, folder: Path, name: str) -> None:
        """Write `name`.json and `name`.npz into `folder`."""
        document = {"labels": self.labels, "temperature": self.temperature}
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        np.savez_compressed(folder / f"{name}.npz", weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, folder: Path, name: str) -> "LinearHead":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when it is
        missing or broken.
        """
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(
                document["labels"], arrays["weights"], arrays["bias"], document["temperature"]
            )
