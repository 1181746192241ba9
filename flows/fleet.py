"""A run as one of several workers on one warehouse: its turn to write, its hosts, its journal beside the others'.

Where one machine has the warehouse to itself there is none of this: what is kept is stored at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from duckdb import DuckDBPyConnection

from flows.settings import Settings
from warehouse.errors import WarehouseError
from warehouse.leases import LeasedHosts, Leases
from warehouse.raw_store import journal_of, journals_beside
from warehouse.rebuild import restore_noted
from warehouse.runs import Fellows
from warehouse.workspace import Workspace

T = TypeVar("T")

LEASE = 2
"""Times the longest exchange with a host is how long a lease lasts: half of it for what was begun before it lapses."""

BATCH = 200
"""Answers that a worker stores together: each transaction is a file a table, and others wait for their turn."""


NOTHING = "0:"
"""The mark of a journal of which nothing is stored."""


class Fleet:
    """This worker among those that share the warehouse."""

    def __init__(self, leases: Leases, workspace: Workspace, settings: Settings) -> None:
        self.leases = leases
        self.hosts = LeasedHosts(leases, settings.hosts_at_once)
        self._workspace = workspace
        self._wait_seconds = settings.lock_wait

    @property
    def fellows(self) -> Fellows:
        """This worker, and those that are alive."""
        return Fellows(self.leases.holder, self.leases.workers())

    @property
    def may_write(self) -> bool:
        """Whether it is this worker's turn to write."""
        return self.leases.holds("committer", "")

    @contextmanager
    def committing(self, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Be the one that writes (`Leases.committing`)."""
        with self.leases.committing(self._wait_seconds, on_wait):
            yield

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Let the others write inside the block, which is one in which this worker writes."""
        with self.leases.sharing(self._wait_seconds):
            yield

    def restore(self, connection: DuckDBPyConnection) -> int:
        """Store what this worker, and those that died, had noted in their journals and not stored; how many fetches.

        Raises:
            WarehouseError: what another worker fetched is kept where this one does not look.
        """
        self.hosts = LeasedHosts(self.leases, self.hosts.most)  # who dies from now on is not restored here
        alive, marks, restored = self.leases.workers() - {self.leases.holder}, self.leases.marks(), 0
        journals = journals_beside(self._workspace)
        if elsewhere := {worker for worker, mark in marks.items() if mark != NOTHING} - journals.keys():
            raise WarehouseError(
                f"what worker {min(elsewhere)} fetched is not in {self._workspace.raw_store or self._workspace.raw}; "
                "set raw_store to the same place on all machines that share the warehouse (docs/scaling.md)"
            )
        for worker, journal in journals.items():
            if worker not in alive:
                restored += restore_noted(connection, journal.rows(journal.after(marks.get(worker, NOTHING))))
                self.leases.set_mark(worker, journal.mark())
        return restored

    def all_is_stored(self) -> None:
        """Note that all that stands in this worker's journal is stored."""
        self.leases.set_mark(self.leases.holder, journal_of(self._workspace).mark())


@contextmanager
def fleet_of(settings: Settings, workspace: Workspace) -> Iterator[Fleet | None]:
    """This worker among several, where the warehouse is one that several share; else None.

    Raises:
        WarehouseError: the catalog cannot be reached.
    """
    if workspace.lake is None:
        yield None
        return
    with Leases(workspace.lake, workspace.identity(), LEASE * settings.fetch_seconds) as leases:
        yield Fleet(leases, workspace, settings)


class Keeping:
    """Stores what a crawl brings: each answer at once, or, of several workers, in batches at this one's turn.

    What is kept in between stands in the journal. Hosts are given back when what they gave is stored, so that whoever
    asks them next knows of it.
    """

    def __init__(self, fleet: Fleet | None, rests: Callable[[], Mapping[str, float]]) -> None:
        """`rests` tells for how long each host is to be left alone."""
        self._fleet = fleet
        self._rests = rests
        self._waiting: dict[Callable[[Sequence[object]], None], list[object]] = {}

    def keep(self, store: Callable[[Sequence[T]], None], item: T) -> None:
        """Store an item now or with others of its kind, by one function for each kind."""
        if self._fleet is None:
            store([item])
            return
        self._waiting.setdefault(store, []).append(item)  # type: ignore[arg-type]
        hosts = self._fleet.hosts
        if sum(map(len, self._waiting.values())) >= BATCH or hosts.waiting >= hosts.most:
            self.flush()

    def flush(self, *, last: bool = False) -> None:
        """Store what waits, and give back the hosts that are done with; the last time, all."""
        if self._fleet is None:
            return
        if self._waiting:
            with self._fleet.committing():
                for store, items in self._waiting.items():
                    store(items)
                self._fleet.all_is_stored()
            self._waiting = {}
        self._fleet.hosts.give_back(self._rests(), everything=last)


@contextmanager
def keeping(fleet: Fleet | None, rests: Callable[[], Mapping[str, float]]) -> Iterator[Keeping]:
    """Keep what a crawl inside the block brings; meanwhile others may write. What waits at its end is stored."""
    made = Keeping(fleet, rests)
    if fleet is None:
        yield made
        return
    with fleet.sharing():
        try:
            yield made
        finally:
            made.flush(last=True)
