"""The flows that keep a warehouse good: stored bytes coded anew, the database made anew of them, a lake's upkeep."""

from datetime import UTC, date, datetime, time
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from extractors.version import extractor_version
from flows.life import perform, run_name
from flows.reporting import ProgressBar
from flows.run import Run, utc_now
from flows.settings import UserError, settings
from flows.steps.loading import store_in_batches
from warehouse.articles import out_of_date
from warehouse.errors import WarehouseError
from warehouse.lake import keep_up
from warehouse.rebuild import start_rebuild
from warehouse.workspace import exclusive


@flow(name="reextract-commentary", flow_run_name=run_name("reextract"), retries=0)
def reextract_commentary(since: date | None = None) -> State[Any]:
    """Code the stored bytes anew, where other extractors or another codebook coded them before.

    Each batch replaces its rows in one transaction, so that a run which is killed is taken up where it stopped.

    Args:
        since: Only articles fetched on this day or later; all if left empty.
    """

    def work(run: Run) -> None:
        if since and since > run.clock().date():
            raise UserError(f"'since' is {since}, a day to come", "name a day that has been")
        start = datetime.combine(since, time.min, UTC) if since else None
        stored = out_of_date(
            run.connection,
            extractor_version=extractor_version(),
            codebook_version=run.codebook.version,
            since=start,
        )
        run.log.info(
            "%d articles were coded by other extractors or another codebook, or lack their publisher", len(stored)
        )
        bar = ProgressBar("Coding the stored bytes anew")
        store_in_batches(run, stored, bar, up_to=100)
        bar.reach(100)

    return perform("reextract-commentary", work)


@flow(name="rebuild-commentary", flow_run_name=run_name("rebuild"), retries=0)
def rebuild_commentary() -> State[Any]:
    """Set the database aside, begin anew from the published snapshot where it is sound, and read the rest again.

    Nothing is deleted and nothing is fetched: what the snapshot lacks comes from the stored bytes, in the order in
    which it was loaded. Every run does so by itself where the database is missing or damaged.
    """
    workspace = settings().workspace
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        start_rebuild(workspace, utc_now())

    def work(run: Run) -> None:
        run.log.info("the database is as good as what is stored")

    return perform("rebuild-commentary", work)


@flow(name="keep-up-lake", flow_run_name=run_name("keep up"), retries=0)
def keep_up_lake() -> State[Any]:
    """Keep a lake quick and small: merge its small files, and remove what neither a reader nor a publication needs.

    It runs beside readers and writers. A warehouse in a file needs none of it, and the run ends at once.
    """
    if settings().workspace.lake is None:
        return Completed(message="the warehouse is a file, which needs no upkeep")
    try:
        done = keep_up(settings().workspace, utc_now(), settings().memory_limit)
    except WarehouseError as error:
        get_run_logger().error("%s", error)
        return Failed(message=str(error), data=error)
    return Completed(message=str(done))
