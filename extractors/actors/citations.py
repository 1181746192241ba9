"""Citations: the words by which an article leans on another source, whose it is, and what kind of source."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import GRAMMAR, SPEECH, either
from extractors.actors.mentions import Text
from extractors.actors.model import ActorMention, Citation
from extractors.figures.model import Figure
from extractors.text.sentences import Span, between, bounded_sentences

_NOUN_PHRASE = r"(?:[\w'£%&/-]+ ){0,5}?"
_LINKING = rf"(?: (?:{either(GRAMMAR.between.phrases)}|in (?:19|20)[0-9]{{2}}|published [^,.;:]{{2,40}}?))*"
_CLOSED = re.compile(r"[,;:()\"]| (?:which|who|that|where|when|but|and (?:the|a|it|they|that))\b|[.!?](?:\s|$)")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_PRONOUN_SOURCES = GRAMMAR.no_source.words


class _Found(NamedTuple):
    start: int
    end: int
    what: str
    whose: ActorMention | None


def find_citations(
    texts: Sequence[Text], mentions: Sequence[ActorMention], figures: Sequence[Figure]
) -> tuple[Citation, ...]:
    """All citations of an article, in text order, at most one for the same words."""
    by_paragraph: dict[int, list[ActorMention]] = defaultdict(list)
    for mention in mentions:
        by_paragraph[mention.paragraph_no].append(mention)
    stated: dict[int, list[int]] = defaultdict(list)
    for figure in figures:
        stated[figure.paragraph_no].append(figure.char_start)
    found: list[Citation] = []
    for text in texts:
        if text.paragraph.kind == "heading" or not _may_cite(text.folded):
            continue
        number = text.paragraph.paragraph_no
        for sentence in bounded_sentences(text.paragraph.text):
            for one in _in_sentence(text, sentence, by_paragraph[number]):
                found.append(_citation(text, sentence, one, stated[number]))
    return tuple(found)


@cache
def _trigger() -> re.Pattern[str]:
    words = (
        SPEECH.sources.words | SPEECH.own_work.words | {"according", "cited", "compiled", "collected", "commissioned"}
    )
    any_of = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?i:{any_of})(?![\w-])")


def _may_cite(folded: str) -> bool:
    return _trigger().search(folded) is not None


def _citation(text: Text, sentence: Span, one: _Found, figures: Sequence[int]) -> Citation:
    source = text.paragraph.text
    address = _ADDRESS.search(source, sentence.start, sentence.end)
    first = max(sentence.start, source.rfind(";", sentence.start, one.start) + 1)
    last = source.find(";", one.end, sentence.end)
    last = sentence.end if last < 0 else last
    supported = tuple(figures[bisect_left(figures, first) : bisect_left(figures, last)])
    return Citation(
        text.paragraph.paragraph_no,
        one.start,
        one.end,
        source[one.start : one.end],
        one.whose.actor if one.whose else None,
        one.what,
        address[0].rstrip(".,;") if address else None,
        supported,
    )


def _in_sentence(text: Text, sentence: Span, mentions: Sequence[ActorMention]) -> list[_Found]:
    here = between(mentions, sentence.start, sentence.end)
    found = [
        *_according(text, sentence, here),
        *_named_sources(text, sentence, here),
        *_own_work(text, sentence, here),
        *_unnamed_sources(text, sentence, here),
    ]
    kept: list[_Found] = []
    for one in found:  # in this order: the surest first
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return sorted(kept)


@cache
def _leading() -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(SPEECH.leading.phrases, key=len, reverse=True)))
    return re.compile(rf"\b(?:{phrases}|According to|Figures from|Data from|Based on figures from) ")


def _according(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    for lead in _leading().finditer(text.folded, sentence.start, sentence.end):
        stop = _CLOSED.search(text.folded, lead.end(), sentence.end)
        end = len(text.folded[: stop.start() if stop else sentence.end].rstrip(" .!?"))
        words = text.folded[lead.end() : end].lower().split()
        if not words or len(words) > 18 or words[0] in _PRONOUN_SOURCES or words[0] in SPEECH.own.words:
            continue
        whose = next((one for one in here if lead.end() <= one.char_start < end), None)
        around = text.folded[lead.end() : end]
        if whose is not None:  # the words of a name are no source: "National Audit Office"
            around = around.replace(whose.surface.replace("’", "'"), " ")
        what = _noun_in(around.lower().split())
        people = whose is not None and whose.actor.kind == "person"
        if what is None and whose is None and not _is_source(words):
            continue
        yield _Found(lead.start(), end, what or ("statement" if people else "data"), whose)


def _is_source(words: list[str]) -> bool:
    return words[0] in GRAMMAR.unnamed_source.words


def _noun_in(words: Sequence[str]) -> str | None:
    nouns = SPEECH.sources.words
    return next((_singular(word) for word in words if word in nouns), None)


def _singular(noun: str) -> str:
    if noun in {"figures", "data", "statistics", "accounts", "returns", "minutes", "findings", "results", "analyses"}:
        return {"analyses": "analysis"}.get(noun, noun)
    return (
        noun.removesuffix("ies") + "y"
        if noun.endswith("ies")
        else noun.removesuffix("s")
        if not noun.endswith(("is", "us"))
        else noun
    )


@cache
def _by_pattern() -> re.Pattern[str]:
    nouns = "|".join(sorted(SPEECH.sources.words, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w-])(?P<noun>(?i:{nouns}))(?: (?:{either(GRAMMAR.made.phrases)}))?"
        r"(?:,? (?:in|on|into|of|from) [^.;:()]{2,60}?)?,?"
        rf"(?: (?:{either(GRAMMAR.made.phrases)}|seen))?"
        r" (?:(?:by|from) (?:[\w'-]+ ){0,4}?|(?:of|for|in|to) (?:the |a |an )?)$"
    )


def _named_sources(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A source noun beside whose it is: "a report by the NAO", "NHS England figures", "the King's Fund's study"."""
    folded = text.folded
    after = re.compile(rf"(?:'s|')? (?:most recent |[0-9]{{4}} |[a-z-]+ )?{_source_group()}(?![\w-])")
    for one in here:
        following = after.match(folded, one.char_end, sentence.end)
        if following is not None and one.actor.kind != "person" and not _other_noun(folded, following):
            yield _Found(one.char_start, following.end(), _singular(following["noun"]), one)
            continue
        if following is not None and one.actor.kind == "person" and folded[one.char_end : one.char_end + 1] == "'":
            yield _Found(one.char_start, following.end(), _singular(following["noun"]), one)
            continue
        first = max(sentence.start, one.char_start - 110)
        before = _by_pattern().search(folded, first, one.char_start)
        if before is not None and not _own_before(folded, before.start("noun")):
            start = _phrase_start(folded, sentence, before.start("noun"))
            yield _Found(start, one.char_end, _singular(before["noun"].lower()), one)


