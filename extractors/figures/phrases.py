"""Noun phrases beside a figure: the whole that a share is of ("6.3 per cent of all NHS spending"), and what a phrase
is without its number and without the words that make it a sentence, as a table's heading would have it."""

import re
from bisect import bisect_left
from collections.abc import Set
from operator import attrgetter

from extractors.figures.clauses import Clause, Clauses
from extractors.figures.lexicons import ATTRIBUTION, GRAMMAR, MEASURES, alternation
from extractors.figures.nouns import (
    AUXILIARIES,
    MOVING,
    NO_ADVERBS,
    NOUNS_TOO,
    PREPOSITIONS,
    SAYING,
    SCALES,
    STOPS,
    VERBS,
    Word,
    edged,
    head_noun,
    is_determiner,
    is_finite,
    is_lexical,
    is_plural,
)
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import (
    QUALIFYING_WORDS,
    TIME_OF_LEVEL,
    Move,
    Sentence,
    lexical_verb,
    tidy,
    without_qualifiers,
)

_OF = re.compile(r" (?:(?:or|and) (?:more|less|so|fewer) )?(?:of|among|in every) +")
_ASIDE = re.compile(r" \([^()]{1,24}\)|\)")
_SHARE = re.compile(r"(?<![a-z])(?:share|proportion|percentage|fraction) of +")
_COMPARED = re.compile(
    r" (?:(?:more|less|higher|lower|cheaper|dearer|greater|fewer|bigger|smaller|longer|shorter"
    r"|faster)(?: expensive| likely| per [a-z]+)? than|above|below) +"
)
_PRONOUNS = frozenset(("whom", "which", "them", "these", "those", "it", "this", "that", "us", "they"))
_STANDING = frozenset(("them", "it", "whom", "which", "us"))  # "above it for overnight stays"
_STANDS_FOR = re.compile(
    rf"(?<![a-z])(?:it|this|that|they|the figure) (?:is|was|are|were)(?: (?:{alternation(QUALIFYING_WORDS)}))* $"
)
_LEVEL = re.compile(rf"(?:in |at |on )?{TIME_OF_LEVEL}")  # "6% above 2022" is a move
_APART = re.compile(r", (?:above|below) +")
_DETERMINED = re.compile(r" (?=(?:the|its|their|our|his|her|all) )")
_WHAT = re.compile(r" *what(?![a-z])")
_WORD = re.compile(r" *(\(?)([a-z0-9'&£$€%.,/-]*[a-z0-9'%])")
_RELATIVE = GRAMMAR.bases.relative
_SUBJECTS = GRAMMAR.bases.subjects
_STOPS = GRAMMAR.bases.stops
_DETERMINERS = GRAMMAR.bases.determiners
_INTRANSITIVE = GRAMMAR.bases.intransitive
_LOOSE = GRAMMAR.bases.loose
_PREPOSITIONS = GRAMMAR.bases.prepositions
_TIME = re.compile(
    r" *(?:in|during|over|on|at|for|from|by)? *(?:the )?(?:(?:19|20)[0-9]{2}|last|this|january|february"
    r"|march|april|may|june|july"
    r"|august|september|october|november|december|q[1-4]|year"
    r"|(?:first|second|third) (?:time|year|half|quarter|month|week|day|decade))(?![a-z])"
)
_FRONTED = re.compile(rf"(?:(?:out )?of|among(?:st)?) (?:(?:the|all|{alternation(QUALIFYING_WORDS)}) )*")
_TIMED = re.compile(
    r" (?:(?:in|during|since|by|from|before|after) (?:the )?(?:19|20)[0-9]{2}|(?:last|this) [a-z]+)(?![a-z])"
)
_FRONTED_OF = re.compile(rf"(?:out )?of (?:(?:the|all|its|their|our|these|those|{alternation(QUALIFYING_WORDS)}) )*")
_FINANCIAL = re.compile(r"(?:19|20)[0-9]{2}(?:[-/][0-9]{2,4})?$")
_PARTICIPLES = GRAMMAR.clauses.participles | {"done"}
_NOUNS_TOO = GRAMMAR.clauses.nouns_too
_LEADS = GRAMMAR.bases.leads
_RATINGS = frozenset(("good", "outstanding", "inadequate", "unsafe"))  # "rated 94% of hospitals good"
_BESIDE = frozenset((", ", " (", " - ", ", or ", " (about ", ", about ", ", some ", ", or about "))
_NAMED_ODDS = re.compile(r"(?<![a-z])one [a-z]+ in (?:every )?")
_ADDED = frozenset(("and", "but", "while", "whilst"))
_FAR = 70  # characters between a share and the same in brackets
_REACH = 16  # words


