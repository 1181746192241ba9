"""What a figure measures: a phrase of at most twelve of the text's own words, as a table's heading would have it.

The phrase is made from the figure's clause: its subject, its verb where that says more than "was", and what follows the
figure. Out of it go the numbers, the times and who says it. An afterthought ("down from £9bn") measures what the clause
that it hangs on does, and a pronoun stands for what the sentence before was about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from extractors.figures.clauses import AFTERTHOUGHTS, RECKONINGS, Clause
from extractors.figures.lexicons import ATTRIBUTION, GRAMMAR, MEASURES
from extractors.figures.nouns import AUXILIARIES, MOVING, PREPOSITIONS, PRONOUNS, SAYING, Word, is_finite
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence, Statement

_AMOUNTING = MEASURES.amounting.words
_LOOSE_ENDS = MEASURES.loose.last
_LOOSE_STARTS = MEASURES.loose.first
_QUALIFYING = MEASURES.qualifying.words
_PLAIN = MEASURES.plain.words
_PUTTING = ATTRIBUTION.putting.words
_ONLY_SAYING = SAYING - _PUTTING - ATTRIBUTION.giving.words
_RECKONED = ATTRIBUTION.figures.words
_NO_THING = MEASURES.no_thing.words
_TAKEN = GRAMMAR.changes.taken
_ANAPHORS = MEASURES.anaphors.words
_GOING_ON = MEASURES.going_on.words
_CARRIED = PREPOSITIONS | {"out"}
_FRONTING = _LOOSE_STARTS | {"before", "after", "during", "since", "under", "without", "among", "across", "between"}
_STOPPING = frozenset((";", ":", ".", "-"))
_COMPARING = MEASURES.comparing.words
_ADDING = MEASURES.adding.words
_BEING = ATTRIBUTION.passive.words
_PASSING = MEASURES.passing.words
_STAYING = MEASURES.staying.words
_CARRYING_ON = MEASURES.taking_to.words
_APART = frozenset(("on", "with", "from", "against"))
_OPENING_LAST = 3  # words of ", on an outlay of" at least
_HAVING = frozenset(("has", "have", "had"))  # "the firm has 61 sites"
_FEWEST = 3  # words of a measure that still say something
_FEW = 4  # words of a subject that may end with a pronoun for something else
_BARE = PRONOUNS | {"there"}
_LEADING = _QUALIFYING | _PLAIN | {"only"}
_NEAR = 40  # characters between the ends of "from X in 2017 to Y"
MOST_WORDS = 12
_NOUN_WORDS = 5  # of a noun that a relative clause goes back to
_SUBJECT_WORDS = 6  # of a subject that shares the phrase with a verb and an object


@dataclass(frozen=True, eq=False)
class Topic:
    """What the sentence before was about, for a pronoun, worked out only where one stands; `cut` bounds its times."""

    sentence: Sentence | None = None
    cut: Sequence[tuple[int, int]] = ()
    last: str | None = None  # what its last figure measured

    @property
    def subject(self) -> str | None:
        """Its subject."""
        return self._said[0]

    @property
    def complement(self) -> str | None:
        """What it said that this is."""
        return self._said[1]

    @cached_property
    def _said(self) -> tuple[str | None, str | None]:
        if self.sentence is None:
            return None, None
        return _topic(Statement(self.sentence).without(self.cut))


class Facts(NamedTuple):
    """What is known of a figure before its measure: its base, and the place of the figure that it moved from."""

    base: str | None
    origin: int | None


def measures(
    sentence: Sentence, found: list[Quantity], facts: Sequence[Facts], cut: list[tuple[int, int]], before: Topic
) -> tuple[list[str | None], Topic]:
    """The measure of each figure, and what the next sentence may go back to; `cut` bounds times and speakers."""
    statement = Statement(sentence).without(cut)
    places = [(sentence.clauses.word_at(one.start), one.kind) for one in found]
    result: list[str | None] = []
    for index, (one, fact) in enumerate(zip(found, facts, strict=True)):
        others = [place for place, kind in places if kind == one.kind or kind not in {"count", "duration"}]
        heading = _Heading(statement, one, fact.base, before, others)
        again = None
        if heading.says_again():
            again = _said_before(found, index, result) if index else before.last
        result.append(heading.again(again) if again is not None else heading.text() or heading.counted())
    for index, fact in enumerate(facts):
        if fact.origin is not None and fact.origin > index:
            result[fact.origin] = result[index]
        elif fact.origin is not None and _from_to(sentence, found[fact.origin], found[index]):
            result[index] = result[fact.origin] or result[index]
    return result, Topic(sentence, cut, next((one for one in reversed(result) if one is not None), None))


def _from_to(sentence: Sentence, first: Quantity, second: Quantity) -> bool:
    """Whether two levels stand in "from X to Y", which measure one thing."""
    before, between = sentence.before(first, 24).split(), sentence.between(first, second)
    return "from" in before[-3:] and " to " in f"{between} " and len(between) < _NEAR and ";" not in between


def _said_before(found: list[Quantity], index: int, result: list[str | None]) -> str | None:
    """The measure of the figure before that one goes back to: the last of its kind, else the last amount."""
    alike = [at for at in range(index) if found[at].kind == found[index].kind]
    amounts = [at for at in range(index) if found[at].kind != "duration"]
    return next((result[at] for at in (*alike[::-1], *amounts[::-1]) if result[at] is not None), None)


def _topic(statement: Statement) -> tuple[str | None, str | None]:
    tree = statement.tree
    if not tree.words:
        return None, None
    verb = tree.clauses[0].verb
    near = statement.nearby(0)
    subject = _edged(statement.words(near, 0, verb if verb >= 0 else len(tree.words)))
    copular = verb >= 0 and tree.words[verb].text in {"is", "are", "was", "were"}
    copular = copular and tree.words[min(verb + 1, len(tree.words) - 1)].text in {"the", "a", "an"}
    after = _edged(_until_stop(statement.words(near, verb + 1, len(tree.words)), MOST_WORDS)) if copular else []
    if subject and subject[0].text in _ANAPHORS:
        subject = []
    return statement.text(subject[:MOST_WORDS]), statement.text(after)


def _number_of(one: Quantity) -> tuple[int, int]:
    """The bounds of a figure without the noun that it counts."""
    return one.start, one.end if one.noun is None else max(one.number.end, one.start + 1)


def _denominator_of(one: Quantity) -> list[tuple[int, int]]:
    """The bounds of the denominator of a rate of things: "a day" in "210 people a day"."""
    return [(one.noun[1], one.end)] if one.kind == "rate" and one.noun is not None and one.noun[1] < one.end else []


class _Heading:
    """The phrase of one figure: its subject, its predicate, and what follows it."""

    def __init__(
        self, statement: Statement, one: Quantity, base: str | None, before: Topic, amounts: list[int]
    ) -> None:
        end = _number_of(one)[1]
        self.statement = statement.without([_number_of(one), *_denominator_of(one)])
        self.tree = statement.tree
        self.one = one
        self.before = before
        self.at = min(self.tree.word_at(one.start), len(self.tree.words) - 1)
        self.own = self.tree.of[self.at]
        self.clause = self._carrying()
        whole = statement.sentence.text.find(base, one.end, one.end + len(base) + 12) if base else -1
        self.past = self.tree.word_at(whole + len(base) if base and whole >= 0 else end)
        self.based = base is not None
        self.amounts = amounts  # where others stand: what is said of them measures something else
        self.share = one.kind in {"percent", "fraction"}

    def text(self) -> str | None:
        """The measure; None where nothing is left to say it."""
        clause = self.tree.clauses[self.own]
        if clause.kind in {"aside", "participle"} and clause.opener in _ADDING:
            lead = _edged(self.statement.words({self.own}, clause.first, self.at))
            lead = [word for word in lead if word.text not in _ADDING]
            if any(
                word.text.isalpha() and word.text not in _LEADING and not _is_determiner(word.text) for word in lead
            ):
                return self.statement.text(_edged(_first([*lead, *self._after()], MOST_WORDS)))
        if (beside := self._beside(clause)) is not None:
            return self.statement.text(_edged(_first(beside, MOST_WORDS)))
        if clause.opener == "(" and (listed := self._listed(clause)):
            return self.statement.text(_edged(_first(listed, MOST_WORDS)))
        verb = self.tree.clauses[self.clause].verb
        if verb < 0 or (self.clause == self.own and self.at < verb):
            return self._as_subject(verb)
        subject = self._subject(self.clause)
        predicate = self.statement.words({self.clause}, verb, self._predicate_end())
        phrase = self._as_object(subject, _without_qualifiers(predicate))
        return None if phrase is not None and phrase.lower() in _BARE else phrase

    def says_again(self) -> bool:
        """Whether the figure only goes back to one before it: "£2m of it", "which is 3%", "it was 19"."""
        tree, clause = self.tree, self.tree.clauses[self.own]
        if clause.opener in _COMPARING and clause.kind in {"aside", "participle"}:
            lead = self.statement.words({self.own}, clause.first, self.at)
            return all(word.text in _COMPARING or word.text in _LEADING or not word.text.isalpha() for word in lead)
        follows = [word.text for word in tree.words[self.past : self.past + 2]]
        apart = tree.words[self.at - 1].text in {",", ";", "("} if self.at else False
        if self._lists_again():
            return True
        if apart and follows[:1] == ["of"] and follows[-1] in _ANAPHORS | {"which"}:
            return True
        if not 0 <= clause.verb < self.at or tree.words[clause.verb].text not in AUXILIARIES:
            return False
        between = self.statement.words({self.own}, clause.verb, self.at)
        if any(_is_lexical(word.text) for word in between):
            return False
        subject, stands = self._own_subject(self.own)
        said = clause.kind == "relative" and clause.opener == "which" and tree.words[clause.first].text == ","
        return said or (stands and bool(subject) and subject[-1].text != "there" and not self._after())

    def _lists_again(self) -> bool:
        """Whether an amount goes on from one of its clause and says no more: "£9.3m for storage, and £4.4m in 2022"."""
        at = self.at - 1
        while at > 0 and self.tree.words[at].text in _LEADING:
            at -= 1
        if at < 1 or self.tree.words[at].text not in {"and", "or"} or self._after():
            return False
        before = [place for place in self.amounts if place < at]
        gap = [place for place in range(before[-1], at) if self.tree.of[place] == self.own] if before else []
        return len(gap) > 2 and not any(is_finite(self.tree.words, place) for place in gap)

    def again(self, measure: str) -> str:
        """The measure of the figure before with what this one adds: "spent on private treatment, in Wales"."""
        words = [word for word in self._after() if word.text not in _ANAPHORS]
        words = words[1:] if words and words[0].text == "of" else words
        words = _edged(words) if words and words[0].text not in PREPOSITIONS else words
        room = MOST_WORDS - _length(words)
        if not words or room < _FEWEST:
            return measure
        kept = measure.split()[:room]
        while kept and kept[-1].lower() in _LOOSE_ENDS:
            kept.pop()
        return f"{' '.join(kept)} {self.statement.text(words)}"

    def counted(self) -> str | None:
        """What is counted, where nothing else says what is measured: "there were 297,000 hospital beds"."""
        noun = self.one.noun
        return self.statement.sentence.text[noun[0] : noun[1]].strip() or None if noun is not None else None

    def _beside(self, clause: Clause) -> list[Word] | None:
        """What an amount that stands apart measures: "the margin, at 22%, is", "taking her pay to"."""
        plain = clause.kind not in {"aside", "participle", "reported"}
        if plain and self.tree.words[self.at - 1].text not in {"with", "of"}:
            return None
        own = self.statement.words({self.own}, clause.first, self.at)
        if (last := self._behind_comma(own)) is not None:
            return last
        words = [word for word in own if word.text != ","]
        if clause.opener in RECKONINGS and clause.kind in {"aside", "reported"}:
            lead = [word for word in words if word.text not in RECKONINGS | {"or", "to"}]
            return [*lead, *self._after()] if lead else None
        if clause.kind in {"participle", "aside"} and clause.opener in _CARRYING_ON and len(words) > 1:
            return _without_qualifiers(words[1:])
        closed = self.tree.clauses[clause.parent] if clause.parent >= 0 else clause
        apart = clause.kind == "aside" and self.tree.words[clause.first].text == "," and closed.verb > self.at
        if not apart or [word.text for word in words] not in ([], ["at"]) or (self.share and not words):
            return None
        lead = _after_fronted(self.statement.words(self.statement.nearby(clause.parent), closed.first, clause.first))
        return lead or None

    def _behind_comma(self, own: list[Word]) -> list[Word] | None:
        """What a last phrase puts an amount to: ", with 41 posts unfilled", ", on an initial outlay of £12.7bn"."""
        comma = max((at for at, word in enumerate(own) if word.text == ","), default=-1)
        lead = own[comma + 1 :] if comma > 0 else []
        if [word.text for word in lead] == ["with"] and not self.share:
            return self._after() or None
        named = _OPENING_LAST < len(lead) <= _SUBJECT_WORDS and lead[-1].text == "of" and lead[0].text in _APART
        return lead[1:-1] if named and not any(word.text in AUXILIARIES for word in lead) else None

    def _listed(self, clause: Clause) -> list[Word]:
        """What stands before a bracket that is one of several: "eye care (24%) and orthopaedics (29%) have"."""
        brackets = [one for one in self.tree.clauses if one.opener == "(" and one.parent == clause.parent]
        if len(brackets) < 2 or self.tree.word_at(self.one.start) - clause.first > 1:
            return []
        words = self.statement.words({clause.parent}, self.tree.clauses[clause.parent].first, clause.first)
        ends = [at for at, word in enumerate(words) if word.text in {",", ")", ";", ":"}]
        return _edged(words[ends[-1] + 1 if ends else 0 :])

    def _carrying(self) -> int:
        """The clause whose verb the figure goes with: its own, or the one that its afterthought hangs on."""
        number = self.own
        while number > 0:
            clause = self.tree.clauses[number]
            hanging = clause.kind in {"aside", "participle"} and (clause.verb < 0 or clause.opener in AFTERTHOUGHTS)
            if clause.verb >= 0 and not hanging and clause.kind != "reporting":
                break
            number = clause.parent
        return max(number, 0)

    def _predicate_end(self) -> int:
        if self.clause == self.own:
            return self._before_list()
        place = self.tree.clauses[self.clause].verb
        while place < len(self.tree.words) and self.tree.of[place] == self.clause:
            if self.tree.words[place].text in _STOPPING or self.tree.words[place].text == ",":
                break
            place += 1
        return place

    def _before_list(self) -> int:
        """Where the figure stands, or the first of a list of amounts that it is in: "11% of tests and 6% of scans"."""
        words, at = self.tree.words, self.at - 1
        while at > 0 and words[at].text in _QUALIFYING:
            at -= 1
        verb = self.tree.clauses[self.clause].verb
        first = next((place for place in self.amounts if verb < place < at), self.at)
        return first if words[at].text in {"and", "or", ","} else self.at

    def _subject(self, number: int) -> list[Word]:
        """The subject of a clause, that of the clause before where it shares it or only stands for it."""
        clause = self.tree.clauses[number]
        words, stands = self._own_subject(number)
        if clause.kind == "relative" and clause.parent >= 0 and (not words or words[-1].text in _ANAPHORS):
            return self._antecedent(clause)
        if stands and clause.parent >= 0 and self.tree.clauses[clause.parent].verb >= 0:
            for at in range(number - 1, -1, -1):
                earlier = self.tree.clauses[at]
                if earlier.verb >= 0 and earlier.kind in {"main", "joined", "reported"}:
                    found, again = self._own_subject(at)
                    if found and not again:
                        return found
        return words

    def _antecedent(self, clause: Clause) -> list[Word]:
        """The noun that a relative clause goes back to: "a cataract that takes", "self-funders, who pay"."""
        words = self.statement.words({clause.parent}, self.tree.clauses[clause.parent].first, clause.first)
        words = _edged(words)
        at = len(words) - 1
        apart = self.tree.words[clause.first].text == ","  # it describes the whole of what stands before it
        while at > 0 and len(words) - at < _NOUN_WORDS and words[at - 1].text[0].isalpha():
            if (
                (words[at - 1].text in PREPOSITIONS and not apart)
                or words[at - 1].text in AUXILIARIES
                or words[at - 1].text in SAYING
            ):
                break
            at -= 1
        return [*_edged(words[at:]), *self.statement.words({self.tree.of[clause.first]}, clause.first, clause.verb)]

    def _own_subject(self, number: int) -> tuple[list[Word], bool]:
        """The words before a clause's verb, and whether they are none or only stand for something else."""
        clause = self.tree.clauses[number]
        words = _after_fronted(self.statement.words(self.statement.nearby(number), clause.first, clause.verb))
        while words and (words[-1].text in _PLAIN or words[-1].text.endswith("ly") or _is_here(words)):
            words = words[:-1]
        anaphor = bool(words) and words[-1].text in _ANAPHORS and len(words) <= _FEW and not _is_object(words)
        stands = not words or anaphor or words[-1].text in _RECKONED
        return words, stands

    def _after(self) -> list[Word]:
        tree = self.tree
        numbers = self.statement.nearby(self.own)
        for at, clause in enumerate(tree.clauses):
            if clause.kind == "participle" and clause.parent == self.own and tree.words[clause.first].text != ",":
                numbers = numbers | {at}
            # "tests and operations carried out for them" only looks like a clause of its own
            listed = clause.kind == "joined" and clause.parent == self.own and 0 <= clause.verb < len(tree.words) - 1
            if listed and tree.words[clause.verb + 1].text in _CARRIED:
                numbers = numbers | {at}
        later = (at for at in self.amounts if at >= max(self.past, self.at + 1) and tree.of[at] in numbers)
        until = next(later, len(tree.words))
        words = self.statement.words(numbers, self.past, until)
        while self.share and words and not words[0].text[0].isalnum():
            words = words[1:]
        return _until_stop(words, MOST_WORDS + 2)

    def _as_subject(self, verb: int) -> str | None:
        """The measure of a figure that is or opens the subject: what is said of it."""
        after = self._after()
        told = [
            at for at, clause in enumerate(self.tree.clauses) if clause.kind == "reported" and clause.first > self.at
        ]
        if verb >= 0 and not _edged(after):
            after = _until_stop(self.statement.words({self.clause}, verb, len(self.tree.words)), MOST_WORDS)
        if told and self.share:
            after = _until_stop(self.statement.words(set(told[:1]), self.at, len(self.tree.words)), MOST_WORDS) or after
        first = self.tree.clauses[self.clause].first
        lead = self.statement.words(self.statement.nearby(self.clause), first, self.at)
        while lead and lead[-1].text in _QUALIFYING:
            lead = lead[:-1]
        lead = [] if lead and lead[-1].text == "," else _edged(lead)
        if self.share and after and not lead:
            return self.statement.text(_edged(_first(after, MOST_WORDS)))
        words = _edged([*lead[-_SUBJECT_WORDS:], *after])
        return self.statement.text(_edged(_first(words, MOST_WORDS))) or self.before.subject

    def _as_object(self, subject: list[Word], predicate: list[Word]) -> str | None:
        after = self._after()
        if self.clause != self.own and self.tree.clauses[self.own].kind == "participle":
            clause = self.tree.clauses[self.own]
            predicate = _without_qualifiers(_edged(self.statement.words({self.own}, clause.first, self.at)))
        lexical = next((word.text for word in predicate if _is_lexical(word.text)), "")
        active = not any(word.text in _BEING for word in predicate[:2])  # "is expected to pass" says nothing
        thing = self._thing(predicate, lexical)
        if thing:
            return self._phrase([], thing, after if after and after[0].text in _GOING_ON else [])
        if active and lexical in _ONLY_SAYING and self.share and predicate[-1].text == lexical and len(after) > 1:
            return self.statement.text(_edged(_first(after, MOST_WORDS)))
        if active and lexical in _ONLY_SAYING and self.one.kind != "duration" and predicate[-1].text != lexical:
            return self._phrase([], _edged(predicate[1:]), after)
        if len(after) > 1 and after[0].text in {"to", "from"} and not after[1].text.isalpha():
            after = []
        if (aim := self._aim(predicate, lexical)) is not None:
            return self._phrase([], aim, after)
        if not lexical and self.one.noun is not None and any(word.text in _HAVING for word in predicate[-1:]):
            counted = [word for word in after if word.start < self.one.end]
            return self._phrase(subject, predicate, after if self._is_complement(after) else counted)
        if not lexical or self._amounts(predicate, lexical):
            after = after if self._is_complement(after) else []
            predicate = predicate if len(subject) < 1 and lexical else []
        elif self.clause != self.own:
            after = after if after and after[0].text in _GOING_ON else []
        return self._phrase(subject, predicate, after)

    def _aim(self, predicate: list[Word], lexical: str) -> list[Word] | None:
        """What is to be done with the amount, behind a verb of amounting: "will go in a plan to save £470m"."""
        at = _last_infinitive(predicate)
        right_before = at and at == len(predicate) - 1 and predicate[at].text not in _AMOUNTING
        return predicate[max(0, at - 2) :] if right_before and lexical in _AMOUNTING and at > 2 else None

    def _amounts(self, predicate: list[Word], lexical: str) -> bool:
        """Whether a verb only leads to the amount: "stood at", "has passed", but not "stood empty for"."""
        if lexical in _PASSING and predicate[-1].text == lexical and self.tree.words[self.at - 1].text != "by":
            return True
        place = next((at for at, word in enumerate(predicate) if word.text == lexical), 0)
        after = predicate[place + 1].text if place + 1 < len(predicate) else ""
        told = after.isalpha() and after not in PREPOSITIONS and _is_lexical(after) and after not in _AMOUNTING
        return lexical in _AMOUNTING and not (told and lexical in _STAYING)

    def _is_complement(self, after: list[Word]) -> bool:
        """Whether what follows an amount goes on saying what it is: "8% of posts filled", "12 theatres standing"."""
        first = next((word.text for word in after if word.start >= self.one.end), "")
        describes = first.endswith(("ing", "ed")) or first in {"that", "who", "which", "more", "fewer", "less"}
        return self.one.kind == "multiple" or first in _GOING_ON or describes

    def _thing(self, predicate: list[Word], lexical: str) -> list[Word]:
        """What is moved or put at a value by somebody: "cut the median wait", "put the bill at"."""
        texts = [word.text for word in predicate]
        if lexical in _PUTTING and ("at" in texts or texts[-1:] == ["of"]) and self.clause == self.own:
            return _edged(predicate[1:])
        moved = max((at for at, text in enumerate(texts) if text in MOVING and text not in _TAKEN), default=-1)
        if moved < 0:
            return []
        thing: list[Word] = []
        for at in range(moved + 1, len(predicate)):
            amount = at + 1 < len(predicate) and predicate[at + 1].text[0] in "£$€0123456789"
            if texts[at] in {"from", "by"} or (texts[at] == "to" and (amount or at + 1 == len(predicate))):
                break
            if not thing and predicate[at].start in {self.tree.words[place].start for place in self.amounts}:
                break
            thing.append(predicate[at])
        if thing and thing[0].text in PREPOSITIONS:
            return []  # "fell for the first time"
        if all(word.text in _NO_THING or not word.text.isalpha() for word in thing):
            return []
        return _edged(thing)

    def _phrase(self, subject: list[Word], predicate: list[Word], after: list[Word]) -> str | None:
        relative = len(subject) == 2 and subject[-1].text in {"that", "which", "who"}
        stands = (
            bool(subject)
            and len(subject) <= 2
            and not relative
            and not {subject[0].text, subject[-1].text}.isdisjoint(_ANAPHORS)
        )
        rest = _edged([*predicate, *after])
        if stands or (not subject and not rest):
            told = self.before.complement or self.before.subject
            if told is not None:
                rest = _edged(_first(rest, MOST_WORDS))
                room = MOST_WORDS - _length(rest)
                told = " ".join(told.split()[: max(room, 0)])
                return f"{told} {self.statement.text(rest) or ''}".strip() or None
            return self.statement.text(_edged(_first(rest, MOST_WORDS)))
        words = _edged([*subject, *predicate, *after])
        if _length(words) > MOST_WORDS and (last := _last_infinitive(predicate)):
            words = rest = _edged([*predicate[last:], *after])
        if _length(words) > MOST_WORDS and len(subject) > _SUBJECT_WORDS and not predicate:
            words = _edged(subject[:MOST_WORDS])
        if _length(words) > MOST_WORDS and len(subject) > _SUBJECT_WORDS and rest:
            words = _edged([*subject[:_SUBJECT_WORDS], *rest])
        if _length(words) > MOST_WORDS and rest:
            words = rest if predicate or _length(rest) > 3 else words
        return self.statement.text(_edged(_first(words, MOST_WORDS)))


