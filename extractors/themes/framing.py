"""Framing of a mention: problem, benefit, proposal or context, from the words around its evidence and its own cues.

A log-linear score per framing: a prior (by the theme, by heading or prose, and by the paragraph's shape), the framing
cues near the theme's evidence, those elsewhere in the paragraph at a discount, what the theme's own cues say, and what
the words of the paragraph say together. Its numbers are data, in codebook.toml, framing.toml and words.tsv.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from extractors.themes.codebook import Codebook, WordEvidence
from extractors.themes.model import FRAMINGS, Framing
from extractors.themes.patterns import Cue
from extractors.themes.vocabulary import WordRange, Words

_OPPOSITE = {"problem": "benefit", "benefit": "problem"}
_NEGATION = "negation"
_SHORT, _LONG = 20, 80
_QUESTION = "#question"
_AT_EITHER_END = 3
Spans = Sequence[WordRange]
Scores = dict[str, float]
_NOTHING: Mapping[str, float] = MappingProxyType({})


class _Judgement(NamedTuple):
    """One framing cue's places in a paragraph, as sentences: those that stand, and those that a negation turns."""

    cue: Cue
    sentences: Sequence[int]
    negated: Sequence[int]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The framing evidence of one paragraph, ready to be read for each of its themes."""

    book: Codebook
    words: Words
    fired: Mapping[int, Spans]
    judgements: tuple[_Judgement, ...]
    traits: Mapping[str, float]
    said: WordEvidence

    def framing(self, theme_id: str, cues: Sequence[int], meant: Mapping[str, float] = _NOTHING) -> Framing:
        """The framing of a theme whose evidence is these cues; `meant` is what the meaning says for each."""
        scores = self.cue_scores(theme_id, cues)
        share = self.book.coding.framing_words
        for framing in scores:
            scores[framing] += share * self.said.sum(framing) + meant.get(framing, 0.0)
        return max(FRAMINGS, key=scores.__getitem__)

    def cue_scores(self, theme_id: str, cues: Sequence[int]) -> Scores:
        """What priors and framing cues say for each framing, before the words of the paragraph are asked."""
        scores = self._prior(theme_id, cues)
        if not self.judgements and "prose" in self.traits:
            scores["context"] += self.book.coding.unjudged
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
        for cue, stand, negated in self.judgements:
            if stand:
                amounts.append((cue.target, cue, self._amount(stand, cue, near)))
            if negated:
                turned = self.book.coding.negated * self._amount(negated, cue, near)
                amounts.append((_OPPOSITE[cue.target], cue, turned))
        return amounts

    def _amount(self, sentences: Sequence[int], cue: Cue, near: set[int]) -> float:
        coding = self.book.coding
        amount = 0.0
        for sentence in sentences:
            amount += 1.0 if sentence in near or not near else coding.far_sentence
            if sentence == 0 and cue.target == "proposal":
                amount += coding.opening
        return amount if amount < cue.distinct else cue.distinct

    def _prior(self, theme_id: str, cues: Sequence[int]) -> Scores:
        scores: Scores = dict.fromkeys(FRAMINGS, 0.0)
        for name, amount in (*self.traits.items(), (theme_id, 1.0)):
            if name in self.book.priors:
                for framing, weight in self.book.priors[name].items():
                    scores[framing] += weight * amount
        for number in cues:
            cue = self.book.cues[number]
            if cue.frames:
                scores[cue.frames] += cue.frame_weight
        return scores


def traits_of(words: Words, kind: str, number: int, paragraphs: int) -> dict[str, float]:
    """The sort and shape of a paragraph, by the names of their priors (`TRAITS`), and how much of each it has.

    A short remark is mostly just told, an argument takes room; who only asks does not judge, who asks in the midst of
    telling does; an article begins with how things are and closes with what is wanted. Of headings only that they are
    headings. `number` is the paragraph's place from 0 among the `paragraphs` of its article.
    """
    if kind == "heading":
        return {"heading": 1.0}
    length = len(words.words)
    traits = {"prose": 1.0, "short": max(0.0, 1.0 - length / _SHORT), "long": min(1.0, length / _LONG)}
    asking = {sentence for word, sentence in zip(words.words, words.sentence, strict=True) if word == _QUESTION}
    if asking:
        traits["only asks" if len(asking) > max(words.sentence) else "asks"] = 1.0
    if paragraphs > 2 * _AT_EITHER_END:
        traits["opens"] = float(number < _AT_EITHER_END)
        traits["closes"] = float(number >= paragraphs - _AT_EITHER_END)
    return traits


def evaluate(
    book: Codebook, words: Words, fired: Mapping[int, Spans], traits: Mapping[str, float], said: WordEvidence
) -> Evaluation:
    """Read a paragraph's framing cues; an evaluation after a negation counts for its opposite.

    `traits` are those of `traits_of`.
    """
    framing = [(book.cues[number], spans) for number, spans in fired.items() if number in book.framing_cues]
    negations = sorted(end for cue, spans in framing if cue.name == _NEGATION for _, end in spans)
    sentence, judgements = words.sentence, []
    for cue, spans in framing:
        places = [spans[0][0]] if len(spans) == 1 else sorted({start for start, _ in spans})
        turned: set[int] = set()
        if negations and cue.target in _OPPOSITE and cue.name != _NEGATION:
            turned = {start for start in places if _negated(start, negations, book.coding.negation_reach)}
        stand = [sentence[start] for start in places if start not in turned]
        judgements.append(_Judgement(cue, stand, [sentence[start] for start in places if start in turned]))
    return Evaluation(book, words, fired, tuple(judgements), traits, said)


def _negated(start: int, negations: Sequence[int], reach: float) -> bool:
    """Whether the last negation before a place is near enough; they come in order."""
    before = bisect_right(negations, start)
    return before > 0 and start - negations[before - 1] <= reach
