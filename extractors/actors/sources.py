"""Sources as an article names them: a report or survey, whose it is, and whether anything leans on it."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cache

from extractors.actors.lexicons import (
    GRAMMAR,
    LINKING,
    LOOKED,
    NOT_ACTORS,
    PLURAL_ONLY,
    SPEECH,
    any_of,
    singular,
    source_group,
    words_in,
)
from extractors.actors.mentions import Text
from extractors.actors.model import Actor, ActorMention
from extractors.lexicon import either
from extractors.speech.grammar import GRAMMAR as TELLING
from extractors.speech.grammar import MONTH
from extractors.text.sentences import Span, bounded_sentences

_LINKED = re.compile(rf"(?:,? (?:{either(TELLING.between.phrases)}|that|which)|,)+$")
_STATES = re.compile(
    r"(?: [^,.;:]{0,40}?)?(?:, [^,.;:]{3,40})?,?(?: that| which)?(?: has| had| also)?"
    r" (?:showing|saying|suggesting|finding|found|shows?|showed|says?|said|suggests?|suggested|concludes?|concluded)\b"
    r"|:| [\"']"
)
_FROM = re.compile(r"\b(?i:on|in|from|by|of|per|see|using) $")
_IS = re.compile(r"\b(?:is|was|were|remains) $")


# Noun phrases.

_DETERMINER = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Rr]ecent|[Nn]ew|[Oo]fficial|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Yy]our|[Aa]nother) "
    r"(?:[\w'-]+ ){0,3}$"
)
_OWNER = re.compile(r"[\w-]+(?:'s|s') (?:own )?$")
_WORD = re.compile(r"[\w'-]+")
_BY_NAME = re.compile(r"(?:\b(?:(?i:official|latest|recent|new|internal|leaked)|[A-Z][A-Za-z]+) )+$")


def phrase_start(folded: str, sentence: Span, noun: int) -> int:
    """Where the noun phrase of a source starts: at its determiner or first adjective."""
    before = folded[sentence.start : noun]
    for pattern in (_DETERMINER, _OWNER):
        lead = pattern.search(before)
        if lead is not None:
            return sentence.start + lead.start()
    named = _BY_NAME.search(before)
    if named is None:
        return noun
    first = next((word for word in _WORD.finditer(named[0]) if word[0] not in NOT_ACTORS.common.words), None)
    return sentence.start + named.start() + first.start() if first is not None else noun


def own_before(folded: str, at: int) -> bool:
    """Whether the noun phrase is the writer's: "our own quarterly survey"; but a reader's "your report" is not."""
    before = _NEW_PHRASE.split(folded[max(0, at - 40) : at])[-1].split()
    if before and before[-1].lower() == "your" and _READ.match(folded, at):
        return False
    return any(word.lower() in SPEECH.own.words for word in before[-4:])


_NEW_PHRASE = re.compile(r"[.,;:?!]| (?:that|and|the|an?|of|in|to|by|from|with|on) ")
_READ = re.compile(r"(?:report|article|editorial|column|interview|investigation)(?:s?)\b")


def by_others(text: str, sentence: Span, start: int, noun: int) -> bool:
    """Whether words before the noun show that it is another's: "official", "a recent", "the government's own"."""
    words = text[max(sentence.start, start - 12) : noun].lower().split()
    if any(word in SPEECH.of_others.words or word.endswith(("'s", "s'")) for word in words):
        return True
    announced = text.startswith(("as ", "As "), max(0, start - 3))
    if announced or words[-1:] == ["your"] or any(_YEAR.fullmatch(word) for word in words):
        return True
    bare = not words or words[-1].endswith((",", ":", ";")) or words[-1] in {"that", "but", "and", "while"}
    last = _WORD_BEFORE.search(text, start, noun)
    if last is not None and last.start() > start and last[0][0].isupper() and last[0] not in NOT_ACTORS.common.words:
        return True  # "The Naylor review told ministers"
    plural = text[noun : noun + 20].lower().partition(" ")[0].endswith(("s", "data"))
    named = start < noun and text[start].isupper() and words[-1:] != ["the"]
    return plural and (named or (start == noun and (bare or " " not in text[sentence.start : noun].rstrip())))


