"""Citations: the words by which an article leans on another source, whose it is, and what kind of source."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import (
    GRAMMAR,
    LOOKED,
    SPEECH,
    Form,
    any_of,
    forms_of_citing,
    lead_words,
    noun_in,
    people_words,
    seldom_cited,
    singular,
    source_group,
    source_words,
    telling_words,
    words_in,
)
from extractors.actors.mentions import Text
from extractors.actors.model import Actor, ActorMention, Citation
from extractors.actors.sources import (
    MADE,
    Earlier,
    as_they_pattern,
    by_others,
    document_pattern,
    finder_pattern,
    finds_out,
    grounds_pattern,
    is_anothers,
    is_noun_there,
    is_of_something,
    leans,
    led_pattern,
    makers_pattern,
    official_pattern,
    only_handled,
    other_noun,
    own_before,
    own_work_pattern,
    owned_pattern,
    phrase_start,
    references_in,
    still_to_come,
    timed_pattern,
    unnamed_patterns,
    without_links,
)
from extractors.figures.model import Figure
from extractors.lexicon import either
from extractors.speech.grammar import MONTH, told_in
from extractors.text.sentences import Span, between, bounded_sentences

_CLOSED = re.compile(
    r"[,;:()\"]| '(?=[A-Z])| (?:which|who|that|where|when|but|and (?:the|a|it|they|that))\b|[.!?](?:\s|$)"
)
_SENTENCE_LEADS = ("It ", "They ", "But ", "And ", "Yet ", "Still,", "However,", "He ", "She ")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_PRONOUN_SOURCES = GRAMMAR.no_source.words
_LONGEST_LED = 18  # words after "according to" that can be the source alone
_NO_SUBJECT = re.compile(r"\b(?:by|for|of|to|with|from|against|and) (?:the )?$")


class _Place(NamedTuple):
    """A sentence with its paragraph, the number of that among all, the actors that it names and its words."""

    text: Text
    number: int
    sentence: Span
    sentences: Sequence[Span]
    here: Sequence[ActorMention]
    words: frozenset[str]


class _Found(NamedTuple):
    start: int
    end: int
    what: str
    whose: Actor | None


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
    earlier = Earlier(texts, by_paragraph)
    for index, text in enumerate(texts):
        if text.paragraph.kind == "heading":
            continue
        number = text.paragraph.paragraph_no
        sentences = bounded_sentences(text.paragraph.text)
        for sentence in sentences:
            words = words_in(text.folded[slice(*sentence)])
            if not _may_cite(words, text.folded, sentence):
                continue
            place = _Place(text, index, sentence, sentences, between(by_paragraph[number], *sentence), words)
            for one in _in_sentence(place, earlier):
                earlier.note(number, one.start, one.what, one.whose)
                found.append(_citation(text, sentence, one, stated[number]))
    return tuple(found)


def _may_cite(words: frozenset[str], folded: str, sentence: Span) -> bool:
    """Whether a sentence has any word by which a source is told, a reference, or a pronoun that may mean a source."""
    if not words.isdisjoint(telling_words()) or folded.startswith(_SENTENCE_LEADS, sentence.start):
        return True
    return "(" in folded[slice(*sentence)]


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
        one.whose,
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


def _in_sentence(place: _Place, earlier: Earlier) -> list[_Found]:
    text, _, sentence, _, here, words = place
    found: list[_Found] = []  # the surest first
    if not words.isdisjoint(lead_words()):
        found += _according(text, sentence, here)
    if not words.isdisjoint(source_words()):
        found += _led_by_document(place, earlier)
        found += _named_sources(text, sentence, here)
        found += _made_by_others(text, sentence)
    found += _in_forms(place)
    if not words.isdisjoint(source_words()):
        found += _unnamed_sources(place, earlier)
        found += _documents(text, sentence, here)
    found += _named_grounds(text, sentence, here)
    found += _own_work(text, sentence, here)
    found += _finders(place, earlier)
    found += _references(text, sentence, here)
    return _kept(text, sentence, found)


def _kept(text: Text, sentence: Span, found: Sequence[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    for one in found:
        handled = one.what not in _NEVER_HANDLED and not text.folded.startswith(_LEADS, one.start)
        if handled and only_handled(text.folded, sentence, one.start, one.end):
            continue
        if one.what != "finding" and still_to_come(text.folded, one.start, one.end):
            continue
        taken = any(other.start < one.end and one.start < other.end for other in kept)
        again = one.what == "finding" and any(other.whose is not None and other.whose == one.whose for other in kept)
        if not taken and not again:
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


_NEVER_HANDLED = ("finding", "reference")
_LEADS = (
    *("according", "According", "as ", "As ", "in ", "In ", "based", "Based", "On ", "on "),
    *("citing", "drawing", "relying", "quoting", "after ", "After ", "following ", "Following "),
)


# Phrases that lead to a source.


@cache
def _leading() -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(SPEECH.leading.phrases, key=len, reverse=True)))
    drawn = r"(?:come|comes|came|taken|drawn|compiled|extracted|derived|obtained) from"
    numbers = "(?:figures?|data|numbers?|statistics|estimates?)"
    return re.compile(
        rf"\b(?:(?i:{phrases})|Figures from|Data from|Per(?= (?:the )?[A-Z])"
        rf"|{numbers} (?:[a-z]+ ){{0,3}}?(?P<drawn>{drawn})) "
    )


def _according(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    for lead in _leading().finditer(text.folded, sentence.start, sentence.end):
        stop = _CLOSED.search(text.folded, lead.end(), sentence.end)
        end = len(text.folded[: stop.start() if stop else sentence.end].rstrip(" .!?"))
        words = text.folded[lead.end() : end].lower().split()
        if _DATE.match(text.folded, lead.end()) is not None:
            continue  # "published in 2019 by"
        if not words or words[0] in _PRONOUN_SOURCES | SPEECH.own.words or _ORDER.fullmatch(" ".join(words)):
            continue
        whose = next((one for one in here if lead.end() <= one.char_start < end), None)
        timed = timed_pattern().match(text.folded, lead.end(), sentence.end) if whose is None else None
        if len(words) > _LONGEST_LED and whose is None and timed is None:
            continue
        end = timed.end() if timed is not None and (timed["when"] or len(words) > _LONGEST_LED) else end
        if whose is not None and (len(words) > _LONGEST_LED or _begins_clause().match(text.folded, whose.char_end)):
            end = whose.char_end  # no comma parts the source from what it says
        if whose is None and (noun := _noun_ended().search(text.folded, lead.end() - 1, end)) is not None:
            end = noun.end()
        if whose is None and (clause := _PRONOUN_BEGINS.search(text.folded, lead.end(), end)) is not None:
            end = clause.start()
        named = _following().match(text.folded, whose.char_end, sentence.end) if whose is not None else None
        end = max(end, named.end()) if named is not None else end
        around = text.folded[lead.end() : end]
        if whose is not None:  # the words of a name are no source: "National Audit Office"
            around = around.replace(whose.surface.replace("’", "'"), " ")
        what = noun_in(around.lower().split())
        kind = whose.actor.kind if whose is not None else None
        if what is None and whose is None and not _leads_to_unnamed(lead, words):
            continue
        start = lead.start("drawn") if lead["drawn"] else lead.start()
        yield _Found(start, end, what or _BY_KIND.get(kind or "", "data"), whose.actor if whose is not None else None)


_PRONOUN_BEGINS = re.compile(r" (?:it|they|he|she|we|there|I) ")
_ORDER = re.compile(r"the (?:first|second|third|former|latter|other|one)s?")
_BY_KIND = {"person": "statement", "media": "article"}
_DATE = re.compile(rf"(?:(?:early |late )?(?:19|20)[0-9]{{2}}|{MONTH}|[a-z]+ (?:19|20)[0-9]{{2}})\b")


@cache
def _noun_ended() -> re.Pattern[str]:
    """A source after which what it says begins without a comma: "according to the latest figures 167 trusts have"."""
    begins = rf"{either(GRAMMAR.clause_subject.words)}|about|nearly|over|almost|only|just"
    return re.compile(rf"(?<![\w-]){source_group()}(?= (?:(?:{begins})\b|[0-9£]))")


@cache
def _begins_clause() -> re.Pattern[str]:
    return re.compile(rf" (?:{either(GRAMMAR.clause_subject.words)})\b")


def _leads_to_unnamed(lead: re.Match[str], words: list[str]) -> bool:
    """Whether words after a phrase are a source though no noun tells it: "according to the latest count"."""
    phrase = lead[0].lower()
    if words[1:2] == ["own"]:
        return not SPEECH.documents.words.isdisjoint(words)
    if words[0] not in GRAMMAR.unnamed_source.words:
        return False
    if phrase.startswith("as "):
        return not SPEECH.documents.words.isdisjoint(words)
    return phrase.startswith(("according", "estimated", "calculated"))


def _named_grounds(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A name that is cited as ground: "citing the King's Fund", "as the National Audit Office has pointed out"."""
    for one in here:
        before = text.folded[max(sentence.start, one.char_start - 30) : one.char_start]
        lead = grounds_pattern().search(before)
        if lead is not None and not text.folded.startswith("'", one.char_end):
            yield _Found(one.char_start - len(before) + lead.start(), one.char_end, "data", one.actor)
            continue
        announced = one.actor.kind != "person" and re.search(r"\b[Aa]s (?:the )?$", before) is not None
        if announced and as_they_pattern().match(text.folded, one.char_end, sentence.end):
            yield _Found(one.char_start, one.char_end, "finding", one.actor)


