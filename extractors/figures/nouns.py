"""Nouns and verbs by form and neighbours: the head noun of what a number counts, and which word carries a clause."""

import re
from collections.abc import Callable, Set
from functools import lru_cache, partial
from typing import NamedTuple

from extractors.figures.lexicons import ATTRIBUTION, CHANGES, GRAMMAR, MEASURES, NUMBERS, PERIODS, UNITS, alternation

IRREGULAR = UNITS.irregular
NOT_PLURAL = UNITS.not_plural.words
PLURAL_MODIFIERS = UNITS.plural_modifiers.words
FUNCTION = GRAMMAR.function.words
NOUNS_DESPITE_VERB = GRAMMAR.nouns_despite_verb.words
VERBS = GRAMMAR.verbs.words - NOUNS_DESPITE_VERB
STOPS = FUNCTION | VERBS
_REACH = 7  # words; a longer noun phrase has no head that a reader would take for what is counted
WORD = re.compile(r"( *,? *|[ ]*-|['\"]|[ ]*[\"'(])([a-z][a-z0-9]*(?:[-'&.][a-z][a-z0-9]*)*'?)")
_OF = re.compile(
    r" +of +(?:(?:all|both|only|just|about|some) +)?(?:of +)?"
    r"(?P<determiner>the|these|those|our|its|their|my|your|his|her|all|whose)(?![a-z])(?: +(?:own"
    r"|other)(?![a-z]))?"
)
_OF_PRONOUN = re.compile(
    r" +of +(?:them|us|these|those|which|whom|you)(?![a-z])"
    r"(?! +(?:[a-z]+s|people|staff|women|men|children)(?![a-z]))"
)
_SIBILANT = ("ches", "shes", "xes", "sses", "zzes")


# Adjectives that are verbs as well: "412 closed disputes", but "412 closed in June".
_STATES = GRAMMAR.nouns.states
_STOPPED = re.compile(
    r"(?: (?:in|at|by|on|for|to|the|a|an|and|or|their|its|after|last|this|since|during|with)(?![a-z])| ?[.,;:)]|$)"
)
_COMPARED = GRAMMAR.nouns.compared


class Noun(NamedTuple):
    """A head noun: where it stands, and its singular."""

    start: int
    end: int
    lemma: str


def is_plural(word: str) -> bool:
    """Whether a word in small letters has the form of a plural noun."""
    if word in IRREGULAR:
        return True
    if len(word) < 3 or not word.endswith("s") or word in NOT_PLURAL:
        return False
    return not word.endswith(("ss", "us", "'s", "is", "ous"))


def singular(word: str) -> str:
    """The singular of a plural noun in small letters."""
    _, hyphen, tail = word.rpartition("-")
    if word in IRREGULAR or (hyphen and tail in IRREGULAR):
        return IRREGULAR.get(word) or IRREGULAR[tail]
    for plural in ("women", "smen", "children", "people"):
        if word.endswith(plural):
            ending = plural.removeprefix("s")
            return word.removesuffix(ending) + IRREGULAR[ending]
    if not word.endswith("s") or word.endswith("ss") or word in NOT_PLURAL:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_SIBILANT) else word[:-1]


def plural(noun: str) -> str:
    """What several of a unit are called: "feet", "people", "staff", "kilowatt-hours"."""
    measure = UNITS.measures.get(noun)
    if measure is not None:
        return measure.plural or f"{noun}s"
    before, gap, head = noun.rpartition(" ")
    return before + gap + (_PLURALS.get(head) or _regular(head))


def _regular(noun: str) -> str:
    if not noun or noun.endswith("s"):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s")


# Of several plurals that are read as one noun the first listed; short forms of measures are none of them.
_PLURALS = {one: many for many, one in reversed(IRREGULAR.items()) if many not in UNITS.written() and one.islower()}


