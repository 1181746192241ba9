"""What was read from an endpoint's body, whatever its format."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from extractors.web.discover.links import Link

_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One sitemap that an index names, with the time of its last change if the index tells."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Links and, for an index, the sitemaps it names; or the `problem` that kept it from being read.

    `ttl` is how long a feed asks to be left alone.
    """

    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()
    ttl: timedelta | None = None
    problem: str | None = None


MOST_ELEMENTS = 100_000
"""Start tags of a body that parsers are given: a small body of nothing but tags would keep them busy for minutes."""


def too_many_elements(body: bytes) -> bool:
    """Whether a body has more start tags than any real feed or page."""
    return body.count(b"<") - body.count(b"</") > MOST_ELEMENTS


def declares_entities(body: bytes) -> bool:
    """Whether an XML body declares entities of its own, in any encoding that XML parsers take by its mark."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in body[:64]:
        body = body.replace(b"\x00", b"")
    return bool(_ENTITY.search(body))


def say(what: str, error: Exception) -> str:
    """A problem for a person, with the parser's word on it in short."""
    return f"{what} ({type(error).__name__}: {str(error)[:120]})"
