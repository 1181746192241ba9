"""Growing the watch: what a site would bring if it were watched, and which sites similar articles point to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from extractors.web.address import BadAddressError, canonical, path_and_query, same_site, site_of
from extractors.web.discover import Brought, discover
from extractors.web.discover.feeds import Reading
from extractors.web.discover.links import looks_like_article, priority, unlikely_sites
from extractors.web.discover.pages import read_listing
from extractors.web.discover.run import Known
from extractors.web.fetch import Fetcher
from extractors.web.model import Candidate, Endpoint, RobotsRecord, Source, SourceState
from extractors.workers import RefusedError, Workers
from flows.run import workers_of
from flows.settings import Settings
from warehouse.errors import DamagedError
from warehouse.raw_store import RawStore
from warehouse.watched import LinkingPage


@dataclass(slots=True)
class Probe:
    """What a site would bring: its state, the endpoints that work, and what they list."""

    state: SourceState | None = None
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)


def probe_source(source: Source, settings: Settings, robots: Iterable[RobotsRecord] = ()) -> Probe:
    """Look for a site's feeds, sitemaps and listings as a run would, and keep nothing of it; no article is fetched."""
    probe = Probe()

    def keep(found: Brought) -> None:
        probe.endpoints.update({endpoint.url: endpoint for endpoint in found.endpoints})
        probe.candidates.update({candidate.url: candidate for candidate in found.candidates})
        probe.state = found.state or probe.state

    with (
        workers_of(settings) as workers,
        Fetcher(settings, robots=robots, call=workers.call) as fetcher,
    ):
        discover([source], fetcher, keep, known=Known(search_anew=True), budget_s=settings.crawl_budget)
    return probe


@dataclass(slots=True)
class Suggestion:
    """A site that similar articles point to, with the evidence: who points there, and to what."""

    site: str
    pages: dict[str, str] = field(default_factory=dict)  # address to what the link says
    linked_by: set[str] = field(default_factory=set)  # articles
    publishers: set[str] = field(default_factory=set)
    similar: int = 0  # articles of that site that are in the warehouse already

    @property
    def weight(self) -> tuple[int, int, int]:
        """What orders suggestions: articles that are here already, then publishers, then articles that point there."""
        return self.similar, len(self.publishers), len(self.linked_by)


def suggested_sites(
    pages: Sequence[LinkingPage],
    store: RawStore,
    workers: Workers,
    watched: Sequence[Source],
    here: Iterable[str],
    told: Callable[[int], object],
) -> list[Suggestion]:
    """Go through the stored pages of articles and gather the sites that they point to, best first; nothing is fetched.

    A link counts if it leads to another site that is not watched, to what looks like an article, and speaks of our
    subject by its words or its address.

    Args:
        pages: the articles' pages.
        store: their bytes.
        workers: who reads them.
        watched: the sources, those that are switched off too.
        here: addresses of all articles.
        told: is told how many pages were gone through.
    """
    sites: dict[str, Suggestion] = {}
    own = {site for source in watched for site in (source.homepage, source.address)}

    def read(page: LinkingPage) -> Reading:
        try:
            body = store.get(page.raw_hash)
            said: Reading = workers.call(read_listing, body, page.url, page.content_type)
        except (KeyError, DamagedError, RefusedError):
            return Reading()
        return said

    for done, (page, reading) in enumerate(zip(pages, workers.each(read, pages), strict=True), 1):
        for link in reading.links:
            if _counts(link.url, link.title, page.url, own):
                site = sites.setdefault(site_of(link.url), Suggestion(site_of(link.url)))
                site.pages.setdefault(canonical(link.url), link.title or "")
                site.linked_by.add(page.article_id)
                site.publishers.add(page.publisher or page.url)
        told(done)
    _note_similar(sites, here)
    return sorted(sites.values(), key=lambda site: (site.weight, site.site), reverse=True)


def _counts(url: str, title: str | None, page: str, own: Iterable[str]) -> bool:
    try:
        site, path = site_of(url), path_and_query(canonical(url))
    except BadAddressError:
        return False
    if same_site(url, page) or any(same_site(url, one) for one in own):
        return False
    if any(site == other or site.endswith("." + other) for other in unlikely_sites()):
        return False
    return priority(title, url) > 0 and looks_like_article(path, title)


def _note_similar(sites: dict[str, Suggestion], here: Iterable[str]) -> None:
    for url in here:
        try:
            site = sites.get(site_of(url))
        except BadAddressError:
            continue
        if site is not None:
            site.similar += 1
