"""How politely and how long the web is asked, as far as an operator may set it, and the clock that waiting follows."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath

from extractors.web.transport import Guard

PRODUCT = "CommentaryWarehouse"
"""The token that robots.txt knows us by, and the head of the User-Agent."""
_VERSION = "0.1"
_NO_CONTACT = "no contact set; operators set COMMENTARY_CONTACT"

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


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


def _one_line_of_ascii(contact: str) -> str:
    """A contact as a header can carry it (RFC 9110 has no other letters), or "" for none."""
    if not contact.isascii() or not contact.isprintable():
        odd = "".join(dict.fromkeys(letter for letter in contact if not (letter.isascii() and letter.isprintable())))
        raise ValueError(
            f"{contact!r} holds {odd!r}, which a header cannot carry; give a mail or web address in plain letters"
        )
    return contact.strip()


def _meant(entries: tuple[str, ...]) -> tuple[str, ...]:
    Guard.allowing(entries)
    return entries


class FetchSettings(BaseModel):
    """The part of an operator's settings (`flows.settings.Settings`) that fetching goes by.

    Raises:
        ValueError: a value is of the wrong type or out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: Annotated[str, AfterValidator(_one_line_of_ascii)] = Field(
        "", description="An address or page in the User-Agent, so that a site's owner can reach you. Set it."
    )
    allow_hosts: Annotated[tuple[str, ...], AfterValidator(_meant)] = Field(
        (),
        description="Hosts, addresses and small networks that may be asked though they are private: an intranet, or a "
        "test's server.",
    )
    ca_file: FilePath | None = Field(
        None, description="Certificates (PEM) to trust in place of the public ones, for an intranet or a proxy."
    )
    proxy: Annotated[str, Field(pattern=r"^(https?://[^/\s]+/?)?$")] = Field(
        "",
        description="Address of a proxy to ask everything through, http://proxy.example:3128. It resolves names in our "
        "place: private addresses behind names are no longer refused, and the address noted is the proxy's.",
    )
    hosts_at_once: Count = Field(
        8, description="Hosts asked in parallel; each has one request at a time, so this bounds connections too."
    )
    host_delay: Annotated[float, Field(ge=0)] = Field(
        2.0, description="Seconds between two requests to a host; a larger Crawl-delay of its robots.txt wins."
    )
    longest_wait: Seconds = Field(
        60.0, description="Seconds: a host that wants more time than this between requests gets one request a run."
    )
    connect_seconds: Seconds = Field(
        6.0, description="Seconds for a host's name, and for each of its addresses' connection and TLS handshake."
    )
    read_seconds: Seconds = Field(20.0, description="Longest silence in seconds while an answer is received.")
    fetch_seconds: Seconds = Field(60.0, description="Seconds for one answer from connection to last byte.")
    page_megabytes: Count = Field(
        25, description="Megabytes of a page or PDF, after decompression; a larger one is not taken."
    )

    @property
    def user_agent(self) -> str:
        """Who asks, and where to complain."""
        return f"{PRODUCT}/{_VERSION} (+{self.contact or _NO_CONTACT})"
