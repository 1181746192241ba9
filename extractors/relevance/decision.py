"""From signals to a judgement: a logistic sum whose weights are data (weights.toml), with the reasons in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from extractors.lexicon import Table, read_tables
from extractors.relevance.lexicon import Lexicon
from extractors.relevance.signals import GenreSignal, Signals
from extractors.themes.model import ThemeMention


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an article is similar commentary (docs/codebook.md, "Relevance"), and why.

    `relevance` runs from 0 to 1; `similar` is the decision at the threshold. `reasons`
    are short sentences for an operator, the weightiest first, each naming a signal and its evidence.
    """

    relevance: float
    similar: bool
    reasons: tuple[str, ...]


WEIGHTS_FILE: Final = Path(__file__).with_name("weights.toml")


class Features(Table):
    """A number for each feature of an article."""

    both_sides: float
    presence: float
    relation: float
    meetings: float
    dealings: float
    no_dealings: float
    untied: float
    passing: float
    spread: float
    lead: float
    argument: float
    wording: float
    foreign: float
    elsewhere: float
    genre: float
    second_genre: float
    fragments: float
    one_sided: float
    independent_thin: float
    public_thin: float
    relation_thin: float
    health_thin: float


_SOME_LENGTH: Final = 150
"""Words from which a text that is about both sides is sure to name them together somewhere."""
_PLAINLY: Final = 0.7
"""What is said of a side, a hundred words, when it is named and not hinted at."""
_PLAIN_WORDING: Final = 1.5
"""What its words must say of a text together, either way, for its wording to leave no doubt."""
_SURE: Final = 30.0  # log-odds beyond which nothing is left to say, and math.exp is far from overflowing


class Weights(Table):
    """What each feature, 0..1, adds to the log-odds of being similar commentary."""

    bias: float
    features: Features


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
        "untied": _lack(signals.dealings, enough=0.3) * _lack(density["relation"], enough=1.5),
        "passing": float(_is_passing(signals)),
        "spread": signals.slices_with_both / signals.slices,
        "lead": (min(1.0, lead["independent"]) + min(1.0, lead["relation"]) + min(1.0, lead["public"])) / 3,
        "argument": min(1.0, density["argument"] / 5.0),
        "wording": wording_feature(signals.wording),
        "foreign": _veto(signals.foreign, stray=0.3),
        "elsewhere": _veto(signals.elsewhere, stray=0.2),
        "genre": _beyond(genres[0], 0.3),
        "second_genre": _beyond(genres[1], 0.3),
        "fragments": min(1.0, _beyond(signals.fragments, 0.35) / 0.3),
        "one_sided": float(_is_one_sided(density["independent"], density["public"])),
        "independent_thin": _lack(density["independent"], enough=0.75, none=0.25),
        "public_thin": _lack(density["public"], enough=0.6, none=0.2),
        "relation_thin": _lack(density["relation"], enough=1.5),
        "health_thin": _lack(density["health"], enough=0.8, none=0.2),
    }


def wording_feature(score: float) -> float:
    """How far a text is worded as commentary is, 0..1, of what its words say together."""
    return min(1.0, max(0.0, 0.5 + score / (2 * _PLAIN_WORDING)))


def _is_passing(signals: Signals) -> bool:
    """Whether a text of some length names the independent side in one place and never beside the public one."""
    apart = not signals.meetings and not signals.dealings
    return apart and signals.slices_with_independent <= 1 and signals.words > _SOME_LENGTH


def _is_one_sided(independent: float, public: float) -> bool:
    """Whether one side is named plainly and the other not at all; a text told from inside names neither plainly."""
    return min(independent, public) == 0 and max(independent, public) >= _PLAINLY


def _lack(value: float, *, enough: float, none: float = 0.0) -> float:
    """How far a density falls short of enough: 1 at `none` and below, 0 from `enough` on."""
    return min(1.0, max(0.0, (enough - value) / (enough - none)))


def _veto(share: float, *, stray: float) -> float:
    """How far a share of foreign words rules a text out: `stray` are in any comparison, 0.3 beyond them are enough."""
    return min(1.0, max(0.0, (share - stray) / 0.3))


def _beyond(value: float, harmless: float) -> float:
    return max(0.0, value - harmless)


def _saturate(value: float, half: float) -> float:
    return value / (value + half)


@cache
def default_weights() -> Weights:
    """The calibrated weights, loaded once a process."""
    return read_weights(WEIGHTS_FILE)


def read_weights(file: Path) -> Weights:
    """Read and check weights.

    Raises:
        LexiconError: the file or an entry cannot be used; the message names both.
    """
    return read_tables(file, Weights)


