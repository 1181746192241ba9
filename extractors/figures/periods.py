"""Which time each figure is about: every clause has its times, and a figure asks outward from its own.

A time holds for the clause that it stands in. A figure takes the time that follows it there, else the one that opens
the clause or stands right before it; where its clause has none it asks the clause that this one hangs on, as far as
that may answer: a bracket, an afterthought and "of which" stand where they are put in; a joined clause hears the time
that opens the sentence; what is reported, and a relative clause that only adds something, hear nothing. No clause
hears the times of those that hang on it, but for "since it began in 2021" and "when the board met in 2013, ...".
"""

import re
from datetime import date
from typing import NamedTuple

from extractors.figures.clauses import RECKONINGS, Clause
from extractors.figures.dates import Time
from extractors.figures.lexicons import CHANGES, GRAMMAR, PERIODS, alternation
from extractors.figures.model import Period
from extractors.figures.nouns import SAYING, VERBS, is_finite
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import (
    OPENING,
    Move,
    Sentence,
    When,
    lexical_verb,
    shifted,
    surveyed,
    whens,
    without_qualifiers,
)
from extractors.text.dates import whole_month

_TELLING = SAYING - GRAMMAR.clauses.nouns_too
_CLOSED_OFF = frozenset(("from", "against", "compared", "than", "versus", "now", "today", "still", "but", "then", ";"))
_OWN_STRETCH = re.compile(
    r",? (?:in|over|within|since|during) (?:(?:just|only|the|a|an|last|past|previous|[a-z]+|[0-9]+) ){0,3}"
    r"(?:years?|months?|weeks?|decades?|quarters?)(?![a-z])"
)
_COMPARATIVES = CHANGES.comparatives.upward | CHANGES.comparatives.downward
_DIFFERS = re.compile(rf" (?:[a-z]+ )?(?:{alternation(_COMPARATIVES)})(?![a-z])")
_ON_THAT_MONTH = re.compile(r"(?<![a-z])(?:that|the same) month (?:in|of) $")
_STRETCH = re.compile(
    rf"(?<![a-z])(?:{alternation(PERIODS.stretches.before)})"
    rf"(?: (?:{alternation(PERIODS.stretches.between)}))* $"
)
_NAMED_STRETCH = re.compile(r" (?:ago|earlier|later|after|before|to|of)(?![a-z])")
_FROM = re.compile(r"(?<![a-z])from (?:(?:about|around|just|only|nearly|almost|over|under|some) )*$")
_NEXT_CLAUSE = re.compile(r",? and (?:(?:in|by|since|during|for|over|on|at|from) )?(?:the )?$")
_RESTATES = re.compile(
    r" *(?:of (?:these|this|those|that|which|them|the total)|the same"
    rf"|(?:this|that|these|those)(?: (?:{alternation(PERIODS.restating.nouns)}))?"
    rf" (?:{alternation(PERIODS.restating.verbs)}))(?![a-z])"
)
_RESTATING = frozenset(PERIODS.restating.verbs)
_APPOSED = re.compile(r", (?:the|a|its|their|our) [a-z' -]{3,60},? ?")  # "in 2020, the first year of it, when"
_OWN_YEAR = re.compile(
    r" (?:in|during|for|over) (?:its|their|that|this|his|her) (?:first|second|third|opening|final|last)"
    r"(?: [a-z]+)? (?:years?|months?|weeks?|quarter|winter)(?![a-z])"
)
_MOVE_NAMED = re.compile(
    rf"[^;:]*[,(-] ?an? (?:[a-z-]+ ){{0,2}}(?:{alternation(CHANGES.nouns.direction())}) of(?: [a-z]+)? $"
)
_AT_PRICE = frozenset(("at a cost of", "at", "for", "at an average of", "at a price of", "costing", "worth", "with"))
_AT_PRESENT = frozenset(("now", "today", "still"))
_COMPARING = frozenset(("against", "compared", "versus"))
_SHARES = frozenset(("percent", "fraction", "multiple"))
_MORE_THAN_A_YEAR = 366  # days
_OF_AMOUNT = 4  # words from a time to its amount: "for 2013/14 of well over"
_LISTED_WORDS = 9  # words of a list between a figure and the time of all of it


