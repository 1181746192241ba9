"""One writer at a time: the lock that a run holds on its warehouse."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import LockedError
from warehouse.workspace import Workspace, explained_disk_errors

POLL_SECONDS = 0.1

# POSIX record locks belong to the process, so that children forked for parallel work, which may outlive a killed run,
# do not keep it (a flock would be inherited). Their price: closing any handle of the file in this process gives the
# lock up, so this process never opens the file a second time while it holds it.
_held: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, as written into its file; all None while the holder is only just writing."""

    pid: int | None
    started_at: str | None

    def __str__(self) -> str:
        return f"process {self.pid}, started {self.started_at}" if self.pid else "another process"


@contextmanager
def exclusive(
    workspace: Workspace, wait_seconds: float = 0.0, on_wait: Callable[[Holder], None] | None = None
) -> Iterator[None]:
    """Hold the warehouse for writing. The lock goes with the process: a killed holder never blocks the next run.

    Waits up to `wait_seconds`; `on_wait` is told once who is being waited for.

    Raises:
        LockedError: another run holds it still; the message names the holder.
        WarehouseError: the lock file cannot be written.
    """
    path = workspace.lock.resolve()
    if path in _held:
        raise LockedError(f"{path}: this process holds the warehouse already", os.getpid())
    with explained_disk_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _wait_for(descriptor, path, wait_seconds, on_wait)
        _held.add(path)
        with explained_disk_errors(path):
            _sign(descriptor)
        yield
    finally:
        _held.discard(path)
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path, wait_seconds: float, on_wait: Callable[[Holder], None] | None) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while not _acquired(descriptor):
        holder = _holder(descriptor)
        if time.monotonic() >= deadline:
            raise LockedError(
                f"{path.parent.parent}: another run is writing to this warehouse ({holder}); wait until it has ended, "
                "or end that process",
                holder.pid,
            )
        if on_wait is not None and not told:
            on_wait(holder)
            told = True
        time.sleep(POLL_SECONDS)


def _acquired(descriptor: int) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _sign(descriptor: int) -> None:
    content = json.dumps({"pid": os.getpid(), "started_at": datetime.now(UTC).isoformat(timespec="seconds")})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content.encode(), 0)


def _holder(descriptor: int) -> Holder:
    try:
        written = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(written["pid"]), str(written["started_at"]))
    except (ValueError, KeyError, TypeError):
        return Holder(None, None)
