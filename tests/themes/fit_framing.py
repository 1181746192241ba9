"""The framing's weights, fitted on coded paragraphs.

    python -m tests.themes.fit_framing            accuracy on batches left out, by source
    python -m tests.themes.fit_framing --write    the same, then refit on everything and write the weights

A log-linear model by penalised likelihood: one weight a cue of framing.toml, pulled towards the weight that stands
there, and one prior a framing for each theme and sort of paragraph, pulled towards what stands in codebook.toml. It
learns from our own cases (tests/themes/cases), the seeds and dev articles 01 to 07; dev articles 08 to 14 and the
cases of "-held" files are kept aside. The weights that stand come from earlier fits on most of these cases, so that
accuracy left out flatters; what is kept aside is the honest measure. A batch is an article, or one voice of the cases.
A theme that the coder misses is judged by the whole paragraph.
"""

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.article.model import Paragraph
from extractors.themes import FRAMINGS, read_codebook
from extractors.themes.codebook import Codebook
from extractors.themes.coder import read_paragraphs
from extractors.themes.framing import evaluate
from flows.steps.coding import extract
from tests.gold import gate
from tests.gold.paragraphs import KEPT_ASIDE
from tests.themes import coded

_HERE = Path(__file__).parent
_BOOK = Path(read_codebook.__code__.co_filename).parent
_SORTS = ("prose", "heading")
_PULL = 20.0  # strength of the pull towards the weights that stand: as much as twenty cases for one unit of weight
_STEPS = 200
_FOLDS = 6
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One theme of one paragraph with its framing as coded; `batch` is what cross-validation leaves out together."""

    source: str
    batch: str
    paragraph: Paragraph
    theme_id: str
    framing: str


@dataclass(frozen=True, slots=True)
class Table:
    """All cases as numbers: the columns are the framing cues, then the priors; `fixed` is what no weight changes."""

    columns: tuple[tuple[str, str], ...]
    values: Array
    fixed: Array
    wanted: NDArray[np.int64]
    standing: Array


def own_cases() -> Iterator[Case]:
    """The paragraphs that we coded ourselves, by file and voice."""
    for one in coded.own_cases():
        if not one.source.endswith("-held"):
            paragraph = replace(one.paragraph, paragraph_no=1)
            for theme_id, framing in one.codings[0].items():
                yield Case(one.source, one.article, paragraph, theme_id, framing)


def gold_cases(name: str) -> Iterator[Case]:
    """The gold of "seeds", or of "dev" without the articles kept aside."""
    articles, _, themes = gate.SETS[name]
    score = gate._scorer()
    aside = KEPT_ASIDE if name == "dev" else frozenset()
    rows = [row for row in score.read_tsv(str(themes)) if row["theme_id"] != "-" and row["file"] not in aside]
    for file in sorted({row["file"] for row in rows}):
        lines = score.Lines(articles / file)
        found = extract((articles / file).read_bytes(), name=file, codebook=read_codebook())["paragraphs"]
        by_line = {lines.of(p["text"]): Paragraph(1, p["kind"], p["text"]) for p in found}
        for row in rows:
            if row["file"] == file and int(row["line"]) in by_line:
                paragraph = by_line[int(row["line"])]
                yield Case(name, f"{name} {file}", paragraph, row["theme_id"], row["framing"])


def columns_of(book: Codebook) -> list[tuple[str, str]]:
    """What has a weight: each framing cue as (framing, name), each prior as (framing, theme or sort)."""
    cues = [(cue.target, cue.name) for cue in book.cues if cue.target in FRAMINGS]
    names = (*_SORTS, *(theme.theme_id for theme in book.themes))
    return [*cues, *((framing, f"prior {name}") for name in names for framing in FRAMINGS)]


def tabulate(book: Codebook, cases: Sequence[Case]) -> Table:
    """Read each case as the coder does."""
    columns = columns_of(book)
    place = {column: number for number, column in enumerate(columns)}
    values = np.zeros((len(cases), len(FRAMINGS), len(columns)))
    fixed = np.zeros((len(cases), len(FRAMINGS)))
    for row, (case, read) in enumerate(zip(cases, read_paragraphs(book, [it.paragraph for it in cases]), strict=True)):
        evidence = read.evidence(book)
        cues = evidence.cues.get(case.theme_id, ())
        evaluation = evaluate(book, read.words, evidence.fired, read.kind, evidence.said)
        for framing, cue, amount in evaluation.amounts(cues):
            values[row, FRAMINGS.index(framing), place[cue.target, cue.name]] += amount
        for number, framing in enumerate(FRAMINGS):
            for name in (read.kind, case.theme_id):
                values[row, number, place[framing, f"prior {name}"]] = 1.0
            fixed[row, number] = sum(book.cues[cue].frame_weight for cue in cues if book.cues[cue].frames == framing)
    wanted = np.array([FRAMINGS.index(case.framing) for case in cases])
    return Table(tuple(columns), values, fixed, wanted, _standing(book, columns))


def _standing(book: Codebook, columns: Sequence[tuple[str, str]]) -> Array:
    weights = {(cue.target, cue.name): cue.weight for cue in book.cues}
    priors = {(f, f"prior {name}"): weight for name, prior in book.priors.items() for f, weight in prior.items()}
    return np.array([{**weights, **priors}.get(column, 0.0) for column in columns])


def fit(table: Table, rows: NDArray[np.bool_]) -> Array:
    """The weights that make the rows most likely, by Adam's gradient steps from the standing weights."""
    values, fixed, wanted = table.values[rows], table.fixed[rows], table.wanted[rows]
    weights = table.standing.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        surplus = _probabilities(values @ weights + fixed)
        surplus[np.arange(len(wanted)), wanted] -= 1
        slope = np.einsum("nf,nfc->c", surplus, values) + _PULL * (weights - table.standing)
        slope /= len(wanted)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = 0.075 * (1 - 0.9 * step / _STEPS)
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def _probabilities(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def left_out(table: Table, cases: Sequence[Case]) -> NDArray[np.bool_]:
    """Whether each case is framed rightly by weights fitted without its fold of batches."""
    batches = sorted({case.batch for case in cases})
    random.Random(0).shuffle(batches)
    fold = {batch: number % _FOLDS for number, batch in enumerate(batches)}
    folds = np.array([fold[case.batch] for case in cases])
    right = np.zeros(len(cases), dtype=bool)
    for number in range(_FOLDS):
        out = folds == number
        weights = fit(table, ~out)
        right[out] = (table.values[out] @ weights + table.fixed[out]).argmax(axis=1) == table.wanted[out]
    return right


def write(table: Table, weights: Array) -> None:
    """Put the weights into framing.toml and the priors into codebook.toml, leaving all else as it stands."""
    found = {column: round(float(weight), 2) for column, weight in zip(table.columns, weights, strict=True)}
    file = _BOOK / "framing.toml"
    text = file.read_text(encoding="utf-8")
    for (framing, name), weight in found.items():
        head = f'name = "{re.escape(name)}"\nframing = "{framing}"\n'
        # A weight of nought would switch the cue off for good.
        text = re.sub(rf"({head}weight = )[-\d.]+", rf"\g<1>{weight or 0.01}", text)
    file.write_text(text, encoding="utf-8")
    file = _BOOK / "codebook.toml"
    text = file.read_text(encoding="utf-8")
    for name in {name for _, name in found if name.startswith("prior ")}:
        numbers = ", ".join(f"{framing} = {found[framing, name]:.2f}" for framing in FRAMINGS)
        text = re.sub(rf"^{name.removeprefix('prior ')} = \{{.*\}}$", f"{name[6:]} = {{ {numbers} }}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Fit the framing's weights.")
    parser.add_argument("--write", action="store_true", help="write the weights fitted on all cases")
    arguments = parser.parse_args()
    cases = [*own_cases(), *gold_cases("dev"), *gold_cases("seeds")]
    table = tabulate(read_codebook(), cases)
    right = left_out(table, cases)
    sources = np.array([case.source for case in cases])
    for source in sorted(set(sources)):
        here = right[sources == source]
        print(f"{source:14} {len(here):4} cases, accuracy left out {here.mean():.3f}")
    print(f"{'all':14} {len(cases):4} cases, accuracy left out {right.mean():.3f}")
    if arguments.write:
        write(table, fit(table, np.ones(len(cases), dtype=bool)))


if __name__ == "__main__":
    main()
