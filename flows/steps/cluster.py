"""A Dask cluster as the place where items are worked on: in chunks, within limits, and whatever becomes of its workers.

Both sides are here. A worker of the cluster works on an item as we do at home: in a process of its own
(`extractors.workers`), which has loaded what it needs once and is ended where it takes too much. What such a process
is to call comes pickled and goes on to it as it came, so that Dask's own process needs none of our libraries: of this
project it loads this module and what that imports. Rows come back as Arrow.

Dask hands the chunk of a lost worker to another one by itself. It gives a chunk up when that happens too often
(`allowed-failures` of the scheduler); its items are then tried one by one with nothing beside them.
"""

import asyncio
import logging
import pickle
import platform
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import uuid4

import pyarrow as pa

from extractors.workers import Limits, RefusedError, Workers, WorkersGoneError
from flows.settings import UserError

SCHEME = "dask://"

Row = Mapping[str, Any]
"""What came of an item: the columns of its row, or `refusal` (one word) and `why`."""


class ClusterError(UserError):
    """The cluster cannot do what the run needs of it."""


class ClusterGoneError(ClusterError):
    """The cluster does not answer, or has no workers; the same run may succeed when it is back."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker of the cluster makes ready once and keeps, also from run to run, while no other is asked for.

    `preload` names the modules that its processes have loaded; `begin` is a pickled function with its arguments, which
    is called once on behalf of all of them (`Workers.share`).
    """

    limits: Limits
    preload: tuple[str, ...]
    begin: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to work on: a pickled function with its arguments, which is told the worker's name besides and gives
    an Arrow table of one row. Items of a `group` wait for the next run once enough of it were refused; "" is none."""

    call: bytes
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Items of a run, and how many of each group it has seen refused."""

    run: str
    items: tuple[Item, ...]
    refused: Mapping[str, int]
    most_refused: int


class _UnfitError(Exception):
    """A worker of the cluster cannot work for this run; the message names it and says why."""


# What follows is done by the cluster's workers.

_MOST_SETUPS = 2  # each has its codebook in memory; runs of more than two kinds at once would take turns
_made_ready: dict[Setup, Workers] = {}
_MOST_RUNS = 8
_refused_here: dict[
    str, Counter[str]
] = {}  # by run: chunks that were sent long ago know nothing of the latest refusals
_lock = Lock()


def _workers(setup: Setup, threads: int) -> Workers:
    with _lock:
        workers = _made_ready.pop(setup, None)
        if workers is None:
            while len(_made_ready) >= _MOST_SETUPS:
                _made_ready.pop(next(iter(_made_ready))).close()
            workers = Workers(threads, setup.limits, setup.preload)
            workers.share(_begin, setup.begin)
        _made_ready[setup] = workers  # the one used last stands last
        return workers


def _begin(call: bytes) -> None:
    function, arguments = pickle.loads(call)  # noqa: S301 - from the run, as all that a worker of Dask does
    function(*arguments)


def _nothing() -> None:
    """To have a process that can be asked something, or the reason why there is none."""


async def _make_ready(setup: Setup, dask_worker: Any) -> str:  # noqa: ANN401 - distributed has no types
    """Have a worker load what it needs, while it goes on telling the scheduler that it lives; why it cannot, or ""."""
    try:
        await asyncio.to_thread(_workers(setup, dask_worker.state.nthreads).call, _nothing)
    except WorkersGoneError as fault:
        _forget(setup)
        return f"{_name(dask_worker.address)}: {fault}"
    return ""


def _forget(setup: Setup) -> None:
    with _lock:
        workers = _made_ready.pop(setup, None)
    if workers is not None:
        workers.close()


def _refused_of(chunk: _Chunk) -> Counter[str]:
    """How many of each group this worker or the run has seen refused; what is refused here is added to it."""
    with _lock:
        refused = _refused_here.pop(chunk.run, Counter())
        while len(_refused_here) >= _MOST_RUNS:
            _refused_here.pop(next(iter(_refused_here)))
        _refused_here[chunk.run] = refused | Counter(chunk.refused)  # the larger of both
        return _refused_here[chunk.run]


def _name(address: str) -> str:
    return f"{address} on {platform.node()}"


