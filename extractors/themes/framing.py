"""Framing of a mention: problem, benefit, proposal or context, from the words around its evidence and its own cues.

A log-linear score per framing: a prior (by the theme, and by heading or prose), the framing cues near the theme's
evidence, those elsewhere in the paragraph at a discount, and what the theme's own cues say. Its numbers are data, in
codebook.toml and framing.toml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.themes.codebook import Codebook
from extractors.themes.cues import Cue
from extractors.themes.model import FRAMINGS, Framing
from extractors.themes.tokens import Words

_OPPOSITE = {"problem": "benefit", "benefit": "problem"}
_NEGATION = "negation"
Spans = Sequence[tuple[int, int]]
Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One framing cue's places in a paragraph, as sentences: those that stand, and how many are negated."""

    cue: Cue
    sentences: tuple[int, ...]
    negated: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The framing evidence of one paragraph, ready to be read for each of its themes."""

    book: Codebook
    words: Words
    fired: Mapping[int, Spans]
    judgements: tuple[_Judgement, ...]
    kind: str

    def framing(self, theme_id: str, cues: Sequence[int]) -> Framing:
        """The framing of a theme whose evidence is these cues."""
        near = {self.words.sentence[start] for cue in cues for start, _ in self.fired[cue]}
        scores = self._prior(theme_id, cues)
        for judgement in self.judgements:
            self._weigh(judgement, near, scores)
        return max(FRAMINGS, key=lambda framing: scores[framing])

    def _prior(self, theme_id: str, cues: Sequence[int]) -> Scores:
        scores: Scores = {str(framing): 0.0 for framing in FRAMINGS}
        for name in (self.kind, theme_id):
            for framing, weight in self.book.priors.get(name, {}).items():
                scores[framing] += weight
        for number in cues:
            cue = self.book.cues[number]
            if cue.frames:
                scores[cue.frames] += cue.frame_weight
        return scores

    def _weigh(self, judgement: _Judgement, near: set[int], scores: Scores) -> None:
        cue, coding = judgement.cue, self.book.coding
        here = sum(sentence in near for sentence in judgement.sentences)
        times = min(here, cue.distinct) + coding.far_sentence * min(len(judgement.sentences) - here, cue.distinct)
        if cue.target == "proposal" and 0 in judgement.sentences:
            times += coding.opening
        scores[cue.target] += cue.weight * times
        if judgement.negated:
            scores[_OPPOSITE[cue.target]] += cue.weight * min(judgement.negated, cue.distinct)


def evaluate(book: Codebook, words: Words, fired: Mapping[int, Spans], kind: str) -> Evaluation:
    """Read a paragraph's framing cues; an evaluation after a negation counts for its opposite.

    `kind` names the prior of the paragraph's sort: "heading" or "prose".
    """
    framing = [(book.cues[number], spans) for number, spans in fired.items() if book.cues[number].target in FRAMINGS]
    negations = [end for cue, spans in framing if cue.name == _NEGATION for _, end in spans]
    judgements = []
    for cue, spans in framing:
        if cue.name == _NEGATION:
            continue
        places = {start for start, _ in spans}
        negated = (
            {start for start in places if _negated(start, negations, book.coding.negation_reach)}
            if cue.target in _OPPOSITE
            else set()
        )
        sentences = tuple(words.sentence[start] for start in places - negated)
        judgements.append(_Judgement(cue, sentences, len(negated)))
    return Evaluation(book, words, fired, tuple(judgements), kind)


def _negated(start: int, negations: Sequence[int], reach: float) -> bool:
    return any(0 <= start - end <= reach for end in negations)
