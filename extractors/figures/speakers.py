"""Who says what: the verbs of saying of a sentence with the person or body that is their subject, and what they report.

"NAME, president of the college, said that ...", "..., says NAME", "according to X", quotations of several sentences
with their speaker before or after them. A speaker is one by grammar, never by standing near: the subject of an active
verb of saying whose words reach the figure. Where the text names none there is none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from extractors.figures.clauses import RECKONINGS, Clause, Clauses
from extractors.figures.lexicons import ATTRIBUTION, PERIODS, alternation
from extractors.figures.nouns import AMOUNT, AUXILIARIES, NOUNS_TOO, SAYING, VERBS, Word, is_finite
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence, tidy
from extractors.speech.grammar import apposed_before, is_noun, subject_after, subject_before
from extractors.text.sentences import Span

_SOURCES = ATTRIBUTION.sources.words
_FIGURES = ATTRIBUTION.figures.words
_OBTAINING = ATTRIBUTION.obtaining.words
_SURVEYS = ATTRIBUTION.surveys.words
_SOURCES_AND_FIGURES = _SOURCES | _FIGURES
PRONOUNS = ATTRIBUTION.not_source.words
_WEAK = ATTRIBUTION.weak_verbs.words
_DIRECT = ATTRIBUTION.direct_verbs.words
_TELLING = ATTRIBUTION.telling.words
_GIVING = ATTRIBUTION.giving.words
_PUTTING = ATTRIBUTION.putting.words
_EDGES = ATTRIBUTION.subject_edges.words
_AROUND_OFFICE = _EDGES | {"of", "at", "for", "from", "the", "by"}
_NEVER_FIRST = ATTRIBUTION.never_opens.words
_NO_NAMES = PRONOUNS | _NEVER_FIRST | _EDGES | {"the", "a", "an", "our", "my"}
_BE = ATTRIBUTION.passive.words
_BODIES = ATTRIBUTION.bodies.words
_TITLES = ATTRIBUTION.titles.words
_CONDITIONS = ATTRIBUTION.conditions.words
_BEFORE = ATTRIBUTION.before_source.phrases
_BEFORE_WORDS = frozenset(phrase.rsplit(" ", 1)[0].split()[-1] for phrase in _BEFORE)

_SOURCE = f"(?:{alternation(_SOURCES)})"
_CAPITALS = r"[A-Z][A-Za-z&'.-]*(?: (?:(?:of|for|and|the|&) ){0,2}[A-Z][A-Za-z&'.-]*)*"
_NAME = re.compile(_CAPITALS)
_PHRASE = re.compile(rf"(?<![a-z])(?:{alternation(_BEFORE)}) +(?P<source>[^,;:()\"]+)")
_PHRASE_END = re.compile(
    r" (?:that|which|who|in (?:19|20)[0-9]|and (?!(?:the )?[A-Z])"
    rf"|(?:{alternation(ATTRIBUTION.phrase_ends.words)})(?![a-z])(?!(?<=for) [A-Z])|- )"
)
# "According to the Institute the bill": what has its name is whole before another noun phrase, or a number, begins.
_NEXT_PHRASE = re.compile(
    rf"(?<=[a-z]) (?:(?:{alternation(ATTRIBUTION.next_phrase.words)})(?![a-z'])|[^a-zA-Z ]*[0-9])"
)
_BY_OUR = re.compile(
    r"(?<![a-z])(?P<source>"
    r"(?:(?:by|on|in|from) (?:our|my|their|its|his|her|one|a|an|the [a-z]+|[a-z]+'s)|to (?:our|my))"
    rf"(?:'s?)? (?:[a-z-]+ ){{0,3}}?(?:{alternation(_FIGURES)}|{alternation(_SURVEYS)}"
    r"|(?<=own )(?:count|tally)|(?<=by our )count|(?<=by my )count|(?<=by their )count)"
    r"(?![a-z])(?: (?:of|by|from) [^,;:.()0-9]+)?)(?: of [0-9][^,;:()]*(?=,))?"
)
_SURVEYED = re.compile(
    r"(?<![a-z])(?P<source>[a-z]+s (?:that |who |whom |which )?(?:we|they|it) (?:had )?"
    rf"(?:{alternation(ATTRIBUTION.asked.words)}))(?![a-z])"
)
# "- or so the managers say"
_OR_SO = re.compile(
    r"(?<![a-z])or so (?P<source>[^,;:.()\"]{2,50}?) (?:have |has |would have us )?"
    rf"(?:{alternation(SAYING)})(?=[,.;)]| -|$)"
)
# "Seven in ten told the poll that"
_TOLD = re.compile(
    r"(?<![a-z])told (?P<source>(?:the|our|my|their|its|an?|this|that|[a-z]+'s?) (?:[a-z'-]+ ){0,3}?"
    rf"(?:{alternation(_SURVEYS)}))(?![a-z])"
)
# "Figures that the union obtained show"
_OBTAINED = re.compile(
    rf"(?<![a-z])(?P<source>(?:{alternation(_FIGURES)}|{alternation(_SOURCES)}) (?:(?:that|which) )?(?:the |our )?"
    rf"(?:[a-z][a-z'-]* ){{1,3}}?(?:have |has |had )?(?:{alternation(_OBTAINING)}))"
    rf"(?: [^,;:.()]{{2,40}}?)? (?:that(?![a-z])|(?:{alternation(SAYING)})(?![a-z]))"
)
_BY_WHOM = re.compile(
    r" (?:that|which) (?:the |our )?(?:[a-z][a-z'-]* ){1,3}?(?:have |has |had )?"
    rf"(?:{alternation(_OBTAINING)})(?![a-z])"
)
_HOLDING_ALL = frozenset((_SURVEYED, _OR_SO, _TOLD))
_TALLIES = frozenset(("own", "count"))
_POSSESSIVE = re.compile(
    r"(?<![a-z])(?P<source>(?:[a-z][a-z-]*'s?|[a-z]+s'|our|my|their) (?:own )?(?:[a-z-]+ ){0,2}?"
    rf"(?:{alternation(_FIGURES)}))(?![a-z])(?= (?:of|is|are|was|were|put|run|ran|range|stand|come|came)(?![a-z]))"
)
_EVIDENCE = re.compile(
    rf"(?<![a-z])(?:{alternation(_FIGURES)}|evidence|research|work) (?:from|by)"
    rf" (?P<source>[^,;:()]{{2,60}}?) (?:(?:has |have |had )?(?:[a-z]+ly )?(?:{alternation(SAYING)}) )?that(?![a-z])"
)
_CONTINUES = re.compile(
    rf" *(?:(?:of (?:these|those|this)|the (?:same )?{_SOURCE} (?:also|further|adds?))(?![a-z'])"
    r"|(?:in|for|at) [^,.;]{0,40} it (?:was|is|had))"
)
_THAT = re.compile(
    r" *(?:that|this|it|they|these)(?: [a-z]+)? (?:is|was|are|were|stood|stands|came|comes|put|puts)(?![a-z])"
)
_MADE_BY = re.compile(r" (?:[a-z]+ed|made|seen|drawn|done|written|put together) (?:by|for|from|in|on|to) .*")
_WORK_BY = re.compile(rf" (?:by|from) (?P<name>(?:the )?{_CAPITALS})")
_NAMED = re.compile(
    rf"(?:The |A |An )?(?:[a-z]+ )?(?P<source>{_CAPITALS}(?:'s)? (?:[a-z]+ )?"
    rf"(?:{alternation(_FIGURES)}|definition))(?![a-z])"
)
_OPENING_TIME = re.compile(
    r"(?:(?:earlier |later )?(?:last|this|next) [a-z]+|yesterday|today|now|in (?:19|20)[0-9]{2}),? ", re.IGNORECASE
)
_OPENING_NOUN = re.compile(r"(?:The|Our|Its|Their) (?:[a-z'-]+ ){0,2}?[a-z]+(?= [a-z]+(?:s|ed) )")
# A time between a subject and its verb: "the returns for 2022-23 show", "guidance issued in May said".
_TIMED = re.compile(
    r" (?:(?P<own>for|of|from|covering) "
    r"|(?:(?:issued|published|released|dated|made|taken|sent|written|out) )?(?:(?:in|to|on|at|during) )?)(?:the )?"
    r"(?:(?:final|first|second|third|fourth|last) (?:quarter|half|three months) of )?(?:(?:early|late|mid)[ -])?"
    rf"(?:(?:{alternation(PERIODS.months)})(?: (?:19|20)[0-9]{{2}})?|(?:19|20)[0-9]{{2}}(?:[-/][0-9]{{1,4}})?"
    r"|(?:last|this) (?:year|month|week|autumn|summer|spring|winter)|yesterday) $"
)
_TRAILING = re.compile(
    r"(?: (?:in (?:19|20)[0-9]{2}|last (?:year|week|month)|this (?:year|month|week|spring|summer|autumn|winter|morning)"
    r"|today|yesterday|[a-z]+ly))+$"
)
_REPORTED = (
    " that ", ":", " at ", ", ", ' "', " us ", " me ", " mps ", " it ", " they ", " he ", " she ", " there ", " we ",
)  # fmt: skip
_AMOUNTS_AGAIN = (
    " only ",
    " just ",
    " fewer than",
    " a further",
    " another ",
    *(f" {digit}" for digit in range(1, 10)),
)
_THRESHOLD = re.compile(
    r"(?<![a-z])(?:for|wait|waits|waited|waiting|take|takes|took)"
    r" (?:more than|longer than|over|under|within|less than|beyond|at least) $"
)
_SPEAKING = frozenset(("said", "say", "says", "thought", "think", "believe", "believed", "agree", "reported", "report"))
_NEVER_BEFORE = ATTRIBUTION.never_before.words
_MODALS = frozenset(("can", "could", "should", "must", "may", "might"))
_PARTS = frozenset(("half", "third", "thirds", "quarter", "quarters", "fifths", "tenths", "majority"))
_OFFICE_OF = frozenset(("its", "the", "their", "his", "her", "our"))
_FIRST_PERSON = frozenset(("we", "i", "you"))
_OPENS_SOURCE = _OFFICE_OF | {"a", "an"}
_SAID = frozenset(("said", "says"))
_HEARING = frozenset(("recall", "note", "agree", "understand", "think", "observe"))
_NAME_AFTER = re.compile(r", (?P<name>[A-Z][a-z]+(?: [A-Z][A-Za-z'-]+){1,2})(?=[,.;:]|$)")
_JOINTS = frozenset(("and", "but", "while", "whilst", "whereas"))
_MARKS = frozenset(('"', "'"))
_START = attrgetter("start")
_LONGEST_NAME = 44  # characters of a source that is given whole


class Speech(NamedTuple):
    """A verb of saying with its subject. `start` and `end` bound both in the paragraph, `verb` is where the verb is;
    `source` is the speaker as named, None for a pronoun; `said` bounds the words that are reported."""

    start: int
    verb: int
    end: int
    source: str | None
    pronoun: bool
    said: tuple[int, int]


class Quote(NamedTuple):
    """A quotation: its bounds inside the quotation marks, and who says it; or what one of a transcript says."""

    start: int
    end: int
    source: str | None
    transcript: bool = False


@dataclass(frozen=True, eq=False)
class Heard:
    """What a sentence leaves for the one that goes on with a report, worked out only where one does.

    `last` is the source of its last figure that has one; without a sentence nothing was heard.
    """

    sentence: Sentence | None = None
    last: str | None = None

    @cached_property
    def _named(self) -> str | None:
        spoken = speeches(self.sentence) if self.sentence is not None else ()
        return next((speech.source for speech in reversed(spoken) if speech.source), None)

    @property
    def source(self) -> str | None:
        """The last source."""
        return self.last or self._named

    @property
    def subject(self) -> str | None:
        """Who "it" or "she" would be."""
        return self._named or (opening_name(self.sentence) if self.sentence is not None else None)

    @property
    def definition(self) -> str | None:
        """Whose definition or estimate the sentence was about."""
        if self.sentence is None:
            return None
        match = _NAMED.match(self.sentence.text, self.sentence.start, self.sentence.end)
        return match["source"] if match else None


# Verbs of saying and their subjects.


@lru_cache(maxsize=64)  # a sentence is asked up to three times while its paragraph is read
def speeches(sentence: Sentence) -> tuple[Speech, ...]:
    """All verbs of saying of a sentence with a subject that can be a speaker, in order."""
    tree = sentence.clauses
    found: list[Speech] = []
    if SAYING.isdisjoint(tree.vocabulary):
        return ()
    for place, word in enumerate(tree.words):
        if word.text in SAYING:
            speech = _speech(sentence, tree, place)
            if speech is not None:
                found.append(speech)
    return tuple(found)


def _speech(sentence: Sentence, tree: Clauses, place: int) -> Speech | None:
    clause = tree.clauses[tree.of[place]]
    verb = tree.words[place]
    if not _states(tree, clause, place):
        return None
    subject = _inverted(sentence, tree, place) or _subject(sentence, tree, place) or _relative_source(tree, place)
    if subject is None or _is_object_of(subject, verb):
        return None
    words = [word.text for word in subject]
    pronoun = len(words) <= 2 and all(word.split("'")[0] in PRONOUNS for word in words)
    known = any(word.removesuffix("'s") in _SOURCES for word in words)
    after = sentence.lower[verb.end : min(verb.end + 16, sentence.end)]
    if verb.text in _WEAK and not (known or (verb.text not in _GIVING and _reports(tree, place, after))):
        return None
    # "The next time somebody tells you"; and a share of people is nobody: "just 38 per cent of those polled said".
    share = any(word[0].isdigit() for word in words[:3]) or not _PARTS.isdisjoint(words[:4])
    if (share and verb.text in _SPEAKING) or (not pronoun and words[-1] in PRONOUNS):
        return None
    source = None if pronoun else name_of(sentence.text, subject)
    if source is None and (not pronoun or words[-1].split("'")[0] in _FIRST_PERSON):
        return None
    inverted = subject[0].start > verb.start
    start, end = min(subject[0].start, verb.start), max(subject[-1].end, verb.end)
    return Speech(start, verb.start, end, source, pronoun, _said(sentence, tree, place, start, end, inverted=inverted))


def _relative_source(tree: Clauses, place: int) -> list[Word] | None:
    """The source that "which" goes back to: "its own figures, which show that"."""
    which = next((at for at in range(place - 1, max(place - 3, 0), -1) if tree.words[at].text == "which"), 0)
    last = which - 2 if tree.words[which - 1].text == "," else which - 1
    if which < 2 or tree.words[last].text not in _SOURCES_AND_FIGURES:
        return None
    opened = (at for at in range(last, max(last - 4, -1), -1) if tree.words[at].text in _OPENS_SOURCE)
    return tree.words[next(opened, last) : last + 1]


def _is_object_of(subject: list[Word], verb: Word) -> bool:
    """Whether a word of saying is a noun that a verb has for its object: "our members send reports"."""
    before = subject[-1]
    sending = before.text in VERBS and before.text not in NOUNS_TOO
    return verb.text in NOUNS_TOO and sending and before.end == verb.start - 1


def _states(tree: Clauses, clause: Clause, place: int) -> bool:
    """Whether a verb of saying states: active, no condition, no infinitive, no noun."""
    if clause.kind == "subordinate" and clause.opener in _CONDITIONS:
        return False
    if clause.kind in {"participle", "relative"} and tree.words[place].text.endswith(("ed", "ing")):
        return False
    before = [word.text for word in tree.words[max(0, place - 3) : place]]
    counted = tree.words[place].text.endswith("s") and AMOUNT.match(before[-1] if before else "")
    if before[-1:] == ["percentage"] or counted:
        return False  # "2 to 4 percentage points", "four reports"
    if before[-1:] == ["will"] and tree.words[place].text in _HEARING:
        return False  # "members will recall that I announced"
    if before and (before[-1] in _NEVER_BEFORE or (before[-1] in _MODALS and tree.words[place].text in _WEAK)):
        return before[-1] == "may" and not is_finite(tree.words, place - 1)
    return not any(word in _BE for word in before[-2:])


def _reports(tree: Clauses, place: int, after: str) -> bool:
    """Whether what follows a verb that means much else besides is reported speech, or its object a figure of speech."""
    word = tree.words[place].text
    following = [one.text for one in tree.words[place + 1 : place + 8]]
    if word in _TELLING:
        return "to" not in following[:4] or any(one in following for one in ("that", ":", '"'))
    if word in _PUTTING:
        return "at" in following
    if after.startswith(_REPORTED) or not after.rstrip(" ."):
        return True
    return word in _DIRECT


def _inverted(sentence: Sentence, tree: Clauses, place: int) -> list[Word] | None:
    """The subject after the verb that a quotation stands before: "...," says NAME, president of the college."""
    before = [word.text for word in tree.words[max(0, place - 2) : place]]
    verb = tree.words[place]
    quoted = bool(before) and (before[-1] in _MARKS or (before[-1] == "," and before[0] in _MARKS))
    if not quoted and not (before[-1:] == [","] and verb.text in _SAID):
        return None
    after = subject_after(sentence.text, verb.end, sentence.end)
    if after is None:
        return None
    name = _named_after(sentence, after.end)
    return _words_of(tree, name if name is not None else after)


def _named_after(sentence: Sentence, end: int) -> Span | None:
    """The person whom an apposition names: "says its director, Jane Roe", "according to its director, Jane Roe"."""
    found = _NAME_AFTER.match(sentence.text, end, sentence.end)
    return Span(*found.span("name")) if found is not None else None


def _subject(sentence: Sentence, tree: Clauses, place: int) -> list[Word] | None:
    """The words of the subject before a verb; where a person's name stands beside a role, the name."""
    verb = tree.words[place]
    before = subject_before(sentence.text, sentence.start, verb.start)
    if before is None:
        return _timed_subject(sentence, tree, verb) or _shared_subject(sentence, tree, place)
    if is_noun(sentence.text, before, verb.start, verb.text):
        return None
    if (own := _around_relative(tree, place, before)) is not None:
        return own
    name = apposed_before(sentence.text, before, verb.start)
    words = _words_of(tree, name) if name is not None else []
    return words if words and _is_person(tree, words) else _words_of(tree, before) or None


