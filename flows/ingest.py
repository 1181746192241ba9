"""The flows that take articles in: the main job (the seeds, then the sources), and what an operator names."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from pydantic import Field

from extractors.web.fetch import Fetcher
from extractors.web.model import Source
from extractors.web.sources import SourcesError
from flows.life import perform, run_name
from flows.own_sources import watched
from flows.reporting import ProgressBar
from flows.run import Run
from flows.settings import UserError
from flows.steps.adding import OWN_SET, add_files, fetch_addresses, keep_set, replay_archive, sort_out
from flows.steps.loading import store_in_batches
from flows.steps.seeds import find_seeds
from flows.steps.watching import fetch_due_pages, find_candidates, open_fetcher
from warehouse.coded import PutAside
from warehouse.raw_store import Material
from warehouse.sources import SEEDS_SOURCE, store_seed_source, store_sources
from warehouse.watched import unread_pages

MOST_PAGES = 100_000
"""More than any run can fetch politely: a larger limit is a slip of the hand."""


@flow(name="ingest-commentary", flow_run_name=run_name("ingest"), retries=0)
def ingest_commentary(
    seeds: Path | None = None,
    sources: Path | None = None,
    watch_sources: bool = True,
    limit: Annotated[int, Field(ge=0, le=MOST_PAGES)] | None = None,
) -> State[Any]:
    """Bring in the seed articles, then new similar commentary from the watched sources.

    Args:
        seeds: Folder of seed articles with their manifest.toml; the project's own if left empty.
        sources: TOML file of the sources to watch; the project's own if left empty.
        watch_sources: Whether to ask the sources for new articles; without, nothing is asked of the network.
        limit: How many new pages to fetch at most; the settings' pages_per_run if left empty.
    """

    def work(run: Run) -> None:
        bar = ProgressBar("Seeds, sources, loading")
        known = recorded_sources(run, sources or run.settings.sources)
        own = read_seeds(run, seeds or run.settings.seeds, frozenset(source.source_id for source in known))
        store_in_batches(run, own, bar, up_to=30)
        if watch_sources and known:
            with open_fetcher(run) as fetcher:
                ask_sources(run, known, fetcher)
                bar.reach(50)
                fetch_pages(run, fetcher, limit)
            bar.reach(70)
        store_in_batches(run, unread_pages(run.connection), bar, up_to=100)
        bar.reach(100)

    return perform("ingest-commentary", work)


@task(name="read-sources", cache_policy=NO_CACHE, persist_result=False)
def recorded_sources(run: Run, path: Path) -> tuple[Source, ...]:
    """Read the file of sources and record them; with one that cannot be used the seeds go on, and the run is Failed."""
    store_seed_source(run.connection)
    try:
        sources = watched(run.settings, path)
    except SourcesError as error:
        run.cannot_use(PutAside(str(path), "sources", "lexicon", f"{error}; until it is mended no source is watched"))
        return ()
    store_sources(run.connection, sources)
    run.log.info("%d sources in %s, %d switched on", len(sources), path, sum(source.enabled for source in sources))
    return sources


@task(name="read-seeds", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def read_seeds(run: Run, folder: Path, source_ids: frozenset[str]) -> tuple[Material, ...]:
    """Read the manifest and keep the files' bytes; a source that the manifest names and nobody knows is the folder."""
    try:
        found = find_seeds(folder, run.store.put, run.clock())
    except UserError as error:
        run.cannot_use(PutAside(str(folder), "seed", "folder", f"{error.message}; {error.way_out}"))
        return ()
    run.listener("reading the seeds", len(found.material), len(found.material))
    run.seeds_were_read = True
    run.set_aside(found.put_aside)
    for entry in found.missing:
        run.note(f"{entry.file} is in the manifest but not in {folder}; if it was loaded before, it stays as it was")
    run.log.info("Found %d seed articles in %s", len(found.material), folder)
    return tuple(
        material if material.source_id in source_ids else replace(material, source_id=SEEDS_SOURCE)
        for material in found.material
    )


@task(name="ask-sources", cache_policy=NO_CACHE, persist_result=False)
def ask_sources(run: Run, sources: Sequence[Source], fetcher: Fetcher) -> None:
    """Ask the sources that are due for new articles."""
    find_candidates(run, sources, fetcher)
    run.log.info("%d new candidates", run.counts["found"])


@task(name="fetch-pages", cache_policy=NO_CACHE, persist_result=False)
def fetch_pages(run: Run, fetcher: Fetcher, limit: int | None) -> None:
    """Fetch the pages that are due: new candidates, articles to be read again, failures whose time has come."""
    fetch_due_pages(run, fetcher, limit)
    run.log.info("%d pages fetched", run.counts["fetched"])


@flow(name="add-commentary", flow_run_name=run_name("add"), retries=0)
def add_commentary(what: list[str], set_name: str = OWN_SET, sector: str | None = None) -> State[Any]:
    """Add files, folders, web archives and single addresses to a set, which is a source of its own.

    Files and addresses are loaded whatever the judgement of them says, since somebody chose them; the pages of an
    archive are judged as those of any site. Again, it adds only what is new.

    Args:
        what: Paths and addresses.
        set_name: Name of the set, for people; its source_id is made from it.
        sector: What the publishers are, such as "law firm"; a set that is there keeps its own if left empty.
    """

    def work(run: Run) -> None:
        bar = ProgressBar("Files, archives, addresses")
        named = sort_out(what)
        run.skipped += named.skipped
        source_id = keep_set(run, set_name, sector)
        if named.files:
            add_files(run, named.files, source_id)
        bar.reach(40)
        for archive in named.archives:
            replay(run, archive, source_id)
        if named.addresses:
            fetch(run, named.addresses, source_id)
        bar.reach(60)
        store_in_batches(run, unread_pages(run.connection), bar, up_to=100)
        bar.reach(100)

    return perform("add-commentary", work)


@task(name="replay-archive", cache_policy=NO_CACHE, persist_result=False)
def replay(run: Run, archive: Path, source_id: str) -> None:
    """Keep the pages of one archive."""
    replay_archive(run, archive, source_id)


@task(name="fetch-addresses", cache_policy=NO_CACHE, persist_result=False)
def fetch(run: Run, addresses: Sequence[str], source_id: str) -> None:
    """Fetch single pages politely."""
    with open_fetcher(run) as fetcher:
        fetch_addresses(run, fetcher, addresses, source_id)
