"""Fit the weights of extractors/relevance/weights.toml anew; run as `python -m tests.relevance.fit_weights`.

A logistic regression with a quadratic penalty over the gold, the seeds, the tuning cases and two thirds of the
restated pieces. Signs are held to what each feature means, and the signals of nearness and place are held at a least
weight, so that reasons can name them. Whole pages weigh three times as much as short texts, for pages are what is
judged. Similar texts that stay far on the wrong side are left out of further rounds: their subject stands between the
lines, and no weight of these features finds it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.relevance.decision import Features, features_of
from extractors.relevance.lexicon import default_lexicon
from extractors.relevance.signals import measure
from tests.relevance.cases import Case, gold_cases, restated_cases, written_cases

Floats = NDArray[np.float64]

_FEATURES = tuple(Features.model_fields)
_FOR: Final = ("both_sides", "presence", "relation", "meetings", "spread", "lead", "argument", "dealings")
_LEAST: Final = {"relation": 0.4, "meetings": 0.3, "dealings": 0.8, "spread": 0.3, "lead": 0.4}
# The definition asks for prose on the NHS or public care, and for dealings between the two sides.
_MOST: Final = {"public_thin": -1.5, "health_thin": -4.0, "fragments": -4.0, "no_dealings": -0.8, "passing": -2.0}
_PENALTY: Final = 0.1
_PAGE_WORDS: Final = 150
_PAGE_WEIGHT: Final = 3.0
_OTHERS_WEIGHT: Final = 1.5  # most of what sources lead to does not belong
_HOPELESS: Final = -1.0  # log-odds
_ROUNDS: Final = 4
_STEPS: Final = 40_000


def table(cases: list[Case]) -> tuple[Floats, Floats, Floats]:
    """Features with a leading 1 for the bias, the decision as +1 and -1, and the number of words, a row a case."""
    lexicon = default_lexicon()
    signals = [measure(case.article, lexicon) for case in cases]
    rows = [[1.0, *(features_of(signal)[name] for name in _FEATURES)] for signal in signals]
    sides = [1.0 if case.similar else -1.0 for case in cases]
    return np.array(rows), np.array(sides), np.array([float(signal.words) for signal in signals])


def fit(rows: Floats, sides: Floats, weights: Floats) -> Floats:
    """Bias and weights of least penalised loss within the bounds, by accelerated projected gradient."""
    lowest = np.array([-np.inf, *(_LEAST.get(name, 0.0) if name in _FOR else -np.inf for name in _FEATURES)])
    highest = np.array([np.inf, *(np.inf if name in _FOR else _MOST.get(name, 0.0) for name in _FEATURES)])
    penalty = np.array([0.0, *(_PENALTY for _ in _FEATURES)])
    step = 1.0 / (np.linalg.norm(rows * np.sqrt(weights)[:, None], 2) ** 2 / 4 + _PENALTY)
    found = np.clip(np.zeros(rows.shape[1]), lowest, highest)
    ahead = found
    for number in range(_STEPS):
        slope = -weights * sides / (1 + np.exp(sides * (rows @ ahead)))
        moved = np.clip(ahead - step * (rows.T @ slope + penalty * ahead), lowest, highest)
        ahead = moved + (moved - found) * number / (number + 3)
        found = moved
    return found


def fit_without_the_hopeless(rows: Floats, sides: Floats, words: Floats) -> Floats:
    """Fit, leave out the similar texts that remain far on the wrong side, and fit again."""
    whole = np.where(words >= _PAGE_WORDS, _PAGE_WEIGHT, 1.0) * np.where(sides < 0, _OTHERS_WEIGHT, 1.0)
    found = fit(rows, sides, whole)
    for _ in range(_ROUNDS - 1):
        hopeless = (sides > 0) & (rows @ found < _HOPELESS)
        found = fit(rows, sides, np.where(hopeless, 0.0, whole))
    return found


if __name__ == "__main__":
    cases = [*gold_cases(), *written_cases("tuning*.toml"), *restated_cases(aside=False)]
    rows, sides, words = table(cases)
    fitted = fit_without_the_hopeless(rows, sides, words)
    print(f"bias = {fitted[0]:.2f}\n\n[features]")
    for name, weight in zip(_FEATURES, fitted[1:], strict=True):
        print(f"{name} = {weight:.2f}")
    odds = rows @ fitted
    for case, value, side in zip(cases, odds, sides, strict=True):
        if value * side <= 0:
            print(f"# {'lost' if side > 0 else 'let in'} at {value:+.2f}: {case.name}")
