"""Fetching politely: robots.txt, a delay a host, redirects by hand, and every outcome as a `FetchResult`.

`Fetcher.fetch` may be called from several threads. It never raises for what a server or the network does.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

from extractors.web import hosts
from extractors.web.address import BadAddressError, fetchable, host_of, origin, same_page, same_site, site_of
from extractors.web.body import content_hash, declared_charset, media_of
from extractors.web.hosts import NO_CONTACT, OWN_WORD, Answer, Claims, Lane, Lanes
from extractors.web.model import NOT_ASKED, ErrorType, FetchRequest, FetchResult, Media, Purpose, Redirect, RobotsRecord
from extractors.web.robots import Ruling, named_sitemaps, robots_after
from extractors.web.robots import ruling as ruling_of
from extractors.web.settings import PRODUCT, FetchSettings, Timing
from extractors.web.transport import Guard, Resolver, system_resolver
from extractors.workers import Call, RefusedError, here

_READABLE: frozenset[Media] = frozenset({"html", "pdf", "text", "empty"})
_BY_STATUS: dict[int, ErrorType] = {
    404: "not_found", 410: "gone", 401: "forbidden", 402: "forbidden", 403: "forbidden", 407: "forbidden",
    451: "forbidden", 429: "rate_limited",
}  # fmt: skip
_MOST_REDIRECTS = 5  # RFC 9309 wants as many followed for robots.txt
# A page's own redirect: looked for where heads of pages are, and followed where it comes before anybody has read.
_REFRESH_WINDOW = 32_768
_SOON_S = 10
_PAGES: frozenset[Purpose] = frozenset({"article", "home", "listing"})
_PASSED_BY = re.compile(
    rb"<!--.*?(?:-->|$)|<(noscript|script|style|template)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL
)
_REFRESH = re.compile(rb"<meta\b[^>]{0,300}?http-equiv\s*=\s*[\"']?refresh\b[^>]{0,2000}>", re.IGNORECASE)
_REFRESH_TO = re.compile(
    rb"content\s*=\s*[\"']?\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'>]+)", re.IGNORECASE
)
_CREDENTIALS = re.compile(r"//[^/?#\s]*@")
# What a host demands that says 429 and not for how long.
_UNSTATED_HOLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Blocked:
    """Why an address is not asked for."""

    error_type: ErrorType
    error: str


class Fetcher:
    """Fetches addresses for one run; keeps sessions, cookies and what it learned of hosts only for that run."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        timing: Timing | None = None,
        resolver: Resolver | None = None,
        robots: Iterable[RobotsRecord] = (),
        call: Call = here,
        claims: Claims | None = None,
    ) -> None:
        """`robots` are the records of earlier runs; `call` runs whatever reads a body.

        `claims` tells which hosts are this worker's to ask, where several share the work.
        """
        self.settings = settings
        self.claims = claims
        self.call = call
        self.timing = timing or Timing.real()
        chosen = resolver or (lambda host, port: system_resolver(host, port, timeout_s=settings.connect_seconds))
        self._lanes = Lanes(settings, self.timing, Guard.allowing(settings.allow_hosts), chosen, robots, claims)
        self._unread: dict[str, str] = {}  # why a site's robots.txt could not be had just now

    def __enter__(self) -> "Fetcher":
        """The fetcher itself; leaving closes its connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self._lanes.close()

    @property
    def network_down(self) -> bool:
        """Whether no host at all answered, so that asking on is no use in this run."""
        return self._lanes.network_down

    def rests(self) -> dict[str, float]:
        """For how many seconds from now on each host is to be left alone, whoever asks it next."""
        return self._lanes.rests()

    def fresh_robots(self) -> list[RobotsRecord]:
        """Records that changed since this was last called, to be kept for the next run."""
        return self._lanes.fresh_robots()

    def fresh_answers(self) -> list[FetchResult]:
        """What came of each request for a robots.txt since this was last called, to be kept beside other requests."""
        return self._lanes.fresh_answers()

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that a site's robots.txt names, as far as that was read in this run or kept."""
        record = self._lanes.robots(origin(url))
        if record is None:
            return ()
        try:
            named: tuple[str, ...] = self.call(named_sitemaps, record, PRODUCT)
        except RefusedError:
            return ()
        return named

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Ask for an address and follow where it leads, within all that robots.txt, safety and politeness allow."""
        try:
            url = fetchable(request.fetch_url)
        except BadAddressError as error:
            return self._failed(request, request.fetch_url, _Blocked("bad_url", str(error)))
        chain: list[Redirect] = []
        wire_bytes, duration_s = 0, 0.0
        while True:
            blocked = self._blocked(url, request)
            if blocked is not None:
                result = self._failed(request, url, blocked)
                return replace(result, redirects=tuple(chain), sent=bool(chain))
            answer = self._ask(url, request, conditional=same_site(url, request.fetch_url))
            wire_bytes += answer.wire_bytes
            duration_s += answer.duration_s
            step = self._redirected(answer, url, chain, refreshed(answer, url, request))
            if isinstance(step, str):
                url = step
                continue
            result = self._result(request, url, answer, step)
            return replace(result, redirects=tuple(chain), wire_bytes=wire_bytes, duration_ms=round(duration_s * 1000))

    def faulty(self, request: FetchRequest, error: Exception) -> FetchResult:
        """The result of a request that a fault of ours kept from being made."""
        told = f"a fault in asking for it ({type(error).__name__}: {str(error)[:200]}); please report it"
        return self._failed(request, request.fetch_url, _Blocked("fault", told))

    def _redirected(
        self, answer: Answer, url: str, chain: list[Redirect], refresh: str | None
    ) -> str | _Blocked | None:
        """The next address of a chain, why it ends badly, or None where the answer is no redirect."""
        if answer.status is None or not (answer.is_redirect or refresh):
            return None
        location = refresh or answer.location
        if not location:
            return _Blocked("redirect", f"status {answer.status} without an address")
        chain.append(Redirect(answer.status, url, _CREDENTIALS.sub("//", location)))
        if len(chain) > _MOST_REDIRECTS:
            return _Blocked("redirect", f"more than {_MOST_REDIRECTS} redirects")
        try:
            target = _not_weaker(url, fetchable(urljoin(url, location)))
        except ValueError as error:
            return _Blocked("redirect", f"leads to what cannot be asked for: {error}")
        if target in {step.url for step in chain} and not self._lanes.lane(host_of(url)).has_cookies:
            return _Blocked("redirect", "the redirects go in a circle")
        return target

    def _blocked(self, url: str, request: FetchRequest) -> _Blocked | None:
        """Whether something forbids asking: an outage, a demand to wait, or robots.txt."""
        lane = self._lanes.lane(host_of(url))
        stopped = self._lanes.stopped(lane, origin(url), _word(url, request))
        if stopped is not None:
            return _Blocked(*stopped)
        if request.purpose == "robots":
            return None
        record = self._robots(url, lane, request)
        return record if isinstance(record, _Blocked) else self._forbidden(url, lane, record)

    def _forbidden(self, url: str, lane: Lane, record: RobotsRecord) -> _Blocked | None:
        """What robots.txt says against asking; what it says of the pace is noted."""
        try:
            ruling: Ruling = self.call(ruling_of, record, PRODUCT, url, self.timing.now())
        except RefusedError as refused:
            return _Blocked("robots_unreachable", f"robots.txt of {record.origin} cannot be obeyed: {refused}")
        lane.crawl_delay_s = ruling.crawl_delay_s
        if ruling.verdict == "disallowed":
            return _Blocked("disallowed", f"robots.txt of {record.origin} forbids it")
        if ruling.verdict == "unreachable":
            why = self._unread.get(record.origin)
            told = f"robots.txt of {record.origin} cannot be read{f' ({why})' if why else ''}, so all is forbidden"
            return _Blocked("robots_unreachable", told)
        return None

    def _robots(self, url: str, lane: Lane, request: FetchRequest) -> RobotsRecord | _Blocked:
        """The site's robots.txt, read anew when the kept copy is too old."""
        site = origin(url)
        with lane.robots_lock:
            record = self._lanes.robots(site)
            if record is None or record.expires_at <= self.timing.now():
                place, word = f"{site}/robots.txt", request.on_word_of or request.fetch_url
                ask = FetchRequest(place, place, request.source_id, "robots", on_word_of=word)
                result = self.fetch(ask)
                if result.sent:
                    self._lanes.keep_answer(result)
                error = result.error_type
                if error is not None and error in NO_CONTACT | NOT_ASKED:
                    return _Blocked(error, result.error or "")
                self._unread[site] = result.error or ""
                record = self._robots_after(record, site, result)
                self._lanes.keep_robots(record)
        return record

    def _robots_after(self, previous: RobotsRecord | None, site: str, result: FetchResult) -> RobotsRecord:
        """What to keep of a robots.txt; one that takes too much to be read is one that could not be had."""
        try:
            record: RobotsRecord = self.call(robots_after, previous, site, result)
        except RefusedError as refused:
            return robots_after(previous, site, replace(result, body=b"", error_type="protocol", error=str(refused)))
        return record

    def _ask(self, url: str, request: FetchRequest, *, conditional: bool) -> Answer:
        lane = self._lanes.lane(host_of(url))
        headers: dict[str, str] = {}
        if conditional and request.etag:
            headers["If-None-Match"] = request.etag
        if conditional and request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        return self._lanes.exchange(lane, url, request.purpose, headers, _word(url, request))

    def _result(self, request: FetchRequest, url: str, answer: Answer, step: _Blocked | None) -> FetchResult:
        now = self.timing.now()
        wait = hosts.retry_after(answer.header("retry-after"), now)
        error_type, error = (step.error_type, step.error) if step else _judged(answer, request, waits=wait is not None)
        if error_type == "rate_limited":
            wait = wait or now + _UNSTATED_HOLD
            self._lanes.hold(url, _word(url, request), wait, now)
        content_type = answer.header("content-type")
        body = answer.body if error_type is None else b""
        media = media_of(body, content_type)
        return FetchResult(
            request=request,
            fetched_at=now,
            final_url=url,
            status=answer.status,
            reason_phrase=answer.reason,
            headers=tuple(header for header in answer.headers if header[0] != "location"),  # see `redirects`
            body=body,
            body_hash=content_hash(body) if error_type is None and answer.status != 304 else None,
            media=media,
            content_type=content_type,
            encoding=declared_charset(content_type),
            etag=answer.header("etag"),
            last_modified=answer.header("last-modified"),
            retry_after=wait,
            fresh_until=hosts.fresh_until(
                answer.header("cache-control"), answer.header("age"), answer.header("expires"), now
            ),
            address=answer.address,
            sent=answer.error_type not in NOT_ASKED,
            error_type=error_type,
            error=error,
        )

    def _failed(self, request: FetchRequest, url: str, blocked: _Blocked) -> FetchResult:
        """A result for what was not asked for; an address that cannot be parsed is not repeated."""
        shown = "" if blocked.error_type == "bad_url" else url
        held = self._lanes.held_until(url) if blocked.error_type == "host_down" else None
        return FetchResult(
            request, self.timing.now(), shown, retry_after=held, error_type=blocked.error_type, error=blocked.error
        )


