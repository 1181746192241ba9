"""The reading of one paragraph: from its numbers, layer by layer, to its figures."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractors.article.model import Published
from extractors.figures.attribution import Statement, attribution, continues, sources, stated, subject
from extractors.figures.bases import bases
from extractors.figures.changes import Move, changes
from extractors.figures.dates import Time
from extractors.figures.ellipsis import with_antecedents
from extractors.figures.exclusions import after_reading, before_reading, phrase_at
from extractors.figures.masks import Span, mask_at, paragraph_masks
from extractors.figures.measures import stretches, tidy
from extractors.figures.model import Figure, PassedOver, Period
from extractors.figures.numbers import SIGN_OR_CODE, Number, numbers
from extractors.figures.periods import Times, periods, span_of
from extractors.figures.prepared import Prepared, prepare
from extractors.figures.qualifiers import bounded, qualifier
from extractors.figures.quantities import Quantity, quantity
from extractors.figures.ranges import joined
from extractors.figures.rates import rated
from extractors.figures.sentence import Sentence, with_clauses
from extractors.figures.subjects import Stated, subject_of, with_origins
from extractors.figures.times import times
from extractors.text import sentences

_LONGEST = 1000  # characters of a sentence that are read together


class Reading(NamedTuple):
    """What one paragraph holds. `Figure.change_from` counts inside `figures`."""

    figures: list[Figure]
    passed: list[PassedOver]


class _Memory(NamedTuple):
    """What later sentences of a paragraph may refer back to."""

    counted: Quantity | None = None
    times: Times = Times()
    base: str | None = None
    statement: Statement = Statement()
    stated: bool = False  # whether `statement` is that of the sentence just before


def read(paragraph_no: int, source: str, published: Published | None) -> Reading:
    """All figures of one paragraph, and the numbers in it that are none."""
    prepared = prepare(source)
    found = numbers(prepared.lower)
    reading = Reading([], [])
    if not found:
        return reading
    masked = paragraph_masks(prepared.text, prepared.lower)
    flat = prepared.lower.replace("-", " ")
    memory = _Memory()
    at = 0
    sentence: Sentence | None = None
    for start, end in _stretches(prepared.text):
        own: list[Number] = []
        while at < len(found) and found[at].start < end:
            own.append(found[at])
            at += 1
        before = sentence
        sentence = Sentence(prepared.text, prepared.lower, start, end, before.start if before else start)
        if own:
            if before is not None and not memory.stated and continues(sentence):
                memory = memory._replace(statement=stated(before))
            memory = _read_sentence(
                reading, paragraph_no, prepared, with_clauses(sentence), own, masked, flat, published, memory
            )
        else:
            memory = memory._replace(stated=False)
    return reading


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text, those that are longer than any writer's cut at a space, so that time stays linear."""
    for start, end in sentences(text):
        at = start
        while end - at > _LONGEST:
            cut = text.rfind(" ", at + _LONGEST // 2, at + _LONGEST)
            cut = at + _LONGEST if cut < 0 else cut
            yield at, cut
            at = cut
        yield at, end


def _read_sentence(
    reading: Reading,
    paragraph_no: int,
    prepared: Prepared,
    sentence: Sentence,
    own: list[Number],
    masked: list[Span],
    flat: str,
    published: Published | None,
    memory: _Memory,
) -> _Memory:
    mentions = times(sentence.text, sentence.lower, sentence.start, sentence.end, published)
    passed: list[tuple[int, int, str]] = []
    kept = _unmasked(sentence, own, masked, mentions, flat, passed)
    found = _quantities(sentence, kept, memory, passed)
    for start, end, reason in passed:
        first, last = prepared.source_span(start, end)
        reading.passed.append(PassedOver(paragraph_no, first, last, prepared.source[first:last], reason))
    if not found:
        return memory._replace(stated=False)
    return _add_figures(reading, paragraph_no, prepared, sentence, found, mentions, memory)


def _unmasked(
    sentence: Sentence,
    own: list[Number],
    masked: list[Span],
    mentions: list[Time],
    flat: str,
    passed: list[tuple[int, int, str]],
) -> list[Number]:
    kept: list[Number] = []
    until = -1
    for number in own:
        if number.start < until:
            passed.append((number.start, number.end, passed[-1][2]))
            continue
        span = phrase_at(flat, number) or mask_at(sentence.text, sentence.lower, number, sentence.start)
        if span is not None:
            until = span.end
            passed.append((number.start, number.end, span.reason))
            continue
        reason = _inside(number, masked) or _dated(sentence, number, mentions) or before_reading(sentence.lower, number)
        if reason is not None:
            passed.append((number.start, number.end, reason))
        else:
            kept.append(number)
    return kept


def _inside(number: Number, spans: Iterable[Span]) -> str | None:
    for span in spans:
        if span.start > number.start:
            break
        if number.start < span.end:
            return span.reason
    return None


def _dated(sentence: Sentence, number: Number, mentions: list[Time]) -> str | None:
    # A sign before it makes it an amount, whatever year it could be: "£ 1900".
    if SIGN_OR_CODE.search(sentence.lower, max(sentence.start, number.start - 5), number.start):
        return None
    for mention in mentions:
        if mention.start <= number.start < mention.end:
            counted = sentence.lower.startswith((" month", " year", "-month"), number.end)
            return None if counted else "date"
    return None


def _quantities(
    sentence: Sentence, kept: list[Number], memory: _Memory, passed: list[tuple[int, int, str]]
) -> list[Quantity]:
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
    figures = with_antecedents(sentence, figures, memory.counted)
    return rated(sentence.lower, figures, sentence.start, sentence.end)


def _add_figures(
    reading: Reading,
    paragraph_no: int,
    prepared: Prepared,
    sentence: Sentence,
    found: list[Quantity],
    mentions: list[Time],
    memory: _Memory,
) -> _Memory:
    offset = len(reading.figures)
    moves = changes(sentence, found)
    spans = periods(sentence, found, moves, mentions, memory.times)
    wholes, base = bases(sentence, found, moves, memory.base)
    known = sources(sentence, memory.statement)
    statements = stretches(sentence, found)
    figures: list[Figure] = []
    for index, one in enumerate(found):
        source = attribution(sentence, one.start, known, memory.statement)
        figures.append(
            _figure(
                paragraph_no,
                prepared,
                sentence,
                one,
                spans[index],
                wholes[index],
                moves[index],
                statements[index],
                source,
                offset,
            )
        )
    reading.figures.extend(with_origins(figures, offset))
    count = next((one for one in reversed(found) if one.kind in {"count", "duration"} and one.unit), None)
    period = next((span for span in reversed(spans) if span is not None), memory.times.period)
    times_now = Times(period, span_of(mentions, memory.times))
    statement = Statement(reading.figures[-1].attribution, subject(sentence))
    return _Memory(count, times_now, base, statement, stated=True)


def _figure(
    paragraph_no: int,
    prepared: Prepared,
    sentence: Sentence,
    one: Quantity,
    period: Period | None,
    base: str | None,
    move: Move,
    stated: tuple[int, int],
    source: str | None,
    offset: int,
) -> Figure:
    exactness = qualifier(sentence.lower, sentence.start, one) if one.low == one.high else "exact"
    one = bounded(one, exactness)
    start, end = prepared.source_span(one.start, one.end)
    words = sentence.text[slice(*stated)]
    place = (one.start - stated[0], one.end - stated[0])
    return Figure(
        paragraph_no=paragraph_no,
        char_start=start,
        char_end=end,
        surface=prepared.source[start:end],
        kind=one.kind,
        value=one.value,
        value_low=one.low,
        value_high=one.high,
        unit=one.unit,
        qualifier=exactness,
        period=period,
        measure=tidy(words),
        base=base,
        change=move.change,
        change_from=None if move.origin is None else offset + move.origin,
        attribution=source,
        subject=subject_of(Stated(words, *place, one.kind, one.unit, base, move.change, source)),
    )
