"""Coding by a Dask cluster on loopback beside the local pool, two workers each: processor seconds of all processes.

BENCH_CODED=400 sets how many made-up articles are coded in each of two rounds; the better round counts. The cluster's
processes are the scheduler, its workers with all that they start, and this one, which sends and receives.
"""

import os
import random
import tempfile
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from extractors.themes import read_codebook
from extractors.version import extractor_version
from flows.run import coders_of, workers_of
from flows.settings import Settings
from tests.bench.articles import text
from tests.flows.clusters import Loopback
from tests.flows.test_coding import material
from warehouse.coded import CodedArticle
from warehouse.raw_store import Material, RawStore

COUNT = int(os.environ.get("BENCH_CODED", "400"))
BATCH, ROUNDS, WARM = 50, 2, 20


@dataclass(frozen=True)
class Took:
    """Processor and clock seconds of coding all once everything is loaded, and processor seconds of loading it."""

    cpu: float
    wall: float
    ready: float


def run() -> str:
    """A table: either engine, and how many times the pool's processor time the cluster takes."""
    read_codebook()
    extractor_version()  # a run needs both, whatever the engine
    with tempfile.TemporaryDirectory() as folder:
        store = RawStore(Path(folder) / "raw")
        articles = [text(random.Random(n), n).encode() for n in range(COUNT)]
        materials = [replace(material(str(n)), raw_hash=store.put(one)) for n, one in enumerate(articles)]
        pool = _took(None, store, materials)
        logs = Path(folder) / "dask"
        logs.mkdir()
        dask = _took(Loopback(logs), store, materials)
    rows = [("the local pool", pool), ("a Dask cluster", dask)]
    return "\n".join(
        [
            f"| {COUNT} articles, two workers | CPU s | ms an article | times the pool | clock s | CPU s till ready |",
            "| --- | --- | --- | --- | --- | --- |",
            *(
                f"| {name} | {one.cpu:.1f} | {1000 * one.cpu / COUNT:.1f} | {one.cpu / pool.cpu:.2f} | {one.wall:.1f} "
                f"| {one.ready:.1f} |"
                for name, one in rows
            ),
        ]
    )


def _took(loopback: Loopback | None, store: RawStore, materials: list[Material]) -> Took:
    before = _cpu()
    with loopback or nullcontext():
        settings = Settings(processes=2, coding=loopback.address if loopback else "")
        with (
            workers_of(settings) as workers,
            closing(coders_of(settings, read_codebook(), workers, store)) as coders,
        ):
            assert all(isinstance(one, CodedArticle) for one in coders.code_all(materials[:WARM]))
            ready = _cpu() - before
            rounds: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                start = _cpu(), time.perf_counter()
                for first in range(0, COUNT, BATCH):
                    list(coders.code_all(materials[first : first + BATCH]))
                rounds.append((_cpu() - start[0], time.perf_counter() - start[1]))
    return Took(*min(rounds), ready)


def _cpu() -> float:
    """Processor seconds of this process and all below it, also of those that have ended."""
    this = psutil.Process()
    used = [one.cpu_times() for one in (this, *this.children(recursive=True))]
    return sum(one.user + one.system + one.children_user + one.children_system for one in used)
