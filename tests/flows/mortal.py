"""Runs of the `commentary` command that can die: a process of its own each, at a time of the test's, cheaply begun.

Importing Prefect takes seconds of processor. One process (`python -m tests.flows.mortal`) has everything imported and
forks a child for each run: the child is the whole command, from `main` to its exit code, and is killed as hard as any.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from signal import SIGKILL
from typing import IO, Any

import psutil

from tests.conftest import ROOT


class Mortal:
    """One run under way."""

    def __init__(self, begetter: "Begetter", pid: int, output: Path) -> None:
        self.pid = pid
        self._begetter = begetter
        self._output = output

    def told(self) -> str:
        """What it has printed so far."""
        return self._output.read_text("utf-8", errors="replace")

    def wait_for(self, words: str) -> None:
        """Wait until it has printed these words.

        Raises:
            AssertionError: it ended without, or did not come to it in ten minutes.
        """
        until = time.monotonic() + 600
        while words not in self.told():
            if not _lives(self.pid) or time.monotonic() > until:
                assert words in self.told(), f"it did not say {words!r}: {self.told()}"
                return
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as the system would, unless it has ended; wait until it is gone."""
        self._begetter.ask({"kill": self.pid})

    def wait(self) -> int:
        """Its exit code."""
        return self._begetter.ask({"wait": self.pid})


class Begetter:
    """The process that begets runs. Each is to be waited for or killed."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._folder = folder
        self._begun = 0
        self._log = (folder / "begetter.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.mortal"],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def begin(self, *arguments: str | Path, now: datetime | None = None, **environment: str) -> Mortal:
        """Begin a run of `commentary` with these arguments, as if it were `now`."""
        self._begun += 1
        output = self._folder / f"{self._begun}.txt"
        output.touch()
        when = now.isoformat() if now else None
        given = {"arguments": [*map(str, arguments)], "environment": environment, "output": str(output)}
        pid = self.ask({"begin": {"now": when, **given}})
        return Mortal(self, pid, output)

    def within(self, environment: Mapping[str, str]) -> "Surrounded":
        """The same, for runs that find these variables."""
        return Surrounded(self, environment)

    def ask(self, what: Mapping[str, object]) -> int:
        """Send an order; its answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the process that begets runs has died: {Path(self._log.name).read_text()[-2000:]}"
        return int(json.loads(answer))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._log.close()


@dataclass(frozen=True)
class Surrounded:
    """Begets runs that find these variables."""

    _begetter: Begetter
    _environment: Mapping[str, str]

    def begin(self, *arguments: str | Path, now: datetime | None = None, **environment: str) -> Mortal:
        """As `Begetter.begin`, with these variables besides."""
        return self._begetter.begin(*arguments, now=now, **{**self._environment, **environment})


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def main() -> None:
    """Beget runs as told on standard input, and answer on standard output."""
    import fastapi  # noqa: F401 - as Prefect does when it makes a run
    import pyarrow.dataset  # noqa: F401 - as DuckDB does when it is given a table

    import flows.ingest  # noqa: F401 - everything that a run imports, before it is forked
    from extractors.themes import read_codebook
    from extractors.version import extractor_version
    from flows.steps.coding import FIRST_PAGE, extract

    extractor_version()  # and works out once
    extract(FIRST_PAGE.encode(), name="first.html", codebook=read_codebook())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        ((order, about),) = json.loads(line).items()
        answer = _begun(about, answers) if order == "begin" else _ended(about, kill=order == "kill")
        print(answer, file=answers, flush=True)


def _begun(order: Mapping[str, Any], answers: IO[str]) -> int:
    pid = os.fork()
    if pid == 0:
        answers.close()
        os.setsid()  # as a shell has it: Ctrl-C reaches the run with all its processes
        output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os._exit(_run(order))
    return pid


def _ended(pid: int, *, kill: bool) -> int:
    if kill:
        os.kill(pid, SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _run(order: Mapping[str, Any]) -> int:
    from flows.cli import main as command
    from flows.run import clocked, utc_now

    os.environ.update(order["environment"])
    sys.argv = ["commentary", *order["arguments"]]
    now = datetime.fromisoformat(order["now"]) if order["now"] else None
    try:
        with clocked((lambda: now) if now else utc_now):
            command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1  # as Python itself ends after one
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
