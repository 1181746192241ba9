"""What a figure is about: by a name that other articles share, and in its sentence the subject of its verb."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from extractors.figures.clauses import Clause, Clauses
from extractors.figures.lexicons import ATTRIBUTION, MEASURES, SUBJECTS
from extractors.figures.model import Change, Figure, FigureKind
from extractors.figures.nouns import (
    AUXILIARIES,
    PREPOSITIONS,
    SAYING,
    STOPS,
    VERBS,
    Noun,
    Word,
    after_fronted,
    edged,
    head_noun,
    is_here,
    is_object,
)
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_WORD = re.compile(r"[a-z&]+|\d+")
_KEY = 3  # letters by which phrases are looked up


class Term(NamedTuple):
    """A phrase that was found: the name it stands for, and where."""

    name: str
    start: int
    end: int


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    open_ended: bool  # whether the last word may go on
    name: str


@lru_cache(maxsize=256)  # the figures of a statement ask for the same
def phrases_in(table: str, text: str) -> tuple[Term, ...]:
    """The phrases of a table that stand in a text, in order; where several overlap the first, then the longest."""
    known = _phrases(table)
    words = list(_WORD.finditer(text.lower()))
    found: list[Term] = []
    place = 0
    while place < len(words):
        for phrase in known.get(words[place][0][:_KEY], ()):
            last = place + len(phrase.words)
            if last <= len(words) and _fits(phrase, [word[0] for word in words[place:last]]):
                found.append(Term(phrase.name, words[place].start(), words[last - 1].end()))
                place = last - 1
                break
        place += 1
    return tuple(found)


def _fits(phrase: _Phrase, words: list[str]) -> bool:
    if phrase.open_ended:
        return words[-1].startswith(phrase.words[-1]) and (*words[:-1],) == phrase.words[:-1]
    return (*words,) == phrase.words


_TABLES = {
    "narrowings": SUBJECTS.narrowings,
    "answers": SUBJECTS.answers,
    **{f"heads.{group}": heads for group, heads in SUBJECTS.heads.items()},
}


@cache
def _phrases(table: str) -> dict[str, list[_Phrase]]:
    """The phrases of a table by the first letters of their first word, the longest first."""
    known: dict[str, list[_Phrase]] = {}
    for name, phrases_of_name in _TABLES[table].items():
        for text in phrases_of_name:
            words = tuple(text.rstrip("*").replace("-", " ").split())
            known.setdefault(words[0][:_KEY], []).append(_Phrase(words, text.endswith("*"), name))
    for phrases in known.values():
        phrases.sort(key=lambda phrase: (-len(phrase.words), -len(phrase.words[-1])))
    return known


_GENERAL = frozenset(SUBJECTS.scope.general)
_TOKEN = re.compile(r"[A-Za-z][A-Za-z&]*(?:['’][a-z]+)?|\d[\d,.]*")
# Where a part of a statement with a verb of its own begins.
_CLAUSE = re.compile(
    r"[;:()\n]|[.!?] |,(?= (?:and|but|or|so|which|who|whose|where|as|with|of whom|of which) )| -+ | — | – "
)
# A clause that continues the one before it, and a statement whose subject was named there.
_CONTINUES = re.compile(
    r"\W*(?:or [£$€\d]|(?:(?:and|but|or|while|is|in|by|at|since) )*(?:up|down|from|to|compared|against|equal|equivalent"
    r"|just|only|or|that|this|it|they|these|of these|of those|about|around|nearly|some|roughly|more|less|rising|falling"
    r"|reaching|almost)\b)",
    re.I,
)
_MOVED_BY = re.compile(
    r"\b(?:by|up|down|grew|grown|rose|risen|fell|fallen|dropped|increased?|decreased?|cut)"
    r"(?: by)?(?: (?:about|around|almost|nearly|over|more|less|than|just|only|some|roughly|a|an|further))*\W*$",
    re.I,
)
_MOVES_AFTER = re.compile(
    r"\W*(?:real[- ]terms |year[- ]on[- ]year )?(?:increase|rise|growth|fall|drop|cut|reduction|jump)\b", re.I
)
_MORE_THAN = re.compile(r"\W*(?:more|fewer|less|higher|lower) ", re.I)
_GAP = re.compile(
    r"\W*(?:of|points?)? ?(?:above|below|more|less|higher|lower|cheaper|dearer|longer|shorter|over|under) ", re.I
)
_DETERMINERS = re.compile(r"(?:(?:all|of|the|those|these|its|their|an?|both|total|every|[\d,.]+|£\S+) )+", re.I)
_SMALL = 20  # things; fewer are a set that only their article knows: "three laboratories"
_MOST_NARROWINGS = 4
_REACH = 20  # words between a head and its number
_TWO = re.compile(r"(?:[a-z-]+,? ){1,3}(?:and|or) ")
_NUMBER_OF = re.compile(r"(?<![a-z])(?:the )?numbers? of ")
_OPENS = re.compile(r"[.!?:“\"‘]\s*$")
_NUMBER = re.compile(r"[£$€\d]")


# A statement whose subject is a pronoun is understood with the one before it.
_PRONOUN = re.compile(
    r"[\s,;:\"'-]*(?:(?:and|but|while|whereas) )?(?:(?:in|by|since|at|on|over|during"
    r"|for) [^,;]{0,30}?,? )?(?:of )?(?:that|this|it|they|these|those|he|she|both"
    r"|them)(?![a-z'])(?! [a-z-]+s(?![a-z]))"
)


def statement_around(sentence: Sentence, quantity: Quantity) -> tuple[int, int]:
    """The bounds of the statement that a figure stands in, with the one before where its subject is a pronoun."""
    start, end = sentence.statement(quantity.start, quantity.end)
    if _PRONOUN.match(sentence.lower, start, quantity.end):
        start = sentence.start if start > sentence.start else sentence.previous
    return start, end


class Stated(NamedTuple):
    """A figure as its statement has it: `statement` is the text, `start` and `end` bound the figure in it."""

    statement: str
    start: int
    end: int
    kind: FigureKind
    unit: str | None
    base: str | None
    change: Change | None
    attribution: str | None
    measure: str | None = None
    value: float = 0.0
    nation: Callable[[], str | None] | None = None


def subject_of(stated: Stated) -> str | None:
    """The name of what a figure is about, or None where no other article could be about the same.

    "head" or "head: narrowing, narrowing", as "waiting list", "spending: independent sector" or "share of operation:
    cataract, independent sector".
    """
    if stated.kind == "count" and abs(stated.value) < _SMALL:
        return None
    first, last = _clause(stated)
    text = _without(stated.statement[first:last], stated.attribution)
    if _is_local(text):
        return None
    head = _head(stated, stated.statement[first : stated.start], stated.statement[stated.end : last])
    if head is None:
        return None
    narrowings = _narrowings(
        f"{stated.measure or ''} . {stated.statement[stated.start : stated.end]}", text, stated.base, head
    )
    if len(narrowings) > _MOST_NARROWINGS or (not narrowings and head not in SUBJECTS.scope.whole):
        return None
    nation = stated.nation() if stated.nation is not None else None
    if nation is not None:
        narrowings = sorted({*narrowings, nation})
    if not head.startswith(("growth of", "share of")) and _is_size(stated, first):
        head = f"growth of {head}"
    return f"{head}: {', '.join(narrowings)}" if narrowings else head


def _is_size(stated: Stated, first: int) -> bool:
    """Whether a figure is by how much something moved, which is no level of it: "grew by three million"."""
    before, after = stated.statement[first : stated.start], stated.statement[stated.end :]
    if stated.change is None or stated.kind in {"multiple", "percent"}:
        return stated.kind == "multiple"
    return bool(_MOVED_BY.search(before) or _MOVES_AFTER.match(after) or _MORE_THAN.match(after))


def nation_of(text: str) -> str | None:
    """The nation that an article is about where it is not England: named more often than England is."""
    lower = text.lower()
    counts = {name: sum(lower.count(word) for word in words) for name, words in SUBJECTS.nations.items()}
    most = max(counts, key=lambda name: counts[name])
    return most if most != "England" and counts[most] > counts.get("England", 0) else None


def with_origins(figures: Sequence[Figure], offset: int) -> list[Figure]:
    """Figures of one sentence, where what moved and what it moved from share a subject: the fuller of the two names."""
    named = list(figures)
    for place, one in enumerate(figures):
        origin = -1 if one.change_from is None else one.change_from - offset
        if 0 <= origin < len(figures) and figures[origin].kind == one.kind and one.subject:
            shared = _fuller(one.subject, figures[origin].subject or "")
            named[place], named[origin] = replace(one, subject=shared), replace(figures[origin], subject=shared)
    return named


def _fuller(moved: str, origin: str) -> str:
    same_head = moved.partition(":")[0] == origin.partition(":")[0]
    return origin if same_head and len(origin) > len(moved) else moved


def _clause(stated: Stated) -> tuple[int, int]:
    """The part of the statement that the figure stands in, with those before where it only continues them."""
    bounds = _bounds(stated.statement)
    starts = [0, *(end for _, end in bounds if end <= stated.start)]
    while len(starts) > 1 and _CONTINUES.match(stated.statement, starts[-1], stated.start):
        starts.pop()
    following = next((start for start, _ in bounds if start >= stated.end), len(stated.statement))
    return starts[-1], following


@lru_cache(maxsize=64)  # the figures of a sentence share their statement
def _bounds(statement: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _CLAUSE.finditer(statement))


def _without(text: str, words: str | None) -> str:
    """Text without the words that name its source."""
    return text.replace(words, " ") if words else text


def _is_local(text: str) -> bool:
    """Whether a statement is about something that only its writer or its article knows."""
    return any(pattern.search(text) for pattern in _local_patterns())


@cache
def _local_patterns() -> tuple[re.Pattern[str], ...]:
    scope = SUBJECTS.scope
    own = "|".join(form for word in scope.own for form in {word, word.capitalize()})
    reports, local, generic, general_heads = map(
        "|".join, (scope.reports, scope.local, scope.generic, scope.heads_after)
    )
    determiner = "(?:[Tt]he|[Tt]his|[Tt]hat|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ne|[Aa]nother)"
    adjectives = rf"(?: (?!(?:{generic}) )[a-z][a-z-]*){{0,2}}?"
    return (
        re.compile(rf"(?<![A-Za-z.&])(?:{own})(?![A-Za-z.&])(?! (?:own )?(?:{reports})\b)"),
        re.compile(rf"\b{determiner}{adjectives} (?:{local})(?![a-z-])(?! (?:{general_heads})\b)"),
    )


def _head(stated: Stated, before: str, after: str) -> str | None:
    """What the quantity is of."""
    if stated.kind in {"percent", "fraction"} and stated.base is None and _is_move(stated, before, after):
        of = _nearest(("money", "share", "time", "queue"), before, after) or _thing_before(before)
        return f"growth of {of}" if of else None
    if stated.kind in {"percent", "fraction"}:
        return _share(stated.base, before, after)
    if stated.kind in {"money", "rate"} and _is_money(stated.unit):
        return _nearest(("money",), before, after)
    if stated.kind == "duration":
        return _nearest(("time",), before, after)
    if stated.kind == "count":
        thing = _thing(stated.unit) if stated.unit else _thing_before(before)
        queue = _nearest(("queue",), before, after) if thing in {None, *SUBJECTS.scope.queued} else None
        return queue or thing
    return _thing(stated.unit.split("/")[0]) if stated.kind == "rate" and stated.unit else None


def _share(base: str | None, before: str, after: str) -> str | None:
    """What a share is of. A gap ("11 per cent above the price") and what people answered are no shares of a thing."""
    if _GAP.match(after) or phrases_in("answers", after):
        return None
    if base is None:
        return _nearest(("share",), before, after)
    whole = _whole(base)
    return f"share of {whole}" if whole else None


def _is_move(stated: Stated, before: str, after: str) -> bool:
    if stated.unit == "pp":
        return True
    return stated.change is not None and bool(_MOVED_BY.search(before) or _MOVES_AFTER.match(after))


def _is_money(unit: str | None) -> bool:
    return unit is not None and unit[:3].isupper()


def _nearest(groups: tuple[str, ...], before: str, after: str) -> str | None:
    """The head nearest before the number, or after it where none stands before."""
    for group in groups:
        terms = phrases_in(f"heads.{group}", before)
        if terms and len(before[terms[-1].end :].split()) <= _REACH:
            return terms[-1].name
    after = _NUMBER.split(after, maxsplit=1)[0]
    for group in groups:
        terms = phrases_in(f"heads.{group}", after)
        if terms and len(after[: terms[0].start].split()) <= _REACH:
            return terms[0].name
    return None


def _whole(base: str) -> str | None:
    """The head of what a share is of: a queue, a kind of money, or the thing that the head noun names."""
    if base.lower().startswith(("those ", "them", "these ")):
        return None
    queue = phrases_in("heads.queue", base)
    if queue:
        return queue[0].name
    lower = (
        _DETERMINERS.sub("", f"{base} ", count=1).strip().lower() if _DETERMINERS.match(f"{base} ") else base.lower()
    )
    noun = head_noun(lower, 0, len(lower)) or _second_of_two(lower) or head_noun(lower, 0, len(lower), one=True)
    if noun is None or noun.lemma in SUBJECTS.scope.vague:
        return None
    money = phrases_in("heads.money", lower[noun.start : noun.end])
    return money[0].name if money else _thing(noun.lemma)


def _second_of_two(lower: str) -> Noun | None:
    """The head that two modifiers share: "hip and knee replacements"."""
    joined = _TWO.match(lower)
    return head_noun(lower, joined.end(), len(lower)) if joined else None


def _thing_before(before: str) -> str | None:
    """The thing whose number moved, where the clause begins with it: "Requests for CT grew by 7 per cent"."""
    lower = before.lower().lstrip()
    counted = _NUMBER_OF.search(lower)
    noun = head_noun(lower, counted.end() if counted is not None else 0, len(lower))
    return _thing(noun.lemma) if noun else None


@cache
def _things() -> dict[str, str]:
    return {form: name for name, forms in SUBJECTS.things.items() for form in forms}


def _thing(noun: str) -> str:
    return _things().get(noun.lower(), noun.lower())


def _narrowings(measure: str, text: str, base: str | None, head: str) -> list[str]:
    """What narrows the subject down: who and which service by the measure, which place or body by the statement."""
    stated = f"{measure} . {base}" if base and base not in measure else measure
    terms = {term.name for term in phrases_in("narrowings", stated)}
    thing = head.removeprefix("share of ").removeprefix("growth of ")
    terms -= {thing, f"{thing}s"}
    if thing in {"waiting list", "waiting time"}:
        terms -= {"waiting", "elective care"}  # which is what the list and the times that all speak of are for
    named = f"{text} . {base}" if base and base not in text else text
    return sorted({*terms, *_names(named)})


def _names(text: str) -> list[str]:
    """The places and organisations that are named, but for those that stand for the whole."""
    tokens = [(match[0], match.start()) for match in _TOKEN.finditer(text)]
    found = []
    for place, (token, start) in enumerate(tokens):
        word = token.removesuffix("'s").removesuffix("’s")
        if not word[0].isupper() or len(word) < 2 or word.lower() in _GENERAL or word.lower() in STOPS:
            continue
        goes_on = place + 1 < len(tokens) and tokens[place + 1][0][0].isupper() and not word.isupper()
        if goes_on or not (place == 0 or _OPENS.search(text, max(0, start - 3), start)):
            found.append(word)
    return found


# What a sentence is about.

_PLAIN = MEASURES.plain.words
_ANAPHORS = MEASURES.anaphors.words
_RECKONED = ATTRIBUTION.figures.words
MOST_WORDS = 12  # of a measure
_NOUN_WORDS = 5  # of a noun that a relative clause goes back to
_FEW = 4  # words of a subject that may end with a pronoun for something else


_WHOSE = frozenset(("its", "their", "his", "her"))
_ASKING = frozenset(("what", "how", "why", "who", "which", "when", "where", "much", "many", "and", "so", "long", "far"))
_STOPPING = frozenset((";", ":", ".", "-"))


def until_stop(words: list[Word], most: int) -> list[Word]:
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


class Statement:
    """One sentence's words without numbers, times and speakers."""

    def __init__(self, sentence: Sentence, kept: list[bool] | None = None) -> None:
        self.sentence = sentence
        self.tree: Clauses = sentence.clauses
        self.kept = kept or [True] * len(self.tree.words)

    def without(self, gone: Iterable[tuple[int, int]]) -> "Statement":
        """The same without the words that begin in some stretches."""
        kept, words = self.kept[:], self.tree.words
        for start, end in gone:
            at = self.tree.word_at(start)
            while at < len(words) and words[at].start < end:
                kept[at] = kept[at] and words[at].start < start
                at += 1
        return Statement(self.sentence, kept)

    def words(self, numbers: set[int], first: int, last: int) -> list[Word]:
        """The words of some clauses between two places."""
        tree = self.tree
        places = range(max(0, first), min(last, len(tree.words)))
        found = [at for at in places if tree.of[at] in numbers and self.kept[at]]
        return [tree.words[at] for at in found if tree.words[at].text != "," or not tree.closes_aside(at)]

    def nearby(self, number: int) -> set[int]:
        """A clause with what describes its nouns: relative clauses and participles that no comma parts from them."""
        tree = self.tree
        inside = {
            at
            for at, clause in enumerate(tree.clauses)
            if clause.parent == number and clause.kind == "relative" and tree.words[clause.first].text != ","
        }
        return {number} | inside

    def subject(self, number: int) -> list[Word]:
        """The subject of a clause, that of the clause before where it shares it or only stands for it."""
        clause = self.tree.clauses[number]
        words, stands = self.own_subject(number)
        if clause.kind == "participle" and clause.parent >= 0 and [word.text for word in words] in (["having"], []):
            return self.subject(clause.parent)  # "spending, having fallen by a third"
        if clause.kind == "relative" and clause.parent >= 0 and (not words or words[-1].text in _ANAPHORS):
            return self._antecedent(clause)
        if stands and clause.parent >= 0 and self.tree.clauses[clause.parent].verb >= 0:
            for at in range(number - 1, -1, -1):
                earlier = self.tree.clauses[at]
                outside = at == clause.parent and clause.kind == "joined"
                if earlier.verb >= 0 and (outside or earlier.kind in {"main", "joined", "reported"}):
                    found, again = self.own_subject(at)
                    if found and not again and not found[0].text[0].isdigit():
                        return found
        return words

    def _antecedent(self, clause: Clause) -> list[Word]:
        """The noun that a relative clause goes back to: "a cataract that takes", "self-funders, who pay"."""
        outer, first = self.tree.clauses[clause.parent], clause.first
        if outer.opener == "-" and outer.parent >= 0 and first - outer.first <= 1:  # "the list - which stood at"
            outer, first = self.tree.clauses[outer.parent], outer.first
        words = edged(self.words({self.tree.clauses.index(outer)}, outer.first, first))
        at = len(words) - 1
        apart = self.tree.words[first].text in {",", "-"}  # it describes the whole of what stands before it
        if apart and outer.verb > first and len(words) <= MOST_WORDS * 2 // 3:
            at = 0
        while at > 0 and len(words) - at < _NOUN_WORDS and words[at - 1].text[0].isalpha():
            if (
                (words[at - 1].text in PREPOSITIONS and not apart)
                or words[at - 1].text in AUXILIARIES
                or words[at - 1].text in SAYING
                or words[at - 1].text in VERBS
            ):
                break
            at -= 1
        own = self.words({self.tree.of[clause.first]}, clause.first, clause.verb)
        bare = {word.text for word in own} <= {",", "-", "which", "who"}  # "procedures, which account for"
        return [*edged(words[at:]), *([] if bare and apart else own)]

    def own_subject(self, number: int) -> tuple[list[Word], bool]:
        """The words before a clause's verb, and whether they are none or only stand for something else."""
        clause = self.tree.clauses[number]
        words = after_fronted(self.words(self.nearby(number), clause.first, clause.verb))
        while words and (words[-1].text in _PLAIN or words[-1].text.endswith("ly") or is_here(words)):
            words = words[:-1]
        if len(words) > 2 and words[-2].text == "," and words[-1].text.isdigit():
            words = words[:-2]  # "Mrs Rowse, 83, was"
        anaphor = bool(words) and words[-1].text in _ANAPHORS and len(words) <= _FEW and not is_object(words)
        stands = not words or anaphor or words[-1].text in _RECKONED
        return words, stands

    def text(self, words: list[Word]) -> str | None:
        """Words as they stand in the text; what stood between them is left out."""
        text = self.sentence.text
        pieces: list[str] = []
        before = -1
        for start, end, _ in words:
            if before >= 0 and before != start:
                pieces.append(" ")
            pieces.append(text[start:end])
            before = end
        return "".join(pieces).replace(" ,", ",").strip() or None


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


