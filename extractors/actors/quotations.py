"""Quotations: the speech and text of others, direct or reported, each with its speaker."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeVar

from extractors.actors.lexicons import GRAMMAR, SPEECH
from extractors.actors.mentions import Text
from extractors.actors.model import Quotation
from extractors.actors.speakers import Speaker, Speakers
from extractors.lexicon import either
from extractors.speech.grammar import GRAMMAR as TELLING
from extractors.speech.grammar import Stretch, Told, is_clause, is_finite, is_own, stretches, told_in
from extractors.text.sentences import Span, bounded_sentences, sentence_at

_POINT = re.compile(r"[.!?…][\"'”’)\]]*$|[,–—-]$")
_FULL = re.compile(r"[.!?…]$")
_GAP = {":": 150, ",": 60, "": 160}  # characters that may stand between a verb of speech and what is quoted
_TITLE_WORD = re.compile(r"[A-Z0-9]")
_AFTER_QUOTE = re.compile(r"[\"'”’]?\s*[,–—-]?\s*")
_LONGEST_AFTER = 170
_SURELY_SPEECH = 6  # words of a whole sentence in quotation marks from which nobody needs to say that it is speech
_AS_PUT = re.compile(
    r"as (?P<who>[^,.;:\"]{2,60}?) (?:put it|puts it|said|says|wrote|calls it|called it|describes it)\b"
)
_THAT = re.compile(r",? that,? ")
_NEVER_BEGIN = (
    "to|by|of|in|on|at|with|for|as|so|and|or|but|from|than|not|how|what|why|whether|who|where|when|anything|something|"
    "much|then|about (?![0-9£])"
)
_BARE = re.compile(rf" (?=[A-Za-z0-9£\"'])(?!(?:{_NEVER_BEGIN})\b)")
_NOT_BARE = re.compile(
    rf" (?:{either(GRAMMAR.no_clause.phrases)})(?: (?:{either(GRAMMAR.no_clause.after)})(?![\w-])|[.,;:?!]|$)"
)
_CUT = re.compile(
    r"; |, (?:and|but|while|whereas|though|although|yet)(?= (?:the |a |an |it |they |he |she |we |I |[A-Z]))|: | - "
    rf"|,? and (?=(?:{either(TELLING.reporting.words)}) that )"
    r"|, with (?=[^,.;:\"]{3,60} (?:saying|adding|warning|arguing|insisting|claiming|telling)\b)"
)


N = TypeVar("N", Quotation, Stretch)


@dataclass(slots=True)
class _Place:
    """A paragraph with its sentences and stretches, and the quotations found in it."""

    text: Text
    sentences: list[Span]
    stretches: list[Stretch]
    found: list[Quotation]

    @property
    def number(self) -> int:
        return self.text.paragraph.paragraph_no


class _Attribution(NamedTuple):
    """Who speaks by which verb; `strong` where the verb stands at the quotation, so that few words will do."""

    speaker: Speaker | None
    verb: str | None
    strong: bool


def find_quotations(texts: Sequence[Text], speakers: Speakers) -> tuple[Quotation, ...]:
    """All quotations of an article, in text order."""
    found: list[Quotation] = []
    previous: _Place | None = None
    for text in texts:
        source = text.paragraph.text
        place = _Place(text, bounded_sentences(source), stretches(source), [])
        if text.paragraph.kind != "heading":
            _read(place, previous, speakers)
        found += _once(place.found)
        previous = place
    return tuple(found)


def _once(found: Sequence[Quotation]) -> list[Quotation]:
    """In text order, none empty, none beginning where another does."""
    kept: dict[int, Quotation] = {}
    for one in sorted(found, key=lambda one: one.char_start):
        if one.surface.strip():
            kept.setdefault(one.char_start, one)
    return list(kept.values())


def _read(place: _Place, previous: _Place | None, speakers: Speakers) -> None:
    interview = speakers.interviewee(place.text)
    if interview is not None:
        start, end = _unquoted(place.text.paragraph.text, interview.start, interview.end)
        place.found.append(_quotation(place, start, end, interview.speaker, None, direct=True))
        return
    if place.text.paragraph.kind == "quote" and not place.stretches:
        speaker = _led_in(place, previous, speakers)
        place.found.append(_quotation(place, 0, len(place.text.paragraph.text), speaker, None, direct=True))
        return
    for index, stretch in enumerate(place.stretches):
        quoted = _direct(place, index, stretch, previous, speakers)
        if quoted is not None:
            place.found.append(quoted)
    direct = sorted(place.found, key=lambda one: one.char_start)
    for sentence in place.sentences:
        inside = [one for one in _near(direct, sentence) if one.char_end > sentence.start]
        stretched = [one for one in _near(place.stretches, sentence) if one.end > sentence.start]
        place.found += _reported(place, sentence, speakers, inside, stretched)


def _unquoted(source: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the quotation marks around it."""
    if source[start : start + 1] in "\"“‘'" and source[end - 1 : end] in "\"”’'" and end - start > 2:
        return start + 1, end - 1
    return start, end


