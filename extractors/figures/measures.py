"""What a figure measures: a phrase of at most twelve of the text's own words, as a table's heading would have it.

The phrase is made from the figure's clause: its subject, its verb where that says more than "was", and what follows the
figure. Out of it go the numbers, the times and who says it. An afterthought ("down from £9bn") measures what the clause
that it hangs on does, and a pronoun stands for what the sentence before was about."""

from collections.abc import Sequence
from functools import cached_property

from extractors.figures import phrases
from extractors.figures.clauses import AFTERTHOUGHTS, RECKONINGS, Clause
from extractors.figures.lexicons import ATTRIBUTION, CHANGES, GRAMMAR, MEASURES, UNITS
from extractors.figures.nouns import (
    AUXILIARIES,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    SCALES,
    Word,
    after_fronted,
    edged,
    first_words,
    is_determiner,
    is_finite,
    is_lexical,
    last_infinitive,
    length,
    without_qualifying,
)
from extractors.figures.quantities import Quantity, denominator_bounds, number_bounds, said_before
from extractors.figures.sentence import Facts, Sentence
from extractors.figures.subjects import MOST_WORDS, Statement, Topic, until_stop

_AMOUNTING = MEASURES.amounting.words
_LOOSE_ENDS = MEASURES.loose.last
_LOOSE_STARTS = MEASURES.loose.first
_QUALIFYING = MEASURES.qualifying.words
_PLAIN = MEASURES.plain.words
_PUTTING = ATTRIBUTION.putting.words
_ONLY_SAYING = SAYING - _PUTTING - ATTRIBUTION.giving.words
_ANAPHORS = MEASURES.anaphors.words
_GOING_ON = MEASURES.going_on.words
_STANDING_FOR = MEASURES.standing_for.words
_BRINGING = MEASURES.bringing.words
_CARRIED = PREPOSITIONS | {"out"}
_STOPPING = frozenset((";", ":", ".", "-"))
_ADDING = MEASURES.adding.words
_BEING = ATTRIBUTION.passive.words
_BEYOND = frozenset(("over", "under", "below", "above", "behind", "beyond"))
_PASSING = MEASURES.passing.words
_STAYING = MEASURES.staying.words
_CARRYING_ON = MEASURES.taking_to.words
_APART = frozenset(("on", "with", "from", "against"))
_AT_COST = frozenset(("cost", "loss", "profit", "expense"))
_HELPING = AUXILIARIES | _BEING
_HAVING = frozenset(("has", "have", "had", "did", "do", "does"))  # "the firm has 61 sites"
_FROM = frozenset((", from ", " from ", ": from ", " - from "))  # "more than doubled, from 5,300"
_FRONTING = PREPOSITIONS - {"of"}
_LED_IN = MEASURES.leading.words
_PARTICLES = frozenset(("up", "down", "over", "out", "in"))
_PHRASAL = GRAMMAR.changes.phrasal
_LEADING_IN = frozenset(("by", "in", "of", "to", "at", "from", "between"))
_FEWEST = 3  # words of a measure that still say something
_GAPS = frozenset(("and", "but", "or", "while", "whilst", "by", "to", "from", "with", "than"))
_LINKS = frozenset(("by", "to", "at", "on"))
_NO_NOUN = _ANAPHORS | RECKONINGS | AFTERTHOUGHTS | {"as", "only", "up", "down", "then", "now"}
_RECKONED = RECKONINGS | {"or", "to"}
_LED_ON = _LOOSE_STARTS - PREPOSITIONS | {"of", "to", "as", "by", "from"}  # "on the list" says more than "the list"
_SHARED = frozenset(("%", "cent", "half", "third", "quarter", "thirds", "quarters", "fifth", "fifths", "tenth"))
_NOT_OWN = _ANAPHORS | _SHARED | SCALES
_MOVES = CHANGES.nouns.increase | CHANGES.nouns.decrease
_NO_HEADS = PREPOSITIONS | _GAPS | AUXILIARIES | _ANAPHORS | _MOVES | GRAMMAR.clauses.participles
_BARE = PRONOUNS | {"there"}
_LEADING = _QUALIFYING | _PLAIN | {"only"}
_BESIDE = MEASURES.comparing.words | {"including", "excluding"}
_SETTING_BESIDE = _BESIDE | _LEADING
_SUBJECT_WORDS = 6  # of a subject that shares the phrase with a verb and an object


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
        heading.others = [place for place, _ in places if place != heading.at]
        again = None
        if one.unit == "year" and (named := phrases.named_before(sentence.clauses, heading.at)):
            result.append(statement.text(named))
            continue
        if index and (noun := heading.gapped()) and (shared := said_before(found, index, result)) is not None:
            result.append(heading.beside(noun, shared))
            continue
        bracketed = index and heading.share and sentence.between(found[index - 1], one) == " ("  # "one in six (16%)"
        doubled = index and found[index - 1].kind == "multiple" and sentence.between(found[index - 1], one) in _FROM
        if index and (bracketed or doubled or heading.is_move()):
            again = result[index - 1]
        elif heading.says_again():
            again = said_before(found, index, result) if index else before.last
        result.append(heading.again(again) if again is not None else heading.text() or heading.counted())
    for index, fact in enumerate(facts):
        if fact.origin is not None and fact.origin > index:
            result[fact.origin] = result[index]
        elif fact.origin is not None and sentence.runs_from(found[fact.origin], found[index]):
            result[index] = result[fact.origin] or result[index]
    result = [phrases.headed(measure, fact.base) for measure, fact in zip(result, facts, strict=True)]
    return result, Topic(sentence, cut, next((one for one in reversed(result) if one is not None), None))


