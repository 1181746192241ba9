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

from extractors.figures.lexicons import ATTRIBUTION, GRAMMAR, PERIODS
from extractors.figures.nouns import (
    ADVERBS,
    AMOUNT,
    AUXILIARIES,
    MOVING,
    NOUNS_TOO,
    OBJECT,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    Word,
    is_finite,
    may_carry,
)

Kind = Literal["main", "joined", "aside", "relative", "participle", "subordinate", "reported", "reporting"]

_SUBORDINATORS = GRAMMAR.clauses.subordinators
_ALSO_PREPOSITIONS = GRAMMAR.clauses.also_prepositions
_JOINING = GRAMMAR.clauses.joining
_RELATIVES = GRAMMAR.clauses.relatives
_BEFORE_RELATIVES = GRAMMAR.clauses.before_relatives
AFTERTHOUGHTS = GRAMMAR.clauses.afterthoughts
_NOT_PARTICIPLES = GRAMMAR.clauses.not_participles
_PARTICIPLES = GRAMMAR.clauses.participles
_BEFORE_THAT = GRAMMAR.clauses.before_that | SAYING
RECKONINGS = ATTRIBUTION.reckonings.words
_TELLING = ATTRIBUTION.reporting.words
_BEFORE_AS = GRAMMAR.clauses.before_as
_AFTER_AS = GRAMMAR.clauses.after_as
_BEFORE_TAX = frozenset(("tax", "interest", "inflation", "exceptional", "costs", "depreciation"))
_NOT_BEFORE_RESUMED = frozenset(("to", "and", "or", "but", "not", "as", "than", ",", "-"))
_SUBJECTS = frozenset(("i", "he", "she", "it", "we", "they"))
_STOPPING = _SUBORDINATORS - _ALSO_PREPOSITIONS  # no verb behind one of these is that of the clause before it
_PUT_IN = frozenset(("including", "excluding"))
_SPANS = frozenset(("year", "month", "week", "quarter", "period", "day", "time", "summer", "winter"))
_ENDS = frozenset(",;:()[]-")
_REACH = 14  # words within which a verb makes what follows "and" or a comma a clause
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


def lexical_verb(tree: Clauses, clause: Clause) -> str:
    """The verb of a clause without its auxiliaries; empty where it has none."""
    place = clause.verb
    if place < 0:
        return ""
    for at in range(place, min(place + 4, len(tree.words))):
        word = tree.words[at].text
        if not word.isalpha():
            break
        if word not in AUXILIARIES and not word.endswith("ly") and word not in {"not", "to", "be", "been", "also"}:
            return word
    return tree.words[place].text


