"""One lane a host: its session, when it may be asked next, and whether it is worth asking at all in this run.

Whether a host is worth asking is judged by what it was asked on its own word: its own links, feeds and redirects. What
another site sent us to it for (a redirect, a feed that it names) is counted for that site alone, or it could have any
host taken for dead by pointing at a port where nobody listens.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from extractors.web.address import BadAddressError, host_of, origin
from extractors.web.clock import Timing
from extractors.web.exchange import Answer, HostSession
from extractors.web.model import ErrorType, Purpose, RobotsRecord
from extractors.web.safety import Guard
from extractors.web.settings import FetchSettings
from extractors.web.transport import Resolver

NO_CONTACT: frozenset[ErrorType] = frozenset({"dns", "connect", "tls", "timeout_connect", "unsafe_address"})
"""Errors that come before a request could be sent."""

# So many hosts must have kept us waiting for nothing, and none have answered, before the network itself is held to be
# down. Failures that come at once cost nothing, so that each host can be tried: a few dead sites are no outage.
_HOSTS_FOR_AN_OUTAGE = 4
_WAITED_S = 2.0
# Failures in a row of a host that does answer, before it is left alone for the run.
_PATIENCE = 3
_OUTAGE: frozenset[ErrorType] = frozenset({"dns", "connect", "timeout_connect"})
_TROUBLE = frozenset({"timeout_read", "timeout_total", "protocol"})


OWN_WORD = ""
"""The word on which a host is asked that nobody else sent us to."""


@dataclass(slots=True)
class _Fate:
    """How it went with what a host was asked on one word: failures in a row, and why it is asked no more."""

    in_trouble: int = 0
    stopped: tuple[ErrorType, str] | None = None


class Lane:
    """What is known of a host in this run; changed by `Lanes` only."""

    def __init__(self, host: str, session: HostSession) -> None:
        self.host = host
        self.session = session
        self.robots_lock = threading.RLock()
        self.crawl_delay_s = 0.0
        self.ready_at = 0.0
        self._fates: dict[str, _Fate] = {}

    def fate(self, word: str) -> _Fate:
        """What came of asking the host on this word: a site that sent us there, or `OWN_WORD`."""
        return self._fates.setdefault(word, _Fate())

    @property
    def has_cookies(self) -> bool:
        """Whether the host set cookies, so that asking for the same address again may have another outcome."""
        return self.session.has_cookies


class Lanes:
    """All lanes of a run, and what their fates say of the network."""

    def __init__(
        self,
        settings: FetchSettings,
        timing: Timing,
        guard: Guard,
        resolver: Resolver,
        robots: Iterable[RobotsRecord],
    ) -> None:
        self._settings = settings
        self._timing = timing
        self._guard = guard
        self._resolver = resolver
        self._lanes: dict[str, Lane] = {}
        self._robots = {record.origin: record for record in robots}
        self._fresh: dict[str, RobotsRecord] = {}
        self._lock = threading.Lock()
        self._contact = threading.Condition(self._lock)
        self._contacting: set[str] = set()
        self._out_of_reach: set[str] = set()
        self._answered = False

    def close(self) -> None:
        """Close all sessions."""
        with self._lock:
            for lane in self._lanes.values():
                lane.session.close()

    def lane(self, host: str) -> Lane:
        """The host's lane, made at first need."""
        with self._lock:
            if host not in self._lanes:
                self._lanes[host] = Lane(host, HostSession(self._settings, self._guard, self._resolver))
            return self._lanes[host]

    @property
    def network_down(self) -> bool:
        """Whether several hosts were waited for in vain and none answered."""
        with self._lock:
            return self._outage()

    def _outage(self) -> bool:
        return not self._answered and len(self._out_of_reach) >= _HOSTS_FOR_AN_OUTAGE

    # robots.txt as kept

    def robots(self, site: str) -> RobotsRecord | None:
        """The kept record of an origin."""
        with self._lock:
            return self._robots.get(site)

    def keep_robots(self, record: RobotsRecord) -> None:
        """Remember a record for this run and hand it out once by `fresh_robots`."""
        with self._lock:
            self._robots[record.origin] = self._fresh[record.origin] = record

    def fresh_robots(self) -> list[RobotsRecord]:
        """Records changed since the last call."""
        with self._lock:
            fresh = list(self._fresh.values())
            self._fresh.clear()
            return fresh

    # Demands to wait

    def hold(self, url: str, word: str, until: datetime, now: datetime) -> None:
        """Leave the site of an address alone until then, in this run and the next.

        Where another site sent us there, no more is asked on its word in this run, and the host's own time stays: it
        could be any address of it that always answers so.
        """
        site = origin(url)
        if word != OWN_WORD:
            with self._contact:
                told = f"{site} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC when {word} led there"
                self._lanes[host_of(url)].fate(word).stopped = ("host_down", told)
            return
        known = self.robots(site) or RobotsRecord(site, now, now, None, None, None, None, None)
        self.keep_robots(replace(known, not_before=until))

    def held_until(self, url: str) -> datetime | None:
        """Until when the site of an address is to be left alone."""
        try:
            record = self.robots(origin(url))
        except BadAddressError:
            return None
        return record.not_before if record is not None else None

    # Asking

    def stopped(self, lane: Lane, site: str, word: str) -> tuple[ErrorType, str] | None:
        """Why the site is not to be asked now on this word, if so.

        While several hosts were waited for in vain and none answered yet, a first contact waits for those under way.
        """
        with self._contact:
            for known in (OWN_WORD, word):
                if (why := lane.fate(known).stopped) is not None:
                    return why
            while self._outage() and lane.host not in self._contacting and self._contacting:
                self._contact.wait()
            if self._outage() and lane.host not in self._contacting:
                return "network_down", f"none of {len(self._out_of_reach)} hosts could be reached"
            record = self._robots.get(site)
        if record is not None and record.not_before is not None and record.not_before > self._timing.now():
            return "host_down", f"the site asked to be left alone until {record.not_before:%Y-%m-%d %H:%M} UTC"
        return None

    def exchange(self, lane: Lane, url: str, purpose: Purpose, conditional: Mapping[str, str], word: str) -> Answer:
        """Ask a host when its time has come; what comes of it decides on the future of that word in the lane."""
        with lane.session.lock:
            wait = lane.ready_at - self._timing.monotonic()
            if wait > self._settings.longest_wait_s:
                message = f"the site wants {lane.crawl_delay_s:g} s between requests: left for the next run"
                return Answer(error_type="host_down", error=message)
            if wait > 0:
                self._timing.sleep(wait)
            began = self._begin(lane)
            answer = Answer(error_type="protocol", error="the exchange was broken off")
            try:
                answer = lane.session.exchange(url, purpose, conditional)
            finally:
                lasted_s = self._timing.monotonic() - began
                self._end(lane, word, answer, lasted_s)
            # robots.txt does not count towards a long Crawl-delay: else nothing but robots.txt were ever read.
            pause = 0.0 if purpose == "robots" else lane.crawl_delay_s
            lane.ready_at = self._timing.monotonic() + max(pause, self._settings.delay_s)
            return replace(answer, duration_s=lasted_s)

    def _begin(self, lane: Lane) -> float:
        with self._contact:
            self._contacting.add(lane.host)
        return self._timing.monotonic()

    def _end(self, lane: Lane, word: str, answer: Answer, lasted_s: float) -> None:
        with self._contact:
            self._contacting.discard(lane.host)
            fate = lane.fate(word)
            if answer.status is not None:
                self._answered = True
                fate.in_trouble = fate.in_trouble + 1 if answer.status >= 500 or answer.error_type in _TROUBLE else 0
            elif answer.error_type in NO_CONTACT:
                fate.stopped = ("host_down", f"{lane.host} could not be reached{_led(word)}: {answer.error}")
                if word == OWN_WORD and answer.error_type in _OUTAGE and lasted_s >= _WAITED_S:
                    self._out_of_reach.add(lane.host)
            elif answer.error_type in _TROUBLE:
                fate.in_trouble += 1
            if fate.in_trouble >= _PATIENCE:
                times = f"{fate.in_trouble} times in a row"
                fate.stopped = ("host_down", f"{lane.host} failed {times}{_led(word)}: {answer.error}")
            self._contact.notify_all()


def _led(word: str) -> str:
    return "" if word == OWN_WORD else f" where {word} led"
