"""One source's watch in one run: its endpoints looked for and checked, their news taken, what came of it remembered."""

from collections.abc import Callable, Container, Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar, assert_never

from extractors.lexicon import Phrases, Table, read_tables
from extractors.web.address import fetchable, origin, resolve, site_of
from extractors.web.discover.feeds import Part, Reading, posts_address, read_feed, read_posts, read_results
from extractors.web.discover.links import candidates, is_part_worth_reading
from extractors.web.discover.pages import SiteHints, read_hints, read_listing
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.due import endpoint_is_due, endpoint_request
from extractors.web.model import (
    Candidate,
    Endpoint,
    EndpointKind,
    EndpointRole,
    FetchRequest,
    FetchResult,
    JsonList,
    Source,
)
from extractors.web.outcomes import endpoint_after, new_endpoint
from extractors.workers import Call, RefusedError, here

Conversation = Generator[FetchRequest, FetchResult, None]
Search = Generator[FetchRequest, FetchResult, bool]
Said = TypeVar("Said")

# New parts of a sitemap index that are read in one run, and parts that are kept in all: enough for any real site.
_PARTS_A_RUN = 10
_MOST_PARTS = 200
_PASSING = frozenset({"server_error", "rate_limited", "timeout_read", "timeout_total", "protocol"})


@dataclass(frozen=True, slots=True)
class Failed:
    """A request of a source that failed, for its state."""

    result: FetchResult
    problem: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer whose body takes too much to be read; a page may be read again after others were asked."""

    result: FetchResult
    error: RefusedError


def read_endpoint(endpoint: Endpoint, result: FetchResult, fields: JsonList | None = None) -> Reading:
    """What an endpoint's body says, by its kind; `fields` are those of an API."""
    body, url, content_type = result.body, result.final_url, result.content_type
    match endpoint.kind:
        case "feed":
            return read_feed(body, url, content_type)
        case "sitemap":
            return read_sitemap(body, url, content_type)
        case "wordpress":
            return read_posts(body, url)
        case "api":
            return read_results(body, url, fields)
        case "listing":
            return read_listing(body, url, content_type)
        case _:
            assert_never(endpoint.kind)