def head_noun(lower: str, at: int, end: int, *, one: bool = False, capitals: str | None = None) -> Noun | None:
    """The head of the noun phrase that starts at `at`, or None where none is in reach before `end`.

    With `one`, a singular head counts too ("1 patient"). `capitals` is the text with its capitals: a singular noun
    that is a proper name does not end the phrase.
    """
    best: Noun | None = None
    last: Noun | None = None
    for _ in range(_REACH):
        match = WORD.match(lower, at, end)
        if match is None:
            break
        gap, word = match[1], match[2]
        if "," in gap and (best is not None or last is None):
            break
        joins = word in {"and", "or"} and best is None and last is not None and not one and not gap.strip()
        joined = joins and _plural_soon(lower, match.end(), end)  # "64 community, mental health and care contracts"
        if joined or _is_passed_over(lower, word, match.end(), opens=last is None and best is None):
            at = match.end()
            continue
        if word in STOPS or word.endswith("n't") or (best is not None and gap.strip()):
            break
        noun = Noun(match.start(2), match.end(2), word)
        if is_plural(word.removesuffix("'")) and (not word.endswith("'") or _quoted(lower, at)):
            best = noun
            if word not in PLURAL_MODIFIERS and not _plural_next(lower, match.end(), end):
                break
        elif best is not None:
            if not _plural_next(lower, match.end(), end):
                break
        elif "," not in gap:
            last = noun
        at = match.end()
    chosen = best or (last if one else None)
    if chosen is None:
        return None
    return _named(chosen, capitals)


def _plural_soon(lower: str, at: int, end: int) -> bool:
    """Whether a plural noun follows within three words with nothing but words in between."""
    for _ in range(3):
        match = WORD.match(lower, at, end)
        if match is None or match[1].strip() or match[2] in STOPS:
            return False
        if is_plural(match[2]):
            return True
        at = match.end()
    return False


def _is_passed_over(lower: str, word: str, end: int, *, opens: bool) -> bool:
    """Whether a word before the noun is none: "300 more beds", "412 closed disputes"."""
    if word in _COMPARED:
        return opens and not lower.startswith(" than", end)
    return word in _STATES and not _STOPPED.match(lower, end)


def _quoted(lower: str, at: int) -> bool:
    """Whether the phrase stands in single quotes, so that an apostrophe after it closes them."""
    return "'" in re.sub(r"[a-z]'[a-z]?", "", lower[max(0, at - 24) : at])


def _plural_next(lower: str, at: int, end: int) -> bool:
    match = WORD.match(lower, at, end)
    return (
        match is not None
        and not match[1].strip()
        and match[2] not in STOPS
        and is_plural(match[2])
        and match[2] not in {"years", "days", "times"}
    )


def _named(noun: Noun, capitals: str | None) -> Noun:
    word = capitals[noun.start : noun.end] if capitals else noun.lemma
    if len(word) > 2 and word[:-1].isupper() and word.endswith("s"):
        return noun._replace(lemma=word[:-1])
    return noun._replace(lemma=singular(noun.lemma))


def after_of(lower: str, at: int) -> int | None:
    """Where the noun phrase starts in "of the boards", "of my own partners"; None where there is no such phrase."""
    if not lower.startswith(" of ", at):
        return None
    if _OF_PRONOUN.match(lower, at):
        return None
    match = _OF.match(lower, at)
    return match.end() if match else None


# Verbs.

AUXILIARIES = GRAMMAR.clauses.auxiliaries
SAYING = ATTRIBUTION.verbs.words
MOVING = CHANGES.verbs.increase | CHANGES.verbs.decrease
NOUNS_TOO = GRAMMAR.clauses.nouns_too | CHANGES.nouns.increase | CHANGES.nouns.decrease
_FINITE = AUXILIARIES | GRAMMAR.clauses.finite | VERBS | SAYING | MOVING
_BEFORE_NOUNS = GRAMMAR.clauses.before_nouns
PREPOSITIONS = GRAMMAR.bases.prepositions
DETERMINERS = GRAMMAR.bases.determiners
_DEMONSTRATIVES = frozenset(("this", "that", "these", "those"))
ADVERBS = frozenset(("now", "also", "still", "already", "never", "always", "often", "then"))
_BEFORE_VERBS = frozenset(("it", "he", "she", "who")) | ADVERBS
NO_ADVERBS = frozenset(
    ("yearly", "monthly", "weekly", "daily", "hourly", "quarterly", "early", "family", "likely", "elderly")
)
_BEFORE_MAY = PREPOSITIONS | GRAMMAR.clauses.before_may
SCALES = frozenset(("m", "bn", "k", "million", "billion", "trillion"))  # the end of an amount
_SAME_IN_PAST = frozenset(("cost", "cut", "hit", "put", "set", "shut", "spread"))
OBJECT = frozenset(("the", "a", "an", "its", "their", "our", "to", "at", "on", "for", "in", "up", "down", "by", "more"))
PRONOUNS = frozenset(("i", "you", "he", "she", "it", "we", "they", "this", "that", "these", "those", "who", "which"))