def decide(signals: Signals, weights: Weights) -> tuple[float, dict[str, float]]:
    """Relevance, 0..1, and what each feature added to its log-odds."""
    weight_of = dict(weights.features)
    contributions = {name: weight_of[name] * value for name, value in features_of(signals).items()}
    log_odds = weights.bias + sum(contributions.values())
    return 1 / (1 + math.exp(-max(-_SURE, min(_SURE, log_odds)))), contributions


_THEMES_AT: Final = 5
"""The place of the sentence on themes among the reasons."""
_WORTH_SAYING: Final = 0.25
"""What a feature must add to or take from the log-odds to be named; less than this changes no decision."""


def reasons_for(
    signals: Signals,
    contributions: dict[str, float],
    similar: bool,
    lexicon: Lexicon,
    themes: Sequence[ThemeMention] | None,
    paragraphs: int,
) -> tuple[str, ...]:
    """The reasons for a decision, those that speak for it first, each side by what it contributed.

    Args:
        signals: what was measured.
        contributions: what each feature added to the log-odds.
        similar: the decision.
        lexicon: for the genres' and concepts' names.
        themes: the article's themes, where they are known; they are named, not weighed (see `judge`).
        paragraphs: how many the article has.
    """
    direction = -1.0 if similar else 1.0
    weighty = sorted(
        (name for name, value in contributions.items() if abs(value) >= _WORTH_SAYING),
        key=lambda name: direction * contributions[name],
    )
    reasons = []
    for name in weighty:
        sentence = _sentence(name, signals, lexicon)
        if sentence:
            against = contributions[name] * direction > 0
            reasons.append(f"against that: {sentence}" if against else sentence)
    if themes is not None:
        reasons.insert(_THEMES_AT, _themes(themes, paragraphs))
    return tuple(reasons)


def _sentence(feature: str, signals: Signals, lexicon: Lexicon) -> str:
    if feature in _CONCEPT_OF:
        concept, template = _CONCEPT_OF[feature]
        return template + _quoted(signals.evidence.get(concept, ()))
    if feature in ("genre", "second_genre"):
        return _genre(signals.genres[0 if feature == "genre" else 1])
    if feature == "lead":
        named = [lexicon.labels[name] for name in ("public", "independent", "relation") if signals.lead[name] >= 1]
        return f"title and opening name {', '.join(named)}" if named else ""
    return _both_sides(signals) if feature == "both_sides" else _place(feature, signals)


def _place(feature: str, signals: Signals) -> str:
    if feature == "meetings":
        return f"the two sides meet within a few words of each other, {signals.meetings:.1f} times in 100 words"
    if feature == "dealings":
        return (
            f"somebody of one side deals with somebody of the other, in {signals.dealings:.1f} sentences of 100 words"
        )
    if feature in _LACKING:
        return _LACKING[feature]
    if feature == "fragments":
        return f"{signals.fragments:.0%} of its paragraphs are labels and list items, not sentences"
    if feature == "presence":
        return f"the independent side is named in {signals.slices_with_independent} of {signals.slices} stretches"
    return f"both sides are named in {signals.slices_with_both} of {signals.slices} stretches of the text"


_LACKING: Final = {
    "one_sided": "one of the two sides is not named at all",
    "no_dealings": "hardly a sentence in which somebody of one side deals with somebody of the other",
    "untied": "names the sides, if both, without anything that ties them",
    "passing": "names the independent side in passing only, and never beside the public side",
}

_CONCEPT_OF: Final = {
    "relation": ("relation", "speaks of their dealings"),
    "argument": ("argument", "argues or reports"),
    "wording": ("wording", "is worded as commentary is"),
    "foreign": ("foreign", "is about another country's system"),
    "elsewhere": ("elsewhere", "is about another public service than health"),
    "independent_thin": ("independent", "hardly names an independent, private or voluntary side"),
    "relation_thin": ("relation", "hardly speaks of their dealings"),
    "public_thin": ("public", "hardly names the NHS or another public body of health and care"),
    "health_thin": ("health", "hardly speaks of health or care"),
}


def _both_sides(signals: Signals) -> str:
    public, independent = signals.evidence.get("public", ()), signals.evidence.get("independent", ())
    return f"names the public side{_quoted(public)} and the independent side{_quoted(independent)}"


def _genre(signal: GenreSignal) -> str:
    return f"reads as {signal.genre.noun}{_quoted(signal.evidence)}"


def _themes(themes: Sequence[ThemeMention], paragraphs: int) -> str:
    coded = len({mention.paragraph_no for mention in themes})
    names = sorted({mention.theme_id for mention in themes})
    if not names:
        return "no theme of the codebook was found"
    return f"themes found in {coded} of {paragraphs} paragraphs: {', '.join(names)}"


def _quoted(phrases: Sequence[str]) -> str:
    return ": " + ", ".join(f"'{phrase}'" for phrase in phrases) if phrases else ""