# Nouns of sources beside whose they are.


@cache
def _by_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-]){source_group('|(?:[Ww]ork|[Cc]ount|[Tt]ally|ranking)(?= (?:by|from) )')}{MADE}?"
        r"(?:,? (?:in|on|into|of|from) [^.;:()]{2,60}?)?,?"
        rf"(?: (?:{either(GRAMMAR.made.phrases)}|seen))?"
        r"(?: (?:today|yesterday|last [a-z]+|this [a-z]+|in [A-Z][a-z]+))?"
        r" (?:(?:by|from|on behalf of) (?:[\w'-]+ ){0,4}?"
        r"|(?:of|for|in|to) (?:the |a |an )?(?:(?:influential|powerful|cross-party|independent|Commons|Lords) ){0,2})$"
    )


@cache
def _following() -> re.Pattern[str]:
    adjectives = either(SPEECH.of_a_body.words)
    some = r"(?:(?!is |has |was |had |are |were |will |for |to |of |on |in |at |by |from |with )[\w-]+ ){0,3}?"
    letters = r"(?: \([A-Z][A-Za-z&]+\))?"
    noun = source_group(r"|figure(?= (?:is|was|of|for)\b)")
    return re.compile(rf"{letters}(?:'s?(?: {some}| )|(?: (?:(?:{adjectives}|[0-9]{{4}}) )*)){noun}(?![\w-])")


