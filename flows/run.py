"""One run on one warehouse: what its steps share, and what it counts."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from os import cpu_count
from uuid import uuid4

import duckdb
from duckdb import DuckDBPyConnection

from extractors.themes import Codebook
from extractors.web.model import FetchResult
from extractors.workers import Limits, Workers
from flows.fleet import Fleet, fleet_of
from flows.reporting import ArticleLine, Counts, Listener, RunReport, silent
from flows.settings import Settings
from flows.steps.cluster import SCHEME, Cluster
from flows.steps.coding import (
    MOST_REFUSED,
    WORKER_MODULES,
    ClusterCoders,
    Coders,
    Coding,
    cluster_setup,
    codebook_in_force,
)
from flows.steps.troubles import TroubledSource
from warehouse.coded import NotSimilar, PutAside
from warehouse.database import is_damage
from warehouse.errors import DamagedError, DamagedObjectError
from warehouse.raw_store import RawStore, journal_of, store_of
from warehouse.rebuild import Salvage, open_or_make_anew, set_aside
from warehouse.runs import keep_alive
from warehouse.workspace import Holder, Workspace, clear_leftovers, exclusive

Clock = Callable[[], datetime]

HEARTBEAT = timedelta(seconds=30)
"""How often a run that gets on records that it is alive."""


def utc_now() -> datetime:
    """The clock of ordinary runs: now, aware, in UTC."""
    return datetime.now(UTC)


_listener: ContextVar[Listener] = ContextVar("listener", default=silent)
_clock: ContextVar[Clock] = ContextVar("clock", default=utc_now)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let runs in this context tell `listener` of their progress. (A flow's parameters are for operators only.)"""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def clocked(clock: Clock) -> Iterator[None]:
    """Let runs in this context take the time from `clock`."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)


class Run:
    """What the steps of a run work on, and the tally that its report is made of.

    It is deliberately no dataclass: Prefect looks into dataclasses that a task is given, and copies what it finds.
    """

    def __init__(
        self,
        flow: str,
        settings: Settings,
        workspace: Workspace,
        connection: DuckDBPyConnection,
        *,
        workers: Workers,
        log: logging.Logger | logging.LoggerAdapter[logging.Logger],
    ) -> None:
        self.flow = flow
        self.fleet: Fleet | None = None
        self.run_id = uuid4().hex  # no number counted from those before: no two machines ever give the same
        self.settings = settings
        self.workspace = workspace
        self.connection = connection
        self.salvage: Salvage | None = None
        self.store = store_of(workspace)
        self.journal = journal_of(workspace)
        self.codebook: Codebook = codebook_in_force(settings)
        self.workers = workers
        self.coders = coders_of(settings, self.codebook, workers, self.store)
        self.clock, self.listener = _clock.get(), _listener.get()
        self.log = log
        self.started_at = self.alive_at = self.clock()
        self.counts: Counter[str] = Counter()
        self.articles: list[ArticleLine] = []
        self.put_aside: list[PutAside] = []
        self.not_similar: list[NotSimilar] = []
        self.skipped: list[tuple[str, str]] = []  # what was not read though it was named, and why
        self.notes: list[str] = []
        self.checks: list[str] = []
        self.unusable: list[str] = []
        self.postponed: Counter[str] = Counter()  # pages by source that wait for the next run
        self.asked = self.answered = 0  # requests of the network, and those that somebody answered
        self.quarantined: frozenset[str] = frozenset()
        self.sources: list[tuple[str, str, str]] = []
        self.troubled: list[TroubledSource] = []
        self.republished = self.seeds_were_read = False
        self.handled: set[str] = set()

    def set_aside(self, faults: Sequence[PutAside]) -> None:
        """Note what could not go on; each is logged once with its way out."""
        for fault in faults:
            self.put_aside.append(fault)
            self.counts["failed"] += 1
            self.log.warning("%s: %s (%s)", fault.stage, fault.message, fault.error_type)

    def cannot_use(self, fault: PutAside) -> None:
        """Note what an operator gave that cannot be used: the run does the rest, and then counts as failed."""
        self.set_aside([fault])
        self.unusable.append(fault.message)

    def count_answer(self, result: FetchResult) -> None:
        """Count what was asked of the network, and whether anybody answered, if only to refuse."""
        self.asked += 1
        self.answered += result.status is not None

    def keep_alive(self) -> None:
        """Record now and then that the run is alive; called wherever it gets on."""
        now = self.clock()
        if now - self.alive_at >= HEARTBEAT and (self.fleet is None or self.fleet.may_write):
            self.alive_at = now
            keep_alive(self.connection, self.run_id, now)

    def note(self, text: str) -> None:
        """Note a remark that is no failure."""
        self.notes.append(text)
        self.log.info(text)

    def report(self) -> RunReport:
        """The tally as it stands."""
        published = self.workspace.published
        return RunReport(
            flow=self.flow,
            started_at=self.started_at,
            finished_at=self.clock(),
            counts=Counts(**self.counts),
            articles=tuple(self.articles),
            put_aside=tuple(self.put_aside),
            not_similar=tuple(self.not_similar),
            skipped=tuple(self.skipped),
            notes=tuple(self.notes),
            checks=tuple(self.checks),
            unusable=tuple(self.unusable),
            reached_nothing=self.asked > 0 and not self.answered,
            published=published if self.workspace.lake is not None or published.exists() else None,
            readers=self.workspace.readers,
            republished=self.republished,
            sources=tuple(self.sources),
            troubled=tuple(self.troubled),
        )


@contextmanager
def open_run(
    flow: str,
    settings: Settings,
    *,
    log: logging.Logger | logging.LoggerAdapter[logging.Logger],
) -> Iterator[Run]:
    """Hold the warehouse for one run: folders made, lock taken, leftovers cleared, database open and migrated.

    A database that is missing or damaged is begun anew (`run.salvage`). One that is found to be damaged within the run
    is set aside, for the next run to make it anew.

    Raises:
        WarehouseError: the folder cannot be written to, another run holds it for too long, the published snapshot is
            another warehouse's, or the file is damaged.
        ClusterError: the settings name a cluster to code on, and it cannot be used.
    """
    workspace = settings.workspace
    workspace.prepare()

    def waiting(holder: Holder) -> None:
        log.warning("Another run is writing to this warehouse (%s); waiting up to %.0f s", holder, settings.lock_wait)
        _listener.get()(f"waiting for another run ({holder})", 0, 0)

    with exclusive(workspace, settings.lock_wait, waiting):
        clear_leftovers(workspace)
        opened, salvage = open_or_make_anew(workspace, _clock.get()(), settings.memory_limit)
        with (
            closing(opened) as connection,
            fleet_of(settings, workspace) as fleet,
            workers_of(settings) as workers,
        ):
            workers.start()  # they load while the codebook is loaded and the seeds and sources are looked at
            run = Run(flow, settings, workspace, connection, workers=workers, log=log)
            run.salvage, run.fleet = salvage, fleet
            with closing(run.coders), _turn_to_write(run), _damage_set_aside(run):
                yield run


@contextmanager
def _turn_to_write(run: Run) -> Iterator[None]:
    """Of several workers on one warehouse one writes at a time; alone, the lock of the file is all there is to it."""
    if run.fleet is None:
        yield
        return

    def waiting(holder: str) -> None:
        run.log.warning("Waiting up to %.0f s for %s to have written", run.settings.lock_wait, holder)
        run.listener(f"waiting for {holder}", 0, 0)

    with run.fleet.committing(waiting):
        yield


def workers_of(settings: Settings) -> Workers:
    """Processes that read and code what is foreign, within the limits of the settings."""
    return Workers(settings.processes or cpu_count() or 1, _limits(settings), WORKER_MODULES)


def coders_of(settings: Settings, codebook: Codebook, workers: Workers, store: RawStore) -> Coding:
    """What codes articles by these settings: processes of this machine, or a cluster's workers. It is closed after use.

    Raises:
        ClusterError: the cluster does not answer, or its workers cannot code for this run.
    """
    if settings.coding.startswith(SCHEME):
        setup = cluster_setup(codebook, _limits(settings), settings.codebook)
        return ClusterCoders(Cluster(settings.coding, setup, MOST_REFUSED), store, settings.coding_store)
    return Coders(codebook, workers, store.get, settings.codebook)


def _limits(settings: Settings) -> Limits:
    return Limits(settings.item_seconds, settings.item_memory)


@contextmanager
def _damage_set_aside(run: Run) -> Iterator[None]:
    try:
        yield
    except (DamagedError, duckdb.Error) as error:
        if isinstance(error, DamagedObjectError) or (isinstance(error, duckdb.Error) and not is_damage(error)):
            raise
        if run.workspace.lake is not None:  # it is not ours to set aside
            raise
        run.connection.close()
        moved = set_aside(run.workspace, run.clock())
        raise DamagedError(
            f"the database was found to be damaged ({str(error).splitlines()[0]}); it is set aside as "
            f"{', '.join(map(str, moved))}, and the next run makes it anew from what is published and stored"
        ) from error
