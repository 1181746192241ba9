"""All patterns of a codebook compiled into tables, by which the words of a whole text are matched at once.

Rows of adjacent words are kept in a trie over word keys; each row found is a symbol, and so is each concept class
that the row belongs to. A symbol is a pattern by itself, or a part of patterns of several symbols, which are looked
at only in sentences that hold all their parts. A row of parts stands in order, with gaps; a pattern of several rows
needs all of them in one sentence, in any order, none over another. What is looked at narrows step by step: the
sentences that hold a pattern's rarest part, those that hold all its parts, the places where its rows stand. Last, the
patterns found make cues fire, and the cues are summed by theme.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.themes.patterns import Cue, Element, Pattern
from extractors.themes.vocabulary import (
    SENTENCE_START,
    Groups,
    Matched,
    NumberedText,
    Numbers,
    PairTable,
    Ragged,
    WordRange,
    padded,
    stem,
)


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


_NEVER = np.iinfo(np.int64).max
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

    def find(self, text: NumberedText, parts: Places) -> Places:
        """Where compounds stand in a text whose parts stand at these places: the spans of their first rows."""
        sentences = text.sentence[parts.starts]
        possible = self._possible(parts.numbers, sentences, text.sentences)
        owners, rows = self._rows.take(possible.compounds)
        asked = self._asked(possible, text.sentences)[sentences, parts.numbers]
        parts = parts.at(np.flatnonzero(asked))
        stands = Groups(sentences[asked] * self._parts + parts.numbers, parts.starts)
        found = self._row_places(rows, possible.sentences[owners], stands, parts)
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
            sought = wanted[found.numbers] + self._row_parts[row, step]
            owners, at = stands.find(sought, found.ends, found.ends + self._row_gaps[row, step])
            found = found.at(owners)._replace(ends=parts.ends[at])
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
        # Some place is apart from a span if the one that ends first or the one that begins last is.
        first_end = np.full(len(owners), _NEVER)
        np.minimum.at(first_end, owners[here.numbers], here.ends)
        last_start = np.full(len(owners), -1)
        np.maximum.at(last_start, owners[here.numbers], here.starts)
        beside = (first_end[spans.numbers] <= spans.starts) | (spans.ends <= last_start[spans.numbers])
        spans = spans.at(np.flatnonzero(beside | (rows[spans.numbers] <= place)))
    return spans


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

    def match(self, text: NumberedText) -> Places:
        """Every occurrence of every pattern, some more than once."""
        found = [self._match(block).moved(first) for first, block in text.blocks(_SENTENCES_AT_ONCE)]
        return self._join_across(text, Places.of(found)) if found else NOWHERE

    def _match(self, text: NumberedText) -> Places:
        patterns, parts = self._trie.walk(text)
        return Places.of([patterns, self._compounds.find(text, parts)])

    def _join_across(self, text: NumberedText, found: Places) -> Places:
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

    def walk(self, text: NumberedText) -> tuple[Places, Places]:
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

    def _rows(self, text: NumberedText) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
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


Floats = NDArray[np.float64]
_ROLES = ("for", "sentence", "paragraph")
# A cue that comes back in further sentences gets the bonus for so many of them.
_BONUS_SENTENCES = 2


FIELD = "field"
"""The target of the cues that tell no theme, but that a text is of the field at all."""


class Use(NamedTuple):
    """Where a pattern belongs: the cue's number, and whether it speaks for it or cancels it, and how widely."""

    cue: int
    role: str


@dataclass(frozen=True, slots=True)
class Fired:
    """The cues that fired in several paragraphs, each with the words of its paragraph that it spans, and their sums.

    `cues` and `spans` run in parallel, ordered by paragraph, cue and words; `opens` has where each paragraph begins in
    them. `sums` has a row a paragraph and a column a theme; `field` tells which paragraphs have a word of the field.
    """

    cues: Sequence[int]
    spans: Sequence[WordRange]
    opens: Sequence[int]
    sums: Floats
    field: Sequence[bool]

    def of(self, paragraph: int) -> dict[int, list[WordRange]]:
        """The cues of one paragraph, each with the words that it spans."""
        here = slice(self.opens[paragraph], self.opens[paragraph + 1])
        fired: dict[int, list[WordRange]] = {}
        for cue, span in zip(self.cues[here], self.spans[here], strict=True):
            if cue in fired:
                fired[cue].append(span)
            else:
                fired[cue] = [span]
        return fired


