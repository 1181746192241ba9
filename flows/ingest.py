"""The main flow: the seed articles, then the sources that can be reached, into the published database."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.batches import load_in_batches
from flows.carrying_out import carried_out, run_name
from flows.reporting.artifacts import ProgressBar
from flows.run import Run
from flows.stages.material import Material
from flows.stages.seeds import find_seeds


@flow(name="ingest-commentary", flow_run_name=run_name("ingest"))
def ingest_commentary(
    seeds: Path | None = None, sources: Path | None = None, watch_sources: bool = True, limit: int | None = None
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
        load_in_batches(run, read_seeds(run, seeds or run.settings.seeds), bar)
        bar.reach(100)

    return carried_out("ingest-commentary", work)


@task(name="read-seeds", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def read_seeds(run: Run, folder: Path) -> tuple[Material, ...]:
    """Read the manifest and keep the files' bytes."""
    found = find_seeds(folder, run.store.put, run.clock())
    run.listener("reading the seeds", len(found.material), len(found.material))
    run.set_aside(found.put_aside)
    for entry in found.missing:
        run.note(f"{entry.file} is in the manifest but not in {folder}; if it was loaded before, it stays as it was")
    run.log.info("Found %d seed articles in %s", len(found.material), folder)
    return found.material
