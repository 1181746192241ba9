"""One host at a time: its session, what it demands of our time, when it may be asked again, and if it is worth it."""

import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Lock
from typing import Protocol

import requests
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import SSLError as RawSSLError
from urllib3.response import HTTPResponse

from extractors.web.address import BadAddressError, host_of, origin
from extractors.web.body import ACCEPT_ENCODING, PIECE, BodyError, Wire, read_body
from extractors.web.model import ErrorType, FetchResult, Purpose, RobotsRecord, accepted, most_bytes
from extractors.web.settings import FetchSettings, Timing
from extractors.web.transport import Guard, Resolver, TransportError, new_session

# A server that asks for more than this is misconfigured; the failure's own delays take over.
_LONGEST_DEMAND = timedelta(days=30)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """A Retry-After header (RFC 9110 10.2.3) as a time, at most 30 days ahead; None where it says nothing."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return now + min(timedelta(seconds=min(int(value[:9]), 10**8)), _LONGEST_DEMAND)
    when = http_date(value)
    return None if when is None else min(max(when, now), now + _LONGEST_DEMAND)


def fresh_until(cache_control: str | None, age: str | None, expires: str | None, now: datetime) -> datetime | None:
    """How long a server lets its answer be reused (RFC 9111 4.2.1), as a time; None where it says nothing or no."""
    directives = [part.strip().lower() for part in (cache_control or "").split(",")]
    if {"no-store", "no-cache"} & set(directives):
        return None
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            spent = int(age[:9]) if age is not None and age.isascii() and age.isdigit() else 0
            seconds = max(min(int(value[:9]), 10**8) - spent, 0)
            return now + min(timedelta(seconds=seconds), _LONGEST_DEMAND)
    when = http_date(expires or "")
    return when if when is not None and now < when else None


def http_date(value: str) -> datetime | None:
    """A date in one of HTTP's forms as an aware UTC time, or None."""
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    try:
        return when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Kinds that are refused by the header alone, before their bytes are received.
