"""What stands in quotation marks."""

import re
from typing import NamedTuple

_DOUBLE = re.compile(r"[“”\"„«»]")
_SINGLE = re.compile(r"[‘’']")
_LONGEST = 1500  # characters of a stretch in single marks
_FEW = 8  # words after which an "s" with a mark is a possessive sooner than the end of the stretch
_OPENS_BEFORE = frozenset(" \t([{-–—/\u00a0:;,.")


class Stretch(NamedTuple):
    """What stands between two marks; `closed` is False where it runs on to the end of the paragraph."""

    start: int
    end: int
    closed: bool

    def inside(self, text: str) -> str:
        """The words."""
        return text[self.start : self.end]


def stretches(text: str) -> list[Stretch]:
    """All stretches in quotation marks in order; those in marks of the other sort within them are part of them."""
    found = _doubles(text)
    if "‘" in text or "'" in text:
        found += [one for one in _singles(text) if not any(other.start <= one.start < other.end for other in found)]
    return sorted(found)


def _doubles(text: str) -> list[Stretch]:
    found: list[Stretch] = []
    start: int | None = None
    for mark in _DOUBLE.finditer(text):
        opens = mark[0] in "“„«" or (mark[0] == '"' and _may_open(text, mark.start()) and start is None)
        if start is None:
            if opens or (mark[0] == '"' and mark.end() < len(text) and not text[mark.end()].isspace()):
                start = mark.end()
            continue
        if mark[0] == "“":  # the one before was left open
            start = mark.end()
            continue
        found.append(Stretch(start, mark.start(), closed=True))
        start = None
    if start is not None and len(text) - start > 1:
        found.append(Stretch(start, len(text.rstrip()), closed=False))
    return found


def _may_open(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    return (not before or before in _OPENS_BEFORE) and bool(after) and not after.isspace()


def _singles(text: str) -> list[Stretch]:
    found: list[Stretch] = []
    at = 0
    while (opening := _opening(text, at)) is not None:
        close = _closing(text, opening + 1)
        if close is None:
            if text[opening] == "‘" and (opening == 0 or text[:opening].rstrip().endswith((":", ","))):
                found.append(Stretch(opening + 1, len(text.rstrip()), closed=False))
                break
            at = opening + 1
            continue
        found.append(Stretch(opening + 1, close, closed=True))
        at = close + 1
    return found


def _opening(text: str, at: int) -> int | None:
    for mark in _SINGLE.finditer(text, at):
        following = text[mark.end() : mark.end() + 1]
        opens = mark[0] == "‘" or (mark[0] == "'" and _may_open(text, mark.start()))
        if opens and (following.isalnum() or following in {"£", "["}):
            return mark.start()
    return None


def _closing(text: str, start: int) -> int | None:
    """Where the stretch closes: at the first mark that is no apostrophe; one after an "s" only where no other comes."""
    owned: int | None = None
    for mark in _SINGLE.finditer(text, start, start + _LONGEST):
        before, following = text[mark.start() - 1], text[mark.end() : mark.end() + 1]
        if mark[0] == "‘":
            break
        if following.isalnum() or before.isspace():
            continue
        if before != "s":
            return mark.start()
        near = len(text[start : mark.start()].split()) <= _FEW or following in {"", ".", ",", ";", ":", ")"}
        owned = mark.start() if owned is None and near else owned
    return owned
