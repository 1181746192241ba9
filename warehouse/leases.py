"""What workers that share a warehouse have to themselves for a time: a host to ask, the right to write, a heartbeat.

A lease is a row of the catalog (PostgreSQL, by way of DuckDB's scanner). Its holder renews it in the background for as
long as it lives; what a dead worker held lapses, and the next one that wants it takes it over.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from string import Template
from threading import Event, RLock, Thread
from types import TracebackType
from typing import Literal

import duckdb

from warehouse.errors import LockedError, WarehouseError
from warehouse.sql import quoted, statements
from warehouse.target import CATALOG, Lake, connect_lake

SQL = statements(__file__)

Kind = Literal["host", "committer", "worker"]

LEASE_SECONDS = 120.0

_RENEWALS = 6  # within the time of a lease, so that some may fail
_POLL_SECONDS = 0.5
# Time that goes on while a machine sleeps, where there is such a clock: a lease lapses all the same.
_elapsed: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic
)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was got. Times of the catalog's clock, in seconds since 1970.

    `ready_in_s` is when its host may be asked, in seconds from now. `former` had it before, until `former_until`;
    `former_lapsed` tells that it never gave it back.
    """

    ready_in_s: float
    former: str | None
    former_until: float
    former_lapsed: bool


class Leases:
    """The leases of one worker. All methods may be called from several threads."""

    def __init__(self, lake: Lake, holder: str, seconds: float = LEASE_SECONDS) -> None:
        """`holder` is this worker's identity; a lease lapses `seconds` after its holder's last word.

        Nothing is begun on one that was not renewed for half of that; what was begun is to be over in the other half.
        """
        self.holder = holder
        self._lake = lake
        self._seconds = seconds
        self._lock = RLock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._held: set[tuple[Kind, str]] = set()
        self._renewed_at = _elapsed()
        self._over = Event()
        self._beating = Thread(target=self._keep_renewing, name="leases", daemon=True)

    def __enter__(self) -> "Leases":
        """Take this worker's own lease, and renew all in the background until the block ends.

        What an earlier process of this worker held, which was killed, is given back.

        Raises:
            WarehouseError: the catalog cannot be reached.
        """
        with suppress(WarehouseError):  # another worker creates it just now
            self._execute("create_table")
        self._execute("create_table")
        self._give_all_back()
        self.take("worker", self.holder)
        self._beating.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give back all that is held."""
        self._over.set()
        self._beating.join()
        with suppress(WarehouseError):  # what cannot be given back lapses
            self._give_all_back()
        if self._connection is not None:
            self._connection.close()

    def now(self) -> float:
        """The catalog's clock."""
        return float(self._select("clock")[0][0])  # type: ignore[arg-type]

    def take(self, kind: Kind, name: str) -> Lease | None:
        """Take a lease that nobody else holds; None where somebody does.

        Raises:
            WarehouseError: the catalog cannot be reached.
        """
        with self._lock:
            self._execute("take", kind=kind, name=name, holder=self.holder, seconds=self._seconds)
            holder, ready_in_s, former, until, lapsed, _ = self._select("lease", kind=kind, name=name)[0]
            if holder != self.holder:
                return None
            self._held.add((kind, name))
            former = None if former is None else str(former)
            return Lease(float(ready_in_s), former, float(until or 0.0), bool(lapsed))  # type: ignore[arg-type]

    def give_back(self, kind: Kind, name: str, ready_in_s: float = 0.0) -> None:
        """Give a lease back; a host may be asked again in so many seconds.

        Raises:
            WarehouseError: the catalog cannot be reached.
        """
        with self._lock:
            self._held.discard((kind, name))
            self._execute("give_back", kind=kind, name=name, holder=self.holder, ready_in_s=ready_in_s)

    def undo(self, kind: Kind, name: str) -> None:
        """Give back a lease on which nothing was begun: it is as its former holder left it.

        Raises:
            WarehouseError: the catalog cannot be reached.
        """
        with self._lock:
            self._held.discard((kind, name))
            self._execute("undo", kind=kind, name=name, holder=self.holder)

    def _give_all_back(self) -> None:
        with self._lock:
            self._held = set()
            # When the hosts were asked last is not known here, so they are left alone as if their holder had died.
            self._execute("give_all_back", holder=self.holder, ready_in_s=self._seconds / 2)

    def holds(self, kind: Kind, name: str) -> bool:
        """Whether something may be begun on a lease: it is held, and was renewed lately."""
        return (kind, name) in self._held and _elapsed() - self._renewed_at < self._seconds / 2

    def held(self) -> frozenset[tuple[Kind, str]]:
        """All that this worker holds."""
        with self._lock:
            return frozenset(self._held)

    def workers(self) -> frozenset[str]:
        """The workers whose heartbeat is heard."""
        return frozenset(str(row[0]) for row in self._select("holders", kind="worker"))

    @contextmanager
    def committing(self, wait_seconds: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Be the one that writes to the warehouse inside the block; within such a block, nothing happens.

        Waits up to `wait_seconds`; `on_wait` is told once who is being waited for.

        Raises:
            LockedError: another worker is writing still, or this one was out of touch and lost its turn.
            WarehouseError: the catalog cannot be reached.
        """
        if ("committer", "") in self._held:
            self.still_committing()
            yield
            return
        self._wait_for_turn(wait_seconds, on_wait)
        try:
            yield
        finally:
            with suppress(WarehouseError):  # it lapses
                self.give_back("committer", "")

    @contextmanager
    def sharing(self, wait_seconds: float) -> Iterator[None]:
        """Inside a block in which this worker writes, let others have their turn; it is this one's again at the end.

        Raises:
            LockedError: another worker is writing still after so many seconds.
            WarehouseError: the catalog cannot be reached.
        """
        self.give_back("committer", "")
        try:
            yield
        finally:
            self._wait_for_turn(wait_seconds, None)

    def marks(self) -> dict[str, str]:
        """Up to where the journal of each worker is stored (`Journal.mark`)."""
        return {str(worker): str(mark) for worker, mark in self._select("marks")}

    def set_mark(self, worker: str, mark: str) -> None:
        """Note up to where a worker's journal is stored."""
        self._execute("set_mark", worker=worker, mark=mark)

    def still_committing(self) -> None:
        """Make sure that it is still this worker's turn to write.

        Raises:
            LockedError: it is not.
        """
        if not self.holds("committer", ""):
            raise LockedError("this worker was out of touch with the catalog and lost its turn to write; run again")

    def _wait_for_turn(self, wait_seconds: float, on_wait: Callable[[str], None] | None) -> None:
        deadline, told = time.monotonic() + wait_seconds, False
        while self.take("committer", "") is None:
            (holder, *_, left_s), *_ = self._select("lease", kind="committer", name="")
            if time.monotonic() >= deadline:
                raise LockedError(
                    f"worker {holder} is writing to this warehouse, and was alive less than {self._seconds:g} s ago; "
                    f"run again when it has ended (what a dead one held lapses in {left_s:.0f} s)"
                )
            if on_wait is not None and not told:
                on_wait(f"worker {holder}")
                told = True
            time.sleep(_POLL_SECONDS)

    def _keep_renewing(self) -> None:
        while not self._over.wait(self._seconds / _RENEWALS):
            with suppress(WarehouseError):  # the next time may do better; till then nothing new is begun
                self._renew()

    def _renew(self) -> None:
        asked_at = _elapsed()
        with self._lock:
            self._execute("renew", holder=self.holder, seconds=self._seconds)
            mine = {(kind, name) for kind, name in self._select("held_by", holder=self.holder)}
            self._held &= mine  # what lapsed meanwhile may be another worker's by now
            self._renewed_at = asked_at

    def _execute(self, statement: str, /, **values: str | float) -> None:
        self._call("CALL postgres_execute(?, ?)", statement, values)

    def _select(self, statement: str, /, **values: str | float) -> list[tuple[object, ...]]:
        return self._call("SELECT * FROM postgres_query(?, ?)", statement, values)

    def _call(self, how: str, name: str, values: Mapping[str, str | float]) -> list[tuple[object, ...]]:
        text = Template(SQL(name)).substitute({key: _literal(value) for key, value in values.items()})
        with self._lock:
            try:
                return self._connected().execute(how, [CATALOG, text.removesuffix(";")]).fetchall()
            except duckdb.Error as error:
                if self._connection is not None:
                    self._connection.close()
                self._connection = None  # the next call connects anew
                said = str(error).rpartition("ERROR:")[2].strip().partition("\n")[0]
                raise WarehouseError(
                    f"the catalog of the warehouse cannot be asked ({said}); see that it runs"
                ) from error

    def _connected(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = connect_lake(self._lake, catalog_only=True)
        return self._connection


def _literal(value: str | float) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)


class LeasedHosts:
    """The hosts that this worker may ask; a host is asked by one worker at a time (`extractors.web.hosts.Claims`).

    A worker asks a host by a list of what is due that it read before. Where another worker had the host since, the list
    no longer holds, and the host's turn is the next crawl's. Where another one died holding it, what that one fetched
    stands in the journal only, and the host's turn is the next run's, which reads it first.
    """

    def __init__(self, leases: Leases, most: int) -> None:
        """`most` hosts are held at a time, so that there are some for the others. The journals were just read."""
        self.most = most
        self._leases = leases
        self._lock = RLock()
        self._restored_at = self._read_at = leases.now()
        self._ready_in_s: dict[str, float] = {}
        self._late: set[str] = set()  # those that another worker had since, though claimed for what leads there
        self._drained: set[str] = set()

    def begin_crawl(self) -> None:
        """What is due is about to be read from the warehouse anew."""
        with self._lock:
            self._read_at = self._leases.now()
            self._late = set()

    def begin(self, host: str) -> bool:
        """Whether what is due at a host may be asked for now; it is claimed with that."""
        with self._lock:
            if self._leases.holds("host", host):
                self._drained.discard(host)
            else:
                lease = self._taken(host)
                if lease is None:
                    return False
                if self._is_late(host, lease):
                    with suppress(WarehouseError):  # then it lapses
                        self._leases.undo("host", host)
                    return False
                self._ready_in_s[host] = lease.ready_in_s
            return host not in self._late

    def claim(self, host: str) -> float | None:
        """Claim a host: in how many seconds it may be asked; None where it is another worker's."""
        with self._lock:
            if self._leases.holds("host", host):
                self._drained.discard(host)
                return self._ready_in_s.pop(host, 0.0)
            lease = self._taken(host)
            if lease is None:
                return None
            if self._is_late(host, lease):
                self._late.add(host)
            return lease.ready_in_s

    def _taken(self, host: str) -> Lease | None:
        try:
            lease = self._leases.take("host", host)
        except WarehouseError:  # out of touch with the others, nobody is asked
            return None
        return lease if self._leases.holds("host", host) else None

    def _is_late(self, host: str, lease: Lease) -> bool:
        """Whether another worker had the host since the list of what is due there was read."""
        if host in self._late or lease.former in {None, self._leases.holder}:
            return host in self._late
        return lease.former_until >= (self._restored_at if lease.former_lapsed else self._read_at)

    def drained(self, host: str) -> None:
        """Nothing more is to be asked of a host at present."""
        with self._lock:
            self._drained.add(host)

    @property
    def waiting(self) -> int:
        """How many hosts wait to be given back."""
        return len(self._drained)

    def give_back(self, rests: Mapping[str, float], *, everything: bool = False) -> None:
        """Give back the hosts of which nothing more is wanted, now that what they gave is stored.

        `rests` are the seconds that hosts want to be left alone from now on.

        Raises:
            WarehouseError: the catalog cannot be reached.
        """
        with self._lock:
            going = {name for kind, name in self._leases.held() if kind == "host"} if everything else self._drained
            for host in tuple(going):
                self._leases.give_back("host", host, max(rests.get(host, 0.0), 0.0))
            self._drained = set()