class SourceWatch:
    """What is known and found of one source while a run lasts."""

    def __init__(
        self, source: Source, endpoints: Iterable[Endpoint], known_urls: Container[str], call: Call = here
    ) -> None:
        """`call` runs what reads a body: the site's word for it is not to be trusted."""
        self.source = source
        self.refused: Refused | None = None
        self._call = call
        self.endpoints = {endpoint.url: endpoint for endpoint in endpoints}
        self.working: list[str] = []
        self.failed: list[Failed] = []
        self._known_urls = known_urls
        self._seen: set[str] = set()
        self._new_candidates: list[Candidate] = []
        self._new_endpoints: dict[str, Endpoint] = {}

    def news(self) -> tuple[tuple[Candidate, ...], tuple[Endpoint, ...]]:
        """Candidates and changed endpoints since this was last called."""
        fresh = tuple(self._new_candidates), tuple(self._new_endpoints.values())
        self._new_candidates, self._new_endpoints = [], {}
        return fresh

    def keep(self, endpoint: Endpoint) -> None:
        """Remember an endpoint as it is now."""
        if self.endpoints.get(endpoint.url) != endpoint:
            self.endpoints[endpoint.url] = self._new_endpoints[endpoint.url] = endpoint

    def known(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint as remembered from earlier, else as given."""
        return replace(self.endpoints.get(endpoint.url, endpoint), role=endpoint.role)

    def check(self, endpoint: Endpoint, now: datetime, *, on_trial: bool = False) -> Search:
        """Ask an endpoint, take its news, follow the parts of an index; whether it works.

        One that is on trial is forgotten unless it works. One whose server wants to be left alone is not asked.
        """
        if endpoint.not_before is not None and now < endpoint.not_before:
            if endpoint.failures == 0:
                self.working.append(_shown(endpoint))
            return endpoint.failures == 0
        result = yield replace(endpoint_request(endpoint, now), on_word_of=self._word_for(endpoint.url))
        return (yield from self.take(endpoint, result, on_trial=on_trial))

    def _word_for(self, url: str) -> str | None:
        """The source's address where it sends us to another site, which the operator did not name; else None."""
        named = {site_of(self.source.homepage), site_of(self.source.address)}
        return None if site_of(url) in named else self.source.address

    def take(self, endpoint: Endpoint, result: FetchResult, *, on_trial: bool = False) -> Search:
        """Take the news of an endpoint's answer, as `check` does."""
        reading = Reading()
        if result.ok and not result.unchanged:
            said = self.read(result, read_endpoint, endpoint, result, self.source.api)
            reading = Reading(problem=str(said.error)) if isinstance(said, Refused) else said
        found, fresh = self._candidates(reading, endpoint, result.fetched_at)
        after = endpoint_after(
            endpoint,
            result,
            entries=len(found) or len(reading.parts),
            fresh=fresh,
            ttl=reading.ttl,
            problem=reading.problem,
        )
        works = result.ok and reading.problem is None
        if works:
            self.working.append(_shown(endpoint))
        # A feed that a page names is there, even if its server is out of order now; a mere guess is not.
        on_trial = on_trial and (endpoint.found_by == "known place" or result.error_type not in _PASSING)
        if not works and not on_trial:
            self.failed.append(Failed(result, reading.problem or result.error or ""))
        if works or not on_trial:
            self.keep(after)
        yield from self._follow(reading.parts, after, result.fetched_at)
        return works

    def read(self, result: FetchResult, reader: Callable[..., Said], *arguments: object) -> Said | Refused:
        """What a reader gives for an answer's body, or why that takes too much time or memory, which is noted."""
        try:
            said: Said = self._call(reader, *arguments)
        except RefusedError as refused:
            self.refused = Refused(result, refused)
            return self.refused
        return said

    def taken_refusal(self) -> Refused | None:
        """Why the last body could not be read within its limits, told once."""
        refused, self.refused = self.refused, None
        return refused

    def _candidates(self, reading: Reading, endpoint: Endpoint, now: datetime) -> tuple[list[Candidate], int]:
        """What an endpoint lists that may be articles, and how many of those were not known."""
        found = candidates(reading.links, self.source, endpoint, now)
        fresh = sum(candidate.url not in self._known_urls and candidate.url not in self._seen for candidate in found)
        self._new_candidates += [candidate for candidate in found if candidate.url not in self._seen]
        self._seen.update(candidate.url for candidate in found)
        return found, fresh

    def _follow(self, parts: Iterable[Part], index: Endpoint, now: datetime) -> Conversation:
        """Read the parts of an index that are new or that it says have changed, newest first."""
        asked = 0
        for part in sorted(parts, key=lambda part: (part.modified is None, -_seconds(part.modified))):
            known = self.endpoints.get(part.url)
            if known is None:
                kept = sum(endpoint.found_by == "index" for endpoint in self.endpoints.values())
                if kept >= _MOST_PARTS or not is_part_worth_reading(part.url):
                    continue
                known = new_endpoint(
                    part.url, self.source.source_id, "sitemap", role=index.role, found_by="index", now=now
                )
                self.keep(known)
            if asked < _PARTS_A_RUN and _has_news(known, part, now):
                asked += 1
                yield from self.check(known, now)


def _shown(endpoint: Endpoint) -> str:
    return f"{endpoint.kind} {endpoint.url}"


def _has_news(known: Endpoint, part: Part, now: datetime) -> bool:
    if known.checked_at is None:
        return True
    if part.modified is not None and not known.retired:
        return part.modified > known.checked_at
    return endpoint_is_due(known, now)


def _seconds(when: datetime | None) -> float:
    return when.timestamp() if when is not None else 0.0


_LEXICON = Path(__file__).with_name("places.toml")
_MOST_FEEDS = 3

SitemapsOf = Callable[[str], Iterable[str]]
"""Gives the sitemaps that the robots.txt of an address's site names."""


class _PlacesOf(Table):
    any: Phrases
    wordpress: Phrases
    wix: Phrases

    def of(self, builder: str) -> Phrases:
        """Where a site keeps them that this made."""
        return {"wordpress": self.wordpress, "wix": self.wix}.get(builder, self.any)


class _FeedPlaces(_PlacesOf):
    section: Phrases


class _Places(Table):
    """places.toml: where feeds and sitemaps are kept, by what built the site."""

    feeds: _FeedPlaces
    sitemaps: _PlacesOf


@cache
def _places() -> _Places:
    return read_tables(_LEXICON, _Places)


def probe(watch: SourceWatch, sitemaps_of: SitemapsOf, now: datetime) -> Conversation:
    """Find a source's endpoints and take their first news, with as few requests as its site allows."""
    return _Probe(watch, sitemaps_of, now).run()


class _Probe:
    """The looking of one source."""

    def __init__(self, watch: SourceWatch, sitemaps_of: SitemapsOf, now: datetime) -> None:
        self._watch = watch
        self._source = watch.source
        self._sitemaps_of = sitemaps_of
        self._now = now

    def run(self) -> Conversation:
        """The whole conversation."""
        kind = self._source.kind
        match kind:
            case "feed" | "sitemap":
                configured = self._endpoint(self._source.address, kind, "watch", "configured")
                yield from self._watch.check(configured, self._now)
            case "govuk" | "json":
                configured = self._endpoint(self._source.address, "api", "watch", "configured")
                yield from self._watch.check(configured, self._now)
            case "section":
                yield from self._from_home(self._section)
            case "site" | "wordpress" | "wix":
                yield from self._from_home(self._site)
            case _:
                assert_never(kind)

    def _from_home(self, search: Callable[[FetchResult, SiteHints], Conversation]) -> Conversation:
        """Ask for the page at the source's address, and search on from what it says."""
        home = yield self._home_request()
        if not home.ok:
            self._watch.failed.append(Failed(home, home.error or ""))
            return
        hints = self._watch.read(home, read_hints, home.body, home.final_url, home.content_type)
        yield from search(home, SiteHints() if isinstance(hints, Refused) else hints)

    def _section(self, home: FetchResult, hints: SiteHints) -> Conversation:
        """A part of a site is watched by a feed of its own, else by its page: the site's feed would bring the rest."""
        below = home.final_url.partition("?")[0].rstrip("/") + "/"
        own = [feed for feed in hints.feeds if feed.startswith(below)]
        places = [below + place for place in _places().feeds.section]
        if not (yield from self._feeds(own, places)):
            yield from self._listing(home)

    def _site(self, home: FetchResult, hints: SiteHints) -> Conversation:
        builder = self._builder(hints)
        has_feed = yield from self._feeds(hints.feeds, self._below(home.final_url, _places().feeds.of(builder)))
        has_watch = has_feed
        if builder == "wordpress":
            root = hints.api_root or resolve(origin(home.final_url), "/wp-json/") or ""
            works = yield from self._trial(posts_address(root), "wordpress", self._role(has_watch), "api")
            has_watch = has_watch or works
        if not has_watch:
            has_watch = yield from self._listing(home)
        yield from self._sitemaps(home.final_url, hints, builder, self._role(has_watch))

    def _builder(self, hints: SiteHints) -> str:
        if hints.api_root:
            return "wordpress"
        match self._source.kind:
            case "wordpress" | "wix" as configured:
                return hints.builder or configured
            case "site" | "section" | "feed" | "sitemap" | "govuk" | "json":
                return hints.builder or "any"
            case _:
                assert_never(self._source.kind)

    def _feeds(self, named: Iterable[str], places: Iterable[str]) -> Search:
        """The feeds that a page names, else the first that answers in a known place; whether any works."""
        works = False
        for url in list(named)[:_MOST_FEEDS]:
            works |= yield from self._trial(url, "feed", "watch", "link")
        for url in places:
            if works:
                break
            works = yield from self._trial(url, "feed", "watch", "known place")
        return works

    def _sitemaps(self, home: str, hints: SiteHints, builder: str, role: EndpointRole) -> Conversation:
        named = list(dict.fromkeys([*self._sitemaps_of(home), *hints.sitemaps]))
        works = False
        for url in named:
            works |= yield from self._trial(resolve(home, url), "sitemap", role, "robots.txt")
        for url in self._below(home, _places().sitemaps.of(builder)):
            if works:
                break
            works = yield from self._trial(url, "sitemap", role, "known place")

    def _listing(self, home: FetchResult) -> Search:
        """The page itself as a listing; it is here already and need not be asked for."""
        endpoint = self._endpoint(home.final_url, "listing", "watch", "home page")
        return (yield from self._watch.take(endpoint, home, on_trial=self._source.kind != "section"))

    def _trial(self, url: str | None, kind: EndpointKind, role: EndpointRole, found_by: str) -> Search:
        """Check what may be an endpoint; one that was found in an earlier run is no trial any more."""
        if url is None:
            return False
        endpoint = self._endpoint(url, kind, role, found_by)
        on_trial = endpoint.checked_at is None
        return (yield from self._watch.check(endpoint, self._now, on_trial=on_trial))

    def _endpoint(self, url: str, kind: EndpointKind, role: EndpointRole, found_by: str) -> Endpoint:
        new = new_endpoint(fetchable(url), self._source.source_id, kind, role=role, found_by=found_by, now=self._now)
        return self._watch.known(new)

    def _home_request(self) -> FetchRequest:
        address = self._source.address
        return FetchRequest(address, address, self._source.source_id, "home")

    @staticmethod
    def _role(has_watch: bool) -> EndpointRole:
        return "backfill" if has_watch else "watch"

    @staticmethod
    def _below(home: str, places: Phrases) -> list[str]:
        root = origin(home)
        return [root + place for place in places]
