"""Words that lend weight to a theme or a framing beside the cues: weights fitted on coded paragraphs, in words.tsv.

A cue is a construction that somebody thought of; what a paragraph is about also shows in many words of which none
decides. Each word, each word's beginning and each pair of neighbours has a weight for each theme and framing, in the
unit of the cues (1 is a plain cue). A paragraph's words are summed and divided by the root of their number, so that
long paragraphs do not gather weight by length alone; in headings and short sentences they fade, and cues decide.
tests/themes/fit_words.py, then fit_restated.py and fit_framing.py there fit them; docs/themes-comparison.md has what
they won."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from extractors.lexicon import LexiconError, Table, read_tables
from extractors.themes.matcher import FIELD, Firing, Matcher, Places, Use
from extractors.themes.meaning import Meaning, read_meaning
from extractors.themes.model import FRAMINGS, TRAITS, Framing, Theme
from extractors.themes.patterns import Classes, Cue, Members, Pattern, check_references, read_cues
from extractors.themes.vocabulary import (
    SENTENCE_START,
    NumberedText,
    PairTable,
    Vocabulary,
    Weighed,
    WordRange,
    Words,
    starts_of,
    stem,
)

EVERY_PARAGRAPH = "*"
"""The row that counts once in every paragraph: how much the words must overcome before they speak for a theme."""

_HUNDREDTHS = 0.01
_BEGINNINGS = (4, 6)
# Known words, beginnings and pairs (some three a word of prose) up to which words say nothing, and from which on they
# count in full, in between in proportion.
_FEW, _ENOUGH = 30, 60

WordSaid = tuple[WordRange, float]
"""A word or pair where it first stands, and the weight that it gave to a theme or framing."""


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The fitted weights: a row a word, beginning or pair (by stems), a column a theme or framing."""

    columns: Mapping[str, int]
    rows: Mapping[str, int]
    """The rows of words and beginnings."""
    pair_keys: Mapping[str, int]
    """The words that stand in pairs, numbered from 1."""
    pairs: PairTable
    weights: NDArray[np.float64]
    """Ends in a row of noughts, which no word has."""

    def describe(self, word: str) -> Weighed:
        """The rows of a word and its beginnings, and its key in pairs."""
        key = _key(word)
        return Weighed([self.rows[one] for one in _single_keys(key) if one in self.rows], self.pair_keys.get(key, 0))

    def read(self, text: NumberedText) -> "Said":
        """What the words of each paragraph say together.

        Of a heading or a short sentence they say nothing, and cues decide; see `_FEW` and `_ENOUGH`.
        """
        places = self._first_places(text)
        paragraphs = text.paragraph[places.starts]
        numbers = np.bincount(paragraphs, minlength=len(text.opens))
        fade = np.clip((numbers - _FEW) / (_ENOUGH - _FEW), 0.0, 1.0)
        share = fade / np.sqrt(np.maximum(numbers, 1))
        opens = starts_of(numbers)
        given = self.weights[np.append(places.numbers, -1)]  # a row of noughts, lest the last paragraphs have no rows
        sums = np.add.reduceat(given, opens, axis=0) if len(opens) else given[:0]
        sums = share[:, None] * sums + fade[:, None] * self.weights[0]
        places = places.moved(-text.opens[paragraphs])
        return Said(self, places, np.append(opens, len(paragraphs)).tolist(), share.tolist(), sums)

    def _first_places(self, text: NumberedText) -> Places:
        """Where each row first stands in each paragraph, ordered by paragraph and row."""
        words, rows = text.known.rows.take(text.ids)
        _, keys = text.known.pair_keys.take(text.ids)
        firsts, pairs = self.pairs.find(keys[:-1], keys[1:])
        places = Places.of([Places(rows, words, words + 1), Places(pairs, firsts, firsts + 2)])
        _, first = np.unique(text.paragraph[places.starts] * len(self.weights) + places.numbers, return_index=True)
        return places.at(first)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of several paragraphs say: the places of known rows from `opens` on, `share` and sums for each."""

    weights: WordWeights
    places: Places
    opens: Sequence[int]
    share: Sequence[float]
    sums: NDArray[np.float64]

    def of(self, paragraph: int) -> "WordEvidence":
        """What the words of one paragraph say."""
        here = self.places.at(slice(self.opens[paragraph], self.opens[paragraph + 1]))
        return WordEvidence(self.weights, here, self.share[paragraph], self.sums[paragraph].tolist())

    def sums_of(self, targets: Sequence[str]) -> NDArray[np.float64]:
        """The sums by paragraph and target; 0 for a target that has no weights, such as a user's own theme."""
        padded = np.pad(self.sums, ((0, 0), (0, 1)))
        return padded[:, [self.weights.columns.get(target, -1) for target in targets]]


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """What the words of a paragraph say: the places of its known rows, and its sums by column.

    A row gives its weight times `share`.
    """

    weights: WordWeights
    places: Places
    share: float
    sums: Sequence[float]

    def sum(self, target: str) -> float:
        """What all words say for a theme or framing; 0 for one that has no weights, such as a user's own theme."""
        column = self.weights.columns.get(target)
        return 0.0 if column is None else self.sums[column]

    def strongest(self, target: str, most: int) -> list[WordSaid]:
        """The words that speak for a target, at most so many, strongest first."""
        column = self.weights.columns.get(target)
        if column is None or not self.share:
            return []
        given = self.weights.weights[self.places.numbers, column]
        best = np.argsort(-given, kind="stable")[:most]
        starts, ends = self.places.starts[best].tolist(), self.places.ends[best].tolist()
        said = zip(starts, ends, given[best].tolist(), strict=True)
        return [((first, after), weight * self.share) for first, after, weight in said if weight > 0]


