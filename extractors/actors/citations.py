"""Citations: the words by which an article leans on another source, whose it is, and what kind of source."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import GRAMMAR, SPEECH
from extractors.actors.mentions import Text
from extractors.actors.model import ActorMention, Citation
from extractors.figures.model import Figure
from extractors.speech.lexicons import GRAMMAR as TELLING
from extractors.speech.lexicons import either
from extractors.text.sentences import Span, between, bounded_sentences

_LINKS = rf"(?:{either(TELLING.between.phrases)}|in (?:19|20)[0-9]{{2}}|published [^,.;:]{{2,40}}?)"
_LINKING = rf"(?: {_LINKS})*"
_LINKED = re.compile(rf"(?:,? (?:{either(TELLING.between.phrases)}|that|which)|,)+$")
_CLOSED = re.compile(
    r"[,;:()\"]| '(?=[A-Z])| (?:which|who|that|where|when|but|and (?:the|a|it|they|that))\b|[.!?](?:\s|$)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_PRONOUN_SOURCES = GRAMMAR.no_source.words
_LONGEST_LED = 18  # words after "according to" that can be the source alone
_MADE = rf"(?: (?:{either(GRAMMAR.made.phrases)}))"
_OBJECT = r",? (?:that|an?|the|its|no|how|more|fewer|about|over|just|some|only|nearly|at|[0-9£])\b|[,:.]| [0-9£]"
_CLAUSE = (
    "because|when|while|if|but|I|we|they|it|is|are|was|were|has|had|have|do|does|did|not|could|would|will|can|"
    "that|which|who"
)
_SURVEYED = re.compile(
    r"(?:^|(?<=[,;:] )|(?<=[.!?] )|(?<=[.!?][\"'] )|(?<= and )|(?<= but )|(?<= that ))"
    r"[Ii]n (?:an?|one|another|the (?:latest|last|same|most recent)) (?:[\w'-]+ ){0,3}?"
    r"(?P<noun>poll|survey|study|audit|analysis)(?![\w-])(?! of its own| to\b| (?:by|for|of) (?:our|my)\b)"
)
_STATES = re.compile(
    r"(?: [^,.;:]{0,40}?)?,?(?: that| which)?(?: has| had| also)?"
    r" (?:showing|saying|suggesting|finding|found|shows?|showed|says?|said|suggests?|suggested|concludes?|concluded)\b"
    r"|:| [\"']"
)
_NO_SUBJECT = re.compile(r"\b(?:by|for|of|to|with|from|against|and) (?:the )?$")


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
    leads = {phrase.split()[0] for phrase in SPEECH.leading.phrases + SPEECH.grounds.phrases}
    words = (
        SPEECH.sources.words
        | SPEECH.own_work.words
        | (leads - {"as", "published", "based"})
        | {"noted", "notes", "pointed", "points", "observed", "compiled", "collected", "commissioned"}
    )
    any_of = _any_of(words)
    return re.compile(rf"(?<![\w-])(?i:{any_of})(?![\w-])")


def _may_cite(folded: str) -> bool:
    return _trigger().search(folded) is not None


def _citation(text: Text, sentence: Span, one: _Found, figures: Sequence[int]) -> Citation:
    source = text.paragraph.text
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
        _address(text, sentence, one),
        supported,
    )


def _address(text: Text, sentence: Span, one: _Found) -> str | None:
    """The link that the words of a citation carry, else the one link or address of its sentence."""
    own = [link.address for link in text.paragraph.links if link.start < one.end and one.start < link.end]
    if own:
        return own[0]
    written = [match[0].rstrip(".,;") for match in _ADDRESS.finditer(text.paragraph.text, *sentence)]
    near = [link.address for link in text.paragraph.links if sentence.start <= link.start < sentence.end]
    return written[0] if written else near[0] if len(near) == 1 else None


def _in_sentence(text: Text, sentence: Span, mentions: Sequence[ActorMention]) -> list[_Found]:
    here = between(mentions, sentence.start, sentence.end)
    found = [
        *_according(text, sentence, here),
        *_named_sources(text, sentence, here),
        *_made_by_others(text, sentence),
        *_said_in(text, sentence, here),
        *_unnamed_sources(text, sentence, here),
        *_surveyed(text, sentence),
        *_named_grounds(text, sentence, here),
        *_own_work(text, sentence, here),
        *_finders(text, sentence),
    ]
    kept: list[_Found] = []
    for one in found:  # in this order: the surest first
        if _only_handled(text.folded, sentence, one):
            continue
        taken = any(other.start < one.end and one.start < other.end for other in kept)
        again = one.what == "finding" and any(other.whose and _same_actor(other, one) for other in kept)
        if not taken and not again:
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@cache
def _handling() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(SPEECH.handling.words)})(?: (?:for|to|on|out|up))?(?: [\w'-]+){{0,2}} ?$")


def _only_handled(folded: str, sentence: Span, one: _Found) -> bool:
    """Whether the source is only an object of the story: "would not pay for the consultants' report"."""
    if one.what == "finding" or folded.startswith(_LEADS, one.start):
        return False
    before = _handling().search(folded, max(sentence.start, one.start - 45), one.start)
    if before is None or re.search(r"[,;:]", folded[before.start() : one.start]):
        return False
    return _STATES.match(folded, one.end, sentence.end) is None


_LEADS = (
    "according",
    "According",
    "as ",
    "As ",
    "in ",
    "In ",
    "based",
    "Based",
    "citing",
    "drawing",
    "relying",
    "quoting",
)


def _same_actor(one: _Found, other: _Found) -> bool:
    return one.whose is not None and other.whose is not None and one.whose.actor == other.whose.actor


# Phrases that lead to a source.


@cache
def _leading() -> re.Pattern[str]:
    phrases = sorted(SPEECH.leading.phrases, key=len, reverse=True)
    any_of = "|".join(map(re.escape, phrases))
    return re.compile(rf"\b(?:(?i:{any_of})|Figures from|Data from) ")


def _according(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    for lead in _leading().finditer(text.folded, sentence.start, sentence.end):
        stop = _CLOSED.search(text.folded, lead.end(), sentence.end)
        end = len(text.folded[: stop.start() if stop else sentence.end].rstrip(" .!?"))
        words = text.folded[lead.end() : end].lower().split()
        if not words or words[0] in _PRONOUN_SOURCES | SPEECH.own.words:
            continue
        whose = next((one for one in here if lead.end() <= one.char_start < end), None)
        if len(words) > _LONGEST_LED and whose is None:
            continue
        if whose is not None and (len(words) > _LONGEST_LED or _begins_clause().match(text.folded, whose.char_end)):
            end = whose.char_end  # no comma parts the source from what it says
        if whose is None and (noun := _noun_ended().search(text.folded, lead.end() - 1, end)) is not None:
            end = noun.end()
        around = text.folded[lead.end() : end]
        if whose is not None:  # the words of a name are no source: "National Audit Office"
            around = around.replace(whose.surface.replace("’", "'"), " ")
        what = _noun_in(around.lower().split())
        people = whose is not None and whose.actor.kind == "person"
        if what is None and whose is None and not (_leads_alone(lead) and _is_source(words)):
            continue
        yield _Found(lead.start(), end, what or ("statement" if people else "data"), whose)


@cache
def _noun_ended() -> re.Pattern[str]:
    """A source after which what it says begins without a comma: "according to the latest figures 167 trusts have"."""
    begins = rf"{either(GRAMMAR.clause_subject.words)}|about|nearly|over|almost|only|just"
    return re.compile(rf"(?<![\w-]){_source_group()}(?= (?:(?:{begins})\b|[0-9£]))")


@cache
def _begins_clause() -> re.Pattern[str]:
    return re.compile(rf" (?:{either(GRAMMAR.clause_subject.words)})\b")


def _leads_alone(lead: re.Match[str]) -> bool:
    return lead[0].lower().startswith(("according", "as ", "estimated", "calculated"))


def _is_source(words: list[str]) -> bool:
    return words[0] in GRAMMAR.unnamed_source.words


def _noun_in(words: Sequence[str]) -> str | None:
    nouns = SPEECH.sources.words
    return next((_singular(word) for word in words if word in nouns), None)


_PLURAL_ONLY = {"figures", "data", "statistics", "accounts", "returns", "minutes", "findings", "results", "responses"}


def _singular(noun: str) -> str:
    if noun in _PLURAL_ONLY or noun.endswith(("is", "us", "ss")):
        return noun
    if noun == "analyses":
        return "analysis"
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")


@cache
def _grounds() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(SPEECH.grounds.phrases)}) (?:the |an? |by )?$")


@cache
def _as_they() -> re.Pattern[str]:
    return re.compile(rf"{_LINKING} (?:{either(SPEECH.as_they.phrases)})\b")


def _named_grounds(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A name that is cited as ground: "citing the King's Fund", "as the National Audit Office has pointed out"."""
    for one in here:
        before = text.folded[max(sentence.start, one.char_start - 30) : one.char_start]
        lead = _grounds().search(before)
        if lead is not None and not text.folded.startswith("'", one.char_end):
            yield _Found(one.char_start - len(before) + lead.start(), one.char_end, "data", one)
            continue
        announced = one.actor.kind != "person" and re.search(r"\b[Aa]s (?:the )?$", before) is not None
        if announced and _as_they().match(text.folded, one.char_end, sentence.end):
            yield _Found(one.char_start, one.char_end, "finding", one)


