"""Leases of several workers on a real PostgreSQL: one holder at a time, the pause kept, the dead survived."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from extractors.web.crawl import Crawled, crawl
from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest, FetchResult
from extractors.web.settings import Timing
from tests.conftest import ROOT
from tests.lake.conftest import PostgreSQL
from tests.web.conftest import ask, settings
from tests.web.site import Reply, Request, Site
from warehouse.errors import LockedError, WarehouseError
from warehouse.leases import LeasedHosts, Leases
from warehouse.target import Lake

HOST = "news.example"
HOLD = """
import sys, time
from warehouse.leases import Leases
from warehouse.target import Lake
with Leases(Lake(sys.argv[1], "/nowhere/"), sys.argv[2], float(sys.argv[3])) as leases:
    leases.take("host", sys.argv[4])
    leases.take("committer", "")
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def lake(catalog: str) -> Lake:
    return Lake(catalog, "/nowhere/")


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_host_has_one_holder_who_leaves_its_pause_to_the_next(lake: Lake) -> None:
    with Leases(lake, "one") as one, Leases(lake, "other") as other:
        got = one.take("host", HOST)
        assert got is not None and (got.ready_in_s, got.former) == (0.0, None)
        assert other.take("host", HOST) is None
        assert one.take("host", HOST) is not None, "again, it stays one's own"
        one.give_back("host", HOST, 45.0)
        after = other.take("host", HOST)
        assert after is not None and 40 < after.ready_in_s <= 45 and after.former == "one"
        assert not one.holds("host", HOST) and other.holds("host", HOST)
        assert one.workers() == {"one", "other"}
    with Leases(lake, "third") as third:
        assert third.take("host", HOST) is not None, "who leaves gives all back"
        assert third.workers() == {"third"}


def test_of_many_that_want_it_one_gets_it(lake: Lake) -> None:
    with Leases(lake, "first"):
        pass
    got: list[bool] = []
    begin = threading.Barrier(6)
    leave = threading.Event()

    def want(name: str) -> None:
        with Leases(lake, name) as leases:
            begin.wait(60)
            got.append(leases.take("host", HOST) is not None)
            leave.wait(60)

    workers = [threading.Thread(target=want, args=(f"worker {number}",)) for number in range(5)]
    for worker in workers:
        worker.start()
    begin.wait(60)
    wait_for(lambda: len(got) == len(workers))
    leave.set()
    for worker in workers:
        worker.join()
    assert sum(got) == 1


def test_what_a_killed_worker_held_is_taken_over_when_it_lapses_and_by_itself_at_once(lake: Lake) -> None:
    command = [sys.executable, "-c", HOLD, lake.catalog, "mortal", "3", HOST]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as mortal:
        assert mortal.stdout is not None and mortal.stdout.readline() == "held\n"
        with Leases(lake, "heir", 3.0) as heir:
            hosts = LeasedHosts(heir, 8)
            with pytest.raises(LockedError, match="worker mortal"), heir.committing(4.0):
                pass  # it is alive, and so is its lease after more than its time
            mortal.send_signal(signal.SIGKILL)
            with heir.committing(60.0):
                assert heir.holds("committer", "")
            wait_for(lambda: heir.workers() == {"heir"})
            assert not hosts.begin(HOST), "what it fetched may stand in its journal only, which was read before"
            assert LeasedHosts(heir, 8).begin(HOST), "and is read by the next run"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as mortal:
        assert mortal.stdout is not None and mortal.stdout.readline() == "held\n"
        mortal.send_signal(signal.SIGKILL)
    with Leases(lake, "mortal", 600.0) as reborn, reborn.committing(0.0):
        assert LeasedHosts(reborn, 8).begin(HOST)


