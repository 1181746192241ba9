"""Workers: an item that takes too much costs itself, whatever it does, and no process outlives its parent."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from extractors.workers import Limits, RefusedError, Workers, WorkersGoneError

MODULES = ("numpy", __name__)
_shared = "nothing"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, Limits(seconds=0.5, megabytes=200), MODULES) as made:
        yield made


def double(number: int) -> int:
    return 2 * number


def slow_pid(_: int) -> int:
    time.sleep(0.3)
    return os.getpid()


def loop_in_a_library() -> object:
    """A search that holds the interpreter's lock for ever."""
    return re.match(r"(a*)*b", "a" * 60)


def sleep_for_ever() -> None:
    signal.pause()


def fill_the_memory() -> int:
    return sum(len(np.ones(10_000_000)) for _ in [np.ones(10_000_000) for _ in range(50)])


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def crash_once(marker: Path) -> str:
    """As when the system ends a process for want of memory, and the next time there is room."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def fail() -> None:
    raise ValueError("no good")


def fail_oddly() -> None:
    class LocalError(Exception):
        pass

    raise LocalError("cannot be sent")


def set_shared(value: str) -> None:
    global _shared  # noqa: PLW0603  what workers share stands in a module
    _shared = value


def get_shared() -> str:
    return _shared


def share_a_fault() -> None:
    raise LookupError("the codebook is broken")


def refusal(workers: Workers, function: object) -> str:
    with pytest.raises(RefusedError) as refused:
        workers.call(function)  # type: ignore[arg-type]
    return refused.value.reason


def test_workers_that_are_killed_while_they_wait_cost_no_item(workers: Workers) -> None:
    """Both of two that are idle: the second try is not given to the other dead one."""
    for pid in set(workers.each(partial(workers.call, slow_pid), [1, 2])):
        os.kill(pid, signal.SIGKILL)
    assert list(workers.each(partial(workers.call, double), [3, 4, 5])) == [6, 8, 10]


def test_items_are_worked_on_in_order(workers: Workers) -> None:
    assert list(workers.each(lambda number: workers.call(double, number), range(50))) == list(range(0, 100, 2))


def test_an_item_that_takes_too_much_is_refused_and_the_next_goes_on(workers: Workers) -> None:
    assert refusal(workers, loop_in_a_library) == "too_slow"
    assert refusal(workers, sleep_for_ever) == "too_slow"
    assert refusal(workers, fill_the_memory) == "too_large"
    assert refusal(workers, crash) == "crashed"
    assert workers.call(double, 4) == 8


def test_a_worker_that_was_ended_by_the_system_is_tried_once_more(workers: Workers, tmp_path: Path) -> None:
    assert workers.call(crash_once, tmp_path / "marker") == "done"


def test_an_error_comes_back_as_it_was_raised(workers: Workers) -> None:
    with pytest.raises(ValueError, match="no good"):
        workers.call(fail)
    with pytest.raises(RuntimeError, match="LocalError: cannot be sent"):
        workers.call(fail_oddly)


def test_what_is_shared_is_had_by_all_workers_also_by_fresh_ones(workers: Workers) -> None:
    with Workers(1, Limits(5, 200), MODULES) as others:
        others.share(set_shared, "a codebook")
        assert others.call(get_shared) == "a codebook"
        refusal(others, crash)
        assert others.call(get_shared) == "a codebook"
    with Workers(1, Limits(5, 200), MODULES) as others:
        others.share(share_a_fault)
        with pytest.raises(WorkersGoneError, match="the codebook is broken"):
            others.call(get_shared)


def test_the_death_of_the_process_that_begets_them_is_survived() -> None:
    with Workers(1, Limits(5, 200), ("sys", __name__)) as others:
        others.share(set_shared, "kept")
        assert others.call(double, 1) == 2
        children = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
        (nursery,) = [child for child in children if "sys" in child.cmdline()]
        nursery.kill()
        refusal(others, crash)
        assert others.call(get_shared) == "kept"


def test_closing_ends_what_is_under_way_and_gives_no_more() -> None:
    others = Workers(1, Limits(600, 200), MODULES)
    started = others.each(lambda _: others.call(sleep_for_ever), range(3))
    with pytest.raises(WorkersGoneError):
        for _ in _closing(others, started):
            pass
    with pytest.raises(WorkersGoneError):
        others.call(double, 1)


def _closing(workers: Workers, started: Iterator[object]) -> Iterator[object]:
    from threading import Thread

    def close_when_busy() -> None:
        while not workers._busy:
            time.sleep(0.01)
        workers.close()

    Thread(target=close_when_busy).start()
    yield from started


AHEAD = """
import os, sys
from extractors.workers import Limits, Workers, begin_ahead

lean = "statistics" not in sys.modules
begun = begin_ahead(("statistics",))
with Workers(1, Limits(seconds=5, megabytes=500), ("statistics",)) as workers:
    print(lean, begun, workers.call(os.getppid) in map(int, sys.stdin.readline().split() or [0]), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's libraries do not bear a fork")
def test_a_command_loads_what_workers_need_once_and_forks_what_begets_them() -> None:
    command = subprocess.Popen([sys.executable, "-c", AHEAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    itself = psutil.Process(command.pid)
    until = time.monotonic() + 120
    while not (begetters := itself.children()) and time.monotonic() < until:
        time.sleep(0.02)
    forked = [str(one.pid) for one in begetters if one.cmdline() == itself.cmdline()]
    told, _ = command.communicate(" ".join(forked) + "\n", timeout=120)
    assert told.split() == ["True", "True", "True"]