def _work_on(setup: Setup, chunk: _Chunk) -> pa.Table:
    """A row for each item of a chunk, in order."""
    from distributed import get_worker  # noqa: PLC0415 - this module is imported where there is none

    worker = get_worker()
    workers, name = _workers(setup, worker.state.nthreads), _name(worker.address)
    refused = _refused_of(chunk)
    tables: list[pa.Table] = []
    for item in chunk.items:
        if item.group and refused[item.group] >= chunk.most_refused:
            tables.append(_refusal("postponed", ""))
            continue
        try:
            tables.append(pa.ipc.open_stream(workers.call(_called, item.call, name)).read_all())
        except WorkersGoneError as fault:
            _forget(setup)
            raise _UnfitError(f"{name}: {fault}") from None
        except RefusedError as error:
            refused[item.group] += 1
            tables.append(_refusal(error.reason, str(error)))
        except Exception as error:  # a fault of ours in one item must not keep the others from being worked on
            tables.append(_refusal("fault", f"{type(error).__name__}: {str(error)[:200]}"))
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def _called(call: bytes, worker: str) -> bytes:
    """In the process of one item: its row, as a stream of Arrow."""
    function, arguments = pickle.loads(call)  # noqa: S301 - from the run, as all that a worker of Dask does
    table: pa.Table = function(*arguments, worker)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _refusal(refusal: str, why: str) -> pa.Table:
    return pa.table({"refusal": [refusal], "why": [why]})


# What follows is done by the run.

_CONNECT_S = 10
_LOOK_S = 1.0
_PATIENCE_S = 60.0
"""Seconds in which a worker that was lost comes back, or the first one comes."""
_CHUNKS_A_THREAD = 4  # so that none waits long for the last chunk, and Dask's milliseconds a chunk do not count
_LARGEST_CHUNK = 20
_TOOK_ALONG = "the worker of the cluster that read it was lost each time that it was tried, also with nothing beside it"
_IN_FLIGHT = 3  # chunks a thread that wait, are worked on or have come back: what is held in memory


