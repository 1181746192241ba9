"""The model behind words.tsv: read from standard input as JSON by fit_words.py, answered likewise; needs scikit-learn.

For each theme a logistic regression over the words of paragraphs, then one over three things for all themes together:
what the words say (of paragraphs that the first did not learn from), how far the cues' sum is over its threshold, and a
constant a theme. Its coefficients put the words in the unit of the cues. The framing likewise, with four classes.
"""

import json
import math
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

ARTICLES = 4  # a key of fewer articles is a name or an accident
FEW, ENOUGH = 30, 60  # as in extractors/themes/codebook.py
INNER_FOLDS = 4
WRITER_FOLDS = 4
STRENGTH = 3.0  # inverse of the penalty, over columns scaled so that a middling word of a middling paragraph has 0.3
SCALE = 0.5
MOST_OVER = 1.5  # the cues' sum counts up to so much over its threshold: beyond it more cues say nothing more
# Words of grammar say nothing of a theme by themselves; beside another word they may ("of trust", "not safe").
GRAMMAR = """the a an of to in and is it that was for on as with be by at are this from or not have had has its were
been their they he she we i his her my our you"""
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Row = dict[str, Any]


class Matrix(NamedTuple):
    """The rows' keys as numbers. `scale`: each column's idf, multiplied in; `fullness`: how much words count."""

    keys: list[str]
    values: sparse.csr_matrix
    scale: Array
    fullness: Array


class Themes(NamedTuple):
    """What was learned of themes: a weight a key and theme, a constant a theme, all in the unit of the cues."""

    weights: Array
    constants: Array


def tabulate(rows: Sequence[Row], learned: Mask, *, grammar: bool) -> Matrix:
    """Columns for the keys that enough articles of the learned rows have."""
    articles: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    for row, use in zip(rows, learned, strict=True):
        for key in row["keys"] if use else ():
            articles.setdefault(key, set()).add(row["article"])
            count[key] += 1
    keys = sorted(k for k, seen in articles.items() if len(seen) >= ARTICLES and (grammar or k not in GRAMMAR.split()))
    place = {key: number for number, key in enumerate(keys)}
    scale = SCALE * np.array([math.log((1 + learned.sum()) / (1 + count[key])) + 1 for key in keys])
    cells, columns, ends = [], [], [0]
    for row in rows:
        known = [place[key] for key in row["keys"] if key in place]
        columns += known
        cells += [1 / math.sqrt(max(len(known), 1))] * len(known)
        ends.append(len(columns))
    values = sparse.csr_matrix((cells, columns, ends), shape=(len(rows), len(keys)))
    known = np.diff(values.indptr)
    return Matrix(
        keys, (values @ sparse.diags(scale)).tocsr(), scale, np.clip((known - FEW) / (ENOUGH - FEW), 0.0, 1.0)
    )


def shares(rows: Sequence[Row], themes: Sequence[str]) -> Array:
    """The share of a paragraph's coders who saw each theme."""
    return np.array([[np.mean([theme in coding for coding in row["codings"]]) for theme in themes] for row in rows])


def logistic(values: Any, share: Array, *, constant: bool = True) -> LogisticRegression:
    """A regression on shares: a paragraph on which coders differ counts in part for either side."""
    low, high = np.flatnonzero(share < 1), np.flatnonzero(share > 0)
    stacked = sparse.vstack([values[low], values[high]]).tocsr()
    wanted = np.r_[np.zeros(len(low)), np.ones(len(high))]
    weight = np.r_[1 - share[low], share[high]]
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, fit_intercept=constant)
    return model.fit(stacked, wanted, sample_weight=weight)


def inner(rows: Sequence[Row]) -> NDArray[np.int64]:
    """The inner fold of each row, by article."""
    return np.array([zlib.crc32(row["article"].encode()) % INNER_FOLDS for row in rows])


def fit_themes(rows: Sequence[Row], themes: Sequence[str], learned: Mask, matrix: Matrix) -> Themes:
    """Learn from the rows of the mask."""
    share, folds = shares(rows, themes), inner(rows)
    said = np.zeros(share.shape)
    models = []
    for column in range(len(themes)):
        for fold in range(INNER_FOLDS):
            use, rest = learned & (folds != fold), learned & (folds == fold)
            model = logistic(matrix.values[use], share[use, column])
            said[rest, column] = model.decision_function(matrix.values[rest])
        models.append(logistic(matrix.values[learned], share[learned, column]))
    cues, count = over(rows, themes)[learned], matrix.fullness[learned]
    word, cue, constants = combine(said[learned], cues, count, tuned(rows)[learned], share[learned])
    weights = np.stack([model.coef_[0] for model in models], axis=1) * matrix.scale[:, None] * (word / cue)
    intercepts = np.array([model.intercept_[0] for model in models])
    return Themes(weights, (constants + word * intercepts) / cue)