def _last_infinitive(predicate: list[Word]) -> int:
    """Where the last "to" with a verb begins: "packed the hall to oppose the plan to move"; 0 for none."""
    places = (at for at in range(len(predicate) - 1, 0, -1) if predicate[at - 1].text == "to")
    return next((at for at in places if predicate[at].text.isalpha() and not _is_determiner(predicate[at].text)), 0)


def _is_determiner(word: str) -> bool:
    return word in GRAMMAR.bases.determiners or word in _QUALIFYING


def _is_lexical(word: str) -> bool:
    """Whether a word of a predicate says more than that something is."""
    plain = word in AUXILIARIES or word in _QUALIFYING or word in _PLAIN or word.endswith("ly")
    return word.isalpha() and not plain


def _after_fronted(words: list[Word]) -> list[Word]:
    """A subject without what opens the sentence before it: "At one trust, the payment"."""
    commas = [at for at, word in enumerate(words) if word.text == ","]
    if words and words[0].text in _FRONTING and commas and commas[-1] + 1 < len(words):
        words = words[commas[-1] + 1 :]
    elif words and words[0].text in _FRONTING:
        words = words[_second_noun(words) :]
    stands = [word for word in words[-1:] if word.text in _ANAPHORS and not _is_here(words)]
    return stands if stands and not _is_object(words) else _edged(words)