def is_byline(one: ActorMention, before: re.Match[str]) -> bool:
    """Whether the words tell who wrote the page itself: "Report by NAME", with no article before the noun."""
    return one.actor.kind == "person" and before["noun"][0].isupper() and not before["noun"].endswith("s")


_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_WORD_BEFORE = re.compile(r"[\w-]+(?= $)")


def is_anothers(folded: str, one: ActorMention, source: re.Match[str]) -> bool:
    """Whether a noun before a name is no source of it: the writer's, a byline, or what was done with by it."""
    noun = source.start("noun")
    return own_before(folded, noun) or is_byline(one, source) or _done_to().search(folded, noun - 70, noun) is not None


@cache
def _done_to() -> re.Pattern[str]:
    """What stands before a thing that somebody does something with: "the sharing of records by the hospital"."""
    given = r"(?:is|was|were|been|being) (?:[a-z]+ly )?(?:given|handed|sent|shown|sold|offered|lent|granted|promised)"
    thing = r"(?:(?:[\w', -]|\.(?=[0-9])){1,40} )?"
    return re.compile(rf"\b(?:(?:{any_of(GRAMMAR.done_to.words)})(?: over| out| on)? of|{given}) {thing}$")


def other_noun(folded: str, following: re.Match[str]) -> bool:
    """Whether the noun only stands before another: "NHS England data platform", "Cabinet Office review group"."""
    after = folded[following.end() : following.end() + 20]
    return re.match(rf"(?!{_FOR_A_TIME}) (?:{either(GRAMMAR.before_noun.words)})\b", after) is not None


_FOR_A_TIME = r" for (?:(?:19|20)[0-9]{2}|the (?:year|quarter|month|same|past|last)\b|[A-Z][a-z]+\b)"


def is_noun_there(folded: str, following: re.Match[str]) -> bool:
    """Whether the word after a name is no verb of it: "Serco reports a loss", but "Serco's reports"."""
    if following["noun"].lower() not in SPEECH.finding.words or folded[following.start()] == "'":
        return True
    return re.match(r" (?:that|a|an|the|its|on|how|no|[0-9£])\b", folded[following.end() : following.end() + 8]) is None


def without_links(folded: str, start: int, end: int) -> int:
    """The end of a source without the auxiliaries of its verb: "a poll has found"."""
    words = folded[start:end].rstrip(" ,")
    linked = _LINKED.search(words)
    if linked is not None and words.endswith((" for", " of", " from", " in"), 0, linked.start()):
        return start + len(words)  # "accounts for last year"
    return start + (linked.start() if linked else len(words))


# Sources whose makers are not named.

MADE = rf"(?: (?:{either(GRAMMAR.made.phrases)}))"
"""What may stand between a source and who made it: "carried out"."""


@cache
def makers_pattern() -> re.Pattern[str]:
    """A source by somebody who is not named: "a report by a research group"."""
    nouns = SPEECH.sources.words - SPEECH.sources_when_named.words | {"report", "reports", "paper", "figures"}
    any_noun = any_of(nouns | {"briefing", "estimate", "estimates", "findings"})
    makers = any_of(SPEECH.makers.words)
    return re.compile(
        rf"(?<![\w'-])(?P<noun>(?i:{any_noun})){MADE}?(?: (?:today|yesterday|last [a-z]+|this [a-z]+))? (?:by|from)"
        r" (?!our |my |us )(?:(?:an?|the|one|some|two|three|several|its|another) )?"
        rf"(?:[\w'-]+ ){{0,3}}?(?:{makers})(?![\w'-])"
        r"(?: (?:at|of) (?:the )?[A-Z][\w'-]+(?: (?:of |and )?[A-Z][\w'-]+)*)?"
    )


@cache
def owned_pattern() -> re.Pattern[str]:
    """A source that its unnamed maker owns: "the auditor's report"."""
    nouns = any_of(SPEECH.sources.words - _SELDOM)
    makers = any_of(SPEECH.owning_makers.words)
    return re.compile(
        rf"(?<![\w'-])(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir) (?:[\w-]+ ){{0,2}}?"
        rf"(?:(?:{makers})(?:'s?)(?: [\w-]+){{0,2}}?|[\w-]+'s? own(?: [\w-]+)?) (?P<noun>(?i:{nouns}))(?![\w-])"
    )