class Cluster:
    """A Dask scheduler's workers, made ready for one kind of items. It is closed after use."""

    def __init__(self, address: str, setup: Setup, most_refused: int, patience: float = _PATIENCE_S) -> None:
        """`address` is "dask://host:port"; `most_refused` how many items of a group may be refused before the rest of
        it is postponed; `patience` how many seconds a run waits where there are no workers.

        Raises:
            ClusterGoneError: nobody answers there, or there are no workers.
            ClusterError: the package is missing, or a worker cannot do it: its version is another one.
        """
        self._address = address
        self._setup = setup
        self._most_refused = most_refused
        self._run = uuid4().hex
        self._refused: Counter[str] = Counter()
        self._patience = patience
        self._client = self._connected()
        try:
            self._see_that_all_are_fit()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster; what is under way for us there is dropped."""
        self._client.close(timeout=_CONNECT_S)

    def work(self, items: Sequence[Item]) -> list[Row]:
        """What came of each item, in order.

        An item that takes its worker along each time that it is tried, at last with nothing beside it, is refused as
        "crashed"; all others are worked on.

        Raises:
            ClusterGoneError: the scheduler was lost, or all workers for longer than the patience.
            ClusterError: a worker cannot do it: its version is another one.
        """
        rows: dict[int, Row] = {}
        for place in self._worked_on(items, self._chunks(len(items)), rows):
            if self._worked_on(items, [(place,)], rows):
                self._refused[items[place].group] += 1
                rows[place] = {"refusal": "crashed", "why": _TOOK_ALONG}
        return [rows[place] for place in range(len(items))]

    def _worked_on(self, items: Sequence[Item], chunks: Sequence[tuple[int, ...]], rows: dict[int, Row]) -> list[int]:
        """Add the rows of chunks of items; gives the places of those whose workers were lost too often."""
        lost: list[int] = []
        for chunk, table in self._in_flight(items, chunks):
            if table is None:
                lost += chunk
                continue
            for place, row in zip(chunk, table.to_pylist(), strict=True):
                rows[place] = row
                if row.get("refusal") in {"too_slow", "too_large", "crashed"}:
                    self._refused[items[place].group] += 1
        return lost

    def _in_flight(
        self, items: Sequence[Item], chunks: Sequence[tuple[int, ...]]
    ) -> Iterator[tuple[tuple[int, ...], pa.Table | None]]:
        """Each chunk, by the places of its items, with its rows, in order; None where its workers were lost."""
        most = _IN_FLIGHT * self._threads()
        waiting: deque[tuple[tuple[int, ...], Any]] = deque()
        for places in chunks:
            chunk = _Chunk(self._run, tuple(items[place] for place in places), dict(self._refused), self._most_refused)
            waiting.append((places, self._asked(self._client.submit, _work_on, self._setup, chunk, pure=False)))
            if len(waiting) >= most:
                first, future = waiting.popleft()
                yield first, self._result(future)
        while waiting:
            first, future = waiting.popleft()
            yield first, self._result(future)

    def _result(self, future: Any) -> pa.Table | None:  # noqa: ANN401 - distributed has no types
        """What a chunk came to; waits by the second, so that Ctrl-C and the loss of all workers are noticed."""
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - it is imported only where it is used

        deserted_at: float | None = None
        while True:
            try:
                return future.result(timeout=_LOOK_S)
            except TimeoutError:
                if self._asked(self._client.nthreads):
                    deserted_at = None
                    continue
                deserted_at = deserted_at or time.monotonic()
                if time.monotonic() - deserted_at > self._patience:
                    raise self._deserted() from None
            except KilledWorker:
                return None
            except (CancelledError, OSError) as lost:
                raise self._lost(lost) from lost
            except _UnfitError as unfit:
                raise self._unfit(str(unfit)) from unfit
            except Exception as error:  # of Dask or of the worker's installation: no item is at fault
                raise self._unfit(f"{type(error).__name__}: {str(error)[:300]}") from error

    def _chunks(self, number: int) -> list[tuple[int, ...]]:
        size = min(_LARGEST_CHUNK, max(1, -(-number // (_CHUNKS_A_THREAD * self._threads()))))
        return [tuple(range(start, min(start + size, number))) for start in range(0, number, size)]

    def _threads(self) -> int:
        """How many items the cluster works on at once."""
        return sum(self._asked(self._client.nthreads).values()) or 1

    def _asked(self, question: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - distributed has no types
        try:
            return question(*arguments, **options)
        except Exception as lost:  # which it is depends on what of the connection is found to be gone first
            raise self._lost(lost) from lost

    def _connected(self) -> Any:  # noqa: ANN401 - distributed has no types
        try:
            from distributed import Client  # noqa: PLC0415 - it is imported only where it is used
        except ImportError as missing:
            raise ClusterError(
                f'coding = "{self._address}" needs the package distributed ({missing})', "`make scaling` installs it"
            ) from missing
        for name in ("distributed", "distributed.client", "distributed.core"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what counts of it we say ourselves
        at = self._address.removeprefix(SCHEME)
        try:
            return Client(f"tcp://{at}", timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise ClusterGoneError(
                f"the coding cluster's scheduler at {self._address} does not answer",
                f'start it (`dask scheduler --port {at.rpartition(":")[2]}`), or set coding = "" to code here',
            ) from error

    def _see_that_all_are_fit(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            raise self._deserted() from None
        answers = self._asked(self._client.run, _make_ready, self._setup, on_error="return")
        for address, answer in answers.items():
            if answer:
                told = f"{address}: {type(answer).__name__}: {answer}" if isinstance(answer, Exception) else answer
                raise self._unfit(told)

    def _deserted(self) -> ClusterGoneError:
        return ClusterGoneError(
            f"the coding cluster at {self._address} has no workers",
            f"start one on each of its machines (`dask worker tcp://{self._address.removeprefix(SCHEME)}`), then run "
            "again: what is not coded yet is coded then",
        )

    def _lost(self, error: BaseException) -> ClusterGoneError:
        return ClusterGoneError(
            f"the coding cluster's scheduler at {self._address} was lost ({type(error).__name__})",
            "start it and its workers, then run again: what is not coded yet is coded then",
        )

    def _unfit(self, told: str) -> ClusterError:
        return ClusterError(
            f"a worker of the coding cluster cannot code for this run, {told}",
            "install the same release of this project, with the same version of Python, on every machine of the "
            "cluster (docs/scaling.md), start its workers again, then run again",
        )
