"""Text of articles made fit to show: no control characters, bounded, with the telling words marked; safe addresses."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

ELLIPSIS = "…"
# Control characters but for white space, and surrogates that stand alone: no browser shows them, some tools choke.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence in three parts, the middle one marked; an ellipsis stands where it was cut."""

    before: str
    mark: str
    after: str


def plain(text: str | None, limit: int = 300) -> str:
    """The text with unprintable characters replaced and white space collapsed, at most `limit` code points."""
    shown = _collapsed(text or "").strip()
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + ELLIPSIS


def excerpt(sentence: str, start: int, end: int, limit: int = 420) -> Excerpt:
    """A sentence with the code points from `start` to `end` marked, cut on both sides to about `limit` code points."""
    mark = plain(sentence[start:end], limit // 2)
    before = _collapsed(sentence[:start]).lstrip()
    after = _collapsed(sentence[end:]).rstrip()
    room = limit - len(mark)
    if len(before) + len(after) > room:
        share = max(room - len(after), room // 2)
        before, after = _tail(before, share), _head(after, max(room - len(before), room // 2))
    return Excerpt(before, mark, after)


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web that a page may link to; None for any other scheme or a malformed one."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or _UNPRINTABLE.search(url or ""):
        return None
    return url


def _collapsed(text: str) -> str:
    return _SPACE.sub(" ", _UNPRINTABLE.sub(_REPLACEMENT, text))


def _head(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[:limit]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut) + ELLIPSIS


def _tail(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[len(text) - limit :]
    first = cut.find(" ")
    return ELLIPSIS + (cut[first + 1 :] if 0 <= first < limit // 2 else cut)