@cache
def _source_group() -> str:
    nouns = "|".join(sorted(SPEECH.sources.words, key=len, reverse=True))
    return f"(?P<noun>(?i:{nouns}))"


def _other_noun(folded: str, following: re.Match[str]) -> bool:
    """Whether the noun only stands before another: "NHS England data platform", "Cabinet Office review group"."""
    return (
        re.match(
            rf" (?:{either(GRAMMAR.before_noun.words)})\b",
            folded[following.end() : following.end() + 14],
        )
        is not None
    )


def _own_before(folded: str, at: int) -> bool:
    before = folded[max(0, at - 24) : at].split()
    return bool(before) and any(word.lower() in SPEECH.own.words for word in before[-2:])


def _phrase_start(folded: str, sentence: Span, noun: int) -> int:
    """Where the noun phrase of a source starts: at its determiner or first adjective."""
    match = re.search(
        r"(?:\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Rr]ecent|[Nn]ew|[Oo]fficial|[Ii]n) )?(?:[\w'-]+ ){0,3}$",
        folded[sentence.start : noun],
    )
    if match is None:
        return noun
    lead = re.search(
        r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Rr]ecent|[Nn]ew|[Oo]fficial) (?:[\w'-]+ ){0,3}$", folded[sentence.start : noun]
    )
    return sentence.start + lead.start() if lead else noun


@cache
def _own_work_pattern() -> re.Pattern[str]:
    verbs = "|".join(sorted(SPEECH.own_work.words, key=len, reverse=True))
    return re.compile(
        rf"(?: \([A-Za-z&]+\))?{_LINKING} (?P<verb>{verbs})(?:,? (?:last|this|earlier|in|on|at)\b[^,.;:]{{0,30}}?,?)?"
        rf"(?= (?:{either(GRAMMAR.finding_begins.words)}|[0-9£]|[a-z]+s\b)|,|:)"
    )


def _own_work(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A body that states a finding of its own: "the National Audit Office found that"."""
    for one in here:
        if one.actor.kind in {"person", "party"}:
            continue
        verb = _own_work_pattern().match(text.folded, one.char_end, sentence.end)
        if verb is not None and not re.search(
            r"\b(?:by|for|of|to|with|from|against|and) (?:the )?$", text.folded[sentence.start : one.char_start]
        ):
            yield _Found(
                one.char_start,
                one.char_end,
                "report" if verb["verb"].startswith(("report", "publish")) else "finding",
                one,
            )


@cache
def _unnamed_pattern() -> re.Pattern[str]:
    verbs = "|".join(sorted(SPEECH.finding.words, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w'-]){_source_group()}"
        rf"(?: (?:by|from|of|into|on|in|for|at|seen by|published|released|obtained|commissioned)"
        rf" [^,.;:()\"]{{2,70}}?)?{_LINKING}"
        rf"(?:, [^,.;:]{{3,60}},)? (?P<verb>{verbs})(?![\w-])"
    )


def _unnamed_sources(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A source that no body is named for, with a verb of finding: "a recent survey found", "official figures show"."""
    for match in _unnamed_pattern().finditer(text.folded, sentence.start, sentence.end):
        noun = match.start("noun")
        if _own_before(text.folded, noun):
            continue
        start = _phrase_start(text.folded, sentence, noun)
        if match["noun"] in SPEECH.sources_when_named.words and not _by_others(text.folded, sentence, start, noun):
            continue
        end = len(text.folded[: match.start("verb")].rstrip(" ,"))
        whose = next((one for one in here if start <= one.char_start < end), None)
        yield _Found(start, end, _singular(match["noun"].lower()), whose)


def _by_others(text: str, sentence: Span, start: int, noun: int) -> bool:
    """Whether words before the noun show that it is another's: "official", "a recent", "the government's own"."""
    words = text[max(sentence.start, start - 12) : noun].lower().split()
    if not words or (start == sentence.start and not words[0].startswith(("the", "a"))):
        # A bare plural that opens a sentence: "Figures show".
        return text[noun : noun + 20].partition(" ")[0].endswith("s")
    return any(word in SPEECH.of_others.words or word.endswith(("'s", "s'")) for word in words)
