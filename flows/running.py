"""Running a flow in this process and getting its report, with a person's errors told apart from ours."""

from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import State

from flows.errors import UserError
from flows.reporting.progress import Listener
from flows.reporting.report import RunReport
from flows.run import listening


def run_flow(flow: Flow[..., Any], listener: Listener, **parameters: Any) -> tuple[RunReport, bool]:  # noqa: ANN401
    """Run the flow; its report, and whether it did its job.

    Raises:
        UserError, WarehouseError, LexiconError: what stopped the run, if a person can act on it.
        Exception: any other error of the run, as it was raised.
    """
    with listening(listener):
        state = cast("State[Any]", flow(**parameters, return_state=True))
    report = state.result(raise_on_failure=False)
    if isinstance(report, RunReport):
        return report, state.is_completed()
    if isinstance(report, BaseException):
        raise report
    raise UserError(f"the run ended as {state.name}: {state.message}", "see the run's log with --verbose")
