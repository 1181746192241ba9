"""Saying for a person why an article was judged as it was: each reason names a signal and its evidence."""

from collections.abc import Sequence
from typing import Final

from extractors.relevance.lexicon import Lexicon
from extractors.relevance.signals import GenreSignal, Signals
from extractors.themes.model import ThemeMention

_MOST: Final = 6
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
        reasons.insert(_MOST - 1, _themes(themes, paragraphs))
    return tuple(reasons[:_MOST])


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
    if feature == "fragments":
        return f"{signals.fragments:.0%} of its paragraphs are labels and list items, not sentences"
    if feature == "presence":
        return f"the independent side is named in {signals.slices_with_independent} of {signals.slices} stretches"
    return f"both sides are named in {signals.slices_with_both} of {signals.slices} stretches of the text"


_CONCEPT_OF: Final = {
    "relation": ("relation", "speaks of their dealings"),
    "argument": ("argument", "argues or reports"),
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