# Nouns of sources beside whose they are.


@cache
def _source_group() -> str:
    nouns = _any_of(SPEECH.sources.words)
    return f"(?P<noun>(?i:{nouns}))"


@cache
def _by_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-]){_source_group()}{_MADE}?"
        r"(?:,? (?:in|on|into|of|from) [^.;:()]{2,60}?)?,?"
        rf"(?: (?:{either(GRAMMAR.made.phrases)}|seen))?"
        r"(?: (?:today|yesterday|last [a-z]+|this [a-z]+|in [A-Z][a-z]+))?"
        r" (?:(?:by|from|on behalf of) (?:[\w'-]+ ){0,4}?|(?:of|for|in|to) (?:the |a |an )?)$"
    )


@cache
def _following() -> re.Pattern[str]:
    adjectives = either(SPEECH.of_a_body.words)
    some = r"(?:(?!is |has |was |had |are |were |will |for |to |of |on |in |at |by |from |with )[\w-]+ ){0,3}?"
    return re.compile(rf"(?:'s?(?: {some}| )|(?: (?:(?:{adjectives}|[0-9]{{4}}) )*)){_source_group()}(?![\w-])")


def _named_sources(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A source noun beside whose it is: "a report by the NAO", "NHS England figures", "the King's Fund's study"."""
    folded = text.folded
    for one in here:
        following = _following().match(folded, one.char_end, sentence.end)
        owned = one.actor.kind != "person" or folded[one.char_end : one.char_end + 1] == "'"
        if following is not None and owned and not _other_noun(folded, following) and _is_noun(folded, following):
            noun = following["noun"].lower()
            if noun not in _seldom_cited() or _leans(folded, sentence, one.char_start, following.end()):
                yield _Found(one.char_start, following.end(), _singular(noun), one)
            continue
        first = max(sentence.start, one.char_start - 110)
        before = _by_pattern().search(folded, first, one.char_start)
        if before is not None and not _own_before(folded, before.start("noun")) and not _is_byline(one, before):
            start = _phrase_start(folded, sentence, before.start("noun"))
            noun = before["noun"].lower()
            if noun not in _seldom_cited() or _leans(folded, sentence, start, one.char_end):
                yield _Found(start, one.char_end, _singular(noun), one)


@cache
def _seldom_cited() -> frozenset[str]:
    """Nouns that are more often a thing of the story than a source: "NHS England's letter"."""
    return SPEECH.sources_when_named.words - {
        "report",
        "reports",
        "figures",
        "paper",
        "papers",
        "estimate",
        "estimates",
    }


@cache
def _finds() -> re.Pattern[str]:
    told = f"(?:{_any_of(SPEECH.finding.words)}|rated|blamed|praised|criticised|concerned)"
    return re.compile(rf"(?: [^,.;:]{{0,60}}?)?(?:, [^,.;:]{{3,60}},)?{_LINKING} {told}\b")


_FROM = re.compile(r"\b(?i:on|in|from|by|of|to|per|see|using|with) $")


def _leans(folded: str, sentence: Span, start: int, end: int) -> bool:
    """Whether the sentence takes something from a source: it says it, or the sentence goes by it."""
    if _FROM.search(folded, max(sentence.start, start - 8), start) is not None:
        return True
    return any(pattern.match(folded, end, sentence.end) is not None for pattern in (_STATES, _finds()))


def _is_byline(one: ActorMention, before: re.Match[str]) -> bool:
    """Whether the words tell who wrote the page itself: "Report by NAME", with no article before the noun."""
    return one.actor.kind == "person" and before["noun"][0].isupper() and not before["noun"].endswith("s")


def _other_noun(folded: str, following: re.Match[str]) -> bool:
    """Whether the noun only stands before another: "NHS England data platform", "Cabinet Office review group"."""
    after = folded[following.end() : following.end() + 14]
    return re.match(rf" (?:{either(GRAMMAR.before_noun.words)})\b", after) is not None


def _is_noun(folded: str, following: re.Match[str]) -> bool:
    """Whether the word after a name is no verb of it: "Serco reports a loss", but "Serco's reports"."""
    if following["noun"].lower() not in SPEECH.finding.words or folded[following.start()] == "'":
        return True
    return re.match(r" (?:that|a|an|the|its|on|how|no|[0-9£])\b", folded[following.end() : following.end() + 8]) is None


def _own_before(folded: str, at: int) -> bool:
    """Whether the noun phrase is the writer's: "our own quarterly survey"."""
    before = re.split(r"[.,;:?!]| (?:and|the|an?|of|in|to|by|from|with|on) ", folded[max(0, at - 40) : at])[-1].split()
    return any(word.lower() in SPEECH.own.words for word in before[-4:])


_DETERMINER = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Rr]ecent|[Nn]ew|[Oo]fficial|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Aa]nother) "
    r"(?:[\w'-]+ ){0,3}$"
)