def _named_sources(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A source noun beside whose it is: "a report by the NAO", "NHS England figures", "the King's Fund's study"."""
    folded = text.folded
    for one in here:
        following = _following().match(folded, one.char_end, sentence.end)
        owned = one.actor.kind != "person" or folded[one.char_end : one.char_end + 1] == "'"
        if following is not None and owned and not other_noun(folded, following) and is_noun_there(folded, following):
            noun = following["noun"].lower()
            if noun not in seldom_cited() or leans(folded, sentence, one.char_start, following.end()):
                yield _Found(one.char_start, following.end(), singular(noun), one.actor)
            continue
        first = max(sentence.start, one.char_start - 110)
        before = _by_pattern().search(folded, first, one.char_start)
        if before is not None and not is_anothers(folded, one, before):
            start = phrase_start(folded, sentence, before.start("noun"))
            noun = before["noun"].lower()
            whose, end = _maker(folded, one, here, before.start("noun"))
            if noun not in seldom_cited() or leans(folded, sentence, start, end):
                yield _Found(start, end, singular(noun), whose)


def _maker(folded: str, client: ActorMention, here: Sequence[ActorMention], noun: int) -> tuple[Actor | None, int]:
    """Who made it, and where the words end: the one behind "for" only ordered it, if another is named as its maker.

    "Polling for the Sunday Times by YouGov", "a Populus poll for the network"; a maker may be a name that nobody knows.
    """
    if not folded.endswith((" for ", " for the ", " of "), 0, client.char_start):
        return client.actor, client.char_end
    after = next((one for one in here if _BY.fullmatch(folded, client.char_end, one.char_start)), None)
    if after is not None:
        return after.actor, after.char_end
    named = next((one for one in here if folded[one.char_end : noun] in _OWNS), None)
    if named is not None or (
        _MAKER_BEFORE.search(folded, 0, noun) and folded.endswith((" for ", " for the "), 0, client.char_start)
    ):
        return (named.actor if named else None), client.char_end
    return client.actor, client.char_end


_BY = re.compile(r" by (?:the )?(?:[a-z-]+ ){0,3}")
_OWNS = (" ", "'s ", "' ")
_MAKER_BEFORE = re.compile(r"\b(?:[Aa]n?|[Tt]he|[Aa]nother|[Rr]ecent|[Nn]ew|[Oo]ne) (?:[A-Z][\w&-]+ ){1,2}$")


def _made_by_others(text: Text, sentence: Span) -> Iterator[_Found]:
    """A source of somebody who is not named: "a report by a research group", "the auditor's report"."""
    for pattern in (makers_pattern(), owned_pattern(), official_pattern()):
        for match in pattern.finditer(text.folded, sentence.start, sentence.end):
            noun = match.start("noun")
            if pattern is makers_pattern() and own_before(text.folded, noun):
                continue
            start = match.start() if pattern is not makers_pattern() else phrase_start(text.folded, sentence, noun)
            if not other_noun(text.folded, match) and leans(text.folded, sentence, start, match.end()):
                yield _Found(start, match.end(), singular(match["noun"].lower()), None)


def _in_forms(place: _Place) -> Iterator[_Found]:
    """What cites by the form of its words: "said in a report last summer", "on the Treasury's own figures"."""
    for form in forms_of_citing():
        if place.words.isdisjoint(form.words):
            continue
        for match, named in _matched(form, place):
            if own_before(place.text.folded, match.start("noun")):
                continue
            first = named.char_start if named is not None else match.start()
            start, end = match.span("where") if "where" in form.pattern.groupindex else (first, match.end())
            whose = named.actor if named is not None else _owner(form, match, place.here)
            yield _Found(start, end, form.what or singular(match["noun"].lower()), whose)


def _matched(form: Form, place: _Place) -> Iterator[tuple[re.Match[str], ActorMention | None]]:
    """Where words are in a form, and who is named right before them, if the form says so."""
    if form.whose != "named":
        yield from ((match, None) for match in form.pattern.finditer(place.text.folded, *place.sentence))
        return
    for one in place.here:
        if not form.kinds or one.actor.kind in form.kinds:
            match = form.pattern.match(place.text.folded, one.char_end, place.sentence.end)
            if match is not None:
                yield match, one


def _owner(form: Form, match: re.Match[str], here: Sequence[ActorMention]) -> Actor | None:
    """Whose source it is: who is named in its words or right behind them, last before them, or last of both."""
    if form.whose == "nobody":
        return None
    behind = _MAKER_BEHIND.match(match.string, match.end())
    first = 0 if form.whose == "either" else match.start() - (_SAYS_IT if form.whose == "before" else 0)
    last = match.start() if form.whose == "before" else behind.end() + 1 if behind is not None else match.end()
    named = [one.actor for one in here if first <= one.char_start < last]
    return None if not named else named[0] if form.whose == "inside" else named[-1]


_MAKER_BEHIND = re.compile(r" (?:from|by)(?: the)? ")
_SAYS_IT = 60  # characters before a form within which who says it is named


# Sources and people that find.


def _own_work(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A body that states a finding of its own: "the National Audit Office found that"."""
    for one in here:
        if one.actor.kind in {"person", "party"}:
            continue
        verb = own_work_pattern().match(text.folded, one.char_end, sentence.end)
        verb = verb or (_QUOTED.match(text.folded, one.char_end, sentence.end) if one.actor.kind == "media" else None)
        if (
            verb is not None
            and (verb["last"] is None or _CLAUSE_DONE.search(text.folded, sentence.start, one.char_start))
            and (verb[0].startswith(", which ") or not _NO_SUBJECT.search(text.folded[sentence.start : one.char_start]))
            and _reckons(text.folded, verb)
            and finds_out(text.folded, verb, one.actor.kind)
        ):
            reports = verb["verb"].startswith(("report", "publish"))
            yield _Found(one.char_start, one.char_end, "report" if reports else "finding", one.actor)


_CLAUSE_DONE = re.compile(r"[,\"'] ?(?:the )?$")  # "Most would agree, YouGov found."
_QUOTED = re.compile(r"(?: has)? (?P<verb>quotes|quoted|reports|reported) (?P<last>(?!))?")


def _reckons(folded: str, found: re.Match[str]) -> bool:
    """Whether "put" and its like give a number: "put the bill at £4m", but "put a lot of weight on eyes"."""
    if re.search(r"\b(?:would|might|may|should)\b|\bcould show", folded[found.start() : found.end("verb")][-30:]):
        return False
    if found["verb"] == "publishes":
        return _PUBLISHED.match(folded, found.end("verb")) is not None
    return not found["verb"].startswith("put") or _AMOUNT.search(folded[found.end("verb") :][:100]) is not None


_PUBLISHED = re.compile(rf" (?:[\w'-]+ ){{0,5}}?(?:{any_of(SPEECH.sources.words)})(?![\w-])")
_AMOUNT = re.compile(r" at (?:[a-z]+ ){0,4}(?:[£$€]?[0-9]|a (?:third|quarter|half)|half|one|two|three|four|five|ten)")


def _finders(place: _Place, earlier: Earlier) -> Iterator[_Found]:
    """People who find things out for their living and are not named: "inspectors found that", "analysts estimate"."""
    text, _, sentence, sentences, _, words = place
    anybody = not words.isdisjoint(people_words())
    for match in finder_pattern().finditer(text.folded, sentence.start, sentence.end) if anybody else ():
        before = text.folded[sentence.start : match.start("who")]
        if any(one.char_start <= match.start("people") < one.char_end for one in place.here):
            continue  # told by the name
        if (_NO_SUBJECT.search(before) and not before.endswith(", and ")) or _OURS.search(before):
            continue
        if match["looked"] and match["verb"] and not finds_out(text.folded, match, "person"):
            continue  # "the auditors looked at it and found it sound" is told of them, not by them
        if match["verb"] is None or _reckons(text.folded, match):
            of = [one.actor for one in place.here if match.start("who") < one.char_start < match.end("who")]
            yield _Found(*match.span("who"), "finding", of[0] if of else None)
    meant = _THEY_FOUND.match(text.folded, sentence.start, sentence.end)
    if meant is not None:
        cited, whose = earlier.just_before(text.paragraph.paragraph_no, sentences, sentence.start)
        document = whose is None and (cited or earlier.sets_out_from(place.number, sentence.start, meant["who"]))
        by_people = cited or _looked_into().search(text.folded, max(0, sentence.start - _ONE_SENTENCE), sentence.start)
        if document or (by_people and meant["shows"] is None):
            yield _Found(*meant.span("who"), "finding", whose)


_THEY_FOUND = re.compile(
    r"(?:(?:But|And|Yet|Still,|However,) )?(?P<who>[Ii]t|[Tt]hey|[Hh]e|[Ss]he) (?:also |then |further )?"
    r"(?:found|concluded|estimated|calculated|reckoned|revealed"
    r"|(?P<shows>shows?|showed|finds?|suggests?|suggested|reveals?|records?|recorded|notes?|noted|lists?|puts?|recommends?"
    r"|recommended|identif(?:y|ies|ied)))"
    r"(?= (?:that|the|a|an|no|only|how|much|little|many|few|some|[0-9£]|[a-z]+ (?:of|in))\b)"
)
_ONE_SENTENCE = 220  # characters
_OURS = re.compile(r"\b(?:[Oo]ur|[Mm]y)(?: [\w'-]+)? $")
# "the bishop who is leading the inquiry will say"
_OF_ANOTHER = re.compile(
    r"\b(?:who|which|that) (?:(?:is|was|are|were|has|had|have) )?(?:[a-z]+(?:ing|ed|s)|led|ran|wrote) $"
)
_PUT_UP = re.compile(r" put (?:on|up|out|in|off|away|together|before)\b")
_OURS_TOO = re.compile(r"\bof (?:our|my)\b")
_WITH = re.compile(r", with [^,]*$")  # "a trial, with the hours counted, should"
_NONE_BEFORE = re.compile(r"\b(?:no|any|every|each|without|next)(?: [a-z]+)? $")


@cache
def _looked_into() -> re.Pattern[str]:
    """A sentence in which people look into something, right before a place: "The researchers looked at spending."."""
    people = any_of(SPEECH.finders.words)
    return re.compile(rf"(?i:\b(?:{people}))(?: [^,.;:]{{2,60}}?)? (?:{LOOKED})\b[^.!?]*[.!?] ?$")


def _unnamed_sources(place: _Place, earlier: Earlier) -> Iterator[_Found]:
    """A source that no body is named for, with a verb of finding: "a recent survey found", "official figures show"."""
    text, index, sentence, _, here, _ = place
    for pattern in unnamed_patterns():
        for match in pattern.finditer(text.folded, sentence.start, sentence.end):
            noun = match.start("noun")
            if own_before(text.folded, noun) or _NONE_BEFORE.search(text.folded[max(0, noun - 12) : noun]):
                continue
            behind = match.end("noun"), match.start("told")
            if _OURS_TOO.search(text.folded, *behind) or _WITH.match(text.folded, *behind):
                continue
            start = phrase_start(text.folded, sentence, noun)
            if match["noun"][0].isupper() and _NO_SUBJECT.search(text.folded[sentence.start : start]):
                continue  # "papers seen by the Bulletin put": an outlet of that name
            if _OF_ANOTHER.search(text.folded, max(0, start - 40), start) or _PUT_UP.match(
                text.folded, match.end("told") - len(" put")
            ):
                continue
            bare = noun == sentence.start and not _is_told_of(match)
            weak = match["noun"] in SPEECH.sources_when_named.words or bare
            owned = earlier.owner(text, start) if _ITS.match(text.folded, start, noun) else None
            weak = weak and owned is None and not is_of_something(text.folded, match)
            again = _THE.match(text.folded, start, noun) is not None
            before, whose = earlier.again(index, sentence.start, match["noun"]) if again else (False, None)
            if weak and not before and not by_others(text.folded, sentence, start, noun):
                continue
            whose = owned or whose
            end = without_links(text.folded, start, match.start("told"))
            end = end if whose is None else start + len(text.folded[start:end].split(", which", 1)[0])
            named = next((one.actor for one in here if start <= one.char_start < end), None)
            yield _Found(start, end, singular(match["noun"].lower()), named or whose)


def _is_told_of(found: re.Match[str]) -> bool:
    """Whether a noun that needs no article tells what it is of or finds: "Research in three towns suggests"."""
    told = found.start("told") > found.end("noun") or found.string.startswith(" that ", found.end("told"))
    return told and found["noun"].lower() in SPEECH.mass.words


_THE = re.compile(r"[Tt]h(?:e|is|at|ese|ose) (?:[a-z-]+ )?$")
_ITS = re.compile(r"(?:[Ii]ts|[Tt]heir) ")


# Documents: what they say is told as of a person, and in brackets only their name and year.


def _documents(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """A document that says something: "the recovery plan published in May states that", "its contract says: "."""
    for match in document_pattern().finditer(text.folded, sentence.start, sentence.end):
        own = own_before(text.folded, match.start("noun"))
        if own or _OF_ANOTHER.search(text.folded, max(0, match.start() - 40), match.start()):
            continue
        inside = [one for one in here if match.start() < one.char_end and one.char_start < match.start("told")]
        if any(one.actor.kind == "person" for one in inside):
            continue  # "the board's director of strategy, Jane Roe, said: "
        start = min(match.start(), inside[0].char_start) if inside else match.start()
        end = without_links(text.folded, start, match.start("told"))
        yield _Found(start, end, singular(match["noun"].lower()), inside[0].actor if inside else None)


def _led_by_document(place: _Place, earlier: Earlier) -> Iterator[_Found]:
    """The document that a sentence sets out from: "In its evidence the union said", "After an FOI request by X"."""
    text, _, sentence, _, here, _ = place
    match = led_pattern().match(text.folded, sentence.start, sentence.end)
    if match is None:
        return
    if match["asked"]:
        whose = next((one.actor for one in here if one.char_start < match.end("asked")), None)
        yield _Found(*match.span("asked"), singular(match["foi"]), whose)
        return
    noun = match["noun"].lower()
    if own_before(text.folded, match.start("noun")) or noun in _SURVEYS:
        return
    told = next(told_in(text.folded, match.end(), sentence.end), None)
    if told is None or told.subject is None or told.subject.start - match.end() > _LED_REACH:
        return
    end = match.end() + len(_PREPOSITION.sub("", text.folded[match.end() : told.subject.start].rstrip(" ,")))
    inside = [one.actor for one in here if match.start() <= one.char_start < end]
    says = [one.actor for one in here if told.subject.start <= one.char_start < told.subject.end]
    whose = next(iter([*inside, *says]), None)
    if whose is None and text.folded[slice(*told.subject)] in {"it", "they"}:
        whose = earlier.owner(text, sentence.start)
    yield _Found(sentence.start, end, singular(noun), whose)


_PREPOSITION = re.compile(r" (?:to|of|on|for|at|by|in|from|with|before)$")
_SURVEYS = {"poll", "survey", "study", "audit", "analysis"}  # told of elsewhere, whoever speaks in the sentence
_LED_REACH = 60  # characters between a document and who speaks in it


def _references(text: Text, sentence: Span, here: Sequence[ActorMention]) -> Iterator[_Found]:
    """References in brackets by name and year, and lines that only name a source."""
    for start, end in references_in(text.folded, sentence):
        yield _Found(start, end, "reference", next((one.actor for one in here if start <= one.char_start < end), None))
    named = _SOURCE_LINE.match(text.folded)
    if named is not None and sentence.start == 0 and here and here[0].char_start == named.end():
        yield _Found(0, here[0].char_end, "source", here[0].actor)
        for one in here[1:]:
            if text.folded.endswith(("; ", "; the ", " and "), 0, one.char_start):
                yield _Found(one.char_start, one.char_end, "source", one.actor)


_SOURCE_LINE = re.compile(r"Sources?: ")
