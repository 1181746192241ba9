"""The framing's weights, fitted on coded paragraphs.

    python -m tests.themes.fit_framing            accuracy on articles left out, by source
    python -m tests.themes.fit_framing --write    fit on everything and write the weights

A log-linear model by penalised likelihood: one weight a cue of framing.toml, pulled towards the weight that stands
there; one prior a framing for each theme and trait of a paragraph, pulled to none; and one weight a framing for each
word of words.tsv that enough articles have, pulled to a quarter of the weight that stands there (by fit_words: run this
once after it). All are learned together, so that words say only what cues leave unsaid.

It learns from the restated pieces, the seeds and dev articles 01 to 07, and at a small share from the corpus and our
own cases: these have the words in plenty, but their writers judge more, and praise more, than is done in the press. So
what a theme or a trait makes likely there has priors of its own, which are thrown away. For the report each piece and
each gold article is once left out; of the pieces kept aside nothing is read, and dev articles 08 to 14 are learned
from for no line and no weight. It takes some ten minutes of one core, with `--write` two.
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.themes import FRAMINGS, read_codebook
from extractors.themes.codebook import EVERY_PARAGRAPH, Codebook
from extractors.themes.coder import Read, read_paragraphs
from extractors.themes.framing import Evaluation, evaluate
from extractors.themes.model import TRAITS
from tests.themes.coded import Coded, corpus, gold, own_cases, restated

_BOOK = Path(read_codebook.__code__.co_filename).parent
_TABLE = _BOOK / "words.tsv"
_ARTICLES = 12  # a word of fewer articles has no weight
_SHARE_WRITTEN = 0.15  # of a paragraph that was written for the purpose, beside one of the press
_CUE_PULL, _PRIOR_PULL, _WORD_PULL = 20.0, 5.0, 6.0
_KEPT_OF_WORDS = 0.25
_STEPS = 80
_FOLDS = 5
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """The known words of each paragraph as cells: the word's row of words.tsv, and how much it counts there."""

    rows: Sequence[int]
    """The rows of words.tsv that are learned, in the order of the columns."""
    scale: Array
    """How much a word counts by its rarity."""
    opens: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Array

    def of(self, paragraphs: NDArray[np.int64]) -> "Words":
        """The cells of these paragraphs."""
        sizes = np.diff(self.opens)[paragraphs]
        opens = np.concatenate([[0], np.cumsum(sizes)])
        cells = np.repeat(self.opens[paragraphs] - opens[:-1], sizes) + np.arange(opens[-1])
        return Words(self.rows, self.scale, opens, self.columns[cells], self.values[cells])

    def times(self, weights: Array) -> Array:
        """What the words of each paragraph say for each framing."""
        given = np.vstack([weights[self.columns] * self.values[:, None], np.zeros((1, len(FRAMINGS)))])
        sums: Array = np.add.reduceat(given, self.opens[:-1], axis=0)
        sums[np.diff(self.opens) == 0] = 0.0
        return sums

    def back(self, surplus: Array) -> Array:
        """The slope of each word's weights."""
        each = np.repeat(np.arange(len(self.opens) - 1), np.diff(self.opens))
        sums = [np.bincount(self.columns, self.values * column[each], len(self.rows)) for column in surplus.T]
        return np.stack(sums, axis=1)


@dataclass(frozen=True, slots=True)
class Cases:
    """Every theme of every paragraph, as numbers."""

    paragraphs: Sequence[Coded]
    paragraph: NDArray[np.int64]
    """The paragraph of each case."""
    wanted: NDArray[np.int64]
    cues: Array
    """How much each framing cue says for each framing, and then what the theme's own cues say."""
    fixed: Array
    priors: Array
    """See `_about`."""
    words: Words

    @property
    def written(self) -> Mask:
        """Whether a case was written for the purpose."""
        return np.array([_is_written(self.paragraphs[number]) for number in self.paragraph])


@dataclass(frozen=True, slots=True)
class Weights:
    """What is learned, in the order of the columns of `Cases`."""

    cues: Array
    priors: Array
    words: Array


def _is_written(one: Coded) -> bool:
    return not (one.source.startswith("restated") or one.source in ("seeds", "dev tuned", "dev aside"))


def framing_cues(book: Codebook) -> list[int]:
    """The numbers of the cues that have a weight here, in the order of the columns."""
    return sorted(book.framing_cues)