def _quotation(
    place: _Place, start: int, end: int, speaker: Speaker | None, verb: str | None, *, direct: bool
) -> Quotation:
    surface = place.text.paragraph.text[start:end]
    actor, words, stands_for = (speaker.actor, speaker.words, speaker.speaks_for) if speaker else (None, None, None)
    return Quotation(place.number, start, end, surface, actor, words, verb, direct, stands_for)


def _direct(
    place: _Place, index: int, stretch: Stretch, previous: _Place | None, speakers: Speakers
) -> Quotation | None:
    source = place.text.paragraph.text
    inside = stretch.inside(source)
    words = inside.split()
    if not words or not any(character.isalnum() for character in inside):
        return None
    attribution = (
        _after(place, index, stretch, speakers)
        or _before(place, index, stretch, speakers)
        or _standing_alone(place, index, stretch, previous, speakers)
    )
    if attribution is None or _is_term(place, stretch, attribution):
        return None
    if attribution.speaker is not None and is_own(attribution.speaker.words):
        return None
    if len(words) < (2 if attribution.strong or _is_predicate(place, stretch) else 3):
        return None
    if attribution.speaker is not None:
        speakers.heard(place.number, attribution.speaker)
    return _quotation(place, stretch.start, stretch.end, attribution.speaker, attribution.verb, direct=True)


def _is_predicate(place: _Place, stretch: Stretch) -> bool:
    """Whether a few words in marks are what is said of something: "said that there was "no doubt""."""
    before = place.text.folded[max(0, stretch.start - 16) : stretch.start - 1].rstrip().rpartition(" ")[2]
    named = re.match(r"(?:the|an?|my|our) ", place.text.folded[stretch.start :], re.IGNORECASE) is not None
    return before in TELLING.predicating.words and not named


def _is_term(place: _Place, stretch: Stretch, attribution: _Attribution) -> bool:
    """Whether the marks show a name or a term, not speech."""
    source = place.text.folded
    inside = stretch.inside(source)
    before = source[max(0, stretch.start - 40) : stretch.start - 1].rstrip().lower()
    if before.endswith(_terms()) and not (attribution.verb is None and _CALLED.search(source, 0, stretch.start - 1)):
        return True
    if (
        before.rstrip(",:").rpartition(" ")[2] in SPEECH.sources.words
        and not _FULL.search(inside)
        and inside[:1].isupper()
    ):
        return attribution.verb is None or not attribution.strong or before.endswith(",")
    words = [word for word in inside.split() if len(word) > 3]
    titled = len(words) > 1 and all(_TITLE_WORD.match(word) for word in words)
    return titled and not _POINT.search(inside) and not (attribution.strong and before.endswith((":", ",")))


@cache
def _terms() -> tuple[str, ...]:
    return tuple(f" {phrase}{tail}" for phrase in SPEECH.terms.phrases for tail in ("", " a", " the", " as"))


