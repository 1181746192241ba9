"""How politely and how long the web is asked: the fetcher's settings, and the clock that its waiting follows."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from extractors.web.model import Purpose


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time comes from. `now` gives aware UTC times, `monotonic` and `sleep` seconds."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]

    @classmethod
    def real(cls) -> "Timing":
        """The machine's own time."""
        return cls(lambda: datetime.now(UTC), time.monotonic, time.sleep)


_MEGABYTE = 1024 * 1024


def _caps() -> dict[Purpose, int]:
    return {
        "article": 25 * _MEGABYTE,  # long PDF reports with pictures
        "home": 8 * _MEGABYTE,
        "listing": 8 * _MEGABYTE,
        "feed": 16 * _MEGABYTE,  # some feeds carry full texts of hundreds of posts
        "wordpress": 16 * _MEGABYTE,
        "sitemap": 50 * _MEGABYTE,  # the limit of sitemaps.org
        "robots": 500 * 1024,  # RFC 9309; the rest is cut off, not an error
    }


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch. `contact` is an address (mail or web) where a site's owner reaches the operator.

    Attributes:
        product: the token that robots.txt knows us by, and the head of the User-Agent.
        delay_s: least time between two requests to one host; a longer Crawl-delay wins.
        longest_wait_s: a host that wants more time than this between requests gets one request a run.
        connect_s: for the name, and for each address's connection and TLS handshake.
        read_s: longest silence while receiving.
        total_s: for one exchange from connection to last byte.
        max_redirects: followed for one page; RFC 9309 wants five for robots.txt.
        body_caps: bytes of a body, a purpose, after decompression; on the wire no more than that either.
        hosts_in_parallel: requests under way at once, each to another host.
        allow: hosts, addresses and networks that may be reached although they are not public.
        ca_file: certificates to trust in place of the public ones, for intranets.
    """

    contact: str
    product: str = "CommentaryWarehouse"
    version: str = "0.1"
    delay_s: float = 2.0
    longest_wait_s: float = 60.0
    connect_s: float = 6.0
    read_s: float = 20.0
    total_s: float = 60.0
    max_redirects: int = 5
    body_caps: dict[Purpose, int] = field(default_factory=_caps)
    hosts_in_parallel: int = 8
    allow: tuple[str, ...] = ()
    ca_file: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would make an identity that a site cannot answer to."""
        contact = self.contact.strip()
        if not contact or not contact.isprintable() or not contact.isascii():
            raise ValueError("the contact must be a mail or web address in one line of ASCII")

    @property
    def user_agent(self) -> str:
        """Who asks, and where to complain."""
        return f"{self.product}/{self.version} (+{self.contact.strip()})"
