"""All patterns of a codebook compiled into tables, by which the words of a whole text are matched at once.

Rows of adjacent words are kept in a trie over word keys; each row found is a symbol, and so is each concept class that
the row belongs to. A symbol is a pattern by itself, or a part of patterns of several symbols, which are looked at only
in sentences that hold all their parts.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from extractors.themes.compounds import NOWHERE, Compound, Compounds, Places
from extractors.themes.number_tables import Numbers, PairTable, Ragged
from extractors.themes.patterns import Element, Pattern
from extractors.themes.tokens import SENTENCE_START, stem
from extractors.themes.vocabulary import Matched, Text

# How common a class's member is, and a number or amount, beside one letter words at 1 and ten letter words at 0.01.
_MEMBER_COMMONNESS = 0.02
_NUMBER_COMMONNESS = 0.2
# Tables of words and sentences take some 10 kB a sentence while they are matched.
_SENTENCES_AT_ONCE = 2_000
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class _Symbol:
    """A row of words, a concept class or a choice of both: the patterns that it is, and its number as a part."""

    patterns: list[int] = field(default_factory=list)
    part: int = -1


@dataclass(slots=True)
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    symbols: list[_Symbol] = field(default_factory=list)


class _Chunk(NamedTuple):
    """A symbol in a row of a pattern, with the widest gap before it and how common it is."""

    symbol: _Symbol
    gap: int
    commonness: float


class Matcher:
    """Finds where patterns occur. Immutable once made."""

    def __init__(self, patterns: Sequence[Pattern], classes: Mapping[str, Sequence[Pattern]]) -> None:
        compiled = _Compilation(classes)
        compounds = list(compiled.compounds_of(patterns))
        self._prefixes = compiled.prefixes
        # A part of such a pattern has a number above those of all patterns.
        self._patterns = len(patterns)
        self._across = compiled.across
        self._compounds = Compounds(compounds, compiled.parts)
        self._trie = _Trie(compiled.root)

    def describe(self, word: str) -> Matched:
        """What a word is by itself, and which rows it opens and leads on."""
        keys = word_keys(word, self._prefixes)
        return self._trie.describe(keys)

    def match(self, text: Text) -> Places:
        """Every occurrence of every pattern, some more than once."""
        found = [self._match(block).moved(first) for first, block in text.blocks(_SENTENCES_AT_ONCE)]
        return self._join_across(text, Places.of(found)) if found else NOWHERE

    def _match(self, text: Text) -> Places:
        patterns, parts = self._trie.walk(text)
        return Places.of([patterns, self._compounds.find(text, parts)])

    def _join_across(self, text: Text, found: Places) -> Places:
        """Put patterns whose parts may stand in different sentences in place of their parts."""
        is_part = found.numbers >= self._patterns
        if not is_part.any():
            return found
        paragraph = text.paragraph[found.starts]
        joined = [found.at(np.flatnonzero(~is_part))]
        for number, parts in self._across.items():
            places = [np.flatnonzero(found.numbers == part) for part in parts]
            held = set.intersection(*(set(paragraph[at].tolist()) for at in places))
            first = found.at(places[0][np.isin(paragraph[places[0]], list(held))])
            joined.append(first._replace(numbers=np.full_like(first.numbers, number)))
        return Places.of(joined)


class _Compilation:
    """Patterns and classes on their way into tables: the trie of all rows, and the symbols that stand at its nodes."""

    def __init__(self, classes: Mapping[str, Sequence[Pattern]]) -> None:
        self.root = _Node()
        self.prefixes: dict[str, set[str]] = defaultdict(set)
        self.across: dict[int, tuple[int, ...]] = {}
        self.parts = 0
        self._symbols: dict[object, _Symbol] = defaultdict(_Symbol)
        self._members = {name: _rows_of_class(name, classes) for name in classes}
        for name, rows in self._members.items():
            for row in rows:
                self._enter(row, self._symbols[name])

    def _enter(self, row: Sequence[tuple[str, ...]], symbol: _Symbol) -> None:
        nodes = [self.root]
        for atoms in row:
            keys = [self._key(atom) for atom in atoms]
            nodes = [node.children.setdefault(key, _Node()) for node in nodes for key in keys]
        for node in nodes:
            if not any(symbol is known for known in node.symbols):
                node.symbols.append(symbol)

    def _key(self, atom: str) -> str:
        if atom[0] in "#^":
            return atom
        if atom[0] == "=" or atom[0].isdigit():
            return "=" + atom.lower().removeprefix("=")
        if atom[-1] == "*":
            prefix = atom[:-1].lower()
            self.prefixes[prefix[:3]].add(prefix)
            return prefix + "*"
        return stem(atom)

    def compounds_of(self, patterns: Sequence[Pattern]) -> Iterator[Compound]:
        """The patterns of several symbols; those of one are noted at their symbol."""
        free = len(patterns)
        for number, pattern in enumerate(patterns):
            rows = [self._row(part) for part in pattern.parts]
            if pattern.scope == "sentence":
                yield from self._compound(number, rows)
                continue
            self.across[number] = tuple(range(free, free + len(rows)))
            for row in rows:
                yield from self._compound(free, [row])
                free += 1

    def _compound(self, number: int, rows: Sequence[Sequence[_Chunk]]) -> Iterator[Compound]:
        chunks = [chunk for row in rows for chunk in row]
        if len(chunks) == 1:
            chunks[0].symbol.patterns.append(number)
            return
        for chunk in chunks:
            if chunk.symbol.part < 0:
                chunk.symbol.part = self.parts
                self.parts += 1
        parts = [[(chunk.symbol.part, chunk.gap) for chunk in row] for row in rows]
        yield Compound(number, parts, min(chunks, key=lambda chunk: chunk.commonness).symbol.part)

    def _row(self, part: Sequence[Element]) -> list[_Chunk]:
        row = []
        for literal, gap in _chunks(part):
            if any(atom[0] == "@" for atom in literal[0]):
                symbol = self._union(literal[0])
            else:
                symbol = self._symbols[literal]
                self._enter(literal, symbol)
            row.append(_Chunk(symbol, gap, self._commonness(literal)))
        return row

    def _commonness(self, literal: Sequence[tuple[str, ...]]) -> float:
        """How often a chunk may stand in a text: a guess by how many words it may be, and how long these are."""
        return math.prod(sum(self._atom_commonness(atom) for atom in atoms) for atoms in literal)

    def _atom_commonness(self, atom: str) -> float:
        if atom[0] == "@":
            return _MEMBER_COMMONNESS * len(self._members[atom[1:]])
        return _NUMBER_COMMONNESS if atom[0] == "#" else min(1.0, len(atom) ** -2)

    def _union(self, atoms: tuple[str, ...]) -> _Symbol:
        if len(atoms) == 1:
            return self._symbols[atoms[0][1:]]
        symbol = self._symbols[atoms]
        for atom in atoms:
            for row in self._members[atom[1:]] if atom[0] == "@" else [((atom,),)]:
                self._enter(row, symbol)
        return symbol


def _numbered(node: _Node, nodes: list[_Node]) -> int:
    nodes.append(node)
    return len(nodes) - 1


class _Trie:
    """The rows of words as tables: nodes are numbers, and so are the keys that lead from one to the next."""

    def __init__(self, root: _Node) -> None:
        nodes: list[_Node] = []
        edges: dict[tuple[int, int], int] = {}
        self._keys: dict[str, int] = {}
        self._roots = {key: _numbered(node, nodes) for key, node in root.children.items()}
        for number, node in enumerate(nodes):  # grows meanwhile
            for key, child in node.children.items():
                if key != SENTENCE_START:  # a row is within one sentence
                    edges[number, self._keys.setdefault(key, len(self._keys))] = _numbered(child, nodes)
        self._edges = PairTable(edges)
        self._patterns = Ragged([number for symbol in node.symbols for number in symbol.patterns] for node in nodes)
        self._parts = Ragged([symbol.part for symbol in node.symbols if symbol.part >= 0] for node in nodes)
        self._leads = np.array([bool(node.children) for node in nodes], np.bool_)

    def describe(self, keys: Sequence[str]) -> Matched:
        """What a word of these keys is by itself, which nodes it leads to from the root, and its keys as numbers."""
        nodes = np.array([self._roots[key] for key in keys if key in self._roots], np.int64)
        _, patterns = self._patterns.take(nodes)
        _, parts = self._parts.take(nodes)
        return Matched(
            patterns=np.unique(patterns).tolist(),
            parts=np.unique(parts).tolist(),
            opens=nodes[self._leads[nodes]].tolist(),
            keys=[self._keys[key] for key in keys if key in self._keys],
        )

    def walk(self, text: Text) -> tuple[Places, Places]:
        """Where patterns of one symbol stand, and the parts of others."""
        places, numbers = text.known.patterns.take(text.ids)
        patterns = [Places(numbers, places, places + 1)]
        places, numbers = text.known.parts.take(text.ids)
        parts = [Places(numbers, places, places + 1)]
        for nodes, starts, ends in self._rows(text):
            for table, found in ((self._patterns, patterns), (self._parts, parts)):
                owners, numbers = table.take(nodes)
                found.append(Places(numbers, starts[owners], ends[owners]))
        return Places.of(patterns), Places.of(parts)

    def _rows(self, text: Text) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """The nodes that rows of two words lead to, then of three and so on, with the words that they span."""
        starts, nodes = text.known.opens.take(text.ids)
        ends = starts + 1
        while len(nodes):
            on = np.flatnonzero(ends < len(text.ids))
            owners, keys = text.known.keys.take(text.ids[ends[on]])
            owners = on[owners]
            which, nodes = self._edges.find(nodes[owners], keys)
            starts, ends = starts[owners[which]], ends[owners[which]] + 1
            yield nodes, starts, ends
            leads = self._leads[nodes]
            nodes, starts, ends = nodes[leads], starts[leads], ends[leads]


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
