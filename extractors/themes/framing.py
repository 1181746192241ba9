"""Framing of a mention: problem, benefit, proposal or context, from the words around its evidence and its own cues.

A log-linear score per framing: a prior (by the theme, and by heading or prose), the framing cues near the theme's
evidence, those elsewhere in the paragraph at a discount, what the theme's own cues say, and what the words of the
paragraph say together. Its numbers are data, in codebook.toml, framing.toml and words.tsv.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.themes.codebook import Codebook
from extractors.themes.cues import Cue
from extractors.themes.model import FRAMINGS, Framing
from extractors.themes.tokens import Words
from extractors.themes.words import WordEvidence

_OPPOSITE = {"problem": "benefit", "benefit": "problem"}
_NEGATION = "negation"
Spans = Sequence[tuple[int, int]]
Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One framing cue's places in a paragraph, as sentences: those that stand, and those that a negation turns."""

    cue: Cue
    sentences: tuple[int, ...]
    negated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The framing evidence of one paragraph, ready to be read for each of its themes."""

    book: Codebook
    words: Words
    fired: Mapping[int, Spans]
    judgements: tuple[_Judgement, ...]
    kind: str
    said: WordEvidence

    def framing(self, theme_id: str, cues: Sequence[int]) -> Framing:
        """The framing of a theme whose evidence is these cues."""
        scores = self.cue_scores(theme_id, cues)
        share = self.book.coding.words
        return max(FRAMINGS, key=lambda framing: scores[framing] + share * self.said.sum(framing))

    def cue_scores(self, theme_id: str, cues: Sequence[int]) -> Scores:
        """What priors and framing cues say for each framing, before the words of the paragraph are asked."""
        scores = self._prior(theme_id, cues)
        for framing, cue, amount in self.amounts(cues):
            scores[framing] += cue.weight * amount
        return scores

    def amounts(self, cues: Sequence[int]) -> list[tuple[str, Cue, float]]:
        """How much each framing cue says for a framing, before its weight, to a theme whose evidence is these cues.

        A place counts 1 in a sentence with the theme's evidence and `far_sentence` elsewhere, up to `distinct` places
        a cue. Without evidence every sentence is near.
        """
        near = {self.words.sentence[start] for cue in cues for start, _ in self.fired[cue]}
        amounts: list[tuple[str, Cue, float]] = []
        for judgement in self.judgements:
            cue = judgement.cue
            if judgement.sentences:
                amounts.append((cue.target, cue, self._amount(judgement.sentences, cue, near)))
            if judgement.negated:
                turned = self.book.coding.negated * self._amount(judgement.negated, cue, near)
                amounts.append((_OPPOSITE[cue.target], cue, turned))
        return amounts

    def _amount(self, sentences: Sequence[int], cue: Cue, near: set[int]) -> float:
        coding = self.book.coding
        amount = 0.0
        for sentence in sentences:
            amount += 1.0 if not near or sentence in near else coding.far_sentence
        if cue.target == "proposal":
            amount += coding.opening * sentences.count(0)
        return min(amount, cue.distinct)

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


def evaluate(book: Codebook, words: Words, fired: Mapping[int, Spans], kind: str, said: WordEvidence) -> Evaluation:
    """Read a paragraph's framing cues; an evaluation after a negation counts for its opposite.

    `kind` names the prior of the paragraph's sort: "heading" or "prose".
    """
    framing = [(book.cues[number], spans) for number, spans in fired.items() if book.cues[number].target in FRAMINGS]
    negations = [end for cue, spans in framing if cue.name == _NEGATION for _, end in spans]
    judgements = []
    for cue, spans in framing:
        places = sorted({start for start, _ in spans})
        turned: set[int] = set()
        if negations and cue.target in _OPPOSITE and cue.name != _NEGATION:
            turned = {start for start in places if _negated(start, negations, book.coding.negation_reach)}
        stand = tuple(words.sentence[start] for start in places if start not in turned)
        judgements.append(_Judgement(cue, stand, tuple(words.sentence[start] for start in turned)))
    return Evaluation(book, words, fired, tuple(judgements), kind, said)


def _negated(start: int, negations: Sequence[int], reach: float) -> bool:
    return any(0 <= start - end <= reach for end in negations)
