"""Runs that are to come on the Prefect server: the next one that is planned, and a second try of one that failed.

What passes (a full disk, another run that holds the warehouse, a busy server) is worth a second try. It is a run of
its own, scheduled for later, so that the one that failed is Failed at once, with its reason, and keeps no place of the
pool while it waits. A second try that fails as well is not followed by a third: the next scheduled run is one anyway,
and somebody should look.
"""

from datetime import timedelta

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Scheduled

from flows.run import utc_now
from flows.status import Schedule
from warehouse.errors import DiskFullError, LockedError

WAIT = timedelta(minutes=5)
SECOND_TRY = "second-try"
"""The tag of runs that are a second try."""


def next_run(tag: str) -> Schedule:
    """The run that is due next, or overdue, of the deployments with this tag; asks the server that is configured."""
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[tag]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )
    try:
        with get_client(sync_client=True) as client:
            found = client.read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=1)
            if not found:
                return Schedule()
            at = found[0].expected_start_time or found[0].next_scheduled_start_time
            return Schedule(client.read_flow(found[0].flow_id).name, at)
    except Exception as error:  # whatever it is, it keeps the server from answering
        return Schedule(problem=f"the Prefect server does not answer ({type(error).__name__})")


def helps_to_try_again(error: BaseException) -> bool:
    """Whether the same run may well succeed a little later, with nobody having mended anything in our files."""
    return isinstance(error, DiskFullError | LockedError | PrefectHTTPStatusError)


def try_again_later(error: BaseException) -> str:
    """Schedule a second try of the present run where that may help; what to add to its message, or nothing.

    Only a run of a deployment can be tried again by the server; at the command line a person does it.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if not helps_to_try_again(error) or run is None or run.deployment_id is None or SECOND_TRY in run.tags:
        return ""
    at = utc_now() + WAIT
    try:
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(
                run.deployment_id,
                parameters=run.parameters,
                state=Scheduled(scheduled_time=at),
                tags=[*run.tags, SECOND_TRY],
                idempotency_key=f"{SECOND_TRY} {run.id}",
            )
    except Exception as problem:  # the run's own error is what counts
        get_run_logger().warning("No second try could be scheduled: %s", problem)
        return ""
    return f" (tried again at {at:%H:%M} UTC)"