def _sentence_start(place: _Place, at: int) -> int:
    number = sentence_at(place.sentences, at)
    return place.sentences[number].start if number >= 0 else 0


def _before(place: _Place, index: int, stretch: Stretch, speakers: Speakers) -> _Attribution | None:
    """The verb that leads to the quotation: "X said: ...", "X told MPs that it was ...", "said X, ..."."""
    folded = place.text.folded
    opened = stretch.start - 1
    sentence = start = _sentence_start(place, opened)
    if index and place.stretches[index - 1].end > start:
        start = place.stretches[index - 1].end + 1
    if opened <= start:
        return None
    lead = folded[start:opened].rstrip()
    mark = lead[-1:] if lead[-1:] in ":," else ""
    said = _led_by_verb(place, start, opened, mark, speakers)
    if said is None and start > sentence and mark != ":" and not _BREAKS.search(lead):
        said = _led_by_verb(place, sentence, opened, "", speakers)  # "said there was "no doubt" that the "…" would"
    if said is not None:
        return said
    accord = speakers.according(place.text, start, opened)
    if accord is not None:
        return _Attribution(accord, None, strong=mark != "")
    if mark == ":" and start == _sentence_start(place, opened):
        return _Attribution(speakers.named_in(place.text, start, opened), None, strong=True)
    return None


_BREAKS = re.compile(r"[.;:?!]|, (?:but|while|whereas|though|although|yet|who|which)\b")


def _led_by_verb(place: _Place, start: int, opened: int, mark: str, speakers: Speakers) -> _Attribution | None:
    """The last verb of speech of a stretch from which it is not far to the quotation that opens at `opened`."""
    folded = place.text.folded
    told = [one for one in told_in(folded, start, opened) if not _passive(folded, one)]
    for one in reversed(told):
        if any(other.start <= one.start < other.end for other in place.stretches):
            continue
        if one.subject is None and one.verb.endswith("ing") and opened - one.end <= _GAP[mark]:
            whose = speakers.named_in(place.text, _sentence_start(place, one.start), one.start)
            if whose is not None:
                return _Attribution(whose, one.verb, strong=mark != "")
        gap = opened - (one.subject.end if one.inverted and one.subject else one.end)
        longest = _GAP[""] if folded.startswith(" that", one.end) else _GAP[mark]
        if gap > longest or one.subject is None:
            continue
        strong = mark != "" or gap <= 3
        return _Attribution(speakers.speaker(place.text, one.subject, one.start), one.verb, strong)
    return None


def _passive(folded: str, told: Told) -> bool:
    """Whether nobody says it: "is called", "was described as", "were told"."""
    before = folded[max(0, told.start - 12) : told.start].split()
    if told.verb in _NEEDS_OBJECT and folded.startswith(" that ", told.end):
        return True  # "given the money and told that"
    return (
        bool(before)
        and before[-1].rpartition("'")[2]
        in {"m", "re", "is", "are", "was", "were", "be", "been", "being", "often", "sometimes"}
        and told.verb.endswith(("ed", "d", "n"))
    )


# Who calls it so: "was called "a blank cheque" by the Liberal Democrats".
_CALLED = re.compile(
    r"\b(?:called|described as|branded|labelled|dubbed|dismissed as|condemned as|hailed as)(?: an?| the)? $"
)
_BY_AGENT = re.compile(
    r" by (?P<who>[^,.;:\"]{2,60}?)(?=[,.;:]|$| (?:on|in|at|last|yesterday|this|who|which|when|after|as|for)\b)"
)
_NEEDS_OBJECT = frozenset({"told", "reminded", "assured", "informed"})