def _phrase_start(folded: str, sentence: Span, noun: int) -> int:
    """Where the noun phrase of a source starts: at its determiner or first adjective."""
    before = folded[sentence.start : noun]
    lead = _DETERMINER.search(before)
    if lead is not None:
        return sentence.start + lead.start()
    owner = re.search(r"[\w-]+(?:'s|s') (?:own )?$", before)
    return sentence.start + owner.start() if owner else noun


@cache
def _makers() -> re.Pattern[str]:
    nouns = SPEECH.sources.words - SPEECH.sources_when_named.words | {"report", "reports", "paper", "figures"}
    any_noun = _any_of(nouns | {"briefing", "estimate", "estimates", "findings"})
    makers = _any_of(SPEECH.makers.words)
    return re.compile(
        rf"(?<![\w'-])(?P<noun>(?i:{any_noun})){_MADE}?(?: (?:today|yesterday|last [a-z]+|this [a-z]+))? (?:by|from)"
        rf" (?:(?:an?|the|one|some|two|three|several|its|another) )?(?:[\w'-]+ ){{0,3}}?(?:{makers})(?![\w'-])"
        r"(?: (?:at|of) (?:the )?[A-Z][\w'-]+(?: (?:of |and )?[A-Z][\w'-]+)*)?"
    )