_SELDOM = {"letter", "letters", "memo", "speech", "speeches", "assessment", "assessments", "inquiry", "submission"}


@cache
def official_pattern() -> re.Pattern[str]:
    """Numbers of an authority: "the latest official figures"."""
    return re.compile(
        r"(?<= )(?:the )?(?:official|published|latest|national|government|ministry|company) (?:own )?"
        r"(?P<noun>(?:figures|data|statistics|estimates|accounts|returns)(?![\w-]))"
    )


# Whether anything leans on it.


@cache
def _finds() -> re.Pattern[str]:
    told = f"(?:{any_of(SPEECH.finding.words)}|rated|blamed|praised|criticised|concerned)"
    return re.compile(rf"(?: [^,.;:]{{0,60}}?)?(?:, [^,.;:]{{3,60}},)?{LINKING} {told}\b")


def states(folded: str, start: int, end: int) -> bool:
    """Whether what follows a source tells what it says: "... showing that", "...: "."""
    return _STATES.match(folded, start, end) is not None


def leans(folded: str, sentence: Span, start: int, end: int) -> bool:
    """Whether the sentence takes something from a source: it says it, or the sentence goes by it or repeats it."""
    before = max(sentence.start, start - 8)
    if _FROM.search(folded, before, start) is not None:
        return True
    if _IS.search(folded, before, start) is not None and _VERDICT.match(folded, start):
        return True
    return states(folded, end, sentence.end) or _finds().match(folded, end, sentence.end) is not None


_VERDICT = re.compile(r"(?:the |an? )?(?:[a-z]+ )?(?:conclusion|verdict|finding|judg[e]?ment)s?\b")