class _Reader:
    """One pass over a sentence's words. `current` is the number of the clause that is being read."""

    def __init__(self, lower: str, words: list[Word], start: int) -> None:
        self.lower = lower
        self.words = words
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
            if carries and self.current and self._resumes(place):
                self.current = self.clauses[self.current].parent
            current = self.current
            clause = self.clauses[current]
            self.of.append(current)
            clause.end = end
            if carries:
                self._carry(clause, place)

    def _carry(self, clause: Clause, place: int) -> None:
        """Give a clause its verb, where the word at this place is one."""
        if clause.verb < 0:
            opener = (self._text(clause.first), self._text(clause.first + 1))
            absolute = self._text(place + 1) == "," and "with" in opener
            if not absolute and (is_finite(self.words, place) or self._goes_on(place)):
                clause.verb = place  # but not in "with the easy income gone, most can no longer"
        elif self._describes(clause.verb):
            if is_finite(self.words, place):
                clause.verb = place
        elif self._reports_bare(clause, place) and is_finite(self.words, place):
            self._report_from(clause.verb + 1, place)

    def _resumes(self, place: int) -> bool:
        """Whether a verb is that of the clause outside: "the premium that the NHS pays has fallen"."""
        clause = self.clauses[self.current]
        inside = clause.kind == "relative" or (clause.kind == "subordinate" and clause.first == 0)
        if not inside or clause.verb < 0 or place - clause.verb < 2 or self.clauses[clause.parent].verb >= 0:
            return False
        word, before = self.words[place].text, [one.text for one in self.words[max(0, place - 3) : place]]
        if word not in AUXILIARIES and word not in MOVING:
            return False
        free = AUXILIARIES.isdisjoint(before) and before[-1] not in _NOT_BEFORE_RESUMED and before[-1] not in PRONOUNS
        return free and is_finite(self.words, place)

    def _reports_bare(self, clause: Clause, place: int) -> bool:
        """Whether a second verb is that of what is told without "that": "the firm said it had treated 40"."""
        told = self.words[clause.verb].text in _TELLING and place - clause.verb > 1 and clause.kind != "reporting"
        if not told or self._text(clause.verb + 1) in PREPOSITIONS:
            return False
        between = range(clause.verb + 1, place)
        same = all(self.of[at] == self.current and self.words[at].text not in _ENDS for at in between)
        return same and {"and", "or", "but", "to"}.isdisjoint(self.words[at].text for at in between)

    def _report_from(self, first: int, place: int) -> None:
        """Open the clause of what is told at its first word; its verb stands at `place`, which is read now."""
        self._push("reported", first)
        told = self.clauses[self.current]
        told.opener, told.verb, told.end = "that", place, self.words[place].end
        self.of[first:] = [self.current] * (place + 1 - first)

    def _goes_on(self, place: int) -> bool:
        """Whether a clause goes on with its verb behind what was put in: "the contract, signed in May, pays"."""
        comma = place - 2 if self._text(place - 1) in ADVERBS else place - 1
        if comma < 1 or self.words[comma].text != "," or self.of[comma - 1] == self.of[comma]:
            return False
        return self._verb_behind_comma(comma + 1)

    def _verb_behind_comma(self, place: int) -> bool:
        """Whether the word behind a comma can only be a verb, by itself or by what follows it."""
        word, after = self._text(place), self._text(place + 1)
        if word in ADVERBS and may_carry(after):
            return after in NOUNS_TOO or is_finite(self.words, place + 1)
        if word in NOUNS_TOO:
            return after in OBJECT or bool(AMOUNT.match(after))
        return may_carry(word) and is_finite(self.words, place)

    def _opening(self) -> None:
        first = self._text(0)
        if first in _SUBORDINATORS and self._verb_follows(1) and not self._time_follows(1):
            self._push("subordinate", 0)
        elif self._is_participle(0) and first.endswith("ing") and not self._verb_follows(1):
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
        said = (verb >= 0 and self.words[verb].text in SAYING) or self._text(place + 1) == '"'
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
        before, after = self._text(place - 1), self._text(place + 1)
        if after in _SPANS and self._text(place + 2) != "on":
            return  # "carried out that month"
        if after in PREPOSITIONS and self._time_follows(place + 2) and place and before not in PREPOSITIONS:
            self._push("reported", place)
            return
        if place == 0 or before in PREPOSITIONS or after in AUXILIARIES or self._text(place - 1) == ",":
            return
        verb = self.clauses[self.current].verb
        said = verb == place - 1 or (0 <= verb < place and self._told_at(verb, place - 1))
        if before in _BEFORE_THAT or before.endswith("ly") or after == "," or said:
            self._push("reported", place)
        elif before.isalpha() and self._verb_follows(place + 1):
            self._push("relative", place)

    def _told_at(self, verb: int, place: int) -> bool:
        """Whether only a time stands between a verb of saying and "that": "concluded in 2021 that"."""
        timed = self._text(place)[:1].isdigit() or self._text(place) in _TIMES
        return timed and any(word.text in _BEFORE_THAT for word in self.words[verb : verb + 3])

    def relative(self, place: int) -> None:
        if self._text(place - 1) == "," or place == 0:
            return  # the comma has opened it
        if self._verb_follows(place + 1):
            kind: Kind = "aside" if self._text(place - 1) == "of" else "relative"
            self._push(kind, place)

    def subordinate(self, place: int) -> None:
        word = self._text(place)
        if place == 0 or self.clauses[-1].first == place:
            return
        if word in _ALSO_PREPOSITIONS and (self._time_follows(place + 1) or self._text(place + 1) in _BEFORE_TAX):
            return
        if self._verb_follows(place + 1):
            self._pop_to("subordinate", inclusive=True)
            self._push("subordinate", place)

    def as_(self, place: int) -> None:
        """ "Fell as wage costs climbed" opens a clause; "as many as", "such as" and "known as" do not."""
        before, after = self._text(place - 1), self._text(place + 1)
        compared = before in _BEFORE_AS or after in _AFTER_AS or after[:1].isdigit() or self._text(place + 2) == "as"
        compared = compared or any(word.text == "as" for word in self.words[self.clauses[self.current].first : place])
        if place and before != "," and not compared and self.clauses[self.current].verb >= 0:
            self._push_if_verb(place)

    def _push_if_verb(self, place: int) -> None:
        if self._verb_follows(place + 1) and self.clauses[self.current].verb < place - 1:
            self._push("subordinate", place)

    def time(self, place: int) -> None:
        if self._by_the(place) and self._verb_follows(place + 1):
            self._push("subordinate", place)

    def _by_the(self, place: int) -> bool:
        return self._text(place - 1) == "the" and self._text(place - 2) == "by"

    def compared(self, place: int) -> None:
        """ "Around 5% of revenue compared to 2% for others": a comparison that no comma opens."""
        before, clause = self._text(place - 1), self.clauses[self.current]
        bare = self._text(place + 1) in {"to", "with"} and before not in AUXILIARIES and before not in ADVERBS
        if bare and before != "," and place > clause.first + 1 and clause.kind != "aside":
            self._push("aside", place)

    def join(self, place: int) -> None:
        clause = self.clauses[self.current]
        if self._text(place - 1) == ",":
            return
        if not self._verb_follows(place + 1):
            if self._lists_outside(place + 1):
                self.current = clause.parent
        elif clause.verb >= 0:
            self._joined(place)

    def _lists_outside(self, place: int) -> bool:
        """Whether an amount goes on from one outside: "11% of tests that needed a bed and 6% of others"."""
        clause = self.clauses[self.current]
        if clause.kind not in {"relative", "subordinate"} or not AMOUNT.match(self._text(place)):
            return False
        read = [(number, word.text) for number, word in zip(self.of, self.words, strict=False)]
        years = {number for number, word in read if len(word) == 4 and word.startswith(("19", "20"))}
        amounts = {number for number, word in read if word[0] in "£$€0123456789"}
        return clause.parent in amounts and (self.current not in amounts or self.current in years)

    def comma(self, place: int) -> None:
        number = self._text(place + 1)
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
        listing = number in _JOINING or number[:1].isdigit()
        if clause.kind in {"relative", "participle", "subordinate"} and (
            clause.verb >= 0 or clause.kind == "participle"
        ):
            if not (listing and not self._verb_follows(place + 1)):
                self._pop_small()
        elif clause.kind == "aside" and clause.opener not in {"(", "-", "["}:
            ended = clause.verb >= 0 or self._verb_follows(place + 1) or self._verb_behind_comma(place + 1)
            if ended:
                self._pop_small()

    def _parallel(self, place: int) -> bool:
        """Whether an amount opens a clause as it did the one before: "61% used one route, a quarter another"."""
        clause = self.clauses[self.current]
        if clause.verb < 0 or clause.kind not in {"main", "joined", "reported"} or not AMOUNT.match(self._text(place)):
            return False
        lead = [word.text for word in self.words[clause.first : clause.verb] if word.text not in {"that", "and"}]
        lead = lead[lead.index(",") + 1 :] if "," in lead[:5] else lead  # "of these, 61%"
        opened = any(word != "a" and AMOUNT.match(word) for word in lead[:3]) and lead[0] not in {"of", "in", "with"}
        return opened and self._verb_follows(place + 1)

    def _apposed(self, place: int) -> bool:
        """Whether a verbless phrase stands beside the subject: "140 GPs, one in nine, plan to leave"."""
        clause = self.clauses[self.current]
        if clause.verb >= 0 or self._text(clause.first) == "," or self._text(place) in _JOINING:
            return False
        odds = self._text(place) == "one" and self._text(place + 1) == "in"
        amount = odds or bool(AMOUNT.match(self._text(place)))
        for at in range(place, min(place + _LONG_REACH, len(self.words))):
            word = self.words[at].text
            if word == ",":
                if amount and at > place + 1 and self._verb_follows(at + 1) and not self._after_comma(at + 1):
                    return True
                return at > place + 1 and self._verb_behind_comma(at + 1)
            year = word == "-" and self._text(at - 1).isdigit() and self._text(at + 1).isdigit()
            if (word in _ENDS and not year) or is_finite(self.words, at):
                return False
        return False

    # What follows.

    def _after_comma(self, place: int) -> tuple[Kind, bool] | None:
        """The clause that opens after a comma, and whether it hangs on the current one rather than on its parent."""
        word = self._text(place)
        if word in _RELATIVES:
            return "relative", False
        if word in AFTERTHOUGHTS:
            return "aside", True
        if word in _BEFORE_RELATIVES and self._relative_phrase(place):
            return "aside", False
        if self._reporting(place):
            return "reporting", False
        return self._clause_after_comma(place, word)

    def _clause_after_comma(self, place: int, word: str) -> tuple[Kind, bool] | None:
        verb = self._verb_follows(place + 1)
        if word in _SUBORDINATORS and verb and not self._time_follows(place + 1):
            return "subordinate", False
        if word == "as" and (verb or self._text(place + 2) in _RELATIVES):
            return "subordinate", False
        if word == "even" and self._text(place + 1) in {"as", *_SUBORDINATORS} and self._verb_follows(place + 2):
            return "subordinate", False
        if word in _JOINING:
            joined = verb and (self._has_verb() or self._subject_follows(place + 1))
            return ("joined", False) if joined else None
        participle = self._is_participle(place) or (word == "with" and self._absolute(place))
        return ("participle", True) if participle else None

    def _relative_phrase(self, place: int) -> bool:
        return any(self._text(at) in {"which", "whom"} for at in range(place + 1, place + 4))

    def _absolute(self, place: int) -> bool:
        return any(self._text(at).endswith("ing") or self._is_participle(at) for at in range(place + 2, place + 7))

    def _reporting(self, place: int) -> bool:
        """Whether only a speaker and a verb of saying follow: "the college said last week."."""
        inside = self.clauses[self.current]
        if inside.parent >= 0 and self.clauses[inside.parent].verb < 0 and self._text(place) in SAYING:
            return False  # "Mo Lyle, who chairs it, said": the verb of the clause outside
        for at in range(place, min(place + _REACH, len(self.words))):
            word = self.words[at].text
            if word in SAYING and ((at == place and word not in NOUNS_TOO) or self._closes(at + 1)):
                return True
            if word in _ENDS or word in _RELATIVES or word[0].isdigit():
                return False
            if word in {"that", "and", "but", "if"}:
                return False
        return False

    def _closes(self, at: int) -> bool:
        """Whether the sentence ends here but for a time or a place in a few words."""
        return (
            at >= len(self.words)
            or self._text(at) in {".", ",", '"', ";"}
            or (
                len(self.words) - at <= 6
                and self._text(at) in {"in", "on", "last", "this", "at", "yesterday", "today", "to"}
            )
        )

    def _verb_follows(self, place: int) -> bool:
        words = self.words
        at, last = place - 1, min(place + _REACH, len(words))
        while (at := at + 1) < last:
            word = words[at].text
            if (word == "," and self._text(at + 1) in _PUT_IN) or (word == "(" and at > place):
                at = self._behind_put_in(at, ")" if word == "(" else ",")
                last = min(at + _REACH, len(words))
            elif word in _ENDS or ((word in _RELATIVES or word in _STOPPING) and at > place):
                return False
            if word == "time" and self._by_the(at):
                return False
            if may_carry(word) and is_finite(words, at):
                return True
        return False

    def _behind_put_in(self, place: int, mark: str) -> int:
        """The mark that closes ", including 70% of nurses," or "(37%)"; the end of the sentence where none does."""
        last = min(place + _REACH, len(self.words))
        return next((at for at in range(place + 2, last) if self.words[at].text == mark), len(self.words))

    def _subject_follows(self, place: int) -> bool:
        return any(self._text(at) in _SUBJECTS for at in range(place, place + 4))

    def _time_follows(self, place: int) -> bool:
        word = self._text(place)
        if word in {"the", "about", "around", "at", "early", "late", "mid"}:
            word = self._text(place + 1)
        return word[:1].isdigit() or word in _TIMES

    def _is_participle(self, place: int) -> bool:
        word, after = self._text(place), self._text(place + 1)
        if word.endswith("ing") and len(word) > 4:
            return word not in _NOT_PARTICIPLES
        if word in _PARTICIPLES or (word.endswith("ed") and len(word) > 4):
            return after in PREPOSITIONS or (
                after in {"out", "off", "up", "over"} and self._text(place + 2) in PREPOSITIONS
            )
        return False

    def _describes(self, verb: int) -> bool:
        """Whether what seemed the verb only describes a noun: "the amount spent on hospitals is known"."""
        word = self.words[verb].text
        return word not in AUXILIARIES and self._is_participle(verb)

    def _has_verb(self) -> bool:
        at = self.current
        while at >= 0:
            if self.clauses[at].verb >= 0:
                return True
            at = self.clauses[at].parent
        return False

    # Opening and closing.

    def _text(self, place: int) -> str:
        return self.words[place].text if 0 <= place < len(self.words) else ""

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
        opener = self._text(place + 1) if self._text(place) == "," else self._text(place)
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
            if clause.kind in {"main", "joined", "reported"} or clause.opener in {"(", "[", "-"}:
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
    **dict.fromkeys(_RELATIVES, _Reader.relative),
    **dict.fromkeys(_SUBORDINATORS, _Reader.subordinate),
    **dict.fromkeys(_JOINING, _Reader.join),
}
_TIMES = frozenset(PERIODS.months) | PERIODS.openings.words - {
    "the",
    "in",
    "for",
    "a",
}
