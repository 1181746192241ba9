"""Watching the sources within a run: new articles found, what is due fetched, and who is in trouble."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from duckdb import DuckDBPyConnection

from extractors.web.crawl import crawl
from extractors.web.discover import Brought, Known, discover
from extractors.web.due import Bounds, due_pages
from extractors.web.fetch import Fetcher
from extractors.web.model import Candidate, FetchRequest, FetchResult, RobotsRecord, Source, SourceState
from extractors.web.outcomes import after_fetch
from extractors.web.settings import Timing
from flows.fleet import Keeping, keeping
from flows.run import Run
from flows.steps.troubles import changes
from warehouse.coded import PutAside
from warehouse.raw_store import source_serving
from warehouse.sources import (
    store_troubles,
    stored_endpoints,
    stored_robots,
    stored_silences,
    stored_source_states,
)
from warehouse.watched import (
    SourceAnswer,
    known_candidate_urls,
    note_fetch,
    open_candidates,
    pages_worth_rereading,
    store_fetches,
    store_found,
    store_robots,
    stored_failures,
)

MOST_NAMED = 8


def open_fetcher(run: Run) -> Fetcher:
    """A fetcher by the run's settings, with the robots.txt files that are kept."""
    real = Timing.real()
    timing = Timing(run.clock, real.monotonic, real.sleep)
    robots = stored_robots(run.connection)
    claims = run.fleet.hosts if run.fleet is not None else None
    return Fetcher(run.settings, timing=timing, robots=robots, call=run.workers.call, claims=claims)


def find_candidates(run: Run, sources: Sequence[Source], fetcher: Fetcher, *, everything: bool = False) -> None:
    """Ask the sources that are due for new articles, and keep each answer at once."""
    enabled = [source for source in sources if source.enabled]
    known = {source.source_id: source for source in sources}
    asked: set[str] = set()
    run.listener("asking the sources", 0, 0)
    what_is_known = _what_is_known(run, everything=everything)

    def store(found: Sequence[SourceAnswer]) -> None:
        run.counts["found"] += store_found(run.connection, found)

    def keep(found: Brought) -> None:
        run.keep_alive()
        _note_refused(run, found)
        run.count_answer(found.result)
        candidates = tuple(_at_home(candidate, known) for candidate in found.candidates)
        kept.keep(store, SourceAnswer(found.result, candidates, found.endpoints, found.state))
        if found.state is not None:
            asked.add(found.source_id)
            run.listener("asking the sources", len(asked), len(asked) if len(asked) == len(enabled) else 0)

    with keeping(run.fleet, fetcher.rests) as kept:
        states = discover(
            enabled,
            fetcher,
            keep,
            known=what_is_known,
            on_robots=partial(_keep_robots, kept, partial(_store_robots, run.connection)),
            budget_s=run.settings.crawl_budget,
        )
    _note_sources(run, states)


def _what_is_known(run: Run, *, everything: bool) -> Known:
    """What is known of sources, as it stands in the warehouse now."""
    _begin_crawl(run)
    return Known(
        states=stored_source_states(run.connection),
        endpoints=stored_endpoints(run.connection),
        urls=known_candidate_urls(run.connection),
        search_anew=everything,
    )


def _begin_crawl(run: Run) -> None:
    if run.fleet is not None:
        run.fleet.hosts.begin_crawl()


_Robots = tuple[list[RobotsRecord], list[FetchResult]]


def _keep_robots(
    kept: Keeping,
    store: Callable[[Sequence[_Robots]], None],
    records: list[RobotsRecord],
    answers: list[FetchResult],
) -> None:
    kept.keep(store, (records, answers))


def _store_robots(connection: DuckDBPyConnection, kept: Sequence[_Robots]) -> None:
    store_robots(
        connection,
        [record for records, _ in kept for record in records],
        [answer for _, answers in kept for answer in answers],
    )


def _note_refused(run: Run, found: Brought) -> None:
    """Put a feed, sitemap or page of links aside that takes too much to be read; its bytes are kept to look into."""
    refused = found.refused
    if found.result.ok and (refused is None or refused.result is not found.result):
        run.handled.add(found.result.request.url)
    if refused is None:
        return
    url, kept = refused.result.request.url, run.store.put(refused.result.body)
    due = next((endpoint.next_check_at for endpoint in found.endpoints if endpoint.url == url), None)
    told = f"{url}: {refused.error}; its bytes are kept as {kept}, and it is asked again when it is due"
    run.set_aside([PutAside(url, "discover", refused.error.reason, told, due)])