@cache
def _owned_by_makers() -> re.Pattern[str]:
    nouns = _any_of(SPEECH.sources.words - _SELDOM)
    makers = _any_of(SPEECH.owning_makers.words)
    return re.compile(
        rf"(?<![\w'-])(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir) (?:[\w-]+ ){{0,2}}?"
        rf"(?:(?:{makers})(?:'s?)(?: [\w-]+){{0,2}}?|[\w-]+'s? own(?: [\w-]+)?) (?P<noun>(?i:{nouns}))(?![\w-])"
    )


_SELDOM = {"letter", "letters", "memo", "speech", "speeches", "assessment", "assessments", "inquiry", "submission"}


def _made_by_others(text: Text, sentence: Span) -> Iterator[_Found]:
    """A source of somebody who is not named: "a report by a research group", "the auditor's report"."""
    for pattern in (_makers(), _owned_by_makers()):
        for match in pattern.finditer(text.folded, sentence.start, sentence.end):
            noun = match.start("noun")
            if pattern is _makers() and _own_before(text.folded, noun):
                continue
            start = match.start() if pattern is not _makers() else _phrase_start(text.folded, sentence, noun)
            if not _other_noun(text.folded, match) and _leans(text.folded, sentence, start, match.end()):
                yield _Found(start, match.end(), _singular(match["noun"].lower()), None)


