"""Which network addresses may be connected to: public ones, and those that the settings name."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

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
        """A guard from the settings' list of host names, addresses and networks ("10.1.0.0/16")."""
        hosts: set[str] = set()
        networks: list[IPNetwork] = []
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip(), strict=False))
            except ValueError:
                hosts.add(entry.strip().lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: str) -> bool:
        """Whether `host`, which was resolved to `address`, may be connected to there."""
        if host.lower().rstrip(".") in self.hosts:
            return True
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(ip in network for network in self.networks) or is_public(ip)


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
