"""What the restated pieces add to the weights of words and of the themes' cues.

    python -m tests.themes.fit_restated            kappa of pieces left out, before and after
    python -m tests.themes.fit_restated --write    fit on all of them and change words.tsv and cues/*.toml

Words fitted on the corpus (fit_words.py) know how people write who were asked for commentary; the restated pieces, the
seeds and the development articles that cues were tuned on say how it is written without being asked. These are too few
to learn from alone. So what is learned from them is a change to each word's weight for each theme, pulled to none,
where the margin over the threshold, as the coder reckons it, stands beside it with a slope; and then a change to each
cue's weight, with the corpus at a small share. The pieces kept aside are not read. It changes what stands: run it once
after fit_words.
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.themes import read_codebook
from extractors.themes.codebook import Codebook, key_of, word_keys
from extractors.themes.coder import read_paragraphs, thresholds_of
from tests.themes.coded import Coded, corpus, gold, restated

_BOOK = Path(read_codebook.__code__.co_filename).parent
_TABLE = _BOOK / "words.tsv"
_FEW, _ENOUGH = 30, 60  # as in extractors/themes/codebook.py
_ARTICLES = 4  # a word of fewer articles is a name or an accident
_GRAMMAR_WORDS = (
    "the a an of to in and is it that was for on as with be by at are this from or not have had "
    "has its were been their they he she we i his her my our you "
)
_GRAMMAR = frozenset(_GRAMMAR_WORDS.split())
_PULL = 3.0  # of a word's weight for a theme towards none
_CUE_PULL = 6.0  # of a cue's weight towards what stands
_SHARE_WRITTEN = 0.15  # of a paragraph of the corpus beside one of the press
_MOST_MARGIN = 1.5  # further over or under the threshold says nothing more
_STEPS = 120
_FOLDS = 5
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """Which words each paragraph has, by row, and how much each counts there: its share, by its rarity."""

    keys: Sequence[str]
    opens: NDArray[np.int64]
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    values: Array
    order: NDArray[np.int64]
    """The cells by column."""

    def times(self, weights: Array) -> Array:
        """What the words of each row say."""
        given = np.vstack([weights[self.columns] * self.values[:, None], np.zeros((1, weights.shape[1]))])
        sums = np.add.reduceat(given, self.opens[:-1], axis=0)
        sums[np.diff(self.opens) == 0] = 0.0
        return sums

    def back(self, surplus: Array) -> Array:
        """The slope of each word's weights."""
        given = surplus[self.rows[self.order]] * self.values[self.order, None]
        starts = np.searchsorted(self.columns[self.order], np.arange(len(self.keys)))
        sums: Array = np.add.reduceat(given, starts, axis=0)
        return sums


@dataclass(frozen=True, slots=True)
class Cues:
    """Which cues of themes each paragraph has, as cells: its row, the cue's column, and that cue's theme."""

    numbers: Sequence[int]
    """The numbers of the cues in the codebook, in the order of the columns."""
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    themes: NDArray[np.int64]

    def times(self, weights: Array, shape: tuple[int, int]) -> Array:
        """What the cues of each row say for each theme."""
        return (
            np.bincount(self.rows * shape[1] + self.themes, weights[self.columns], shape[0] * shape[1])
            .astype(float)
            .reshape(shape)
        )

    def back(self, surplus: Array) -> Array:
        """The slope of each cue's weight."""
        return np.bincount(self.columns, surplus[self.rows, self.themes], len(self.numbers)).astype(float)


@dataclass(frozen=True, slots=True)
class Rows:
    """All paragraphs: `tuned` where cues were written on them; `fold` is -1 where nothing is left out."""

    coded: Sequence[Coded]
    cells: Cells
    cues: Cues
    scale: Array
    scores: Array
    thresholds: Array
    wanted: Array
    tuned: Mask
    share: Array
    """How much a row counts beside a paragraph of the press."""
    fold: NDArray[np.int64]


def read_rows() -> Rows:
    """Read each piece and article whole, as the coder does."""
    book = read_codebook()
    themes = [theme.theme_id for theme in book.themes]
    coded = [*restated(), *(one for one in gold() if one.source != "dev aside"), *corpus()]
    scores, thresholds, keys = [], [], []
    fired: list[list[int]] = []
    for _, group in groupby(coded, key=lambda one: one.article):
        read = read_paragraphs(book, [one.paragraph for one in group])
        scores.append(np.array([one.scores for one in read]))
        thresholds.append(thresholds_of(book, read, scores[-1]))
        keys += [set(word_keys(one.words)) for one in read]
        fired += [sorted(one.fired.of(one.number)) for one in read]
    cells, scale = _cells(coded, keys)
    return Rows(
        coded,
        cells,
        _cues(book, themes, fired),
        scale,
        np.concatenate(scores),
        np.concatenate(thresholds),
        np.array([[float(theme in one.codings[0]) for theme in themes] for one in coded]),
        np.array([one.source in ("restated a", "seeds", "dev tuned") for one in coded]),
        np.where([_is_of_the_press(one) for one in coded], 1.0, _SHARE_WRITTEN),
        _folds(coded),
    )