NO_WORDS = WordWeights({}, {}, {}, PairTable({}), np.zeros((2, 0)))
"""For a codebook without words.tsv: only cues count."""


def word_keys(words: Words) -> Iterator[str]:
    """The keys of a paragraph's words, of their beginnings, and of neighbours in a sentence."""
    keys = [_key(word) for word in words.words]
    for key in keys:
        yield from _single_keys(key)
    for before, key in pairwise(keys):
        if before and key:
            yield f"{before} {key}"


def _single_keys(key: str) -> tuple[str, ...]:
    """A word's own key, and its beginnings, by which a family meets: "commissioner" and "commissioning"."""
    if not key or key[0] == "#":
        return (key,) if key else ()
    return (key, *(f"{key[:size]}*" for size in _BEGINNINGS if len(key) > size))


def _key(word: str) -> str:
    if word[0] == "#":
        return "" if word == SENTENCE_START else word
    return "#number" if word[0].isdigit() else stem(word)


def read_word_weights(file: Path, targets: Sequence[str]) -> WordWeights:
    """Read words.tsv: a head of `word` and targets, then a row a word or pair, in hundredths of a plain cue's weight.

    The first row is `*`, which counts in every paragraph.

    Raises:
        LexiconError: names the file and the line that cannot be used, or a column that is no theme and no framing.
    """
    try:
        head, *lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise LexiconError(file, "", f"cannot be read as a table of words ({error})") from error
    columns = tuple(head.split("\t")[1:])
    for name in columns:
        if name not in targets:
            raise LexiconError(file, "line 1", f"the column '{name}' is no theme of the codebook and no framing")
    rows: dict[str, int] = {}
    for number, line in enumerate(lines):
        word, *cells = line.split("\t")
        key = key_of(word)
        if len(cells) != len(columns) or key in rows or (key == EVERY_PARAGRAPH) != (number == 0):
            problem = f"expected '{EVERY_PARAGRAPH}' in line 2, each word once, and {len(columns)} weights after it"
            raise LexiconError(file, f"line {number + 2}, {word!r}", problem)
        rows[key] = number
    pair_keys: dict[str, int] = {}
    pairs: dict[tuple[int, int], int] = {}
    for key, row in rows.items():
        first, space, second = key.partition(" ")
        if space:
            numbers = [pair_keys.setdefault(one, len(pair_keys) + 1) for one in (first, second)]
            pairs[numbers[0], numbers[1]] = row
    return WordWeights(
        columns={name: number for number, name in enumerate(columns)},
        rows={key: row for key, row in rows.items() if " " not in key},
        pair_keys=pair_keys,
        pairs=PairTable(pairs),
        weights=np.pad(_weights(file, lines, len(columns)) * _HUNDREDTHS, ((0, 1), (0, 0))),
    )


def _weights(file: Path, lines: Sequence[str], columns: int) -> NDArray[np.float64]:
    try:
        cells = range(1, columns + 1)
        return np.loadtxt(lines, delimiter="\t", comments=None, usecols=cells, dtype=np.int32, ndmin=2).astype(
            np.float64
        )
    except ValueError:
        number, word = next((n, line) for n, line in enumerate(lines) if not _are_whole(line.split("\t")[1:]))
        raise LexiconError(file, f"line {number + 2}, {word!r}", "a weight is not a whole number") from None


def _are_whole(cells: Sequence[str]) -> bool:
    return all(cell.removeprefix("-").isdigit() for cell in cells)


def key_of(spelling: str) -> str:
    """The key of a word, beginning or pair as it is spelled in the table."""
    return " ".join(part if part[0] == "#" or part[-1] == "*" else stem(part) for part in spelling.split())