def _around_relative(tree: Clauses, place: int, before: Span) -> list[Word] | None:
    """The subject of a verb behind a relative clause, which no noun there is: "the firm, whose profit fell, says"."""
    number, inside = tree.of[place], tree.at(before.start)
    if inside == number or tree.clauses[inside].kind != "relative" or inside in tree.outward(number):
        return None
    first = tree.clauses[number].first
    words = [tree.words[at] for at in range(first, place) if tree.of[at] == number and tree.words[at].text != ","]
    while words and (words[-1].text in AUXILIARIES or words[-1].text.endswith("ly")):
        words = words[:-1]
    while words and words[0].text in _EDGES:
        words = words[1:]
    return words if words and first < place and words[-1].text not in PRONOUNS else None


def _timed_subject(sentence: Sentence, tree: Clauses, verb: Word) -> list[Word] | None:
    """The subject of a verb behind a time, with the time where it is the subject's own: "estimates for 2022 point"."""
    timed = _TIMED.search(sentence.lower, sentence.start, verb.start)
    before = subject_before(sentence.text, sentence.start, timed.start()) if timed is not None else None
    if timed is None or before is None:
        return None
    return _words_of(tree, Span(before.start, verb.start) if timed["own"] else before) or None


def _words_of(tree: Clauses, span: Span) -> list[Word]:
    return [word for word in tree.words if span.start <= word.start and word.end <= span.end]


