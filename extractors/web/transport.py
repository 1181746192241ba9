"""Connections that lead only where they may, and end when their time is up.

The name is resolved and every address checked inside the connection, and the socket is opened to the very address
that was checked; so neither a second answer of the name server (rebinding) nor a redirect can slip by. TLS still
verifies the name, since only the socket's way is replaced.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse
from urllib3.util import Timeout

from extractors.web.model import ErrorType
from extractors.web.safety import Guard

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host and port; raises OSError when there are none."""


class TransportError(Exception):
    """No connection was made; `error_type` says why in the terms of `FetchResult`."""

    def __init__(self, error_type: ErrorType, message: str) -> None:
        self.error_type: ErrorType = error_type
        super().__init__(message)


def system_resolver(host: str, port: int, *, timeout_s: float = 6.0) -> Sequence[str]:
    """Addresses by the system's resolver, in its order, given up after `timeout_s` seconds.

    The system's own call cannot be interrupted and may take half a minute without a network; it is left to a daemon
    thread, which ends when the system answers.

    Raises:
        OSError: no such name, no name server, or no answer in time.
    """
    answer: list[str] = []
    problem: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.extend(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError) as error:
            problem.append(error)

    thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if problem:
        raise OSError(str(problem[0])) from problem[0]
    if not answer:
        raise TimeoutError(f"no answer from the name server in {timeout_s:g} s")
    return answer


class Deadline:
    """The total time of one exchange: when it is over, the socket is shut, whatever is being waited for.

    `passed` tells whether that happened, `reused` whether the exchange goes over a connection of an earlier one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: _GuardedMixin | None = None
        self._timer: threading.Timer | None = None
        self.passed = False
        self.reused = False

    def start(self, seconds: float) -> None:
        """Begin; to be paired with `stop`."""
        with self._lock:
            self.passed = self.reused = False
            self._timer = threading.Timer(seconds, self._end)
            self._timer.daemon = True
            self._timer.start()

    def watch(self, connection: "_GuardedMixin") -> None:
        """Tell which connection the exchange now uses."""
        with self._lock:
            self._connection = connection
            passed = self.passed
        if passed:
            connection.shut()

    def stop(self) -> None:
        """End without consequences for the connection."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._connection = None

    def _end(self) -> None:
        with self._lock:
            if self._timer is None:
                return
            self.passed = True
            connection = self._connection
        if connection is not None:
            connection.shut()


class _GuardedMixin(HTTPConnection):
    """Resolves, checks and connects by itself; knows the address it is connected to."""

    def __init__(self, *args: Any, guard: Guard, resolver: Resolver, deadline: Deadline, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._guard = guard
        self._resolver = resolver
        self._deadline = deadline
        self.connected_to: str | None = None
        self._has_answered = False
        # `sock` is given up to the response when the server will close; this one is kept to be shut.
        self._live: socket.socket | None = None

    def connect(self) -> None:
        self._has_answered = False
        super().connect()
        self._live = self.sock

    def shut(self) -> None:
        """End whatever is being waited for on the socket."""
        if self._live is not None:
            # The base class's method: an SSLSocket's own would also drop its TLS layer under the reader's feet.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._live, socket.SHUT_RDWR)

    def _new_conn(self) -> socket.socket:
        addresses = self._permitted_addresses()
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        problem: OSError | None = None
        for address in addresses:
            if self._deadline.passed:
                raise TransportError("timeout_total", f"{self.host} did not accept a connection in the time allowed")
            try:
                sock = socket.create_connection((address, self.port), timeout)
            except OSError as error:
                problem = error
                continue
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            self.connected_to = address
            self._live = sock
            self._deadline.watch(self)
            return sock
        if isinstance(problem, TimeoutError):
            raise TransportError("timeout_connect", f"{self.host} did not accept a connection in {timeout:g} s")
        raise TransportError("connect", f"no connection to {self.host}: {_reason(problem)}")

    def _permitted_addresses(self) -> list[str]:
        try:
            addresses = self._resolver(self.host, self.port or self.default_port)
        except OSError as error:
            raise TransportError("dns", f"the name {self.host} cannot be resolved: {_reason(error)}") from error
        permitted = [address for address in addresses if self._guard.permits(self.host, address)]
        if not permitted:
            raise TransportError(
                "unsafe_address",
                f"{self.host} leads to {', '.join(addresses)}, which is not a public address; "
                "name the host in the settings if it is meant",
            )
        return permitted

    def putrequest(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self._deadline.watch(self)
        self._deadline.reused = self.sock is not None and self._has_answered
        super().putrequest(*args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself has it
        response = super().getresponse()
        self._has_answered = True
        return response


def _reason(error: OSError | None) -> str:
    if error is None:
        return "no address"
    return error.strerror or str(error) or type(error).__name__


class _GuardedHTTPConnection(_GuardedMixin, HTTPConnection):
    pass


class _GuardedHTTPSConnection(_GuardedMixin, HTTPSConnection):
    pass


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTPConnection


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """Makes a requests session connect by the guard; its `deadline` bounds the exchange under way.

    For one exchange at a time.
    """

    def __init__(self, guard: Guard, resolver: Resolver) -> None:
        self._guard = guard
        self._resolver = resolver
        self.deadline = Deadline()
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:  # noqa: ANN401
        """As of the base class, with pools whose connections are guarded."""
        manager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, timeout=Timeout(connect=10, read=10), **kwargs
        )
        guarded = {"guard": self._guard, "resolver": self._resolver, "deadline": self.deadline}
        manager.pool_classes_by_scheme = {
            "http": _with(_GuardedHTTPPool, guarded),
            "https": _with(_GuardedHTTPSPool, guarded),
        }
        self.poolmanager = manager


def _with(pool: type[HTTPConnectionPool], guarded: dict[str, Any]) -> Any:  # noqa: ANN401
    """The pool class with what its connections need; a pool's key cannot carry such arguments."""

    def make(host: str, port: int | None = None, **kwargs: Any) -> HTTPConnectionPool:  # noqa: ANN401
        return pool(host, port, **kwargs, **guarded)

    return make


class _PlainSession(requests.Session):
    """A session that leaves redirects to us.

    Even when told not to follow them, requests reads a redirect's whole body and parses where it leads.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None, for every response."""
        return None


def new_session(guard: Guard, resolver: Resolver) -> tuple[requests.Session, GuardedAdapter]:
    """A session for one host that takes nothing from the environment: no proxies, no `.netrc`, no certificates.

    A proxy would resolve and connect in our place, so that no address could be checked.
    """
    session = _PlainSession()
    session.trust_env = False
    adapter = GuardedAdapter(guard, resolver)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session, adapter