def test_a_list_that_was_read_before_another_worker_had_the_host_does_not_hold(lake: Lake) -> None:
    with Leases(lake, "one") as one, Leases(lake, "other") as other:
        first, second = LeasedHosts(one, 8), LeasedHosts(other, 8)
        assert first.begin(HOST) and not second.begin(HOST)
        first.drained(HOST)
        first.give_back({HOST: 3.0})
        assert not second.begin(HOST), "it was asked since"
        assert second.claim(HOST) is not None, "but what leads there may be asked for"
        assert not second.begin(HOST)
        second.give_back({}, everything=True)
        second.begin_crawl()
        first.begin_crawl()
        assert second.begin(HOST)


def test_out_of_touch_with_the_catalog_nothing_is_begun(postgresql: PostgreSQL, lake: Lake) -> None:
    with Leases(lake, "one", 3.0) as leases:
        hosts = LeasedHosts(leases, 8)
        assert hosts.begin(HOST)
        postgresql.stop()
        try:
            wait_for(lambda: hosts.claim(HOST) is None)
            with pytest.raises(WarehouseError, match="cannot be"):
                leases.now()
        finally:
            postgresql.start()
        wait_for(lambda: hosts.claim(HOST) is not None)


@pytest.fixture
def busy() -> "Busy":
    return Busy()


class Busy:
    """Which requests a host answers at the same time, and whose they are."""

    def __init__(self) -> None:
        self.most: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        with self._lock:
            self._now[request.host] += 1
            self.most[request.host] = max(self.most[request.host], self._now[request.host])
        threading.Event().wait(0.02)  # long enough to meet another one
        with self._lock:
            self._now[request.host] -= 1
        return Reply(b"<p>hello</p>", headers={"Content-Type": "text/html"})


class Worker(threading.Thread):
    """One of several that crawl the same list: answers are stored before hosts are given back."""

    def __init__(self, web: Site, leases: Leases, requests: Sequence[FetchRequest]) -> None:
        super().__init__()
        self.results: list[FetchResult] = []
        self.crawled: Crawled | None = None
        self._web, self._requests = web, requests
        self._hosts = LeasedHosts(leases, 2)

    def run(self) -> None:
        options = settings(allow_hosts=self._web.allow, host_delay=0.01, hosts_at_once=2)
        with Fetcher(options, timing=Timing.real(), resolver=self._web.resolver, claims=self._hosts) as fetcher:

            def keep(result: FetchResult) -> None:
                self.results.append(result)
                if self._hosts.waiting:
                    self._hosts.give_back(fetcher.rests())

            self.crawled = crawl(self._requests, fetcher, keep)
            self._hosts.give_back(fetcher.rests(), everything=True)


def test_two_crawls_share_the_hosts_and_ask_none_at_once_or_again(lake: Lake, busy: Busy) -> None:
    with Site() as web, Leases(lake, "one") as one, Leases(lake, "other") as other:
        names = [f"h{number}.test" for number in range(8)]
        for name in names:
            for number in range(4):
                web.host(name).answer(f"/{number}", busy)
            web.host(name).redirect("/away", web.host("shared.test").url(f"/{name}"))
            web.host("shared.test").answer(f"/{name}", busy)
        urls = [web.host(name).url(path) for name in names for path in ("/0", "/1", "/away", "/2", "/3")]
        workers = [Worker(web, leases, [ask(url) for url in urls]) for leases in (one, other)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        assert set(busy.most.values()) == {1}
        asked = Counter((request.host, request.path) for request in web.requests if request.path != "/robots.txt")
        assert set(asked.values()) == {1}, "nothing twice"
        done = Counter(result.request.url for worker in workers for result in worker.results)
        assert done == Counter(urls), "each is one worker's"
        left = [request.url for worker in workers if worker.crawled for request in worker.crawled.elsewhere]
        assert Counter(left) == Counter(urls)
        refused = [result for worker in workers for result in worker.results if not result.ok]
        assert {result.error_type for result in refused} <= {"host_down"}, "what led to a host in use waits"
        assert all(worker.results for worker in workers), "and both had some"