def _shared_subject(sentence: Sentence, tree: Clauses, place: int) -> list[Word] | None:
    """The subject of the clause before, which a joined verb shares: "the board could not ..., but did say that"."""
    clause = tree.clauses[tree.of[place]]
    if clause.kind != "joined" or clause.parent < 0:
        return None
    verb = tree.clauses[clause.parent].verb
    return _subject(sentence, tree, verb) if verb > 0 else None


def _is_person(tree: Clauses, segment: list[Word]) -> bool:
    words = [word.text for word in segment]
    if words[0] in _TITLES:
        return True
    return (
        2 <= len(words) <= 4
        and not _BODIES.intersection(words)
        and segment[0].text[0].isalpha()
        and all(tree.capital(word) for word in segment)
    )


def name_of(text: str, words: Sequence[Word]) -> str | None:
    """The speaker as named: without titles of office before a name, brackets, and what only describes the work."""
    start, end = words[0].start, words[-1].end
    opening = _OPENING_TIME.match(text, start, end)
    if opening is not None and (named := [word for word in words if word.start >= opening.end()]):
        start, words = named[0].start, named
    phrase = text[start:end]
    if "(" in phrase:
        phrase = re.sub(r" ?\([^()]*\)", "", phrase)
    phrase = _TRAILING.sub("", phrase.rstrip())
    bare = _MADE_BY.sub("", phrase)
    phrase = bare if " " in bare else phrase  # "figures" alone names nobody
    last = next((place for place in range(len(words) - 1, -1, -1) if not text[words[place].start].isupper()), -1)
    name = text[words[last + 1].start : end] if last + 1 < len(words) else ""
    office = last >= 0 and words[last].text.isalpha() and words[last].text not in _AROUND_OFFICE
    if office and len(name.split()) >= 2 and not _BODIES.intersection(name.lower().split()):
        return tidy(name)
    by = _WORK_BY.search(phrase) if len(phrase) > _LONGEST_NAME else None
    if by is not None:
        return tidy(by["name"])
    return tidy(phrase)


