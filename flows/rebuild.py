"""The flow that makes a damaged database anew from the published snapshot and the raw store."""

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows.batches import load_in_batches
from flows.carrying_out import carried_out, run_name
from flows.ingest import read_sources
from flows.reporting.artifacts import ProgressBar
from flows.run import Run, utc_now
from flows.settings import settings
from warehouse.lock import exclusive
from warehouse.material import Material
from warehouse.rebuild import start_rebuild, unloaded_records
from warehouse.workspace import Workspace


@flow(name="rebuild-commentary", flow_run_name=run_name("rebuild"), retries=0)
def rebuild_commentary() -> State[Any]:
    """Set the database aside, begin anew from the published snapshot where it is sound, and read the rest again.

    Nothing is deleted and nothing is fetched: what the snapshot lacks comes from the stored bytes, in the order in
    which it was loaded.
    """
    workspace = Workspace(settings().home)
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        salvage = start_rebuild(workspace, utc_now())
    log = get_run_logger()
    for path in salvage.set_aside:
        log.warning("Set aside: %s (remove it once all is well)", path)
    log.info("Began from the published snapshot" if salvage.from_snapshot else "Began from nothing but the raw store")

    def work(run: Run) -> None:
        bar = ProgressBar("Reading the stored bytes again")
        read_sources(run, run.settings.sources)
        for path in salvage.set_aside:
            run.note(f"the old database was set aside as {path}; remove it once all is well")
        records = unloaded_records(run.connection, run.workspace)
        for step in steps(records):
            load_in_batches(run, step, bar, up_to=100)
        bar.reach(100)

    return carried_out("rebuild-commentary", work)


def steps(records: tuple[Material, ...]) -> list[list[Material]]:
    """The records in rounds, so that no round has two versions of one article: they are loaded one after the other."""
    rounds: list[list[Material]] = []
    reached: dict[str, int] = {}
    for record in records:
        key = record.article_id or record.url
        number = reached.get(key, 0)
        reached[key] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(record)
    return rounds
