"""Work on foreign bytes in processes of their own, so that an item which takes too much time or memory costs itself.

A page, PDF, feed or robots.txt may keep a parser busy for ever, fill the memory or crash it, whatever is done against
that. So each is handed to a worker process together with the function that reads it. A worker that exceeds its limits
is ended by the system and the item refused; the next item gets a fresh worker, which costs a fork.

The workers are forked from a process that has the libraries loaded (`extractors.nursery`), never from this one, which
has threads. That one takes seconds to load, unless this process forks it before it has threads (`begin_ahead`), and is
kept for the next `Workers` of this process. None of them outlives this process, however it ends.
"""

import math
import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from signal import SIGPROF
from threading import BoundedSemaphore, Lock, Thread, active_count
from typing import Any, ClassVar, Literal, TypeVar, cast

import psutil

from extractors import nursery

Refusal = Literal["too_slow", "too_large", "crashed"]
Value = TypeVar("Value")

# A worker may wait for its processor beside others, but one that does not even use it has to end as well.
_PATIENCE = 5
_START_S = 300.0
"""Seconds within which the libraries are loaded, on the slowest machine."""


class RefusedError(Exception):
    """An item that could not be worked on within its limits; `reason` says which, the message is for a person."""

    def __init__(self, reason: Refusal, message: str) -> None:
        self.reason: Refusal = reason
        super().__init__(message)

    def __reduce__(self) -> tuple[type["RefusedError"], tuple[Refusal, str]]:
        """Both arguments travel."""
        return RefusedError, (self.reason, str(self))


Call = Callable[..., Any]
"""Gives what a function gives for some arguments: `Workers.call`, or `here`."""


def here(function: Callable[..., Value], *arguments: object) -> Value:
    """Call a function in this process, without limits: for what is no foreigner's, and for tests of other things."""
    return function(*arguments)


class WorkersGoneError(Exception):
    """No worker can be had: they were closed, or the process that begets them does not start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take: seconds of processor time, and megabytes beyond what a worker has loaded at its start."""

    seconds: float
    megabytes: int


@dataclass(slots=True)
class _Worker:
    pid: int
    connection: Connection


