"""Python programs that tests run as processes of their own, to kill them or to let them meet."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program given as source text; it sees this project and its tests."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    output: IO[str] | None = process.stdout
    assert output is not None
    return output.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process hard and wait for it."""
    process.kill()
    process.communicate()
