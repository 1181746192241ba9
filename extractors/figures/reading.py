"""The reading of one paragraph: from its numbers, layer by layer, to its figures."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from extractors.article.model import Published
from extractors.figures.changes import changes
from extractors.figures.dates import Time, times
from extractors.figures.directions import directions
from extractors.figures.exclusions import after_reading, before_reading, mask_at, paragraph_masks, phrase_at
from extractors.figures.lexicons import ATTRIBUTION, MEASURES, PERIODS, alternation
from extractors.figures.measures import measures
from extractors.figures.model import Figure, PassedOver, Period
from extractors.figures.nouns import AUXILIARIES, MOVING, STOPS, after_fronted, head_noun, is_plural, singular
from extractors.figures.numbers import SIGN_OR_CODE, Number, numbers, round_off
from extractors.figures.periods import Times, periods, span_of
from extractors.figures.phrases import bases
from extractors.figures.quantities import Quantity, bounded, qualifier, quantity
from extractors.figures.rates import joined, rated
from extractors.figures.sentence import Facts, Move, Sentence, lexical_verb, without_qualifiers
from extractors.figures.speakers import Heard, Quote, Speech, attributions, named_sources, speeches
from extractors.figures.subjects import Stated, Topic, is_question, statement_around, subject_of, with_origins
from extractors.speech.grammar import stretches
from extractors.text.fold import prepare
from extractors.text.sentences import bounded_sentences

_NUMBER_OF = re.compile(r"(?<![a-z])numbers? of (?:the )?")
_NUMBERS = re.compile(
    r"(?<![a-z])(?P<noun>[a-z]+) numbers (?:have |had |has )?(?:[a-z]+ )?(?:from|to|by|at|of|were|was) (?:[a-z]+ )?$"
)
_SHARE_WORDS = frozenset(("share", "proportion", "percentage", "%", "cent", "percent", "margin", "turnout"))
_FRONTED_WHOLE = re.compile(
    r"(?<![a-z])of (?:the|its|their|our|these|those|his|her) (?P<noun>[a-z -]{3,40}?),?"
    r" (?:only |just |some |about |all but )?$"
)
_NOT_NAMED = STOPS | {"total", "overall", "record", "large", "small"}
_POPULATION = re.compile(r"(?<![a-z])(?:populations?|catchments?|audiences?|crowds?|electorates?) of (?:[a-z]+ ){0,3}$")
_TIGHT = re.compile(
    r"(?:(?:up|down)(?: [a-z]+)? from|from|to|compared (?:with|to)|against|than|versus|instead of"
    r"|rather than|and|or|not|by)"
    r"(?: (?:just|only|about|around|some|nearly|almost|over|under|as many as|up to|at least|the|a|more than"
    r"|less than))*$"
)


def with_antecedents(
    sentence: Sentence, found: list[Quantity], memory: Quantity | None, share: Quantity | None
) -> list[Quantity]:
    """The quantities of a sentence with the units that are understood; `memory` is the last count before it, `share`
    the percentage that the sentence before it ended with."""
    result: list[Quantity] = []
    for index, one in enumerate(found):
        if (points := _of_points(sentence, one)) is not None:
            result.append(points)
            continue
        if one.known:
            result.append(one)
            continue
        if (percent := _of_percent(sentence, one, result, share)) is not None:
            result.append(percent)
            continue
        before = result[-1] if result else None
        tight = before is not None and bool(_TIGHT.search(sentence.lower[before.end : one.start].rstrip()))
        if before is not None and not tight and (before.noun is None or before.kind == "fraction"):
            before = next((counted for counted in reversed(result) if _is_counted(counted)), before)
        result.append(_resolved(sentence, one, before, memory if index == 0 else None, tight=tight))
    return result


def _is_counted(quantity: Quantity) -> bool:
    """Whether a quantity counts things, which a bare number after it goes on counting: "of 312 complaints, 74"."""
    return quantity.kind == "count" and quantity.noun is not None and not quantity.compound


def _like(quantity: Quantity, before: Quantity, *, tight: bool) -> Quantity:
    """The quantity with the unit of the one before it."""
    if before.kind == "count" and before.unit != "time":
        return quantity._replace(unit=before.unit)
    if before.kind == "duration" and quantity.number.scale == 1.0 and quantity.value < 1000:
        factor = before.value / before.number.value if before.number.value and before.low == before.high else 1.0
        value = round_off(quantity.value * factor)
        return quantity._replace(kind="duration", unit=before.unit, value=value, low=value, high=value)
    if tight and before.kind == "percent" and quantity.value <= 100:
        return quantity._replace(kind="percent", unit=before.unit)
    return quantity


# "In 2018 it was 31"; "is above 85 in most trusts and over 95 in several".
_IT_WAS = re.compile(r"(?<![a-z])(?:it|the (?:figure|share|rate|proportion)) (?:is|was|had been|stood at|stands at)$")
_LEVEL = re.compile(r"(?<![a-z])(?:above|below|over|under) $")


def _of_percent(
    sentence: Sentence, quantity: Quantity, result: list[Quantity], share: Quantity | None
) -> Quantity | None:
    """The percentage that a bare number is after another: "fell by 40 per cent, and in places by as much as 60"."""
    percent = next((one for one in reversed(result) if one.kind == "percent"), None)
    again = percent is None and not result
    percent = share if again else percent
    if percent is None or quantity.kind != "count" or quantity.unit is not None or quantity.value > 100:
        return None
    before = without_qualifiers(sentence.before(quantity, 40))
    level = bool(result) and _LEVEL.search(sentence.before(quantity, 40)) is not None
    closes = sentence.lower[quantity.end : quantity.end + 1] in {"", ".", ",", ";", ")"} or (
        level and sentence.lower.startswith((" in ", " at ", " and ", " or "), quantity.end)
    )
    sized = before.endswith(" by") or level or _IT_WAS.search(before) is not None
    sized = sized or (not again and result[-1] is percent and before.endswith((" is", " was", " were")))
    if not closes or quantity.number.scale != 1.0 or not (sized or quantity.value % 1):
        return None
    if _number_of(sentence, quantity) is not None:
        return None  # "the number of beds has fallen by 40"
    return quantity._replace(kind="percent", unit=percent.unit, known=True)


def _of_points(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """The percentage points that bare points are of a share: "the share rose by four points, to 31 per cent"."""
    if quantity.unit != "point" or quantity.compound or quantity.value > 100:
        return None
    share = not _SHARE_WORDS.isdisjoint(sentence.clauses.vocabulary)
    return quantity._replace(kind="percent", unit="pp", known=True) if share else quantity


def _number_of(sentence: Sentence, quantity: Quantity) -> str | None:
    """What is counted in "the number of agency nurses ... doubled from 140"."""
    for match in reversed(list(_NUMBER_OF.finditer(sentence.lower, sentence.start, quantity.start))):
        noun = head_noun(sentence.lower, match.end(), min(quantity.start, match.end() + 80), capitals=sentence.text)
        if noun is not None:
            return noun.lemma
    return None


def _numbered(sentence: Sentence, quantity: Quantity) -> str | None:
    """What is counted in "bed numbers fell from 612", "of the ten largest units six were"."""
    whole = _FRONTED_WHOLE.search(sentence.lower, max(sentence.start, quantity.start - 60), quantity.start)
    if whole is not None:
        noun = head_noun(sentence.lower, whole.start("noun") - 1, whole.end("noun"), capitals=sentence.text)
        return noun.lemma if noun is not None else None
    named = _NUMBERS.search(sentence.lower, max(sentence.start, quantity.start - 50), quantity.start)
    if named is None and _POPULATION.search(sentence.lower, max(sentence.start, quantity.start - 50), quantity.start):
        return "person"
    plain = named is not None and named["noun"] not in _NOT_NAMED
    return singular(named["noun"]) if named is not None and plain else None


def _noun_of_share(sentence: Sentence, before: Quantity) -> str | None:
    """What a share before is of, as the number beside it counts the same: "one in six operations - 14,000 a week"."""
    if before.kind != "fraction":
        return None
    if before.noun is None:
        of = sentence.lower.startswith(" of ", before.end)
        noun = head_noun(sentence.lower, before.end + 3, before.end + 60, capitals=sentence.text) if of else None
        return noun.lemma if noun is not None else None
    return singular(sentence.lower[slice(*before.noun)].split()[-1])


def _resolved(
    sentence: Sentence, quantity: Quantity, before: Quantity | None, memory: Quantity | None, *, tight: bool
) -> Quantity:
    apart = before is not None and _verb_between(sentence, before, quantity)
    numbered = _numbered(sentence, quantity) or (_counted_by_subject(sentence, quantity) if apart else None)
    if numbered is not None:
        return quantity._replace(unit=numbered)
    if before is None or before.unit is None or before.kind in {"percent", "fraction", "multiple"}:
        unit = _number_of(sentence, quantity) or (_noun_of_share(sentence, before) if before is not None else None)
        if unit is not None:
            return quantity._replace(unit=unit)
    if before is not None and before.unit is not None:
        like = _beside_time(sentence, quantity, before, tight=tight) or _like(quantity, before, tight=tight)
        if like.unit is not None or before.kind not in {"duration", "percent"}:
            return like
    if (unit := _counted_by_subject(sentence, quantity)) is not None:
        return quantity._replace(unit=unit)
    if memory is not None and quantity.number.scale == 1.0:
        return _resolved(sentence, quantity, memory, None, tight=False)
    return quantity


def _verb_between(sentence: Sentence, before: Quantity, quantity: Quantity) -> bool:
    """Whether a figure stands behind its clause's verb, and the one before it in front of the clause."""
    tree = sentence.clauses
    clause = tree.clauses[tree.at(quantity.start)]
    return clause.verb >= 0 and before.end <= clause.start <= tree.words[clause.verb].start < quantity.start


