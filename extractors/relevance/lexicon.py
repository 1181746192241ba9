"""Concepts and genres as data, checked on load; and the finding of their phrases in one pass over the words of a text.

A phrase is words separated by spaces. In each word `|` separates alternatives, a final `*` stands for any ending, `_`
alone for any one word, a final `?` makes the word optional, and `#` is any number in digits. A word in lower case
matches in any case; one with a capital matches only as written ("Trust", "IS"). Hyphens separate words, as they do in
the text, and a final 's is dropped in both.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from extractors.lexicon import Filled, LexiconError, Phrases, Table, TableOf, read_tables
from extractors.text import fold

_TOKEN = re.compile(r"[A-Z]&[A-Z]\b|[^\W\d_][^\W_]*(?:'[^\W\d_]+)?|\d[\d,.]*|[£$€%?@©]")
_POSSESSIVE = re.compile(r"'s\b")
_WORD_SYNTAX = re.compile(r"(?:[A-Z]&[A-Z]|[^\W\d_][^\W_]*(?:'[a-z]+)?\*?|#|[£$€%?@©])")
_ANY = "_"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: its words, `start` inclusive and `end` exclusive, the group it belongs to, and its weight."""

    start: int
    end: int
    group: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Phrase:
    slots: tuple[frozenset[str], ...]
    group: str
    weight: float


def words_of(text: str) -> list[str]:
    """The words, numbers (as "#"), currency signs, per cent signs and question marks of a text, in order."""
    return ["#" if token[0].isdigit() else token for token in _TOKEN.findall(_POSSESSIVE.sub("", fold(text)))]


class PhraseFinder:
    """All phrases of a lexicon, compiled for search.

    The words of the phrases (atoms: "trust", "privatis*") are known beforehand, so a word of the text is looked up
    once, and a phrase is tried only where its first two words stand.
    """

    def __init__(self) -> None:
        self._single: dict[str, list[_Phrase]] = defaultdict(list)
        self._longer: dict[tuple[str, str], list[_Phrase]] = defaultdict(list)
        self._openers: set[str] = set()
        self._vocabulary: set[str] = set()
        self._atoms: dict[str, tuple[str, ...]] = {}

    def add(self, phrases: Iterable[str], *, group: str, weight: float, file: Path, entry: str) -> None:
        """Take in the phrases of one group; within a group the longest phrase at a place wins.

        Raises:
            LexiconError: a phrase is empty, opens with `_`, or is not written as described above.
        """
        for phrase in phrases:
            for slots in _variants(phrase, file, entry):
                self._take(_Phrase(slots, group, weight))
        self._atoms.clear()

    def _take(self, phrase: _Phrase) -> None:
        self._vocabulary.update(*phrase.slots)
        for first in phrase.slots[0]:
            if len(phrase.slots) == 1:
                self._single[first].append(phrase)
            else:
                self._openers.add(first)
                for second in phrase.slots[1]:
                    self._longer[first, second].append(phrase)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """All phrases in the words, in order; those of one group never overlap, those of different groups may.

        Of a group's phrases that open at the same place the longest is taken, and of equally long ones the lightest:
        an exception (weight 0) beats the rule.
        """
        atoms = [self._atoms_of(word) for word in words]
        taken: dict[str, int] = {}
        hits: list[Hit] = []
        for start, own in enumerate(atoms):
            if not own:
                continue
            for phrase in self._opening_at(start, atoms):
                end = start + len(phrase.slots)
                if start >= taken.get(phrase.group, 0):
                    taken[phrase.group] = end
                    hits.append(Hit(start, end, phrase.group, phrase.weight))
        return hits

    def _opening_at(self, start: int, atoms: Sequence[tuple[str, ...]]) -> list[_Phrase]:
        found: list[_Phrase] = []
        following = (*atoms[start + 1], _ANY) if start + 1 < len(atoms) else ()
        for first in atoms[start]:
            if first in self._openers:
                for second in following:
                    longer = self._longer.get((first, second))
                    if longer is not None:
                        found.extend(phrase for phrase in longer if _fits(phrase, atoms, start))
            single = self._single.get(first)
            if single is not None:
                found.extend(single)
        if len(found) > 1:
            found.sort(key=lambda phrase: (-len(phrase.slots), phrase.weight))
        return found

    def _atoms_of(self, word: str) -> tuple[str, ...]:
        known = self._atoms.get(word)
        if known is None:
            low = word.lower()
            forms = {word, low, *(f"{low[:length]}*" for length in range(2, len(low) + 1))}
            known = tuple(sorted(forms & self._vocabulary))
            if len(self._atoms) >= _CACHE_WORDS:
                self._atoms.clear()
            self._atoms[word] = known
        return known


