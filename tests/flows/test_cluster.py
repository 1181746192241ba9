"""A real Dask cluster on loopback: limits, lost workers, other versions, and the same findings as of the local pool."""

import os
import pickle
import random
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from extractors.themes import read_codebook
from extractors.workers import Limits, Workers
from flows.run import coders_of
from flows.settings import Settings
from flows.steps.cluster import Cluster, ClusterError, ClusterGoneError, Item, Setup
from flows.steps.coding import STORE_UNREACHABLE, WORKER_MODULES, Postponed
from tests import hostile
from tests.bench.articles import text
from tests.conftest import free_port
from tests.flows.clusters import Loopback
from tests.flows.test_coding import material, worker_processes
from tests.test_workers import fill_the_memory, get_shared, loop_in_a_library, set_shared
from warehouse.article_rows import article_tables
from warehouse.coded import CodedArticle, Outcome, PutAside
from warehouse.raw_store import Material, RawStore

pytest.importorskip("distributed", reason="`make scaling` installs it")
NUMBERS = 40


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with Loopback(tmp_path_factory.mktemp("dask"), allowed_failures=0) as made:
        yield made


@pytest.fixture(scope="module")
def cluster(loopback: Loopback) -> Iterator[Cluster]:
    with closing(Cluster(loopback.address, lean_setup(), 3)) as made:
        yield made


def lean_setup(begin: Callable[..., object] = set_shared) -> Setup:
    """One that loads next to nothing."""
    return Setup(Limits(0.5, 200), ("numpy", "tests.test_workers", __name__), pickle.dumps((begin, ("a codebook",))))


def refuse_to_begin(_: str) -> None:
    raise ValueError("its extractors are version 1, those of the run 2")


def item(function: Callable[..., object], *arguments: object, group: str = "") -> Item:
    return Item(pickle.dumps((function, arguments)), group)


def number(value: int, worker: str) -> pa.Table:
    return pa.table({"number": [value], "shared": [get_shared()], "worker": [worker]})


def hang(worker: str) -> object:
    return loop_in_a_library()


def fill(worker: str) -> int:
    return fill_the_memory()


def fail(worker: str) -> None:
    raise LookupError("no good")


def take_the_worker_along(worker: str) -> None:
    """As an item does that takes all memory of its machine: Dask's own process goes with it."""
    ours = psutil.Process().parent()
    dask = ours.parent() if ours else None
    assert dask is not None
    dask.kill()
    signal.pause()


def take_the_worker_along_once(marker: Path, worker: str) -> pa.Table:
    if not marker.exists():
        marker.touch()
        take_the_worker_along(worker)
    return number(7, worker)


def test_items_are_worked_on_in_order_with_what_was_made_ready_once(cluster: Cluster) -> None:
    rows = cluster.work([item(number, value) for value in range(NUMBERS)])
    assert [row["number"] for row in rows] == list(range(NUMBERS))
    assert {row["shared"] for row in rows} == {"a codebook"}
    assert cluster.work([]) == []


def test_an_item_that_takes_too_much_or_fails_costs_itself(cluster: Cluster) -> None:
    rows = cluster.work([item(number, 1), item(hang), item(fill), item(fail), item(number, 2)])
    assert [row.get("refusal") for row in rows] == [None, "too_slow", "too_large", "fault", None]
    assert rows[3]["why"] == "LookupError: no good"


def test_a_group_of_slow_items_waits_for_the_next_run(cluster: Cluster) -> None:
    rows = cluster.work([item(hang, group="mire") for _ in range(8)] + [item(number, 1, group="other")])
    refusals = [row.get("refusal") for row in rows]
    assert 3 <= refusals.count("too_slow") < 8 and set(refusals[:-1]) == {"too_slow", "postponed"}
    assert refusals[-1] is None
    assert [row["refusal"] for row in cluster.work([item(number, 1, group="mire")])] == ["postponed"]


def test_a_lost_worker_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    items = [item(number, value) for value in range(NUMBERS)]
    items[11] = item(take_the_worker_along_once, tmp_path / "marker")
    assert [row["number"] for row in cluster.work(items)] == [7 if n == 11 else n for n in range(NUMBERS)]
    assert (tmp_path / "marker").exists()


def test_an_item_that_takes_its_worker_along_twice_is_refused_alone(cluster: Cluster) -> None:
    items = [item(number, value) for value in range(NUMBERS)]
    items[11] = item(take_the_worker_along)
    rows = cluster.work(items)
    assert [place for place, row in enumerate(rows) if row.get("refusal")] == [11]
    assert rows[11]["refusal"] == "crashed"


def test_a_worker_of_another_version_is_named_before_anything_is_done(loopback: Loopback, cluster: Cluster) -> None:
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1.*its extractors are version 1") as told:
        Cluster(loopback.address, lean_setup(refuse_to_begin), 3)
    assert "install the same release" in told.value.way_out


def test_a_scheduler_that_is_not_there_and_one_without_workers_are_named(tmp_path: Path) -> None:
    nowhere = f"dask://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterGoneError, match=re.escape(nowhere)) as told:
        Cluster(nowhere, lean_setup(), 3)
    assert "dask scheduler" in told.value.way_out
    with Loopback(tmp_path, workers=0) as empty, pytest.raises(ClusterGoneError, match="has no workers") as told:
        Cluster(empty.address, lean_setup(), 3, patience=0.5)
    assert "dask worker" in told.value.way_out


