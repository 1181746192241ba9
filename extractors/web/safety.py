"""Which network addresses may be connected to: public ones, and those that the settings name."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import idna

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


class UnsafeAddressError(ValueError):
    """A name leads to an address that must not be connected to; the message says which and how to allow it."""


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