def over(rows: Sequence[Row], themes: Sequence[str]) -> Array:
    """How far the cues' sum is over the threshold."""
    values = np.array([[row["over"][theme] for theme in themes] for row in rows])
    limited: Array = np.minimum(values, MOST_OVER)
    return limited


def tuned(rows: Sequence[Row]) -> Mask:
    """The rows whose paragraphs cues were tuned on."""
    return np.array([row["tuned"] for row in rows])


def combine(said: Array, cues: Array, count: Array, tuned_on: Mask, share: Array) -> tuple[float, float, Array]:
    """How much words and cues count together: a slope each, and a constant a theme, as log odds.

    The constants are moved so that as many codes are given to the blind rows as their coders gave.
    """
    number, themes = said.shape
    counts = np.repeat(count, themes)[:, None]
    which = np.tile(np.eye(themes), (number, 1)) * counts
    blind = np.repeat(~tuned_on, themes)[:, None]
    flat = cues.reshape(-1, 1)
    table = np.hstack([said.reshape(-1, 1) * counts, flat, flat * ~blind, ~blind * counts, which])
    model = logistic(sparse.csr_matrix(table), share.reshape(-1), constant=False)
    word, cue = model.coef_[0][:2]
    constants = model.coef_[0][4:]
    margin = (word * said + constants)[~tuned_on] + cue * cues[~tuned_on] / np.maximum(count[~tuned_on], 1e-6)[:, None]
    given = np.sort(margin.reshape(-1))[::-1]
    return float(word), float(cue), constants - given[int(share[~tuned_on].sum())]


def kappa(wanted: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    """Cohen's kappa over all decisions."""
    agreed = (wanted == given).mean()
    yes, no = wanted.mean() * given.mean(), (1 - wanted.mean()) * (1 - given.mean())
    return float((agreed - yes - no) / (1 - yes - no))


class Frames(NamedTuple):
    """What was learned of framings: a weight a key and framing, a constant a framing, in the unit of framing cues."""

    weights: Array
    constants: Array


class FrameRows(NamedTuple):
    """One row a paragraph, theme and coding: the paragraph's number, what cues say, and the framing wanted."""

    paragraph: NDArray[np.int64]
    cues: Array
    wanted: NDArray[np.int64]
    weight: Array


def frame_rows(rows: Sequence[Row], framings: Sequence[str]) -> FrameRows:
    """Every framed theme of every coding."""
    found = [
        (
            number,
            [row["framing"][theme][framing] for framing in framings],
            framings.index(wanted),
            1 / len(row["codings"]),
        )
        for number, row in enumerate(rows)
        for coding in row["codings"]
        for theme, wanted in coding.items()
    ]
    paragraph, cues, wanted, weight = zip(*found, strict=True)
    return FrameRows(np.array(paragraph), np.array(cues), np.array(wanted), np.array(weight))


def fit_framings(rows: Sequence[Row], framed: FrameRows, learned: Mask, matrix: Matrix) -> Frames:
    """Learn from the rows of the mask."""
    values, use = matrix.values[framed.paragraph], learned[framed.paragraph]
    folds = inner(rows)[framed.paragraph]

    def model(mask: Mask, framing: int) -> LogisticRegression:
        regression = LogisticRegression(C=STRENGTH / 6, solver="liblinear", max_iter=300)
        return regression.fit(values[mask], framed.wanted[mask] == framing, sample_weight=framed.weight[mask])

    said: Array = np.zeros(framed.cues.shape)
    models = []
    for framing in range(4):
        for fold in range(INNER_FOLDS):
            rest = use & (folds == fold)
            said[rest, framing] = model(use & (folds != fold), framing).decision_function(values[rest])
        models.append(model(use, framing))
    count = matrix.fullness[framed.paragraph][use]
    word, cue, constants = combine_framings(said[use], framed, use, count, tuned(rows)[framed.paragraph][use])
    weights = np.stack([one.coef_[0] for one in models], axis=1) * matrix.scale[:, None] * (word / cue)
    return Frames(weights, (constants + word * np.array([one.intercept_[0] for one in models])) / cue)


def combine_framings(
    said: Array, framed: FrameRows, use: Mask, count: Array, tuned_on: Mask
) -> tuple[float, float, Array]:
    """How much words and cues count together for the framing: a slope each, and a constant a framing."""
    cues, wanted, weight = framed.cues[use], framed.wanted[use], framed.weight[use]
    every = np.arange(len(wanted))

    def loss(numbers: Array) -> float:
        slope = np.where(tuned_on, numbers[2], numbers[1])[:, None]
        scores = count[:, None] * (numbers[0] * said + np.r_[numbers[3:], 0.0]) + slope * cues
        top = scores.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scores - top).sum(axis=1))
        return float((weight * (total - scores[every, wanted])).sum() + 0.1 * (numbers**2).sum())

    found = minimize(loss, np.array([1.0, 0.5, 1.0, 0.0, 0.0, 0.0]), method="L-BFGS-B").x
    return float(found[0]), float(found[1]), np.r_[found[3:], 0.0]


