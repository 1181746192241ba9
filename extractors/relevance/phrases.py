"""Finding the phrases of a lexicon in running text, fast: one pass over the words, whatever the number of phrases.

A phrase is words separated by spaces. In each word `|` separates alternatives, a final `*` stands for any ending, `_`
alone for any one word, a final `?` makes the word optional, and `#` is any number in digits. A word in lower case
matches in any case; one with a capital matches only as written ("Trust", "IS"). Hyphens separate words, as they do in
the text, and a possessive 's is dropped.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from extractors.lexicon import LexiconError
from extractors.text import fold

_TOKEN = re.compile(r"[A-Z]&[A-Z]\b|[^\W\d_][^\W_]*(?:'(?!s\b)[^\W\d_]+)?|\d[\d,.]*|[£$€%?@©]")
_WORD_SYNTAX = re.compile(r"(?:[A-Z]&[A-Z]|[^\W\d_][^\W_]*(?:'[a-z]+)?\*?|#|[£$€%?@©])")
_ANY = "_"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: words `start` (inclusive) to `end` (exclusive) of the text, the group it belongs to, its weight."""

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
    return ["#" if token[0].isdigit() else token for token in _TOKEN.findall(fold(text))]


class PhraseFinder:
    """All phrases of a lexicon, compiled for search."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[_Phrase]] = defaultdict(list)
        self._prefixes: set[str] = set()
        self._atoms: dict[str, tuple[str, ...]] = {}

    def add(self, phrases: Iterable[str], *, group: str, weight: float, file: Path, entry: str) -> None:
        """Take in the phrases of one group; within a group the longest phrase at a place wins.

        Raises:
            LexiconError: a phrase is empty, opens with `_`, or is not written as described above.
        """
        for phrase in phrases:
            for slots in _variants(phrase, file, entry):
                self._take(_Phrase(slots, group, weight))

    def _take(self, phrase: _Phrase) -> None:
        for atom in phrase.slots[0]:
            self._by_first[atom].append(phrase)
            self._by_first[atom].sort(key=lambda known: -len(known.slots))
        for slot in phrase.slots:
            self._prefixes.update(atom[:-1] for atom in slot if atom.endswith("*"))
        self._atoms.clear()

    def find(self, words: Sequence[str]) -> list[Hit]:
        """All phrases in the words, in order; those of one group never overlap, those of different groups may."""
        atoms = [self._atoms_of(word) for word in words]
        taken: dict[str, int] = {}
        hits: list[Hit] = []
        for start, own in enumerate(atoms):
            for phrase in self._candidates(own):
                end = start + len(phrase.slots)
                if start >= taken.get(phrase.group, 0) and _fits(phrase, atoms, start, end):
                    taken[phrase.group] = end
                    hits.append(Hit(start, end, phrase.group, phrase.weight))
        return hits

    def _candidates(self, own: tuple[str, ...]) -> list[_Phrase]:
        lists = [self._by_first[atom] for atom in own if atom in self._by_first]
        if len(lists) < 2:
            return lists[0] if lists else []
        return sorted((phrase for found in lists for phrase in found), key=lambda phrase: -len(phrase.slots))

    def _atoms_of(self, word: str) -> tuple[str, ...]:
        known = self._atoms.get(word)
        if known is None:
            low = word.lower()
            prefixes = (low[:length] for length in range(2, len(low) + 1))
            known = tuple({word, low, *(f"{prefix}*" for prefix in prefixes if prefix in self._prefixes)})
            if len(self._atoms) > _CACHE_WORDS:
                self._atoms.clear()
            self._atoms[word] = known
        return known


_CACHE_WORDS = 50_000  # a bound on memory; a year's vocabulary stays below it


def _fits(phrase: _Phrase, atoms: Sequence[tuple[str, ...]], start: int, end: int) -> bool:
    if end > len(atoms):
        return False
    return all(
        _ANY in slot or not slot.isdisjoint(atoms[start + offset]) for offset, slot in enumerate(phrase.slots)
    )


def _variants(phrase: str, file: Path, entry: str) -> list[tuple[frozenset[str], ...]]:
    choices: list[tuple[frozenset[str] | None, ...]] = []
    for word in phrase.replace("-", " ").split():
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
