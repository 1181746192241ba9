"""What figures measure, reduced to the words by which figures on one measure are recognised."""

import re
from functools import cache
from pathlib import Path

from extractors.lexicon import LexiconError, load_toml
from extractors.text import fold

_LEXICON = Path(__file__).with_name("measures.toml")
_WORD = re.compile(r"[a-z]{3,}")
_PLURALS = (("ies", "y"), ("sses", "ss"), ("s", ""))


def measure_words(measure: str | None) -> tuple[str, ...]:
    """The telling words of a measure in alphabetical order, plurals cut; empty where it has none.

    Numbers, dates, and words of amount, time and movement are left out: "7.6 million people were waiting in May" and
    "the people waiting rose" both measure "people waiting".
    """
    if measure is None:
        return ()
    words = set(_WORD.findall(fold(measure).lower())) - _untelling()
    return tuple(sorted({_singular(word) for word in words}))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word


@cache
def _untelling() -> frozenset[str]:
    words: set[str] = set()
    for group, listed in load_toml(_LEXICON).items():
        if not isinstance(listed, list) or not all(isinstance(word, str) and word.isalpha() for word in listed):
            raise LexiconError(_LEXICON, group, "is no list of words")
        words.update(listed)
    return frozenset(words)
