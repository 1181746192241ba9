"""The flow that goes back through a source's archive."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from extractors.web.discover.archive import Range
from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest, Source
from flows.life import perform, run_name
from flows.own_sources import watched
from flows.reporting import ProgressBar
from flows.run import Run
from flows.settings import UserError
from flows.steps.backfilling import estimate, read_lists, waiting_pages
from flows.steps.loading import store_in_batches
from flows.steps.watching import fetch_requests, open_fetcher
from warehouse.sources import store_seed_source, store_sources
from warehouse.watched import stored_archive_pages, stored_backfill, unread_pages

_ROUND = 200  # pages fetched and then loaded, so that readers of a long backfill's progress see articles
_MOST_ROUNDS = 25


@flow(name="backfill-commentary", flow_run_name=run_name("backfill"), retries=0)
def backfill_commentary(
    source: str, since: date | None = None, until: date | None = None, limit: int | None = None
) -> State[Any]:
    """Read the lists of a source's archive back in time, then fetch and judge the articles that they lead to.

    Args:
        source: The source's id.
        since: First day of publication; any if left empty.
        until: Last day of publication; any if left empty.
        limit: How many pages of articles to fetch at most; all if left empty.
    """

    def work(run: Run) -> None:
        bar = ProgressBar("Lists, pages, loading")
        days, chosen = Range(since, until), source_of(run, source)
        if since and until and since > until:
            raise UserError(f"'since' ({since}) is after 'until' ({until})", "name them the other way round")
        store_in_batches(run, unread_pages(run.connection), bar, up_to=5)
        with open_fetcher(run) as fetcher:
            read_archive_lists(run, fetcher, chosen, days, limit)
            bar.reach(20)
            waiting = waiting_pages(run, chosen, days, limit)
            run.listener(estimate(run, waiting), 0, 0)
            fetch_and_load(run, fetcher, waiting, bar)
        _tell_what_is_left(run, chosen, days)
        bar.reach(100)

    return perform("backfill-commentary", work)


def source_of(run: Run, source_id: str) -> Source:
    """The source to go back through, recorded as it is configured now.

    Raises:
        UserError: there is none, or it is switched off.
    """
    sources = {source.source_id: source for source in watched(run.settings)}
    if source_id not in sources:
        raise UserError(f"there is no source {source_id!r}", "`commentary sources` lists them, `sources add` adds one")
    if not sources[source_id].enabled:
        raise UserError(f"{source_id!r} is switched off", f"`commentary sources enable {source_id}` switches it on")
    store_seed_source(run.connection)
    store_sources(run.connection, sources.values())
    return sources[source_id]


@task(name="read-archive-lists", cache_policy=NO_CACHE, persist_result=False)
def read_archive_lists(run: Run, fetcher: Fetcher, source: Source, days: Range, limit: int | None) -> None:
    """Read the lists of the archive."""
    read_lists(run, fetcher, source, days, limit)


def fetch_and_load(run: Run, fetcher: Fetcher, waiting: Sequence[FetchRequest], bar: ProgressBar) -> None:
    """Fetch pages in rounds, and load what each round brought."""
    size = max(_ROUND, -(-len(waiting) // _MOST_ROUNDS))
    for start in range(0, len(waiting), size):
        fetch_round(run, fetcher, waiting[start : start + size])
        share = (start + size) / len(waiting)
        store_in_batches(run, unread_pages(run.connection), bar, up_to=20 + 75 * min(share, 1.0))
        run.listener("pages of the archive", min(start + size, len(waiting)), len(waiting))
        if fetcher.network_down:
            break


@task(name="fetch-round", cache_policy=NO_CACHE, persist_result=False)
def fetch_round(run: Run, fetcher: Fetcher, requests: Sequence[FetchRequest]) -> None:
    """Fetch pages politely."""
    fetch_requests(run, fetcher, requests)


def _tell_what_is_left(run: Run, source: Source, days: Range) -> None:
    lists = stored_archive_pages(run.connection, source.source_id)
    read = sum(page.read_at is not None for page in lists)
    failed = [page for page in lists if page.read_at is None and page.error]
    waiting = len(waiting_pages(run, source, days))
    run.note(f"{read} lists of the archive of {source.source_id} were read; {waiting} pages wait to be fetched")
    last = stored_backfill(run.connection, source.source_id)
    if failed:
        first = f"{failed[0].url}: {failed[0].error}"
        run.note(f"{len(failed)} lists could not be read ({first}); the same command tries them again")
    elif waiting or (last is not None and last.read_at is None):
        run.note("the same command goes on with what is left")