class Workers:
    """Processes that work on one item each at a time. Safe to call from several threads; a context that ends them."""

    def __init__(self, processes: int, limits: Limits, preload: Sequence[str] = ()) -> None:
        """`preload` names modules that the workers share loaded, those that the functions of `call` need."""
        self._processes = processes
        self._limits = limits
        self._preload = tuple(preload)
        self._nursery: _Nursery | None = None
        self._shared: tuple[Callable[..., object], tuple[object, ...]] | None = None
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []
        self._lock = Lock()
        self._retrying = Lock()
        self._slots = BoundedSemaphore(processes)
        self._closed = False

    def __enter__(self) -> "Workers":
        """The workers themselves; leaving ends them."""
        return self

    def __exit__(self, *_: object) -> None:
        """As `close`."""
        self.close()

    def start(self) -> None:
        """Begin to load what the workers need, without waiting for it; else the first item does."""
        with self._lock:
            self._begotten()

    def share(self, begin: Callable[..., object], *arguments: object) -> None:
        """Have `begin(*arguments)` called once on behalf of all workers, which share what it leaves in its module."""
        with self._lock:
            self._shared = (begin, arguments)
            if self._nursery is not None:
                self._nursery.share(*self._shared)

    def call(self, function: Callable[..., Value], *arguments: object) -> Value:
        """What `function` (of a module) gives for the arguments, worked out by a worker within the limits.

        A worker that crashes is no proof against its item, since the system may have ended it for want of memory, or
        before the item came to it: the item is tried once more, by a fresh worker with nothing beside it.

        Raises:
            RefusedError: the item took too much time or memory, or crashed its worker twice.
            WorkersGoneError: there are no workers any more.
            Exception: whatever the function raises.
        """
        try:
            with self._slots:
                return self._once(function, arguments)
        except RefusedError as refused:
            if refused.reason != "crashed":
                raise
        with self._alone():
            with self._lock:
                self._end(self._idle)
            return self._once(function, arguments)

    def each(self, function: Callable[[Value], Any], items: Iterable[Value]) -> Iterator[Any]:
        """`function` of each item in order, run in as many threads as there are workers; it uses `call`.

        No more items are taken than there are workers to come to them soon, so that their bytes are not all held.
        """
        threads = ThreadPoolExecutor(self._processes, thread_name_prefix="worker")
        waiting: deque[Future[Any]] = deque()
        try:
            for item in items:
                waiting.append(threads.submit(function, item))
                if len(waiting) > 2 * self._processes:
                    yield _awaited(waiting.popleft())
            while waiting:
                yield _awaited(waiting.popleft())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all workers, whatever they are at."""
        with self._lock:
            self._closed = True
            self._end(self._idle + self._busy)
            if self._nursery is not None:
                self._nursery.spare()
                self._nursery = None

    def _end(self, workers: Sequence[_Worker]) -> None:
        """End these, the idle ones among them."""
        if self._nursery is not None:
            for worker in workers:
                self._nursery.end(worker.pid)
        self._forget_idle()

    def _once(self, function: Callable[..., Value], arguments: tuple[object, ...]) -> Value:
        worker = self._taken()
        answer: _Answer = ("crashed", None)
        try:
            answer = _asked(worker, self._limits, function, arguments)
        finally:
            ended_by = self._give_back(worker, finished=answer[0] in {"done", "raised"})
        kind, value = answer
        if kind == "done":
            return cast("Value", value)
        if kind == "raised":
            raise cast("Exception", value)
        if self._closed:
            raise WorkersGoneError("the workers were ended")
        reason: Refusal = "too_slow" if ended_by == SIGPROF else kind
        raise RefusedError(reason, _SAYINGS[reason].format(self._limits.seconds, self._limits.megabytes))

    def _taken(self) -> _Worker:
        with self._lock:
            self._busy.append(self._idle.pop() if self._idle else self._forked())
            return self._busy[-1]

    def _give_back(self, worker: _Worker, *, finished: bool) -> int:
        """Have a worker wait for its next item, or end it; gives the signal that ended it, 0 for none."""
        with self._lock:
            self._busy.remove(worker)
            if finished and not self._closed:
                self._idle.append(worker)
                return 0
            worker.connection.close()
            return self._nursery.end(worker.pid) if self._nursery is not None else 0

    def _forked(self) -> _Worker:
        """A fresh worker; where the process that begets them has been ended by somebody, from a fresh one of that."""
        for _ in range(2):
            try:
                return self._begotten().fork(self._limits)
            except (EOFError, OSError):
                self._abandon_nursery()
            except Exception as fault:  # of what they share: it is nobody's item that is at fault
                self._abandon_nursery()
                raise WorkersGoneError(f"workers cannot begin ({type(fault).__name__}: {fault})") from fault
            except BaseException:  # Ctrl-C: an answer that nobody took would be taken for the next one
                self._abandon_nursery()
                raise
        raise WorkersGoneError("no process can be started to read foreign bytes in: see the messages above")

    def _begotten(self) -> "_Nursery":
        if self._closed:
            raise WorkersGoneError("the workers were ended")
        if self._nursery is None:
            self._nursery = _Nursery.begun(self._preload)
            if self._shared is not None:
                self._nursery.share(*self._shared)
        return self._nursery

    def _abandon_nursery(self) -> None:
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None
        self._forget_idle()

    def _forget_idle(self) -> None:
        for worker in self._idle:
            worker.connection.close()
        self._idle.clear()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """All slots: nothing else is worked on."""
        held = 0
        with self._retrying:
            try:
                for _ in range(self._processes):
                    self._slots.acquire()
                    held += 1
                yield
            finally:
                for _ in range(held):
                    self._slots.release()


def is_done_within(future: Future[Any], seconds: float = math.inf) -> bool:
    """Wait for a future by the second, for at most so many; whether it is done.

    A signal that comes just as a wait begins is seen at its end, and Ctrl-C must not wait for a long item.
    """
    until = time.monotonic() + seconds
    while not future.done() and (left := until - time.monotonic()) > 0:
        wait([future], timeout=min(left, 1))
    return future.done()


def _awaited(future: Future[Any]) -> Any:  # noqa: ANN401
    is_done_within(future)
    return future.result()


_Answer = tuple[Literal["done", "raised", Refusal], object]
_SAYINGS: dict[Refusal, str] = {
    "too_slow": "reading it takes more than {0:g} s of processor time, which no real page, feed or file does",
    "too_large": "reading it takes more than {1:,} MB of memory, which no real page, feed or file does",
    "crashed": "the process that read it crashed twice; the file is broken in a way that the libraries do not expect",
}


def _asked(worker: _Worker, limits: Limits, function: Callable[..., object], arguments: tuple[object, ...]) -> _Answer:
    """A worker's answer; "too_slow" and "crashed" where it ended or had to be ended before it gave one."""
    try:
        worker.connection.send((function, arguments))
        if not worker.connection.poll(_PATIENCE * limits.seconds):
            return "too_slow", None
        return cast("_Answer", worker.connection.recv())
    except (EOFError, OSError):
        return "crashed", None