def _said(sentence: Sentence, tree: Clauses, place: int, start: int, end: int, *, inverted: bool) -> tuple[int, int]:
    """What a verb of saying reports: what follows it, or what stands before it where it closes a sentence."""
    clause = tree.clauses[tree.of[place]]
    first, last = sentence.statement(start, end)
    if inverted or clause.kind == "reporting":
        closes = last - end < 40 or inverted
        follows = tree.words[place + 1].text if place + 1 < len(tree.words) else ""
        if closes and follows not in {"that", ":"}:
            return first, last
        if follows == "," and start > first:
            goes_on = place + 2 < len(tree.words) and tree.words[place + 2].text in _JOINTS
            return first, start if goes_on else last
    for at, (first, stop) in enumerate(sentence.breaks):
        if first == last and _goes_on_listing(tree, stop):
            last = sentence.breaks[at + 1][0] if at + 1 < len(sentence.breaks) else sentence.end
    records = any(word.text in _SOURCES for word in tree.words[tree.word_at(start) : place])
    return end, _past_listed(sentence, end, _past_while(sentence, last) if records else last)


def _past_listed(sentence: Sentence, end: int, last: int) -> int:
    """Where a report ends that goes on with another amount: "found that most would, but only 22% had"."""
    for at, (first, stop) in enumerate(sentence.breaks):
        if (
            first == last
            and first > end
            and stop - first > 1
            and sentence.lower[stop : stop + 12].startswith(_AMOUNTS_AGAIN)
        ):
            return sentence.breaks[at + 1][0] if at + 1 < len(sentence.breaks) else sentence.end
    return last


