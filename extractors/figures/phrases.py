"""Phrases of the subjects' lexicon in a text, looked up word by word."""

import re
from functools import cache
from typing import NamedTuple

from extractors.figures.lexicons import lexicon

_WORD = re.compile(r"[a-z&]+|\d+")
_KEY = 3  # letters by which phrases are looked up


class Term(NamedTuple):
    """A phrase that was found: the name it stands for, and where."""

    name: str
    start: int
    end: int


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    open_ended: bool  # whether the last word may go on
    name: str


def phrases_in(table: str, text: str) -> list[Term]:
    """The phrases of a table that stand in a text, in order; where several overlap the first, then the longest."""
    known = _phrases(table)
    words = list(_WORD.finditer(text.lower()))
    found: list[Term] = []
    place = 0
    while place < len(words):
        for phrase in known.get(words[place][0][:_KEY], ()):
            last = place + len(phrase.words)
            if last <= len(words) and _fits(phrase, [word[0] for word in words[place:last]]):
                found.append(Term(phrase.name, words[place].start(), words[last - 1].end()))
                place = last - 1
                break
        place += 1
    return found


def _fits(phrase: _Phrase, words: list[str]) -> bool:
    if phrase.open_ended:
        return words[-1].startswith(phrase.words[-1]) and (*words[:-1],) == phrase.words[:-1]
    return (*words,) == phrase.words


@cache
def _phrases(table: str) -> dict[str, list[_Phrase]]:
    """The phrases of a table by the first letters of their first word, the longest first."""
    entries = lexicon("subjects")
    known: dict[str, list[_Phrase]] = {}
    for name in entries.names(table):
        for text in entries.phrases(f"{table}.{name}"):
            words = tuple(text.rstrip("*").replace("-", " ").split())
            known.setdefault(words[0][:_KEY], []).append(_Phrase(words, text.endswith("*"), name))
    for phrases in known.values():
        phrases.sort(key=lambda phrase: (-len(phrase.words), -len(phrase.words[-1])))
    return known