def tabulate(book: Codebook, paragraphs: Sequence[Coded]) -> Cases:
    """Read each article as the coder does; those that follow each other with one name are one article."""
    read: list[Read] = []
    for _, group in groupby(enumerate(paragraphs), key=_read_together):
        read += read_paragraphs(book, [one.paragraph for _, one in group])
    columns = {id(book.cues[number]): column for column, number in enumerate(framing_cues(book))}
    owners, wanted, cues, fixed, priors = [], [], [], [], []
    for number, (one, seen) in enumerate(zip(paragraphs, read, strict=True)):
        evidence = seen.evidence(book)
        evaluation = evaluate(book, seen.words, evidence.fired, seen.traits, evidence.said)
        for theme, framing in one.codings[0].items():
            mine = evidence.cues.get(theme, ())
            said = np.zeros((len(FRAMINGS), len(columns)))
            for target, cue, amount in evaluation.amounts(mine):
                said[FRAMINGS.index(target), columns[id(cue)]] += amount
            owners.append(number)
            wanted.append(FRAMINGS.index(framing))
            cues.append(said)
            fixed.append([_fixed(book, one, seen, evaluation, mine, framing) for framing in FRAMINGS])
            priors.append(_about(book, one, seen, theme))
    numbers = np.array(owners), np.array(wanted), np.array(cues), np.array(fixed), np.array(priors)
    return Cases(paragraphs, *numbers, _words(book, paragraphs, read))


def _about(book: Codebook, one: Coded, seen: Read, theme: str) -> list[float]:
    """The traits and theme of a case, and how far its words count; traits and words again if it was written for us."""
    said = seen.said.of(seen.number)
    shape = [*(seen.traits.get(trait, 0.0) for trait in TRAITS), said.share * len(said.places.numbers) ** 0.5]
    written = _is_written(one)
    return [*shape, *(written * amount for amount in shape), *(float(it.theme_id == theme) for it in book.themes)]


def _read_together(numbered: tuple[int, Coded]) -> tuple[str, int]:
    """What paragraphs of one article share; our own cases are single paragraphs, of which many have one voice."""
    number, one = numbered
    return one.article, number if one.source.startswith("cases ") else 0


def _fixed(book: Codebook, one: Coded, seen: Read, evaluation: Evaluation, cues: Sequence[int], framing: str) -> float:
    """What no weight changes: the theme's own cues, that nothing is judged, and the words as they stand."""
    own = sum(book.cues[cue].frame_weight for cue in cues if book.cues[cue].frames == framing)
    if framing == "context" and not evaluation.judgements and "prose" in seen.traits:
        own += book.coding.unjudged
    # Of what they were fitted on they would say more than of any other text.
    return own if _is_written(one) else own + _KEPT_OF_WORDS * evaluation.said.sum(framing)


def _words(book: Codebook, paragraphs: Sequence[Coded], read: Sequence[Read]) -> Words:
    numbers = [seen.said.of(seen.number).places.numbers for seen in read]
    articles: dict[int, set[str]] = defaultdict(set)
    for one, here in zip(paragraphs, numbers, strict=True):
        for row in here.tolist():
            articles[row].add(one.article)
    rows = sorted(row for row, seen in articles.items() if len(seen) >= _ARTICLES)
    column = np.full(max([*articles, 0]) + 1, -1)
    column[rows] = np.arange(len(rows))
    found = [column[here] for here in numbers]
    kept = [here[here >= 0] for here in found]
    opens = np.concatenate([[0], np.cumsum([len(here) for here in kept])])
    columns = np.concatenate(kept) if kept else np.zeros(0, np.int64)
    often = np.bincount(columns, minlength=len(rows))
    scale = 0.5 * (np.log((1 + len(read)) / (1 + often)) + 1)
    share = np.repeat([seen.said.of(seen.number).share for seen in read], np.diff(opens))
    return Words(rows, scale, opens, columns, share * scale[columns])


def fit(cases: Cases, standing: Array, rows: Mask) -> Weights:
    """The weights that make the rows of the mask most likely, by Adam's gradient steps from the standing weights."""
    wanted, cues, fixed, priors = cases.wanted[rows], cases.cues[rows], cases.fixed[rows], cases.priors[rows]
    paragraphs, owner = np.unique(cases.paragraph[rows], return_inverse=True)
    words = cases.words.of(paragraphs)
    share = np.where(cases.written[rows], _SHARE_WRITTEN, 1.0)[:, None]
    starts = np.searchsorted(owner, np.arange(len(paragraphs)))
    every = np.arange(len(wanted))

    def slopes(numbers: list[Array]) -> list[Array]:
        surplus = _probabilities(cues @ numbers[0] + priors @ numbers[1] + words.times(numbers[2])[owner] + fixed)
        surplus[every, wanted] -= 1
        surplus *= share
        return [
            np.tensordot(surplus, cues, 2) + _CUE_PULL * (numbers[0] - standing),
            priors.T @ surplus + _PRIOR_PULL * numbers[1],
            words.back(np.add.reduceat(surplus, starts, axis=0)) + _WORD_PULL * numbers[2],
        ]

    start = [standing, np.zeros((priors.shape[1], len(FRAMINGS))), np.zeros((len(words.rows), len(FRAMINGS)))]
    return Weights(*_descend(start, slopes, float(share.sum())))