def _beside_time(sentence: Sentence, quantity: Quantity, before: Quantity, *, tight: bool) -> Quantity | None:
    """What "the number of patients waiting for 52 weeks rose from 2,810" counts, which are no weeks."""
    apart = not STOPS.isdisjoint(sentence.between(before, quantity).split()[:-1])
    if before.kind != "duration" or (tight and not apart):
        return None
    unit = _number_of(sentence, quantity)
    return quantity._replace(unit=unit) if unit is not None and unit != before.unit else None


def _counted_by_subject(sentence: Sentence, quantity: Quantity) -> str | None:
    """What is counted where it is what moved or came to so many: "private admissions reached 228,000"."""
    tree = sentence.clauses
    clause = tree.clauses[tree.at(quantity.start)]
    if quantity.kind != "count" or clause.verb < 0 or tree.words[clause.verb].start > quantity.start:
        return None
    verb = lexical_verb(tree, clause)
    if clause.opener == "with":
        verb = next((word.text for word in tree.words[clause.verb :] if word.text in MOVING), verb)
    first = clause.first + 2 if clause.opener == "with" else clause.first  # ", with admissions increasing to 159,000"
    led = sentence.lower[tree.words[clause.verb].end : quantity.start].split()
    if (verb not in MOVING and verb not in _COMING_TO and verb not in {"up", "down"}) or len(led) > _FEW_WORDS:
        return None
    subject = after_fronted(tree.words[first : clause.verb])
    if not subject:
        return None
    noun = head_noun(sentence.lower, subject[0].start, subject[-1].end, capitals=sentence.text)
    plain = noun is not None and is_plural(sentence.lower[noun.start : noun.end]) and noun.lemma not in _NOT_COUNTED
    return noun.lemma if noun is not None and plain else None


