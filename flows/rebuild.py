"""The flow that makes the database anew from the published snapshot and the raw store, whatever its state."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.life import perform, run_name
from flows.run import Run, utc_now
from flows.settings import settings
from warehouse.rebuild import start_rebuild
from warehouse.workspace import Workspace, exclusive


@flow(name="rebuild-commentary", flow_run_name=run_name("rebuild"), retries=0)
def rebuild_commentary() -> State[Any]:
    """Set the database aside, begin anew from the published snapshot where it is sound, and read the rest again.

    Nothing is deleted and nothing is fetched: what the snapshot lacks comes from the stored bytes, in the order in
    which it was loaded. Every run does so by itself where the database is missing or damaged.
    """
    workspace = Workspace(settings().home)
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        start_rebuild(workspace, utc_now())

    def work(run: Run) -> None:
        run.log.info("the database is as good as what is stored")

    return perform("rebuild-commentary", work)
