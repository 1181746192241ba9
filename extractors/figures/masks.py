"""Stretches of a text whose numbers are no figures: addresses, times of day, phone numbers, postcodes, marks."""

import re
from typing import NamedTuple

from extractors.figures.numbers import Number


class Masked(NamedTuple):
    """A stretch of the text whose numbers are no figures, and why."""

    start: int
    end: int
    reason: str


_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^ ]+|[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,64}|(?<![a-z0-9.])10\.[0-9]{4,9}/[^ ]+"
)
_ADDRESS_SIGNS = ("://", "www.", "@", "10.")
_LIST_MARK = re.compile(r" *\(?[0-9]{1,2}[.)](?= |$)")
_OUTLINE_LETTER = re.compile(r" *\(?[0-9]{1,2}[a-z][.)](?= |$)")
_OUTLINE = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.? +(?=[A-Z])")
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Za-z0-9])")
# What a number may open, in the order they are tried; matched where the number starts.
_AT_NUMBER: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        ("time of day", r"[0-9]{1,2}(?:[:.][0-9]{2}){0,2} ?(?:[ap]\.?m(?![a-z])\.?|o'clock|noon(?![a-z]))"),
        ("time of day", r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"),
        ("time of day", r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'clock"),
        ("ratio or score", r"[0-9]{1,3} ?: ?[0-9]{1,3}(?![0-9:])"),
        ("version number", r"[0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)*(?![0-9])"),
        ("ordinal", r"[0-9]+(?:,[0-9]{3})*(?:st|nd|rd|th)(?![a-z])"),
        ("decade", r"[0-9]0'?s(?![a-z])"),
        ("citation", r"[0-9]{4};[0-9]+[^ ]*"),
        (
            "phone number",
            (
                r"0[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![0-9])"
                r"|[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4}(?![0-9])"
            ),
        ),
    )
)
# What all of these have in common, to leave an ordinary number quickly.
_SUSPECT = re.compile(
    r"0[0-9]|[0-9.,]{1,40}(?:[:;]| ?(?:[ap]\.?m|o'c|noon|:)|st|nd|rd|th|'?s|\)?[ -]?[0-9]{3})"
    r"|[0-9]{1,40}\.[0-9]{1,40}\."
)
# Digits without a space, more than any number has; each would be looked at with all that follow it.
_ENDLESS = re.compile(r"[0-9][0-9.,]{80,}")
_AGE_BAND = re.compile(r"(?<![a-z])(?:over|under)[ -]$")
_INTERNATIONAL = re.compile(r"[0-9]{1,3}[ -]?(?:\(0\) ?)?[0-9]{2,5}[ -]?[0-9]{3,4}(?:[ -]?[0-9]{3,4})?(?![0-9])")
_MARK = re.compile(r"\[[0-9]{1,3}(?:[,;-] ?[0-9]{1,3})*\]")


def paragraph_masks(text: str, lower: str) -> list[Masked]:
    """What is masked in a whole paragraph: addresses, and the mark of a list at its start."""
    found: list[Masked] = []
    if any(sign in lower for sign in _ADDRESS_SIGNS):
        found.extend(Masked(match.start(), match.end(), "part of an address") for match in _ADDRESS.finditer(lower))
    found.extend(Masked(match.start(), match.end(), "row of digits") for match in _ENDLESS.finditer(text))
    found.sort()
    mark = _LIST_MARK.match(text) or _OUTLINE_LETTER.match(text)
    if mark:
        found.append(Masked(0, mark.end(), "list number"))
    return found


def mask_at(text: str, lower: str, number: Number, sentence_start: int) -> Masked | None:
    """What the number is the start or a part of, where that is no figure."""
    start = number.start
    if number.form == "words":
        clock = _AT_NUMBER[2][1].match(lower, start)
        return Masked(start, clock.end(), "time of day") if clock else None
    special = _special(text, lower, start, sentence_start)
    if special is not None:
        return special
    if lower[start - 1 : start] not in {"£", "$", "€"} and _SUSPECT.match(lower, start):
        for reason, pattern in _AT_NUMBER:
            match = pattern.match(lower, start)
            if match is not None and not (reason == "decade" and _AGE_BAND.search(lower[max(0, start - 6) : start])):
                return Masked(start, match.end(), reason)
    return _postcode(text, start)


def _special(text: str, lower: str, start: int, sentence_start: int) -> Masked | None:
    """Marks, international phone numbers and outline numbers, by what stands before the number."""
    before = lower[start - 1 : start]
    if before == "[" and (mark := _MARK.match(lower, start - 1)):
        return Masked(start - 1, mark.end(), "reference mark")
    if before == "+" and (phone := _INTERNATIONAL.match(lower, start)) and phone.end() - start > 8:
        return Masked(start, phone.end(), "phone number")
    if start == sentence_start and (outline := _OUTLINE.match(text, start)):
        return Masked(start, outline.end(), "list number")
    return None


def _postcode(text: str, at: int) -> Masked | None:
    if not (text[at - 1 : at].isupper() or text[at + 1 : at + 2].isupper() or text[at + 2 : at + 3].isupper()):
        return None
    match = _POSTCODE.search(text, max(0, at - 6), at + 8)
    return Masked(match.start(), match.end(), "postcode") if match and match.start() <= at < match.end() else None