_COMING_TO = MEASURES.amounting.words - MOVING - AUXILIARIES
_NOT_COUNTED = MEASURES.not_counted.words
_FEW_WORDS = 12  # between the verb and the number: "rose from 31,200 in the first six months of 2022 to"
_GOES_ON = re.compile(r" *(?:it|they|he|she|this|that|these|those|the|of)(?![a-z])|.* (?:he|she|it|they) ")
_LEADING = re.compile(
    rf"(?<![a-z])(?:{alternation(PERIODS.leading.words)})"
    rf"(?: (?:{alternation(PERIODS.leading.words)}))* $"
)
_ENDING = re.compile(r"to (?:end|start) (?!of )")  # "expected to end 2024-25 in deficit"
_WITNESS = 60  # characters within which a transcript names who speaks
_SINGLE_QUOTE = re.compile(r"'(?:(?<![A-Za-z0-9]')(?=[A-Za-z])|(?<=[.,!?]'))")


class ParagraphFigures(NamedTuple):
    """What one paragraph holds. `Figure.change_from` counts inside `figures`."""

    figures: list[Figure]
    passed: list[PassedOver]


class _Context(NamedTuple):
    """What the layers after the quantities say of one figure."""

    period: Period | None
    base: str | None
    move: Move
    measure: str | None
    source: str | None