def refreshed(answer: Answer, url: str, request: FetchRequest) -> str | None:
    """Where a page sends its readers by `<meta http-equiv=refresh>` within seconds; None where it stays.

    What scripts would keep from happening (`noscript`) and a page that loads itself anew do not count.
    """
    if answer.status != 200 or request.purpose not in _PAGES or "html" not in (answer.header("content-type") or ""):
        return None
    head = _PASSED_BY.sub(b"", answer.body[:_REFRESH_WINDOW])
    for tag in _REFRESH.finditer(head):
        stated = _REFRESH_TO.search(tag[0])
        if stated is None or int(stated[1]) > _SOON_S:
            continue
        target = unescape(stated[2].decode("utf-8", "replace")).strip()
        return None if same_page(urljoin(url, target), url) else target
    return None


def _word(url: str, request: FetchRequest) -> str:
    """On whose word an address is asked for: the site that the request began at, unless that is the address's own."""
    try:
        word = site_of(request.on_word_of or request.fetch_url)
    except BadAddressError:
        return OWN_WORD
    return OWN_WORD if word == site_of(url) else word


def _judged(answer: Answer, request: FetchRequest, *, waits: bool) -> tuple[ErrorType | None, str | None]:
    """The error that an answer amounts to, if any."""
    if answer.error_type is not None or answer.status is None:
        return answer.error_type, answer.error
    by_status = _judged_by_status(answer.status, request, waits=waits)
    if by_status is not None:
        return by_status, f"status {answer.status} {answer.reason or ''}".strip()
    media = media_of(answer.body, answer.header("content-type"))
    if request.purpose == "article" and answer.status != 304 and media not in _READABLE:
        return "content_type", f"the bytes are {media}, not a page"
    return None, None


def _judged_by_status(status: int, request: FetchRequest, *, waits: bool) -> ErrorType | None:
    if status in {200, 203} or (status == 304 and (request.etag or request.last_modified)):
        return None
    if status == 503 and waits:
        return "rate_limited"
    if status >= 500:
        return "server_error"
    # Any other 2xx or 3xx is no answer to a plain GET; bot walls send 202.
    return _BY_STATUS.get(status, "client_error") if status >= 400 else "protocol"


def _not_weaker(url: str, target: str) -> str:
    """A redirect's target over TLS if the page before it was: what was asked for securely is not taken otherwise.

    Raises:
        ValueError: the target names a port that cannot be both.
    """
    if not (url.startswith("https://") and target.startswith("http://")):
        return target
    if origin(target).count(":") > 1:
        raise ValueError("from https to http on a port of its own")
    return "https://" + target.removeprefix("http://")
