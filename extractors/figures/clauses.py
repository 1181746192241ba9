"""The clauses of a sentence: which words stand together under one verb, and what each clause hangs on.

There is no parser here but one pass over the words. A comma, a bracket, a dash, "which", "although" or "and" opens or
closes a clause by what follows it, and every clause knows its kind and its parent. That is what scope is about: a time,
a speaker or a verb of moving reaches the figures of its own clause and of those that hang on it in the right way, and
never out of a relative clause or a participle (`extractors.figures.periods`, `speakers`, `changes`).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Literal

from extractors.figures.lexicons import ATTRIBUTION, GRAMMAR
from extractors.figures.nouns import (
    ADVERBS,
    AMOUNT,
    AUXILIARIES,
    BEFORE_THAT,
    DETERMINERS,
    ENDS,
    JOINING,
    MOVING,
    NO_NOUN,
    NOMINATIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SAYING,
    SUBORDINATORS,
    SURE,
    Ahead,
    Word,
    is_finite,
    may_carry,
)

Kind = Literal["main", "joined", "aside", "relative", "participle", "subordinate", "reported", "reporting"]

_ALSO_PREPOSITIONS = GRAMMAR.clauses.also_prepositions
_BEFORE_RELATIVES = GRAMMAR.clauses.before_relatives
AFTERTHOUGHTS = GRAMMAR.clauses.afterthoughts
RECKONINGS = ATTRIBUTION.reckonings.words
_TELLING = ATTRIBUTION.reporting.words
_BEFORE_TAX = frozenset(("tax", "interest", "inflation", "exceptional", "costs", "depreciation"))
_NOT_BEFORE_RESUMED = frozenset(("to", "and", "or", "but", "not", "as", "than", ",", "-"))
_SETTING_BESIDE = frozenset(("while", "whilst", "whereas"))
INVERTED = frozenset(("had",))
_BEING = frozenset(("is", "was"))
_ABSOLUTE = frozenset(("with", "of", "among", "amongst"))  # "of those asked, 61 per cent said"
_NO_OBJECT = frozenset(("so", "as", "than", "if", "when"))
_ANOTHER = frozenset((",", "and", "but", "or"))
_NO_JOINT = frozenset((",", "by", "since", "until", "till", "from", "than"))  # "have by then given"
_SPANS = frozenset(("year", "month", "week", "quarter", "period", "day", "time", "summer", "winter"))
_LONG_REACH = 24  # the same for a phrase put in beside the subject
_DEEPEST = 12  # clauses in one another; more are no writer's


_END, _TEXT = attrgetter("end"), attrgetter("text")


class Clause:
    """A clause: its kind, the number of the one it hangs on (-1 for the first), where it starts and ends in the
    paragraph, its first word, and the place of its finite verb (-1 for none)."""

    __slots__ = ("end", "first", "kind", "opener", "parent", "start", "verb")

    def __init__(self, kind: Kind, parent: int, first: int, start: int, opener: str) -> None:
        self.kind: Kind = kind
        self.parent = parent
        self.first = first
        self.start = start
        self.end = start
        self.verb = -1
        self.opener = opener


class Clauses:
    """The words of a sentence, its clauses, and for each word the number of its clause; `text` is the paragraph's."""

    def __init__(self, text: str, words: list[Word], clauses: list[Clause], of: list[int]) -> None:
        self.text = text
        self.words = words
        self.clauses = clauses
        self.of = of
        self._ends = list(map(_END, words))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All its words, each once."""
        return frozenset(map(_TEXT, self.words))

    def capital(self, word: Word) -> bool:
        """Whether a word begins with a capital."""
        return self.text[word.start].isupper()

    def word_at(self, offset: int) -> int:
        """The place of the word at an offset of the paragraph, or of the first after it."""
        return bisect_right(self._ends, offset)

    def closes_aside(self, place: int) -> bool:
        """Whether a word is the comma behind what was put in: "140 GPs, one in nine, plan"."""
        if self.words[place].text != "," or place == 0 or self.of[place - 1] == self.of[place]:
            return False
        before = self.clauses[self.of[place - 1]]
        return before.kind == "aside" and before.parent == self.of[place] and self.words[before.first].text == ","

    def outward(self, number: int) -> Iterator[int]:
        """A clause and all that it hangs on, from the inside out."""
        while number >= 0:
            yield number
            number = self.clauses[number].parent

    def at(self, offset: int) -> int:
        """The number of the clause at an offset."""
        place = self.word_at(offset)
        return self.of[min(place, len(self.of) - 1)] if self.of else 0


def clauses_of(text: str, lower: str, start: int, words: list[Word]) -> Clauses:
    """The clauses of the sentence of a paragraph that has these words; `lower` is `text` in small letters."""
    reader = _Reader(lower, words, start)
    reader.read()
    return Clauses(text, words, reader.clauses, reader.of)


class _Reader(Ahead):
    """One pass over a sentence's words. `current` is the number of the clause that is being read."""

    def __init__(self, lower: str, words: list[Word], start: int) -> None:
        super().__init__(words)
        self.lower = lower
        self.clauses = [Clause("main", -1, 0, start, "")]
        self.of: list[int] = []
        self.current = 0

    def read(self) -> None:
        """Tell all clauses apart."""
        self._opening()
        for place, (_, end, text) in enumerate(self.words):
            if text in _ACTIONS:
                _ACTIONS[text](self, place)
            carries = may_carry(text)
            if text in NOMINATIVES and self._describes_noun(place):
                self._push("relative", place)
            if carries and self.current and self._resumes(place):
                self._resume(place)
            current = self.current
            clause = self.clauses[current]
            self.of.append(current)
            clause.end = end
            if carries:
                self._carry(clause, place)

    def _carry(self, clause: Clause, place: int) -> None:
        """Give a clause its verb, where the word at this place is one."""
        if clause.verb < 0:
            opener = (self.text(clause.first), self.text(clause.first + 1))
            absolute = self.text(place + 1) == "," and not _ABSOLUTE.isdisjoint(opener[:2])
            if not absolute and (is_finite(self.words, place) or self._goes_on(place)):
                clause.verb = place  # but not in "with the easy income gone, most can no longer"
        elif self._describes(clause.verb):
            if is_finite(self.words, place):
                clause.verb = place
        elif self._reports_bare(clause, place) and is_finite(self.words, place):
            self._report_from(clause.verb + 1, place)

    def _describes_noun(self, place: int) -> bool:
        """Whether a pronoun opens a relative clause without "that": "at one surgery I visited, six doctors"."""
        before, clause = self.text(place - 1), self.clauses[self.current]
        noun = before.isalpha() and before not in NO_NOUN and not before.endswith("ly") and clause.verb < place - 1
        if (
            not noun
            or not may_carry(self.text(place + 1))
            or is_finite(self.words, place - 1)
            or self.text(place - 2) in _NO_OBJECT
        ):
            return False
        if clause.verb < 0:
            return self.text(place + 2) == "," and self.text(place - 2) != ","
        verbs = [word.text for word in self.words[clause.verb : place]]
        return BEFORE_THAT.isdisjoint(verbs) and verbs[0] not in AUXILIARIES and self.text(place - 2) in DETERMINERS

    def _resumes(self, place: int) -> bool:
        """Whether a verb is that of the clause outside: "the premium that the NHS pays has fallen"."""
        clause = self.clauses[self.current]
        inside = clause.kind == "relative" or (clause.kind == "subordinate" and clause.first == 0)
        if not inside or clause.verb < 0 or self.clauses[clause.parent].verb >= 0:
            return False
        if place - clause.verb < 2:  # "the calls that they answered went up"
            return self.text(place) in SURE and self.text(place - 1) not in AUXILIARIES
        word, before = self.words[place].text, [one.text for one in self.words[max(0, place - 3) : place]]
        if word not in AUXILIARIES and word not in MOVING and word not in SURE:
            return False
        chain = before[-2:] if before[-1].endswith("ly") or before[-1] in ADVERBS else before[-1:]
        free = AUXILIARIES.isdisjoint(chain) and before[-1] not in _NOT_BEFORE_RESUMED and before[-1] not in PRONOUNS
        return free and is_finite(self.words, place)

    def _resume(self, place: int) -> None:
        """Go on with the clause outside; a subject right before the verb is its own: "when they left the list was"."""
        clause = self.clauses[self.current]
        self.current = clause.parent
        first = place - 1
        while first > clause.verb + 1 and self.text(first) not in DETERMINERS and self.text(first).isalpha():
            first -= 1
        if clause.kind == "subordinate" and first > clause.verb and self.text(first) in DETERMINERS:
            self.of[first:] = [clause.parent] * (place - first)

    def _reports_bare(self, clause: Clause, place: int) -> bool:
        """Whether a second verb is that of what is told without "that": "the firm said it had treated 40"."""
        told = self.words[clause.verb].text in _TELLING and place - clause.verb > 1 and clause.kind != "reporting"
        if not told or self.text(clause.verb + 1) in PREPOSITIONS:
            return False
        between = range(clause.verb + 1, place)
        same = all(self.of[at] == self.current and self.words[at].text not in ENDS for at in between)
        return same and {"and", "or", "but", "to"}.isdisjoint(self.words[at].text for at in between)

    def _report_from(self, first: int, place: int) -> None:
        """Open the clause of what is told at its first word; its verb stands at `place`, which is read now."""
        self._push("reported", first)
        told = self.clauses[self.current]
        told.opener, told.verb, told.end = "that", place, self.words[place].end
        self.of[first:] = [self.current] * (place + 1 - first)

    def _goes_on(self, place: int) -> bool:
        """Whether a clause goes on with its verb behind what was put in: "the contract, signed in May, pays"."""
        comma = place - 2 if self.text(place - 1) in ADVERBS else place - 1
        if comma < 1 or self.words[comma].text != "," or self.of[comma - 1] == self.of[comma]:
            return False
        return self.verb_behind_comma(comma + 1)

    def _opening(self) -> None:
        first = self.text(0)
        timed = first in _ALSO_PREPOSITIONS and self.time_follows(1)
        led = first in SUBORDINATORS and first != "so" and self.verb_follows(1) and not timed
        if led or (first in INVERTED and self.inverts(0)):
            self._push("subordinate", 0)
        elif self.is_participle(0) and first.endswith("ing") and not self.verb_follows(1):
            self._push("participle", 0)  # "rebuilding it will cost" is a subject

    # What single words do.

    def open_bracket(self, place: int) -> None:
        self._push("aside", place)

    def close_bracket(self, place: int) -> None:
        at = self.current
        while at > 0 and self.clauses[at].opener not in {"(", "["}:
            at = self.clauses[at].parent
        if at > 0:
            self.current = self.clauses[at].parent

    def semicolon(self, place: int) -> None:
        self._restart("joined", place)

    def colon(self, place: int) -> None:
        if place and self.words[place].end < len(self.lower) and self.lower[self.words[place].end].isdigit():
            return
        verb = self.clauses[self.current].verb
        said = (verb >= 0 and self.words[verb].text in SAYING) or self.text(place + 1) == '"'
        self._push("reported" if said else "aside", place)

    def dash(self, place: int) -> None:
        if not self._spaced(place):
            return
        if self._inside("-"):
            self._pop_to("aside", inclusive=True)
        else:
            self._pop_small()
            self._push("aside", place)

    def that(self, place: int) -> None:
        before, after = self.text(place - 1), self.text(place + 1)
        if after in _SPANS and self.text(place + 2) != "on":
            return  # "carried out that month"
        if after in PREPOSITIONS and self.time_follows(place + 2) and place and before not in PREPOSITIONS:
            self._push("reported", place)
            return
        pronoun = after in AUXILIARIES and ("'" not in after or after.endswith("n't"))  # but "that it'd open"
        if place == 0 or before == "of" or before in PREPOSITIONS or (pronoun and not self.describes(place)):
            return
        if before in _ANOTHER and (told := self._told_outside()) > 0:
            self.current = self.clauses[told].parent
            self._push("reported", place)
            return
        if before == ",":
            return
        verb = self.clauses[self.current].verb
        said = verb == place - 1 or (0 <= verb < place and self.told_at(verb, place - 1))
        being = before in _BEING and self.verb_follows(place + 1)  # "what we do know is that"
        if before in BEFORE_THAT or before.endswith("ly") or after == "," or said or being:
            self._push("reported", place)
        elif (before.isalpha() or before[:1].isdigit()) and self.verb_follows(place + 1):
            self._push("relative", place)

    def _told_outside(self) -> int:
        """The number of the clause of what is told, which another "that" goes on with; -1 for none."""
        outward = ((at, self.clauses[at]) for at in self._outward())
        return next((at for at, clause in outward if clause.kind == "reported" and clause.opener == "that"), -1)

    def _outward(self) -> Iterator[int]:
        at = self.current
        while at >= 0:
            yield at
            at = self.clauses[at].parent

    def relative(self, place: int) -> None:
        if self.text(place - 1) == "," or place == 0:
            return  # the comma has opened it
        if self.verb_follows(place + 1):
            kind: Kind = "aside" if self.text(place - 1) == "of" else "relative"
            self._push(kind, place)

    def subordinate(self, place: int) -> None:
        word = self.text(place)
        opened = self.clauses[-1].first == place - 1 and self.text(place - 1) == ","
        if place == 0 or self.clauses[-1].first == place or opened:
            return
        if word in _ALSO_PREPOSITIONS and (self.time_follows(place + 1) or self.text(place + 1) in _BEFORE_TAX):
            return
        if word == "since" and self.text(place - 1) in AUXILIARIES:
            return  # "have since spent"
        verb = self.verb_ahead(place + 1)
        if verb >= 0 and not (word in _ALSO_PREPOSITIONS and self.text(verb - 1) in {"and", "but", "or"}):
            self._pop_to("subordinate", inclusive=True)
            self._push("subordinate", place)

    def as_(self, place: int) -> None:
        """ "Fell as wage costs climbed" opens a clause; "as many as", "such as" and "known as" do not."""
        before = self.text(place - 1)
        compared = self.compares_as(place)
        compared = compared or any(word.text == "as" for word in self.words[self.clauses[self.current].first : place])
        if place and before != "," and not compared and self.clauses[self.current].verb >= 0:
            self._push_if_verb(place)

    def _push_if_verb(self, place: int) -> None:
        if self.verb_follows(place + 1) and self.clauses[self.current].verb < place - 1:
            self._push("subordinate", place)

    def time(self, place: int) -> None:
        if self.by_the(place) and self.verb_follows(place + 1):
            self._push("subordinate", place)

    def compared(self, place: int) -> None:
        """ "Around 5% of revenue compared to 2% for others": a comparison that no comma opens."""
        before, clause = self.text(place - 1), self.clauses[self.current]
        bare = self.text(place + 1) in {"to", "with"} and before not in AUXILIARIES and before not in ADVERBS
        if bare and before != "," and place > clause.first + 1 and clause.kind != "aside":
            self._push("aside", place)

    def join(self, place: int) -> None:
        clause = self.clauses[self.current]
        if self.text(place - 1) in _NO_JOINT:
            return
        if not self.verb_follows(place + 1):
            if self._lists_outside(place + 1):
                self.current = clause.parent
        elif clause.verb >= 0:
            self._joined(place)

    def _lists_outside(self, place: int) -> bool:
        """Whether an amount goes on from one outside: "11% of tests that needed a bed and 6% of others"."""
        clause = self.clauses[self.current]
        if clause.kind not in {"relative", "subordinate"} or not AMOUNT.match(self.text(place)):
            return False
        read = [(number, word.text) for number, word in zip(self.of, self.words, strict=False)]
        years = {number for number, word in read if len(word) == 4 and word.startswith(("19", "20"))}
        amounts = {number for number, word in read if word[0] in "£$€0123456789"}
        return clause.parent in amounts and (self.current not in amounts or self.current in years)

    def comma(self, place: int) -> None:
        number = self.text(place + 1)
        if self._closes_inner(place):
            return
        opened = self._after_comma(place + 1)
        if opened is not None:
            kind, keep = opened
            if not keep:
                self._pop_small()
            if kind == "joined":
                self._pop_small()
                self._joined(place)
            else:
                self._push(kind, place)
            return
        if self._parallel(place + 1):
            self._pop_small()
            self._joined(place)
            return
        if self._apposed(place + 1):
            self._push("aside", place)
            return
        clause = self.clauses[self.current]
        outer = self.clauses[max(clause.parent, 0)]
        if clause.kind == "relative" and clause.verb >= 0 and outer.verb < 0 and AMOUNT.match(number):
            self._leave_relative(clause, place)
            return
        self._close(clause, outer, place)

    def _leave_relative(self, clause: Clause, place: int) -> None:
        """ "The saving which was promised, £86m in all, rested on": an apposition behind a relative clause."""
        self.current = clause.parent
        if self._apposed(place + 1):
            self._push("aside", place)

    def _close(self, clause: Clause, outer: Clause, place: int) -> None:
        """Leave what a comma closes that opens nothing."""
        number = self.text(place + 1)
        listing = number in JOINING or number[:1].isdigit() or (number == "to" and AMOUNT.match(self.text(place + 2)))
        if clause.kind in {"relative", "participle", "subordinate"} and (
            clause.verb >= 0 or clause.kind == "participle"
        ):
            if not (listing and not self.verb_follows(place + 1)):
                self._pop_small()
        elif clause.kind == "aside" and clause.opener not in {"(", "-", "[", ":"}:
            ended = clause.verb >= 0 or self.verb_follows(place + 1) or self.verb_behind_comma(place + 1)
            if ended and outer.kind == "relative" and outer.verb < 0:
                self.current = clause.parent
            elif ended:
                self._pop_small()

    def _closes_inner(self, place: int) -> bool:
        """Whether a comma goes back to a clause that waits for its verb: "waits, which were short and fell, now"."""
        inner = self.clauses[self.current]
        if inner.kind == "joined" and inner.verb >= 0:
            outer = self.clauses[inner.parent]
            inside = outer.kind == "relative" or (outer.kind == "subordinate" and outer.first == 0)
            waits = inside and self.clauses[outer.parent].verb < 0
            if waits and (self.verb_behind_comma(place + 1) or (outer.first == 0 and self.verb_follows(place + 1))):
                self.current = outer.parent
                return True
        return False

    def _parallel(self, place: int) -> bool:
        """Whether an amount opens a clause as it did the one before: "61% used one route, a quarter another"."""
        clause = self.clauses[self.current]
        if clause.verb < 0 or clause.kind not in {"main", "joined", "reported"} or not AMOUNT.match(self.text(place)):
            return False
        if self.listed_clause(place):
            return True
        lead = [word.text for word in self.words[clause.first : clause.verb] if word.text not in {"that", "and"}]
        lead = lead[lead.index(",") + 1 :] if "," in lead[:5] else lead  # "of these, 61%"
        opened = any(word != "a" and AMOUNT.match(word) for word in lead[:3]) and lead[0] not in {"of", "in", "with"}
        return opened and self.verb_follows(place + 1)

    def _apposed(self, place: int) -> bool:
        """Whether a verbless phrase stands beside the subject: "140 GPs, one in nine, plan to leave"."""
        clause = self.clauses[self.current]
        if clause.verb >= 0 or self.text(clause.first) == "," or self.text(place) in JOINING:
            return False
        odds = self.text(place) == "one" and self.text(place + 1) == "in"
        amount = odds or bool(AMOUNT.match(self.text(place)))
        for at in range(place, min(place + _LONG_REACH, len(self.words))):
            word = self.words[at].text
            if word == ",":
                if amount and at > place + 1 and self.verb_follows(at + 1) and not self._after_comma(at + 1):
                    return True
                return at > place + 1 and self.verb_behind_comma(at + 1)
            year = word == "-" and self.text(at - 1).isdigit() and self.text(at + 1).isdigit()
            if (word in ENDS and not year) or is_finite(self.words, at):
                return False
        return False

    # What follows.

    def _after_comma(self, place: int) -> tuple[Kind, bool] | None:
        """The clause that opens after a comma, and whether it hangs on the current one rather than on its parent."""
        word = self.text(place)
        if word in RELATIVES:
            return "relative", False
        if word in AFTERTHOUGHTS:
            return "aside", True
        if word in _BEFORE_RELATIVES and self.relative_phrase(place):
            return "aside", False
        if word not in SUBORDINATORS and self._reporting(place):
            return "reporting", False
        return self._clause_after_comma(place, word)

    def _clause_after_comma(self, place: int, word: str) -> tuple[Kind, bool] | None:
        verb = self.verb_follows(place + 1) or (word in _SETTING_BESIDE and self.verb_in_list(place + 1))
        if word in SUBORDINATORS and verb and not self.time_follows(place + 1):
            return "subordinate", False
        if word in INVERTED and self.inverts(place):
            return "subordinate", False
        if word == "as" and (verb or self.text(place + 2) in RELATIVES):
            return "subordinate", False
        if word == "even" and self.text(place + 1) in {"as", *SUBORDINATORS} and self.verb_follows(place + 2):
            return "subordinate", False
        if word in JOINING:
            joined = verb and (self._has_verb() or self.subject_follows(place + 1))
            return ("joined", False) if joined else None
        participle = self.is_participle(place) and not self._carries_on(place)
        participle = participle or (word == "with" and self.absolute(place))
        return ("participle", True) if participle else None

    def _carries_on(self, place: int) -> bool:
        """Whether what looks like a participle is the verb behind what was put in: "the saving, £86m, rested on"."""
        inner = self.clauses[self.current]
        outer = self.clauses[inner.parent] if inner.parent >= 0 else inner
        waits = inner.kind == "aside" and inner.verb < 0 and outer.verb < 0 and self.text(inner.first) == ","
        if not waits or not self.text(place).endswith("ed") or self.text(outer.first) == ",":
            return False
        later = (at for at in range(place + 1, len(self.words)) if self.text(at - 1) == ",")
        return not any(is_finite(self.words, at) for at in later)

    def _reporting(self, place: int) -> bool:
        """Whether only a speaker and a verb of saying follow: "the college said last week."."""
        inside = self.clauses[self.current]
        if inside.parent >= 0 and self.clauses[inside.parent].verb < 0 and self.text(place) in SAYING:
            return False  # "Mo Lyle, who chairs it, said": the verb of the clause outside
        return self.speaker_follows(place)

    def _describes(self, verb: int) -> bool:
        """Whether what seemed the verb only describes a noun: "the amount spent on hospitals is known"."""
        word = self.words[verb].text
        return word not in AUXILIARIES and self.is_participle(verb)

    def _has_verb(self) -> bool:
        at = self.current
        while at >= 0:
            if self.clauses[at].verb >= 0:
                return True
            at = self.clauses[at].parent
        return False

    # Opening and closing.

    def _spaced(self, place: int) -> bool:
        word = self.words[place]
        return self.lower[word.start - 1 : word.start] in {" ", ""} and self.lower[word.end : word.end + 1] in {" ", ""}

    def _depth(self) -> int:
        depth, at = 0, self.current
        while at >= 0:
            depth, at = depth + 1, self.clauses[at].parent
        return depth

    def _push(self, kind: Kind, place: int) -> None:
        if self._depth() >= _DEEPEST:
            return
        opener = self.text(place + 1) if self.text(place) == "," else self.text(place)
        self.clauses.append(Clause(kind, self.current, place, self.words[place].start, opener))
        self.current = len(self.clauses) - 1

    def _inside(self, opener: str) -> bool:
        at = self.current
        while at >= 0:
            if self.clauses[at].opener == opener:
                return True
            at = self.clauses[at].parent
        return False

    def _pop_to(self, kind: Kind, *, inclusive: bool) -> None:
        at = self.current
        while at > 0:
            if self.clauses[at].kind == kind:
                self.current = self.clauses[at].parent if inclusive else at
                return
            at = self.clauses[at].parent

    def _pop_small(self) -> None:
        """Leave relative clauses, participles and afterthoughts, but no bracket and nothing reported."""
        while self.current > 0:
            clause = self.clauses[self.current]
            if clause.kind in {"main", "joined", "reported"} or clause.opener in {"(", "[", "-", ":"}:
                return
            self.current = clause.parent

    def _joined(self, place: int) -> None:
        base = self.clauses[self.current]
        if base.kind == "joined":
            self.current = base.parent
        self._push("joined", place)

    def _restart(self, kind: Kind, place: int) -> None:
        self.current = 0
        self._push(kind, place)


_Action = Callable[[_Reader, int], None]
_ACTIONS: dict[str, _Action] = {
    "(": _Reader.open_bracket,
    "[": _Reader.open_bracket,
    ")": _Reader.close_bracket,
    "]": _Reader.close_bracket,
    ";": _Reader.semicolon,
    ":": _Reader.colon,
    "-": _Reader.dash,
    ",": _Reader.comma,
    "that": _Reader.that,
    "time": _Reader.time,
    "compared": _Reader.compared,
    "as": _Reader.as_,
    **dict.fromkeys(RELATIVES, _Reader.relative),
    **dict.fromkeys(SUBORDINATORS, _Reader.subordinate),
    **dict.fromkeys(JOINING, _Reader.join),
}
