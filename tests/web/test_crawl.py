"""Many hosts at once: order, parallelism, budgets, outages, and death at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.web.crawl import crawl
from extractors.web.model import FetchRequest, FetchResult, Source
from tests.web.clock import FakeTime
from tests.web.conftest import MakeFetcher, ask
from tests.web.memory import Memory
from tests.web.site import Entry, Reply, Request, Site

ROOT = Path(__file__).parents[2]


def test_each_host_in_order_and_never_two_at_once(web: Site, fetcher_for: MakeFetcher) -> None:
    under_way, most, lock = Counter[str](), Counter[str](), threading.Lock()

    def answer(request: Request) -> Reply:
        with lock:
            under_way[request.host] += 1
            most[request.host] = max(most[request.host], under_way[request.host])
        threading.Event().wait(0.01)
        with lock:
            under_way[request.host] -= 1
        return Reply(b"hello", headers={"Content-Type": "text/html"})

    requests = []
    for name in ("a.test", "b.test", "c.test"):
        host = web.host(name)
        for number in range(6):
            host.answer(f"/{number}", answer)
            requests.append(ask(host.url(f"/{number}")))
    results: list[FetchResult] = []
    crawled = crawl(requests, fetcher_for(), results.append)
    assert (crawled.done, crawled.left) == (18, ())
    assert set(most.values()) == {1}
    for name in ("a.test", "b.test", "c.test"):
        assert web.paths(name) == ["/robots.txt", *[f"/{number}" for number in range(6)]]


def test_hosts_are_asked_in_parallel(web: Site, fetcher_for: MakeFetcher) -> None:
    """Each host answers only once the other was asked as well; one after the other, both would time out."""
    both = threading.Barrier(2)

    def answer(_: Request) -> Reply:
        both.wait(timeout=60)
        return Reply(b"hello", headers={"Content-Type": "text/html"})

    requests = []
    for name in ("a.test", "b.test"):
        web.host(name).answer("/", answer)
        requests.append(ask(web.host(name).url("/")))
    results: list[FetchResult] = []
    crawl(requests, fetcher_for(), results.append)
    assert all(result.ok for result in results)


def test_no_more_hosts_at_once_than_allowed(web: Site, fetcher_for: MakeFetcher) -> None:
    now, most, lock = 0, 0, threading.Lock()

    def answer(_: Request) -> Reply:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.02)
        with lock:
            now -= 1
        return Reply(b"hello", headers={"Content-Type": "text/html"})

    requests = []
    for number in range(8):
        host = web.host(f"h{number}.test")
        host.answer("/", answer)
        requests.append(ask(host.url("/")))
    crawl(requests, fetcher_for(hosts_at_once=3), lambda _: None)
    assert most <= 3


def test_results_come_to_the_caller_and_lead_on(web: Site, fetcher_for: MakeFetcher) -> None:
    host, other = web.host("a.test"), web.host("b.test")
    for path in ("/1", "/2"):
        host.page(path, "hello")
    other.page("/3", "hello")
    threads = set()

    def on_result(result: FetchResult) -> list[FetchRequest]:
        threads.add(threading.current_thread())
        following = {host.url("/1"): host.url("/2"), host.url("/2"): other.url("/3")}.get(result.request.url)
        return [ask(following)] if following else []

    assert crawl([ask(host.url("/1"))], fetcher_for(), on_result).done == 3
    assert threads == {threading.current_thread()}


def test_a_result_is_kept_before_its_host_is_asked_again(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number in range(4):
        host.page(f"/{number}", "hello")

    def on_result(result: FetchResult) -> None:
        asked = [path for path in web.paths() if path != "/robots.txt"]
        assert asked[-1] == result.request.url.rpartition("test")[2].lstrip(":0123456789")

    crawl([ask(host.url(f"/{number}")) for number in range(4)], fetcher_for(), on_result)


def test_a_request_of_an_unknown_kind_costs_itself(web: Site, fetcher_for: MakeFetcher) -> None:
    host, other = web.host("a.test"), web.host("b.test")
    for path in ("/odd", "/next"):
        host.page(path, "hello")
    other.page("/", "hello")
    odd = ask(host.url("/odd"), "podcast")  # type: ignore[arg-type]
    results: dict[str, FetchResult] = {}
    requests = [odd, ask(host.url("/next")), ask(other.url("/"))]
    crawled = crawl(requests, fetcher_for(), lambda result: results.update({result.request.url: result}))
    assert crawled.done == 3
    assert results[odd.url].error_type == "fault" and "podcast" in (results[odd.url].error or "")
    assert [results[request.url].ok for request in requests] == [False, True, True]


def test_an_error_of_the_caller_ends_the_crawl(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number in range(5):
        host.page(f"/{number}", "hello")

    def on_result(_: FetchResult) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        crawl([ask(host.url(f"/{number}")) for number in range(5)], fetcher_for(), on_result)
    assert len(web.paths()) <= 3


def test_when_the_time_is_up_the_rest_is_left(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    host = web.host("a.test")
    for number in range(10):
        host.page(f"/{number}", "hello")
    requests = [ask(host.url(f"/{number}")) for number in range(10)]
    crawled = crawl(requests, fetcher_for(host_delay=10.0), lambda _: None, budget_s=35.0)
    assert 3 <= crawled.done <= 4
    assert list(crawled.left) == requests[crawled.done :]


def test_robots_records_are_handed_over_with_the_results(web: Site, fetcher_for: MakeFetcher) -> None:
    web.host("a.test").page("/", "hello")
    root, kept = web.host("a.test").root, Memory()
    crawl([ask(f"{root}/{n}") for n in range(2)], fetcher_for(), lambda _: None, on_robots=kept.keep_robots)
    assert list(kept.robots) == [root]
    assert [(answer.request.purpose, answer.final_url) for answer in kept.asked] == [("robots", f"{root}/robots.txt")]


# No network


def _sources(names: Iterator[str]) -> list[Source]:
    return [Source(n, n, f"http://{n}.test/", "site", f"http://{n}.test/", "think tank") for n in names]


@pytest.mark.parametrize("waits_s", [0.0, 6.0])
def test_without_a_network_each_source_is_unreachable_and_none_is_exhausted(
    fetcher_for: MakeFetcher, time: FakeTime, waits_s: float
) -> None:
    asked: Counter[str] = Counter()

    def resolver(host: str, _port: int) -> list[str]:
        asked[host] += 1
        time.sleep(waits_s)
        raise OSError("Temporary failure in name resolution")

    sources = _sources(f"s{number}" for number in range(45))
    memory = Memory()
    for days in range(2):
        asked.clear()
        states = memory.look(sources, fetcher_for(resolver=resolver))
        assert len(states) == len(memory.states) == 45
        assert {state.status for state in states} == {"unreachable"}, days
        assert all(state.detail for state in states)
        assert max(asked.values()) == 1
        # Where each name is waited for, the first few tell for all; at most those under way go on.
        assert len(asked) == 45 if not waits_s else len(asked) <= 4 + 8
        time.advance(days=1)


def test_pages_are_not_used_up_by_an_outage(web: Site, fetcher_for: MakeFetcher, time: FakeTime) -> None:
    memory = Memory()
    hosts = [web.host(f"h{number}.test") for number in range(12)]
    sources = [Source(h.name, h.name, h.url("/"), "feed", h.url("/feed"), "think tank") for h in hosts]
    for host in hosts:
        host.rss("/feed", [Entry("/1"), Entry("/2")])
        host.page("/1", "hello")
        host.page("/2", "hello")
    memory.look(sources, fetcher_for())

    def nothing(*_: object) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    for _ in range(3):
        memory.read(fetcher_for(resolver=nothing))
        time.advance(days=4)
    spent = [failure.attempts for failure in memory.failures.values()]
    assert len(spent) < len(memory.candidates)
    assert max(spent, default=0) <= 3
    memory.read(fetcher_for())
    assert set(memory.bodies) == set(memory.candidates)
    assert memory.failures == {}


def test_some_dead_sites_are_no_outage(web: Site, fetcher_for: MakeFetcher) -> None:
    living = web.host("living.test")
    living.page("/", "hello")
    requests = [ask(f"http://dead{number}.test/") for number in range(6)] + [ask(living.url("/"))]
    results: dict[str, FetchResult] = {}
    crawl(requests, fetcher_for(), lambda result: results.update({result.request.url: result}))
    assert results[living.url("/")].ok
    assert {result.error_type for url, result in results.items() if "dead" in url} == {"dns"}


def test_a_dead_host_is_asked_once_a_run(fetcher_for: MakeFetcher) -> None:
    asked: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise OSError("no such host")

    results: list[FetchResult] = []
    crawl([ask(f"http://dead.test/{n}") for n in range(5)], fetcher_for(resolver=resolver), results.append)
    assert asked == ["dead.test"]
    assert [result.error_type for result in results] == ["dns"] + ["host_down"] * 4


# Death


def _start(log: Path, urls: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.web.crawler", str(log), *urls]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)


def _kept(log: Path) -> list[str]:
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line)["url"] for line in lines if line.endswith("}")]


@pytest.mark.parametrize("seed", [1, 2, pytest.param(range(3, 30), marks=pytest.mark.soak)])
def test_a_killed_crawl_repeats_nothing_that_was_kept(web: Site, tmp_path: Path, seed: int | range) -> None:
    """kill -9 after a random number of answers; the next run asks only for what was not kept."""
    hosts = [web.host(f"127.0.0.{number}") for number in (11, 12, 13)]
    urls = [host.url(f"/{number}") for host in hosts for number in range(8)]
    for host in hosts:
        for number in range(8):
            host.page(f"/{number}", f"page {number} of {host.name}")
    for one in [seed] if isinstance(seed, int) else seed:
        log = tmp_path / f"{one}.jsonl"
        chance = random.Random(one)
        web.forget()
        for _ in range(2):
            target = len(_kept(log)) + chance.randint(1, 8)
            process = _start(log, urls)
            while process.poll() is None and len(_kept(log)) < target:
                threading.Event().wait(0.002)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        before = Counter(request.host + request.path for request in web.forget())
        kept = _kept(log)
        process = _start(log, urls)
        _, problems = process.communicate(timeout=600)
        assert process.returncode == 0, problems.decode()
        assert sorted(_kept(log)) == sorted(urls)
        asked = [f"http://{r.host}:{web.port}{r.path}" for r in web.requests if r.path != "/robots.txt"]
        assert sorted(asked) == sorted(set(urls) - set(kept))
        # Of what was not kept, at most one request a host and death was under way.
        assert sum(count - 1 for path, count in before.items() if "robots" not in path) <= 2 * len(hosts)