def _after(place: _Place, index: int, stretch: Stretch, speakers: Speakers) -> _Attribution | None:
    """The verb that follows the quotation: ", said X", ", X told the committee", or a dash and a name."""
    folded = place.text.folded
    inside = stretch.inside(folded).rstrip()
    if not stretch.closed or inside.endswith("."):
        following = folded[stretch.end + 1 : stretch.end + 3]
        if (
            not stretch.closed
            or following[:1] not in {" ", ","}
            or not folded[stretch.end + 2 : stretch.end + 3].islower()
        ):
            return None
    limit = min(len(folded), stretch.end + _LONGEST_AFTER)
    if index + 1 < len(place.stretches):
        limit = min(limit, place.stretches[index + 1].start - 1)
    gap = _AFTER_QUOTE.match(folded, stretch.end + 1, limit)
    start = gap.end() if gap else stretch.end + 1
    stop = re.compile(r"[.;:?!](?=\s|$)").search(folded, start, limit)
    limit = stop.start() if stop else limit
    called = _CALLED.search(folded, max(0, stretch.start - 40), stretch.start - 1)
    agent = _BY_AGENT.match(folded, stretch.end + 1, limit) if called is not None else None
    put = agent or _AS_PUT.match(folded, start, limit)
    if put is not None:
        verb = "put" if agent is None else None
        return _Attribution(speakers.speaker(place.text, Span(*put.span("who")), start), verb, strong=True)
    pointed = bool(_POINT.search(inside)) or folded[stretch.end + 1 : stretch.end + 2] == ","
    for told in told_in(folded, start, limit):
        if told.start == start and told.inverted and told.subject is not None:
            return _Attribution(speakers.speaker(place.text, told.subject, told.start), told.verb, strong=True)
        if (
            told.subject is not None
            and not told.inverted
            and pointed
            and told.subject.start <= start + 2 + _apposed(folded, start, told)
        ):
            return _Attribution(speakers.speaker(place.text, told.subject, told.start), told.verb, strong=True)
        return None
    return None


def _apposed(folded: str, start: int, told: Told) -> int:
    """How far the subject may stand off: over a word that leads it ("the chair then said")."""
    return (
        0
        if told.subject is None
        else (told.subject.start - start if folded[start : told.subject.start].strip(" ,") == "" else 0)
    )


def _standing_alone(
    place: _Place, index: int, stretch: Stretch, previous: _Place | None, speakers: Speakers
) -> _Attribution | None:
    """A quotation that is a sentence of its own: it goes on with the one before, or what is before tells who speaks."""
    folded = place.text.folded
    opened = stretch.start - 1
    inside = stretch.inside(folded).rstrip()
    number = sentence_at(place.sentences, stretch.start)
    opens = number >= 0 and place.sentences[number].start in (opened, stretch.start)
    whole = bool(_FULL.search(inside)) or folded[stretch.end + 1 : stretch.end + 2] in {".", ""} or not stretch.closed
    if not opens or not whole or len(inside.split()) < 3:
        return _going_on(place, index, stretch)
    if index and place.found and _same_speech(place, index, stretch):
        last = place.found[-1]
        return _Attribution(Speaker(last.speaker, last.speaker_words or "", last.speaks_for), last.verb, strong=True)
    before = place.sentences[:number][-1:]
    pointed = bool(_FULL.search(inside)) and len(inside.split()) >= _SURELY_SPEECH
    if before:
        speaker = speakers.told_of(place.text, *before[-1])
        if speaker is None and pointed and not place.text.folded[opened - 2 : opened].startswith(":"):
            speaker = speakers.before(place.text, opened)
        return _Attribution(speaker, None, strong=True) if speaker or pointed else None
    lead = _from_previous(place, previous, speakers) if previous is not None else None
    if lead is None and pointed and stretch.end >= len(folded.rstrip()) - 2:
        lead = _Attribution(speakers.heard_last(place.number), None, strong=True)
    return lead


