"""Framing of a mention: problem, benefit, proposal or context, from the words around its evidence and its own cues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.themes.codebook import Codebook
from extractors.themes.model import FRAMINGS, Framing
from extractors.themes.tokens import Words

_OPPOSITE = {"problem": "benefit", "benefit": "problem"}
_NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The framing evidence of one paragraph, by sentence, ready to be read for each of its themes."""

    book: Codebook
    words: Words
    fired: Mapping[int, Sequence[tuple[int, int]]]
    by_sentence: Mapping[int, Mapping[str, float]]

    def framing(self, cues: Sequence[int]) -> Framing:
        """The framing of a theme whose evidence is these cues."""
        near = {self.words.sentence[start] for cue in cues for start, _ in self.fired[cue]}
        scores = self._own(cues)
        for sentence, evidence in self.by_sentence.items():
            share = 1.0 if sentence in near else self.book.coding.far_sentence
            for framing, weight in evidence.items():
                scores[framing] += share * weight
        return max(FRAMINGS, key=lambda framing: scores[framing])

    def _own(self, cues: Sequence[int]) -> dict[str, float]:
        scores = dict.fromkeys(FRAMINGS, 0.0)
        scores["context"] = self.book.coding.context_bias
        scores["proposal"] = self.book.coding.proposal_bias
        for number in cues:
            cue = self.book.cues[number]
            if cue.frames:
                scores[cue.frames] += cue.frame_weight
        return {str(framing): score for framing, score in scores.items()}


def evaluate(book: Codebook, words: Words, fired: Mapping[int, Sequence[tuple[int, int]]]) -> Evaluation:
    """Read a paragraph's framing cues; an evaluation after a negation counts for its opposite."""
    negations = [
        span[1]
        for number, spans in fired.items()
        if book.cues[number].name == _NEGATION and book.cues[number].target in FRAMINGS
        for span in spans
    ]
    by_sentence: dict[int, dict[str, float]] = {}
    for number, spans in fired.items():
        cue = book.cues[number]
        if cue.target not in FRAMINGS or cue.name == _NEGATION:
            continue
        for start, _ in spans:
            sentence = words.sentence[start]
            framing = cue.target
            if framing in _OPPOSITE and _negated(start, negations, book.coding.negation_reach):
                framing = _OPPOSITE[framing]
            evidence = by_sentence.setdefault(sentence, {})
            evidence[framing] = evidence.get(framing, 0.0) + cue.weight
    return Evaluation(book, words, fired, by_sentence)


def _negated(start: int, negations: Sequence[int], reach: float) -> bool:
    return any(0 <= start - end <= reach for end in negations)
