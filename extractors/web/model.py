"""The frozen types of watching and fetching: what is configured, remembered, asked, and what came back.

Types under "remembered" are rows: plain fields only, all times aware and in UTC, so that the warehouse can
keep them as they are and give them back. Everything that decides (`due`, `discover`) takes and returns such
values.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, assert_never

SourceKind = Literal["site", "section", "feed", "sitemap", "wordpress", "wix", "govuk", "json"]
EndpointKind = Literal["feed", "sitemap", "listing", "wordpress", "api"]
EndpointRole = Literal["watch", "backfill"]
SourceStatus = Literal["new", "ok", "unreachable", "forbidden", "nothing_found"]
Purpose = EndpointKind | Literal["article", "home", "robots"]
Stage = Literal["seed", "sources", "discover", "fetch", "read", "load", "check"]
DueReason = Literal["new", "retry", "reread"]
Media = Literal["html", "pdf", "xml", "json", "text", "gzip", "binary", "empty"]

ErrorType = Literal[
    "bad_url",  # not an address that can be asked for: scheme, credentials, no host
    "unsafe_address",  # the name leads to a private, loopback, link-local, reserved or metadata address
    "disallowed",  # robots.txt forbids it
    "robots_unreachable",  # robots.txt failed by server or network, no copy is kept: RFC 9309 forbids all
    "dns",
    "connect",
    "tls",
    "timeout_connect",
    "timeout_read",  # no byte came for that long
    "timeout_total",  # bytes came, too slowly
    "protocol",  # not HTTP, or broken off
    "too_large",  # more bytes on the wire than the cap
    "bomb",  # more bytes after decompression than the cap
    "bad_coding",  # a Content-Encoding that is broken, stacked or was not offered
    "content_type",  # neither the header nor the bytes are of a kind that was asked for
    "redirect",  # too many, in a circle, without an address, or to a weaker scheme
    "not_found",  # 404
    "gone",  # 410
    "forbidden",  # 401, 402, 403, 407, 451
    "rate_limited",  # 429, and 503 with Retry-After
    "client_error",  # any other 4xx
    "server_error",  # any other 5xx
    "host_down",  # not asked: this host did not answer earlier in this run
    "network_down",  # not asked: no host at all answered in this run
    "fault",  # something that we had not thought of, in our own part
]

_MEGABYTE = 1024 * 1024


def accepted(purpose: Purpose) -> str:
    """What we would have from a server, by preference (RFC 9110 12.5.1)."""
    match purpose:
        case "feed":
            return "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
        case "sitemap":
            return "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.5"
        case "wordpress" | "api":
            return "application/json"
        case "robots":
            return "text/plain, */*;q=0.5"
        case "article" | "home" | "listing":
            return "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"
        case _:
            assert_never(purpose)


def most_bytes(purpose: Purpose, page_megabytes: int) -> int:
    """The most that is taken of a body after decompression; on the wire no more than that either."""
    match purpose:
        case "article":
            return page_megabytes * _MEGABYTE
        case "home" | "listing":
            return 8 * _MEGABYTE
        case "feed" | "wordpress" | "api":
            return 16 * _MEGABYTE  # some feeds carry full texts of hundreds of posts
        case "sitemap":
            return 50 * _MEGABYTE  # the limit of sitemaps.org
        case "robots":
            return 500 * 1024  # RFC 9309; the rest is cut off, not an error
        case _:
            assert_never(purpose)


def lists_posts(kind: EndpointKind) -> bool:
    """Whether all that an endpoint lists are posts, or it lists pages of any sort."""
    match kind:
        case "feed" | "wordpress" | "api":
            return True
        case "sitemap" | "listing":
            return False
        case _:
            assert_never(kind)


NOT_ASKED: frozenset[ErrorType] = frozenset({"host_down", "network_down"})
"""Errors of an outage or a demand to wait that was known before: they say nothing of the address itself."""


# Configured


@dataclass(frozen=True, slots=True)
class JsonList:
    """Where a JSON API lists articles: names of fields, with dots for what is nested.

    `items` is the list ("" where the document is one), the others are fields of its entries: `address`, `title`, the
    `authors` (names, or records with a `name`), and the times when they were `published` and `modified`. Of the
    query's parameters `offset` counts entries from 0, or `page` counts pages from 1; `total` is the field of the
    document that tells how many entries there are.
    """

    items: str
    address: str
    title: str = ""
    published: str = ""
    modified: str = ""
    authors: str = ""
    offset: str = ""
    page: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One place to watch, as `sources.toml` has it.

    `kind` is what `address` is; `sector` is what the publisher is ("law firm", "think tank"), for analysts.
    `include` and `exclude` are regular expressions searched in an address's path and query: with `include`
    one must match, and none of `exclude` may. `selector` is a CSS selector of an article's main text where
    the general way of reading fails. `verified` tells whether a person or a check has seen the address
    answer. After `quiet_days` without anything new, or without an answer, the operator is told of it; None is for the
    setting of that name. `api` tells where a source of kind "json" lists its articles.
    """

    source_id: str
    name: str
    homepage: str
    kind: SourceKind
    address: str
    sector: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    language: str = "en"
    selector: str | None = None
    enabled: bool = True
    verified: bool = False
    quiet_days: int | None = None
    api: JsonList | None = field(default=None, compare=False)