class _Heading:
    """The phrase of one figure: its subject, its predicate, and what follows it."""

    def __init__(
        self, statement: Statement, one: Quantity, base: str | None, before: Topic, amounts: list[int]
    ) -> None:
        self.bounds = number_bounds(one)
        self.statement = statement.without([self.bounds, *denominator_bounds(one)])
        self.tree = statement.tree
        self.one = one
        self.before = before
        self.at = min(self.tree.word_at(one.start), len(self.tree.words) - 1)
        behind = self.tree.word_at(self.bounds[1])
        self.own = self.tree.of[behind + 1 if self._divides(behind) else self.at]
        self.clause = self._carrying()
        whole = statement.sentence.text.find(base, one.end, one.end + len(base) + 12) if base else -1
        self.past = self.tree.word_at(whole + len(base) if base and whole >= 0 else self.bounds[1])
        self.based = base is not None
        self.others: list[int] = []  # where all other figures stand
        self.amounts = amounts  # where others stand: what is said of them measures something else
        self.share = one.kind in {"percent", "fraction"}

    def _divides(self, behind: int) -> bool:
        """Whether a relative clause says what is so of the figure: ", two of whom were in their last month"."""
        whole = [word.text for word in self.tree.words[behind : behind + 2]]
        return whole in (["of", "whom"], ["of", "which"])

    def text(self) -> str | None:
        """The measure; None where nothing is left to say it."""
        clause = self.tree.clauses[self.own]
        if clause.kind in {"aside", "participle"} and phrases.opens_with(self.tree, clause) in _ADDING:
            lead = self._unqualified(self._nearest(self.statement.words({self.own}, clause.first, self.at)))
            lead = lead if self.one.noun is not None else edged(lead)
            lead = [word for word in lead if word.text not in _ADDING]
            if any(one.text.isalpha() and one.text not in _LEADING and not is_determiner(one.text) for one in lead):
                return self._said(edged(first_words([*lead, *self._after], MOST_WORDS)))
        led = self.tree.words[max(self.at - 2, 0)].text in _FRONTING  # "looks at the £2bn contract with"
        if (led or clause.kind in {"aside", "participle"}) and self._heads_noun(self._after):
            return self._said(self._described() if led else edged(self._after))  # "despite predicting a £1m surplus"
        if (
            apart := self._beside(clause)
            or self._told_after()
            or phrases.label_before(self.tree.words, self.at, self._after)
            or self._listed(clause)
        ):
            return self._said(edged(first_words(apart, MOST_WORDS), leading=_LED_ON))
        verb = self.tree.clauses[self.clause].verb
        opens = self.clause == self.own and self.at < verb
        if self.one.compound and not opens and length(named := self._described()) > 1:
            return self._said(named)
        if verb < 0 or opens:
            return self._as_subject(verb)
        subject = self.statement.subject(self.clause)
        predicate = self.statement.words({self.clause}, verb, self._predicate_end())
        phrase = self._as_object(subject, self._unqualified(predicate))
        return None if phrase is not None and phrase.lower() in _BARE else phrase

    def _unqualified(self, words: list[Word]) -> list[Word]:
        """Words without those that say how exact the number is; what leads to a noun that stays does: "run by two"."""
        if self.one.compound:
            return words  # "back to the 18-week standard"
        bare = without_qualifying(words)
        if self.one.noun is None or len(bare) == len(words):
            return bare
        gone = [word.text for word in words[len(bare) :] if word.text.isalpha()]
        idiom = gone[1:2] in (["least"], ["most"]) or "region" in gone
        led = not idiom and gone and gone[0] in _LEADING_IN
        return [*bare, words[len(bare)]] if led else bare

    def _said(self, words: list[Word]) -> str | None:
        """Words as they stand in the text, but for what only led to the number that is gone."""
        counted = self.one.noun is not None
        timed = self.one.kind == "duration" or (self.one.unit in UNITS.measures and not counted)
        lower, at = self.statement.sentence.lower, self.at
        before = self.tree.words[at - 2 : at] if at > 1 and self.tree.words[at - 1].text in _PARTICLES else []
        if before and before[0].text in _PHRASAL and before[0] in words:
            at = words.index(before[0]) + 1  # "turned over £10m", "put up £4m"
            words = [*words[:at], before[1], *[word for word in words[at:] if word != before[1]]]
        return self.statement.text(phrases.closed(lower, words, self.bounds, noun=counted, timed=timed))

    def _described(self) -> list[Word]:
        """The noun that a compound describes, with what is said of it: "a seven-year agreement with the board"."""
        words, stop = self._after, 0
        while stop < len(words) and not is_finite(self.tree.words, self.tree.word_at(words[stop].start)):
            stop += 1
        stop -= 0 < stop < len(words) and words[stop - 1].text in PRONOUNS
        verb = self.tree.words[self.at - 1 : self.at] if self.tree.clauses[self.clause].verb == self.at - 1 else []
        return edged(first_words([*verb, *words[:stop]], MOST_WORDS))  # "works 12-hour shifts in the unit"

    def says_again(self) -> bool:
        """Whether the figure only goes back to one before it: "£2m of it", "which is 3%", "it was 19"."""
        tree, clause = self.tree, self.tree.clauses[self.own]
        told = clause.opener == "with" and bool(self._after)  # ", with 12% of patients being treated"
        if clause.opener in _BESIDE and clause.kind in {"aside", "participle"} and not told:
            lead = self.statement.words({self.own}, clause.first, self.at)
            return all(word.text in _SETTING_BESIDE or not word.text.isalpha() for word in lead)
        follows = [word.text for word in tree.words[self.past : self.past + 2]]
        apart = tree.words[self.at - 1].text in {",", ";", "("} if self.at else False
        if self._lists_again():
            return True
        if apart and follows[:1] == ["of"] and (follows[-1] in _ANAPHORS or follows[-1] == "which"):
            return True
        if not 0 <= clause.verb < self.at or tree.words[clause.verb].text not in AUXILIARIES:
            return False
        between = self.statement.words({self.own}, clause.verb, self.at)
        if any(is_lexical(word.text) for word in between):
            return False
        subject, stands = self.statement.own_subject(self.own)
        said = clause.kind == "relative" and clause.opener == "which" and tree.words[clause.first].text == ","
        return said or (stands and bool(subject) and subject[-1].text != "there" and not self._after)

    def _told_after(self) -> list[Word]:
        """What follows an amount with words of its own: "6.8% of the £91bn spent by trusts", "the £4m it makes on"."""
        before = [word.text for word in self.tree.words[max(0, self.at - 3) : self.at]]
        qualified = self.at - len(self._between_qualifiers())
        if (aim := phrases.set_against(self.tree.words, qualified, self.at, self._after)) is not None:
            return aim
        divided = not self.share and before[-2:-1] == ["of"] and before[0] in _SHARED
        relative = not self.based and len(self._after) >= _FEWEST and self._after[0].text in PRONOUNS
        relative = relative and self.tree.words[self.at - 1].text in {"the", "that", "what"}
        return self._after if relative or (divided and length(self._after) > 1) else []

    def is_move(self) -> bool:
        """Whether the figure is the size of a move put beside a level: "£2.1bn, a 30% increase on 2014"."""
        words, past = self.tree.words, self.past
        lead = [word.text for word in words[max(0, self.at - 6) : self.at - len(self._between_qualifiers())]]
        if not _MOVES.isdisjoint(lead[-1:]) and "of" in self._between_qualifiers():
            return lead[-2:-1] in (["a"], ["an"]) and lead[-3:-2] in ([","], ["("], ["-"])
        apart = words[self.at - 1].text in {"a", "an"} and words[self.at - 2].text in {",", "(", "-"}
        return apart and any(word.text in _MOVES for word in words[past : past + 2])

    def _lists_again(self) -> bool:
        """Whether an amount goes on from one of its clause and says no more: "£9.3m for storage, and £4.4m in 2022"."""
        at = self.at - 1
        while at > 0 and self.tree.words[at].text in _LEADING:
            at -= 1
        if at < 1 or self.tree.words[at].text not in {"and", "or"} or self._after:
            return False
        before = [place for place in self.amounts if place < at]
        gap = [place for place in range(before[-1], at) if self.tree.of[place] == self.own] if before else []
        return len(gap) > 2 and not any(is_finite(self.tree.words, place) for place in gap)

    def beside(self, noun: list[Word], measure: str) -> str:
        """A noun of its own before the measure of the figure before: "district councils spending on housing"."""
        return " ".join([self._said(noun) or "", *measure.split()[: MOST_WORDS - length(noun)]]).strip()

    def again(self, measure: str) -> str:
        """The measure of the figure before with what this one adds: "spent on private treatment, in Wales"."""
        words = [word for word in self._after if word.text not in _ANAPHORS]
        words = words[1:] if words and words[0].text == "of" else words
        words = edged(words) if words and words[0].text not in PREPOSITIONS else words
        room = MOST_WORDS - length(words)
        if not words or room < _FEWEST:
            return measure
        kept = measure.split()[:room]
        while kept and kept[-1].lower() in _LOOSE_ENDS:
            kept.pop()
        return f"{' '.join(kept)} {self._said(words)}"

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
            lead = [word for word in words if word.text not in _RECKONED]
            return [*lead, *self._after] if lead else None
        if clause.kind in {"participle", "aside"} and clause.opener in _CARRYING_ON and len(words) > 1:
            return without_qualifying(words[1:])
        closed = self.tree.clauses[clause.parent] if clause.parent >= 0 else clause
        apart = clause.kind == "aside" and self.tree.words[clause.first].text == "," and closed.verb > self.at
        if not apart or [word.text for word in words] not in ([], ["at"]) or (self.share and not words):
            return None
        lead = after_fronted(self.statement.words(self.statement.nearby(clause.parent), closed.first, clause.first))
        return lead or None

    def _behind_comma(self, own: list[Word]) -> list[Word] | None:
        """What a last phrase puts an amount to: ", with 41 posts unfilled", ", on an initial outlay of £12.7bn"."""
        comma = max((at for at, word in enumerate(own) if word.text == ","), default=-1)
        lead = own[comma + 1 :] if comma >= 0 else []
        if [word.text for word in without_qualifying(lead)] == ["with"]:
            told = not self.share or any(word.text.endswith(("ing", "ed")) for word in self._after[:3])
            return (self._after or None) if told else None
        if lead and lead[0].text == "with" and len(lead) > 2:
            return without_qualifying(lead[1:]) + self._after
        if len(lead) > 2 and lead[0].text in {"a", "an"} and lead[-1].text == "with" and self.one.noun is not None:
            return [*lead, *self._after]  # ", a company with 46 practices"
        named = _FEWEST < len(lead) <= _SUBJECT_WORDS and lead[-1].text == "of"
        named = named and (lead[0].text in _APART or (lead[0].text == "at" and lead[-2].text in _AT_COST))
        return lead[1:-1] if named and not any(word.text in AUXILIARIES for word in lead) else None

    def _listed(self, clause: Clause) -> list[Word]:
        """What stands before a bracket that is one of several: "eye care (24%) and orthopaedics (29%) have"."""
        if clause.opener != "(":
            return []
        brackets = [one for one in self.tree.clauses if one.opener == "(" and one.parent == clause.parent]
        if self.tree.word_at(self.one.start) - clause.first > 1:
            return []
        if len(brackets) < 2:
            return self._before_bracket(clause)
        words = self.statement.words({clause.parent}, self.tree.clauses[clause.parent].first, clause.first)
        ends = [at for at, word in enumerate(words) if word.text in {",", ")", ";", ":"}]
        lead = words[ends[-1] + 1 if ends else 0 :]
        verb = self.tree.clauses[clause.parent].verb
        if verb >= 0 and lead and lead[-1].start > self.tree.words[verb].start:
            subject = self.statement.subject(clause.parent)
            behind = [word for word in lead if word.start > self.tree.words[verb].start]
            return [*first_words(subject, _SUBJECT_WORDS), *edged(behind)]
        return edged(lead)

    def _before_bracket(self, clause: Clause) -> list[Word]:
        """The noun whose amount a bracket gives: "paid at the top of their band (£33,290)"."""
        words, first = self.tree.words, clause.first
        if self.one.kind not in {"money", "count"} or first == 0 or words[first - 1].text in _NOT_OWN:
            return []
        return phrases.noun_before(words, first)

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

    @cached_property
    def _after(self) -> list[Word]:
        tree = self.tree
        numbers = self.statement.nearby(self.own)
        for at, clause in enumerate(tree.clauses):
            if clause.kind == "participle" and clause.parent == self.own and tree.words[clause.first].text != ",":
                numbers = numbers | {at}
            # "tests and operations carried out for them" only looks like a clause of its own
            listed = clause.kind == "joined" and clause.parent == self.own and 0 <= clause.verb < len(tree.words) - 1
            listed = listed and tree.words[clause.verb].text not in AUXILIARIES
            if listed and tree.words[clause.verb + 1].text in _CARRIED:
                numbers = numbers | {at}
        later = (at for at in self.amounts if at >= max(self.past, self.at + 1) and tree.of[at] in numbers)
        until = next(later, len(tree.words))
        words = self.statement.words(numbers, self.past, until)
        while self.share and words and not words[0].text[0].isalnum():
            words = words[1:]
        return until_stop(phrases.without_whole(words), MOST_WORDS + 2)

    def _as_subject(self, verb: int) -> str | None:
        """The measure of a figure that is or opens the subject: what is said of it."""
        after = self._after
        told = [
            at
            for at, clause in enumerate(self.tree.clauses)
            if clause.kind == "reported" and clause.first > self.at and (verb < 0 or clause.parent == self.clause)
        ]
        if verb >= 0 and after and not self.one.compound and self._only_names(after, verb):
            after = [*after, *until_stop(self.statement.words({self.clause}, verb, len(self.tree.words)), MOST_WORDS)]
        if verb >= 0 and not edged(after):
            after = until_stop(self.statement.words({self.clause}, verb, len(self.tree.words)), MOST_WORDS)
        if told and (self.share or all(word.text in SAYING for word in edged(after))):
            after = until_stop(self.statement.words(set(told[:1]), self.at, len(self.tree.words)), MOST_WORDS) or after
        first = self.tree.clauses[self.clause].first
        lead = self.statement.words(self.statement.nearby(self.clause), first, self.at)
        lead = self._unqualified([] if phrases.is_part_before(self.tree.words, self.at, self.others) else lead)
        behind = after_fronted(lead) if lead and lead[0].text in _LED_IN and not self.share else []
        if behind and is_determiner(behind[0].text) and behind[0] not in lead[:2]:
            lead = lead[lead.index(behind[0]) :]  # "in one town a company run by six doctors"
        short = 0 < len(lead) <= _SUBJECT_WORDS and all(word.text != "," for word in lead)
        fronted = bool(lead) and bool(after) and lead[0].text in _LED_IN and self.one.kind in {"count", "rate"}
        fronted = fronted and lead[-1].text not in _LED_IN and not is_determiner(lead[-1].text)
        fronted = fronted or (short and self.share and bool(after) and lead[0].text in _LED_IN - {"of"})
        goes_on = self.one.noun is not None or [word.text for word in after[:1]] == ["of"]  # "relies on £4m of savings"
        lead = [] if fronted or (lead and lead[-1].text == ",") else lead if goes_on and not self.share else edged(lead)
        if self.share and after and not lead:
            return self._said(edged(first_words(after, MOST_WORDS)))
        words = edged([*lead[-_SUBJECT_WORDS:], *after])
        return self._said(edged(first_words(words, MOST_WORDS))) or self.before.subject

    def _only_names(self, after: list[Word], verb: int) -> bool:
        """Whether what was put in parts a subject from its verb: "six doctors, two of them locums, looked after"."""
        last = self.tree.word_at(after[-1].start)
        apart = [at for at in range(last + 1, verb) if self.tree.of[at] == self.own and self.tree.words[at].text != ","]
        return last + 1 < verb and not apart

    def _as_object(self, subject: list[Word], predicate: list[Word]) -> str | None:
        after = self._after
        if self.clause != self.own and self.tree.clauses[self.own].kind == "participle":
            clause = self.tree.clauses[self.own]
            predicate = without_qualifying(edged(self.statement.words({self.own}, clause.first, self.at)))
        lexical = next((word.text for word in predicate if is_lexical(word.text)), "")
        active = not any(word.text in _BEING for word in predicate[:2])  # "is expected to pass" says nothing
        if thing := self._thing(predicate, lexical):
            return self._phrase([], thing, after if after and after[0].text in _GOING_ON else [])
        if active and lexical in _ONLY_SAYING and self.share and predicate[-1].text == lexical and len(after) > 1:
            return self._said(edged(first_words(after, MOST_WORDS)))
        if active and lexical in _ONLY_SAYING and self.one.kind != "duration" and predicate[-1].text != lexical:
            return self._phrase([], edged(predicate[1:]), after)
        if len(after) > 1 and after[0].text in {"to", "from"} and not without_qualifying(edged(after[1:])):
            after = []  # "from £105m in 2005 to an estimated £498m"
        if (aim := self._aim(predicate, lexical)) is not None:
            return self._phrase([], aim, after)
        if not lexical and self.one.noun is not None and any(word.text in _HAVING for word in predicate[-1:]):
            counted = [word for word in after if word.start < self.one.end]
            return self._phrase(subject, predicate, after if self._is_complement(after) else counted)
        if "of" in self._between_qualifiers() and (named := self._behind_others(predicate)):
            predicate = named  # "fell from 21 weeks to eleven in our panel of 35 health systems"
        elif not lexical or self._amounts(predicate, lexical) or (not active and lexical in _PUTTING):
            after = after if self._is_complement(after) else []
            predicate = self._beyond(predicate) or (predicate if len(subject) < 1 and lexical else [])
        elif self.clause != self.own:
            after = after if after and after[0].text in _GOING_ON else []
        return self._phrase(subject, predicate, after)

    def _behind_others(self, predicate: list[Word]) -> list[Word]:
        """What stands between another figure and this one, if it names something."""
        starts = {self.tree.words[place].start for place in self.others}
        last = max((at for at, word in enumerate(predicate) if word.start in starts), default=-1)
        behind = predicate[last + 1 :] if last >= 0 else []
        led = next((at for at, word in enumerate(behind) if word.text in PREPOSITIONS and word.text != "of"), -1)
        named = led >= 0 and len(behind) - led > 1 and _MOVES.isdisjoint(word.text for word in behind[led:])
        return behind[led:] if named else []

    def _beyond(self, predicate: list[Word]) -> list[Word]:
        """What an amount goes past, behind a verb of being: "is set to be over its target by"."""
        at = next((at for at, word in enumerate(predicate) if word.text in _BEYOND), len(predicate))
        named = at + 2 < len(predicate) and is_determiner(predicate[at + 1].text)
        return predicate[at:] if named and self.tree.words[self.at - 1].text == "by" else []

    def _aim(self, predicate: list[Word], lexical: str) -> list[Word] | None:
        """What is to be done with the amount, behind a verb of amounting: "will go in a plan to save £470m"."""
        at = last_infinitive(predicate)
        right_before = at and at == len(predicate) - 1 and predicate[at].text not in _AMOUNTING
        return predicate[max(0, at - 2) :] if right_before and lexical in _AMOUNTING and at > 2 else None

    def _amounts(self, predicate: list[Word], lexical: str) -> bool:
        """Whether a verb only leads to the amount: "stood at", "has passed", but not "stood empty for"."""
        if lexical in _PASSING and predicate[-1].text == lexical and self.tree.words[self.at - 1].text != "by":
            return True
        place = next((at for at, word in enumerate(predicate) if word.text == lexical), 0)
        after = predicate[place + 1].text if place + 1 < len(predicate) else ""
        told = after.isalpha() and after not in PREPOSITIONS and is_lexical(after) and after not in _AMOUNTING
        back = lexical.startswith("c") and after in {"back", "home", "in", "out", "from"}  # "came back after 41 days"
        return lexical in _AMOUNTING and not back and not (told and lexical in _STAYING)

    def gapped(self) -> list[Word]:
        """The noun of a figure that shares the verb of one before: "and district councils by 16 per cent"."""
        words, lead = self.tree.words, self._between_qualifiers()
        if _LINKS.isdisjoint(lead):
            return []
        first = last = self.at - len(lead)
        while first > 0 and words[first - 1].text[0].isalpha() and words[first - 1].text not in _GAPS:
            first -= 1
        before = [place for place in self.amounts if place < first]
        opened = words[max(first - 1, 0)].text in {"and", "but", ","} and before and last - first <= _SUBJECT_WORDS
        if not opened or first == last or words[first].text in PREPOSITIONS or words[first].text in _NO_NOUN:
            return []
        return [] if any(is_finite(words, at) for at in range(before[-1], last)) else words[first:last]

    def _fitted(self, subject: list[Word], predicate: list[Word], after: list[Word]) -> list[Word]:
        """As much of a long phrase as there is room for: who or what, what it does, and what the figure is of."""
        subject = edged(first_words(subject, _SUBJECT_WORDS))
        head = next((at for at, word in enumerate(subject) if word.text in PREPOSITIONS), 0)
        if head and not predicate and length(subject) + length(after) > MOST_WORDS:
            subject = subject[:head]
        room = MOST_WORDS - length(subject)
        adjunct = not after or (after[0].text in PREPOSITIONS and self._before_list() == self.at)
        kept_after = 2 * _FEWEST if self._before_list() != self.at else _FEWEST
        kept = max(room - (0 if adjunct or self.one.kind == "multiple" else min(length(after), kept_after)), 0)
        named = "of" in self._between_qualifiers()  # "bought 40 beds from hospitals over the border at a cost of"
        whole, predicate = predicate, predicate[-kept:] if named and kept else first_words(predicate, kept)
        predicate = predicate if whole[-1:] == predicate[-1:] else phrases.without_last(predicate, _LED_IN)
        return edged([*subject, *predicate, *first_words(after, room - length(predicate))])

    def _between_qualifiers(self) -> list[str]:
        """The words right before the figure that only say how exact it is, or lead to it."""
        at = self.at
        while at > 0 and self.tree.words[at - 1].text in _QUALIFYING:
            at -= 1
        return [word.text for word in self.tree.words[at : self.at]]

    def _nearest(self, predicate: list[Word]) -> list[Word]:
        """A predicate from behind the last of other amounts in it: "is treating 210 people a day in a unit for"."""
        starts = {self.tree.words[place].start for place in self.amounts}
        last = max((at for at, word in enumerate(predicate) if word.start in starts), default=-1)
        joints = [at for at, word in enumerate(predicate) if word.text in {"and", "but"} and at > last]
        last = joints[-1] if joints and last >= 0 else last
        behind = predicate[last + 1 :]
        return behind if last < 0 else [one for one in behind if one.text[0].isalpha() and one.text not in SCALES]

    def _is_complement(self, after: list[Word]) -> bool:
        """Whether what follows an amount goes on saying what it is: "8% of posts filled", "12 theatres standing"."""
        first = next((word.text for word in after if word.start >= self.one.end), "")
        if self._heads_noun(after):
            return True
        describes = first.endswith(("ing", "ed")) or first in {"that", "who", "which", "more", "fewer", "less"}
        return self.one.kind == "multiple" or first in _GOING_ON or describes

    def _heads_noun(self, after: list[Word]) -> bool:
        """Whether an amount only describes the noun behind it: "a £10m deficit", "its £4bn bill"."""
        before = self.tree.words[self.at - 1].text if self.at else ""
        opens = after[0].text if after and after[0].start >= self.one.end else ""
        plain = opens.isalpha() and not opens.endswith("ed") and opens not in _NO_HEADS
        return self.one.kind in {"money", "percent"} and before in GRAMMAR.bases.determiners and plain

    def _thing(self, predicate: list[Word], lexical: str) -> list[Word]:
        """What is moved or put at a value by somebody: "cut the median wait", "put the bill at"."""
        texts = [word.text for word in predicate]
        put = any(word.text == "at" for word in self.tree.words[self.tree.clauses[self.own].verb : self.at])
        if lexical in _PUTTING and predicate[0].text in _BEING:
            return []  # "the bill was put at"
        if lexical in _PUTTING and (put or texts[-1:] == ["of"]) and self.clause == self.own:
            return edged(predicate[1:])
        if lexical in _BRINGING and any(word.text in {"up", "down"} for word in self.tree.words[self.at - 2 : self.at]):
            return edged(predicate[1:])
        return phrases.moved_thing(predicate, {self.tree.words[place].start for place in self.amounts})

    def _phrase(self, subject: list[Word], predicate: list[Word], after: list[Word]) -> str | None:
        relative = len(subject) == 2 and subject[-1].text in {"that", "which", "who"}
        stands = (
            bool(subject)
            and len(subject) <= 2
            and not relative
            and not {subject[0].text, subject[-1].text}.isdisjoint(_ANAPHORS)
        )
        rest = edged([*predicate, *after])
        if stands or (not subject and not rest):
            told = None if subject and subject[-1].text == "there" else self.before.complement or self.before.subject
            verb = self.tree.words[self.tree.clauses[self.clause].verb].text
            if subject and subject[-1].text == "this" and (verb in AUXILIARIES or verb in _STANDING_FOR):
                done = [word.text for word in after[:1]] == ["being"]  # "this is 29% of beds being run by"
                told = None if done else self.before.last or told
                rest = edged(after) if verb in _STANDING_FOR and len(predicate) < 2 else rest
            if told is None and not rest and len(subject) > 1:
                return self._said(subject)  # "this proportion had jumped to"
            if told is None and len(subject) > 1:
                return self._said(edged(first_words([*subject[1:], *rest], MOST_WORDS)))
            if told is not None:
                rest = edged(first_words(rest, MOST_WORDS))
                room = MOST_WORDS - length(rest)
                told = " ".join(told.split()[: max(room, 0)])
                return f"{told} {self._said(rest) or ''}".strip() or None
            return self._said(edged(first_words(rest, MOST_WORDS)))
        words = edged([*subject, *predicate, *after])
        while length(words) > MOST_WORDS and not subject and predicate and predicate[0].text in _HELPING:
            predicate = predicate[1:]
            words = rest = edged([*predicate, *after])
        if length(words) > MOST_WORDS and (last := last_infinitive(predicate)):
            last -= not subject or subject[-1].text == "that"  # "the partnership that was to run all care"
            predicate = predicate[last:]
            rest = edged([*predicate, *after])
            words = edged([*subject, *rest])
        if length(words) > MOST_WORDS and len(subject) > _SUBJECT_WORDS and not predicate:
            words = edged(subject[:MOST_WORDS])
        if length(words) > MOST_WORDS and rest:
            words = self._fitted(subject, self._nearest(predicate), after)
        return self._said(edged(first_words(words, MOST_WORDS)))