def test_a_missing_package_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match="needs the package distributed") as told:
        Cluster("dask://127.0.0.1:1", lean_setup(), 3)
    assert "make scaling" in told.value.way_out


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def stored(store: RawStore, name: str, content: bytes, ending: str = "txt") -> Material:
    return replace(material(name, ending), raw_hash=store.put(content))


def coded(settings: Settings, store: RawStore, materials: list[Material]) -> list[Outcome | Postponed]:
    """What the engine that the settings name makes of materials."""
    limits = Limits(settings.item_seconds, settings.item_memory)
    with (
        Workers(2, limits, WORKER_MODULES) as workers,
        closing(coders_of(settings, read_codebook(), workers, store)) as coders,
    ):
        return list(coders.code_all(materials))


def short_articles(store: RawStore, count: int) -> list[Material]:
    return [
        stored(store, str(number), f"Title: Article {number}\n\nThe NHS paid a private company £{number}m.".encode())
        for number in range(count)
    ]


Victims = Callable[[], list[tuple[psutil.Process, psutil.Process]]]
"""Pairs of a process that is to die and the one that works, by whose processor time it is told when."""


def dask_workers(loopback: Loopback) -> Victims:
    """Dask's own processes, each with what it has work on items."""

    def pairs() -> list[tuple[psutil.Process, psutil.Process]]:
        workers = [psutil.Process(worker.pid) for worker in loopback.workers if worker.poll() is None]
        return [
            (worker, busy)
            for worker in workers
            for busy in worker.children(recursive=True)
            if busy.ppid() != worker.pid
        ]

    return pairs


def pool_workers() -> list[tuple[psutil.Process, psutil.Process]]:
    return [(worker, worker) for worker in worker_processes()]


@contextmanager
def killing(victims: Victims, *, after: float, most: int) -> Iterator[list[int]]:
    """Kill at most so many, each when its process has worked for so many seconds; gives the numbers of the killed."""
    killed: list[int] = []
    before: dict[int, float] = {}
    over = threading.Event()

    def kill() -> None:
        while len(killed) < most and not over.wait(0.02):
            with suppress(psutil.Error):
                for victim, busy in victims():
                    used = busy.cpu_times().user
                    if victim.pid not in killed and used > before.setdefault(busy.pid, used) + after:
                        victim.kill()
                        killed.append(victim.pid)
                        break

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


def test_the_cluster_finds_what_the_pool_finds_whatever_becomes_of_a_worker(
    loopback: Loopback, store: RawStore
) -> None:
    materials = short_articles(store, 60)
    damaged, lost = stored(store, "damaged", b"a"), replace(material("lost"), raw_hash="0" * 64)
    store.path_of(damaged.raw_hash).write_bytes(b"damaged")
    slow = stored(store, "slow", hostile.short_lines(100_000, 15), "pdf")
    materials += [damaged, lost, stored(store, "empty", b" "), slow]
    settings = Settings(item_seconds=3, item_memory=400, processes=2)
    undisturbed = coded(settings, store, materials)
    on_cluster = settings.model_copy(update={"coding": loopback.address})
    with killing(dask_workers(loopback), after=0.3, most=1) as killed:
        found = coded(on_cluster, store, materials)
    assert list(map(repr, found)) == list(map(repr, undisturbed))
    assert killed
    (unread,) = coded(on_cluster.model_copy(update={"coding_store": "/not/mounted"}), store, materials[:1])
    assert isinstance(unread, PutAside) and unread.error_type == STORE_UNREACHABLE
    assert re.search(r"tcp://127.*/not/mounted.*coding_store", unread.message)


def digest(outcomes: list[Outcome | Postponed]) -> str:
    """Of the rows of the tables that articles become, and of what else there is."""
    articles = [(outcome, 1) for outcome in outcomes if isinstance(outcome, CodedArticle)]
    others = [outcome for outcome in outcomes if not isinstance(outcome, CodedArticle)]
    return sha256(repr((article_tables(articles), others)).encode()).hexdigest()


@pytest.mark.soak
def test_workers_killed_midway_through_many_articles_change_nothing(tmp_path: Path, store: RawStore) -> None:
    count = int(os.environ.get("CODED_ARTICLES", "2000"))
    materials = [stored(store, str(n), text(random.Random(n), n).encode()) for n in range(count)]
    settings = Settings(processes=2)
    begun = time.monotonic()
    undisturbed = digest(coded(settings, store, materials))
    after = (time.monotonic() - begun) / 6  # of processor time, of which a worker beside others gets less
    # One alone: two that die one after the other may be at the same article, which is then put aside, as it has to be.
    with killing(pool_workers, after=after, most=1) as killed:
        assert digest(coded(settings, store, materials)) == undisturbed
    assert killed
    (tmp_path / "dask").mkdir()
    with Loopback(tmp_path / "dask") as loopback, killing(dask_workers(loopback), after=after, most=1) as killed:
        on_cluster = settings.model_copy(update={"coding": loopback.address})
        assert digest(coded(on_cluster, store, materials)) == undisturbed
    assert killed
