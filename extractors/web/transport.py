"""Connections that lead only where they may (public addresses, and those the settings name), and end in their time."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import idna
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse
from urllib3.util import Timeout

from extractors.web.model import ErrorType

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# Not for us although `ipaddress` calls some of them global, which differs between Python's versions. IANA's
# special-purpose registries (RFC 6890 and later), and cloud metadata that lives on a public address.
_FORBIDDEN = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server
        "169.254.0.0/16",  # link-local; metadata of most clouds at 169.254.169.254
        "192.0.0.0/24",  # IETF protocol assignments; Oracle's metadata at 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "198.18.0.0/15",  # benchmarking
        "240.0.0.0/4",  # reserved and broadcast
        "::/96",  # unspecified, loopback, and IPv4-compatible, deprecated
        "64:ff9b:1::/48",  # NAT64 of local use (RFC 8215)
        "100::/64",  # discard only
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local; AWS metadata at fd00:ec2::254
        "fe80::/10",
        "fec0::/10",  # site-local, deprecated
    )
)
_NAT64 = ip_network("64:ff9b::/96")
# What an operator may open as a whole: a site's own network, 65,536 addresses of IPv4 or one /48 of IPv6. Wider ones
# open what nobody meant (0.0.0.0/0 is everything, ::ffff:0:0/96 too).
_WIDEST = {4: 16, 6: 48}
# A cloud's metadata service hands out credentials: it can be named by its own address, never within a network.
_METADATA = tuple(
    ip_address(address)
    for address in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
)
# As inet_aton reads it, and so browsers and resolvers: one to four numbers, decimal, octal or hexadecimal.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)
_NAME = re.compile(r"(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


class AllowedHostError(ValueError):
    """An entry of the allowed hosts that names nothing, or too much; the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Says which addresses may be connected to.

    `hosts` and `networks` are what the settings allow beyond the public internet, for tests and intranets: names of
    hosts, which then may lead anywhere, and networks, which then may be reached under any name.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPNetwork, ...] = ()

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> "Guard":
        """A guard from the settings' list of host names, addresses in any form, and networks ("10.1.0.0/16").

        Raises:
            AllowedHostError: an entry is none of these, or a network so wide that it opens what nobody meant.
        """
        hosts: set[str] = set()
        networks: list[IPNetwork] = []
        for entry in entries:
            network = _network(entry.strip())
            if network is None:
                hosts.add(_name(entry))
            else:
                networks.append(network)
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: str) -> bool:
        """Whether `host`, which was resolved to `address`, may be connected to there.

        Addresses are compared as what they reach: ::ffff:10.1.2.3 is 10.1.2.3.
        """
        if host.lower().rstrip(".") in self.hosts:
            return True
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(_same(ip) in network for network in self.networks) or is_public(ip)


def _network(entry: str) -> IPNetwork | None:
    """The addresses that an entry names, None where it is the name of a host.

    Raises:
        AllowedHostError: they are too many, or a cloud's metadata service is among them.
    """
    address, slash, bits = entry.partition("/")
    plain = address.removeprefix("[").removesuffix("]")
    if _NUMBERS.fullmatch(plain):
        try:
            plain = socket.inet_ntoa(socket.inet_aton(plain))
        except OSError as error:
            raise AllowedHostError(f"{entry!r} is no network address: write it as 127.0.0.1") from error
    try:
        network = ip_network(plain + slash + bits, strict=False)
    except ValueError:
        return None
    network = _reached(network)
    _refuse_wide(entry, network)
    return network


def _refuse_wide(entry: str, network: IPNetwork) -> None:
    if network.num_addresses == 1:
        return
    widest = _WIDEST[network.version]
    if network.prefixlen < widest:
        raise AllowedHostError(
            f"{entry!r} opens {network.num_addresses:,} addresses to whatever page leads there: name the hosts that "
            f"are meant, or a network of /{widest} or smaller"
        )
    for metadata in _METADATA:
        if metadata.version == network.version and metadata in network:
            raise AllowedHostError(
                f"{entry!r} has {metadata} in it, where clouds hand out credentials: name the hosts that are meant"
            )


def _name(entry: str) -> str:
    """An entry as the name of a host, as addresses are asked for.

    Raises:
        AllowedHostError: it is none.
    """
    name = entry.strip().lower().rstrip(".")
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        name = ""
    if not _NAME.fullmatch(name):
        raise AllowedHostError(
            f"{entry!r} is neither a host, an address nor a network: write intranet.example.org, 10.1.2.3 or "
            "10.1.2.0/24, without scheme, port or path"
        )
    return name


def _same(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one reaches, where it is only another form of it."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _reached(network: IPNetwork) -> IPNetwork:
    """The same for a network: one that holds all such forms is all of IPv4."""
    if isinstance(network, IPv6Network):
        if network.prefixlen < 96:
            return network
        start = _same(network.network_address)
        if isinstance(start, IPv4Address):
            return IPv4Network((start, network.prefixlen - 96), strict=False)
    return network


def is_public(ip: IPAddress) -> bool:
    """Whether an address is a unicast one of the public internet.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is as public as what it carries.
    """
    if isinstance(ip, IPv6Address):
        carried = _carried(ip)
        if carried:
            return all(is_public(inner) for inner in carried)
    if ip.is_multicast or not ip.is_global:
        return False
    return not any(ip.version == block.version and ip in block for block in _FORBIDDEN)


def _carried(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip.teredo is not None:
        return ip.teredo
    if ip in _NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return ()


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

    def __init__(self, guard: Guard, resolver: Resolver, proxy: str | None = None) -> None:
        self._guard = guard
        self._resolver = resolver
        self._proxy = urlsplit(proxy).hostname if proxy else None
        self.deadline = Deadline()
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:  # noqa: ANN401
        """As of the base class, with pools whose connections are guarded."""
        manager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, timeout=Timeout(connect=10, read=10), **kwargs
        )
        manager.pool_classes_by_scheme = self._pools(self._guard)
        self.poolmanager = manager

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:  # noqa: ANN401
        """As of the base class, with connections to the proxy that end in their time."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools(Guard(frozenset({self._proxy or ""})))
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        """As of the base class; behind a proxy at least addresses that are written as such are checked."""
        host = urlsplit(request.url or "").hostname or ""
        if self._proxy and _is_private_as_written(host) and not self._guard.permits(host, host):
            raise TransportError(
                "unsafe_address", f"{host} is not a public address; name it in the settings if it is meant"
            )
        return super().send(request, *args, **kwargs)

    def _pools(self, guard: Guard) -> dict[str, Any]:
        guarded = {"guard": guard, "resolver": self._resolver, "deadline": self.deadline}
        return {"http": _with(_GuardedHTTPPool, guarded), "https": _with(_GuardedHTTPSPool, guarded)}


def _is_private_as_written(host: str) -> bool:
    """Whether a host is this machine by name, or an address: what names lead to only a proxy knows."""
    return host == "localhost" or host.endswith(".localhost") or bool(_NUMBERS.fullmatch(host)) or ":" in host


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


def new_session(guard: Guard, resolver: Resolver, proxy: str | None = None) -> tuple[requests.Session, GuardedAdapter]:
    """A session for one host that takes nothing from the environment: no proxies, no `.netrc`, no certificates.

    A proxy resolves and connects in our place, so that what a name leads to cannot be checked: only where the settings
    name one.
    """
    session = _PlainSession()
    session.trust_env = False
    adapter = GuardedAdapter(guard, resolver, proxy)
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session, adapter
