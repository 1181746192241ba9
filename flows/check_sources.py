"""The flow that asks every source whether it can still be watched, without fetching articles."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.life import perform, run_name
from flows.own_sources import watched
from flows.reporting import ProgressBar
from flows.run import Run
from flows.steps.watching import find_candidates, open_fetcher
from warehouse.sources import store_sources


@flow(name="check-sources", flow_run_name=run_name("check sources"), retries=0)
def check_sources(sources: Path | None = None) -> State[Any]:
    """Look anew for the feeds, sitemaps and listings of every source, and keep what they announce for the next run.

    Args:
        sources: TOML file of the sources to watch; the project's own if left empty.
    """

    def work(run: Run) -> None:
        bar = ProgressBar("Asking every source")
        check_all(run, sources or run.settings.sources)
        bar.reach(100)

    return perform("check-sources", work)


@task(name="check-all", cache_policy=NO_CACHE, persist_result=False)
def check_all(run: Run, path: Path) -> None:
    """Ask all sources that are switched on, whether they are due or not."""
    found = watched(run.settings, path)
    store_sources(run.connection, found)
    with open_fetcher(run) as fetcher:
        find_candidates(run, found, fetcher, everything=True)
