"""Finds the weights and the temperature of a LinearHead from labelled feature rows.

One logistic regression per label, each told apart from all the others, because that takes a second
where a joint one takes a minute and is no less often right on our examples (nlu_data/README.md has
the figures).
"""

import random
from typing import Dict, List, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rights_nlu.linear_head import LinearHead, softmax

# The share of examples that the temperature is learned on, and its bounds: beyond them the data is
# at fault.
HELD_OUT_SHARE = 0.2
COLDEST, HOTTEST = 0.02, 50.0


class FittingError(ValueError):
    """The examples do not suffice; the message says what is missing."""


def fit_head(
    rows: csr_matrix, labels: Sequence[str], origins: Sequence[str], strength: float, seed: int
) -> LinearHead:
    """Return a calibrated head for `rows` with one label each.

    `origins` says which rows are copies of one sentence, so that the temperature is learned on
    sentences of which no copy was trained on. `strength` is the inverse of the regularisation (larger
    trusts the examples more). Raises FittingError with fewer than two labels, or with a label that
    has fewer than two sentences.
    """
    names = sorted(set(labels))
    if len(names) < 2:
        raise FittingError(
            f"At least two different labels are needed, there is only: {', '.join(names)}"
        )
    targets = np.array([names.index(label) for label in labels])
    held_out = _held_out(labels, origins, seed)
    weights, bias = _weights(rows[~held_out], targets[~held_out], len(names), strength, seed)
    scores = rows[held_out] @ weights + bias
    temperature = _temperature(scores, targets[held_out])
    weights, bias = _weights(rows, targets, len(names), strength, seed)
    return LinearHead(names, weights, bias, temperature)


def _held_out(labels: Sequence[str], origins: Sequence[str], seed: int) -> np.ndarray:
    """Return for each row whether it is kept for the temperature: whole sentences, some of every
    label.
    """
    sentences: Dict[str, Dict[str, None]] = {}
    for label, origin in zip(labels, origins):
        sentences.setdefault(label, {})[origin] = None
    chosen = set()
    for label, found in sorted(sentences.items()):
        if len(found) < 2:
            raise FittingError(
                f"{label} has only one sentence; one to learn from and one to check are needed."
            )
        shuffled = list(found)
        random.Random(f"{seed} {label}").shuffle(shuffled)
        size = min(len(shuffled) - 1, max(1, round(len(shuffled) * HELD_OUT_SHARE)))
        chosen.update((label, origin) for origin in shuffled[:size])
    return np.array([pair in chosen for pair in zip(labels, origins)])


def _weights(
    rows: csr_matrix, targets: np.ndarray, count: int, strength: float, seed: int
) -> Tuple[np.ndarray, np.ndarray]:
    """Return weights (features x labels) and a bias per label; every label weighs the same, however
    rare.
    """
    solver = LogisticRegression(
        C=strength, solver="liblinear", dual=True, tol=1e-2, max_iter=1000, class_weight="balanced",
        multi_class="ovr", random_state=seed,
    )  # fmt: skip
    solver.fit(rows, targets)
    weights, bias = solver.coef_.T, solver.intercept_
    if (
        count == 2
    ):  # scikit-learn keeps one column for two labels: that of the second against the first
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights, bias


def _temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """Return the divisor of `scores` under which the right labels are likeliest."""
    right = np.arange(len(targets))

    def surprise(logarithm: float) -> float:
        chances = softmax(scores / np.exp(logarithm))[right, targets]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize_scalar(surprise, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def accuracy_of(head: LinearHead, rows: csr_matrix, labels: Sequence[str]) -> float:
    """Return the share of `rows` whose likeliest label is theirs, between 0 and 1."""
    scores = rows @ head.weights + head.bias
    predicted: List[str] = [head.labels[place] for place in scores.argmax(axis=1)]
    return float(np.mean([one == other for one, other in zip(predicted, labels)]))