Nation = Callable[[], str | None]


def read_paragraph(paragraph_no: int, source: str, published: Published | None, nation: Nation) -> ParagraphFigures:
    """All figures of one paragraph, and the numbers in it that are none; `nation` tells that of its article."""
    return _Paragraph(paragraph_no, source, published, nation).read()


class _Paragraph:
    """One paragraph while it is read, with what later sentences may refer back to."""

    def __init__(self, paragraph_no: int, source: str, published: Published | None, nation: Nation) -> None:
        self.paragraph_no = paragraph_no
        self.nation = nation
        self.published = published
        self.prepared = prepare(source)
        self.text, self.lower = self.prepared.text, self.prepared.lower
        self.found = ParagraphFigures([], [])
        self.counted: Quantity | None = None
        self.share: Quantity | None = None
        self.rate: str | None = None
        self.times = Times()
        self.base: str | None = None
        self.heard = Heard()
        self.topic = Topic()
        self.quotes: list[Quote] = []
        self.witnesses: list[Quote] = []  # who says what in a paragraph of a transcript

    def read(self) -> ParagraphFigures:
        """The figures and what was passed over."""
        every = numbers(self.lower)
        if not every:
            return self.found
        self.masked = sorted(paragraph_masks(self.text, self.lower, every), reverse=True)
        self.flat = self.lower.replace("-", " ")
        sentences = self._sentences()
        self.witnesses = witnesses_of(self.text) if ": " in self.text[:_WITNESS] else []
        if self.witnesses:
            self.quotes = self.witnesses
        elif '"' in self.text or ("'" in self.text and _SINGLE_QUOTE.search(self.text)):
            self.quotes = quotations(self.text, (speech for one in sentences for speech in speeches(one)))
        at = 0
        before: Sentence | None = None
        heard = False  # whether `self.heard` is of the sentence just before
        for sentence in sentences:
            own: list[Number] = []
            while at < len(every) and every[at].start < sentence.end:
                own.append(every[at])
                at += 1
            if own:
                if before is not None and not heard:
                    self._go_back_to(before, sentence)
                heard = self._read_sentence(sentence, own)
            else:
                heard = False
            before = sentence
        return self.found

    def _sentences(self) -> list[Sentence]:
        found: list[Sentence] = []
        for start, end in bounded_sentences(self.text):
            previous = found[-1].start if found else start
            found.append(Sentence(self.text, self.lower, start, end, previous))
        return found

    def _go_back_to(self, before: Sentence, sentence: Sentence) -> None:
        """What a sentence may go on with that the one before it, which has no figures, said."""
        self.heard = Heard()
        if is_question(before):  # "What is it now?" goes back itself
            asked = Topic(before)
            self.topic = asked if asked.subject is not None else self.topic
        elif _GOES_ON.match(self.lower, sentence.start, sentence.end):
            self.heard, self.topic = Heard(before), Topic(before)
        else:
            self.topic = Topic()

    def _read_sentence(self, sentence: Sentence, own: list[Number]) -> bool:
        mentions = times(sentence.text, sentence.lower, sentence.words, sentence.end, self.published)
        passed: list[tuple[int, int, str]] = []
        kept = self._unmasked(sentence, own, mentions, passed)
        found = self._quantities(sentence, kept, passed)
        for start, end, reason in passed:
            first, last = self.prepared.source_span(start, end)
            surface = self.prepared.source[first:last]
            self.found.passed.append(PassedOver(self.paragraph_no, first, last, surface, reason))
        if found:
            self._add_figures(sentence, found, mentions)
        return bool(found)

    def _unmasked(
        self, sentence: Sentence, own: list[Number], mentions: list[Time], passed: list[tuple[int, int, str]]
    ) -> list[Number]:
        kept: list[Number] = []
        until = -1
        for number in own:
            if number.start < until:
                passed.append((number.start, number.end, passed[-1][2]))
                continue
            span = phrase_at(self.flat, number) or mask_at(sentence.text, sentence.lower, number, sentence.start)
            if span is not None:
                until = span.end
                passed.append((number.start, number.end, span.reason))
                continue
            reason = self._inside_masked(number) or _dated(sentence, number, mentions)
            reason = reason or before_reading(sentence.lower, number)
            if reason is not None:
                passed.append((number.start, number.end, reason))
            else:
                kept.append(number)
        return kept

    def _inside_masked(self, number: Number) -> str | None:
        """Why a number is masked; numbers are asked for in order, so that what lies behind one is left behind."""
        while self.masked and self.masked[-1].end <= number.start:
            self.masked.pop()
        inside = self.masked and self.masked[-1].start <= number.start
        return self.masked[-1].reason if inside else None

    def _quantities(self, sentence: Sentence, kept: list[Number], passed: list[tuple[int, int, str]]) -> list[Quantity]:
        found: list[Quantity] = []
        for index, number in enumerate(kept):
            limit = kept[index + 1].start if index + 1 < len(kept) else sentence.end
            found.append(quantity(sentence.text, sentence.lower, number, limit))
        found = joined(sentence.lower, found, sentence.start)
        figures: list[Quantity] = []
        for one in found:
            reason = None if one.low != one.high else after_reading(sentence.text, sentence.lower, sentence.start, one)
            if reason is None:
                figures.append(one)
            else:
                passed.append((one.number.start, one.number.end, reason))
        figures = with_antecedents(sentence, figures, self.counted, self.share)
        result = rated(sentence.lower, figures, sentence.start, sentence.end, self.rate)
        self.rate = next((one.unit for one in reversed(result) if one.kind == "rate"), self.rate)
        return result

    def _add_figures(self, sentence: Sentence, found: list[Quantity], mentions: list[Time]) -> None:
        offset = len(self.found.figures)
        moves = changes(sentence, found, mentions, directions)
        spans = periods(sentence, found, moves, mentions, self.times)
        wholes, self.base = bases(sentence, found, moves, self.base)
        sources, self.heard = attributions(sentence, found, self.heard, self.quotes)
        cut = [(_with_preposition(sentence, time.start), time.end) for time in mentions]
        cut += named_sources(sentence)
        ends = [0, *(said.end for said in self.witnesses)]
        cut += [(end, said.start) for end, said in zip(ends, self.witnesses, strict=False)]
        said = [span for span in map(sentence.find, {source for source in sources if _is_phrase(source)}) if span]
        # "Our survey of 640 staff" is what the 640 measures.
        cut += [span for span in said if not any(sentence.lower[span[1] : one.start] == " of " for one in found)]
        facts = [Facts(base, move.origin) for base, move in zip(wholes, moves, strict=True)]
        headings, self.topic = measures(sentence, found, facts, cut, self.topic)
        contexts = map(_Context._make, zip(spans, wholes, moves, headings, sources, strict=True))
        figures = [self._figure(sentence, one, context, offset) for one, context in zip(found, contexts, strict=True)]
        self.found.figures.extend(with_origins(figures, offset))
        self.counted = next((one for one in reversed(found) if one.kind in {"count", "duration"} and one.unit), None)
        self.share = found[-1] if found[-1].kind == "percent" else None
        period = next((span for span in reversed(spans) if span is not None), self.times.period)
        self.times = Times(period, span_of(mentions, self.times))

    def _figure(self, sentence: Sentence, one: Quantity, context: _Context, offset: int) -> Figure:
        exactness = qualifier(sentence.lower, sentence.start, one) if one.low == one.high else "exact"
        one = bounded(one, exactness)
        start, end = self.prepared.source_span(one.start, one.end)
        stated = statement_around(sentence, one)
        words = sentence.text[slice(*stated)]
        place = (one.start - stated[0], one.end - stated[0])
        move, base, source, measure = context.move, context.base, context.source, context.measure
        about = Stated(words, *place, one.kind, one.unit, base, move.change, source, measure, one.value, self.nation)
        return Figure(
            paragraph_no=self.paragraph_no,
            char_start=start,
            char_end=end,
            surface=self.prepared.source[start:end],
            kind=one.kind,
            value=one.value,
            value_low=one.low,
            value_high=one.high,
            unit=one.unit,
            qualifier=exactness,
            period=context.period,
            measure=measure,
            base=base,
            change=move.change,
            change_from=None if move.origin is None else offset + move.origin,
            attribution=source,
            subject=subject_of(about),
        )


