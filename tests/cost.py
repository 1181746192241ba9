"""What the tests cost in seconds of processor, by folder and the dearest of them; `make cost` runs all with it.

    python -m pytest -p tests.cost ...

Counted is all that a test's process and its descendants use from the end of one test to that of the next: what the
first test of a session or module makes for the others is its own. On a machine with other work seconds of processor
hold better than those of the clock, though not to the tenth. Linux only: it reads /proc.
"""

import ctypes
import os
from collections import Counter, defaultdict
from collections.abc import Generator
from operator import itemgetter
from pathlib import Path

import pytest

_TICK = os.sysconf("SC_CLK_TCK")
_SUBREAPER = 36  # prctl's PR_SET_CHILD_SUBREAPER: whoever loses its parent becomes our child, and is counted on
_COST = "processor seconds"
_at_last = [0.0]
_spent: dict[str, float] = {}


def pytest_configure() -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In the process that runs the test, note with its last report what was spent since that of the test before."""
    report = yield
    if call.when == "teardown":
        now = _used()
        report.user_properties.append((_COST, now - _at_last[0]))
        _at_last[0] = now
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """In the process that reports, which with several workers is another one."""
    for name, value in report.user_properties:
        if name == _COST and report.when == "teardown" and isinstance(value, float):
            _spent[report.nodeid] = value


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _spent:
        return
    of_folder: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for test, seconds in _spent.items():
        folder = Path(test.partition("::")[0]).parent.as_posix()
        of_folder[folder] += seconds
        tests[folder] += 1
    terminalreporter.section("processor seconds")
    for folder, seconds in sorted(of_folder.items(), key=itemgetter(1), reverse=True):
        terminalreporter.line(f"{seconds:8.1f}  {tests[folder]:5} tests  {folder}")
    terminalreporter.line(f"{sum(_spent.values()):8.1f}  {len(_spent):5} tests  together")
    for test, seconds in sorted(_spent.items(), key=itemgetter(1), reverse=True)[:40]:
        terminalreporter.line(f"{seconds:8.1f}  {test[:110]}")


def _used() -> float:
    """Seconds of processor of this process and all its descendants, those that have ended too."""
    children: dict[int, list[int]] = defaultdict(list)
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text("utf-8", errors="replace")
        except OSError:
            continue  # ended meanwhile
        fields = text[text.rindex(")") + 2 :].split()
        children[int(fields[1])].append(int(path.parent.name))
        used[int(path.parent.name)] = sum(map(int, fields[11:15])) / _TICK
    family = [os.getpid()]
    for one in family:
        family += children[one]
    return sum(used.get(one, 0.0) for one in family)