def _going_on(place: _Place, index: int, stretch: Stretch) -> _Attribution | None:
    """The second half of a quotation that the speaker's name parts: "We want it," said X, "and soon."."""
    if not index or not place.found or place.found[-1].char_end != place.stretches[index - 1].end:
        return None
    between = place.text.folded[place.stretches[index - 1].end + 1 : stretch.start - 1]
    if (
        re.search(r"[.!?;]", between)
        or len(between) > _LONGEST_AFTER
        or not between.rstrip().endswith((",", "-", "and"))
    ):
        return None
    last = place.found[-1]
    return _Attribution(Speaker(last.speaker, last.speaker_words or "", last.speaks_for), last.verb, strong=True)


def _same_speech(place: _Place, index: int, stretch: Stretch) -> bool:
    """Whether only the attribution of the one before stands between two quotations."""
    last = place.found[-1]
    if last.char_end != place.stretches[index - 1].end:
        return False
    between = place.text.folded[last.char_end + 1 : stretch.start - 1]
    return len(re.findall(r"[.!?](?:\s|$)", between)) <= 1 and len(between) <= _LONGEST_AFTER


def _from_previous(place: _Place, previous: _Place, speakers: Speakers) -> _Attribution | None:
    """Speech that goes on from the paragraph before, or that its last words lead to."""
    open_before = bool(previous.stretches) and not previous.stretches[-1].closed
    if previous.found and previous.found[-1].direct and (open_before or _ends_with_quotation(previous)):
        last = previous.found[-1]
        return _Attribution(Speaker(last.speaker, last.speaker_words or "", last.speaks_for), last.verb, strong=True)
    speaker = _led_in(place, previous, speakers)
    return _Attribution(speaker, None, strong=True) if speaker else None


def _ends_with_quotation(place: _Place) -> bool:
    last = place.found[-1]
    tail = place.text.folded[last.char_end :]
    return len(tail) <= _LONGEST_AFTER and len(re.findall(r"[.!?](?:[\"']|\s|$)", tail)) <= 1


def _led_in(place: _Place, previous: _Place | None, speakers: Speakers) -> Speaker | None:
    """Who the last sentence of the paragraph before leads to: it ends with a colon, or tells of speech."""
    if previous is None or not previous.sentences:
        return None
    last = previous.sentences[-1]
    if previous.text.folded.rstrip().endswith(":"):
        return speakers.told_of(previous.text, *last) or speakers.named_in(previous.text, *last)
    return None


def _near(found: Sequence[N], sentence: Span) -> Sequence[N]:
    """Of quotations or stretches in text order, those that start in a sentence, and the one before them."""
    first = bisect_left(found, sentence.start, key=_start)
    return found[max(0, first - 1) : bisect_left(found, sentence.end, lo=first, key=_start)]


def _start(one: Quotation | Stretch) -> int:
    return one.char_start if isinstance(one, Quotation) else one.start


def _reported(
    place: _Place, sentence: Span, speakers: Speakers, direct: Sequence[Quotation], stretched: Sequence[Stretch]
) -> Iterator[Quotation]:
    """What a sentence reports: "X said that ...", "... , X said, ...", "..., said X."."""
    folded = place.text.folded
    done = sentence.start
    for told in told_in(folded, sentence.start, sentence.end):
        if (
            told.start < done
            or told.verb not in _reporting()
            or told.subject is None
            or _denied(folded, told)
            or any(one.start <= told.start < one.end for one in stretched)
        ):
            continue
        quoted = _clause(place, sentence, told) or _around(place, sentence, told)
        if quoted is None or _passive(folded, told) or _only_finds(folded, told):
            continue
        if any(one.char_start < quoted.end and quoted.start < one.char_end for one in direct):
            continue
        speaker = speakers.speaker(place.text, told.subject, told.start)
        if speaker is None or is_own(speaker.words) or is_own(folded[told.subject.start : told.subject.end]):
            continue
        speakers.heard(place.number, speaker)
        yield _quotation(place, quoted.start, quoted.end, speaker, told.verb, direct=False)
        done = max(quoted.end, told.end)