def _is_of_the_press(one: Coded) -> bool:
    return one.source.startswith("restated") or one.source in ("seeds", "dev tuned")


def _cues(book: Codebook, themes: Sequence[str], fired: Sequence[Sequence[int]]) -> Cues:
    numbers = [number for number, cue in enumerate(book.cues) if cue.target in themes]
    column = {number: place for place, number in enumerate(numbers)}
    theme = np.array([themes.index(book.cues[number].target) for number in numbers])
    found = [[column[number] for number in here if number in column] for here in fired]
    columns = np.array([place for here in found for place in here])
    return Cues(numbers, np.repeat(np.arange(len(found)), [len(here) for here in found]), columns, theme[columns])


def _cells(coded: Sequence[Coded], keys: Sequence[set[str]]) -> tuple[Cells, Array]:
    table = {key_of(line.split("\t", 1)[0]) for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]}
    seen: dict[str, set[str]] = defaultdict(set)
    for one, here in zip(coded, keys, strict=True):
        for key in here & table - _GRAMMAR if _is_of_the_press(one) else ():
            seen[key].add(one.article)
    known = sorted(key for key, articles in seen.items() if len(articles) >= _ARTICLES)
    place = {key: number for number, key in enumerate(known)}
    found = [sorted(place[key] for key in here if key in place) for here in keys]
    opens = np.cumsum([0, *map(len, found)])
    columns = np.array([column for here in found for column in here])
    often = np.bincount(columns, minlength=len(known))
    scale = 0.5 * (np.log((1 + len(coded)) / (1 + often)) + 1)
    counts = np.array([len(here & table) for here in keys])
    share = np.clip((counts - _FEW) / (_ENOUGH - _FEW), 0.0, 1.0) / np.sqrt(np.maximum(counts, 1))
    rows = np.repeat(np.arange(len(coded)), np.diff(opens))
    order = np.argsort(columns, kind="stable")
    return Cells(known, opens, columns, rows, share[rows] * scale[columns], order), scale


def _folds(coded: Sequence[Coded]) -> NDArray[np.int64]:
    pieces = sorted({one.article for one in coded if one.source.startswith("restated")})
    random.Random(0).shuffle(pieces)
    fold = {piece: number % _FOLDS for number, piece in enumerate(pieces)}
    return np.array([fold.get(one.article, -1) for one in coded])


def _descend(start: Sequence[Array], slopes: Callable[[list[Array]], list[Array]], rate: float = 0.05) -> list[Array]:
    """Adam's gradient steps from where the numbers start."""
    numbers = [one.copy() for one in start]
    means, squares = [np.zeros_like(one) for one in start], [np.zeros_like(one) for one in start]
    for step in range(1, _STEPS + 1):
        for number, slope in enumerate(slopes(numbers)):
            means[number] = 0.9 * means[number] + 0.1 * slope
            squares[number] = 0.99 * squares[number] + 0.01 * slope**2
            change = (means[number] / (1 - 0.9**step)) / (np.sqrt(squares[number] / (1 - 0.99**step)) + 1e-8)
            numbers[number] -= rate * (1 - 0.95 * step / _STEPS) * change
    return numbers


def fit_words(rows: Rows, learned: Mask) -> Array:
    """The change of each word's weight for each theme, in the unit of the cues, from the press among the rows."""
    margin = np.clip(rows.scores - rows.thresholds, -_MOST_MARGIN, _MOST_MARGIN)
    tuned, use = rows.tuned[:, None], (learned & (rows.share == 1.0))[:, None]

    def slopes(numbers: list[Array]) -> list[Array]:
        (slope, constant, tuned_slope, tuned_constant), words = numbers
        margins = margin * (slope + tuned_slope * tuned) + constant + tuned_constant * tuned
        surplus = use * (1 / (1 + np.exp(-margins - rows.cells.times(words))) - rows.wanted)
        four = [surplus * margin, surplus, surplus * margin * tuned, surplus * tuned]
        return [np.array([it.sum() for it in four]), rows.cells.back(surplus) + 2 * _PULL * words]

    numbers, words = _descend([np.array([2.0, -2.0, 0.0, 0.0]), np.zeros((len(rows.scale), margin.shape[1]))], slopes)
    change: Array = words / numbers[0]
    return change


