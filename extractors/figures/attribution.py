"""Who states a figure, where the sentence says so."""

import re

from extractors.figures.lexicons import alternation, lexicon
from extractors.figures.measures import tidy
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_LEX = lexicon("attribution")
_VERBS = _LEX.words("verbs.words")
_WEAK = _LEX.words("weak_verbs.words")
_SOURCES = _LEX.words("sources.words")
_NOT_SOURCE = _LEX.words("not_source.words")

_PHRASE = re.compile(rf"(?<![a-z])(?:{alternation(_LEX.phrases('before_source.phrases'))}) +(?P<source>[^,;:()]+)")
_BY_OUR = re.compile(
    rf"(?<![a-z])(?P<source>(?:by|on|in|from) (?:our|my|their|its|his|her|one|a|an|the [a-z]+|[a-z]+'s) (?:[a-z-]+ ){{0,3}}?(?:{alternation(_SOURCES)})(?![a-z])(?: (?:of|by|from) [^,;:.()]+)?)"
)
_VERB = re.compile(rf"(?<![a-z'-])(?P<verb>{alternation(_VERBS)})(?![a-z'-])")
_SUBJECT_BREAK = re.compile(r"[,;:()\"]| - |(?<![a-z])(?:and|but|while|because|although|as|that|which|who|when|if|so)(?![a-z]) ")
_POSSESSIVE = re.compile(r"(?P<source>[a-z][a-z' -]{0,50}'s? (?:own )?(?:[a-z-]+ ){0,2}?(?:" + alternation(_SOURCES) + r"))(?![a-z])")


def attribution(sentence: Sentence, quantity: Quantity) -> str | None:
    """The source that the sentence names for its figures, in its own words; None where it names none."""
    lower = sentence.lower[sentence.start : sentence.end]
    for pattern in (_PHRASE, _BY_OUR):
        match = pattern.search(lower)
        if match is not None:
            return _words(sentence, match.start("source"), match.end("source"))
    return _subject(sentence, lower, quantity.start - sentence.start)


def _words(sentence: Sentence, start: int, end: int) -> str | None:
    return tidy(sentence.text[sentence.start + start : sentence.start + end])


def _subject(sentence: Sentence, lower: str, at: int) -> str | None:
    for match in _VERB.finditer(lower):
        verb = match["verb"]
        after = lower[match.end() : match.end() + 12]
        start = 0
        for edge in _SUBJECT_BREAK.finditer(lower, 0, match.start()):
            start = edge.end()
        words = lower[start : match.start()].split()
        if not words or len(words) > 12 or words[-1] in {"to", "is", "are", "was", "were", "be", "been", "not", "of", "the", "a", "by", "in"}:
            continue
        if all(word in _NOT_SOURCE for word in words):
            continue
        known = any(word in _SOURCES for word in words)
        if verb in _WEAK and not known and not after.startswith((" that", ":", " at ", ",")):
            continue
        if known or match.start() < at or after.startswith((" that", ":", ",", ".")) or match.end() >= len(lower) - 2:
            return _words(sentence, start, match.start())
    return None