class Firing:
    """The cues of a codebook as tables, for the patterns of its matcher."""

    def __init__(self, cues: Sequence[Cue], uses: Sequence[Use], theme_ids: Sequence[str], repeat_bonus: float) -> None:
        self._cue = np.array([use.cue for use in uses], np.int64)
        self._role = np.array([_ROLES.index(use.role) for use in uses], np.int64)
        self._weight = np.array([cue.weight for cue in cues])
        self._distinct = np.array([cue.distinct for cue in cues], np.int64)
        themes = {theme_id: number for number, theme_id in enumerate(theme_ids)}
        self._themes = len(themes)
        # Cues of the field and of the framing add to two further columns.
        themes[FIELD] = self._themes + 1
        self._theme = np.array([themes.get(cue.target, self._themes) for cue in cues], np.int64)
        self._in_headings = np.array([cue.where != "prose" for cue in cues], np.bool_)
        self._in_prose = np.array([cue.where != "heading" for cue in cues], np.bool_)
        self._repeat_bonus = repeat_bonus

    def fire(self, text: NumberedText, patterns: Places, headings: NDArray[np.bool_]) -> Fired:
        """The cues whose patterns stand at these places, without what their `unless` cancels.

        `headings` tells which paragraphs are headings, where cues for prose alone do not fire, and the other way round.
        """
        cues = patterns._replace(numbers=self._cue[patterns.numbers])
        found = _unique(cues.at(self._standing(text, patterns, cues.numbers, headings)), text)
        paragraph = text.paragraph[found.starts]
        group = _groups(paragraph, found.numbers)
        firsts = np.flatnonzero(np.diff(group, prepend=-1))
        opens = np.searchsorted(paragraph, np.arange(len(text.opens) + 1)).tolist()
        own = found.moved(-text.opens[paragraph])
        spans = list(zip(own.starts.tolist(), own.ends.tolist(), strict=True))
        sums = self._sums(text, found, group, firsts)
        field = (sums[:, self._themes + 1] > 0).tolist()
        return Fired(found.numbers.tolist(), spans, opens, sums[:, : self._themes], field)

    def _standing(self, text: NumberedText, patterns: Places, cues: Numbers, headings: NDArray[np.bool_]) -> Numbers:
        role, sentence = self._role[patterns.numbers], text.sentence[patterns.starts]
        paragraph = text.paragraph[patterns.starts]
        stands = (role == _ROLES.index("for")) & np.where(
            headings[paragraph], self._in_headings[cues], self._in_prose[cues]
        )
        for where, places in (("sentence", sentence), ("paragraph", paragraph)):
            codes = places * len(self._weight) + cues
            stands &= ~np.isin(codes, codes[role == _ROLES.index(where)])
        return np.flatnonzero(stands)

    def _sums(self, text: NumberedText, found: Places, group: Numbers, firsts: Numbers) -> Floats:
        cues, paragraphs = found.numbers[firsts], text.paragraph[found.starts[firsts]]
        amounts = self._weight[cues] * self._times(text, found, group, cues)
        width = self._themes + 2
        sums = np.bincount(paragraphs * width + self._theme[cues], amounts, len(text.opens) * width).astype(np.float64)
        return sums.reshape(-1, width)

    def _times(self, text: NumberedText, found: Places, group: Numbers, cues: Numbers) -> Floats:
        """How often each cue counts: its different words up to `distinct`, else once with a bonus for each sentence."""
        distinct, number = self._distinct[cues], len(cues)
        sentences = _different(group, text.sentence[found.starts], number)
        times = 1 + self._repeat_bonus * np.minimum(sentences - 1, _BONUS_SENTENCES)
        several = distinct > 1
        if several.any():
            _, forms = text.known.forms.take(text.ids[found.starts])
            times = np.where(several, np.minimum(distinct, _different(group, forms, number)), times)
        return np.where(self._weight[cues] < 0, 1.0, times)


def _unique(places: Places, text: NumberedText) -> Places:
    """Each place once, ordered by paragraph, number and words."""
    keys = (places.ends, places.starts, places.numbers, text.paragraph[places.starts])
    order = np.lexsort(keys)
    new = np.zeros(len(order), np.bool_)
    for key in keys:
        new |= np.diff(key[order], prepend=-1) != 0
    return places.at(order[new])


def _groups(paragraph: Numbers, cues: Numbers) -> Numbers:
    """The places in order, numbered by paragraph and cue."""
    new = (np.diff(paragraph, prepend=-1) != 0) | (np.diff(cues, prepend=-1) != 0)
    return np.cumsum(new) - 1


def _different(group: Numbers, values: Numbers, number: int) -> Numbers:
    """How many different values each group has."""
    width = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(group * width + values) // width, minlength=number)
