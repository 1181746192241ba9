"""Who states a figure, where the text says so."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import alternation, lexicon
from extractors.figures.measures import tidy
from extractors.figures.nouns import VERBS
from extractors.figures.sentence import Sentence

_LEX = lexicon("attribution")
_VERBS = _LEX.words("verbs.words")
_WEAK = _LEX.words("weak_verbs.words")
_DIRECT = _LEX.words("direct_verbs.words")
_SOURCES = _LEX.words("sources.words")
_PRONOUNS = _LEX.words("not_source.words")

_PHRASE = re.compile(rf"(?<![a-z])(?:{alternation(_LEX.phrases('before_source.phrases'))}) +(?P<source>[^,;:()]+)")
_BY_OUR = re.compile(
    rf"(?<![a-z])(?P<source>(?:by|on|in|from) (?:our|my|their|its|his|her|one|a|an|the [a-z]+|[a-z]+'s) (?:[a-z-]+ ){{0,3}}?"
    rf"(?:{alternation(_SOURCES)})(?![a-z])(?: (?:of|by|from) [^,;:.()]+)?)"
)
_POSSESSIVE = re.compile(
    rf"(?<![a-z])(?P<source>(?:[a-z][a-z-]*'s?|[a-z]+s'|our|my|its|their) (?:own )?(?:[a-z-]+ ){{0,2}}?(?:{alternation(_SOURCES)}))(?![a-z])"
)
_NAMED = re.compile(rf"(?P<source>(?:[A-Z][A-Za-z&']+(?: (?:of|for|and|the) (?=[A-Z]))? ?)+(?:[a-z]+ )?(?:{alternation(_SOURCES)}|definition))(?![a-z])")
_SURVEYED = re.compile(
    r"(?<![a-z])(?P<source>[a-z]+s (?:that |who |whom |which )?(?:we|they|it) (?:had )?(?:surveyed|polled|asked|interviewed|questioned|sampled|consulted))(?![a-z])"
)
_VERB = re.compile(rf"(?<![a-z'-])(?P<verb>{alternation(_VERBS)})(?![a-z'-])")
_EDGE = re.compile(r",(?![0-9])|[;:\"]| - |(?<![a-z])(?:and|but|while|because|although|as(?! a whole)|that|which|who|when|if|so|though|where)(?![a-z]) ")
_PARENTHESIS = re.compile(r" ?\([^)]*\)")
_TRAILING = re.compile(
    r"(?: (?:has|have|had|also|now|then|recently|itself|themselves|already|still|even|first|later|will|would|may|might|could|in (?:19|20)[0-9]{2}|last (?:year|week|month)|today|yesterday|[a-z]+ly))+$"
)
_CONTINUES = re.compile(
    r" *(?:(?:it|they|he|she|this|that|these|those|of (?:these|those|this)|the (?:same )?(?:report|study|survey|analysis|figures|data|review|research|paper|poll))(?![a-z'])|(?:in|for|at) [^,.;]{0,40} it (?:was|is|had))"
)


class Statement(NamedTuple):
    """Who stated what so far, for the sentences that continue a report: the source, and the last sentence's subject."""

    source: str | None = None
    subject: str | None = None


def attribution(sentence: Sentence, at: int, memory: Statement) -> str | None:
    """The source of the figure that starts at `at`, in the text's own words; None where the text names none."""
    start, end = sentence.statement(at, at)
    source = _in_stretch(sentence, at, start, end, memory)
    if source is None and (start, end) != (sentence.start, sentence.end):
        source = _in_stretch(sentence, at, sentence.start, sentence.end, memory)
    return source or (memory.source if continues(sentence) else None)


def continues(sentence: Sentence) -> bool:
    """Whether the sentence goes on with what the one before reported: its subject is a pronoun or "the report"."""
    return _CONTINUES.match(sentence.lower, sentence.start, sentence.end) is not None


def stated(sentence: Sentence) -> Statement:
    """Who stated what a sentence without figures says, for the sentence after it."""
    return Statement(attribution(sentence, sentence.end, Statement()), subject(sentence))


_NAME = re.compile(r"(?:[A-Z][A-Za-z'&.-]*(?: (?:of|for|and|the|de) (?=[A-Z]))? ?)+")
_COMMON = re.compile(r"(?:The|A|An|Our|My|Its|Their|One|Some|Most|Many)(?: [a-z'-]+){1,3}?(?= [a-z]+(?:s|ed|t|d)(?![a-z]))")


