"""What a warehouse would keep between runs, and a run as the flow does it: discover, choose, fetch, keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from extractors.web.crawl import Crawled, crawl
from extractors.web.discover import Brought, Known, discover
from extractors.web.due import Bounds, due_pages
from extractors.web.fetch import Fetcher
from extractors.web.model import (
    Candidate,
    Endpoint,
    FailureState,
    FetchResult,
    KnownPage,
    RobotsRecord,
    Source,
    SourceState,
)
from extractors.web.outcomes import after_fetch


@dataclass
class Memory:
    """The rows, by their keys."""

    states: dict[str, SourceState] = field(default_factory=dict)
    endpoints: dict[tuple[str, str], Endpoint] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    pages: dict[str, KnownPage] = field(default_factory=dict)
    failures: dict[str, FailureState] = field(default_factory=dict)
    robots: dict[str, RobotsRecord] = field(default_factory=dict)
    bodies: dict[str, list[bytes]] = field(default_factory=dict)
    results: list[FetchResult] = field(default_factory=list)
    asked: list[FetchResult] = field(default_factory=list)

    def keep_robots(self, records: Iterable[RobotsRecord], answers: Iterable[FetchResult]) -> None:
        """Keep changed robots.txt records, and what came of the requests for them."""
        self.asked += answers
        self.robots.update({record.origin: record for record in records})

    def keep_found(self, found: Brought) -> None:
        """Keep what discovery brought."""
        self.endpoints.update({(endpoint.source_id, endpoint.url): endpoint for endpoint in found.endpoints})
        for candidate in found.candidates:
            self.candidates.setdefault(candidate.url, candidate)
        if found.state is not None:
            self.states[found.source_id] = found.state

    def keep_result(self, result: FetchResult) -> None:
        """Keep what a fetch of a page brought."""
        url = result.request.url
        after = after_fetch(self.pages.get(url), self.failures.get(url), result)
        if after.page is not None:
            self.pages[url] = after.page
        if after.failure is not None:
            self.failures[url] = after.failure
        else:
            self.failures.pop(url, None)
        if result.ok and not result.unchanged:
            self.bodies.setdefault(url, []).append(result.body)
        self.results.append(result)

    def look(self, sources: Iterable[Source], fetcher: Fetcher, *, everything: bool = False) -> list[SourceState]:
        """Discover whatever is due."""
        return discover(
            sources,
            fetcher,
            self.keep_found,
            known=Known(self.states.values(), self.endpoints.values(), set(self.candidates), everything),
            on_robots=self.keep_robots,
        )

    def read(self, fetcher: Fetcher, **limits: int) -> Crawled:
        """Fetch the pages that are due."""
        now = fetcher.timing.now()
        due = due_pages(self.candidates.values(), self.pages.values(), self.failures.values(), now, Bounds(**limits))
        return crawl(due, fetcher, self.keep_result, on_robots=self.keep_robots)