def _is_here(words: list[Word]) -> bool:
    return len(words) > 1 and words[-1].text in {"there", "here"}


def _second_noun(words: list[Word]) -> int:
    """Where the subject begins behind a phrase that no comma closes: "in the last parliament the department"."""
    for at in range(len(words) - 1, 1, -1):
        before = words[at - 1].text
        named = before.isalpha() and before not in PREPOSITIONS | GRAMMAR.bases.determiners and before not in _FRONTING
        if words[at].text in GRAMMAR.bases.determiners and named and before not in {"of", "all", "both", "and"}:
            return at
    return 0


def _is_object(words: list[Word]) -> bool:
    """Whether the last word of a subject hangs on a preposition: "spending on it"."""
    return len(words) > 1 and (words[-2].text in PREPOSITIONS or words[-2].text.endswith("ing"))


def _length(words: list[Word]) -> int:
    return sum([word.text[0].isalnum() for word in words])


def _first(words: list[Word], most: int) -> list[Word]:
    """The first so many words, marks not counted."""
    result: list[Word] = []
    count = 0
    for word in words:
        count += word.text[0].isalnum()
        if count > most:
            break
        result.append(word)
    return result


def _until_stop(words: list[Word], most: int) -> list[Word]:
    """Words up to a mark that ends the statement, or a comma that no list goes on after."""
    result: list[Word] = []
    for place, word in enumerate(words):
        if word.text in _STOPPING or len(result) >= most:
            break
        if word.text == ",":
            following = [later.text for later in words[place + 1 : place + 4]]
            if {"and", "or"}.isdisjoint(following) or following[0] in {"and", "or"}:
                break
        result.append(word)
    return result


def _without_qualifiers(words: list[Word]) -> list[Word]:
    while words and words[-1].text in _QUALIFYING:
        words = words[:-1]
    return words


def _edged(words: list[Word]) -> list[Word]:
    """Words without the marks, conjunctions and prepositions that dangle at their edges."""
    first, last = 0, len(words)
    while first < last and (not words[first].text[0].isalnum() or words[first].text in _LOOSE_STARTS):
        first += 1
    while first < last and (not words[last - 1].text[0].isalnum() or words[last - 1].text in _LOOSE_ENDS):
        last -= 1
    return words[first:last]
