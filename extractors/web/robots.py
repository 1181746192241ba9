"""What a site's robots.txt lets us do, kept and renewed by RFC 9309."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from protego import Protego

from extractors.text.decode import decode
from extractors.web.model import FetchResult, RobotsRecord

Verdict = Literal["allowed", "disallowed", "unreachable"]

SIZE_LIMIT = 500 * 1024
"""Bytes of a robots.txt that are read; what follows is ignored (RFC 9309 2.5)."""

_LIFETIME = timedelta(hours=24)  # RFC 9309 2.4
_SHORTEST_LIFETIME = timedelta(hours=1)
_RETRY = timedelta(hours=1)  # after a failure, so that a site is not shut out for a day by one bad minute
_PATIENCE = timedelta(days=30)  # RFC 9309 2.3.1.4
# No file to obey rather than no answer: RFC 9309 2.3.1.2 and 2.3.1.3. 429 is a server's overload, not a missing file.
_NO_FILE = frozenset({"not_found", "gone", "forbidden", "client_error", "redirect"})
_ENDLESS_S = 10**9  # whole numbers of any length can stand in a Request-rate
_log = logging.getLogger(__name__)


def robots_after(previous: RobotsRecord | None, origin: str, result: FetchResult) -> RobotsRecord:
    """What to keep of a site's robots.txt after a try to read it."""
    now = result.fetched_at
    not_before = previous.not_before if previous else None
    if result.status == 304 and previous is not None and previous.body is not None:
        return replace(previous, fetched_at=now, expires_at=_expiry(result), status=304, unreachable_since=None)
    if result.ok or result.error_type in _NO_FILE:
        text = decode(result.body[:SIZE_LIMIT], result.content_type, html=False) if result.ok else ""
        return RobotsRecord(origin, now, _expiry(result), result.status, text, now, None, not_before)
    return RobotsRecord(
        origin=origin,
        fetched_at=now,
        expires_at=max(now + _RETRY, result.retry_after or now),
        status=result.status,
        body=previous.body if previous else None,
        body_at=previous.body_at if previous else None,
        unreachable_since=(previous.unreachable_since if previous else None) or now,
        not_before=not_before,
    )


def _expiry(result: FetchResult) -> datetime:
    """By the server's word within RFC 9309's 24 hours, and no sooner than an hour."""
    now = result.fetched_at
    wanted = result.fresh_until or now + _LIFETIME
    return min(max(wanted, now + _SHORTEST_LIFETIME), now + _LIFETIME)


class Ruling(NamedTuple):
    """What a robots.txt says of one address, and the seconds that its site wants between requests."""

    verdict: Verdict
    crawl_delay_s: float


def ruling(record: RobotsRecord, agent: str, url: str, now: datetime) -> Ruling:
    """As `Rules.ruling`, from the record."""
    return Rules.of(record, agent).ruling(url, now)


def named_sitemaps(record: RobotsRecord, agent: str) -> tuple[str, ...]:
    """As `Rules.sitemaps`, from the record."""
    return Rules.of(record, agent).sitemaps


@dataclass(frozen=True, slots=True)
class Rules:
    """A kept robots.txt, ready to be asked on behalf of one product token."""

    record: RobotsRecord
    agent: str
    _parsed: Protego | None

    @classmethod
    def of(cls, record: RobotsRecord, agent: str) -> "Rules":
        """Parse a record's copy; what is not a robots.txt forbids nothing."""
        try:
            return cls(record, agent, Protego.parse(record.body) if record.body else None)
        except Exception as error:  # a parser that fails on strange text must not end a run
            _log.warning("robots.txt of %s cannot be parsed (%s): taken as empty", record.origin, type(error).__name__)
            return cls(record, agent, None)

    def verdict(self, url: str, now: datetime) -> Verdict:
        """Whether an address may be asked for.

        While a file is unreachable the last copy counts; without one all is forbidden, for 30 days.
        """
        if self.record.body is None:
            since = self.record.unreachable_since
            return "allowed" if since is not None and now - since >= _PATIENCE else "unreachable"
        if self._parsed is None or self._parsed.can_fetch(url, self.agent):
            return "allowed"
        return "disallowed"

    def ruling(self, url: str, now: datetime) -> "Ruling":
        """What it says of one address."""
        return Ruling(self.verdict(url, now), self.crawl_delay_s)

    @property
    def crawl_delay_s(self) -> float:
        """Seconds between requests that the site asks for: its Crawl-delay, or what its Request-rate comes to."""
        if self._parsed is None:
            return 0.0
        rate = self._parsed.request_rate(self.agent)
        by_rate = min(rate.seconds, _ENDLESS_S) / rate.requests if rate is not None and rate.requests else 0.0
        return max(self._parsed.crawl_delay(self.agent) or 0.0, by_rate)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, each once, in its order."""
        return () if self._parsed is None else tuple(dict.fromkeys(self._parsed.sitemaps))