class Times(NamedTuple):
    """The last period before a sentence, and the stretch of all times of the last sentence that had any."""

    period: Period | None = None
    span: Period | None = None


def periods(
    sentence: Sentence, found: list[Quantity], moves: list[Move], mentions: list[Time], memory: Times
) -> list[Period | None]:
    """The period of each figure of a sentence; `memory` is what the paragraph said before."""
    if not mentions:
        if memory.period is not None and _RESTATES.match(sentence.lower, sentence.start):
            return [memory.period if quantity.kind != "duration" else None for quantity in found]
        return [None] * len(found)
    return _Scope(sentence, found, moves, whens(sentence, found, mentions), memory).periods()


def span_of(mentions: list[Time], before: Times) -> Period | None:
    """The stretch of all dated times of a sentence, for "over this period"; where it has none, that before it."""
    dated = [time for time in mentions if time.kind == "date"]
    starts = [time.first for time in dated if time.first is not None]
    ends = [time.last for time in dated if time.last is not None]
    return Period(min(starts), max(ends), "this period") if starts and ends else before.span


class _Scope:
    """The figures and times of one sentence."""

    def __init__(
        self, sentence: Sentence, found: list[Quantity], moves: list[Move], whens: list[When], memory: Times
    ) -> None:
        self.sentence = sentence
        self.tree = sentence.clauses
        self.found = found
        self.moves = moves
        self.whens = whens
        self.memory = memory
        self.origins = {move.origin for move in moves if move.origin is not None}
        self.clause_of = [self.tree.at(one.start) for one in found]
        self.result: list[Period | None] = [None] * len(found)
        self.chosen: dict[int, When] = {}

    def periods(self) -> list[Period | None]:
        """The period of each figure, in order."""
        for index, quantity in enumerate(self.found):
            if quantity.kind == "duration" and self._names_a_stretch(quantity):
                continue
            if quantity.compound and self._is_of_what_opened(index):
                continue
            when = self._asked(index, self.clause_of[index], quantity.start, quantity.end)
            if when is None and index == 0 and _RESTATES.match(self.sentence.lower, self.sentence.start):
                self.result[index] = self.memory.period if quantity.kind != "duration" else None
            if when is None or self._is_moves_since(index, when):
                continue
            self.chosen[index] = when
            self.result[index] = self._period(index, when)
        self._spanned()
        self._multiplied()
        self._both_moved()
        return self.result

    def _is_of_what_opened(self, index: int) -> bool:
        """Whether a compound stands in what a verb of opening is said of: "a 28-bed unit opened in 2021"."""
        clause = self.tree.clauses[self.clause_of[index]]
        opened = lexical_verb(self.tree, clause) in OPENING
        return opened and self.found[index].start < self.tree.words[clause.verb].start

    def _names_a_stretch(self, quantity: Quantity) -> bool:
        if quantity.compound or any(when.start <= quantity.start < when.end for when in self.whens):
            return True
        if _NAMED_STRETCH.match(self.sentence.lower, quantity.end):
            return True
        return _STRETCH.search(self.sentence.before(quantity, 40)) is not None

    def _is_moves_since(self, index: int, when: When) -> bool:
        """ "up 31 points since 2012, from 24 to 55 per cent": only the size of the move has the time since."""
        linked = self.moves[index].origin is not None or index in self.origins
        since = when.kind == "date" and when.last is None and not when.baseline
        if since and linked and when.start < self.found[index].start:
            return True
        # "Between 1988 and 2019 it fell by a third, from 66,800 to 18,100": so has a span of years.
        sized = any(move.change is not None and move.origin is None for move in self.moves[:index])
        return linked and sized and _is_span(when)

    # Asking outward.

    def _asked(self, index: int, number: int, start: int, end: int, *, inside: bool = False) -> When | None:
        """The time of a figure that stands, itself or the clause that holds it, between two offsets of a clause."""
        own = [when for when in self.whens if when.clause == number and not start < when.start < end]
        beside = next((one for one in own if one.baseline and one.end == start - 1), None)
        if beside is not None and self.sentence.lower[start] == "(":
            return beside._replace(baseline=False)  # "52% up on 2021 (111,000)"
        when = self._following(index, own, number, end) or self._preceding(index, own, number, start, inside=inside)
        return when or self._from_outside(index, self.tree.clauses[number])

    def _from_outside(self, index: int, clause: Clause) -> When | None:
        if clause.parent < 0 or clause.kind in {"reported", "reporting"}:
            asked = clause.kind == "reported" and surveyed(self.tree, self.tree.clauses[clause.parent])
            return next((when for when in self.whens if when.clause == clause.parent), None) if asked else None
        if clause.opener == "of" and clause.kind == "aside" and index and self.whole_of(clause, index):
            return self.chosen.get(index - 1)
        if self._only_adds(clause) or (clause.opener in RECKONINGS and self.found[index].kind not in _SHARES):
            return None
        at = self._right_before(clause) if clause.opener == "when" else None
        if at is not None or clause.kind in {"joined", "subordinate"}:
            return at or (None if self._still_holds(clause) else self._opens_before(index, clause))
        when = self._asked(index, clause.parent, clause.start, clause.end, inside=clause.kind != "relative")
        if when is not None and when.kind != "date" and clause.kind == "relative" and when.start > clause.start:
            return None  # "the tariff on which nine in ten live has gone up in the same time"
        since = when is not None and when.last is None and not when.baseline
        return None if since and clause.opener in _COMPARING else when

    def _opens_before(self, index: int, clause: Clause) -> When | None:
        """The time that opens the clause which one is joined to, or what both hang on."""
        number = self.clause_of[index]
        for at in range(number - 1, clause.parent, -1) if clause.opener in {"and", "but"} else ():
            other = self.tree.clauses[at]
            if other.parent == clause.parent and other.opener == ";":
                return self._opening(at, clause.start)
        return self._opening(clause.parent, clause.start)

    def _still_holds(self, clause: Clause) -> bool:
        """Whether a clause sets what is so against the time before it: "it was £39 then, and it is now £50"."""
        first, verb = clause.first, max(clause.verb, clause.first)
        return not _AT_PRESENT.isdisjoint(word.text for word in self.tree.words[first : verb + 2])

    def whole_of(self, clause: Clause, index: int) -> bool:
        """Whether the figure before is the whole that "of which" divides."""
        return 0 <= clause.start - self.found[index - 1].end <= len(", ")

    def _only_adds(self, clause: Clause) -> bool:
        """Whether a relative clause only adds something, and does not restate: ", which is 3% of the budget"."""
        if clause.kind != "relative" or self.tree.words[clause.first].text != ",":
            return False
        verb = lexical_verb(self.tree, clause)
        return not (clause.opener == "which" and clause.verb - clause.first <= 2 and verb in _RESTATING)

    def _opening(self, number: int, start: int) -> When | None:
        """The time that opens a clause or the one that it hangs on."""
        while number >= 0:
            clause = self.tree.clauses[number]
            own = [when for when in self.whens if when.clause == number and when.fronted and when.end <= start]
            if own:
                return own[-1] if not own[-1].baseline else None
            if clause.kind in {"reported", "reporting", "relative"}:
                return None
            number = clause.parent
        return None

    def _right_before(self, clause: Clause) -> When | None:
        """The whole time that a clause with "when" is about: "since 2005, when it was paid £640m"."""
        for when in self.whens:
            beside = 0 <= clause.start - when.end <= 2 or _APPOSED.fullmatch(
                self.sentence.lower, when.end, max(clause.start, when.end)
            )
            if beside and when.kind == "date":
                day = when.first or when.last
                if day is not None and when.end - when.start == 4:
                    return when._replace(first=date(day.year, 1, 1), last=date(day.year, 12, 31), baseline=False)
                return when._replace(baseline=False)
        return None

    def _between(self, number: int, start: int, end: int) -> list[int]:
        """The figures of a clause between two offsets."""
        return [
            place
            for place, one in enumerate(self.found)
            if self.clause_of[place] == number and start <= one.start and one.end <= end
        ]

    def _gap(self, number: int, start: int, end: int) -> list[str]:
        """The words of a clause between two offsets, without those of the clauses inside it."""
        first, last = self.tree.word_at(start), self.tree.word_at(end)
        places = [at for at in range(first, last) if self.tree.of[at] == number]
        return [self.tree.words[at].text for at in places if not self.tree.closes_aside(at)]

    def _following(self, index: int, own: list[When], number: int, end: int) -> When | None:
        after = [one for one in own if one.start >= end]
        if not after or _OWN_YEAR.match(self.sentence.lower, end):
            return None
        when = after[0]
        if self._is_of_next(index, when):
            return None
        later = after[1] if len(after) > 1 and after[1].baseline and not when.baseline else None
        if later is not None and self._is_gap(index) and not self._between(number, end, later.start):
            when = later
        gap = self._gap(number, end, when.start)
        between = self._between(number, end, when.start)
        if when.baseline:
            holds = self._is_gap(index) and not between
        elif _NEXT_CLAUSE.search(f" {' '.join(gap[-4:])} "):
            holds = False
        elif between:
            led = 1 if gap[-1:] == ["from"] and when.last is not None else 0
            holds = self._of_all(index, when, gap[: len(gap) - led], end)
        else:
            holds = self._one_phrase(gap)
        return when if holds else None

    def _is_of_next(self, index: int, when: When) -> bool:
        """Whether a time stands between a noun and its amount behind the figure: "for 2013/14 of over £590m"."""
        behind = next((one for one in self.found[index + 1 :] if one.start >= when.end), None)
        lead = without_qualifiers(self.sentence.lower[when.end : behind.start]) if behind is not None else ""
        return lead == "of"

    def _of_all(self, index: int, when: When, gap: list[str], end: int) -> bool:
        """Whether a time after several figures is that of the first, too: "40 beds and 30 staff in 2019"."""
        if when.kind in {"shift", "since"} or not {"from", "up", "down", ";"}.isdisjoint(gap):
            return False
        quantity = self.found[index]
        if "to" in gap and quantity.end <= end and _FROM.search(self.sentence.before(quantity, 30)):
            return False
        stretch = range(self.tree.word_at(end), self.tree.word_at(when.start))
        places = [at for at in stretch if self.tree.of[at] == self.clause_of[index]]
        verbs = any(is_finite(self.tree.words, at) for at in places)
        behind = [self.tree.words[at].text for at in places if self.tree.words[at].start > self._verb_start(index)]
        if quantity.start < self._verb_start(index) and "," not in gap[: len(gap) - len(behind)]:
            gap = behind  # "three trusts and two groups pooled their lists in March"
        if not _TELLING.isdisjoint(gap):
            return False
        return not (verbs and ("," in gap or not {"and", "or", "but"}.isdisjoint(gap)))

    def _verb_start(self, index: int) -> int:
        verb = self.tree.clauses[self.clause_of[index]].verb
        return self.tree.words[verb].start if verb >= 0 else -1

    def _is_gap(self, index: int) -> bool:
        """Whether a figure is by how much something differs: "30% up on 2019", "twice as many as in 2016"."""
        quantity, move = self.found[index], self.moves[index]
        if quantity.kind in {"multiple", "fraction", "percent"} or move.change is not None:
            return move.origin is None
        return _DIFFERS.match(self.sentence.lower, quantity.end) is not None

    @staticmethod
    def _one_phrase(gap: list[str]) -> bool:
        """Whether the words between a figure and a time are no clause of their own: at most the rest of a list."""
        if "," not in gap:
            return True
        tail = gap[len(gap) - gap[::-1].index(",") :]
        return len(tail) <= _LISTED_WORDS and VERBS.isdisjoint(tail)

    def _preceding(self, index: int, own: list[When], number: int, start: int, *, inside: bool) -> When | None:
        before = [one for one in own if one.end <= start and not one.baseline]
        if not before:
            return None
        when = before[-1]
        if when.fronted:
            return when
        fronted = next((one for one in reversed(before) if one.fronted), None)
        gap = self._gap(number, when.end, start)
        if gap[:1] == [","] and self.sentence.lower[: when.end - len(when.text)].rstrip().endswith(","):
            gap = gap[1:]  # "will receive, from 1 September, the"
        taken = self._taken(number, when)
        if between := self._between(number, when.end, start):
            holds = index - 1 in between and self.sentence.between(self.found[index - 1], self.found[index]) == " for "
        elif (gap[:1] == ["of"] and len(gap) <= _OF_AMOUNT) or self._of_subject(index, number, when, start):
            holds = True
        elif inside:
            holds = not taken or index not in self.origins
        elif taken:
            goes_to = [word for word in gap[:2] if word != ","][:1] == ["to"]
            holds = goes_to or self._shares(index, taken, gap, when.kind)
            holds = holds or self._adds(index, number, gap, start, when)
        elif self._adds(index, number, gap, start, when):
            holds = True
        else:
            holds = "," not in gap and "and" not in gap and not (gap and gap[0].endswith("ing"))
        return when if holds else None if taken else fronted

    def _taken(self, number: int, when: When) -> list[int]:
        """The figures right before a time, whose own it is."""
        return [
            place
            for place, one in enumerate(self.found)
            if self.clause_of[place] == number
            and one.end <= when.start
            and not (one.kind == "duration" and self.sentence.lower[when.start - 1] == "(")
            and len(self._gap(number, one.end, when.start)) < 9
        ]

    def _shares(self, index: int, taken: list[int], gap: list[str], when_kind: str) -> bool:
        """Whether a share after a time restates the level before it: "£8.8bn in 2018, 7 per cent of the budget"."""
        quantity = self.found[index]
        if when_kind != "date" or quantity.kind not in _SHARES or self.moves[index].change is not None:
            return False
        return index not in self.origins and taken[-1] not in self.origins and VERBS.isdisjoint(gap)

    def _of_subject(self, index: int, number: int, when: When, start: int) -> bool:
        """Whether a time stands in the subject of a figure's verb: "those seen in 2022 waited a week"."""
        verb = self.tree.clauses[number].verb
        if verb < 0 or not when.end <= self.tree.words[verb].start < start or index in self.origins:
            return False
        gap = self._gap(number, when.end, start)
        return {"now", "today", "and", ",", "from"}.isdisjoint(gap)

    def _any_verb(self, number: int, start: int, gap: list[str]) -> bool:
        """Whether one of the words of a clause right before an offset carries it."""
        last = self.tree.word_at(start)
        places = [at for at in range(max(0, last - len(gap)), last) if self.tree.of[at] == number]
        return any(is_finite(self.tree.words, at) for at in places)

    def _adds(self, index: int, number: int, gap: list[str], start: int, when: When) -> bool:
        """Whether a figure without a verb is added to one with a time: "sent 40 last year, at a cost of £9m"."""
        tail = gap[len(gap) - gap[::-1].index(",") :] if "," in gap else gap
        if tail and " ".join(tail) in _AT_PRICE and VERBS.isdisjoint(gap[: len(gap) - len(tail)]):
            return index not in self.origins
        plain = gap[:1] == [","] and _CLOSED_OFF.isdisjoint(gap) and not self._any_verb(number, start, gap)
        plain = plain and index not in self.origins and self.moves[index].origin is None and when.last is not None
        return plain and _OWN_STRETCH.match(self.sentence.lower, self.found[index].end) is None

    # From a time to a period.

    def _period(self, index: int, when: When) -> Period:
        if when.baseline:
            return self._compared(index, when)
        if when.kind == "date":
            since = when.last is None and self.moves[index].change is not None and self.moves[index].origin is None
            now = self._now(index, when) or self._led_to(index, when) if since else None
            closes = now is not None and now.last is not None and (now.end <= when.start or now.start > when.end)
            return Period(when.first, now.last if now is not None and closes else when.last, when.text)
        before = self._before(when)
        if when.kind == "open" or before is None:
            return Period(None, None, when.text)
        if when.kind == "same":
            return _widened(before, when.text)
        if when.kind == "since":
            return Period(before.start, None, when.text)
        return self._moved(index, when, before)

    def _led_to(self, index: int, since: When) -> When | None:
        """The time of the level that a move led to: "up by a third since 2019, to 272,000 in 2022"."""
        if index + 1 >= len(self.found) or self.moves[index + 1].change is None:
            return None
        level = self.found[index + 1]
        if self.sentence.lower[since.end : level.start].strip(" ,").split()[:1] not in (["to"], ["reaching"]):
            level_in = self.tree.clauses[self.clause_of[index + 1]]
            if level_in.opener not in {"reaching", "hitting", "topping"}:
                return None
        return next((one for one in self.whens if one.start >= level.end and one.last is not None), None)

    def _before(self, when: When) -> Period | None:
        """The period that "that year", "a year later" and "over this period" go back to."""
        dated = [one for one in self.whens if one.end <= when.start and one.kind == "date" and not one.baseline]
        long = when.kind == "same" and ("period" in when.text or "years" in when.text)
        if dated and long:
            starts, ends = [one.first for one in dated if one.first], [one.last for one in dated if one.last]
            return Period(min(starts), max(ends), when.text) if starts and ends else None
        resolved = [period for period in self.result if period is not None]
        if resolved and not long:
            return resolved[-1]
        if dated:
            return Period(dated[-1].first, dated[-1].last, dated[-1].text)
        return (self.memory.span if long else None) or self.memory.period or self.memory.span

    def _moved(self, index: int, when: When, before: Period) -> Period:
        for at, one in self.chosen.items():
            if at != index and one.start == when.start and (again := self.result[at]) is not None:
                return again  # "seven years later, with 101 clinics open, it did 43 per cent"
        start, end = shifted(before.start, when.months), shifted(before.end, when.months)
        move = self.moves[index]
        if move.change is not None and move.origin is None and start is not None and when.months < 0:
            return Period(start, before.end, when.text)
        return Period(start, end, when.text)

    def _compared(self, index: int, when: When) -> Period:
        """From what a move is counted from to the time that is compared with it."""
        now = self._now(index, when)
        if when.kind == "shift":
            before = Period(now.first, now.last, now.text) if now is not None else self._before(when)
            if before is None:
                return Period(None, None, when.text)
            return Period(shifted(before.start, when.months), before.end, when.text)
        first = when.first
        window = self.sentence.lower[max(self.sentence.start, when.start - 24) : when.start]
        last = now.last if now is not None else None
        if first is not None and _ON_THAT_MONTH.search(window):
            known = Period(now.first, now.last, "") if now is not None else self.memory.period
            if known is not None and known.start is not None:
                first, last = whole_month(first.year, known.start.month)[0], known.end
        yearless = now is not None and not any(map(str.isdigit, when.text + now.text))
        if first is not None and now is not None and now.first is not None and yearless:
            first = shifted(first, -12) if first >= whole_month(now.first.year, now.first.month)[0] else first
        return Period(first, last, when.text)

    def _now(self, index: int, when: When) -> When | None:
        others = [one for one in self.whens if one is not when and not one.baseline and one.kind == "date"]
        others = [one for one in others if one.last is not None and not self._opens(index, one)] or others
        quantity = self.found[index]
        near = [one for one in others if ";" not in self.sentence.lower[one.end : quantity.start]]
        before = [one for one in near if one.end <= quantity.start]
        between = [one for one in others if quantity.end <= one.start and one.end <= when.start]
        behind = [one for one in others if 0 < one.start - when.end <= len(" in the ") and one.clause == when.clause]
        chosen = between or before or behind  # "nine per cent below 2019 in January"
        return chosen[-1] if chosen else None

    def _opens(self, index: int, when: When) -> bool:
        """Whether a time is that of what another clause says was set up or bought."""
        other = when.clause != self.clause_of[index]
        return other and lexical_verb(self.tree, self.tree.clauses[when.clause]) in OPENING

    def _multiplied(self) -> None:
        """ "14 weeks in April, double the 7 recorded in 2019" moves from the second to the first."""
        for index in range(1, len(self.found) - 1):
            now, before = self.result[index - 1], self.result[index + 1]
            moved = self.found[index].kind == "multiple" and self.moves[index].change is not None
            if moved and now is not None and before is not None and before.start is not None:
                self.result[index] = Period(before.start, now.end, f"{before.text} - {now.text}")

    def _moved_next(self, at: int) -> bool:
        """Whether the figure behind the one at a place moved from it: "from £760m to £1.2bn"."""
        return at + 1 < len(self.found) and self.moves[at + 1].origin == at

    def _spanned(self) -> None:
        """The size of a move beside two levels with times runs from the first to the second, before or behind them."""
        for index, size in enumerate(self.moves[:-2]):
            levels = next((at for at in (index + 1, index + 2) if self._moved_next(at)), None)
            if levels is None or size.change is None or size.origin is not None or self.result[index] is not None:
                continue
            first, last = self.result[levels], self.result[levels + 1]
            if first is not None and last is not None and first.start is not None and last.end is not None:
                self.result[index] = Period(first.start, last.end, f"{first.text} - {last.text}")
        for index in range(len(self.found) - 2):
            self._moved_back(index)
        for index in range(2, len(self.found)):
            size = self.moves[index]
            level = next((at for at in (index - 1, index - 2) if self.moves[at].origin is not None), None)
            if level is None or size.change is None or size.origin is not None:
                continue
            origin = self.moves[level].origin
            first, last = self.result[origin if origin is not None else level], self.result[level]
            near = level == index - 1 or (origin == index - 1 and self._only_names_move(index))
            if near and first is not None and last is not None and first.start is not None and last.end is not None:
                self.result[index] = Period(first.start, last.end, f"{first.text} - {last.text}")

    def _moved_back(self, index: int) -> None:
        """ "Down 5% to 68,000 in Q1 2024 from 71,600 in Q1 2023": the size runs from the last to the one before it."""
        size, level = self.moves[index], self.moves[index + 1]
        if size.change is None or size.origin is not None or level.origin != index + 2:
            return
        first, last = self.result[index + 2], self.result[index + 1]
        if first is not None and last is not None and first.start is not None and last.end is not None:
            self.result[index] = Period(first.start, last.end, f"{first.text} - {last.text}")

    def _both_moved(self) -> None:
        """ "Public care fell 8% and private care rose 171% between 2007 and 2012": the span at the end is of both."""
        for index in range(len(self.found) - 1):
            when, here, there = self.chosen.get(index + 1), self.clause_of[index], self.clause_of[index + 1]
            if when is None or self.result[index] is not None or not _is_span(when) or here == there:
                continue
            pair = self.moves[index : index + 2]
            moved = all(move.change is not None and move.origin is None for move in pair)
            joined = self.tree.clauses[there].opener == "and" and self.tree.clauses[there].parent == here
            own = any(one.clause == here for one in self.whens)
            if moved and joined and not own and when.start > self.found[index + 1].end:
                self.result[index] = self.result[index + 1]

    def _only_names_move(self, index: int) -> bool:
        """Whether a size only says how much the move was that stands before it: ", a growth of 18%"."""
        return _MOVE_NAMED.match(self.sentence.between(self.found[index - 1], self.found[index])) is not None


def _is_span(when: When) -> bool:
    """Whether a time runs over more than a year: "between 2007 and 2012"."""
    return when.first is not None and when.last is not None and (when.last - when.first).days > _MORE_THAN_A_YEAR


def _widened(before: Period, text: str) -> Period:
    """The whole of "that month" or "that year", where only a part of it was named before."""
    first, last = before.start, before.end
    that = text.lower().removeprefix("in ").startswith("that ")
    if that and first is not None and last is not None and first.year == last.year:
        if text.endswith(" month") and first.month == last.month:
            first, last = whole_month(first.year, first.month)
        elif text.endswith(" year"):
            first, last = date(first.year, 1, 1), date(first.year, 12, 31)
    return Period(first, last, text)
