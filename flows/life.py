"""The life of a run: opened, made good, its work carried out, checked, published, reported, ended in a true state."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, cast

from duckdb import Error as DuckDBError
from prefect import Flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extractors.lexicon import FileError
from extractors.themes.emerging import emerging_terms
from extractors.web.sources import SourcesError
from flows.own_sources import watched
from flows.page.write import NAME as PAGE
from flows.page.write import renew_report
from flows.reporting import Counts, Listener, ProgressBar, RunReport, emit_events, key_charts, leave_artifacts, summary
from flows.run import Run, listening, open_run, utc_now
from flows.settings import UserError, settings
from flows.status import try_again_later, write_metrics
from flows.steps.loading import store_in_batches
from flows.steps.troubles import failure_changes, is_noted_at_the_end
from warehouse.articles import renew_signatures
from warehouse.codebook import (
    StoredTerm,
    TermsMade,
    note_terms_made,
    passages,
    replace_emerging_terms,
    store_themes,
    terms_last,
)
from warehouse.coded import PutAside
from warehouse.database import has_published, open_snapshot
from warehouse.errors import WarehouseError
from warehouse.notes import noted, read_notes
from warehouse.publish import CheckFailure, changed_articles, mark_for_coding, note_checked, publish, run_checks
from warehouse.raw_store import Material
from warehouse.rebuild import restore_fates, restore_rows, restore_sets, restored, rulings, unloaded_records
from warehouse.runs import RunCounts, RunState, finish_run, start_run
from warehouse.search import clear_search
from warehouse.sources import store_seed_source, store_sources
from warehouse.watched import accept, clear_failures, reject, store_failures, stored_failures

RECENT = timedelta(days=365)
EARLIER = timedelta(days=5 * 365)
# Bounds the time: the terms of more articles than these would be the same.
MOST_ARTICLES = 3_000


@task(name="emerging-terms", cache_policy=NO_CACHE, persist_result=False)
def note_emerging_terms(run: Run) -> None:
    """Compare the articles of the last year with those of the five before it, if enough changed since that was done."""
    report = run.report()
    counts = report.counts
    changed = counts.ingested + counts.updated + counts.recoded + counts.gone + counts.duplicates
    if report.changed_nothing or terms_last(run.connection, run.clock(), run.codebook.version, changed):
        return
    make_terms(run)


def make_terms(run: Run) -> None:
    """Make the emerging terms as of today, each with its first example."""
    today = run.clock().date()
    start = today - RECENT
    recent = passages(run.connection, start, today + timedelta(days=1), MOST_ARTICLES)
    earlier = passages(run.connection, start - EARLIER, start, MOST_ARTICLES)
    terms = [
        StoredTerm(
            term=found.term,
            recent_count=found.recent_articles,
            earlier_count=found.earlier_articles,
            score=found.z,
            article_id=found.examples[0].article_id,
            paragraph_no=found.examples[0].paragraph_no,
            char_start=found.examples[0].char_start,
            char_end=found.examples[0].char_end,
        )
        for found in emerging_terms(recent, earlier, run.codebook)
    ]
    if replace_emerging_terms(run.connection, terms):
        run.log.info("%d emerging terms: %s", len(terms), ", ".join(term.term for term in terms[:10]) or "none")
    compared = len({passage.article_id for passage in (*recent, *earlier)})
    note_terms_made(run.connection, TermsMade(run.clock(), run.codebook.version, compared, len(terms)))


def hold_invariants(run: Run) -> None:
    """Run every check of the warehouse, and see to it that as much as can be is published.

    Emerging terms and the search index are dropped and made anew, with a word in the report. Articles whose rows break
    a check are put aside: readers keep the rows of them that were published last, and the next reextract codes them
    anew. Only what remains (`run.checks`) keeps the snapshot from being published.
    """
    # Others may write to a lake meanwhile: there all is checked, in the very state that is published.
    whole = run.workspace.lake is not None
    changed = None if whole else changed_articles(run.connection, run.clock())
    failures = run_checks(run.connection, changed)
    derived = [failure for failure in failures if failure.is_derived]
    for failure in derived:
        run.note(f"made anew, since a check did not hold: {failure}")
        _make_anew(run, failure)
    if derived:
        failures = run_checks(run.connection, changed)
    if not (failures or whole):
        note_checked(run.connection, changed, run.clock())
    for failure in failures:
        if failure.is_derived:
            replace_emerging_terms(run.connection, ())
            run.note(f"left out until it is mended, since the check still does not hold: {failure}; please report it")
        elif failure.by_article:
            _hold_back(run, failure)
            if run.workspace.lake is not None:  # readers keep all of what was published: a lake has no copy to mend
                run.checks.append(str(failure))
        else:
            run.checks.append(str(failure))
            run.log.error("check does not hold: %s", failure)


def _make_anew(run: Run, failure: CheckFailure) -> None:
    if failure.name == "search_index":
        clear_search(run.connection)  # publishing makes it anew
    else:
        make_terms(run)


def _hold_back(run: Run, failure: CheckFailure) -> None:
    urls = dict(mark_for_coding(run.connection, failure.article_ids))
    run.quarantined |= failure.article_ids
    told = f"{failure}; readers keep what was published of it before, and it is coded anew by `commentary reextract`"
    run.set_aside([PutAside(urls.get(name, name), "check", failure.name, told) for name in sorted(failure.article_ids)])


def make_good(run: Run) -> None:
    """Bring the database up to what is stored: after a kill in mid-fetch that is one page, after damage much more.

    Nothing is fetched. What the snapshot lacks comes from the stored bytes, in the order in which it was loaded.
    """
    if run.fleet is not None:
        if noted := run.fleet.restore(run.connection):
            run.note(f"{noted} fetches of workers that ended before they could store them come from their journals")
        return
    fetches = restore_rows(run.connection, run.workspace)
    if run.salvage is None:
        return
    run.note(str(run.salvage))
    store_seed_source(run.connection)
    restore_sets(run.connection, run.workspace)
    with suppress(SourcesError):  # a run that watches tells of it; the journal has what is needed
        store_sources(run.connection, watched(run.settings))
    records = unloaded_records(run.connection, run.workspace)
    run.note(f"{fetches} fetches and {len(records)} readings of pages were restored from what is stored")
    bar = ProgressBar("Reading the stored bytes again")
    for step in steps(records):
        store_in_batches(run, step, bar, up_to=100)
    restore_fates(run.connection, run.workspace)
    for ruling in rulings(run.connection, run.workspace):
        if ruling.ruling == "accept":
            accept(run.connection, ruling.url, ruling.fetch_url, run.clock())
        else:
            with suppress(KeyError):  # it is neither an article nor a candidate now
                reject(run.connection, ruling.url, run.clock())
    restored(run.workspace)


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


NOTHING_REACHED = "NothingReached"
"""Name of the state of a run that did its job, but nobody on the network answered it."""


def perform(flow: str, work: Callable[[Run], None]) -> State[Any]:
    """Do the work of a flow on the warehouse and end in a state that says what it did.

    An error that a person can act on makes the run Failed with that message; any other is raised. Flows are declared
    with `retries=0`: of a run that Prefect is to retry by a setting, a returned Failed would be AwaitingRetry, and
    Crashed in the end. What another try may help is tried again by a run of its own (`flows.status`).
    """
    try:
        logging.getLogger("prefect").setLevel(settings().log_level)
        with open_run(flow, settings(), log=get_run_logger()) as run:
            report = _in_run(run, work)
    except (UserError, WarehouseError, FileError) as error:
        told = str(error) + try_again_later(error, utc_now())
        get_run_logger().error(told)
        return Failed(message=told, data=error)
    except PrefectHTTPStatusError as error:  # the server is too busy to answer well
        try_again_later(error, utc_now())
        raise
    leave_artifacts(report, settings().report_url, _charts(report))
    emit_events(report)
    return state_of(report)


def _charts(report: RunReport) -> str | None:
    """The key charts of what is published, where that is new."""
    if report.published is None or not report.republished:
        return None
    with open_snapshot(settings().workspace) as connection:
        return key_charts(connection)


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
    fellows = run.fleet.fellows if run.fleet is not None else None
    flow_run_id = str(flow_run.id) if flow_run.id else None
    start_run(run.connection, run.run_id, run.flow, run.started_at, flow_run_id, fellows)
    with _recorded_end(run):
        store_themes(run.connection, run.codebook.themes)
        if renewed := renew_signatures(run.connection):
            run.note(f"{renewed} signatures of texts were computed anew, since their format is another one now")
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
    tell_of_notes(run)
    return run.report()


@contextmanager
def _recorded_end(run: Run) -> Iterator[None]:
    """Record how the run ended, by an error too: one that nobody killed is not to stay "running"."""
    ended: RunState = "failed"
    try:
        yield
        ended = "completed" if state_of(run.report()).is_completed() else "failed"
    except BaseException:
        # With a full disk or a damaged file this fails as well; the next run then marks it as crashed.
        with suppress(DuckDBError, WarehouseError):
            finish_run(run.connection, run.run_id, run.clock(), ended, _recorded(run.report().counts))
            _leave_metrics(run)
        raise
    finish_run(run.connection, run.run_id, run.clock(), ended, _recorded(run.report().counts))
    _leave_metrics(run)


def _leave_metrics(run: Run) -> None:
    if run.settings.metrics is not None:
        try:
            write_metrics(run.settings.metrics, run.connection, run.workspace)
        except WarehouseError as error:  # monitors miss it; the run's work stands
            run.note(f"the metrics could not be written: {error}")


def _remember_failures(run: Run) -> None:
    changes = failure_changes(
        stored_failures(run.connection),
        [fault for fault in run.put_aside if is_noted_at_the_end(fault.stage)],
        handled=run.handled,
        seeds_were_read=run.seeds_were_read,
        now=run.clock(),
    )
    store_failures(run.connection, changes.keep)
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
    """Make the page to look at; that it cannot be made is a remark, and the next run tries again."""
    run.listener("making the page", 0, 0)
    problem = renew_report(run.workspace, run.clock(), most_in_one_file=run.settings.page_articles)
    if problem is not None:
        run.note(problem)
    else:
        run.log.info("The page to look at: %s", run.workspace.home / PAGE)


def tell_of_notes(run: Run) -> None:
    """Say how many of the analyst's notes are on what has changed or gone."""
    path = run.workspace.notes
    if not path.exists() or not has_published(run.workspace):
        return
    try:
        with open_snapshot(run.workspace) as connection:
            unfit = sum(one.state in ("changed", "gone") for one in noted(connection, read_notes(path)))
    except (FileError, WarehouseError, DuckDBError) as error:  # they are not ours, and no run fails for them
        run.note(f"the analyst's notes cannot be applied: {error}")
        return
    if unfit:
        run.note(f"{unfit} of the analyst's notes no longer fit the text: `commentary notes` lists them")


def run_flow(flow: Flow[..., Any], listener: Listener, **parameters: Any) -> tuple[RunReport, bool]:  # noqa: ANN401
    """Run the flow; its report, and whether it did its job.

    Raises:
        UserError, WarehouseError, FileError: what stopped the run, if a person can act on it.
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
