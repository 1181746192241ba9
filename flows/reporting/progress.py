"""Progress of a run: a live display for a person at a terminal, plain lines for a log, and Prefect's run page."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Listener(Protocol):
    """Told of each step of a run. `done` of `total` counts the step's items; a total of 0 is not known."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of the progress of one step."""


def silent(step: str, done: int, total: int) -> None:
    """A listener that says nothing."""


@contextmanager
def terminal() -> Iterator[Listener]:
    """Bars on standard error where a person is watching, else one plain line when a step starts and ends."""
    if sys.stderr.isatty():
        with _bars() as listener:
            yield listener
    else:
        yield _lines()


def _lines() -> Listener:
    begun: set[str] = set()

    def listen(step: str, done: int, total: int) -> None:
        if step not in begun or (total and done >= total):
            counted = f": {done} of {total}" if total else ""
            print(f"{step}{counted}", file=sys.stderr, flush=True)
        begun.add(step)

    return listen


@contextmanager
def _bars() -> Iterator[Listener]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        tasks: dict[str, object] = {}

        def listen(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total or None)
            progress.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        yield listen