def _is_phrase(source: str | None) -> bool:
    """Whether a source is a phrase put in rather than a speaker: "by our reckoning"."""
    return source is not None and source.lower().startswith(("by ", "in ", "on ", "from ", "at "))


def _with_preposition(sentence: Sentence, at: int) -> int:
    """Where the words that lead into a time start: "by the end of 2030"."""
    lead = _LEADING.search(sentence.lower, max(sentence.start, at - 24), at)
    if lead is None:
        return at
    infinitive = _ENDING.match(lead[0])
    return lead.start() + infinitive.end() if infinitive else lead.start()


def _dated(sentence: Sentence, number: Number, mentions: list[Time]) -> str | None:
    # A sign before it makes it an amount, whatever year it could be: "£ 1900".
    if SIGN_OR_CODE.search(sentence.lower, max(sentence.start, number.start - 5), number.start):
        return None
    for mention in mentions:
        if mention.start <= number.start < mention.end:
            counted = sentence.lower.startswith((" month", " year", "-month"), number.end)
            return None if counted else "date"
    return None


# Quotations, and what is said in a transcript.

_WITNESS_NAMED = re.compile(
    r"(?P<name>(?P<office>Chair(?:man|woman)?|The (?:[A-Z][a-z]+ )*"
    r"(?:Minister|Secretary|Chair|Chairman|Convener|President|Speaker|Officer|General)"
    r"(?: (?:of|for|and|[A-Z][a-z]+))*)"
    r"|[A-Z][A-Za-z'-]*\.?(?: (?:(?:ap|ab|de|van|von|le|la) )?[A-Z][A-Za-z'-]+){1,3})"
    r"(?P<question> ?\(Q[0-9]+\))?: (?=[A-Z0-9£'\"])"
)
_QUESTION = re.compile(r"Q?[0-9]{1,4}\.? (?=[A-Z])")
_NEXT_WITNESS = re.compile(r"[.?!] (?=[A-Z][^.?!:]{2,50}: )")
_HEADING = frozenset(
    ("key", "points", "note", "notes", "summary", "question", "answer", "mental", "dental", "news", "comment")
)
_ONE_END = re.compile(r"[^.!?;\"]{2,240}[.!?] [\"']?")
_FIRST_PERSON = re.compile(
    r"(?<![A-Za-z])(?:I|I'm|I've|I'd|I'll|[Ww]e|[Ww]e've|[Ww]e're|[Mm]y|[Oo]ur|[Uu]s|[Yy]ou)(?![A-Za-z])"
)
_BODIES, _TITLES, _SOURCES = ATTRIBUTION.bodies.words, ATTRIBUTION.titles.words, ATTRIBUTION.sources.words
_VERB = attrgetter("verb")
_NEAR = 1000  # characters; no sentence that is read together is longer, so that no speaker is farther off
_SHORT_QUOTE = 24  # characters; a shorter one is a word held with tongs


