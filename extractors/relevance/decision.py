"""From signals to a judgement: a logistic sum whose weights are data (weights.toml), with what each contributed."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from extractors.lexicon import LexiconError, load_toml
from extractors.relevance.signals import Signals

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.toml")

FEATURES: Final = (
    "both_sides", "presence", "relation", "meetings", "dealings", "no_dealings", "spread", "lead", "argument", "foreign", "elsewhere",
    "genre", "second_genre", "fragments", "independent_thin", "public_thin", "relation_thin", "health_thin",
)  # fmt: skip


_SURE: Final = 30.0  # log-odds beyond which nothing is left to say, and math.exp is far from overflowing


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature, 0..1, adds to the log-odds of being similar commentary."""

    bias: float
    features: dict[str, float]


def features_of(signals: Signals) -> dict[str, float]:
    """The signals as features between 0 and 1, each saturating where more of it says nothing new."""
    density = signals.density
    independent = _saturate(density["independent"], 1.2)
    public = _saturate(density["public"], 1.0)
    lead = signals.lead
    genres = [min(1.5, signal.score) for signal in signals.genres] + [0.0, 0.0]
    return {
        "both_sides": math.sqrt(independent * public),
        "presence": min(1.0, 2 * signals.slices_with_independent / signals.slices),
        "relation": _saturate(density["relation"], 2.0),
        "meetings": _saturate(signals.meetings, 1.0),
        "dealings": _saturate(signals.dealings, 0.8),
        "no_dealings": _lack(signals.dealings, enough=0.3),
        "spread": signals.slices_with_both / signals.slices,
        "lead": (min(1.0, lead["independent"]) + min(1.0, lead["relation"]) + min(1.0, lead["public"])) / 3,
        "argument": min(1.0, density["argument"] / 5.0),
        "foreign": _veto(signals.foreign),
        "elsewhere": _veto(signals.elsewhere),
        "genre": _beyond(genres[0], 0.3),
        "second_genre": _beyond(genres[1], 0.3),
        "fragments": min(1.0, _beyond(signals.fragments, 0.35) / 0.3),
        "independent_thin": _lack(density["independent"], enough=0.75, none=0.25),
        "public_thin": _lack(density["public"], enough=0.6, none=0.2),
        "relation_thin": _lack(density["relation"], enough=1.5),
        "health_thin": _lack(density["health"], enough=0.8, none=0.2),
    }


def _lack(value: float, *, enough: float, none: float = 0.0) -> float:
    """How far a density falls short of enough: 1 at `none` and below, 0 from `enough` on."""
    return min(1.0, max(0.0, (enough - value) / (enough - none)))


def _veto(share: float) -> float:
    """How far a share of foreign words rules a text out: some are in any comparison, three in five are enough."""
    return min(1.0, max(0.0, (share - 0.3) / 0.3))


def _beyond(value: float, harmless: float) -> float:
    return max(0.0, value - harmless)


def _saturate(value: float, half: float) -> float:
    return value / (value + half)


@cache
def default_weights() -> Weights:
    """The calibrated weights, loaded once a process."""
    return load_weights(WEIGHTS_FILE)


def load_weights(file: Path) -> Weights:
    """Load and check weights.

    Raises:
        LexiconError: the file or an entry cannot be used; the message names both.
    """
    table = load_toml(file)
    features = table.get("features", {})
    for name in FEATURES:
        if not isinstance(features.get(name), int | float):
            raise LexiconError(file, f"features.{name}", "a number is missing")
    unknown = set(features) - set(FEATURES)
    if unknown:
        raise LexiconError(file, f"features.{min(unknown)}", f"unknown feature; known are {', '.join(FEATURES)}")
    if not isinstance(table.get("bias"), int | float):
        raise LexiconError(file, "bias", "a number is missing")
    return Weights(float(table["bias"]), {name: float(features[name]) for name in FEATURES})


def decide(signals: Signals, weights: Weights) -> tuple[float, dict[str, float]]:
    """Relevance, 0..1, and what each feature added to its log-odds."""
    contributions = {name: weights.features[name] * value for name, value in features_of(signals).items()}
    log_odds = weights.bias + sum(contributions.values())
    return 1 / (1 + math.exp(-max(-_SURE, min(_SURE, log_odds)))), contributions
