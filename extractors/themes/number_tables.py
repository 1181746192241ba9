"""Tables of whole numbers in NumPy, so that the words of a whole article are looked up at once."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Fibonacci hashing
_SLOTS_A_PAIR = 16


class Ragged:
    """Lists of numbers, each found by its place; lists can be added at the end."""

    def __init__(self, lists: Iterable[Sequence[int]] = ()) -> None:
        all_lists = list(lists)
        self._size = len(all_lists)
        self._ends = np.zeros(self._size + 1, np.int64)
        np.cumsum([len(one) for one in all_lists], out=self._ends[1:])
        self._values = np.fromiter(chain.from_iterable(all_lists), np.int64)

    def __len__(self) -> int:
        """How many lists there are."""
        return self._size

    def append(self, numbers: Sequence[int]) -> None:
        """Add a list; those that are read meanwhile stay what they are."""
        start = int(self._ends[self._size])
        end = start + len(numbers)
        self._values = _with_room(self._values, end)
        self._values[start:end] = numbers
        self._ends = _with_room(self._ends, self._size + 2)
        self._ends[self._size + 1] = end
        self._size += 1

    def take(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """The numbers of the lists at these places one after another, each with the index of its list in `places`."""
        starts = self._ends[places]
        counts = self._ends[places + 1] - starts
        owners, at = _spread(starts, counts)
        return owners, self._values[at]


class PairTable:
    """A number for each of some pairs of numbers."""

    def __init__(self, pairs: Mapping[tuple[int, int], int]) -> None:
        self._width = 1 + max((second for _, second in pairs), default=0)
        codes = np.array([first * self._width + second for first, second in pairs], np.int64)
        order = np.argsort(codes)
        self._codes = codes[order]
        self._values = np.fromiter(pairs.values(), np.int64)[order]
        # Most pairs that are asked for are none: a table of hashes tells so before the search.
        bits = max(1, (_SLOTS_A_PAIR * len(codes)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._maybe = np.zeros(1 << bits, np.bool_)
        self._maybe[self._slots(self._codes)] = True

    def find(self, first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
        """The indices of the pairs that are known, and their numbers."""
        codes = first * self._width + second
        asked = np.flatnonzero(self._maybe[self._slots(codes)] & (second < self._width))
        if not len(asked):
            return asked, asked
        codes = codes[asked]
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known = self._codes[at] == codes
        return asked[known], self._values[at[known]]

    def _slots(self, codes: Numbers) -> NDArray[np.uint64]:
        return (codes.astype(np.uint64) * _SPREAD) >> self._shift


class Groups:
    """Places of numbers in a list, by the number."""

    def __init__(self, numbers: Numbers) -> None:
        self._places = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._places]

    def find(self, asked: Numbers) -> tuple[Numbers, Numbers]:
        """All places of the numbers asked for one after another, each with the index of its number in `asked`."""
        starts = np.searchsorted(self._sorted, asked, "left")
        counts = np.searchsorted(self._sorted, asked, "right") - starts
        owners, at = _spread(starts, counts)
        return owners, self._places[at]


def starts_of(lengths: Numbers) -> Numbers:
    """Where stretches of these lengths begin that stand one after another."""
    return np.cumsum(lengths) - lengths


def padded(lists: Sequence[Sequence[int]], padding: int) -> Numbers:
    """The lists as rows of one array, filled up with `padding`; there is at least one column."""
    table = np.full((len(lists), max([1, *map(len, lists)])), padding, np.int64)
    for row, numbers in zip(table, lists, strict=True):
        row[: len(numbers)] = numbers
    return table


def _spread(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """The places of stretches one after another, each with the index of its stretch."""
    owners = np.repeat(np.arange(len(starts)), counts)
    return owners, np.arange(len(owners)) + (starts - starts_of(counts))[owners]


def _with_room(array: Numbers, size: int) -> Numbers:
    if size <= len(array):
        return array
    larger = np.zeros(max(size, 2 * len(array), 64), np.int64)
    larger[: len(array)] = array
    return larger