def quotations(text: str, spoken: Iterable[Speech]) -> list[Quote]:
    """The quotations of a paragraph with their speakers, who stand right before or after one or the one it goes on.

    `spoken` is gone through only where there is a quotation.
    """
    quoted = [(one.start, one.end) for one in stretches(text)]
    if not any(end - start >= _SHORT_QUOTE for start, end in quoted):
        return []
    tags = [speech for speech in spoken if speech.source is not None]
    quotes: list[Quote] = []
    for start, end in quoted:
        last = quotes[-1].end if quotes else start
        first = bisect_left(tags, last - _NEAR, key=_VERB)
        near = tags[first : bisect_left(tags, end + _NEAR, key=_VERB)]
        tag = next((one for one in near if _introduces(text, one, start) or _closes(text, one, end)), None)
        source = tag.source if tag is not None else None
        if tag is None and not quotes:
            source = _said_before_quote(text, tags, start)
        if tag is None and quotes and any(last <= one.start and one.end <= start for one in near):
            source = quotes[-1].source
        quotes.append(Quote(start, end, source))
    # A short one is a word held with tongs, unless its speaker stands beside it.
    return [quote for quote in quotes if quote.end - quote.start >= _SHORT_QUOTE]


def _said_before_quote(text: str, tags: Sequence[Speech], start: int) -> str | None:
    """The speaker of the sentence before a quotation that has none: "X said they were sorry. 'The firm would ...'"."""
    before = [one for one in tags if one.end <= start]
    gap = text[before[-1].end : start] if before else ""
    return before[-1].source if before and _ONE_END.fullmatch(gap) else None