def _denied(folded: str, told: Told) -> bool:
    """Whether nothing is said there: "has never said that", "could have told them that", "where they said"."""
    if told.subject is None or told.inverted:
        return False
    if _EMBEDDED.search(folded, max(0, told.subject.start - 12), told.subject.start):
        return True
    relative = _RELATIVE.search(folded, *told.subject)
    first = relative.start() if relative is not None else told.subject.end - 1
    return _NOT_SAID.search(folded, first, told.start) is not None or (
        _NOBODY.match(folded, told.subject.start) is not None
    )


_NOT_SAID = re.compile(
    r"\b(?:not|never|nor|no longer|(?:could|would|might|should) have|may|might)\b|n't\b|\b(?:could|should) $"
)
_EMBEDDED = re.compile(r"\b(?:where|what|than|whom|which) $")  # "die where they said they wanted to"
_RELATIVE = re.compile(r" (?:who|which|that) ")
_NOBODY = re.compile(r"(?:nobody|none|neither|anybody|anyone|whoever|hardly|few|no(?! ?[0-9]))\b", re.IGNORECASE)


def _only_finds(folded: str, told: Told) -> bool:
    """Whether figures or documents suggest it: a finding, which is cited and not quoted."""
    if told.subject is None or not told.verb.startswith(("suggest", "confirm", "report", "note", "point", "estimat")):
        return False
    start = told.subject.start
    if folded.endswith(" and ", 0, start):  # "trials in breast and lung imaging suggest"
        start = max(folded.rfind(mark, 0, start) for mark in ",;.")
    words = re.findall(r"[a-z]+", folded[max(0, start) : told.subject.end].lower())
    return any(word in SPEECH.sources.words for word in words)


@cache
def _reporting() -> frozenset[str]:
    return TELLING.reporting.words


def _clause(place: _Place, sentence: Span, told: Told) -> Span | None:
    """The clause after the verb, with "that" or, after some verbs, without."""
    if told.inverted:
        return None
    folded = place.text.folded
    to_whom = _to_whom().match(folded, told.end, sentence.end)
    if to_whom is not None and told.verb not in _tellings() and not to_whom[0].startswith(" to "):
        to_whom = None
    at = to_whom.end() if to_whom else told.end
    that = _THAT.match(folded, at, sentence.end) or _OFF_THAT.match(folded, at, sentence.end)
    if that is None and told.verb in _tellings():
        that = _ADDRESSED_THAT.match(folded, told.end, sentence.end)
    if that is not None:
        return _until_cut(folded, that.end(), sentence)
    if told.verb not in SPEECH.bare.words or (told.verb in _TELLING and to_whom is None):
        return None
    at = said_when.end() if (said_when := _SAID_WHEN.match(folded, at, sentence.end)) else at
    bare = _BARE.match(folded, at, sentence.end)
    if bare is None or _NOT_BARE.match(folded, at, sentence.end):
        return None
    pronoun = _PRONOUN.match(folded, bare.end()) is not None
    if not (pronoun or is_clause(folded, bare.end(), sentence.end, sure=told.verb in _SURELY_BARE)):
        return None
    return _until_cut(folded, bare.end(), sentence)


_SURELY_BARE = frozenset({"say", "says", "said", "insist", "insists", "insisted"})
_TELLING = frozenset({"tell", "tells", "told"})
# Between a verb of speech and its clause: "said last week", "said in a statement".
_SAID_WHEN = re.compile(
    r",?(?: (?:last (?:week|month|night|year)|yesterday|today|on [A-Z][a-z]+day|at the time|afterwards|later"
    r"|in an? (?:statement|letter|email|reply|response|report|speech|interview|blog)))+"
)
_PRONOUN = re.compile(r"(?:it|they|he|she|we|there|this|these|those)\b")
_OFF_THAT = re.compile(
    r",? (?:(?:out|back|then|now|again|also|later|afterwards|once|earlier|at the time|yesterday|today|[a-z]+ly"
    r"|last [a-z]+|this [a-z]+|on [A-Z][a-z]+day|in (?:19|20)[0-9]{2})"
    rf"|(?:{either(GRAMMAR.off_that.words)})\b(?:(?! and )[^.;:\"]){{0,60}}?),? ?that,? "
)
_ADDRESSED_THAT = re.compile(
    r" (?![^.;:]{0,40}?\b(?:something|anything|nothing|things|more|lot|much)\b)"
    r"(?:to )?(?:the |a |an |his |her |our |their |its |my )?"
    r"(?:(?!(?:to(?! (?:my|his|her|our|their) )|after|when|because|as|if|and|but|by|found|said)\b)[\w'&-]+ ){1,8}?that "
)


