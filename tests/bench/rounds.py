"""Speed of one core over some rounds of the same work."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

_SECONDS = 4.0


class Speed(NamedTuple):
    """Items a second of processor time: in the best round, to which other work on the machine added least, and in the
    middle one."""

    best: float
    median: float


def speed(work: Callable[[], object], items: int) -> Speed:
    """How fast the work goes through so many items, after a first round that does not count."""
    work()
    rounds: list[float] = []
    while sum(rounds) < _SECONDS:
        start = time.process_time()
        work()
        rounds.append(time.process_time() - start)
    return Speed(items / min(rounds), items / statistics.median(rounds))