def groups(rows: Sequence[Row]) -> list[Mask]:
    """What is left out together: a quarter of the corpus's writers, our cases, each set of the gold."""
    sources = [row["source"] for row in rows]
    writers = sorted({row["source"] for row in rows if not row["tuned"]} - {"dev aside"})
    fold = {writer: f"writers {number % WRITER_FOLDS}" for number, writer in enumerate(writers)}
    names = np.array(
        [fold.get(source, source.split()[0] if source.startswith("cases") else source) for source in sources]
    )
    return [names == name for name in sorted(set(names))]


def report(rows: list[Row], themes: list[str], framings: list[str]) -> list[str]:
    """A line a source: kappa of themes and accuracy of framings where nothing of the group was learned from."""
    share, framed = shares(rows, themes), frame_rows(rows, framings)
    given, right = np.zeros(share.shape, dtype=bool), np.zeros(len(framed.wanted), dtype=bool)
    sources = np.array([row["source"] for row in rows])
    aside = sources == "dev aside"
    whole = np.array([row["all_themes"] for row in rows])
    for group in groups(rows):
        learned = ~group & ~aside
        matrix = tabulate(rows, learned & whole, grammar=False)
        found = fit_themes(rows, themes, learned & whole, matrix)
        words = matrix.fullness[group, None] * (unscaled(matrix)[group] @ found.weights + found.constants)
        given[group] = words + over(rows, themes)[group] > 0
        matrix = tabulate(rows, learned, grammar=True)
        frames = fit_framings(rows, framed, learned, matrix)
        mine = group[framed.paragraph]
        lines = framed.paragraph[mine]
        words = matrix.fullness[lines, None] * (unscaled(matrix)[lines] @ frames.weights + frames.constants)
        right[mine] = (words + framed.cues[mine]).argmax(axis=1) == framed.wanted[mine]
        print(f"left out: {', '.join(sorted(set(sources[group])))}", file=sys.stderr)
    names = sorted(set(sources))
    return [_line(name, sources == name, whole, share, given, framed, right) for name in names] + [
        _line("corpus", ~np.array([row["tuned"] for row in rows]) & ~aside, whole, share, given, framed, right)
    ]


def unscaled(matrix: Matrix) -> sparse.csr_matrix:
    """The cells without the columns' scale, which the weights have already."""
    return (matrix.values @ sparse.diags(1 / matrix.scale)).tocsr()


def _line(
    name: str, rows: Mask, whole: Mask, share: Array, given: NDArray[np.bool_], framed: FrameRows, right: Mask
) -> str:
    coded = rows & whole
    told = f"{name:26}{rows.sum():6} paragraphs"
    if coded.any():
        wanted, found = share[coded] > 0.5, given[coded]
        precise, recalled = (wanted & found).sum() / found.sum(), (wanted & found).sum() / wanted.sum()
        told += f"  kappa {kappa(wanted, found):.3f}  precision {precise:.3f}  recall {recalled:.3f}"
    mine = rows[framed.paragraph]
    return told + f"  framing {np.average(right[mine], weights=framed.weight[mine]):.3f}"


def weigh(rows: list[Row], themes: list[str], framings: list[str]) -> dict[str, list[int]]:
    """The weights of all keys, in hundredths, learned from every row."""
    everything = np.ones(len(rows), dtype=bool)
    whole = np.array([row["all_themes"] for row in rows])
    matrix = tabulate(rows, whole, grammar=False)
    found = fit_themes(rows, themes, whole, matrix)
    framing = tabulate(rows, everything, grammar=True)
    frames = fit_framings(rows, frame_rows(rows, framings), everything, framing)
    table = {"*": [*found.constants, *frames.constants]}
    place = {key: number for number, key in enumerate(matrix.keys)}
    nothing = np.zeros(len(themes))
    for number, key in enumerate(framing.keys):
        here = found.weights[place[key]] if key in place else nothing
        table[key] = [*here, *frames.weights[number]]
    return {key: [round(100 * float(weight)) for weight in row] for key, row in table.items()}


def main() -> None:
    """Read the task, answer with the report or, if asked for, the weights."""
    task = json.load(sys.stdin)
    rows, themes, framings = task["rows"], task["themes"], task["framings"]
    if task["write"]:
        json.dump({"columns": [*themes, *framings], "weights": weigh(rows, themes, framings)}, sys.stdout)
    else:
        json.dump({"report": report(rows, themes, framings)}, sys.stdout)


if __name__ == "__main__":
    main()
