"""The flow that takes in what an operator names: files, folders, web archives and single addresses."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.life import perform, run_name
from flows.reporting import ProgressBar
from flows.run import Run
from flows.steps.adding import OWN_SET, add_files, fetch_addresses, keep_set, replay_archive, sort_out
from flows.steps.loading import store_in_batches
from flows.steps.watching import open_fetcher
from warehouse.watched import unread_pages


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