def subject(sentence: Sentence) -> str | None:
    """The words before the sentence's verb, where they may be the source of the next sentence's figures."""
    common = _COMMON.match(sentence.text, sentence.start, sentence.end)
    if common is not None:
        return tidy(common[0])
    name = _NAME.match(sentence.text, sentence.start, sentence.end)
    if name is None or name[0].strip().lower() in _PRONOUNS | _NOT_SUBJECT_START | _DETERMINERS:
        return None
    return tidy(name[0])


def _in_stretch(sentence: Sentence, figure: int, start: int, end: int, memory: Statement) -> str | None:
    for pattern in (_PHRASE, _BY_OUR, _SURVEYED):
        match = pattern.search(sentence.lower, start, end)
        if match is not None:
            return _words(sentence, match.start("source"), match.end("source"))
    spoken = _speaker(sentence, figure, start, end, memory)
    if spoken is not None:
        return spoken
    named = list(_POSSESSIVE.finditer(sentence.lower, start, figure)) or list(_NAMED.finditer(sentence.text, start, figure))
    return _words(sentence, named[-1].start("source"), named[-1].end("source")) if named else None


def _words(sentence: Sentence, start: int, end: int) -> str | None:
    return _trimmed(sentence.text[start:end])


def _trimmed(words: str) -> str | None:
    return tidy(_TRAILING.sub("", words.rstrip()))


def _speaker(sentence: Sentence, figure: int, start: int, end: int, memory: Statement) -> str | None:
    """The subject of a verb of stating that governs the figure; the last such verb before it, or one that closes."""
    best: str | None = None
    for match in _VERB.finditer(sentence.lower, start, end):
        if best is not None and match.start() > figure:
            break
        source = _governs(sentence, figure, start, end, match, memory)
        best = source or best
    return best


def _governs(
    sentence: Sentence, figure: int, start: int, end: int, match: re.Match[str], memory: Statement
) -> str | None:
    lower, verb = sentence.lower, match["verb"]
    after = lower[match.end() : match.end() + 14]
    plain = _PARENTHESIS.sub(lambda found: " " * len(found[0]), lower[start : match.start()])
    at = 0
    for edge in _EDGE.finditer(plain):
        if not _inside_name(sentence.text, start + edge.start(), start + edge.end()):
            at = edge.end()
    words = plain[at:].split()
    while words and (words[-1] in {"has", "have", "had", "also", "now", "then", "itself", "further", "even", "later", "first"} or words[-1].endswith("ly")):
        words.pop()
    if not words or len(words) > 14 or words[0].endswith("ing") or (start + at <= figure < match.start()) or words[-1] in _NOT_SUBJECT_END or words[0] in _NOT_SUBJECT_START:
        return None
    known = any(word.removesuffix("'s") in _SOURCES for word in words)
    reports = after.startswith((" that ", ":", " at ", ", ", " us", " me ", " mps ")) or known
    reports = reports or (match.start() > figure and after.startswith((".", ",")))
    direct = verb in _DIRECT and after.startswith((" the ", " a ", " an ", " its ", " their ", " our ")) or verb in _DIRECT and 0 <= figure - match.end() <= 60
    if verb in _WEAK and not reports and not direct:
        return None
    if match.start() > figure and not (match.end() >= end - 26 or after.startswith((",", "."))):
        return None
    if all(word in _PRONOUNS for word in words):
        return memory.subject if words[-1] in {"it", "they", "he", "she"} and len(words) == 1 else None
    if not known and (any(word in VERBS and word not in _NOUN_TOO for word in words[:-1]) or any(char.isdigit() for char in "".join(words))):
        return None
    return _trimmed(_PARENTHESIS.sub("", sentence.text[start + at : match.start()]))


def _inside_name(text: str, start: int, end: int) -> bool:
    """Whether "and" joins the words of a name: "the Centre for Health and the Public Interest"."""
    if text[start:end].strip().lower() != "and":
        return False
    before = text[:start].rstrip().rsplit(" ", 1)[-1]
    after = text[end : end + 30].removeprefix("the ").removeprefix("The ")
    return before[:1].isupper() and after[:1].isupper()


_NOUN_TOO = frozenset("think watch work help care plan research".split())
_NOT_SUBJECT_END = frozenset("to is are was were be been being not of the a an by in for with on at or can will would could may should might cannot never".split())
_DETERMINERS = frozenset("the a an our my its their his her this that these those one some most many".split())
_NOT_SUBJECT_START = frozenset("to by of with from than in if for at on".split())