@cache
def _in_a_source() -> re.Pattern[str]:
    told = "said|says|wrote|writes|argued|argues|warned|concluded|noted|reported|claimed|observed|admitted|set out"
    return re.compile(
        rf"(?<![\w-])(?:{told}),? (?P<where>in (?:an?|its|his|her|their|the) (?:[\w'-]+ ){{0,3}}?{_source_group()})"
        r"(?![\w-])"
    )


def _said_in(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """The document in which something is said: "The watchdog said in a report last summer that"."""
    for match in _in_a_source().finditer(text.folded, sentence.start, sentence.end):
        who = [one for one in here if match.start() - 60 < one.char_end <= match.start()]
        if not _own_before(text.folded, match.start("noun")):
            yield _Found(*match.span("where"), _singular(match["noun"].lower()), who[-1] if who else None)


def _surveyed(text: Text, sentence: Span) -> Iterator[_Found]:
    """A survey that what follows is from: "In a poll that month almost half said"."""
    for match in _SURVEYED.finditer(text.folded, sentence.start, sentence.end):
        if not _own_before(text.folded, match.start("noun")):
            yield _Found(match.start(), match.end(), match["noun"], None)


# Sources and people that find.


@cache
def _own_work_pattern() -> re.Pattern[str]:
    verbs = _any_of(SPEECH.own_work.words)
    return re.compile(
        rf"(?: \([A-Za-z&]+\))?{_LINKING} (?P<verb>{verbs})(?:,? (?:last|this|earlier|in|on|at)\b[^,.;:]{{0,40}}?,?)?"
        rf"(?= (?:{either(GRAMMAR.finding_begins.words)}|[0-9£]|[a-z]+s\b)|,|:)"
    )


def _own_work(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A body that states a finding of its own: "the National Audit Office found that"."""
    for one in here:
        if one.actor.kind in {"person", "party"}:
            continue
        verb = _own_work_pattern().match(text.folded, one.char_end, sentence.end)
        if (
            verb is not None
            and not _NO_SUBJECT.search(text.folded[sentence.start : one.char_start])
            and _reckons(text.folded, verb)
        ):
            reports = verb["verb"].startswith(("report", "publish"))
            yield _Found(one.char_start, one.char_end, "report" if reports else "finding", one)


def _reckons(folded: str, found: re.Match[str]) -> bool:
    """Whether "put" and its like give a number: "put the bill at £4m", but "put a lot of weight on eyes"."""
    if re.search(r"\b(?:would|might|may|should)\b", folded[found.start() : found.start("verb")][-24:]):
        return False
    return not found["verb"].startswith("put") or _AMOUNT.search(folded[found.end("verb") :][:100]) is not None


_AMOUNT = re.compile(r" at (?:[a-z]+ ){0,4}(?:[£$€]?[0-9]|a (?:third|quarter|half)|half|one|two|three|four|five|ten)")


@cache
def _finder_pattern() -> re.Pattern[str]:
    people, verbs = _any_of(SPEECH.finders.words), _any_of(SPEECH.own_work.words)
    return re.compile(
        rf"(?<![\w'-])(?P<who>(?:(?:[Tt]he|[Ss]ome|[Tt]wo|[Tt]hree|[Ii]ts|[Tt]heir) (?:[\w'-]+ ){{0,3}}?)?(?i:{people})"
        rf"(?: (?:at|from|for|of|in|working for|commissioned by) [^,.;:()\"]{{2,60}}?)?)(?:, [^,.;:]{{3,40}},)?"
        rf"{_LINKING} (?P<verb>{verbs})(?= (?:{either(GRAMMAR.finding_begins.words)}|[0-9£])|,|:)"
    )


def _finders(text: Text, sentence: Span) -> Iterator[_Found]:
    """People who find things out for their living and are not named: "inspectors found that", "analysts estimate"."""
    for match in _finder_pattern().finditer(text.folded, sentence.start, sentence.end):
        before = text.folded[sentence.start : match.start("who")]
        if not _NO_SUBJECT.search(before) and not _OURS.search(before) and _reckons(text.folded, match):
            yield _Found(*match.span("who"), "finding", None)


@cache
def _unnamed_patterns() -> tuple[re.Pattern[str], ...]:
    """A source with a verb of finding that has its number: "figures show", "a survey shows", "data may suggest"."""
    base, nouns = SPEECH.finding_base.words, SPEECH.sources.words
    finds = {verb for verb in SPEECH.finding.words - base if verb.endswith("s")}
    found = SPEECH.finding.words - base - finds
    plural = {noun for noun in nouns if noun.endswith("s") and not noun.endswith(("is", "us"))} | {"data"}
    singular = nouns - plural | {"data"}
    return _unnamed_pattern(singular, found | finds, base), _unnamed_pattern(plural, found | base, frozenset())


def _unnamed_pattern(nouns: Set[str], verbs: Set[str], helped: Set[str]) -> re.Pattern[str]:
    told = f"(?:{_any_of(verbs & _nouns_too())})(?={_OBJECT})|{_any_of(verbs - _nouns_too())}"
    helps = "(?:do|does|did|will|would|may|might|could)(?: not| also| still| now)?"
    may = f"| {helps} (?:{_any_of(helped)})" if helped else ""
    return re.compile(
        rf"(?<![\w'-])(?P<noun>(?i:{_any_of(nouns)}))(?! (?:by|of|for|from) (?:our|my)\b)(?:, and [a-z]+,)?"
        rf"(?:,? (?:(?:{either(SPEECH.of_source.words)}|seen|done|made|[a-z-]+(?:ed|wn|en))\b)"
        rf" (?:(?!(?<= )(?:{_CLAUSE}) )[^.;:()\",]){{2,80}}?)?"
        rf"(?:, [^,.;:]{{3,60}},)?(?:,? that|,? which)?(?<! our)(?<! the)(?<! its)(?<! their)(?<! a)"
        rf"(?P<told>{_LINKING} (?:{told}){may})(?![\w-])"
    )


def _any_of(words: Set[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _nouns_too() -> frozenset[str]:
    return TELLING.nouns_too.words


def _unnamed_sources(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A source that no body is named for, with a verb of finding: "a recent survey found", "official figures show"."""
    for pattern in _unnamed_patterns():
        for match in pattern.finditer(text.folded, sentence.start, sentence.end):
            noun = match.start("noun")
            if _own_before(text.folded, noun) or _NONE_BEFORE.search(text.folded[max(0, noun - 12) : noun]):
                continue
            start = _phrase_start(text.folded, sentence, noun)
            weak = match["noun"] in SPEECH.sources_when_named.words or noun == sentence.start
            if weak and not _by_others(text.folded, sentence, start, noun):
                continue
            end = _without_links(text.folded, start, match.start("told"))
            whose = next((one for one in here if start <= one.char_start < end), None)
            yield _Found(start, end, _singular(match["noun"].lower()), whose)


_OURS = re.compile(r"\b(?:[Oo]ur|[Mm]y)(?: [\w'-]+)? $")
_NONE_BEFORE = re.compile(r"\b(?:no|any|every|each|without)(?: [a-z]+)? $")


def _without_links(folded: str, start: int, end: int) -> int:
    """The end of a source without the auxiliaries of its verb: "a poll has found"."""
    words = folded[start:end].rstrip(" ,")
    linked = _LINKED.search(words)
    return start + (linked.start() if linked else len(words))


def _by_others(text: str, sentence: Span, start: int, noun: int) -> bool:
    """Whether words before the noun show that it is another's: "official", "a recent", "the government's own"."""
    words = text[max(sentence.start, start - 12) : noun].lower().split()
    if any(word in SPEECH.of_others.words or word.endswith(("'s", "s'")) for word in words):
        return True
    bare = not words or words[-1].endswith((",", ":", ";")) or words[-1] in {"that", "but", "and", "while"}
    plural = text[noun : noun + 20].partition(" ")[0].endswith("s")
    return plural and start == noun and (bare or " " not in text[sentence.start : noun].rstrip())
