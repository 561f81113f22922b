"""Does a long job on all processors, in processes.

In processes, not threads: the work is Python's own. They inherit what they work on instead of being
sent it, and the results come back in order, so that the outcome never depends on which was faster.
"""

import multiprocessing
import os
from typing import Any, Callable, List, Sequence, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_inherited: List[Any] = []


def _do_inherited(place: int) -> Any:
    work, shares = _inherited
    return work(shares[place])


def each_at_once(
    work: Callable[[Item], Result], items: Sequence[Item], worth: bool = True
) -> List[Result]:
    """Return `work` of every item, in their order; one after the other when it is not `worth`
    starting processes for, or there is but one processor.
    """
    processors = len(os.sched_getaffinity(0))
    if not worth or processors < 2 or len(items) < 2:
        return [work(item) for item in items]
    _inherited[:] = [work, list(items)]
    try:
        with multiprocessing.get_context("fork").Pool(min(processors, len(items))) as pool:
            return pool.map(_do_inherited, range(len(items)), chunksize=1)
    finally:
        _inherited.clear()


def shares_of(items: Sequence[Item]) -> List[Sequence[Item]]:
    """Return `items` cut into as many runs as there are processors, none of them empty."""
    count = max(1, min(len(items), len(os.sched_getaffinity(0))))
    size = -(-len(items) // count) if items else 1
    return [items[start : start + size] for start in range(0, len(items), size)]
