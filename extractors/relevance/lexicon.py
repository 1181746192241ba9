"""Concepts and genres as data: loading concepts.toml and genres.toml, checked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from extractors.lexicon import LexiconError, expect_keys, load_toml
from extractors.relevance.phrases import PhraseFinder

CONCEPTS_FILE: Final = Path(__file__).with_name("concepts.toml")
GENRES_FILE: Final = Path(__file__).with_name("genres.toml")

_CONCEPTS: Final = (
    "public", "independent", "relation", "dealing", "uk", "foreign", "health", "elsewhere", "argument",
)  # fmt: skip
_STRONG: Final = 1.0
_WEAK: Final = 0.4
_VOID: Final = 0.0


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of text that is not commentary: its noun for reasons and how much evidence makes it certain."""

    name: str
    noun: str
    enough: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that judging looks for. Groups of the finder are concept names and "genre:" with a genre's name."""

    finder: PhraseFinder
    labels: dict[str, str]
    genres: tuple[Genre, ...]


GENRE_PREFIX: Final = "genre:"


def load_lexicon(concepts_file: Path = CONCEPTS_FILE, genres_file: Path = GENRES_FILE) -> Lexicon:
    """Load and check both files.

    Raises:
        LexiconError: a file or an entry cannot be used; the message names both.
    """
    finder = PhraseFinder()
    concepts = load_toml(concepts_file)
    for name in _CONCEPTS:
        if name not in concepts:
            raise LexiconError(concepts_file, name, "the concept is missing")
    for name, table in concepts.items():
        if name not in _CONCEPTS:
            raise LexiconError(concepts_file, name, f"unknown concept; known are {', '.join(_CONCEPTS)}")
        lists = {"strong": list, "weak": list, "void": list}
        expect_keys(concepts_file, name, table, required={"label": str, **lists}, optional={})
        _add(finder, table, group=name, file=concepts_file, entry=name)
    genres = tuple(_genre(finder, name, table, genres_file) for name, table in load_toml(genres_file).items())
    return Lexicon(finder, {name: table["label"] for name, table in concepts.items()}, genres)


@cache
def default_lexicon() -> Lexicon:
    """The project's own lexicon, loaded once a process."""
    return load_lexicon()


def _genre(finder: PhraseFinder, name: str, table: dict[str, Any], file: Path) -> Genre:
    lists = {"strong": list, "weak": list}
    expect_keys(file, name, table, required={"noun": str, "enough": float, **lists}, optional={})
    if table["enough"] <= 0:
        raise LexiconError(file, name, f"'enough' is {table['enough']}, expected a number above 0")
    _add(finder, table, group=GENRE_PREFIX + name, file=file, entry=name)
    return Genre(name, table["noun"], float(table["enough"]))


def _add(finder: PhraseFinder, table: dict[str, Any], *, group: str, file: Path, entry: str) -> None:
    for key, weight in (("strong", _STRONG), ("weak", _WEAK), ("void", _VOID)):
        phrases = table.get(key, [])
        wrong = [phrase for phrase in phrases if not isinstance(phrase, str)]
        if wrong:
            raise LexiconError(file, f"{entry}.{key}", f"{wrong[0]!r} is not a phrase in quotes")
        finder.add(phrases, group=group, weight=weight, file=file, entry=f"{entry}.{key}")
