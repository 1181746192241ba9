"""Runs of the `commentary` command that can die: a process of its own each, at a time of the test's, cheaply begun.

Importing Prefect takes seconds of processor. One process (`python -m tests.flows.mortal`) has everything imported and
forks a child for each run: the child is the whole command, from `main` to its exit code, and is killed as hard as any.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from signal import SIGKILL
from typing import Any

from tests.conftest import ROOT


class Mortal:
    """One run under way."""

    def __init__(self, begetter: "Begetter", pid: int) -> None:
        self.pid = pid
        self._begetter = begetter

    def kill(self) -> None:
        """End it as the system would, unless it has ended; wait until it is gone."""
        self._begetter.tell({"kill": True})
        self._begetter.hear()

    def wait(self) -> int:
        """Its exit code."""
        self._begetter.tell({"kill": False})
        return int(self._begetter.hear()["code"])


class Begetter:
    """The process that begets runs, one at a time."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log.open("ab")
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
        when = now.isoformat() if now else None
        self.tell({"now": when, "arguments": [*map(str, arguments)], "environment": environment})
        return Mortal(self, int(self.hear()["pid"]))

    def tell(self, what: Mapping[str, object]) -> None:
        """Send a message."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The answer to one."""
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer, f"the process that begets runs has died: {Path(self._log.name).read_text()[-2000:]}"
        return dict(json.loads(answer))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._log.close()


@contextmanager
def begetter(environment: Mapping[str, str], log: Path) -> Iterator[Begetter]:
    """A process that begets runs in this environment; what they print goes to `log`."""
    made = Begetter(environment, log)
    try:
        yield made
    finally:
        made.close()


def main() -> None:
    """Beget runs as told on standard input, and answer on standard output."""
    import flows.ingest  # noqa: F401 - everything that a run imports, before it is forked
    from extractors.themes import read_codebook
    from extractors.version import extractor_version

    read_codebook()  # and works out once
    extractor_version()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            answers.close()
            os._exit(_run(order))
        print(json.dumps({"pid": pid}), file=answers, flush=True)
        if json.loads(sys.stdin.readline())["kill"]:
            os.kill(pid, SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)


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
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