def is_question(sentence: Sentence) -> bool:
    """Whether a sentence asks for something: "What did it cost?"."""
    return sentence.text[: sentence.end].rstrip().endswith("?") and sentence.words[0].text in _ASKING


def _topic(statement: Statement) -> tuple[str | None, str | None]:
    tree = statement.tree
    if not tree.words:
        return None, None
    verb = tree.clauses[0].verb
    near = statement.nearby(0)
    subject = edged(statement.words(near, 0, verb if verb >= 0 else len(tree.words)))
    copular = verb >= 0 and tree.words[verb].text in {"is", "are", "was", "were"}
    copular = copular and tree.words[min(verb + 1, len(tree.words) - 1)].text in {"the", "a", "an"}
    after = edged(until_stop(statement.words(near, verb + 1, len(tree.words)), MOST_WORDS)) if copular else []
    if subject and (subject[0].text in _ANAPHORS or subject[0].text in _WHOSE):
        subject = []  # "it" behind "its auditors" is whose they are
    if is_question(statement.sentence):
        words = statement.words(set(range(len(tree.clauses))), 0, len(tree.words))
        subject = after = edged(until_stop(words, MOST_WORDS))
        while subject and (subject[0].text in _ASKING or subject[0].text in AUXILIARIES):
            subject = after = subject[1:]  # "What did it cost?", "How many patients were moved?"
        if not subject or subject[0].text in _ANAPHORS:
            subject = after = []
    return statement.text(subject[:MOST_WORDS]), statement.text(after)