def bases(
    sentence: Sentence, found: list[Quantity], moves: list[Move], memory: str | None
) -> tuple[list[str | None], str | None]:
    """The whole of each percentage and fraction, and the last whole or count for the sentences after.

    `memory` is what an earlier sentence's share was of, or what it counted. It is taken over only where the share is
    itself the subject ("62 per cent were rated good"), never past a noun of its own sentence.
    """
    result: list[str | None] = []
    last = memory
    for index, (quantity, move) in enumerate(zip(found, moves, strict=True)):
        if quantity.kind in {"count", "rate"} and quantity.noun is not None:
            last = _phrase(sentence, quantity.noun)
        if quantity.kind not in {"percent", "fraction"} or quantity.unit == "pp":
            result.append(None)
            continue
        own = _own_base(sentence, quantity)
        if own is not None and " on " in own and _spends(sentence, quantity):
            own = own.partition(" on ")[0]
        first = own.lower().split()[0] if own is not None else ""
        short = "'" in first and first.split("'")[0] in _PRONOUNS  # "half of that's due to pensions"
        if own is not None and (own.lower() in _PRONOUNS or first in _STANDING or short):
            own = last
        if own is None and _NAMED_ODDS.search(sentence.lower, quantity.start, quantity.end):
            last = None  # "one pound in fourteen" is of pounds
        base = own or (None if _size_of_move(sentence, quantity, move) else _share_before(sentence, quantity))
        other = bool(index) and found[index - 1].kind == quantity.kind and result[index - 1] is None
        bracketed = sentence.lower.startswith("(", quantity.start - 1) if quantity.start else False
        if base is None and (bracketed or not _size_of_move(sentence, quantity, move)):
            base = (
                _carried(sentence, found, index, result)
                or _fronted_whole(sentence, found, index)
                or _fronted_noun(sentence, quantity)
                or (last if not other and _is_subject(sentence, quantity) else None)
            )
        last = own or last
        result.append(base)
    _linked(moves, found, result)
    return result, last


def _fronted_whole(sentence: Sentence, found: list[Quantity], index: int) -> str | None:
    """What a share is of where that opens the sentence: "Of the 88 million attendances in 2022 the NHS handled 93%"."""
    first, noun = found[0], found[0].noun
    opens = index == 1 and first.kind == "count" and noun is not None and found[1].kind == "percent"
    if not opens or _FRONTED_OF.fullmatch(sentence.lower, sentence.start, first.start) is None or noun is None:
        return None
    return _phrase(sentence, noun)


def _fronted_noun(sentence: Sentence, quantity: Quantity) -> str | None:
    """What a share that opens its clause is of where that opens the sentence: "Of those it saw, 34% came back"."""
    match = _FRONTED.match(sentence.lower, sentence.start, quantity.start)
    lead = without_qualifiers(sentence.lower[sentence.start : quantity.start]).rsplit(" ", 2)
    if match is None or not (lead[-1].endswith(",") or (lead[-1] in _ADDED and lead[-2].endswith(","))):
        return None
    # "those asked" are the whole only with what says which: of bare "these" the whole stands before
    comma = sentence.lower.find(",", match.end(), quantity.start)
    timed = _TIMED.search(sentence.lower, match.end(), comma)
    own = tidy(sentence.text[match.end() : timed.start() if timed is not None else comma])
    return None if own is None or own[0].isdigit() or own.lower() in _PRONOUNS else own


