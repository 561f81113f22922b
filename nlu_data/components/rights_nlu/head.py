"""Weights that turn features into calibrated probabilities; stored without pickle.

A head has a wide part, one weight for each feature and label, and members with a deep part: each sums
a short vector per feature, passes the sum through one hidden layer and adds its scores. The wide part
knows what a word says, the deep parts what words say together. Wide alone gives a linear classifier.

All vectors of one feature lie side by side in memory, a byte a number, so that a message reads a few
hundred short rows and copies nothing; stock scikit-learn copies the whole matrix for each message.
"""

import json
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np

SMALLEST_SPREAD = 1e-5
_BYTE = 127.0
#: What a member's dense part consists of, in the order in which a message passes it.
DENSE = ("gain", "shift", "hidden", "hidden_bias", "out", "bias")
Dense = Dict[str, np.ndarray]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities that add up to 1 along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def standard(sums: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return `sums` with mean 0 and spread 1 along the last axis, and the spread they had."""
    centred = sums - sums.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + SMALLEST_SPREAD)
    return centred / spread, spread


def bend(sums: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the Gaussian error linear unit of `sums` (its usual approximation by tanh; Hendrycks
    and Gimpel, 2016), and its slope.
    """
    inner = np.tanh(np.float32(0.7978846) * (sums + np.float32(0.044715) * sums**3))
    slope = np.float32(0.7978846) * (1 + np.float32(0.134145) * sums**2)
    return 0.5 * sums * (1 + inner), 0.5 * (1 + inner) + 0.5 * sums * (1 - inner**2) * slope


def deep_scores(sums: np.ndarray, dense: Dense) -> np.ndarray:
    """Return what one member's deep part scores for summed vectors (messages x width)."""
    level = standard(sums)[0] * dense["gain"] + dense["shift"]
    return bend(level @ dense["hidden"] + dense["hidden_bias"])[0] @ dense["out"] + dense["bias"]


class Head:
    """One decision between `labels`.

    `vectors` (features x columns) holds, side by side, the deep vectors of every member and the wide
    weights (the last columns, one for each label). The temperature divides the scores; it is learned
    on texts that the weights were not trained on, so that of the answers given with confidence 0.8
    about eight in ten are right.
    """

    def __init__(
        self,
        labels: Sequence[str],
        vectors: np.ndarray,
        scale: np.ndarray,
        bias: np.ndarray,
        members: Sequence[Dense],
        temperature: float,
    ) -> None:
        """`vectors` are bytes, to be multiplied by `scale` (one a feature). Raises ValueError when
        the parts do not fit each other.
        """
        self.labels = list(labels)
        self.vectors = np.ascontiguousarray(vectors, dtype=np.int8)
        self.scale = np.asarray(scale, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)
        self.members = [
            {name: np.asarray(member[name], dtype=np.float32) for name in DENSE}
            for member in members
        ]
        self.temperature = float(temperature)
        self._check()

    def _check(self) -> None:
        count = len(self.labels)
        widths = [len(member["gain"]) for member in self.members]
        fits = (
            count >= 2
            and len(set(self.labels)) == count == self.bias.size
            and self.vectors.shape == (len(self.scale), sum(widths) + count)
        )
        for width, member in zip(widths, self.members):
            hidden, out = member["hidden"], member["out"]
            fits = fits and hidden.shape[0] == width and out.shape == (hidden.shape[1], count)
        if not fits:
            raise ValueError("the weights do not fit their labels")
        numbers = [self.scale, self.bias, *(part for one in self.members for part in one.values())]
        if not all(np.isfinite(part).all() for part in numbers) or not 0 < self.temperature < 1e3:
            raise ValueError("the weights are not all numbers")

    @classmethod
    def of_weights(
        cls,
        labels: Sequence[str],
        vectors: np.ndarray,
        bias: np.ndarray,
        members: Sequence[Dense],
        temperature: float,
    ) -> "Head":
        """Return a head for `vectors` as trained, rounded to bytes. That changes no figure in its
        third place and takes a quarter of the memory. Raises ValueError as the constructor does.
        """
        if not np.isfinite(vectors).all():
            raise ValueError("the weights are not all numbers")
        scale = np.maximum(np.abs(vectors).max(axis=1), 1e-12).astype(np.float32) / _BYTE
        rounded = np.rint(vectors / scale[:, None]).astype(np.int8)
        return cls(labels, rounded, scale, bias, members, temperature)

    def __len__(self) -> int:
        """Return how many features it knows."""
        return len(self.scale)

    def scores(self, places: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return one score per label, before the temperature, for a message given as feature places
        and values.
        """
        sums = (values * self.scale[places]) @ self.vectors[places].astype(np.float32)
        total = sums[-len(self.labels) :] + self.bias
        start = 0
        for member in self.members:
            width = len(member["gain"])
            total = total + deep_scores(sums[start : start + width], member) / len(self.members)
            start += width
        return total

    def probabilities(
        self, places: np.ndarray, values: np.ndarray, trust: float = 1.0
    ) -> np.ndarray:
        """Return one probability per label for a message given as feature places and values; the
        less `trust` (0 to 1), the more alike they are.
        """
        return softmax(self.scores(places, values) * trust / self.temperature)

    def ranking(
        self, places: np.ndarray, values: np.ndarray, length: int, trust: float = 1.0
    ) -> List[Tuple[str, float]]:
        """Return the `length` likeliest labels with their probabilities, the likeliest first."""
        probabilities = self.probabilities(places, values, trust)
        best = np.argsort(-probabilities, kind="stable")[:length]
        return [(self.labels[place], float(probabilities[place])) for place in best]

    def save(self, folder: Path, name: str) -> None:
        """Write `name`.json and `name`.npz into `folder`."""
        document = {
            "labels": self.labels,
            "temperature": self.temperature,
            "members": len(self.members),
        }
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        dense = {
            f"{part}{number}": member[part]
            for number, member in enumerate(self.members)
            for part in DENSE
        }
        # not compressed: Rasa packs the model once more
        np.savez(
            folder / f"{name}.npz",
            vectors=self.vectors,
            scale=self.scale,
            label_bias=self.bias,
            **dense,
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> "Head":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when it is
        missing or broken.
        """
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            members = [
                {part: arrays[f"{part}{number}"] for part in DENSE}
                for number in range(document["members"])
            ]
            return cls(
                document["labels"],
                arrays["vectors"],
                arrays["scale"],
                arrays["label_bias"],
                members,
                document["temperature"],
            )
