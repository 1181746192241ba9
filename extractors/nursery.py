"""The process that begets workers: it loads what they share, forks one when asked, and ends them all when it ends.

Only `extractors.workers` starts it. It has no threads and no state but its children. When the process that it works
for is gone, however that ended, its connection closes and it kills its children: a worker that is caught inside a
library could not notice by itself.
"""

import gc
import logging
import os
import pickle
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path

_MEGABYTE = 1024 * 1024


def main() -> None:
    """Serve the parent at the other end of the connection whose descriptor is the first argument."""
    _be_quiet()
    parent = Connection(int(sys.argv[1]))
    for name in sys.argv[2:]:
        import_module(name)
    _serve_to_the_end(parent)


def serve_forked(parent: Connection) -> None:
    """Serve the parent at the other end of the connection, in a process that was forked from it."""
    _be_quiet()
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.closerange(3, parent.fileno())  # the parent's files, among them its end of the connection
    os.closerange(parent.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    _serve_to_the_end(parent)


def _be_quiet() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides, and closes
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever a parent that was forked from does on it
    logging.disable()  # libraries complain of each oddity in a broken file
    warnings.simplefilter("ignore")


def _serve_to_the_end(parent: Connection) -> None:
    children: set[int] = set()
    try:
        _serve(parent, children)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def _serve(parent: Connection, children: set[int]) -> None:
    fault: Exception | None = None
    while True:
        try:
            order, *arguments = parent.recv()
        except (EOFError, OSError):
            return
        if order == "share":
            fault = _shared(*arguments)
        elif order == "end":
            parent.send(_ended(arguments[0], children))
        else:
            handle = recv_handle(parent)
            if fault is not None:
                parent.send(fault)
            else:
                child = _forked(parent, handle, *arguments)
                children.add(child)
                parent.send(child)
            os.close(handle)


def _shared(begin: Callable[..., object], arguments: tuple[object, ...]) -> Exception | None:
    """Do what is done once for all workers; what goes wrong with it is told to whoever asks for one."""
    try:
        begin(*arguments)
    except Exception as error:
        return _portable(error)
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # else the children's collections would copy the memory that they share
    return None


def _ended(child: int, children: set[int]) -> int:
    """End a child, if it has not ended; the signal that did it. Only here its number may become that of a stranger."""
    if child not in children:
        return 0
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    children.discard(child)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _forked(parent: Connection, handle: int, seconds: float, megabytes: int) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            parent.close()
            _limit_memory(megabytes)
            _work(Connection(handle), seconds)
            status = 0
        finally:
            os._exit(status)
    return child


def _limit_memory(megabytes: int) -> None:
    """Let the system refuse what goes beyond; where it cannot (macOS), the time limit alone holds."""
    statm = Path("/proc/self/statm")
    own = int(statm.read_text("ascii").split()[0]) * resource.getpagesize() if statm.exists() else 0
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = own + megabytes * _MEGABYTE
    if own and (most == resource.RLIM_INFINITY or wanted < most):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(connection: Connection, seconds: float) -> None:
    """Answer one item after another, until there are no more or one takes too much.

    The system's own timer ends the process, in the middle of a library too; nobody has to be awake for that.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    while True:
        try:
            message = connection.recv_bytes()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        kind, answer = _answer(message)
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.send_bytes(answer)
        if kind == "too_large":
            return  # what the lack of memory left behind in libraries is anybody's guess


def _answer(message: bytes) -> tuple[str, bytes]:
    try:
        function, arguments = pickle.loads(message)  # noqa: S301  from our own parent
        return "done", pickle.dumps(("done", function(*arguments)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return "too_large", pickle.dumps(("too_large", None))
    except Exception as error:
        return "raised", pickle.dumps(("raised", _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error as it can be sent; one that cannot is told in words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
