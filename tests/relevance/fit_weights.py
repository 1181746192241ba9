"""Fit the wording and the weights of extractors/relevance anew; run as `python -m tests.relevance.fit_weights [write]`.

Two logistic regressions with a quadratic penalty over the gold, the seeds, the tuning cases, the judged batches but
the sixth, the eighth and the tenth, and two thirds of the restated pieces. The first finds how much each word tells
commentary from other pages (wording.toml). The second weighs the features (weights.toml); of the wording it sees what
words say that were fitted without the case's own batch, since on what they were fitted to they seem surer than they
are. Signs are held to what each feature means, and some weights to a least size: reasons name nearness and place, and
the phrases of the lexicon, which were written with most of these cases at hand, would otherwise leave nothing to the
wording. Function words are held down: they tell who wrote a test and not what real pages are about.

Whole pages weigh three times as much as short texts, for pages are what is judged. Similar texts that stay far on the
wrong side are left out of further rounds: their subject stands between the lines, and no weight of these features
finds it. Printed are the figures of each batch by weights and words that were fitted without it.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.relevance.decision import WEIGHTS_FILE, Features, features_of, wording_feature
from extractors.relevance.lexicon import WORDING_FILE, default_lexicon, words_of
from extractors.relevance.signals import measure, shares_of_words
from tests.relevance.cases import JUDGED, Case, gold_cases, restated_cases, written_cases

Floats = NDArray[np.float64]

_FEATURES = tuple(Features.model_fields)
_LEARNED_BATCHES: Final = ("second", "third", "fourth", "fifth", "seventh", "ninth")
_FOR: Final = ("both_sides", "presence", "relation", "meetings", "spread", "lead", "argument", "wording", "dealings")
_LEAST: Final = {
    "both_sides": 1.5,
    "presence": 1.0,
    "relation": 0.4,
    "meetings": 0.3,
    "dealings": 0.8,
    "spread": 0.3,
    "lead": 0.4,
}
# The definition asks for prose on the NHS or public care, and for dealings between the two sides.
_MOST: Final = {
    "one_sided": -3.0,
    "independent_thin": -1.0,
    "public_thin": -1.5,
    "health_thin": -4.0,
    "fragments": -4.0,
    "no_dealings": -0.8,
    "untied": -1.0,
    "passing": -1.0,
    "foreign": -9.0,
    "elsewhere": -11.0,
}
# Real news argues less, and names a side by its own name more often, than what was written for a test.
_NO_MORE_THAN: Final = {
    "wording": 10.0,
    "argument": 5.0,
    "relation_thin": -5.0,
    "foreign": -12.0,
    "elsewhere": -12.0,
    "genre": -7.5,
}
_PENALTY: Final = 0.1
_PAGE_WORDS: Final = 150
_PAGE_WEIGHT: Final = 3.0
_OTHERS_WEIGHT: Final = 2.0  # most of what sources lead to does not belong
_HOPELESS: Final = -1.0  # log-odds
_ROUNDS: Final = 4
_RAISED: Final = 1.2
"""Log-odds by which the bias is raised after fitting. Real pages are worded plainer than what was restated from them,
similar or not, and a lost article is worse than one too many: at this height the left-out batches have as much
recall as precision."""
_STEPS: Final = 8_000

_FUNCTION_WORDS: Final = frozenset(
    word
    for line in Path(__file__).with_name("function-words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
    for word in line.split()
)
_IN_TEXTS: Final = 15  # a word of fewer texts says more of those texts than of commentary
_WORD_PENALTY: Final = 1.0
_STYLE_PENALTY: Final = 14.0  # of function words, which know the writers of restated texts and nothing of real pages
_WORD_STEPS: Final = 80
_LEAST_WORD: Final = 0.04  # below which a word is not worth a line


def batches() -> dict[str, list[Case]]:
    """What is fitted to, in groups that have a writer or a time in common; none of the batches that are kept aside."""
    restated = restated_cases(aside=False)
    return {
        "gold": gold_cases(),
        **{
            f"tuning {part}": written_cases(f"tuning-{part}.toml")
            for part in ("f*", "n*", "positive-*", "pages-[1-4]", "pages-[5-8]")
        },
        "tuning pages-10": written_cases("tuning-pages-10.toml"),
        "judged": written_cases("[ns]*-[12].toml", JUDGED),
        **{name: written_cases(f"{name}-*.toml", JUDGED) for name in _LEARNED_BATCHES},
        "restated 1": restated[::2],
        "restated 2": restated[1::2],
    }


def table(cases: list[Case]) -> tuple[Floats, Floats, Floats]:
    """Features with a leading 1 for the bias, the decision as +1 and -1, and the number of words, a row a case."""
    lexicon = default_lexicon()
    signals = [measure(case.article, lexicon) for case in cases]
    rows = [[1.0, *(features_of(signal)[name] for name in _FEATURES)] for signal in signals]
    sides = [1.0 if case.similar else -1.0 for case in cases]
    return np.array(rows), np.array(sides), np.array([float(signal.words) for signal in signals])


class Words:
    """The words of cases as a matrix: a row a case, a column a word that enough of them have."""

    def __init__(self, cases: list[Case]) -> None:
        texts = [shares_of_words(_words(case)) for case in cases]
        counts = Counter(word for text in texts for word in text)
        self.words = sorted(word for word, count in counts.items() if count >= _IN_TEXTS and word != "#")
        column = {word: number for number, word in enumerate(self.words)}
        self.rows = np.zeros((len(cases), len(column) + 1))
        for row, text in zip(self.rows, texts, strict=True):
            for word, share in text.items():
                if word in column:
                    row[column[word]] = share
        self.rows[:, -1] = 1.0

    def fit(self, sides: Floats, chosen: NDArray[np.bool_]) -> Floats:
        """What each word says, and last the bias, fitted to the chosen cases."""
        rows = self.rows[chosen]
        free = np.full(rows.shape[1], np.inf)
        penalty = np.array(
            [*(_STYLE_PENALTY if word in _FUNCTION_WORDS else _WORD_PENALTY for word in self.words), 0.0]
        )
        steepest = np.ones(rows.shape[1])
        for _ in range(10):
            steepest = rows.T @ (rows @ steepest)
            size = float(np.linalg.norm(steepest))
            steepest /= size
        step = 1 / (1.1 * size / 4 + _STYLE_PENALTY)
        return _descend(rows, sides[chosen], np.ones(len(rows)), (-free, free), penalty, step, _WORD_STEPS)


def _words(case: Case) -> list[str]:
    title = words_of(case.article.title.value) if case.article.title else []
    return title + [word for paragraph in case.article.paragraphs for word in words_of(paragraph.text)]


def _descend(
    rows: Floats,
    sides: Floats,
    weights: Floats,
    bounds: tuple[Floats, Floats],
    penalty: Floats,
    step: float,
    steps: int,
) -> Floats:
    """The point of least penalised loss within the bounds, by accelerated projected gradient."""
    found = np.clip(np.zeros(rows.shape[1]), *bounds)
    ahead = found
    for number in range(steps):
        slope = -weights * sides / (1 + np.exp(sides * (rows @ ahead)))
        moved = np.clip(ahead - step * (rows.T @ slope + penalty * ahead), *bounds)
        ahead = moved + (moved - found) * number / (number + 3)
        found = moved
    return found


def _bounds(name: str) -> tuple[float, float]:
    """The least and the greatest weight of a feature."""
    if name in _FOR:
        return _LEAST.get(name, 0.0), _NO_MORE_THAN.get(name, np.inf)
    return _NO_MORE_THAN.get(name, -np.inf), _MOST.get(name, 0.0)


def fit(rows: Floats, sides: Floats, weights: Floats) -> Floats:
    """Bias and weights of least penalised loss within the bounds."""
    bounds = [_bounds(name) for name in _FEATURES]
    lowest = np.array([-np.inf, *(low for low, _ in bounds)])
    highest = np.array([np.inf, *(high for _, high in bounds)])
    penalty = np.array([0.0, *(_PENALTY for _ in _FEATURES)])
    step = 1.0 / (np.linalg.norm(rows * np.sqrt(weights)[:, None], 2) ** 2 / 4 + _PENALTY)
    return _descend(rows, sides, weights, (lowest, highest), penalty, float(step), _STEPS)


def fit_without_the_hopeless(rows: Floats, sides: Floats, words: Floats) -> Floats:
    """Fit, leave out the similar texts that remain far on the wrong side, and fit again."""
    whole = np.where(words >= _PAGE_WORDS, _PAGE_WEIGHT, 1.0) * np.where(sides < 0, _OTHERS_WEIGHT, 1.0)
    found = fit(rows, sides, whole)
    for _ in range(_ROUNDS - 1):
        hopeless = (sides > 0) & (rows @ found < _HOPELESS)
        found = fit(rows, sides, np.where(hopeless, 0.0, whole))
    found[0] += _RAISED
    return found


def with_wording_unseen(rows: Floats, sides: Floats, batch_of: NDArray[np.str_], words: Words) -> Floats:
    """The rows with the wording of each case as words say it that were fitted without its batch."""
    rows = rows.copy()
    for batch in np.unique(batch_of):
        own = batch_of == batch
        found = words.fit(sides, ~own)
        rows[own, 1 + _FEATURES.index("wording")] = [wording_feature(score) for score in words.rows[own] @ found]
    return rows


def _print_left_out(rows: Floats, sides: Floats, length: Floats, batch_of: NDArray[np.str_]) -> None:
    for batch in ("judged", *_LEARNED_BATCHES):
        own = batch_of == batch
        kept = rows[own] @ fit_without_the_hopeless(rows[~own], sides[~own], length[~own]) > 0
        similar = sides[own] > 0
        recall, precision = (kept & similar).sum() / similar.sum(), (kept & similar).sum() / kept.sum()
        print(f"# left out: {batch}, recall {recall:.3f}, precision {precision:.3f}")


def _write(file_text: str, head_of: str, name: str) -> None:
    file = WEIGHTS_FILE.with_name(name)
    head = file.read_text(encoding="utf-8").partition(head_of)[0] if file.exists() else ""
    file.write_text(head + file_text, encoding="utf-8")


if __name__ == "__main__":
    groups = batches()
    cases = [case for group in groups.values() for case in group]
    batch_of = np.array([name for name, group in groups.items() for _ in group])
    rows, sides, length = table(cases)
    words = Words(cases)
    rows = with_wording_unseen(rows, sides, batch_of, words)
    fitted = fit_without_the_hopeless(rows, sides, length)
    weights = "".join(f"{name} = {weight:.2f}\n" for name, weight in zip(_FEATURES, fitted[1:], strict=True))
    weights = f"bias = {fitted[0]:.2f}\n\n[features]\n{weights}"
    print(weights)
    for case, value, side in zip(cases, rows @ fitted, sides, strict=True):
        if value * side <= 0:
            print(f"# {'lost' if side > 0 else 'let in'} at {value:+.2f}: {case.name}")
    _print_left_out(rows, sides, length, batch_of)
    if sys.argv[1:] == ["write"]:
        found = words.fit(sides, np.ones(len(cases), dtype=bool))
        said = [
            f'"{w}" = {value:.2f}\n' for w, value in zip(words.words, found, strict=False) if abs(value) >= _LEAST_WORD
        ]
        _write(weights, "bias =", WEIGHTS_FILE.name)
        _write(f"bias = {found[-1]:.2f}\n\n[words]\n" + "".join(said), "bias =", WORDING_FILE.name)
