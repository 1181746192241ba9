"""Who states a figure, where the text says so."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import alternation, lexicon
from extractors.figures.measures import tidy
from extractors.figures.sentence import Sentence
from extractors.figures.speakers import (
    BAD_STARTS,
    DETERMINERS,
    PRONOUNS,
    SAYING,
    SOURCES,
    Speaker,
    speakers,
    trimmed,
)

_LEX = lexicon("attribution")
_ASKED = _LEX.words("asked.words")
_BEFORE = _LEX.phrases("before_source.phrases")
_BEFORE_WORDS = frozenset(word for phrase in _BEFORE for word in phrase.split() if len(word) > 3)
_SOURCE = f"(?:{alternation(SOURCES)})"
_CAPITALS = r"[A-Z][A-Za-z&'.-]*(?: (?:(?:of|for|and|the) ){0,2}[A-Z][A-Za-z&'.-]*)*"

_PHRASE = re.compile(rf"(?<![a-z])(?:{alternation(_BEFORE)}) +(?P<source>[^,;:()]+)")
_BY_OUR = re.compile(
    r"(?<![a-z])(?P<source>(?:by|on|in|from) (?:our|my|their|its|his|her|one|a|an|the [a-z]+|[a-z]+'s)"
    rf" (?:[a-z-]+ ){{0,3}}?{_SOURCE}(?![a-z])(?: (?:of|by|from) [^,;:.()]+)?)"
)
_SURVEYED = re.compile(
    r"(?<![a-z])(?P<source>[a-z]+s (?:that |who |whom |which )?(?:we|they|it) (?:had )?"
    rf"(?:{alternation(_ASKED)}))(?![a-z])"
)
_POSSESSIVE = re.compile(
    r"(?<![a-z])(?P<source>(?:[a-z][a-z-]*'s?|[a-z]+s'|our|my|its|their) (?:own )?(?:[a-z-]+ ){0,2}?"
    rf"{_SOURCE})(?![a-z])"
)
_NAMED = re.compile(rf"(?<![A-Za-z&'.-])(?P<source>{_CAPITALS} (?:[a-z]+ )?(?:{_SOURCE}|definition))(?![a-z])")
_CONTINUES = re.compile(
    rf" *(?:(?:{alternation(_LEX.words('continuing.words'))}|of (?:these|those|this)"
    rf"|the (?:same )?{_SOURCE})(?![a-z'])"
    r"|(?:in|for|at) [^,.;]{0,40} it (?:was|is|had))"
)
_NAME = re.compile(_CAPITALS)
_COMMON = re.compile(
    r"(?:The|A|An|Our|My|Its|Their|One|Some|Most|Many)(?: [a-z'-]+){1,3}?(?= [a-z]+(?:s|ed|t|d)(?![a-z]))"
)
_WORD = re.compile("[a-z]+")


class Statement(NamedTuple):
    """Who stated what so far, for the sentences that go on with a report: the source, and the last subject."""

    source: str | None = None
    subject: str | None = None


class Sources(NamedTuple):
    """What in a sentence names a source: phrases that hold wherever they stand, speakers, and nouns before figures."""

    phrases: list[tuple[int, str | None]]
    speakers: list[Speaker]
    nouns: list[tuple[int, str | None]]
    carried: str | None


def sources(sentence: Sentence, memory: Statement) -> Sources:
    """All that names a source in a sentence; `memory` is what the sentence before stated."""
    lower = sentence.lower
    words = frozenset(_WORD.findall(lower, sentence.start, sentence.end))
    named = not words.isdisjoint(SOURCES) or "definition" in words
    phrases: list[tuple[int, str | None]] = []
    if not words.isdisjoint(_BEFORE_WORDS):
        phrases += _found(sentence, _PHRASE, lower)
    if named:
        phrases += _found(sentence, _BY_OUR, lower)
    if not words.isdisjoint(_ASKED):
        phrases += _found(sentence, _SURVEYED, lower)
    return Sources(
        phrases,
        speakers(sentence) if not words.isdisjoint(SAYING) else [],
        (_found(sentence, _POSSESSIVE, lower) or _found(sentence, _NAMED, sentence.text)) if named else [],
        memory.source if continues(sentence) else None,
    )


def _found(sentence: Sentence, pattern: re.Pattern[str], text: str) -> list[tuple[int, str | None]]:
    return [
        (match.start(), trimmed(sentence.text[match.start("source") : match.end("source")]))
        for match in pattern.finditer(text, sentence.start, sentence.end)
    ]


def attribution(sentence: Sentence, at: int, known: Sources, memory: Statement) -> str | None:
    """The source of the figure that starts at `at`, in the text's own words; None where the text names none."""
    if not any(known):
        return None
    start, end = sentence.statement(at, at)
    found = _in_stretch(sentence, at, start, end, known, memory)
    if found is None and (start, end) != (sentence.start, sentence.end):
        found = _in_stretch(sentence, at, sentence.start, sentence.end, known, memory)
    return found or known.carried


def _in_stretch(sentence: Sentence, at: int, start: int, end: int, known: Sources, memory: Statement) -> str | None:
    phrase = next((source for where, source in known.phrases if start <= where < end), None)
    if phrase is not None:
        return phrase
    best: str | None = None
    for speaker in known.speakers:
        if not start <= speaker.start < end or (best is not None and speaker.verb_start > at):
            continue
        if speaker.governs(at, end, sentence.lower[speaker.verb_end : speaker.verb_end + 14]):
            best = (memory.subject if speaker.pronoun else speaker.source) or best
    if best is not None:
        return best
    nouns = [source for where, source in known.nouns if start <= where < at]
    return nouns[-1] if nouns else None


def continues(sentence: Sentence) -> bool:
    """Whether the sentence goes on with what the one before reported: its subject is a pronoun or "the report"."""
    return _CONTINUES.match(sentence.lower, sentence.start, sentence.end) is not None


def stated(sentence: Sentence) -> Statement:
    """Who stated what a sentence without figures says, for the sentence after it."""
    known = sources(sentence, Statement())
    return Statement(attribution(sentence, sentence.end, known, Statement()), subject(sentence))


def subject(sentence: Sentence) -> str | None:
    """The words before the sentence's verb, where they may be the source of the next sentence's figures."""
    common = _COMMON.match(sentence.text, sentence.start, sentence.end)
    if common is not None:
        return tidy(common[0])
    name = _NAME.match(sentence.text, sentence.start, sentence.end)
    if name is None or name[0].strip().lower() in PRONOUNS | BAD_STARTS | DETERMINERS:
        return None
    return tidy(name[0])