def _past_while(sentence: Sentence, last: int) -> int:
    """Where what a source opens ends: "while" sets a second statement of its beside the first."""
    for first, stop in sentence.breaks:
        if first == last and sentence.lower[first:stop].strip(" ,") in {"while", "whilst", "whereas"}:
            last = next((start for start, _ in sentence.breaks if start > first), sentence.end)
    return last


def _goes_on_listing(tree: Clauses, start: int) -> bool:
    """Whether what follows a semicolon has no verb of its own: the next thing in a list of what is reported."""
    first = tree.word_at(start)
    return not any(is_finite(tree.words, at) for at in range(first, min(first + 10, len(tree.words))))


# Phrases and quotations.


def _phrases(sentence: Sentence) -> list[tuple[int, int, str | None]]:
    """Phrases that name a source, each with the stretch that it holds for."""
    found: list[tuple[int, int, str | None]] = []
    words = sentence.clauses.vocabulary
    if not words.isdisjoint(_BEFORE_WORDS):
        for match, source in _named(sentence):
            first, last = sentence.statement(match.start(), match.end())
            end = match.start("source") + len(source)
            if match.start() == sentence.start:
                last = _past_while(sentence, last)
            last = _past_listed(sentence, end, last)
            named = _named_after(sentence, end) if source.split(" ", 1)[0] in _OFFICE_OF else None
            name = sentence.text[slice(*named)] if named is not None else trimmed(source)
            found += [(first, match.start(), name), (end, last, name)]
    if "so" in words and not SAYING.isdisjoint(words):
        found += _holding(sentence, _OR_SO)
    if not words.isdisjoint(_SOURCES_AND_FIGURES) or not _TALLIES.isdisjoint(words):
        told = () if "told" not in words else (_TOLD,)
        obtained = () if _OBTAINING.isdisjoint(words) else (_OBTAINED,)
        for pattern in (_BY_OUR, _SURVEYED, *told, *obtained, _POSSESSIVE, _EVIDENCE):
            found += _holding(sentence, pattern)
    return found