def witnesses_of(text: str) -> list[Quote]:
    """What each says in a paragraph of a transcript, who is named before it: "Sir Denis Rowe (Q47): We have"."""
    numbered = _QUESTION.match(text)
    first = numbered.end() if numbered is not None else 0
    witness = _WITNESS_NAMED.match(text, first)
    if witness is None:
        return []
    person = _is_person(witness) and _FIRST_PERSON.search(text, witness.end())
    if not (numbered or _is_titled(witness) or person):
        return []
    named = [witness]
    for found in _NEXT_WITNESS.finditer(text, witness.end()):
        another = _WITNESS_NAMED.match(text, found.end())
        if another is not None and (_is_titled(another) or _is_person(another)):
            named.append(another)
    ends = [*(one.start() for one in named[1:]), len(text)]
    return [Quote(one.end(), end, one["name"], transcript=True) for one, end in zip(named, ends, strict=True)]


def _is_titled(witness: re.Match[str]) -> bool:
    first = witness["name"].split(" ", 1)[0].lower().rstrip(".")
    return bool(witness["question"] or witness["office"]) or first in _TITLES


def _is_person(witness: re.Match[str]) -> bool:
    words = witness["name"].lower().split()
    return _BODIES.isdisjoint(words) and _SOURCES.isdisjoint(words) and _HEADING.isdisjoint(words)


def _introduces(text: str, tag: Speech, start: int) -> bool:
    return 0 <= start - tag.end <= 60 and not re.search(r"[.!?;] ", text[tag.end : start])


def _closes(text: str, tag: Speech, end: int) -> bool:
    return 0 <= tag.start - end <= 4 and not text[end : tag.start].strip(" \"',")


# Rows of tables.

_PART = re.compile(r"[^;]+(?:;(?! )[^;]+)*")
_NAMED = re.compile(r"(.+?):\s+(.+)", re.DOTALL)
_DIGIT = re.compile(r"\d")


class _Part(NamedTuple):
    start: int
    end: int
    column: str | None
    cell: str


def in_row(figure: Figure, row: str) -> Figure:
    """A figure of a table's row with the measure that its column and row give: "Patients sent, Ashmere"."""
    parts = list(_parts(row))
    own = next((part for part in parts if part.start <= figure.char_start < part.end), None)
    if own is None or own.column is None or figure.char_start < own.end - len(own.cell):
        return figure
    named = [part.cell for part in parts if part.end <= own.start and _names(part)]
    return replace(figure, measure=", ".join([own.column, *named[:2]]))


def _names(part: _Part) -> bool:
    """Whether a part tells rows apart rather than measures: words without a number."""
    return not _DIGIT.search(part.cell) and any(character.isalpha() for character in part.cell)


def _parts(row: str) -> Iterator[_Part]:
    for match in _PART.finditer(row):
        named = _NAMED.fullmatch(match[0].strip())
        cell = named[2] if named else match[0].strip()
        end = match.start() + len(match[0].rstrip())
        yield _Part(match.start(), end, named[1].strip() if named else None, cell)