_COUNTS = NUMBERS.units.keys() | NUMBERS.tens.keys() | {"a", "half", "two-thirds", "three-quarters"} - {"one"}
AMOUNT = re.compile(rf"[£$€0-9]|(?:about|some|around|nearly|almost|over|roughly|{alternation(_COUNTS)})$")


class Word(NamedTuple):
    """A word, number or mark in small letters with its offsets in the paragraph."""

    start: int
    end: int
    text: str


_ANY_WORD = re.compile(r"[a-z]+(?:['&.-][a-z0-9]+)*'?|[0-9][0-9,./]*(?<![,.])|[^ a-z0-9]")
_AS_WORD: Callable[[tuple[int, int, str]], Word] = partial(tuple.__new__, Word)  # as Word._make, but not in Python


def words_of(lower: str, start: int, end: int) -> list[Word]:
    """The words, numbers and marks between two offsets of a text in small letters."""
    found = list(_ANY_WORD.finditer(lower, start, end))
    starts, ends, texts = map(re.Match.start, found), map(re.Match.end, found), map(re.Match.group, found)
    return list(map(_AS_WORD, zip(starts, ends, texts, strict=True)))


@lru_cache(maxsize=1 << 15)
def may_carry(word: str) -> bool:
    """Whether a word can carry a clause at all, whatever stands beside it."""
    return word in _FINITE or word.endswith("s") or (word.endswith("ed") and len(word) > 4 and "-" not in word)


def is_finite(words: list[Word], place: int) -> bool:
    """Whether a word carries a clause: an auxiliary, a verb, or what may be one after what can be its subject."""
    word = words[place].text
    if word in AUXILIARIES:
        return not (word == "may" and place and words[place - 1].text in _BEFORE_MAY)  # the month
    if not may_carry(word) or (place == 0 and word.endswith("s")):  # "Waits of a year"
        return False
    before = words[place - 1].text if place else ""
    if before == ")":  # "the accounts (2022-23) show"
        opened = next((at for at in range(place - 2, 0, -1) if words[at].text == "("), place)
        before = words[opened - 1].text
    if before in _DEMONSTRATIVES:
        return _after_demonstrative(words, before, place)
    past = word not in _FINITE and word not in NOUNS_TOO
    noun = (before in _BEFORE_NOUNS and (before != "nhs" or word in NOUNS_TOO)) or before.endswith(("'s", "s'"))
    if noun or (past and word.endswith("s") and before not in _BEFORE_VERBS):
        return False
    if word in NOUNS_TOO:
        led = before == "which" and place > 1 and words[place - 2].text in PREPOSITIONS  # "on which work began"
        told = word in _FINITE and not led and _has_subject(before, word, place)
        return told or _has_object(words, before, place)
    # "listed 40 trusts" at the start of a phrase is no clause, and neither is "£480m agreed in 2019".
    after = words[min(place + 1, len(words) - 1)].text
    described = before in SCALES and word.endswith("ed") and after in PREPOSITIONS
    described = described or (word == "dated" and after[0].isdigit())  # "a paper dated 14 January puts"
    return not described and not (past and before in {"", ","} and after[0].isdigit())