_HERE = Path(__file__).parent
_PATTERNS = ("patterns", "unless", "unless_paragraph")


@dataclass(frozen=True, slots=True)
class Coding:
    """The numbers of the scoring, from `[coding]` of codebook.toml, where each has its reason."""

    threshold: float
    long_threshold: float
    long: float
    heading_threshold: float
    repeat_bonus: float
    near_miss: float
    alone: float
    unsupported: float
    rest: float
    before: float
    after: float
    most_context: float
    relative: float
    stranger: float
    article: float
    negation_reach: float
    negated: float
    far_sentence: float
    opening: float
    words: float
    framing_words: float
    unjudged: float


def _numbers_of_coding(numbers: dict[str, float]) -> dict[str, float]:
    for name in numbers:
        if name not in Coding.__slots__:
            raise ValueError(f"'{name}' is not a number that coding knows; known are {', '.join(Coding.__slots__)}")
    return numbers


class _ThemeEntry(Table):
    theme_id: str
    label: str
    family: str
    definition: str
    not_when: str


class _BookFile(Table):
    """What a file of a codebook may hold; each cue is checked by itself, so that its theme can be named."""

    for_theme: str = ""
    coding: Annotated[dict[str, float], AfterValidator(_numbers_of_coding)] = Field({})
    classes: dict[str, Members] = Field({}, alias="class")
    prior: dict[str, dict[Framing, float]] = Field({})
    theme: list[_ThemeEntry] = Field([])
    cue: list[dict[str, Any]] = Field([])


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything that coding needs. `version` is a short hash over all of it: another version may code otherwise."""

    version: str
    themes: tuple[Theme, ...]
    coding: Coding
    cues: tuple[Cue, ...]
    cue_ranks: tuple[int, ...]
    """The place of each cue among all, strongest first."""
    framing_cues: frozenset[int]
    uses: tuple[Use, ...]
    matcher: Matcher
    firing: Firing
    words: WordWeights
    vocabulary: Vocabulary
    classes: Classes
    priors: Mapping[str, Mapping[str, float]]
    meaning: Meaning | None = None
    """What reads meaning beside cues and words, where it is asked for; the version names it."""


def read_codebook(path: Path | None = None, overrides: Sequence[Path] = (), *, meaning: bool = False) -> Codebook:
    """The codebook of `path` (a folder like this package's, the default), changed by the override files in order.

    The folder's words.tsv (extractors.themes.codebook) may be missing: then only cues count.

    An override is a TOML file, or a folder of them, of the same form as codebook.toml, classes.toml, framing.toml and
    cues/*.toml: a theme or cue of a known name replaces the old one, a new one is added, a class of a known name gets
    the further members. A cue with `weight = 0` is switched off. `meaning` has a language model read beside it.

    Raises:
        LexiconError: a file cannot be used; the message names file, theme and entry. Or the model is not installed.
    """
    book = _read(path or _HERE, tuple(overrides))
    if not meaning:
        return book
    model = read_meaning()
    return replace(book, meaning=model, version=f"{book.version}+meaning-{model.version}")


@cache
def _default(folder: Path) -> Codebook:
    return _assemble(_book_files(folder), folder / "words.tsv")


def _read(folder: Path, overrides: tuple[Path, ...]) -> Codebook:
    if not overrides and folder == _HERE:
        return _default(folder)
    return _assemble([*_book_files(folder), *override_files(overrides)], folder / "words.tsv")


def override_files(overrides: Sequence[Path]) -> tuple[Path, ...]:
    """The files that these overrides are, in the order in which they apply."""
    return tuple(file for path in overrides for file in _toml_files(path))


def _book_files(folder: Path) -> list[Path]:
    return [folder / "codebook.toml", folder / "classes.toml", folder / "framing.toml", *_toml_files(folder / "cues")]


def _toml_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob("*.toml"))
    return [path]


class _Draft:
    """What has been read so far; later files override earlier ones."""

    def __init__(self) -> None:
        self.themes: dict[str, Theme] = {}
        self.coding: dict[str, float] = {}
        self.classes: dict[str, tuple[Pattern, ...]] = {}
        self.cues: dict[tuple[str, str], Cue] = {}
        self.priors: dict[str, dict[str, float]] = {}
        self.files: dict[tuple[str, str], Path] = {}

    def read(self, file: Path) -> None:
        book = read_tables(file, _BookFile)
        self.coding |= book.coding
        for name, members in book.classes.items():
            self.classes[name] = (*self.classes.get(name, ()), *members)
            self.files["class", name] = file
        for entry in book.theme:
            self.themes[entry.theme_id] = Theme(**dict(entry))
        for name, prior in book.prior.items():
            self.priors[name] = {str(framing): weight for framing, weight in prior.items()}
            self.files["prior", name] = file
        for cue in read_cues(file, book.cue, book.for_theme).values():
            self.cues[cue.target, cue.name] = cue
            self.files[cue.target, cue.name] = file


def _assemble(files: Iterable[Path], words: Path) -> Codebook:
    draft = _Draft()
    for file in files:
        draft.read(file)
    _check(draft)
    cues = tuple(cue for cue in draft.cues.values() if cue.weight or cue.frames)
    patterns, uses = _pattern_list(cues)
    coding = Coding(**draft.coding)
    matcher = Matcher(patterns, draft.classes)
    weights = read_word_weights(words, (*draft.themes, *FRAMINGS)) if words.exists() else NO_WORDS
    return Codebook(
        version=_version(draft, words),
        themes=tuple(draft.themes.values()),
        coding=coding,
        cues=cues,
        cue_ranks=_ranks(cues),
        framing_cues=frozenset(number for number, cue in enumerate(cues) if cue.target in FRAMINGS),
        uses=tuple(uses),
        matcher=matcher,
        firing=Firing(cues, uses, list(draft.themes), coding.repeat_bonus),
        words=weights,
        vocabulary=Vocabulary(matcher, weights),
        classes=draft.classes,
        priors=draft.priors,
    )


def _ranks(cues: Sequence[Cue]) -> tuple[int, ...]:
    order = sorted(range(len(cues)), key=lambda number: -cues[number].weight)
    ranks = {number: rank for rank, number in enumerate(order)}
    return tuple(ranks[number] for number in range(len(cues)))


def _check(draft: _Draft) -> None:
    book = draft.files.get(("class", next(iter(draft.classes), "")), _HERE)
    missing = [name for name in Coding.__slots__ if name not in draft.coding]
    if missing:
        raise LexiconError(book.with_name("codebook.toml"), "coding", f"lacks {', '.join(missing)}")
    for name, patterns in draft.classes.items():
        check_references(draft.files["class", name], f"class {name}", patterns, draft.classes)
        _check_circle(draft, name, (name,))
    for name in draft.priors:
        if name not in (*TRAITS, *draft.themes):
            raise LexiconError(draft.files["prior", name], f"prior {name}", "there is no theme or trait of this name")
    for key, cue in draft.cues.items():
        entry = f"{cue.target}, cue {cue.name!r}"
        if cue.target not in (*draft.themes, *FRAMINGS, FIELD):
            raise LexiconError(draft.files[key], entry, f"there is no theme '{cue.target}' in the codebook")
        check_references(draft.files[key], entry, cue.patterns + cue.unless + cue.unless_paragraph, draft.classes)


def _check_circle(draft: _Draft, name: str, path: tuple[str, ...]) -> None:
    for pattern in draft.classes[name]:
        atom = pattern.parts[0][0].atoms[0]
        if atom[0] != "@":
            continue
        if atom[1:] in path:
            circle = " > ".join((*path, atom[1:]))
            raise LexiconError(draft.files["class", name], f"class {path[0]}", f"includes itself: {circle}")
        _check_circle(draft, atom[1:], (*path, atom[1:]))


def _pattern_list(cues: Sequence[Cue]) -> tuple[list[Pattern], list[Use]]:
    patterns: list[Pattern] = []
    uses: list[Use] = []
    for number, cue in enumerate(cues):
        for role, group in (("for", cue.patterns), ("sentence", cue.unless), ("paragraph", cue.unless_paragraph)):
            patterns += group
            uses += [Use(number, role)] * len(group)
    return patterns, uses


def _spelled_out(cue: Cue) -> list[Any]:
    """All that a cue says, its patterns as written: `dataclasses.asdict` would take a second for all of them."""
    plain = [getattr(cue, name) for name in Cue.__slots__ if name not in _PATTERNS]
    return plain + [[pattern.source for pattern in getattr(cue, name)] for name in _PATTERNS]


def _version(draft: _Draft, words: Path) -> str:
    content: Mapping[str, Any] = {
        "themes": [asdict(theme) for theme in draft.themes.values()],
        "coding": draft.coding,
        "priors": draft.priors,
        "classes": {name: [p.source for p in members] for name, members in draft.classes.items()},
        "cues": [_spelled_out(cue) for cue in draft.cues.values()],
        "names": hashlib.sha256((_HERE / "names.toml").read_bytes()).hexdigest(),
        "words": hashlib.sha256(words.read_bytes()).hexdigest() if words.exists() else "",
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
