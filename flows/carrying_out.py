"""What every flow does around its own work: open the warehouse, check, record, publish, report, end in a state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from duckdb import Error as DuckDBError
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extractors.lexicon import LexiconError
from flows.checking import hold_invariants
from flows.coming_runs import try_again_later
from flows.emerging import note_emerging_terms
from flows.errors import UserError
from flows.page.write import NAME as PAGE
from flows.page.write import write_report
from flows.recovery import make_good
from flows.reporting.artifacts import emit_events, leave_artifacts
from flows.reporting.report import Counts, RunReport, summary
from flows.run import Run, open_run
from flows.settings import settings
from flows.stages.failing import LOCAL_STAGES, failure_changes
from warehouse.codebook import load_themes
from warehouse.errors import WarehouseError
from warehouse.failures import clear_failures, load_failures, save_failures
from warehouse.publish import publish
from warehouse.runs import RunCounts, RunState, finish_run, start_run

NOTHING_REACHED = "NothingReached"
"""Name of the state of a run that did its job, but nobody on the network answered it."""


def carried_out(flow: str, work: Callable[[Run], None]) -> State[Any]:
    """Do the work of a flow on the warehouse and end in a state that says what it did.

    An error that a person can act on makes the run Failed with that message; any other is raised. Flows are declared
    with `retries=0`: of a run that Prefect is to retry by a setting, a returned Failed would be AwaitingRetry, and
    Crashed in the end. What another try may help is tried again by a run of its own (`flows.coming_runs`).
    """
    try:
        with open_run(flow, settings(), log=get_run_logger()) as run:
            report = _in_run(run, work)
    except (UserError, WarehouseError, LexiconError) as error:
        told = str(error) + try_again_later(error)
        get_run_logger().error(told)
        return Failed(message=told, data=error)
    except PrefectHTTPStatusError as error:  # the server is too busy to answer well
        try_again_later(error)
        raise
    leave_artifacts(report)
    emit_events(report)
    return state_of(report)


def state_of(report: RunReport) -> State[Any]:
    """Completed with what was done, also where items failed; NothingReached where nobody on the network answered.

    Failed where nothing could be done, a check broke, or something that the operator gave cannot be used.
    """
    if report.checks:
        return Failed(
            message=f"not published, {len(report.checks)} checks do not hold: {report.checks[0]}", data=report
        )
    if report.unusable:
        return Failed(message=f"{'; '.join(report.unusable)} ({summary(report)})", data=report)
    if report.reached_nothing:
        return Completed(
            name=NOTHING_REACHED,
            message=f"nothing could be reached: is there a network, is a proxy in between? ({summary(report)})",
            data=report,
        )
    if report.could_do_nothing:
        return Failed(message=f"nothing could be done: {summary(report)}", data=report)
    return Completed(message=summary(report), data=report)


def run_name(what: str) -> Callable[[], str]:
    """A name for runs that tells what and when: "ingest 2026-03-01 06:00" (UTC, the scheduled time)."""

    def name() -> str:
        return f"{what} {flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"

    return name


def _in_run(run: Run, work: Callable[[Run], None]) -> RunReport:
    run_id = uuid4().hex
    start_run(run.connection, run_id, run.flow, run.started_at, str(flow_run.id) if flow_run.id else None)
    with _recorded_end(run, run_id):
        load_themes(run.connection, run.codebook.themes)
        make_good(run)
        work(run)
        note_emerging_terms(run)
        check_warehouse(run)
        _remember_failures(run)
    run.connection.close()
    if not run.checks:
        publish_snapshot(run)
        if run.settings.page and (run.republished or not (run.workspace.home / PAGE).exists()):
            make_page(run)
    return run.report()


@contextmanager
def _recorded_end(run: Run, run_id: str) -> Iterator[None]:
    """Record how the run ended, by an error too: one that nobody killed is not to stay "running"."""
    ended: RunState = "failed"
    try:
        yield
        ended = "completed" if state_of(run.report()).is_completed() else "failed"
    except BaseException:
        # With a full disk or a damaged file this fails as well; the next run then marks it as crashed.
        with suppress(DuckDBError, WarehouseError):
            finish_run(run.connection, run_id, run.clock(), ended, _recorded(run.report().counts))
        raise
    finish_run(run.connection, run_id, run.clock(), ended, _recorded(run.report().counts))


def _remember_failures(run: Run) -> None:
    changes = failure_changes(
        load_failures(run.connection),
        [fault for fault in run.put_aside if fault.stage in LOCAL_STAGES],
        handled=run.handled,
        seeds_were_read=run.seeds_were_read,
        now=run.clock(),
    )
    save_failures(run.connection, changes.keep)
    for url, stage in changes.settled:
        clear_failures(run.connection, [url], stage)


def _recorded(counts: Counts) -> RunCounts:
    return RunCounts(
        found=counts.found,
        fetched=counts.fetched,
        unchanged=counts.unchanged,
        ingested=counts.ingested,
        updated=counts.updated + counts.recoded,
        not_similar=counts.not_similar,
        failed=counts.failed,
    )


@task(name="check-warehouse", cache_policy=NO_CACHE, persist_result=False)
def check_warehouse(run: Run) -> None:
    """Run every invariant: what is derived is made anew, broken articles are held back, and the rest is published."""
    run.listener("checking the warehouse", 0, 0)
    hold_invariants(run)


@task(name="publish-snapshot", retries=2, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(run: Run) -> None:
    """Give readers the new state as one file, replaced at once."""
    run.listener("publishing", 0, 0)
    publication = publish(run.workspace, run.clock(), run.settings.memory_limit, quarantined=run.quarantined)
    run.republished = publication.changed
    run.log.info(
        "Published %s" if publication.changed else "Nothing changed for readers: %s stays as it is", publication.path
    )


@task(name="make-page", cache_policy=NO_CACHE, persist_result=False)
def make_page(run: Run) -> None:
    """Make the page to look at. The data is out by then, so a page that cannot be made is a remark, not a failure: the
    old one, which no longer shows what is published, goes, and the next run makes it anew."""
    run.listener("making the page", 0, 0)
    try:
        path = write_report(run.workspace, run.clock())
    except Exception as error:  # whatever it is, it must keep neither the data nor the run's report
        run.note(f"the page could not be made: {str(error) or type(error).__name__}")
        run.log.debug("the page could not be made", exc_info=True)
        with suppress(OSError):
            (run.workspace.home / PAGE).unlink()
    else:
        run.log.info("The page to look at: %s", path)