def _holding(sentence: Sentence, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str | None]]:
    """The phrases of a form, each with the stretch that it holds for: all of its statement, or what follows it."""
    for match in pattern.finditer(sentence.lower, sentence.start, sentence.end):
        first, last = sentence.statement(match.start(), match.end())
        last = _past_listed(sentence, match.end(), last)
        source = trimmed(sentence.text[slice(*match.span("source"))])
        yield first if pattern in _HOLDING_ALL else match.end(), last, source


def _named(sentence: Sentence) -> Iterator[tuple[re.Match[str], str]]:
    """The phrases that name a source outright, each with the source: "according to X"."""
    for match in _PHRASE.finditer(sentence.lower, sentence.start, sentence.end):
        stop = _PHRASE_END.search(sentence.text, match.start("source"), match.end("source"))
        end = _end_of_name(sentence.text, match.start("source"), stop.start() if stop else match.end("source"))
        told = _BY_WHOM.match(sentence.lower, end)  # "according to figures that the union obtained"
        yield match, sentence.text[match.start("source") : told.end() if told else end]


def _end_of_name(text: str, start: int, end: int) -> int:
    """Where a name ends that no comma parts from the statement behind it."""
    for found in _NEXT_PHRASE.finditer(text, start, end):
        last = text[start : found.start()].rsplit(" ", 1)[-1]
        if last[:1].isupper():
            return found.start()
    return end


