"""The small language in which cues are written, parsed into patterns.

A pattern is a row of elements, all within one sentence:

    wait            the word in any inflection: wait, waits, waited, waiting
    =commission     exactly this form
    privatis*       any word that begins so
    cut|reduce      one of several
    @WAIT           a concept class of classes.toml, itself words and phrases
    #money          an amount of money; also #percent, #year, #number, #question; #start opens a sentence
    18              this number as written
    ^IT, ^May       this form with these capitals
    ..              up to three words between; ..6 up to six
    a & b           both in one sentence, in any order
    a && b          both in one paragraph, in any order
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Scope = Literal["sentence", "paragraph"]
_GAP = re.compile(r"\.\.(\d*)$")
_ATOM = re.compile(
    r"@[A-Z][A-Z_]*|#(?:money|percent|year|number|question|start)|\^[A-Z][A-Za-z]+|=?[^\W_]+(?:'[^\W\d_]+)*\*?"
)
_DEFAULT_GAP = 3
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: what may stand there, and how many words may come before it."""

    atoms: tuple[str, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a cue can be said: parts in any order, each a row of elements in order."""

    source: str
    parts: tuple[tuple[Element, ...], ...]
    scope: Scope


class PatternError(ValueError):
    """A pattern cannot be read; the message says where and what was expected."""


@lru_cache(maxsize=20_000)
def parse_pattern(source: str) -> Pattern:
    """Parse one pattern.

    Raises:
        PatternError: the text is empty or not in the language of this module.
    """
    if "&&" in source:
        pieces, scope = source.split("&&"), "paragraph"
    else:
        pieces, scope = source.split("&"), "sentence"
    if any("&" in piece for piece in pieces):
        raise PatternError(f"'{source}' mixes '&' and '&&'; use one of them")
    parts = tuple(_parse_part(piece, source) for piece in pieces)
    return Pattern(source, parts, "paragraph" if scope == "paragraph" else "sentence")


def _parse_part(piece: str, source: str) -> tuple[Element, ...]:
    elements: list[Element] = []
    gap = 0
    for item in piece.split():
        width = _GAP.match(item)
        if width:
            gap = int(width.group(1) or _DEFAULT_GAP)
            continue
        for position, atoms in enumerate(_alternatives(item, source)):
            elements.append(Element(atoms, 0 if position else gap))
        gap = 0
    if not elements or gap:
        raise PatternError(f"'{source}' has an empty part or a gap at its end")
    if elements[0].gap:
        raise PatternError(f"'{source}' begins with a gap")
    return tuple(elements)


def _alternatives(item: str, source: str) -> list[tuple[str, ...]]:
    """The atoms of one item; a hyphen divides it into places, as it divides words in a text."""
    if "-" in item and "|" in item:
        raise PatternError(f"'{item}' in '{source}' has a hyphen among alternatives; give each its own pattern")
    places = []
    for place in item.replace("’", "'").split("-"):
        atoms = tuple(place.split("|"))
        for atom in atoms:
            if atom.endswith("*") and len(atom) < _SHORTEST_STEM + 1:
                raise PatternError(f"'{atom}' in '{source}' is too short; a stem has at least {_SHORTEST_STEM} letters")
            if not _ATOM.fullmatch(atom):
                raise PatternError(f"'{atom}' in '{source}' is not a word, =word, stem*, @CLASS, #number or ^Capitals")
        places.append(atoms)
    return places