def _after_demonstrative(words: list[Word], before: str, place: int) -> bool:
    """Whether a word after "this" or "that" is a verb: "buildings that cost £5m", "this means"."""
    word, after = words[place].text, words[min(place + 1, len(words) - 1)].text
    if before == "this" and word not in NOUNS_TOO and is_plural(word):
        return True  # "this contrasts with"
    object_follows = before == "that" and place > 1 and (after in OBJECT or bool(AMOUNT.match(after)))
    return word in _FINITE and (word not in NOUNS_TOO or object_follows)


def _has_subject(before: str, word: str, place: int) -> bool:
    """Whether a form that is a noun as often stands after its subject: "they cut", "trusts report"."""
    if before in GRAMMAR.clauses.joining:
        return False
    if before in PRONOUNS or before in AUXILIARIES:
        return True
    if before.endswith("ly") and before not in NO_ADVERBS:
        return place > 1
    return before.isalpha() and is_plural(before) != word.endswith("s")


def _has_object(words: list[Word], before: str, place: int) -> bool:
    """Whether such a form is a verb by what follows it: "the inquiry cost £13m", "figures under that law show 43"."""
    word, after = words[place].text, words[min(place + 1, len(words) - 1)].text
    if word == "show":  # "the returns for 2022-23 show a"
        said = after in {"that", "how", "an"} or AMOUNT.match(after)
        return place > 1 and before[0].isalnum() and bool(said)
    if word == "stands" and after == "at":
        return place > 1  # "the rise across the four sites stands at"
    if after in {"a", "an"} and word in _FINITE and before.isalpha() and place > 1 and not word.endswith("s"):
        return True  # "hospitals in the east need a": hardly a noun with a clause of its own
    if word.endswith("s") and place > 1:  # "the hospital costs between £270 and £300"
        return before.isalpha() and not is_plural(before) and (after == "between" or bool(AMOUNT.match(after)))
    if word in MOVING and not word.endswith("s"):
        return place > 1 and before.isalpha() and after[0] in "£$€0123456789"
    return word in _SAME_IN_PAST and place > 1 and before.isalpha() and bool(AMOUNT.match(after))


# What follows in a sentence.

SUBORDINATORS = GRAMMAR.clauses.subordinators
JOINING = GRAMMAR.clauses.joining
BEFORE_THAT = GRAMMAR.clauses.before_that | SAYING
TIMES_OPEN = frozenset(PERIODS.months) | PERIODS.openings.words - {"the", "in", "for", "a"}
NOMINATIVES = frozenset(("i", "he", "she", "it", "we", "they"))
SURE = GRAMMAR.clauses.sure | AUXILIARIES
_STOPPING_CLAUSE = SUBORDINATORS - GRAMMAR.clauses.also_prepositions  # no verb behind one is of the clause before it
RELATIVES = GRAMMAR.clauses.relatives
_BESIDE_NOUN = RELATIVES - {"where"}
_NOT_PARTICIPLES = GRAMMAR.clauses.not_participles
_PARTICIPLES = GRAMMAR.clauses.participles
_PUT_IN = frozenset(("including", "excluding"))
_SETTING_AGAINST = frozenset(("than", "as", "what", "that", *RELATIVES))
_BEFORE_AS = GRAMMAR.clauses.before_as
_AFTER_AS = GRAMMAR.clauses.after_as
NO_NOUN = STOPS | TIMES_OPEN | JOINING | SUBORDINATORS
_SECOND_VERB = frozenset(("and", "or", "but", "to", "not"))
ENDS = frozenset(",;:()[]-")
CLAUSE_REACH = 14  # words within which a verb makes what follows "and" or a comma a clause
_PUT_IN_REACH = 7  # words of a name put in behind a noun: ", Paul Oduya,"
_LONG_REACH = 24  # of a relative clause put in there