def named_sources(sentence: Sentence) -> list[tuple[int, int]]:
    """Where phrases like "according to X" stand, which say nothing of what is measured."""
    if "according" not in sentence.clauses.vocabulary:
        return []
    return [(match.start(), match.start("source") + len(source)) for match, source in _named(sentence)]


def trimmed(words: str) -> str | None:
    """A source without adverbs and times at its end."""
    return tidy(_TRAILING.sub("", words.rstrip()))


# Who states each figure.


def attributions(
    sentence: Sentence, found: Sequence[Quantity], heard: Heard, quotes: Sequence[Quote]
) -> tuple[list[str | None], Heard]:
    """The source of each figure, in the text's own words, and what the next sentence may go on with."""
    spoken = speeches(sentence)
    phrases = _phrases(sentence)
    carried = heard.source if _CONTINUES.match(sentence.lower, sentence.start, sentence.end) else None
    if _THAT.match(sentence.lower, sentence.start, sentence.end):
        carried = heard.definition or carried
    result = [
        None
        if _is_threshold(sentence, found, index)
        else _source_of(sentence, one.start, spoken, phrases, heard, quotes)
        for index, one in enumerate(found)
    ]
    result = [source or carried for source in result]
    return result, Heard(sentence, next((one for one in reversed(result) if one), None))


def _is_threshold(sentence: Sentence, found: Sequence[Quantity], index: int) -> bool:
    """Whether a time only says what is counted before it, as in "26 per cent had waited for more than six weeks"."""
    this = found[index]
    return (
        this.kind == "duration"
        and index > 0
        and found[index - 1].kind != "duration"
        and _THRESHOLD.search(sentence.before(this, 30)) is not None
    )


def opening_name(sentence: Sentence) -> str | None:
    """The name or noun phrase that a sentence begins with, where it may be the "it" of the next."""
    common = _OPENING_NOUN.match(sentence.text, sentence.start, sentence.start + 80)
    if common is not None:
        return tidy(common[0])
    name = _NAME.match(sentence.text, sentence.start, sentence.end)
    if name is None or name[0].strip().lower() in _NO_NAMES or name[0].lower() in _BODIES:
        return None
    return tidy(name[0])


def _source_of(
    sentence: Sentence,
    at: int,
    spoken: Sequence[Speech],
    phrases: Sequence[tuple[int, int, str | None]],
    heard: Heard,
    quotes: Sequence[Quote],
) -> str | None:
    if _is_reckoning(sentence, at):
        return None
    before = bisect_right(quotes, at, key=_START) - 1
    quoted = quotes[before].source if before >= 0 and at < quotes[before].end else None
    if quoted is not None and not quotes[before].transcript:
        return quoted
    over = [
        (*speech.said, heard.subject if speech.pronoun else speech.source)
        for speech in spoken
        if not speech.start <= at < speech.end
    ]
    holding = [(last - first, source) for first, last, source in (*over, *phrases) if first <= at < last and source]
    return min(holding)[1] if holding else quoted


def _is_reckoning(sentence: Sentence, at: int) -> bool:
    """Whether a figure stands where the writer adds a condition or a comparison: "enough to pay 30 nurses"."""
    tree = sentence.clauses
    number = tree.at(at)
    while number >= 0:
        if tree.clauses[number].opener in RECKONINGS:
            return True
        number = tree.clauses[number].parent
    return False