_CACHE_WORDS = 50_000  # a bound on memory; the vocabulary of a year's articles stays below it


def _fits(phrase: _Phrase, atoms: Sequence[tuple[str, ...]], start: int) -> bool:
    """Whether the words from the third on are there; the index has found the first two."""
    slots = phrase.slots
    if len(slots) == 2:
        return True
    if start + len(slots) > len(atoms):
        return False
    return all(
        _ANY in slots[offset] or not slots[offset].isdisjoint(atoms[start + offset]) for offset in range(2, len(slots))
    )


def _variants(phrase: str, file: Path, entry: str) -> list[tuple[frozenset[str], ...]]:
    choices: list[tuple[frozenset[str] | None, ...]] = []
    for word in _POSSESSIVE.sub("", phrase).replace("-", " ").split():
        optional = word.endswith("?") and len(word) > 1
        slot = frozenset((word[:-1] if optional else word).split("|"))
        for atom in slot:
            if atom != _ANY and not _WORD_SYNTAX.fullmatch(atom):
                raise LexiconError(file, entry, f"'{phrase}': '{atom}' is not a word that can be matched")
        choices.append((slot, None) if optional else (slot,))
    variants = [tuple(slot for slot in chosen if slot is not None) for chosen in product(*choices)]
    if any(not slots or _ANY in slots[0] for slots in variants):
        raise LexiconError(file, entry, f"'{phrase}': a phrase needs a first word that is neither '_' nor optional")
    return variants


CONCEPTS_FILE: Final = Path(__file__).with_name("concepts.toml")
GENRES_FILE: Final = Path(__file__).with_name("genres.toml")
WORDING_FILE: Final = Path(__file__).with_name("wording.toml")

# Frames beside which a name that no lexicon knows is one of the independent side's; they are no concepts of their own.
OPERATOR_FRAMES: Final = ("names_operator_after", "names_operator_before")
_STRONG: Final = 1.0
_WEAK: Final = 0.4
_VOID: Final = 0.0


class Concept(Table):
    """What counts as speaking of a concept, surely and perhaps, and what looks like it and is none."""

    label: Filled
    strong: Phrases
    weak: Phrases
    void: Phrases


class Concepts(Table):
    """The concepts by name, and the frames beside which a name is one of the independent side's."""

    public: Concept
    state: Concept
    independent: Concept
    relation: Concept
    dealing: Concept
    names_operator_after: Concept
    names_operator_before: Concept
    uk: Concept
    foreign: Concept
    health: Concept
    elsewhere: Concept
    social_care: Concept
    argument: Concept


class GenreWords(Table):
    """What a kind of text is called in reasons, what tells it, and how much evidence makes it certain."""

    noun: Filled
    enough: Annotated[float, Field(gt=0)]
    strong: Phrases
    weak: Phrases


class Wording(Table):
    """How much more at home a word is in commentary (above 0) or in pages that are none, by fitting; and the start."""

    bias: float
    words: dict[Filled, float]


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
    wording: Wording


GENRE_PREFIX: Final = "genre:"


def read_concepts(
    concepts_file: Path = CONCEPTS_FILE, genres_file: Path = GENRES_FILE, wording_file: Path = WORDING_FILE
) -> Lexicon:
    """Read and check the files.

    Raises:
        LexiconError: a file or an entry cannot be used; the message names both.
    """
    finder = PhraseFinder()
    concepts = read_tables(concepts_file, Concepts)
    for name, concept in concepts:
        _add(finder, concept.strong, concept.weak, concept.void, group=name, file=concepts_file)
    genres = read_tables(genres_file, TableOf[str, GenreWords]).root
    for name, genre in genres.items():
        _add(finder, genre.strong, genre.weak, group=GENRE_PREFIX + name, file=genres_file)
    return Lexicon(
        finder,
        {name: concept.label for name, concept in concepts if name not in OPERATOR_FRAMES},
        tuple(Genre(name, genre.noun, genre.enough) for name, genre in genres.items()),
        read_tables(wording_file, Wording),
    )


@cache
def default_lexicon() -> Lexicon:
    """The project's own lexicon, loaded once a process."""
    return read_concepts()


def _add(finder: PhraseFinder, *lists: Phrases, group: str, file: Path) -> None:
    name = group.removeprefix(GENRE_PREFIX)
    for phrases, (key, weight) in zip(lists, (("strong", _STRONG), ("weak", _WEAK), ("void", _VOID)), strict=False):
        finder.add(phrases, group=group, weight=weight, file=file, entry=f"{name}.{key}")
