"""Many requests at once: hosts in parallel, each host's requests one after another, results handed over one by one."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.web.address import BadAddressError, host_of
from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest, FetchResult, RobotsRecord
from extractors.workers import WorkersGoneError

_log = logging.getLogger(__name__)

OnResult = Callable[[FetchResult], Iterable[FetchRequest] | None]
"""Keeps a result, and may give further requests that follow from it."""

OnRobots = Callable[[list[RobotsRecord], list[FetchResult]], object]
"""Keeps robots.txt records that changed, and the answers of the requests for them."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl ended: requests answered or failed, those left since the time was up, and those of hosts that other
    workers ask, or asked since."""

    done: int
    left: tuple[FetchRequest, ...]
    elsewhere: tuple[FetchRequest, ...] = ()


def crawl(
    requests: Iterable[FetchRequest],
    fetcher: Fetcher,
    on_result: OnResult,
    *,
    on_robots: OnRobots | None = None,
    budget_s: float | None = None,
) -> Crawled:
    """Fetch all requests and those that follow from their results.

    `on_result` is called in the caller's thread, one result at a time, before the same host is asked again: what was
    received is kept at once, and a run that is killed repeats at most the requests then under way. An exception
    from it ends the crawl and is raised. After `budget_s` seconds nothing new is asked; what is left is not lost,
    since it stays due. Requests of one host keep their order; hosts take turns.
    """
    crawling = _Crawl(fetcher, on_result, on_robots or (lambda *_: None), budget_s)
    return crawling.run(requests)


class _Crawl:
    """One crawl under way. Queues belong to the lock; callbacks belong to the caller's thread."""

    def __init__(self, fetcher: Fetcher, on_result: OnResult, on_robots: OnRobots, budget_s: float | None) -> None:
        self._fetcher = fetcher
        self._on_result = on_result
        self._on_robots = on_robots
        self._ends_at = None if budget_s is None else fetcher.timing.monotonic() + budget_s
        self._waiting: dict[str, deque[FetchRequest]] = {}
        self._busy: set[str] = set()
        self._begun: set[str] = set()  # of several workers, the hosts that this one has in hand
        self._elsewhere: list[FetchRequest] = []
        self._changed = threading.Condition()
        self._over = False
        self._results: queue.Queue[tuple[str, FetchResult | BaseException] | None] = queue.Queue()

    def run(self, requests: Iterable[FetchRequest]) -> Crawled:
        self._add(requests)
        workers = [
            threading.Thread(target=self._work, name=f"fetch {number}", daemon=True)
            for number in range(self._fetcher.settings.hosts_at_once)
        ]
        for worker in workers:
            worker.start()
        try:
            done = self._hand_over()
        finally:
            self._end()
        for worker in workers:
            worker.join()
        left = tuple(request for waiting in self._waiting.values() for request in waiting)
        return Crawled(done, left, tuple(self._elsewhere))

    def _hand_over(self) -> int:
        """Pass results on until nothing is under way or waiting; the number passed on."""
        done = 0
        while self._unfinished():
            taken = self._results.get()
            if taken is None:
                continue
            host, result = taken
            if isinstance(result, BaseException):
                raise result
            robots, answers = self._fetcher.fresh_robots(), self._fetcher.fresh_answers()
            if robots or answers:
                self._on_robots(robots, answers)
            self._add(self._on_result(result) or ())
            done += 1
            with self._changed:
                self._busy.discard(host)
                self._end_if_drained(host)
                self._changed.notify_all()
        return done

    def _end_if_drained(self, host: str) -> None:
        if host in self._begun and not self._waiting.get(host):
            self._begun.discard(host)
            if self._fetcher.claims is not None:
                self._fetcher.claims.drained(host)

    def _unfinished(self) -> bool:
        with self._changed:
            return bool(self._busy) or (any(self._waiting.values()) and not self._time_is_up())

    def _time_is_up(self) -> bool:
        return self._ends_at is not None and self._fetcher.timing.monotonic() >= self._ends_at

    def _add(self, requests: Iterable[FetchRequest]) -> None:
        with self._changed:
            for request in requests:
                self._waiting.setdefault(_host(request), deque()).append(request)
            self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            host, request = taken
            try:
                self._results.put((host, self._fetcher.fetch(request)))
            except WorkersGoneError as error:  # the run is being ended: it belongs to the caller
                self._results.put((host, error))
                return
            except Exception as error:  # a fault of ours in one request costs that request, not the crawl
                _log.exception("%s cannot be asked for", request.fetch_url)
                self._results.put((host, self._fetcher.faulty(request, error)))

    def _take(self) -> tuple[str, FetchRequest] | None:
        """The next request of the host whose turn it is; None when the crawl is over."""
        with self._changed:
            while not self._over:
                if self._time_is_up():
                    self._results.put(None)  # the caller may be waiting for a result that will not come
                    break
                host = self._next_host()
                if host is not None:
                    self._busy.add(host)
                    request = self._waiting[host].popleft()
                    self._waiting[host] = self._waiting.pop(host)  # to the end of the turns
                    return host, request
                self._changed.wait()
            return None

    def _next_host(self) -> str | None:
        """The host whose turn it is; one that other workers ask loses its turn."""
        for host, waiting in list(self._waiting.items()):
            if waiting and host not in self._busy and self._may_begin(host):
                return host
        return None

    def _may_begin(self, host: str) -> bool:
        claims = self._fetcher.claims
        if claims is None or not host or host in self._begun:
            return True
        if len(self._begun) >= claims.most:
            return False
        if claims.begin(host):
            self._begun.add(host)
            return True
        self._elsewhere += self._waiting.pop(host)
        self._results.put(None)  # the caller may be waiting for one of these
        return False


def _host(request: FetchRequest) -> str:
    try:
        return host_of(request.fetch_url)
    except BadAddressError:
        return ""
