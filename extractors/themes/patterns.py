"""Cues as they stand in TOML, read, checked and overridden by a user's files; and the language they are written in.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, PlainValidator

from extractors.lexicon import Filled, LexiconError, Table, checked
from extractors.themes.model import Framing

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


Where = Literal["any", "heading", "prose"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One reason to code a theme, or to frame it in a way.

    `target` is a theme_id or a framing. `weight` adds to its score once a paragraph, or for each of up to `distinct`
    separate places; negative weights speak against it.
    `unless` cancels a match in its sentence, `unless_paragraph` in the paragraph. `frames` says how a theme's cue
    frames it by itself ("staff shortage" is a problem whatever stands around it), with `frame_weight`.
    """

    name: str
    target: str
    weight: float
    distinct: int
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    unless_paragraph: tuple[Pattern, ...]
    where: Where
    frames: str
    frame_weight: float


Classes = Mapping[str, tuple[Pattern, ...]]


def _parsed(sources: object) -> tuple[Pattern, ...]:
    if not isinstance(sources, list):
        raise ValueError(f"{sources!r} is not a list of words and phrases")  # noqa: TRY004 - pydantic gathers ValueErrors
    wrong = next((source for source in sources if not isinstance(source, str)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not a pattern in quotation marks")
    return tuple(map(parse_pattern, sources))


def _some(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    if not patterns:
        raise ValueError("has no patterns")
    return patterns


def _members(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    for pattern in patterns:
        elements = pattern.parts[0]
        if len(pattern.parts) > 1 or any(element.gap for element in elements):
            raise ValueError(f"'{pattern.source}' has a gap or '&'; a class holds plain phrases")
        if len(elements) > 1 and any(element.atoms[0][0] == "@" for element in elements):
            raise ValueError(f"'{pattern.source}' mixes a class with words")
    return patterns


Patterns = Annotated[tuple[Pattern, ...], PlainValidator(_parsed)]
# The words and phrases of a concept class, or "@OTHER" classes that it includes.
Members = Annotated[Patterns, AfterValidator(_members)]


class _CueEntry(Table):
    """A cue as it stands in a file of one theme."""

    name: Filled
    weight: float
    patterns: Annotated[Patterns, AfterValidator(_some)]
    unless: Patterns = ()
    unless_paragraph: Patterns = ()
    where: Where = "any"
    frames: Framing | None = None
    frame_weight: float = 1.0
    distinct: int = 1


class _FramingCueEntry(_CueEntry):
    """A cue in a file that is no theme's: it speaks for a framing."""

    framing: Framing


def read_cues(file: Path, entries: Sequence[Mapping[str, Any]], target: str) -> dict[str, Cue]:
    """The cues of one file by name. With an empty target each cue must name its own `framing`.

    Raises:
        LexiconError: names the file, the theme and the cue that is wrong.
    """
    cues: dict[str, Cue] = {}
    for position, table in enumerate(entries, 1):
        where = f"{target or 'framing'}, cue {table.get('name', position)!r}"
        if target:
            entry, of = checked(file, where, table, _CueEntry), target
        else:
            framing_entry = checked(file, where, table, _FramingCueEntry)
            entry, of = framing_entry, framing_entry.framing
        if entry.name in cues:
            raise LexiconError(file, where, "two cues have this name; a name must be unique in its theme")
        cues[entry.name] = _cue(entry, of)
    return cues


def _cue(entry: _CueEntry, target: str) -> Cue:
    return Cue(
        name=entry.name,
        target=target,
        weight=entry.weight,
        distinct=entry.distinct,
        patterns=entry.patterns,
        unless=entry.unless,
        unless_paragraph=entry.unless_paragraph,
        where=entry.where,
        frames=entry.frames or "",
        frame_weight=entry.frame_weight,
    )


def check_references(file: Path, entry: str, patterns: Sequence[Pattern], classes: Classes) -> None:
    """Check that every class that a pattern names exists.

    Raises:
        LexiconError: names the file, the entry and the class that is missing.
    """
    for pattern in patterns:
        for part in pattern.parts:
            for element in part:
                for atom in element.atoms:
                    if atom[0] == "@" and atom[1:] not in classes:
                        raise LexiconError(file, entry, f"'{pattern.source}' names the unknown class {atom}")
