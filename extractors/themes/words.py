"""Words that lend weight to a theme or a framing beside the cues: weights fitted on coded paragraphs, in words.tsv.

A cue is a construction that somebody thought of; what a paragraph is about also shows in many words of which none
decides. Each word, and each pair of neighbours, has a weight for each theme and framing, in the unit of the cues (1 is
a plain cue). A paragraph's words are summed and divided by the root of their number, so that long paragraphs do not
gather weight by length alone. `python -m tests.themes.fit_words` fits them; docs/themes-comparison.md has what it won.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import LexiconError
from extractors.themes.tokens import SENTENCE_START, Words, stem

EVERY_PARAGRAPH = "*"
"""The row that counts once in every paragraph: how much the words must overcome before they speak for a theme."""

_HUNDREDTHS = 0.01

Span = tuple[int, int]
Key = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The fitted weights: a row a word or pair (by stems), a column a theme or framing."""

    columns: Mapping[str, int]
    rows: Mapping[str, int]
    weights: NDArray[np.float64]

    def read(self, words: Words) -> "WordEvidence":
        """What the words of one paragraph say together."""
        known: dict[int, Span] = {}
        for key, span in word_keys(words):
            row = self.rows.get(key)
            if row is not None and row not in known:
                known[row] = span
        if not self.rows:
            return WordEvidence(self, (), (), 1.0, np.zeros(len(self.columns)))
        share = 1 / math.sqrt(max(len(known), 1))
        rows = tuple(known)
        total = self.weights[0] + share * self.weights[list(rows)].sum(axis=0)
        return WordEvidence(self, rows, tuple(known.values()), share, total)


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """The known words of one paragraph with their places (the first of each), and what they sum to."""

    source: WordWeights
    rows: tuple[int, ...]
    spans: tuple[Span, ...]
    share: float
    total: NDArray[np.float64]

    def sum(self, target: str) -> float:
        """What all words say for a theme or framing; 0 for one that has no weights, such as a user's own theme."""
        column = self.source.columns.get(target)
        return 0.0 if column is None else float(self.total[column])

    def strongest(self, target: str, most: int) -> list[tuple[Span, float]]:
        """The words that speak for a target, at most so many, strongest first, each with the weight it gave."""
        column = self.source.columns.get(target)
        if column is None:
            return []
        weights = self.source.weights
        found = [
            (span, self.share * float(weights[row, column])) for row, span in zip(self.rows, self.spans, strict=True)
        ]
        return sorted((one for one in found if one[1] > 0), key=lambda one: (-one[1], one[0]))[:most]


NO_WORDS = WordWeights({}, {}, np.zeros((1, 0)))
"""For a codebook without words.tsv: only cues count."""


def word_keys(words: Words) -> Iterator[Key]:
    """The keys of a paragraph's words and pairs of neighbours in a sentence, with the words that they span."""
    before = SENTENCE_START
    for position, word in enumerate(words.words):
        if word == SENTENCE_START:
            before = word
            continue
        key = _key(word)
        yield key, (position, position + 1)
        if before != SENTENCE_START:
            yield f"{before} {key}", (position - 1, position + 1)
        before = key


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    if word[0] == "#":
        return word
    return "#number" if word[0].isdigit() else stem(word)


def read_word_weights(file: Path, targets: Sequence[str]) -> WordWeights:
    """Read words.tsv: a head of `word` and targets, then a row a word or pair, in hundredths of a plain cue's weight.

    The first row is `*`, which counts in every paragraph; an empty cell is 0.

    Raises:
        LexiconError: names the file and the line that cannot be used, or a column that is no theme and no framing.
    """
    try:
        head, *lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise LexiconError(file, "", f"cannot be read as a table of words ({error})") from error
    columns = head.split("\t")[1:]
    for name in columns:
        if name not in targets:
            raise LexiconError(file, "line 1", f"the column '{name}' is no theme of the codebook and no framing")
    rows: dict[str, int] = {}
    weights = np.zeros((len(lines), len(columns)))
    for number, line in enumerate(lines):
        word, *cells = line.split("\t")
        key = _stems(word)
        if len(cells) != len(columns) or key in rows or (key == EVERY_PARAGRAPH) != (number == 0):
            problem = f"expected '{EVERY_PARAGRAPH}' in line 2, each word once, and {len(columns)} cells after it"
            raise LexiconError(file, f"line {number + 2}, {word!r}", problem)
        rows[key] = number
        try:
            weights[number] = [int(cell) if cell else 0 for cell in cells]
        except ValueError:
            raise LexiconError(file, f"line {number + 2}, {word!r}", "a weight is not a whole number") from None
    return WordWeights({name: place for place, name in enumerate(columns)}, rows, weights * _HUNDREDTHS)


def _stems(word: str) -> str:
    return " ".join(part if part[0] in "#*" else stem(part) for part in word.split()) if word else ""
