"""All patterns of a codebook compiled into one matcher that reads a paragraph's words once.

Rows of adjacent words are kept in a trie over word keys; each row found is a symbol, and so is each concept class that
the row belongs to. Patterns of several symbols are looked at only when their rarest symbol was found.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extractors.themes.patterns import Element, Pattern
from extractors.themes.tokens import Words, stem

_CACHE_LIMIT = 50_000
_YEAR = re.compile(r"(?:19|20)\d\d")


Span = tuple[int, int]
Hit = tuple[int, Span]
"""A pattern found: its number in the matcher's sequence, and the words that it spans (end exclusive)."""
Rows = defaultdict[int, list[Span]]
"""Where symbols stand."""


@dataclass(slots=True)
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    symbols: tuple[int, ...] = ()


class _Opening(NamedTuple):
    """What is known of a word: its keys, the patterns that it is and the parts of some, and what may follow it."""

    keys: tuple[str, ...]
    parts: frozenset[int]
    patterns: tuple[int, ...]
    longer: Mapping[str, tuple[_Node, ...]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A part of a pattern: symbols in order, each with the widest gap before it."""

    symbols: tuple[int, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Compound:
    """A pattern that needs more than one symbol."""

    number: int
    rows: tuple[_Row, ...]
    within_sentence: bool
    others: frozenset[int]


class Matcher:
    """Finds where patterns occur in a paragraph. Immutable once made, but for a cache of word keys."""

    def __init__(self, patterns: Sequence[Pattern], classes: Mapping[str, Sequence[Pattern]]) -> None:
        self._root = _Node()
        self._prefixes: dict[str, set[str]] = defaultdict(set)
        self._symbols: dict[object, int] = {}
        self._simple: dict[int, list[int]] = defaultdict(list)
        self._compound: dict[int, list[_Compound]] = defaultdict(list)
        self._openings: dict[str, _Opening] = {}
        self._members = {name: _rows_of_class(name, classes) for name in classes}
        for name, rows in self._members.items():
            symbol = self._symbol(name)
            for row in rows:
                self._enter(row, symbol)
        weight = self._commonness()
        for number, pattern in enumerate(patterns):
            self._add(number, pattern, weight)
        # A set, since a set meets a dictionary's keys by going through all of them.
        self._anchors = frozenset(self._compound)
        self._parts = frozenset(part for group in self._compound.values() for one in group for part in one.others)

    def match(self, words: Words) -> list[Hit]:
        """Every occurrence of every pattern."""
        known = self._openings
        openings = [known.get(word) or self._learn(word) for word in words.words]
        rows: Rows = defaultdict(list)
        for position, (opening, after) in enumerate(pairwise(openings)):
            longer = opening.longer
            if longer:
                for key in after.keys:
                    if key in longer:
                        self._walk(longer[key], position, openings, words.sentence, rows)
        hits: list[Hit] = []
        for position, opening in enumerate(openings):
            if opening.patterns:
                here = (position, position + 1)
                hits += [(number, here) for number in opening.patterns]
        simple, compounds = self._simple, self._compound
        for symbol, spans in rows.items():
            hits += [(number, span) for number in simple.get(symbol, ()) for span in spans]
        parts = [opening.parts for opening in openings]
        present = set(rows).union(*parts)
        possible = [
            compound
            for symbol in present & self._anchors
            for compound in compounds[symbol]
            if compound.others <= present
        ]
        if possible:
            _place(possible, parts, rows)
            hits += [(it.number, span) for it in possible for span in _locate(it, rows, words.sentence)]
        return hits

    @staticmethod
    def _walk(
        nodes: Sequence[_Node], first: int, openings: Sequence[_Opening], sentence: tuple[int, ...], found: Rows
    ) -> None:
        """Follow rows of words from their second word on; `nodes` are the rows that the first two words open."""
        position, here = first + 1, sentence[first]
        while nodes and sentence[position] == here:
            position += 1
            longer = []
            for node in nodes:
                for symbol in node.symbols:
                    found[symbol].append((first, position))
                if node.children:
                    longer.append(node.children)
            if position == len(openings):
                return
            keys = openings[position].keys
            nodes = [children[key] for children in longer for key in keys if key in children]

    def _learn(self, word: str) -> _Opening:
        if len(self._openings) > _CACHE_LIMIT:
            self._openings.clear()
        keys = word_keys(word, self._prefixes)
        nodes = [self._root.children[key] for key in keys if key in self._root.children]
        symbols = frozenset(symbol for node in nodes for symbol in node.symbols)
        opening = _Opening(
            keys=keys,
            parts=symbols & self._parts,
            patterns=tuple(number for symbol in sorted(symbols) for number in self._simple.get(symbol, ())),
            longer=_merge(nodes),
        )
        self._openings[word] = opening
        return opening

    def _symbol(self, name: object) -> int:
        return self._symbols.setdefault(name, len(self._symbols))

    def _enter(self, row: Sequence[tuple[str, ...]], symbol: int) -> None:
        nodes = [self._root]
        for atoms in row:
            keys = [self._key(atom) for atom in atoms]
            nodes = [node.children.setdefault(key, _Node()) for node in nodes for key in keys]
        for node in nodes:
            if symbol not in node.symbols:
                node.symbols = (*node.symbols, symbol)

    def _key(self, atom: str) -> str:
        if atom[0] in "#^":
            return atom
        if atom[0] == "=" or atom[0].isdigit():
            return "=" + atom.lower().removeprefix("=")
        if atom[-1] == "*":
            prefix = atom[:-1].lower()
            self._prefixes[prefix[:3]].add(prefix)
            return prefix + "*"
        return stem(atom)

    def _commonness(self) -> dict[int, int]:
        return {self._symbols[name]: 10 + len(rows) for name, rows in self._members.items()}

    def _add(self, number: int, pattern: Pattern, weight: Mapping[int, int]) -> None:
        rows = tuple(self._row(part) for part in pattern.parts)
        symbols = [symbol for row in rows for symbol in row.symbols]
        if len(symbols) == 1:
            self._simple[symbols[0]].append(number)
            return
        rarest = min(symbols, key=lambda symbol: weight.get(symbol, 0))
        compound = _Compound(number, rows, pattern.scope == "sentence", frozenset(symbols))
        self._compound[rarest].append(compound)

    def _row(self, part: Sequence[Element]) -> _Row:
        symbols, gaps = [], []
        for literal, gap in _chunks(part):
            if literal[0][0][0] == "@" or any(atom[0] == "@" for atom in literal[0]):
                symbols.append(self._union(literal[0]))
            else:
                symbol = self._symbol(literal)
                self._enter(literal, symbol)
                symbols.append(symbol)
            gaps.append(gap)
        return _Row(tuple(symbols), tuple(gaps))

    def _union(self, atoms: tuple[str, ...]) -> int:
        if len(atoms) == 1:
            return self._symbols[atoms[0][1:]]
        symbol = self._symbol(atoms)
        for atom in atoms:
            for row in self._members[atom[1:]] if atom[0] == "@" else [((atom,),)]:
                self._enter(row, symbol)
        return symbol


def _merge(nodes: Sequence[_Node]) -> dict[str, tuple[_Node, ...]]:
    merged: dict[str, tuple[_Node, ...]] = {}
    for node in nodes:
        for key, child in node.children.items():
            merged[key] = (*merged.get(key, ()), child)
    return merged


def word_keys(word: str, prefixes: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The keys by which patterns may name a word.

    Its stem, "=form" (numbers too), the prefixes known of it, and "^Form" with its capitals.
    """
    if word[0] == "#":
        return (word,)
    if word[0].isdigit():
        return ("#number", "#year", "=" + word) if _YEAR.fullmatch(word) else ("#number", "=" + word)
    lower = word.lower().removesuffix("'s")
    keys = [stem(word), "=" + lower]
    keys += [prefix + "*" for prefix in prefixes.get(lower[:3], ()) if lower.startswith(prefix)]
    if word[0].isupper():
        keys.append("^" + word.removesuffix("'s"))
    return tuple(keys)


def _chunks(part: Sequence[Element]) -> list[tuple[tuple[tuple[str, ...], ...], int]]:
    """Adjacent plain words together, each class by itself, with the gap before it."""
    chunks: list[tuple[list[tuple[str, ...]], int]] = []
    after_class = True
    for element in part:
        is_class = any(atom[0] == "@" for atom in element.atoms)
        if is_class or after_class or element.gap:
            chunks.append(([element.atoms], element.gap))
        else:
            chunks[-1][0].append(element.atoms)
        after_class = is_class
    return [(tuple(atoms), gap) for atoms, gap in chunks]


def _rows_of_class(name: str, classes: Mapping[str, Sequence[Pattern]]) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of words of a class, with the members of the classes that it includes."""
    rows: list[tuple[tuple[str, ...], ...]] = []
    for pattern in classes[name]:
        elements = pattern.parts[0]
        if len(elements) == 1 and elements[0].atoms[0][0] == "@":
            rows += _rows_of_class(elements[0].atoms[0][1:], classes)
        else:
            rows.append(tuple(element.atoms for element in elements))
    return rows


def _place(possible: Sequence[_Compound], parts: Sequence[frozenset[int]], rows: Rows) -> None:
    """Add to `rows` where the single words stand that these compounds ask for; of most symbols presence is enough."""
    asked = frozenset().union(*(compound.others for compound in possible))
    for position, symbols in enumerate(parts):
        common = symbols & asked
        if common:
            here = (position, position + 1)
            for symbol in common:
                rows[symbol].append(here)


def _locate(compound: _Compound, found: Rows, sentence: tuple[int, ...]) -> list[Span]:
    """Where the rows of a pattern stand together, in one sentence if it says so: the spans of its first row."""
    places = []
    for row in compound.rows:
        spans = _row_spans(row, found, sentence)
        if not spans:
            return []
        places.append(spans)
    if len(places) == 1 or not compound.within_sentence:
        return places[0]
    return [span for span in places[0] if all(_beside(span, spans, sentence) for spans in places[1:])]


def _beside(span: Span, others: Sequence[Span], sentence: tuple[int, ...]) -> bool:
    here = sentence[span[0]]
    return any(sentence[other[0]] == here and not _overlap(other, span) for other in others)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _row_spans(row: _Row, found: Rows, sentence: tuple[int, ...]) -> list[Span]:
    spans = found[row.symbols[0]]
    for symbol, gap in zip(row.symbols[1:], row.gaps[1:], strict=True):
        spans = [
            (start, next_end)
            for start, end in spans
            for next_start, next_end in found[symbol]
            if end <= next_start <= end + gap and sentence[next_start] == sentence[start]
        ]
        if not spans:
            break
    return spans