def _at_home(candidate: Candidate, sources: Mapping[str, Source]) -> Candidate:
    """The candidate as one of the source whose site it is on, where another source under the same name listed it."""
    source = source_serving(candidate.fetch_url, sources.get(candidate.source_id), sources.values())
    return replace(candidate, source_id=source.source_id) if source else candidate


def _note_sources(run: Run, states: Sequence[SourceState]) -> None:
    for state in sorted(states, key=lambda state: state.source_id):
        run.sources.append((state.source_id, state.status, state.detail))
    news = changes(stored_silences(run.connection), run.clock(), run.settings.quiet_days)
    for change in news:
        run.troubled.append(change)
        run.note(f"source {change.source_id} {change.detail}")
    troubles = {change.source_id: None if change.trouble == "works_again" else change.trouble for change in news}
    store_troubles(run.connection, troubles)
    told = Counter(state.status for state in states)
    if told and not run.settings.contact:
        run.note("no contact is set for the User-Agent, so sites cannot reach you: set COMMENTARY_CONTACT")
    if told:
        run.log.info("Asked %d sources: %s", len(states), ", ".join(f"{n} {status}" for status, n in told.items()))
    unreachable = [state.source_id for state in states if state.status == "unreachable"]
    if unreachable:
        named = ", ".join(sorted(unreachable)) if len(unreachable) <= MOST_NAMED else "`commentary sources` names them"
        run.note(f"{len(unreachable)} of {len(states)} sources could not be reached: {named}")


def fetch_due_pages(run: Run, fetcher: Fetcher, limit: int | None = None) -> None:
    """Fetch the pages that are due, and keep each at once: bytes first, then all that follows in one transaction."""
    _begin_crawl(run)
    requests = due_pages(
        open_candidates(run.connection),
        pages_worth_rereading(run.connection),
        stored_failures(run.connection),
        run.clock(),
        Bounds(
            run.settings.pages_per_host,
            run.settings.pages_per_run if limit is None else limit,
            run.settings.reread_share,
        ),
    )
    fetch_requests(run, fetcher, requests, run.settings.crawl_budget)


def fetch_requests(run: Run, fetcher: Fetcher, requests: Sequence[FetchRequest], budget_s: float | None = None) -> None:
    """Fetch pages, hosts in parallel, for at most so many seconds; what came is kept at once."""
    pages = {page.url: page for page in pages_worth_rereading(run.connection)}
    failures = {state.url: state for state in stored_failures(run.connection) if state.stage == "fetch"}
    done = 0
    run.listener("fetching pages", 0, len(requests))
    store = partial(store_fetches, run.connection)

    def keep(result: FetchResult) -> None:
        nonlocal done
        run.keep_alive()
        url = result.request.url
        raw_hash = run.store.put(result.body) if result.ok and result.body else None
        after = after_fetch(pages.get(url), failures.get(url), result)
        kept.keep(store, note_fetch(run.connection, run.journal, result, raw_hash, after))
        _tally_fetch(run, result, gone=after.status == "gone")
        done += 1
        run.listener("fetching pages", done, len(requests))

    with keeping(run.fleet, fetcher.rests) as kept:
        on_robots = partial(_keep_robots, kept, partial(_store_robots, run.connection))
        ended = crawl(requests, fetcher, keep, on_robots=on_robots, budget_s=budget_s)
    if ended.elsewhere:
        run.note(f"{len(ended.elsewhere)} pages are left to other workers, whose turn it is at their hosts")
    if ended.left:
        run.note(f"{len(ended.left)} pages are left for the next run, since the time for the network was up")


def _tally_fetch(run: Run, result: FetchResult, *, gone: bool) -> None:
    run.count_answer(result)
    if gone:
        run.counts["gone"] += 1
    elif not result.ok:
        run.set_aside([PutAside(result.request.url, "fetch", result.error_type or "unknown", result.error or "")])
    else:
        run.counts["fetched"] += 1
        run.counts["unchanged"] += result.unchanged