def _spends(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether "on" after a whole belongs to a verb of spending: "spent 8.6% of their GDP on health care"."""
    tree = sentence.clauses
    return lexical_verb(tree, tree.clauses[tree.at(quantity.start)]).startswith(("spend", "spent"))


def _carried(sentence: Sentence, found: list[Quantity], index: int, result: list[str | None]) -> str | None:
    """The base of the share before in the same sentence: beside it, in brackets after it, or of the same verb."""
    beside = bool(index) and sentence.between(found[index - 1], found[index]) in _BESIDE
    if beside and found[index - 1].kind == "count" and (noun := found[index - 1].noun) is not None:
        return _phrase(sentence, noun)
    before = next((at for at in range(index - 1, -1, -1) if result[at] is not None), None)
    if before is None:
        return None
    gap = sentence.between(found[before], found[index])
    bracketed = gap.endswith(" (") and len(gap) <= _FAR and VERBS.isdisjoint(gap.split())
    said = found[before].kind != found[index].kind and not AUXILIARIES.isdisjoint(gap.split())
    if bracketed or (len(gap.split()) <= 4 and not said):
        return result[before]
    tree = sentence.clauses
    verbs = {_verb_over(tree, tree.word_at(found[at].start)) for at in (before, index)}
    return result[before] if len(verbs) == 1 and not said and "" not in verbs else None


def _verb_over(tree: Clauses, place: int) -> str:
    """The verb of a figure's clause or, where that is a comparison without one, of the clause that it hangs on."""
    clause = tree.clauses[tree.of[place]]
    compared = clause.kind == "aside" and clause.opener == "compared" and not 0 <= clause.verb < place
    return lexical_verb(tree, tree.clauses[clause.parent] if compared else clause)


def _is_subject(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a share stands for what it is of: a verb follows it, and no noun stands before it in its clause."""
    if _STANDS_FOR.search(sentence.before(quantity, 40)):
        return True  # "it was roughly half"
    tree = sentence.clauses
    at, after = tree.word_at(quantity.start), tree.word_at(quantity.end)
    while after < len(tree.words) and tree.words[after].text.endswith("ly"):
        after += 1
    if after >= len(tree.words) or not is_finite(tree.words, after):
        return False
    clause = tree.clauses[tree.of[at]]
    lead = [word.text for word in tree.words[clause.first : at]]
    lead = lead[len(lead) - lead[::-1].index(",") :] if "," in lead else lead
    return all(word in _LEADS or word in QUALIFYING_WORDS or not word.isalpha() for word in lead)


def _linked(moves: list[Move], found: list[Quantity], result: list[str | None]) -> None:
    """What moved and what it moved from are shares of one whole."""
    for index, move in enumerate(moves):
        if move.origin is None or found[move.origin].unit == "pp":
            continue
        shares = found[index].kind in {"percent", "fraction"} and found[move.origin].kind in {"percent", "fraction"}
        if shares:
            base = result[index] or result[move.origin]
            result[index], result[move.origin] = base, result[move.origin] or base


def _phrase(sentence: Sentence, noun: tuple[int, int]) -> str | None:
    return tidy(sentence.text[noun[0] : _phrase_end(sentence, *noun)])


def _size_of_move(sentence: Sentence, quantity: Quantity, move: Move) -> bool:
    """Whether a percentage is by how much something moved, which is no share: "rose by 4 per cent"."""
    if move.change is None or move.origin is not None:
        return False
    return not without_qualifiers(sentence.before(quantity, 40)).endswith(" to")


def _own_base(sentence: Sentence, quantity: Quantity) -> str | None:
    if quantity.kind == "fraction" and quantity.noun is not None:
        return tidy(sentence.text[quantity.noun[0] : _phrase_end(sentence, quantity.noun[0], quantity.noun[1])])
    after = _ASIDE.match(sentence.lower, quantity.end, sentence.end)
    at = after.end() if after else quantity.end
    if after is not None and quantity.kind == "fraction":
        noun = head_noun(sentence.lower, at + 1, sentence.end)
        if noun is not None:
            return tidy(sentence.text[at : _phrase_end(sentence, at + 1, noun.end)])
    for pattern in (_OF, _COMPARED, _APART, _DETERMINED):
        match = pattern.match(sentence.lower, at, sentence.end)
        if match is not None and not (pattern is _COMPARED and _LEVEL.match(sentence.lower, match.end())):
            return tidy(sentence.text[match.end() : _phrase_end(sentence, match.end(), match.end())])
    return None


def _share_before(sentence: Sentence, quantity: Quantity) -> str | None:
    floor = max(sentence.start, quantity.start - 160)
    found = list(_SHARE.finditer(sentence.lower, floor, quantity.start))
    if not found:
        return None
    at = found[-1].end()
    return tidy(sentence.text[at : min(_phrase_end(sentence, at, at), quantity.start)])


def _phrase_end(sentence: Sentence, start: int, at: int) -> int:
    """Where the noun phrase from `start` ends, known to reach `at`: before a verb, a time or a mark, but with what
    describes the noun: "treated by our members", "that we read"."""
    end = at
    plural = at > start and is_plural(sentence.lower[start:at].split()[-1])
    # 1 inside a relative clause before its verb, 2 after it; "what trusts buy" is one
    relative = int(_WHAT.match(sentence.lower, at) is not None)
    for _ in range(_REACH):
        match = _WORD.match(sentence.lower, at, sentence.end)
        if match is None or match[1]:
            break
        word = match[2].rstrip(",.")
        follows = _WORD.match(sentence.lower, match.end(), sentence.end)
        following = follows[2] if follows else ""
        if (word in _RELATIVE or word in _SUBJECTS) and relative == 0 and end > start:
            relative = 1
        elif (end == start and at > start and word in VERBS and word not in _STOPS) or (
            word == "and" and _joins_names(sentence, match)
        ):
            pass  # "the work is": right after the determiner it is a noun; "clinics in Kent and Essex"
        elif word in _NOUNS_TOO and end > start and relative == 0 and _is_noun(following):
            pass  # "the remaining spend - £5m", "cataract work done elsewhere"
        elif _closes(word, following, relative, plural=plural) or (
            _TIME.match(sentence.lower[at : at + 24]) and not (end == start and _FINANCIAL.match(word))
        ):
            break  # but not at "of 2019-20 activity"
        elif relative == 1 and (word in VERBS or word in _STOPS):
            chain = following in VERBS or following in _STOPS or following.endswith("ed")
            relative = 1 if chain and word in AUXILIARIES else 2
        plural = plural or is_plural(word)
        if word not in _DETERMINERS or end > start:
            end = match.start(2) + len(word)
        if word != match[2]:
            break
        at = match.end()
    if relative == 2 and sentence.lower[end : end + 1] in {".", ",", ";", ")", ""}:
        return end  # "everything it takes in"
    while end > start and (tail := sentence.lower[start:end].rsplit(" ", 1)[-1]) in _LOOSE:
        end = max(start, end - len(tail) - 1)
    return end


def _is_noun(following: str) -> bool:
    """Whether a word that may be a verb is a noun by what follows it."""
    return not following.isalpha() or following in _PARTICIPLES


def _joins_names(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether "and" stands between two names."""
    text = sentence.text
    before = text[: match.start(2)].rstrip()[-24:].rsplit(" ", 1)[-1]
    return before[:1].isupper() and text[match.end() + 1 : match.end() + 2].isupper()


def _closes(word: str, following: str, relative: int, *, plural: bool) -> bool:
    if relative == 1:
        return False
    if word in {"and", "or"} or word in _RATINGS:
        return plural
    if word in _INTRANSITIVE or (word == "by" and following.endswith("ing")):
        return relative == 0  # "removed 9 per cent of its list by asking"
    participle = word.endswith("ed") or word in _PARTICIPLES
    if word in VERBS and participle and word != "compared" and following in _PREPOSITIONS:
        return False
    compared = (word in _COMPARING and following == "than") or (word.endswith("ing") and following in _COMPARING)
    # "patients waiting more than 18 weeks", "74% of social workers saying their caseloads were unmanageable"
    if relative == 0 and (compared or (word.endswith("ing") and word in SAYING)):
        return True
    return word in VERBS or (word in _STOPS and not (word in {"to", "by"} and relative == 2))


# What a phrase is without its number, and without what makes it a sentence.

_QUALIFYING = MEASURES.qualifying.words
_SUMS = frozenset(("amount", "sum", "total", "figure", "money", "number"))
# "nine out of every ten of the"
_IN_PARTS = SCALES | {"out", "every", "each", "tenths", "thirds", "quarters", "fifths"}
_COMPARING = frozenset(("more", "less", "fewer", "longer", "higher", "lower"))
_SPANNING = MEASURES.spanning.words | _QUALIFYING
_LEADING = MEASURES.leading.words
_UNNAMED = MEASURES.unnamed.subjects
_UNSAID = MEASURES.unnamed.verbs
_OPENING = MEASURES.opening.words
_DANGLING = MEASURES.dangling.words
_BEING = ATTRIBUTION.passive.words - {"being"}
_HAVING = frozenset(("has", "have", "had"))
_NO_ADVERB = NO_ADVERBS | {"only", "supply", "july", "assembly", "friendly", "italy", "reply", "family's"}
_MOST_WORDS = 12  # of a heading or a label
_HEADING_WORDS = 2  # as few are left whole
_BEFORE_THEM = MEASURES.anaphors.words | MEASURES.unnamed.subjects
_ARTICLES = frozenset(("a", "an"))
_PLACING = frozenset(("in", "on", "at", "each", "every"))  # "7.2m were on the list"
_OPENERS = _OPENING | _LEADING | _UNNAMED | _BEING | _HAVING | {"those", "these", "this", "that"}
_NOTHING = _LEADING | _BEFORE_THEM | _UNSAID | _DANGLING
_NEAR = 2  # characters between a number and what goes on with it: "three years' worth"
_WORTH = frozenset(("worth",))
_OBJECTS = _STANDING | {"me", "him", "her", "you"}
_AMOUNT_OPENS = frozenset("£$€0123456789")
_START = attrgetter("start")
_IS_AMOUNT = re.compile(
    r" (?:is|was|are|were|be|been|(?:stands|stood|put) at) (?:(?:about|around|over|nearly|just|only|some) )*"
    r"[£$€0-9][0-9.,%]*(?:bn|m|k| (?:million|billion|thousand|per cent))?$"
)


def closed(lower: str, words: list[Word], bounds: tuple[int, int], *, noun: bool, timed: bool) -> list[Word]:
    """A phrase without what only led to its number, which is gone: "find £2m of savings", "shut for two years by".

    `bounds` are those of the number; `noun` says whether what is counted stays behind it, `timed` if it is a duration.
    """
    start, end = bounds
    at = bisect_left(words, end, key=_START)
    lead, rest = words[:at], words[at:]
    near = bool(rest) and rest[0].start - end <= _NEAR
    worth = near and [word.text for word in rest[:2]] == ["worth", "of"]
    parted = worth or (near and rest[0].text == "of")
    if parted:
        rest = rest[1 + worth :]
        rest = rest[1:] if rest and rest[0].text in _OBJECTS else rest
    elif noun:
        return words
    if rest and rest[0].text == "rather":
        rest = []  # "for two years rather than seven"
    if len(rest) > 1 and rest[0].text in {"than", "what"} and rest[1].text.partition("'")[0] in _BEFORE_THEM:
        rest = []  # "pays £60 less per patient than it did", "four times what it was"
    if rest and rest[0].text in AUXILIARIES:
        lead = without_last(lead, _WORTH)  # "contracts worth £6bn were let"
    named = bool(rest) and rest[0].text.isalpha() and rest[0].text not in STOPS
    bare = without_last(lead, _SPANNING - _LEADING)
    if timed and named and not parted and not without_last(lead, _SPANNING | _LEADING):
        return rest  # "over the last fifteen years England has spent"
    if timed and named:
        return [*(bare if parted or (lead and lead[-1].text in _ARTICLES) else lead), *rest]
    apart = timed or (bool(rest) and rest[0].text in _LEADING)
    if named or not apart or not bare or bare[-1].text not in _LEADING:
        return [*lead, *rest]
    return (
        [*bare[:-1], *rest]
        if _SPANNING.issuperset(lower[lead[-1].end : start].replace("-", " ").split())
        else [*lead, *rest]
    )


def without_last(words: list[Word], loose: Set[str]) -> list[Word]:
    """Words without those at their end that are loose there."""
    last = len(words)
    while last and words[last - 1].text in loose:
        last -= 1
    return words[:last]


def headed(measure: str | None, base: str | None) -> str | None:
    """A measure as a table's heading would have it, with what a share is of where it only says where that is."""
    said = heading(measure) if measure is not None else None
    if said is None or base is None:
        return said or base
    whole = f"{base} {said}"
    return whole if said.split()[0].lower() in _PREPOSITIONS and len(whole.split()) <= _MOST_WORDS else said


def heading(phrase: str) -> str | None:
    """A phrase without what would make it a sentence: "we have asked nurses", "until the list is", "are paid a fee".

    None where nothing is left that says anything.
    """
    phrase = phrase.replace('"', "") if phrase.count('"') % 2 else phrase
    words = phrase.split()
    if words and (words[-1][0] in _AMOUNT_OPENS or words[-2:][0][0] in _AMOUNT_OPENS):
        words = _IS_AMOUNT.sub("", phrase).split()
    first = words[0].lower() if words else ""
    if first in _OPENERS or first.endswith("ly") or "'" in first:
        words = _without_opening(words)
    while words and (words[-1].lower() in _DANGLING or words[-1].endswith(("'s", "s'", ","))):
        words = [*words[:-1], words[-1][:-1]] if words[-1].endswith(",") else words[:-1]
    said = bool(words) and (words[-1].lower() not in _NOTHING or any(word.lower() not in _NOTHING for word in words))
    return " ".join(words) if said else None


def _without_opening(words: list[str]) -> list[str]:
    """The words behind the conjunction, the pronoun and the auxiliaries that they open with."""
    if len(words) > _HEADING_WORDS and words[0].lower() in _OPENING:
        words = words[1:]
    if len(words) > _HEADING_WORDS and words[0].lower() in _LEADING - _PLACING:
        words = words[1:]
    unnamed = bool(words) and _is_unnamed(words)
    placed = unnamed and words[0].lower() == "there"  # "there were on the list"
    words = words[1:] if unnamed else words
    while words:
        first, after = words[0].lower(), words[1].lower() if len(words) > 1 else ""
        done = after.endswith("ed") or after in GRAMMAR.clauses.participles or after in _BEING
        adverb = first.endswith("ly") and first not in _NO_ADVERB and len(first) > 4
        left = first in _BEING or adverb or (first in _HAVING and done)
        if unnamed and (first in _UNSAID or (first == "to" and after.isalpha())):
            left = True
        if not left or (not unnamed and len(words) <= _HEADING_WORDS):
            break
        words = words[1:]
    led = unnamed and not placed and len(words) > 1 and words[0].lower() in _LEADING
    return words[1:] if led else words


def _is_unnamed(words: list[str]) -> bool:
    """Whether a phrase opens with a subject that names nothing: "we", "it's", "there are", "those would"."""
    first, after = words[0].lower().partition("'")[0], words[1].lower() if len(words) > 1 else ""
    if first in {"those", "these", "this", "that", "one", "what"}:
        return after in AUXILIARIES or (first == "one" and after in {"which", "that", "who"})
    return first in _UNNAMED


_IN_LABEL = _QUALIFYING | SCALES | {"per", "cent"}
_LABEL_ENDS = frozenset(("\u2022", ";", ":", ".", "*"))
_NOT_PLAIN = frozenset(("and", "but", "or", "while", "whilst", "by", "to", "from", "with", "than")) | (
    ATTRIBUTION.passive.words
)


def label_before(words: list[Word], at: int, after: list[Word]) -> list[Word] | None:
    """What an amount right behind a colon is labelled as: "trauma and orthopaedics: 231,400 - 30%"."""
    last = at - 1
    while last > 0 and words[last].text != ":" and (words[last].text in _IN_LABEL or not words[last].text.isalpha()):
        last -= 1
    if last < 1 or words[last].text != ":":
        return None
    first = last
    while first > 0 and words[first - 1].text not in _LABEL_ENDS:
        first -= 1
    plain = 0 < last - first <= _MOST_WORDS and (not after or after[0].text in PREPOSITIONS)
    return words[first:last] if plain and not any(is_finite(words, at) for at in range(first, last)) else None


def is_part_before(words: list[Word], at: int, others: list[int]) -> bool:
    """Whether the amount before is only a part of this one: "£3bn of the £9bn in leases"."""
    first = max((place for place in others if place < at), default=at)
    between = [word.text for word in words[first:at]]
    return "of" in between and not any(is_lexical(text) and text not in _IN_PARTS for text in between[1:])


def without_whole(words: list[Word]) -> list[Word]:
    """What follows a part without the whole that goes back to another amount: "of that sum was spent on"."""
    back = [word.text for word in words[:3]]
    named = back[:1] == ["of"] and back[1:2] in (["that"], ["this"]) and back[2:] and back[2] in _SUMS
    return words[3:] if named else words


def in_plain_noun(words: list[Word], at: int) -> bool:
    """Whether a word may stand in a plain noun phrase."""
    word = words[at].text
    plain = word[0].isalpha() and (word == "of" or word not in PREPOSITIONS) and word not in _NOT_PLAIN
    return plain and not is_finite(words, at)


_NO_THING = MEASURES.no_thing.words
_TAKEN = GRAMMAR.changes.taken


def moved_thing(predicate: list[Word], amounts: set[int]) -> list[Word]:
    """What a verb of moving has as its object: "cut the median wait to"; `amounts` are where other numbers start."""
    texts = [word.text for word in predicate]
    moved = max((at for at, text in enumerate(texts) if text in MOVING and text not in _TAKEN), default=-1)
    if moved < 0:
        return []
    thing: list[Word] = []
    named = moved > 0 and texts[moved] in NOUNS_TOO and is_determiner(texts[moved - 1])
    moved += named and texts[moved + 1 : moved + 2] in (["in"], ["of"])  # "a fall in the ratio to"
    for at in range(moved + 1, len(predicate)):
        amount = at + 1 < len(predicate) and predicate[at + 1].text[0] in "£$€0123456789"
        if texts[at] in {"from", "by"} or (texts[at] == "to" and (amount or at + 1 == len(predicate))):
            break
        if not thing and predicate[at].start in amounts:
            break
        if thing or not texts[at].endswith("ly"):
            thing.append(predicate[at])
    if thing and thing[0].text in PREPOSITIONS:
        return []  # "fell for the first time"
    if all(word.text in _NO_THING or not word.text.isalpha() for word in thing):
        return []
    return edged(thing)


def named_before(tree: Clauses, at: int) -> list[Word]:
    """The person whose age a number is: "Mrs Prosser, 66, kept", "Netta Pollock (77) has", "Mr D., aged 86,"."""
    last = at - 1
    while last > 0 and tree.words[last].text in {"aged", ",", "(", "now", "."}:
        last -= 1
    first = last
    while first > 0 and tree.capital(tree.words[first - 1]) and tree.words[first - 1].text.isalpha():
        first -= 1
    named = last < at - 1 and first < last and tree.capital(tree.words[last])
    return tree.words[first : last + 1] if named else []


_HELD_AGAINST = frozenset(("against", "versus"))
_NOUN_WORDS = 6


def set_against(words: list[Word], last: int, at: int, after: list[Word]) -> list[Word] | None:
    """The noun of an amount that another is held against: "£8.1m against a plan of £10.3m"; `last` ends the noun."""
    if at < 1 or words[at - 1].text != "of":
        return None
    first = last
    while first > 0 and in_plain_noun(words, first - 1):
        first -= 1
    held = 0 < first < last < at and words[first - 1].text in _HELD_AGAINST and last - first <= _NOUN_WORDS
    return [*words[first:last], *after] if held else None


def noun_before(words: list[Word], last: int) -> list[Word]:
    """The plain noun phrase before a word; none where it is too long for one."""
    first = last
    while first > 0 and in_plain_noun(words, first - 1):
        first -= 1
    return edged(words[first:last]) if last - first <= _MOST_WORDS else []


def opens_with(tree: Clauses, clause: Clause) -> str:
    """The first word of a clause behind its dash or bracket."""
    marked = clause.opener in {"-", "("} and clause.first + 1 < len(tree.words)
    return tree.words[clause.first + 1].text if marked else clause.opener
