"""Patterns of several parts, found in all sentences of a text at once.

A part is a word, a row of words or a concept class. A row of parts stands in order, with gaps; a pattern of several
rows needs all of them in one sentence, in any order, none over another. What is looked at narrows step by step: the
sentences that hold a pattern's rarest part, those that hold all its parts, the places where its rows stand.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.themes.number_tables import Groups, Numbers, Ragged, padded
from extractors.themes.vocabulary import Text


class Places(NamedTuple):
    """Where patterns or parts stand: their numbers, and the words of the text that they span, end exclusive."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers

    def at(self, which: Numbers | slice) -> "Places":
        """Some of the places."""
        return Places(self.numbers[which], self.starts[which], self.ends[which])

    def moved(self, words: int | Numbers) -> "Places":
        """The places so many words further on, all or each by its own number."""
        return self._replace(starts=self.starts + words, ends=self.ends + words)

    @staticmethod
    def of(places: "Sequence[Places]") -> "Places":
        """Several lists of places as one."""
        numbers, starts, ends = (np.concatenate(arrays) for arrays in zip(*places, strict=True))
        return Places(numbers, starts, ends)


NOWHERE = Places(*(np.empty(0, np.int64) for _ in range(3)))


class Compound(NamedTuple):
    """A pattern of several parts: its rows, each of parts with the widest gap before them, and its rarest part."""

    number: int
    rows: Sequence[Sequence[tuple[int, int]]]
    rarest: int


class _Possible(NamedTuple):
    """Sentences that hold all parts of a compound, and the compound."""

    sentences: Numbers
    compounds: Numbers


class Compounds:
    """All compounds of a codebook, as tables. `parts` is how many parts there are."""

    def __init__(self, compounds: Sequence[Compound], parts: int) -> None:
        self._parts = parts
        self._numbers = np.array([it.number for it in compounds], np.int64)
        needs = [sorted({part for row in it.rows for part, _ in row}) for it in compounds]
        self._needs = padded(needs, parts)
        by_rarest: list[list[int]] = [[] for _ in range(parts)]
        for number, it in enumerate(compounds):
            by_rarest[it.rarest].append(number)
        self._by_rarest = Ragged(by_rarest)
        rows = [row for it in compounds for row in it.rows]
        first = np.cumsum([0, *(len(it.rows) for it in compounds)]).tolist()
        self._rows = Ragged(range(first[number], first[number + 1]) for number in range(len(compounds)))
        self._row_lengths = np.array([len(row) for row in rows], np.int64)
        self._row_parts = padded([[part for part, _ in row] for row in rows], parts)
        self._row_gaps = padded([[gap for _, gap in row] for row in rows], 0)

    def find(self, text: Text, parts: Places) -> Places:
        """Where compounds stand in a text whose parts stand at these places: the spans of their first rows."""
        sentences = text.sentence[parts.starts]
        possible = self._possible(parts.numbers, sentences, text.sentences)
        owners, rows = self._rows.take(possible.compounds)
        asked = self._asked(possible, text.sentences)[sentences, parts.numbers]
        stands = Groups(sentences[asked] * self._parts + parts.numbers[asked])
        found = self._row_places(rows, possible.sentences[owners], stands, parts.at(np.flatnonzero(asked)))
        first = np.concatenate(([True], owners[1:] != owners[:-1]))[: len(owners)]
        spans = _together(found, owners, first)
        return Places(self._numbers[possible.compounds[spans.numbers]], spans.starts, spans.ends)

    def _possible(self, parts: Numbers, sentences: Numbers, number: int) -> _Possible:
        present = np.zeros((number, self._parts + 1), np.bool_)
        present[:, self._parts] = True  # the padding of `needs`
        present[sentences, parts] = True
        owners, compounds = self._by_rarest.take(parts)
        sentences = sentences[owners]
        holds = present[sentences[:, None], self._needs[compounds]].all(axis=1)
        codes = np.unique(sentences[holds] * len(self._numbers) + compounds[holds])
        return _Possible(*np.divmod(codes, max(len(self._numbers), 1)))

    def _asked(self, possible: _Possible, number: int) -> NDArray[np.bool_]:
        """Which parts of which sentences the possible compounds ask for."""
        asked = np.zeros((number, self._parts + 1), np.bool_)
        asked[possible.sentences[:, None], self._needs[possible.compounds]] = True
        return asked

    def _row_places(self, rows: Numbers, sentences: Numbers, stands: Groups, parts: Places) -> Places:
        """Where each of these rows stands in its sentence; the places' numbers are indices of `rows`."""
        wanted = sentences * self._parts
        numbers, at = stands.find(wanted + self._row_parts[rows, 0])
        found = Places(numbers, parts.starts[at], parts.ends[at])
        done = []
        for step in range(1, self._row_parts.shape[1]):
            longer = self._row_lengths[rows[found.numbers]] > step
            done.append(found.at(np.flatnonzero(~longer)))
            found = found.at(np.flatnonzero(longer))
            row = rows[found.numbers]
            owners, at = stands.find(wanted[found.numbers] + self._row_parts[row, step])
            between = parts.starts[at] - found.ends[owners]
            near = (between >= 0) & (between <= self._row_gaps[row, step][owners])
            found = found.at(owners[near])._replace(ends=parts.ends[at[near]])
        return Places.of([*done, found])


def _together(found: Places, owners: Numbers, first: Numbers) -> Places:
    """The places of first rows beside which all other rows of the same owner stand apart from them.

    `found` has places of rows, `owners` each row's owner, `first` whether it is the owner's first row. The answer's
    numbers are owners.
    """
    is_first = first[found.numbers]
    spans = found.at(np.flatnonzero(is_first))
    spans = spans._replace(numbers=owners[spans.numbers])
    others = found.at(np.flatnonzero(~is_first))
    position = np.arange(len(owners)) - np.flatnonzero(first)[np.cumsum(first) - 1]
    rows = np.bincount(owners) if len(owners) else owners
    for place in range(1, int(position.max(initial=0)) + 1):
        here = others.at(np.flatnonzero(position[others.numbers] == place))
        span, other = Groups(owners[here.numbers]).find(spans.numbers)
        apart = (here.ends[other] <= spans.starts[span]) | (spans.ends[span] <= here.starts[other])
        beside = np.zeros(len(spans.numbers), np.bool_)
        beside[span[apart]] = True
        spans = spans.at(np.flatnonzero(beside | (rows[spans.numbers] <= place)))
    return spans