@cache
def _handling() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(SPEECH.handling.words)})(?: (?:for|to|on|out|up))?(?: [\w'-]+){{0,2}} ?$")


def only_handled(folded: str, sentence: Span, start: int, end: int) -> bool:
    """Whether the source is only an object of the story: "would not pay for the consultants' report"."""
    before = _handling().search(folded, max(sentence.start, start - 45), start)
    if before is None or re.search(r"[,;:]", folded[before.start() : start]):
        return False
    return not states(folded, end, sentence.end)


def still_to_come(folded: str, start: int, end: int) -> bool:
    """Whether a source is not there yet: "the final report is due in May", "its next accounts"."""
    due = (
        _DUE.match(folded, end)
        or _DUE_THEN.search(folded, start, end)
        or _NOT_YET.search(folded, max(0, start - 9), start)
    )
    return due is not None or _NEXT_ONE.match(folded, start) is not None


_DUE = re.compile(
    r" (?:(?:is|was|are|were)(?: now| still| also| only)? (?:due|expected|delayed|late|awaited|overdue|postponed"
    r"|to follow|to be published|to come)|(?:will|would|may|might) (?:be (?:published|out|ready)|follow|appear|come))\b"
)
_DUE_THEN = re.compile(r", (?:which (?:is|are)|now|still) (?:[a-z]+ )?(?:due|expected|awaited|overdue)\b")
_NOT_YET = re.compile(r"\b(?:until|unless|once|before|whether) $")
_NEXT_ONE = re.compile(r"(?:[\w'-]+ ){1,2}?(?:next|forthcoming) ")


_INQUIRIES = {"inquiry", "review", "investigation", "inspection", "evaluation"}
_INTO = re.compile(r" (?:into|published|released|leaked|commissioned|ordered|carried out) (?!by (?:us|our)\b)")
_PARTS = {"minutes", "accounts", "results", "findings", "conclusions"}
_OF = re.compile(r" (?:of|from) (?:the |an? |its |their |his |her |our own )?(?!our\b|my\b)[\w'-]")


def is_of_something(folded: str, found: re.Match[str]) -> bool:
    """Whether a noun that is a source only where it is somebody's tells whose: "the minutes of the board record"."""
    if found["noun"].lower() in _INQUIRIES:
        return _INTO.match(folded, found.end("noun")) is not None
    return found["noun"].lower() in _PARTS and _OF.match(folded, found.end("noun")) is not None


@cache
def timed_pattern() -> re.Pattern[str]:
    """A source with its time, where no comma parts it from what it says: "a census last autumn two in three had"."""
    when = rf"(?P<when> (?:last|this|in|of|from|for) (?:early |late )?(?:[a-z]+|{MONTH}|(?:19|20)[0-9]{{2}}))?"
    return re.compile(
        rf"(?:an?|the|its|their|recent|new|official|latest) (?:[\w'-]+ ){{0,3}}?{source_group()}{when}(?![\w-])"
    )


# Sources that no body is named for.


_OBJECT = (
    r",? (?:that|an?|the|its|no|how|what|why|whether|more|fewer|about|over|just|some|only|nearly|most|both|little|much"
    r"|at|something|otherwise|[a-z]+er|[0-9£])\b|[,:]| [0-9£]"
)
_CLAUSE = (
    "because|when|while|if|but|I|we|they|it|is|are|was|were|has|had|have|do|does|did|not|could|would|will|can|"
    "that|which|who"
)


@cache
def unnamed_patterns() -> tuple[re.Pattern[str], ...]:
    """Patterns of a source with a verb of finding that has its number: "figures show", "a survey shows"."""
    base, nouns = SPEECH.finding_base.words, SPEECH.sources.words
    finds = {verb for verb in SPEECH.finding.words - base if verb.endswith("s")}
    found = SPEECH.finding.words - base - finds
    plural = {noun for noun in nouns if noun.endswith("s") and not noun.endswith(("is", "us"))} | {"data"}
    singular = nouns - plural | {"data"}
    return _unnamed_pattern(singular, found | finds, base), _unnamed_pattern(plural, found | base, frozenset())


_TIME = r"(?:last|this|that year|the (?:year|last|same)|(?:19|20)[0-9]{2})\b"


def _unnamed_pattern(nouns: Set[str], verbs: Set[str], helped: Set[str]) -> re.Pattern[str]:
    nouns_too = verbs & TELLING.nouns_too.words - {"show", "shows"}
    told = f"(?:{any_of(nouns_too)})(?={_OBJECT})|{any_of(verbs - nouns_too)}"
    helps = "(?:do|does|did|will|would|may|might|could)(?: not| also| still| now)?"
    phrases = rf"(?:{either(SPEECH.finding_phrases.phrases)})|{comes_to()}"
    may = f"| {helps} (?:{any_of(helped)})" if helped else ""
    no_noun = (
        r"(?! (?:by|of|for|from) (?:ours?|my|mine|us|me|this (?:report|article|paper|study|book|piece))\b"
        r"| sets?\b(?! out| up| by))"
    )
    told = rf"{told}|sets? out|called(?= (?:for|on|it|this|them|the)\b)|describe[sd]?(?= [^,.;:]{{2,60}}? as\b)"
    told += r"|ma(?:kes?|de)(?= [^.;:]{0,40}?recommendations?\b)"
    told += r"|(?:links?|linked|associat(?:es|ed))(?! (?:to|with|by)\b)(?= [^.;:]{3,90}? (?:to|with) )"
    return re.compile(
        rf"(?<![\w'-])(?!accounts for (?!{_TIME})|returns to (?!the ))"
        rf"(?P<noun>(?i:{any_of(nouns)})){no_noun}(?:, and [a-z]+,)?"
        rf"(?:,? (?:(?:{either(SPEECH.of_source.words)}|seen|done|made|paid|led|set|run|held|[a-z-]+(?:ed|wn|en))\b)"
        rf" (?:(?!(?<= )(?:{_CLAUSE}) )(?:[^.;:()\",]|,(?=[0-9]))){{2,80}}?)?"
        rf"(?:, (?:[^,.;:]{{3,60}}|[A-Z][^,.;]{{3,100}}),)?"
        rf"(?:,? that|,? which(?: (?:it|they|he|she) (?:claims?|says?|said|claimed))?)?"
        rf"(?<! our)(?<! the)(?<! its)(?<! their)(?<! a)(?!(?<= and) (?:can|could|will|would|have|had)\b)"
        rf"(?P<told>{LINKING} (?:{told}|{phrases}){may})(?![\w-])"
    )


@cache
def comes_to() -> str:
    """A pattern for how a number is come to: "arrive at £3m", "came to much the same"."""
    before = rf"(?:only |barely )?(?:[£$€0-9]|(?:{either(SPEECH.comes_to.before)})\b)"
    return rf"(?:{either(SPEECH.comes_to.phrases)})(?= {before})"


@cache
def own_work_pattern() -> re.Pattern[str]:
    """What stands behind a body that finds something: " (NAO), which counts them, has found that"."""
    verbs = any_of(SPEECH.own_work.words)
    first = rf"(?: \([A-Za-z&]+\))?(?:, [^,.;:]{{3,110}},)?(?:{LINKING} (?:{LOOKED})\b[^.;:]{{0,70}}?(?: and|,? it))?"
    people = f"committee|regulator|watchdog|{any_of(SPEECH.finders.words)}"
    other = (
        rf"[A-Z][\w'&-]+(?: (?:(?:of|for|on|and|the) ){{0,2}}[A-Z][\w'&-]+)*|(?:[a-z]+ )?(?:{people})(?: of [a-z ]+?)?"
    )
    same = r"said(?= (?:as much(?! as\b)|much the same|the same)\b)|rates(?= [^,.;:]{2,50}? as )"
    joined = rf"(?: and (?:then )?(?:the )?(?:{other}))?(?: (?:both|each|all)|, which)?"
    return re.compile(
        rf"{first}{joined}{LINKING} (?P<verb>{verbs}|{same})"
        r"(?:,? (?:last|this|earlier|in|on|at)\b[^,.;:]{0,40}?,?)?"
        rf"(?= (?:{_begins()}|(?:out|as much)\b|[a-z]+s\b|(?:un|in|il|ir|ex)[a-z]+[.,;:])"
        r"|,|:|(?P<last>[.]?$)|(?<=put)(?= them\b))"
    )


def finds_out(folded: str, found: re.Match[str], kind: str) -> bool:
    """Whether to find is to find out: "found that nobody knew", but "found its feet", "has found a buyer"."""
    if not found["verb"].startswith(("find", "found")):
        return True
    if kind in _INQUIRING:
        return not folded.startswith((" its ", " their "), found.end("verb"))
    return _FINDING.match(folded, found.end("verb")) is not None


_INQUIRING = ("regulator", "think_tank", "court_or_committee", "media", "other")
_FINDING = re.compile(
    rf" (?:{either(GRAMMAR.surely_found.words)})\b| [0-9£]|[,:]|[.]?$| in [^,]*,"
    r"|,? (?:in|last|this|on) [^.;:]{2,40}? that\b"
    rf"| (?:an?|the) (?:[a-z]+ )?(?:{any_of(GRAMMAR.measured.words)})\b"
)


@cache
def _begins() -> str:
    """With what a finding begins."""
    return rf"(?:{either(GRAMMAR.finding_begins.words)})\b|[0-9£]"


@cache
def finder_pattern() -> re.Pattern[str]:
    """People who find things out and are not named: "analysts at the bank estimate that"."""
    looked = rf"(?:who|which|that) (?:{LOOKED})\b[^,.;:\"]{{2,80}}?"
    tried = r"who [a-z]+ed\b[^,.;:\"]{0,60}?"
    of = rf"(?:(?:at|from|for|of|in|working for|commissioned by) [^,.;:()\"]{{2,60}}?|{looked}|{tried})"
    teams = r"(?:research|university|academic|independent|review|inspection|evaluation|audit) teams?"
    people = rf"(?P<people>(?i:{any_of(SPEECH.finders.words)}|{teams}))(?: {of})?"
    people += rf"|(?i:{any_of(SPEECH.lookers.words)}) {looked}"
    number = rf"(?={LINKING} (?:(?:{any_of(SPEECH.estimating.words)}) [^.;]*[0-9]|puts? [^.;:]+ at [^.;:]*[0-9]))"
    whom = r"(?: (?:of|for)(?: [\w'-]+){1,3}?)?"
    reckons = rf"[Tt]he (?:[\w'-]+ ){{0,2}}?(?:{any_of(SPEECH.estimators.words)}){whom}{number}"
    finds = any_of(SPEECH.own_work.words - {"held", "published", "publishes"})
    verbs = f"{finds}|held(?= that\\b)|notes?|noted|point(?:s|ed)? out|observed?"
    some = (
        r"(?:(?:[Tt]he|[Aa]n?|[Oo]ne|[Ss]ome|[Tt]wo|[Tt]hree|[Ii]ts|[Tt]heir) "
        r"(?:(?!(?:the|an?|its|their|our|my|before|after|until|when|than|and|by|that|which|who|as)\b)[\w'-]+ ){0,3}?)?"
    )
    thing = r"(?<=found) (?!(?:them|him|her|me|us|you|himself|herself|themselves|time|room|work|it)\b)[a-z]"
    return re.compile(
        rf"(?<![\w'-])(?P<who>{some}(?:{people})|{reckons})(?:, [^,.;:]{{3,70}},)?"
        rf"(?P<looked>{LINKING} (?:{LOOKED})\b[^.;:]{{2,90}}? and)?{LINKING} (?:(?P<verb>{verbs})"
        rf"(?!(?<=found) (?:its|their)\b)(?= (?:{_begins()})|{thing}|,|:)|{comes_to()})"
    )


@cache
def grounds_pattern() -> re.Pattern[str]:
    """What stands before a name that is cited as ground: "citing the"."""
    return re.compile(rf"\b(?:{either(SPEECH.grounds.phrases)}) (?:the |an? |by )?$")


@cache
def as_they_pattern() -> re.Pattern[str]:
    """What stands behind a name that "as" announces: "has pointed out"."""
    return re.compile(rf"{LINKING} (?:{either(SPEECH.as_they.phrases)})\b(?! (?:by|about|for)\b)")


# Documents.


_OTHER_CLAUSE = (
    "that|which|who|and(?! (?:the|an?|its|their|other) )|but|because|when|while|where|as|after|before|if|since|"
    "had|has|was|were|is|are"
)


@cache
def document_pattern() -> re.Pattern[str]:
    """A document that says something: "the recovery plan published in May states that", "its contract says: "."""
    nouns = any_of(SPEECH.documents.words | SPEECH.sources_when_named.words - {"work"})
    stating = either(SPEECH.stating.phrases)
    return re.compile(
        r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Yy]our|[Oo]ne|[\w-]+'s|[\w-]+s') (?:[A-Za-z0-9][\w'-]* ){0,4}?"
        rf"(?P<noun>{nouns})(?! (?:by|of|for|from) (?:our|my)\b)(?: \([^()]{{2,60}}\))?"
        r"(?:,? (?:published|issued|released|agreed|signed|drawn|leaked|sent|written|given|obtained|seen|of|on|for|from"
        rf"|by|in|with|between|to) (?:(?!(?<= )(?:{_OTHER_CLAUSE}) )[^.;:()\",]){{2,70}}?)?(?:, [^,.;:]{{3,60}},)?"
        r"(?: (?:that|which) (?:it|they|he|she) (?:[a-z]+ ){0,2}?(?:published|issued|released|sent|signed)\b"
        r"[^.;:()\",]{0,40})?"
        rf"(?:,? which)?(?P<told>(?<=guidance) is(?= that\b)|(?<=which) (?:talks|speaks|talked|spoke) of\b"
        rf"|{LINKING} (?:{stating}|(?<!to )say)(?:(?<!told)(?<!tells)(?: [a-z]+)? (?:that|how)\b"
        rf"|(?:(?<=says)|(?<=say)|(?<=states)) (?!nothing|no |neither)(?:{either(GRAMMAR.clause_subject.words)})\b"
        r"|(?: [a-z]+){1,2} that\b"
        r"|(?:(?<=told)|(?<=tells)|(?<=advises)|(?<=requires)) [a-z]+ to\b"
        r"|(?:(?<=warned)|(?<=warns)) [a-z]+ (?:of|about|against)\b"
        r"|:|,? \"))"
    )


@cache
def led_pattern() -> re.Pattern[str]:
    """A document that a sentence sets out from: "In its evidence", "After a freedom of information request by X"."""
    return re.compile(
        r"(?:[Ii]n|[Oo]n the (?:basis|evidence) of) (?:an?|its|his|her|their|the|one|another|oral|written)"
        rf" (?:(?!(?:where|when|which|who|that|as)\b)[\w'-]+ ){{0,5}}?{source_group()}(?![\w-])"
        r"|(?:[Ff]ollowing|[Aa]fter|[Uu]sing|[Ii]n (?:response|reply|answer) to|[Tt]hrough|[Uu]nder|[Bb]y) "
        r"(?P<asked>(?:an? |the )?(?:[Ff]reedom of [Ii]nformation|F[Oo]I) (?P<foi>requests?|responses?|disclosures?)"
        r"(?: (?:by|from|of|to) [^,.;:()\"]{2,60}?)?)(?=,| it\b| (?:has|have|showed?|shows|revealed|found)\b|\.|$)"
    )


# References in brackets.

_PAGES = r"(?:, ?pp?\.? ?[0-9-]+|: ?[0-9-]+)?"
_REFERENCES = re.compile(rf"\((?P<inside>[^()]{{4,200}}(?:19|20)[0-9]{{2}}[a-z]?{_PAGES})\)")
_REFERENCE = re.compile(
    r"(?:(?:see|e\.g\.|cf\.?)(?: also)?,? )?"
    r"(?P<name>[A-Z][\w'&.-]+(?:,? (?:and|&|of|for|the|et al\.?|[A-Z][\w'&.-]+)){0,7}?)"
    rf",? (?:19|20)[0-9]{{2}}[a-z]?{_PAGES}$"
)


def references_in(folded: str, sentence: Span) -> Iterator[Span]:
    """References in brackets by name and year: "(Appleton 2019; National Audit Office, 2022)"."""
    for bracket in _REFERENCES.finditer(folded, sentence.start, sentence.end):
        at = bracket.start("inside")
        for part in bracket["inside"].split(";"):
            start = at + len(part) - len(part.lstrip())
            reference = _REFERENCE.match(part.strip())
            if reference is not None and not _is_no_author(reference["name"]):
                yield Span(start, start + len(part.strip()))
            at += len(part) + 1


def _is_no_author(name: str) -> bool:
    """Whether a name with a year in brackets is a date, a place, or a law: "(March 2020)", "(Care Act 2014)"."""
    words = [word for word in re.findall(r"[\w'&-]+", name) if word[0].isupper()]
    ends = NOT_ACTORS.endings.words | NOT_ACTORS.common.words
    known = {*NOT_ACTORS.places.names, *NOT_ACTORS.programmes.names}
    return not words or words[0] in NOT_ACTORS.common.words or words[-1] in ends or name in known


# What was cited before: "the report adds", "its analysis", "They found".


@dataclass(slots=True)
class Earlier:
    """The sources that an article has named so far, by which "the report" and "its analysis" are understood."""

    texts: Sequence[Text]
    mentions: dict[int, list[ActorMention]]
    _whose: dict[str, tuple[int, Actor | None]] = field(default_factory=dict)
    _last: tuple[int, int, Actor | None] | None = None
    _sources: set[tuple[str, Actor | None]] = field(default_factory=set)

    def note(self, number: int, start: int, what: str, whose: Actor | None) -> None:
        """Know what was cited in a paragraph, at `start`, and whose it is."""
        known = self._whose.get(what)
        if whose is None and known is not None and number - known[0] <= _REACH:
            whose = known[1]
        self._whose[what] = (number, whose)
        self._last = (number, start, whose)
        if what != "finding" or whose is not None:
            self._sources.add((what, whose))

    def again(self, index: int, at: int, noun: str) -> tuple[bool, Actor | None]:
        """Whether a source that is called so was named before, not long ago, and whose it is."""
        number = self.texts[index].paragraph.paragraph_no
        known = self._whose.get(singular(noun))
        if known is not None and number - known[0] <= _REACH:
            return True, known[1]
        for back in range(index, max(-1, index - _REACH - 1), -1):
            text = self.texts[back]
            end = at if back == index else len(text.folded)
            found = list(_first_named(noun).finditer(text.folded, 0, end))
            if found:
                return True, self._maker(text, found[-1])
        near = self._last is not None and (number - self._last[0] <= _NEXT or len(self._sources) == 1)
        if self._last is not None and near and singular(noun) in _ANY_SOURCE:
            return True, self._last[2]  # "data from X ... The report puts it at"
        return False, None

    def _maker(self, text: Text, named: re.Match[str]) -> Actor | None:
        """Whose a source is by the words right behind it: "a letter from the Academy"."""
        if _MADE_BY.match(text.folded, named.end()) is None:
            return None
        here = self.mentions[text.paragraph.paragraph_no]
        return next((one.actor for one in here if named.end() <= one.char_start <= named.end() + _MAKER), None)

    def owner(self, text: Text, at: int) -> Actor | None:
        """Whom "its" or "their" before a source means: the body named last, in the paragraph or the one before."""
        number = text.paragraph.paragraph_no
        bodies = [one for one in self.mentions[number] if one.char_end <= at and one.actor.kind != "person"]
        bodies = bodies or [one for one in self.mentions[number - 1] if one.actor.kind != "person"]
        return bodies[-1].actor if bodies else None

    def sets_out_from(self, index: int, at: int, pronoun: str) -> bool:
        """Whether "It" or "They" is the source that the sentence before begins with: "The accounts were late"."""
        text, end = self.texts[index], at
        if not text.folded[:at].strip():
            if index == 0:
                return False
            text = self.texts[index - 1]
            end = len(text.folded)
        before = [span for span in bounded_sentences(text.paragraph.text) if span.start < end]
        named = _subject_source().match(text.folded, before[-1].start) if before else None
        if named is None and before and text.folded.startswith("It found that ", at):
            by_us = not SPEECH.own.words.isdisjoint(words_in(text.folded[slice(*before[-1])]))
            named = None if by_us else _brought_out().search(text.folded, *before[-1])
        if named is None or own_before(text.folded, named.start("noun")):
            return False
        many = singular(named["noun"].lower()) != named["noun"].lower() or named["noun"].lower() in PLURAL_ONLY
        return pronoun.lower() == ("they" if many else "it")

    def just_before(self, number: int, sentences: Sequence[Span], at: int) -> tuple[bool, Actor | None]:
        """Whether the sentence before a place, or the end of the paragraph before, cited anything, and whose."""
        if self._last is None:
            return False, None
        paragraph, start, whose = self._last
        earlier = [span.start for span in sentences if span.start < at]
        near = paragraph == number and bool(earlier) and start >= earlier[-1]
        return (True, whose) if near else (False, None)


_ANY_SOURCE = {"report", "study", "research", "analysis", "survey", "paper", "review", "document", "figures"}
_NEXT = 1  # paragraphs behind a citation in which "the report" may mean what was cited by another noun
_REACH = 4  # paragraphs within which "the report" means the one that was named
_MAKER = 40  # characters behind a source within which its maker is named
_MADE_BY = re.compile(r"(?: [a-z-]+)? (?:by|from|of) ")


@cache
def _subject_source() -> re.Pattern[str]:
    return re.compile(
        r"(?:The|An?|Its|Their|This|That|[A-Z][\w-]+(?:'s|s')) "
        r"(?:(?!of |for |to |in |on |by |with |that )[\w'-]+ ){0,3}?"
        rf"{source_group()}(?![\w-])"
    )


@cache
def _brought_out() -> re.Pattern[str]:
    """A source that a sentence tells somebody to have made: "The panel has published its first review."."""
    made = "published|issued|released|produced|conducted|carried out|wrote|completed"
    return re.compile(rf"\b(?:{made}) (?:its|their|an?|the) (?:[\w'-]+ ){{0,3}}?{source_group()}(?![\w-])")


@cache
def _first_named(noun: str) -> re.Pattern[str]:
    """A source as it is named for the first time: "a scathing letter", "its new report"; in one or many."""
    forms = {noun.lower(), singular(noun.lower())}
    return re.compile(
        rf"\b(?:[Aa]n?|[Aa]nother|[Nn]ew|[Oo]ne|[Ii]ts|[Tt]heir|[\w-]+'s|[\w-]+s') (?:[\w-]+ ){{0,3}}?"
        rf"(?:{any_of(forms)})(?![\w-])"
    )
