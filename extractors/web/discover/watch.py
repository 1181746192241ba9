"""One source's watch in one run: its endpoints checked, their news taken, what came of it remembered."""

from collections.abc import Callable, Container, Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from extractors.web.address import site_of
from extractors.web.discover.feeds import read_feed
from extractors.web.discover.links import candidates, is_part_worth_reading
from extractors.web.discover.pages import read_listing
from extractors.web.discover.reading import Part, Reading
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.discover.wordpress import read_posts
from extractors.web.due import endpoint_is_due, endpoint_request
from extractors.web.model import Candidate, Endpoint, FetchRequest, FetchResult, Source
from extractors.web.remember import endpoint_after, new_endpoint
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


def read_endpoint(endpoint: Endpoint, result: FetchResult) -> Reading:
    """What an endpoint's body says, by its kind."""
    body, url, content_type = result.body, result.final_url, result.content_type
    if endpoint.kind == "feed":
        return read_feed(body, url, content_type)
    if endpoint.kind == "sitemap":
        return read_sitemap(body, url, content_type)
    if endpoint.kind == "wordpress":
        return read_posts(body, url)
    return read_listing(body, url, content_type)


class SourceWatch:
    """What is known and found of one source while a run lasts."""

    def __init__(
        self, source: Source, endpoints: Iterable[Endpoint], known_urls: Container[str], call: Call = here
    ) -> None:
        """`call` runs what reads a body: the site's word for it is not to be trusted."""
        self.source = source
        self.refused: RefusedError | None = None
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
            reading = self.read(read_endpoint, endpoint, result) or Reading(problem=str(self.refused))
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

    def read(self, reader: Callable[..., Said], *arguments: object) -> Said | None:
        """What a reader gives for a body; None where that takes too much time or memory, which is noted."""
        try:
            said: Said = self._call(reader, *arguments)
        except RefusedError as refused:
            self.refused = refused
            return None
        return said

    def taken_refusal(self) -> RefusedError | None:
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
