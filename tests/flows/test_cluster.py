"""A real Dask cluster on loopback: limits, lost workers, other versions, and the same findings as of the local pool."""

import pickle
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from extractors.themes import read_codebook
from extractors.workers import Limits, Workers
from flows.run import coders_of
from flows.settings import Settings
from flows.steps.cluster import Cluster, ClusterError, ClusterGoneError, Item, Setup
from flows.steps.coding import STORE_UNREACHABLE, WORKER_MODULES, Outcome, Postponed
from tests import hostile
from tests.conftest import free_port
from tests.flows.clusters import Loopback
from tests.flows.test_coding import material
from tests.test_workers import fill_the_memory, get_shared, loop_in_a_library, set_shared
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


def kill_one_that_works(loopback: Loopback, over: threading.Event) -> None:
    """Kill a worker of Dask as soon as one of its processes has worked on items for a while, with all that it has."""
    before: dict[int, float] = {}
    while not over.wait(0.02):
        for worker in loopback.workers:
            with suppress(psutil.Error):
                for process in psutil.Process(worker.pid).children(recursive=True)[1:]:
                    used = process.cpu_times().user
                    if used > before.setdefault(process.pid, used) + 0.3:
                        worker.kill()
                        return


def test_the_cluster_finds_what_the_pool_finds_whatever_becomes_of_a_worker(
    loopback: Loopback, store: RawStore
) -> None:
    materials = short_articles(store, 60)
    damaged, lost = stored(store, "damaged", b"a"), replace(material("lost"), raw_hash="0" * 64)
    store.path_of(damaged.raw_hash).write_bytes(b"damaged")
    materials += [
        damaged,
        lost,
        stored(store, "empty", b" "),
        stored(store, "slow", hostile.short_lines(100_000, 15), "pdf"),
    ]
    settings = Settings(item_seconds=3, item_memory=400, processes=2)
    undisturbed = coded(settings, store, materials)
    over = threading.Event()
    killer = threading.Thread(target=kill_one_that_works, args=(loopback, over))
    killer.start()
    there = [worker.pid for worker in loopback.workers]
    try:
        found = coded(settings.model_copy(update={"coding": loopback.address}), store, materials)
    finally:
        over.set()
        killer.join()
    assert list(map(repr, found)) == list(map(repr, undisturbed))
    assert [worker.pid for worker in loopback.workers] != there
    elsewhere = {"coding": loopback.address, "coding_store": "/not/mounted"}
    (unread,) = coded(settings.model_copy(update=elsewhere), store, materials[:1])
    assert getattr(unread, "error_type", "") == STORE_UNREACHABLE
    assert re.search(r"tcp://127.*/not/mounted.*coding_store", getattr(unread, "message", ""))