def fit_cues(rows: Rows, scores: Array, learned: Mask) -> Array:
    """The change of each cue's weight, learned from the rows over these scores."""
    margin = np.clip(scores - rows.thresholds, -_MOST_MARGIN, _MOST_MARGIN)
    use = (learned * rows.share)[:, None]

    def slopes(numbers: list[Array]) -> list[Array]:
        (slope, constant), cues = numbers
        said = margin * slope + constant + rows.cues.times(cues, margin.shape)
        surplus = use * (1 / (1 + np.exp(-said)) - rows.wanted)
        return [np.array([(surplus * margin).sum(), surplus.sum()]), rows.cues.back(surplus) + _CUE_PULL * cues]

    numbers, cues = _descend([np.array([2.0, -1.0]), np.zeros(len(rows.cues.numbers))], slopes)
    change: Array = cues / numbers[0]
    return change


def report(rows: Rows) -> None:
    """A line a writer of the pieces: kappa as it stands, and of pieces that nothing was learned from."""
    relative = read_codebook().coding.relative
    scores = rows.scores.copy()
    for fold in range(_FOLDS):
        out = rows.fold == fold
        moved = rows.scores + rows.cells.times(fit_words(rows, ~out))
        scores[out] = (moved + rows.cues.times(fit_cues(rows, moved, ~out), scores.shape))[out]
    before = rows.scores >= rows.thresholds
    after = scores >= np.maximum(rows.thresholds, relative * scores.max(axis=1, keepdims=True))
    sources = np.array([one.source for one in rows.coded])
    for source in ("restated a", "restated b"):
        here = sources == source
        first, then = (_kappa(rows.wanted[here] > 0, given[here]) for given in (before, after))
        print(f"{source}: kappa {first:.3f} as it stands, {then:.3f} of pieces left out")


def _kappa(wanted: Mask, given: Mask) -> float:
    agreed = (wanted == given).mean()
    chance = wanted.mean() * given.mean() + (1 - wanted.mean()) * (1 - given.mean())
    return float((agreed - chance) / (1 - chance))


def write(rows: Rows, words: Array, cues: Array) -> None:
    """Put the changes into words.tsv and cues/*.toml, leaving all else as it stands."""
    place = {key: number for number, key in enumerate(rows.cells.keys)}
    head, *lines = _TABLE.read_text(encoding="utf-8").splitlines()
    columns = head.split("\t")[1:]
    at = [columns.index(theme.theme_id) for theme in read_codebook().themes]
    written = [head]
    for line in lines:
        word, *cells = line.split("\t")
        number = place.get(key_of(word))
        if number is not None:
            weights = np.array([float(cell) for cell in cells])
            weights[at] += 100 * rows.scale[number] * words[number]
            cells = [str(round(float(weight))) for weight in weights]
        written.append("\t".join((word, *cells)))
    _TABLE.write_text("\n".join(written) + "\n", encoding="utf-8")
    _write_cues(rows, cues)


def _write_cues(rows: Rows, changes: Array) -> None:
    book = read_codebook()
    for theme in book.themes:
        file = _BOOK / "cues" / f"{theme.theme_id}.toml"
        text = file.read_text(encoding="utf-8")
        for number, change in zip(rows.cues.numbers, changes.tolist(), strict=True):
            cue = book.cues[number]
            if cue.target == theme.theme_id:
                # A weight of nought would switch the cue off for good.
                weight = round(cue.weight + change, 2) or 0.01
                text = re.sub(
                    rf'(name = "{re.escape(cue.name)}"\n(?:distinct = \d+\n)?weight = )[-\d.]+', rf"\g<1>{weight}", text
                )
        file.write_text(text, encoding="utf-8")


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Fit what the restated pieces add.")
    parser.add_argument("--write", action="store_true", help="fit on all pieces that may be learned from, and write it")
    arguments = parser.parse_args()
    rows = read_rows()
    if not arguments.write:
        report(rows)
        return
    everything = np.ones(len(rows.coded), dtype=bool)
    words = fit_words(rows, everything)
    write(rows, words, fit_cues(rows, rows.scores + rows.cells.times(words), everything))
    weighed = f"{len(rows.cells.keys):,} words and {len(rows.cues.numbers)} cues"
    print(f"{weighed} weighed anew by {len(rows.coded):,} paragraphs")


if __name__ == "__main__":
    main()