# Remembered


@dataclass(frozen=True, slots=True)
class SourceState:
    """How it went with a source: one row a source.

    `probed_at` is when its endpoints were last looked for, `next_probe_at` when to look again.
    `detail` says for a person what was found or what failed.
    """

    source_id: str
    status: SourceStatus
    detail: str
    probed_at: datetime | None
    next_probe_at: datetime | None
    last_ok_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that tells of new articles, with what is known of it: one row a (source_id, url).

    A "watch" endpoint is how a source's new articles are noticed; a "backfill" endpoint is asked rarely, for what
    the watch missed. `interval_s` is the pace learned so far in seconds. `next_check_at` is when that pace asks
    again; `not_before` is what the server demanded (Retry-After, ttl, max-age) and is never undercut. `received_at`
    is when a whole body last came: a server that says "not modified" for weeks is asked without conditions, since
    some say so wrongly. `retired` endpoints (410, or failing for too long) are not asked again until the source is
    probed anew.
    """

    url: str
    source_id: str
    kind: EndpointKind
    role: EndpointRole
    found_by: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    first_seen_at: datetime
    checked_at: datetime | None
    received_at: datetime | None
    changed_at: datetime | None
    interval_s: float
    next_check_at: datetime
    not_before: datetime | None
    entries: int
    failures: int
    last_status: int | None
    last_error: str | None
    retired: bool


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """A site's robots.txt as kept: one row an origin (scheme://host[:port]).

    `body` is the last copy that could be read ("" where there is none to obey: 4xx). `status` is of the last
    try, None when no answer came. `unreachable_since` is set while tries fail by the server's or the
    network's fault. `not_before` is when the site lets itself be asked again, after a Retry-After of any page.
    """

    origin: str
    fetched_at: datetime
    expires_at: datetime
    status: int | None
    body: str | None
    body_at: datetime | None
    unreachable_since: datetime | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be an article: one row a url.

    `url` is the page's identity (`address.canonical`): it is never asked for itself; `fetch_url` is.
    `found_by` is the kind of endpoint, `found_on` its address. `published_hint` and `modified_hint` are the
    endpoint's claims, as are `title` and `authors`. `priority` orders fetching within a run (greater first) and
    decides nothing else.
    """

    url: str
    fetch_url: str
    source_id: str
    title: str | None
    found_at: datetime
    found_by: EndpointKind
    found_on: str
    published_hint: datetime | None
    modified_hint: datetime | None
    priority: float
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that was fetched, with what a later conditional request needs: one row a url (identity).

    `rereads` counts the re-readings done; `next_read_at` is None when none is to come. `gone_at` is set when
    the server says that the page no longer exists; its article stays.
    """

    url: str
    fetch_url: str
    source_id: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    first_fetched_at: datetime
    checked_at: datetime
    changed_at: datetime
    rereads: int
    next_read_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailureState:
    """A failure that is being retried, or was given up (`next_try_at` is None): one row a (url, stage)."""

    url: str
    stage: Stage
    error_type: str
    message: str
    attempts: int
    first_at: datetime
    last_at: datetime
    next_try_at: datetime | None

    @property
    def given_up(self) -> bool:
        """Whether no further try will be made."""
        return self.next_try_at is None


# Asked and answered


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to ask for.

    `url` is the identity that the answer is booked under, `fetch_url` the address that goes on the wire.
    `etag`, `last_modified` and `body_hash` are those of the copy that is kept, if any. `on_word_of` is an address of
    the site that sent us there, if not the address's own: what comes of it says nothing of the host.
    """

    url: str
    fetch_url: str
    source_id: str
    purpose: Purpose
    reason: DueReason = "new"
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    priority: float = 0.0
    on_word_of: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """One step of a chain of redirects. `location` is as the server put it, but for credentials."""

    status: int
    url: str
    location: str


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of a request; a failure is a value, never an exception.

    `body` is the payload after transfer and content decoding, empty for a failure and a 304. `wire_bytes` counts
    the payload as received, before decompression, over all redirects. `headers` are those worth keeping, names in
    lower case; no cookies among them. `sent` tells whether anything went out on the network for it. `encoding` is
    what the header declares, true or not. `fetched_at` is when the answer was complete. `duration_ms` leaves out
    polite waits. `retry_after` and `fresh_until` are the server's demands as absolute times.
    """

    request: FetchRequest
    fetched_at: datetime
    final_url: str
    redirects: tuple[Redirect, ...] = ()
    status: int | None = None
    reason_phrase: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_hash: str | None = None
    wire_bytes: int = 0
    duration_ms: int = 0
    media: Media = "empty"
    content_type: str | None = None
    encoding: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: datetime | None = None
    fresh_until: datetime | None = None
    address: str | None = None
    sent: bool = False
    error_type: ErrorType | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the page was given or confirmed to be unchanged."""
        return self.error_type is None

    @property
    def unchanged(self) -> bool:
        """Whether the copy that is kept is still the page, by the server's word or by the bytes."""
        if not self.ok:
            return False
        return self.status == 304 or (self.body_hash is not None and self.body_hash == self.request.body_hash)