class Ahead:
    """What stands ahead of a place in the words of a sentence."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words

    def text(self, place: int) -> str:
        """The word at a place; empty outside the sentence."""
        return self.words[place].text if 0 <= place < len(self.words) else ""

    def verb_follows(self, place: int) -> bool:
        """Whether a verb follows before the phrase ends."""
        return self.verb_ahead(place) >= 0

    def verb_ahead(self, place: int) -> int:
        """The verb that follows before the phrase ends, not that of a relative clause or of what is put in; or -1."""
        words = self.words
        at, last, inside = place - 1, min(place + CLAUSE_REACH, len(words)), 0
        while (at := at + 1) < last:
            word = words[at].text
            if (word == "(" and at > place) or (word == "," and self._is_put_in(at, place)):
                at = self._behind_put_in(at, ")" if word == "(" else ",")
                if word == "," and self.verb_behind_comma(at + 1):
                    return at + 1
                last = min(at + CLAUSE_REACH, len(words))
            elif word in _BESIDE_NOUN and at > place:
                inside, last = inside + 1, min(at + CLAUSE_REACH, len(words))
            elif word in ENDS or ((word in RELATIVES or word in _STOPPING_CLAUSE) and at > place):
                return -1
            if (word == "time" and self.by_the(at)) or (word == "as" and self.text(at - 1) in {"just", "even"}):
                return -1
            if may_carry(word) and is_finite(words, at):
                if not inside:
                    return at
                inside -= not self._goes_on_verb(at)
        return -1

    def _goes_on_verb(self, at: int) -> bool:
        """Whether a verb only goes on the one before it: "do see", "opened and closed"."""
        before = self.text(at - 1)
        return before in AUXILIARIES or before in _SECOND_VERB or before.endswith("ly")

    def _is_put_in(self, comma: int, place: int) -> bool:
        """Whether a comma opens what is put in beside a noun: ", including 70% of nurses,", ", Paul Oduya, puts"."""
        after = self.text(comma + 1)
        if after in _PUT_IN:
            return True
        if comma == place or after in _SECOND_VERB:
            return False
        if after in RELATIVES:
            return True
        for at in range(comma + 1, min(comma + _PUT_IN_REACH, len(self.words))):
            if self.words[at].text == ",":
                return at > comma + 1 and self.verb_behind_comma(at + 1)
            if self.words[at].text in ENDS or is_finite(self.words, at):
                return False
        return False

    def _behind_put_in(self, place: int, mark: str) -> int:
        """The mark that closes what is put in; the end of the sentence where none does."""
        last = min(place + _LONG_REACH, len(self.words))
        return next((at for at in range(place + 2, last) if self.words[at].text == mark), len(self.words))

    def describes(self, place: int) -> bool:
        """Whether "that" with an auxiliary goes back to a noun: "the discount that had been offered"."""
        before, led = self.text(place - 1), self.text(place - 2)
        noun = before.isalpha() and before not in NO_NOUN and not is_finite(self.words, place - 1)
        return noun and (led in DETERMINERS or (led.isalpha() and self.text(place - 3) in DETERMINERS))

    def time_follows(self, place: int) -> bool:
        """Whether a time opens at a place."""
        word = self.text(place)
        if word in {"the", "about", "around", "at", "early", "late", "mid"}:
            word = self.text(place + 1)
        if word == "this":  # "since this article was written"
            return self.text(place + 1) in TIMES_OPEN or self.text(place + 1) in {"month", "week", "time", "decade"}
        return word[:1].isdigit() or word in TIMES_OPEN

    def is_participle(self, place: int) -> bool:
        """Whether a word opens a participle: "owning", "bought by"."""
        word, after = self.text(place), self.text(place + 1)
        if word.endswith("ing") and len(word) > 4:
            return word not in _NOT_PARTICIPLES
        if word in _PARTICIPLES or (word.endswith("ed") and len(word) > 4):
            return after in PREPOSITIONS or (
                after in {"out", "off", "up", "over"} and self.text(place + 2) in PREPOSITIONS
            )
        return False

    def verb_behind_comma(self, place: int) -> bool:
        """Whether the word behind a comma can only be a verb, by itself or by what follows it."""
        word, after = self.text(place), self.text(place + 1)
        if word in ADVERBS and may_carry(after):
            return after in NOUNS_TOO or is_finite(self.words, place + 1)
        if word in NOUNS_TOO:
            return after in OBJECT or bool(AMOUNT.match(after))
        return may_carry(word) and is_finite(self.words, place)

    def by_the(self, place: int) -> bool:
        """Whether "by the" stands before a place."""
        return self.text(place - 1) == "the" and self.text(place - 2) == "by"

    def absolute(self, place: int) -> bool:
        """Whether what stands behind "with" has a participle: "with waits rising"."""
        return any(self.text(at).endswith("ing") or self.is_participle(at) for at in range(place + 2, place + 7))

    def subject_follows(self, place: int) -> bool:
        """Whether a pronoun that can only be a subject follows at once."""
        return any(self.text(at) in NOMINATIVES for at in range(place, place + 4))

    def relative_phrase(self, place: int) -> bool:
        """Whether "of which" or "some of whom" follows."""
        return any(self.text(at) in {"which", "whom"} for at in range(place + 1, place + 4))

    def verb_in_list(self, place: int) -> bool:
        """Whether a verb follows behind the commas of a list: ", while in ear, nose and throat it was"."""
        for at in range(place, min(place + CLAUSE_REACH, len(self.words))):
            if self.words[at].text in ENDS and self.words[at].text != ",":
                return False
            if is_finite(self.words, at):
                return True
        return False

    def speaker_follows(self, place: int) -> bool:
        """Whether only a speaker and a verb of saying follow."""
        for at in range(place, min(place + CLAUSE_REACH, len(self.words))):
            word = self.words[at].text
            if word in SAYING and ((at == place and word not in NOUNS_TOO) or self.sentence_closes(at + 1)):
                return True
            if word in ENDS or word in RELATIVES or word[0].isdigit():
                return False
            if word in {"that", "and", "but", "if"}:
                return False
        return False

    def compares_as(self, place: int) -> bool:
        """Whether "as" compares or names: "as many as", "known as"."""
        before, after = self.text(place - 1), self.text(place + 1)
        return before in _BEFORE_AS or after in _AFTER_AS or after[:1].isdigit() or self.text(place + 2) == "as"

    def sentence_closes(self, at: int) -> bool:
        """Whether the sentence ends here but for a time or a place in a few words."""
        return (
            at >= len(self.words)
            or self.text(at) in {".", ",", '"', ";"}
            or (
                len(self.words) - at <= 6
                and self.text(at) in {"in", "on", "last", "this", "at", "yesterday", "today", "to"}
            )
        )

    def inverts(self, place: int) -> bool:
        """Whether a verb before its subject opens a condition: "had anyone been paid to switch it on"."""
        subject = self.text(place + 1) in DETERMINERS or self.text(place + 1) in NOMINATIVES | {"anyone", "there"}
        return subject and any(self.text(at) == "been" for at in range(place + 2, place + 7))

    def listed_clause(self, place: int) -> bool:
        """Whether an amount opens one of several clauses: "beds have been cut, five units have shut, and a"."""
        behind = next((at for at in range(place, len(self.words)) if self.words[at].text == ","), 0)
        if not behind or self.text(behind + 1) not in JOINING or not self.verb_follows(behind + 2):
            return False
        verbs = [at for at in range(place + 1, behind) if self.words[at].text in SURE]
        return bool(verbs) and _SETTING_AGAINST.isdisjoint(word.text for word in self.words[place : verbs[0]])

    def told_at(self, verb: int, place: int) -> bool:
        """Whether only a time stands between a verb of saying and "that": "concluded in 2021 that"."""
        timed = self.text(place)[:1].isdigit() or self.text(place) in TIMES_OPEN
        return timed and any(word.text in BEFORE_THAT for word in self.words[verb : verb + 3])


# Lists of words.

_ANAPHORS = MEASURES.anaphors.words
_PLAIN = MEASURES.plain.words
_FRONTING = MEASURES.loose.first | frozenset(
    (
        *("before", "after", "during", "since", "under", "without", "among", "across", "between", "according"),
        *("despite", "above", "below", "beyond", "outside", "inside", "behind", "where"),
    )
)

_NEW_NOUN = DETERMINERS - {"that"}
_NEW_SUBJECT = _NEW_NOUN | NOMINATIVES - {"it"}
_NO_NAME = PREPOSITIONS | DETERMINERS | _FRONTING
_LOOSE_ENDS = MEASURES.loose.last
_LOOSE_STARTS = MEASURES.loose.first
_QUALIFYING = MEASURES.qualifying.words


def after_fronted(words: list[Word]) -> list[Word]:
    """A subject without what opens the sentence before it: "At one trust, the payment"."""
    while words and words[0].text == ",":
        words = words[1:]
    commas = [at for at, word in enumerate(words) if word.text == ","]
    if words and words[0].text in _FRONTING and commas and commas[-1] + 1 < len(words):
        words = words[commas[-1] + 1 :]
    elif words and words[0].text in _FRONTING:
        words = words[_second_noun(words) :]
    stands = [word for word in words[-1:] if word.text in _ANAPHORS and not is_here(words)]
    return stands if stands and not is_object(words) else edged(words)


def is_here(words: list[Word]) -> bool:
    """Whether a subject ends with "there" or "here" that only adds a place."""
    return len(words) > 1 and words[-1].text in {"there", "here"}


def _second_noun(words: list[Word]) -> int:
    """Where the subject begins behind a phrase that no comma closes: "in the last parliament the department"."""
    for at in range(len(words) - 1, 1, -1):
        before = words[at - 1].text
        named = before.isalpha() and before not in _NO_NAME
        if words[at].text in _NEW_SUBJECT and named and before not in {"of", "all", "both", "and"}:
            return at
    return 0


def is_object(words: list[Word]) -> bool:
    """Whether the last word of a subject hangs on a preposition: "spending on it"."""
    return len(words) > 1 and (words[-2].text in PREPOSITIONS or words[-2].text.endswith("ing"))


def length(words: list[Word]) -> int:
    """How many words, marks not counted."""
    return sum([word.text[0].isalnum() for word in words])


def first_words(words: list[Word], most: int) -> list[Word]:
    """The first so many words, marks not counted."""
    result: list[Word] = []
    count = 0
    for word in words:
        count += word.text[0].isalnum()
        if count > most:
            break
        result.append(word)
    return result


def without_qualifying(words: list[Word]) -> list[Word]:
    """Words without those at their end that say how exact a number is."""
    while words and (words[-1].text in _QUALIFYING or [word.text for word in words[-3::2]] == ['"', '"']):
        words = words[:-1] if words[-1].text in _QUALIFYING else words[:-3]  # 'a "shocking" £174m'
    return words


def edged(words: list[Word], leading: Set[str] = _LOOSE_STARTS) -> list[Word]:
    """Words without the marks, conjunctions and prepositions that dangle at their edges."""
    first, last = 0, len(words)
    while first < last and (not words[first].text[0].isalnum() or words[first].text in leading):
        first += 1
    while first < last and (not words[last - 1].text[0].isalnum() or words[last - 1].text in _LOOSE_ENDS):
        if words[last - 1].text == "not" and last - first > 1 and words[last - 2].text in AUXILIARIES:
            break  # "did not" says something else than "did"
        last -= 1
    return words[first:last]


def last_infinitive(predicate: list[Word]) -> int:
    """Where the last "to" with a verb begins: "packed the hall to oppose the plan to move"; 0 for none."""
    places = (at for at in range(len(predicate) - 1, 0, -1) if predicate[at - 1].text == "to")
    return next((at for at in places if predicate[at].text.isalpha() and not is_determiner(predicate[at].text)), 0)


def is_determiner(word: str) -> bool:
    """Whether a word opens a noun phrase or says how exact a number is."""
    return word in GRAMMAR.bases.determiners or word in _QUALIFYING


def is_lexical(word: str) -> bool:
    """Whether a word of a predicate says more than that something is."""
    plain = word in AUXILIARIES or word in _QUALIFYING or word in _PLAIN or word.endswith("ly")
    return word.isalpha() and not plain