def begin_ahead(preload: Sequence[str]) -> bool:
    """Load what workers need and fork the process that begets them from this one; whether it was done.

    It saves loading nearly everything twice. Only a process without other threads can, and only where forking is sound
    (on macOS the system's libraries do not bear it); elsewhere the first `Workers` start one as ever.
    """
    if sys.platform != "linux" or active_count() > 1:
        return False
    for name in preload:
        import_module(name)
    _Nursery.forked(tuple(preload)).spare()
    return True


def let_go() -> None:
    """End what this process keeps for its next `Workers`, so that what it used is counted as that of an ended child."""
    _Nursery.end_spare()


class _Nursery:
    """The process that begets the workers, as seen from here; one thread may speak to it at a time."""

    _spare: ClassVar[list["_Nursery"]] = []
    _spare_lock: ClassVar[Lock] = Lock()

    def __init__(self, preload: Sequence[str], connection: Connection, process: psutil.Process) -> None:
        self._preload = preload
        self._connection = connection
        self._process = process
        self._shared = b""
        self._sharing: Thread | None = None

    @classmethod
    def started(cls, preload: Sequence[str]) -> "_Nursery":
        """One in a fresh process, which loads the modules by itself."""
        ours, theirs = Pipe()
        program = f"import sys; sys.path[:] = {sys.path!r}; from extractors.nursery import main; main()"
        process = psutil.Popen(
            [sys.executable, "-c", program, str(theirs.fileno()), *preload],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            # One item uses one processor; threads of numpy's would only take address space, which is what is limited.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        )
        theirs.close()
        return cls(preload, ours, process)

    @classmethod
    def forked(cls, preload: Sequence[str]) -> "_Nursery":
        """One in a copy of this process, which has no other threads and has the modules loaded."""
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            try:
                nursery.serve_forked(theirs)
            finally:
                os._exit(0)
        theirs.close()
        return cls(preload, ours, psutil.Process(pid))

    @classmethod
    def begun(cls, preload: Sequence[str]) -> "_Nursery":
        """One that has loaded these modules or begins to: one that is spare, if there is any."""
        with cls._spare_lock:
            for spare in cls._spare:
                if spare._preload == preload:
                    cls._spare.remove(spare)
                    return spare
        return cls.started(preload)

    def spare(self) -> None:
        """Let others have it, now that its workers have ended."""
        with self._spare_lock:
            self._spare.append(self)

    @classmethod
    def end_spare(cls) -> None:
        """End all that are spare."""
        with cls._spare_lock:
            for spare in cls._spare:
                spare.close()
            cls._spare.clear()

    def share(self, begin: Callable[..., object], arguments: tuple[object, ...]) -> None:
        """Have it call `begin`; what is sent may be large and the process busy loading, so nobody waits for it."""
        self._wait_for_sharing()
        message = pickle.dumps(("share", begin, arguments))
        if message != self._shared:
            self._shared = message
            self._sharing = Thread(target=self._send, args=(message,), daemon=True)
            self._sharing.start()

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # it has gone: the next fork tells
            self._connection.send_bytes(message)

    def _wait_for_sharing(self) -> None:
        if self._sharing is not None:
            self._sharing.join()

    def fork(self, limits: Limits) -> _Worker:
        """A new worker.

        Raises:
            EOFError, OSError: the process has gone.
            Exception: what `share` raised there.
        """
        self._wait_for_sharing()
        ours, theirs = Pipe()
        try:
            self._connection.send(("fork", limits.seconds, limits.megabytes))
            send_handle(self._connection, theirs.fileno(), self._process.pid)
            pid = self._answer()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return _Worker(pid, ours)

    def _answer(self) -> int:
        if not self._connection.poll(_START_S):
            raise TimeoutError("the libraries do not get loaded")
        answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return int(answer)

    def end(self, pid: int) -> int:
        """See a worker off; the signal that ended it, 0 where none did or nobody can tell any more."""
        try:
            self._connection.send(("end", pid))
            return int(self._connection.recv())
        except (EOFError, OSError):
            return 0

    def close(self) -> None:
        """End it, and with it all its workers; one that is still loading has none."""
        self._connection.close()
        try:
            self._process.wait(5)
        except psutil.TimeoutExpired:
            self._process.kill()
            self._process.wait()