@cache
def _to_whom() -> re.Pattern[str]:
    whom = "|".join(sorted(SPEECH.addressees.words))
    return re.compile(rf" (?:to )?(?:{whom})\b(?! to\b)")


@cache
def _tellings() -> frozenset[str]:
    return SPEECH.addressed.words


def _until_cut(folded: str, start: int, sentence: Span) -> Span | None:
    cut = _CUT.search(folded, start, sentence.end)
    end = cut.start() if cut else sentence.end
    end = _unmarked(folded, start, _trimmed(folded, end, " .!?"))
    return Span(start, end) if end - start > 3 and len(folded[start:end].split()) >= 3 else None


def _trimmed(folded: str, end: int, marks: str) -> int:
    """The end without such marks before it; nothing is copied, since a sentence may be a whole paragraph."""
    while end > 0 and folded[end - 1] in marks:
        end -= 1
    return end


def _unmarked(folded: str, start: int, end: int) -> int:
    """The end without a closing mark whose opening one stands before the stretch."""
    while folded[end - 1 : end] in {'"', "'"} and folded.count(folded[end - 1], start, end) % 2:
        end = _trimmed(folded, end - 1, " .!?")
    return end


def _around(place: _Place, sentence: Span, told: Told) -> Span | None:
    """The sentence around a verb between commas, or before one that ends it: "Costs rose, said the trust."."""
    folded = place.text.folded
    if (
        told.subject is None
        or told.verb not in _around_verbs()
        or re.match(r"[A-Z][a-z]+ing\b", folded[sentence.start :])
        or _FOR_INSTANCE.match(folded, told.start)
    ):
        return None
    first = min(told.subject.start, told.start)
    last = max(told.subject.end, told.end)
    if (
        folded[sentence.end - 1] == ":"
        or folded[_trimmed(folded, first, " ") - 1] != ","
        or first <= sentence.start + 8
    ):
        return None
    tail = folded[last : sentence.end].strip()
    before_verb = Span(sentence.start, _trimmed(folded, first, " ,"))
    apposed = told.inverted and not any(is_finite(word) for word in tail.split())
    if tail.startswith(",") and (apposed or _WHY.match(tail)):
        return before_verb
    if tail.startswith(",") or tail in {"us,", "me,"} or re.match(r"(?:us|me),", tail):
        end = _trimmed(folded, sentence.end, " .!?\"'")
        return Span(sentence.start, end)
    led = _LEADS_IN.match(folded, sentence.start) and "," not in folded[slice(*before_verb)]
    few = not tail.strip(".!?") or told.inverted or len(tail.split()) <= 4
    if few and len(tail) <= 30 and "," not in tail and not led:
        return before_verb
    return None


_LEADS_IN = re.compile(r"(?:When|If|As|Asked|Although|Though|While|Once|Whenever|After|Before)\b")
_FOR_INSTANCE = re.compile(r"say,? (?:about |an? )?(?:[£$€0-9]|half|third|quarter|dozen|hundred|thousand)")
# What the writer adds behind a verb of speech: "Lists will grow, experts have warned, as new figures show it".
_WHY = re.compile(r", (?:as (?:new|the|a|an|it|figures|data)|after|following|amid|despite|because of|in response)\b")


@cache
def _around_verbs() -> frozenset[str]:
    return SPEECH.bare.words | GRAMMAR.around.words