def _descend(start: Sequence[Array], slopes: Callable[[list[Array]], list[Array]], cases: float) -> list[Array]:
    numbers = [one.copy() for one in start]
    means, squares = [np.zeros_like(one) for one in start], [np.zeros_like(one) for one in start]
    for step in range(1, _STEPS + 1):
        for number, slope in enumerate(slopes(numbers)):
            mean = slope / cases
            means[number] = 0.9 * means[number] + 0.1 * mean
            squares[number] = 0.99 * squares[number] + 0.01 * mean**2
            change = (means[number] / (1 - 0.9**step)) / (np.sqrt(squares[number] / (1 - 0.99**step)) + 1e-8)
            numbers[number] -= 0.06 * (1 - 0.9 * step / _STEPS) * change
    return numbers


def _probabilities(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def scores_of(cases: Cases, weights: Weights, rows: Mask) -> Array:
    """What the weights say for each framing of the rows of the mask."""
    words = cases.words.of(cases.paragraph[rows]).times(weights.words)
    scores: Array = cases.cues[rows] @ weights.cues + cases.priors[rows] @ weights.priors + words + cases.fixed[rows]
    return scores


def standing_weights(book: Codebook) -> Array:
    """The weights of the framing cues as they stand."""
    return np.array([book.cues[number].weight for number in framing_cues(book)])


def left_out(cases: Cases, standing: Array) -> Iterator[tuple[str, int, float]]:
    """By source: how many cases, and the share framed rightly by weights fitted without their fold of articles."""
    sources = np.array([cases.paragraphs[number].source for number in cases.paragraph])
    articles = np.array([cases.paragraphs[number].article for number in cases.paragraph])
    names = sorted(set(articles[~cases.written]))
    random.Random(0).shuffle(names)
    fold = {name: number % _FOLDS for number, name in enumerate(names)}
    folds = np.array([fold.get(name, -1) for name in articles])
    right = np.zeros(len(folds), dtype=bool)
    for number in range(_FOLDS):
        out = folds == number
        weights = fit(cases, standing, ~out & (sources != "dev aside"))
        right[out] = scores_of(cases, weights, out).argmax(axis=1) == cases.wanted[out]
    for source in sorted(set(sources[folds >= 0])):
        yield str(source), int((sources == source).sum()), float(right[sources == source].mean())


def write(book: Codebook, cases: Cases, weights: Weights) -> None:
    """Put the weights into framing.toml, codebook.toml and words.tsv, leaving all else as it stands."""
    file = _BOOK / "framing.toml"
    text = file.read_text(encoding="utf-8")
    for number, weight in zip(framing_cues(book), weights.cues.tolist(), strict=True):
        head = f'name = "{re.escape(book.cues[number].name)}"\nframing = "{book.cues[number].target}"\n'
        # A weight of nought would switch the cue off for good.
        text = re.sub(rf"({head}weight = )[-\d.]+", rf"\g<1>{round(weight, 2) or 0.01}", text)
    file.write_text(text, encoding="utf-8")
    file = _BOOK / "codebook.toml"
    text = file.read_text(encoding="utf-8")
    priors = weights.priors.tolist()
    themes = [theme.theme_id for theme in book.themes]
    for name, prior in [*zip(TRAITS, priors, strict=False), *zip(themes, priors[-len(themes) :], strict=True)]:
        told = ", ".join(f"{framing} = {weight:.2f}" for framing, weight in zip(FRAMINGS, prior, strict=True))
        quoted = f'"{name}"' if " " in name else name
        text = re.sub(rf"^{quoted} = \{{ problem.*\}}$", f"{quoted} = {{ {told} }}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")
    _write_words(cases, weights)


def _write_words(cases: Cases, weights: Weights) -> None:
    head, *lines = _TABLE.read_text(encoding="utf-8").splitlines()
    at = [head.split("\t").index(framing) for framing in FRAMINGS]
    learned = np.zeros((len(lines), len(FRAMINGS)))
    learned[cases.words.rows] = weights.words * cases.words.scale[:, None]
    learned[0] = weights.priors[len(TRAITS)]
    assert lines[0].startswith(f"{EVERY_PARAGRAPH}\t")
    written = [head]
    for line, row in zip(lines, learned, strict=True):
        cells = line.split("\t")
        for place, weight in zip(at, row.tolist(), strict=True):
            cells[place] = str(round(_KEPT_OF_WORDS * float(cells[place]) + 100 * weight))
        written.append("\t".join(cells))
    _TABLE.write_text("\n".join(written) + "\n", encoding="utf-8")


def read_cases(book: Codebook) -> Cases:
    """All that is coded, but for the pieces kept aside."""
    return tabulate(book, [*restated(), *gold(), *corpus(), *own_cases()])


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Fit the framing's weights.")
    parser.add_argument("--write", action="store_true", help="fit on everything and write the weights")
    arguments = parser.parse_args()
    book = read_codebook()
    cases = read_cases(book)
    if arguments.write:
        aside = np.array([cases.paragraphs[number].source == "dev aside" for number in cases.paragraph])
        write(book, cases, fit(cases, standing_weights(book), ~aside))
        return
    for source, number, share in left_out(cases, standing_weights(book)):
        print(f"{source:14} {number:5} cases, framed rightly when left out {share:.3f}")


if __name__ == "__main__":
    main()
