"""Names of bodies, programmes and places, masked before matching: "Fenwick Clinical Commissioning Group" is no theme.

A name is a row of capitalised words, with "of", "and" or "the" between them, that holds a word by which bodies and
programmes call themselves ("Trust", "Partnership") and a word of its own. Its words of the first sort, and those that
go with them ("Clinical", "Integrated"), are masked; a bare "the Clinical Commissioning Group" is left, since what it
does is told of commissioners as such.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import expect_keys, load_toml

Numbers = NDArray[np.int64]

PLAIN, LINK, OWN, KIND, HEAD = range(5)
"""What a word can be to a name: nothing, between its words, its own, a kind of body, what the body is."""

# Of a heading with capitals throughout nothing can be said: a sentence has so many words without, and its opening.
_LEAST_PLAIN = 3


def sort_of(word: str) -> int:
    """What a word can be to a name, by its form alone.

    Raises:
        LexiconError: names.toml cannot be used; the message names the entry.
    """
    lower = word.lower()
    sort = _sorts().get(lower, OWN)
    return sort if word[0].isupper() or sort == LINK else PLAIN


@cache
def _sorts() -> dict[str, int]:
    """The words of names.toml; one of several lists counts as the last that has it."""
    file = Path(__file__).with_name("names.toml")
    table = load_toml(file)
    lists = {"unnamed": PLAIN, "links": LINK, "kinds": KIND, "heads": HEAD}
    expect_keys(file, "", table, required=dict.fromkeys(lists, list), optional={})
    return {word: sort for name, sort in lists.items() for word in table[name]}


def masked(sorts: Numbers, sentence: Numbers, apart: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words stand in names and are masked.

    `sorts`, `sentence` and `apart` run in parallel over all words of a text; the last tells of each whether more than a
    space stands before it, which ends a name.
    """
    plain = np.bincount(sentence[sorts == PLAIN], minlength=int(sentence.max(initial=0)) + 1)
    capital = (sorts >= OWN) & (plain >= _LEAST_PLAIN)[sentence]
    inside = capital | _between(sorts, capital)
    opens = inside & (apart | ~_shifted(inside, 1) | (np.diff(sentence, prepend=-1) != 0))
    name = np.cumsum(opens) * inside
    held = [_names_with(name, sorts == kind) for kind in (OWN, HEAD)]
    hidden: NDArray[np.bool_] = inside & (sorts != OWN) & held[0][name] & held[1][name]
    return hidden


def _names_with(name: Numbers, words: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found = np.zeros(int(name.max(initial=0)) + 1, np.bool_)
    found[name[words]] = True
    found[0] = False
    return found


def _between(sorts: Numbers, capital: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Links with a capitalised word on either side, one or two of them."""
    link = sorts == LINK
    before, after = _shifted(capital, 1), _shifted(capital, -1)
    pair = link & before & _shifted(link, -1) & _shifted(capital, -2)
    linking: NDArray[np.bool_] = (link & before & after) | pair | _shifted(pair, 1)
    return linking


def _shifted(values: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved
