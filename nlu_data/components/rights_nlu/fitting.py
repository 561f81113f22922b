"""Finds the weights and the temperature of a LinearHead from labelled feature rows.

One logistic regression per label, each told apart from all the others, because that takes a second
where a joint one takes a minute and is no less often right on our examples (nlu_data/README.md has
the figures).
"""

import multiprocessing
import os
import random
from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rights_nlu.linear_head import LinearHead, softmax

# The share of examples that the temperature is learned on, and its bounds: beyond them the data is
# at fault.
HELD_OUT_SHARE = 0.2
COLDEST, HOTTEST = 0.02, 50.0
# From so many rows on, another process is started faster than one could have fitted.
WORTH_A_PROCESS = 5_000


class FittingError(ValueError):
    """The examples do not suffice; the message says what is missing."""


def fit_head(
    rows: csr_matrix,
    labels: Sequence[str],
    origins: Sequence[str],
    real: Sequence[bool],
    strength: float,
    seed: int,
) -> LinearHead:
    """Return a calibrated head for `rows` with one label each.

    `origins` says which rows are copies of one sentence, so that the temperature is learned on
    sentences of which no copy was trained on; only on `real` ones, since patterns are easier than
    people. `strength` is the inverse of the regularisation (larger
    trusts the examples more). Raises FittingError with fewer than two labels, or with a label that
    has fewer than two sentences.
    """
    names = sorted(set(labels))
    if len(names) < 2:
        raise FittingError(
            f"At least two different labels are needed, there is only: {', '.join(names)}"
        )
    targets = np.array([names.index(label) for label in labels])
    held_out = _held_out(labels, origins, real, seed)
    job = _Job(rows, targets, len(names), strength, seed)
    (part, part_bias), (weights, bias) = _both(job, [~held_out, np.ones(len(targets), dtype=bool)])
    scores = rows[held_out] @ part + part_bias
    temperature = _temperature(scores, targets[held_out])
    return LinearHead(names, weights, bias, temperature)


class _Job(NamedTuple):
    rows: csr_matrix
    targets: np.ndarray
    count: int
    strength: float
    seed: int

    def fit(self, chosen: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        return _weights(
            self.rows[chosen], self.targets[chosen], self.count, self.strength, self.seed
        )


_inherited: "List[_Job]" = []


def _fit_inherited(chosen: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    return _inherited[0].fit(chosen)


def _both(job: _Job, choices: List[np.ndarray]) -> List[Tuple[np.ndarray, np.ndarray]]:
    """Fit to each choice of rows, at the same time when it takes long enough to be worth it.

    In processes, not threads: liblinear draws from one generator per process, so that threads would
    not give the same weights twice. They inherit the rows instead of being sent them.
    """
    if len(job.targets) < WORTH_A_PROCESS or len(os.sched_getaffinity(0)) < 2:
        return [job.fit(chosen) for chosen in choices]
    _inherited[:] = [job]
    try:
        with multiprocessing.get_context("fork").Pool(len(choices)) as pool:
            return pool.map(_fit_inherited, choices, chunksize=1)
    finally:
        _inherited.clear()


def _held_out(
    labels: Sequence[str], origins: Sequence[str], real: Sequence[bool], seed: int
) -> np.ndarray:
    """Return for each row whether it is kept for the temperature: whole sentences, some of every
    label.
    """
    sentences: Dict[str, Dict[str, None]] = {}
    for label, origin, counts in zip(labels, origins, real):
        if counts:
            sentences.setdefault(label, {})[origin] = None
    chosen = set()
    for label in sorted(set(labels)):
        found = sentences.get(label, {})
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
        C=strength, solver="liblinear", dual=True, tol=0.1, max_iter=1000, class_weight="balanced",
        multi_class="ovr", random_state=seed,
    )  # fmt: skip
    solver.fit(rows, targets)
    weights, bias = solver.coef_.T.astype(np.float32), solver.intercept_
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