_UNWANTED = (
    "image/", "audio/", "video/", "font/", "model/", "application/zip", "application/x-msdownload",
    "application/vnd.openxmlformats", "application/vnd.ms-", "application/msword", "application/wasm",
)  # fmt: skip
_WITH_PAGE = frozenset({200, 203})
_KEPT_HEADERS = frozenset({
    "age", "cache-control", "content-encoding", "content-language", "content-length", "content-type", "date", "etag",
    "expires", "last-modified", "link", "location", "retry-after", "server", "vary", "x-robots-tag", "x-wp-totalpages",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange brought: a status with headers and perhaps a body, or an error.

    `duration_s` is from asking to the last byte, without the polite wait before.
    """

    status: int | None = None
    reason: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    wire_bytes: int = 0
    address: str | None = None
    duration_s: float = 0.0
    error_type: ErrorType | None = None
    error: str | None = None

    def header(self, name: str) -> str | None:
        """A kept header's value by its name in lower case."""
        return dict(self.headers).get(name)

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as the server put it; None for anything else."""
        return self.header("location") if self.status in _REDIRECTS else None

    @property
    def is_redirect(self) -> bool:
        """Whether the server sends us elsewhere, wherever that is."""
        return self.status in _REDIRECTS


class HostSession:
    """A host's session: one request at a time, cookies kept only as long as it lives."""

    def __init__(self, settings: FetchSettings, guard: Guard, resolver: Resolver) -> None:
        self._settings = settings
        self._session, self._adapter = new_session(guard, resolver, settings.proxy or None)
        self._session.headers.clear()
        self._session.verify = str(settings.ca_file) if settings.ca_file else True
        self.lock = Lock()

    @property
    def has_cookies(self) -> bool:
        """Whether the host set any in this run."""
        return len(self._session.cookies) > 0

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def exchange(self, url: str, purpose: Purpose, conditional: Mapping[str, str]) -> Answer:
        """Ask for one address; the caller holds `lock`.

        Servers close idle connections just when they are used again; then, as RFC 9110 (9.2.2) lets a client do
        for a GET, it is asked once more over a new one.
        """
        answer = self._once(url, purpose, conditional)
        if answer.status is None and answer.error_type == "protocol" and self._adapter.deadline.reused:
            answer = self._once(url, purpose, conditional)
        return answer

    def _once(self, url: str, purpose: Purpose, conditional: Mapping[str, str]) -> Answer:
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": accepted(purpose),
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "en-GB, en;q=0.8, *;q=0.3",
            **conditional,
        }
        deadline = self._adapter.deadline
        deadline.start(self._settings.fetch_seconds)
        try:
            request = self._session.prepare_request(requests.Request("GET", url, headers=headers))
            timeout = (self._settings.connect_seconds, self._settings.read_seconds)
            response = self._session.send(request, stream=True, allow_redirects=False, timeout=timeout)
            with closing(response):
                answer = _receive(response, purpose, most_bytes(purpose, self._settings.page_megabytes))
            # A shut socket reads like the end of a body that has no announced length.
            return self._too_slow() if deadline.passed else answer
        except (TransportError, BodyError) as error:
            if deadline.passed:
                return self._too_slow()
            return Answer(error_type=error.error_type, error=str(error))
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            if deadline.passed:
                return self._too_slow()
            return Answer(error_type=_error_type(error), error=_say(error, self._settings))
        finally:
            deadline.stop()

    def _too_slow(self) -> Answer:
        limit = self._settings.fetch_seconds
        return Answer(error_type="timeout_total", error=f"not complete after {limit:g} s in all")


def _receive(response: requests.Response, purpose: Purpose, cap: int) -> Answer:
    raw: HTTPResponse = response.raw
    headers = tuple(
        (name.lower(), value.strip()) for name, value in response.headers.items() if name.lower() in _KEPT_HEADERS
    )
    address = getattr(raw.connection, "connected_to", None)
    answer = Answer(response.status_code, response.reason, headers, address=address)
    if response.status_code not in _WITH_PAGE:
        return answer
    refused = None if purpose == "robots" else _refusal(answer, cap)
    if refused is not None:
        return replace(answer, error_type=refused[0], error=refused[1])
    cut = purpose == "robots"
    # A robots.txt is read up to its limit and the rest left; of anything else, more than the cap is an error.
    wire = Wire(lambda size: raw.read1(size, decode_content=False) or b"", cap + PIECE if cut else cap)
    try:
        body = read_body(wire, answer.header("content-encoding") or "", cap, cut=cut)
    except BodyError as error:
        return replace(answer, wire_bytes=wire.count, error_type=error.error_type, error=str(error))
    return replace(answer, body=body, wire_bytes=wire.count)


def _refusal(answer: Answer, cap: int) -> tuple[ErrorType, str] | None:
    """Why a body need not even be received, by its headers."""
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if kind.startswith(_UNWANTED):
        return "content_type", f"the content type is {kind[:60]}"
    declared = answer.header("content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:18]) > cap:
        return "too_large", f"{int(declared[:18]):,} bytes are announced, {cap:,} are the most"
    return None


def _error_type(error: Exception) -> ErrorType:
    if isinstance(error, SSLError | RawSSLError):
        return "tls"
    if isinstance(error, requests.exceptions.ReadTimeout | ReadTimeoutError | TimeoutError):
        return "timeout_read"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "timeout_connect"
    return "protocol"


def _say(error: Exception, settings: FetchSettings) -> str:
    if _error_type(error) == "timeout_read":
        return f"nothing was received for {settings.read_seconds:g} s"
    if _error_type(error) == "tls":
        return f"the secure connection failed: {str(error)[:200]}"
    return f"the connection broke: {type(error).__name__}: {str(error)[:200]}"


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


class Claims(Protocol):
    """Which hosts this worker may ask, where several share the work: each is asked by one of them at a time."""

    @property
    def most(self) -> int:
        """How many hosts to have in hand at a time."""

    def begin(self, host: str) -> bool:
        """Whether what is to be asked of a host may be asked for now."""

    def claim(self, host: str) -> float | None:
        """In how many seconds a host may be asked; None where another worker asks it."""

    def drained(self, host: str) -> None:
        """Told when nothing more is to be asked of a host at present."""


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
        claims: Claims | None = None,
    ) -> None:
        self._settings = settings
        self._claims = claims
        self._timing = timing
        self._guard = guard
        self._resolver = resolver
        self._lanes: dict[str, Lane] = {}
        self._robots = {record.origin: record for record in robots}
        self._fresh: dict[str, RobotsRecord] = {}
        self._answers: list[FetchResult] = []
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

    def rests(self) -> dict[str, float]:
        """For how many seconds from now on each host is to be left alone."""
        now = self._timing.monotonic()
        with self._lock:
            return {host: lane.ready_at - now for host, lane in self._lanes.items() if lane.ready_at > now}

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

    def keep_answer(self, answer: FetchResult) -> None:
        """Remember what came of a request for a robots.txt, to hand it out once by `fresh_answers`."""
        with self._lock:
            self._answers.append(answer)

    def fresh_answers(self) -> list[FetchResult]:
        """Answers since the last call."""
        with self._lock:
            fresh, self._answers = self._answers, []
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
            if not self._claimed(lane):
                message = f"another worker is asking {lane.host}: left for the next run"
                return Answer(error_type="host_down", error=message)
            wait = lane.ready_at - self._timing.monotonic()
            if wait > self._settings.longest_wait:
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
            lane.ready_at = self._timing.monotonic() + max(pause, self._settings.host_delay)
            return replace(answer, duration_s=lasted_s)

    def _claimed(self, lane: Lane) -> bool:
        """Whether the host is this worker's to ask, at the pace that others left it with."""
        if self._claims is None:
            return True
        ready_in_s = self._claims.claim(lane.host)
        if ready_in_s is None:
            return False
        lane.ready_at = max(lane.ready_at, self._timing.monotonic() + ready_in_s)
        return True

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
