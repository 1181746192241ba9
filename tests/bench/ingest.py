"""A second run with nothing new beside a trivial Prefect flow, in the same process on the same temporary server."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 5


def run() -> str:
    """A table: the trivial flow, the second ingest of the seeds, and how many times as long that takes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMENTARY_HOME"] = folder
        from flows.server import prepare_environment
        from warehouse.workspace import Workspace

        Workspace(Path(folder)).prepare()
        prepare_environment(Path(folder))
        return _table(*_timed())


def _timed() -> tuple[float, float]:
    from prefect import flow

    from flows.ingest import ingest_commentary

    @flow(name="trivial")
    def trivial() -> int:
        return 1

    def ingest() -> Any:
        return ingest_commentary(watch_sources=False, return_state=True)

    ingest()  # the first run, with the server's start
    return min(_once(trivial) for _ in range(ROUNDS)), min(_once(ingest) for _ in range(ROUNDS))


def _once(job: Any) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _table(trivial: float, ingest: float) -> str:
    return (
        "| run | seconds | times a trivial flow |\n| --- | --- | --- |\n"
        f"| a trivial Prefect flow | {trivial:.2f} | 1.0 |\n"
        f"| the second `ingest --no-sources` of the seeds | {ingest:.2f} | {ingest / trivial:.1f} |\n"
    )
