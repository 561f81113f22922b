"""Makes heads of labelled feature rows: chooses what is held out, has the members learn, calibrates.

Two members that began and were shuffled differently err in different places; together they are right
about as often more as either gained by its deep part (docs/decisions/0009-nlu-pipeline.md).
"""

import random
from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from rights_nlu.at_once import each_at_once
from rights_nlu.head import Dense, Head, softmax
from rights_nlu.learning import Member

# The share of sentences that the temperature is learned on, and its bounds: beyond them the data is
# at fault.
HELD_OUT_SHARE = 0.05
COLDEST, HOTTEST = 0.02, 50.0
# From so many rows on, another process is started faster than one could have fitted.
WORTH_A_PROCESS = 5_000


class FittingError(ValueError):
    """The examples do not suffice; the message says what is missing."""


class Task(NamedTuple):
    """What one head is to learn: `rows` with one label each.

    `origins` says which rows are copies of one sentence, so that the temperature is learned on
    sentences of which no copy was trained on; only on `real` ones, since patterns are easier than
    people. `width` is the length of a member's deep vectors (0: a linear classifier), `members` how
    many there are, `balance` how much more an example of a rare label counts (0: as any, 1: so that
    all labels weigh the same).
    """

    rows: csr_matrix
    labels: Sequence[str]
    origins: Sequence[str]
    real: Sequence[bool]
    width: int = 0
    members: int = 1
    balance: float = 0.0
    seed: int = 0


class _Prepared(NamedTuple):
    task: Task
    names: List[str]
    targets: np.ndarray
    held_out: np.ndarray


class _Learned(NamedTuple):
    vectors: np.ndarray
    dense: Dense
    held_out_scores: np.ndarray


def fit_heads(tasks: Sequence[Task]) -> List[Head]:
    """Return a calibrated head for each task; all members of all heads learn at the same time.

    Raises FittingError with fewer than two labels, or with a label that has fewer than two sentences.
    """
    prepared = [_prepare(task) for task in tasks]
    jobs = [(one, number) for one in prepared for number in range(one.task.members)]
    worth = any(len(one.targets) >= WORTH_A_PROCESS for one in prepared)
    learned = iter(each_at_once(_learn, jobs, worth))
    return [_head(one, [next(learned) for _ in range(one.task.members)]) for one in prepared]


def _prepare(task: Task) -> _Prepared:
    names = sorted(set(task.labels))
    if len(names) < 2:
        raise FittingError(
            f"At least two different labels are needed, there is only: {', '.join(names)}"
        )
    place = {name: number for number, name in enumerate(names)}
    targets = np.array([place[label] for label in task.labels])
    held_out = _held_out(task.labels, task.origins, task.real, task.seed)
    return _Prepared(task, names, targets, held_out)


def _learn(job: Tuple[_Prepared, int]) -> _Learned:
    (task, names, targets, held_out), number = job
    member = Member(task.rows.shape[1], len(names), task.width, task.seed + number)
    counts = np.bincount(targets[~held_out], minlength=len(names))
    weights = (counts.mean() / np.maximum(counts, 1)) ** task.balance
    weights = (weights / (weights @ counts) * counts.sum()).astype(np.float32)
    member.learn(task.rows[~held_out], targets[~held_out], weights)
    return _Learned(member.vectors, member.dense, member.scores(task.rows[held_out]))


def _head(prepared: _Prepared, learned: Sequence[_Learned]) -> Head:
    """Return the members side by side: deep vectors beside each other, wide weights averaged."""
    width = prepared.task.width
    wide = np.mean([one.vectors[:, width:] for one in learned], axis=0, dtype=np.float32)
    vectors = np.hstack([*(one.vectors[:, :width] for one in learned), wide])
    scores = np.mean([one.held_out_scores for one in learned], axis=0)
    temperature = _temperature(scores, prepared.targets[prepared.held_out])
    if width:
        bias, members = np.zeros(len(prepared.names)), [one.dense for one in learned]
    else:
        bias, members = np.mean([one.dense["bias"] for one in learned], axis=0), []
    return Head.of_weights(prepared.names, vectors, bias, members, temperature)


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


def _temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """Return the divisor of `scores` under which the right labels are likeliest."""
    right = np.arange(len(targets))

    def surprise(logarithm: float) -> float:
        chances = softmax(scores / np.exp(logarithm))[right, targets]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize_scalar(surprise, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))
