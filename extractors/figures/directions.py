"""Which way a figure moved by the words beside it and by its clause: "rose by 4 per cent", "a 12% fall"."""

import re

from extractors.figures.clauses import Clause
from extractors.figures.lexicons import (
    ADVERBS_OF_MOVING,
    CHANGES,
    GRAMMAR,
    NOUNS_OF_MOVING,
    PERIODS,
    QUALIFIERS,
    VERBS_OF_MOVING,
    alternation,
    comparative,
)
from extractors.figures.model import Change
from extractors.figures.nouns import AUXILIARIES, PREPOSITIONS, VERBS
from extractors.figures.quantities import Quantity, is_going
from extractors.figures.sentence import TIME_OF_LEVEL, Sentence, Told, lexical_verb, without_qualifiers

_MOVERS = CHANGES.movers.words
_ENDS_REACH = GRAMMAR.changes.ends_reach
_CARRYING_ON = GRAMMAR.changes.carrying_on
_PHRASAL = GRAMMAR.changes.phrasal
_NOUNS_TOO = GRAMMAR.clauses.nouns_too
_PARTICIPLES = GRAMMAR.clauses.participles
_NO_END = _NOUNS_TOO | _MOVERS | _CARRYING_ON
_MOST_BEFORE = 14  # words between a verb of moving and its "by" or "to"
_ADJUSTING = CHANGES.adjusting.words
_UPWARD = CHANGES.comparatives.upward
_DOWNWARD = CHANGES.comparatives.downward
# "a 12% real-terms fall", "31-point rise".
_NOUN_AFTER = re.compile(rf"^(?:-|[ -](?:[a-z-]+ ){{0,2}}?)(?P<noun>{alternation(NOUNS_OF_MOVING)})(?![a-z])")
_NOT_BETWEEN = GRAMMAR.changes.not_between
# "500,000 more than the year before", "4% up on last year".
_MORE = re.compile(
    rf"^ (?:[a-z-]+ )?(?P<word>{alternation(_UPWARD | _DOWNWARD)})(?: [a-z-]+){{0,3}}?"
    r"(?: (?:in|at|last|this) [a-z0-9/ -]{3,20})? (?:than|on|from)(?= (?P<rest>.*))"
)
# "9% worse off than in 2010"; "half as long again as in 2018".
_OFF = re.compile(r" (?P<way>better|worse) off(?: [a-z-]+){0,4}? than ")
_AGAIN = re.compile(
    r" as (?:long|much|many|high|large|big) again as (?:in|at|it was|they were|before|the year)(?![a-z])"
)
_MORE_SINCE = re.compile(
    r" (?P<word>more|higher|less|lower)(?: (?:per|a|each|every) [a-z]+)? since (?:the|19|20|it|they)"
)
# "6% above 2022", "a tenth below last year".
_ABOVE = re.compile(rf" (?P<word>above|below) (?:{TIME_OF_LEVEL})")
_THAN_EARLIER = re.compile(
    r"(?!an? (?:year|month|week|decade)(?! (?:ago|earlier|before|previously)))"
    r"(?:(?:in|on|at|during|the|a|an|its|their|it|was|were|they|had|been|same|time|period|end|of|levels?|figure"
    r"|total|for|that|those) )*"
    r"(?:(?:[a-z]+|[0-9]+) (?:months?|years?|weeks?) (?:before|earlier|ago)"
    r"|before|earlier|previous|last|(?:19|20)[0-9]{2}|year|month|week|quarter|decade"
    rf"|{alternation(PERIODS.months)}|then|five|ten|pre-[a-z]+|peak|start|when)(?![a-z])"
)
_PARTS = re.compile(r"[;()]|: | - |, (?:and|but|which|though) |,? (?:while|whilst|whereas|although) | but ")
# With a sum of money these say what was earned or given away, not what moved.
_TAKEN = GRAMMAR.changes.taken
_BARE_MULTIPLES = GRAMMAR.changes.bare_multiples
_BEFORE_BARE = frozenset(("to", "than", "will", "would", "could", "may", "might", "should", "can", "must"))
_BOUNDS = frozenset(("below", "above", "past", "beneath", "through"))  # "fell below 80 per cent"
_NOTHING = Told(None, as_noun=False, above=False, more=False)
_NEGATIONS = QUALIFIERS.negations.words
_SIZES = frozenset(("percent", "fraction"))
_STANDING_AT = (
    ["stands", "at"],
    ["stood", "at"],
    ["comes", "to"],
    ["came", "to"],
    ["amounts", "to"],
    ["amounted", "to"],
)
_GIVEN = frozenset(("loss", "gain", "gains", "addition", "cut", "cuts", "growth"))  # of money these are amounts as well
_WHOLES = frozenset(("share", "proportion", "percentage", "fraction", "rate", "target", "total", "minimum", "maximum"))
_COPULAS = frozenset(("is", "was", "are", "were", "be", "been"))
_BEING = _COPULAS | {"has", "have", "had"}
_AMOUNTS = GRAMMAR.changes.amounts
_DETERMINERS = GRAMMAR.bases.determiners
_NOT_OBJECT = frozenset(("to", "of", "by", "from", "that", "which", "and", ",", "than"))
_FALLS_SHORT = re.compile(r" (?:short|shy) of(?![a-z])")
# "Five times as much in 2023 as it had in 2018", "three times the number in 2010".
_TIMES_AS = re.compile(
    r"^ (?:as (?:much|many|high|large)[^;]{0,70}? as|the (?:number|amount|level|figure|total|rate|sum|share"
    r"|proportion|price|cost|size)|what it)"
    r"(?: [a-z]+){0,4}? (?:in|at|for|before|earlier|(?=(?:19|20)[0-9]{2}))(?: ?(?:the|early|late|end of)){0,2}"
    rf"(?: (?:19|20)[0-9]{{2}}| (?:{alternation(PERIODS.months)}))"
    r"|^ (?:as (?:much|many|high|large|long) as|the [a-z]+(?: [a-z]+)? (?:of|from)) (?:[a-z]+ ){0,3}?"
    r"(?:years?|months?|decade) (?:ago|earlier|before)"
    r"|^ (?:as (?:much|many|high|large|long) as|what) (?:it|they|he|she|we|you|i)"
    r"(?:'d|(?: (?:once|then|first|originally|previously))? (?:had|was|were|used to|did))(?![a-z])"
    r"|^ the [a-z]+(?: [a-z]+){0,3} (?:before|prior to|at the (?:start|time) of) (?:the|it|they|we)(?![a-z])"
)


def _words_before(sentence: Sentence, parent: Clause, clause: Clause) -> list[str]:
    """The words of a clause that stand before one that hangs on it."""
    tree = sentence.clauses
    return [
        word.text
        for word, number in zip(tree.words, tree.of, strict=True)
        if tree.clauses[number] is parent and word.end <= clause.start
    ]


def _from_clause(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """The direction that the figure's clause or the one that it hangs on gives it."""
    quantity = found[index]
    tree = sentence.clauses
    clause = tree.clauses[tree.at(quantity.start)]
    own = without_qualifiers(sentence.lower[clause.start : quantity.start].lstrip(" ,-(:")).split()
    sized = quantity.kind in _SIZES and not quantity.compound
    moved = _from_subject(sentence, clause, own, quantity) or (
        _transitive(sentence, clause, quantity) if sized else None
    )
    if moved is not None or clause.parent < 0:
        return moved
    return _from_parent(sentence, tree.clauses[clause.parent], clause, own, quantity)


def _from_subject(sentence: Sentence, clause: Clause, own: list[str], quantity: Quantity) -> Change | None:
    """ "This increase was just 3.1%": a noun of moving is the subject, and the verb only says how much it was."""
    tree = sentence.clauses
    sized = quantity.kind in _SIZES and not quantity.compound
    stands = own[-2:] in _STANDING_AT or (sized and own[-1:] and own[-1] in _COPULAS)
    if clause.verb < 0 or not stands or not (sized or quantity.kind == "money"):
        return None
    subject = [word.text for word in tree.words[clause.first : clause.verb] if word.text.isalpha()]
    nouns = [at for at, word in enumerate(subject) if word in NOUNS_OF_MOVING]
    if not nouns or "of" in subject[: nouns[0]] or (not sized and subject[nouns[0]] in _GIVEN):
        return None
    return NOUNS_OF_MOVING[subject[nouns[0]]]


def _transitive(sentence: Sentence, clause: Clause, quantity: Quantity) -> Change | None:
    """ "Raised its takings 41 per cent": a verb of moving, its object, and by how much."""
    verb = lexical_verb(sentence.clauses, clause)
    if verb not in VERBS_OF_MOVING or quantity.kind not in {"percent", "fraction"}:
        return None
    words = sentence.clauses.words
    gap = [word.text for word in words[clause.verb + 1 :] if word.end <= quantity.start]
    plain = not _NOT_OBJECT.intersection(gap) and gap and gap[0] in _DETERMINERS
    return VERBS_OF_MOVING[verb] if plain and len(gap) <= 8 else None


def _from_parent(
    sentence: Sentence, parent: Clause, clause: Clause, own: list[str], quantity: Quantity
) -> Change | None:
    """ "Have risen faster (by 33%)", "go up each year - by 2.5%", "growth, amounting to 11%", "a growth in X: 64"."""
    if own == ["by"]:
        words = _words_before(sentence, parent, clause)
        return _moved_to([word for word in words if word not in {"each", "every", "year", "month"}])
    amounting = own[:1] and own[0] in _AMOUNTS and own[-1] in {"to", "at", "of", "averaging"}
    listing = clause.opener == ":" and not own and parent.verb >= 0
    being = listing and sentence.clauses.words[parent.verb].text in _BEING
    if not being and not (amounting and quantity.kind in _SIZES):
        return None
    words = _words_before(sentence, parent, clause)
    growing = [word for word in words if word in NOUNS_OF_MOVING and word not in {"loss", "cut", "cuts"}]
    return NOUNS_OF_MOVING[growing[-1]] if growing else None


def directions(sentence: Sentence, found: list[Quantity]) -> list[Told]:
    """What the words beside each figure, or else its clause, say of its move."""
    return [_told(sentence, found, index) for index in range(len(found))]


def _told(sentence: Sentence, found: list[Quantity], index: int) -> Told:
    change = _beside_it(sentence, found, index) or _from_clause(sentence, found, index)
    if change is None:
        return _NOTHING
    end = found[index].end
    return Told(
        change,
        _from_noun(sentence, found, index) is not None,
        _ABOVE.match(sentence.lower, end) is not None,
        _MORE.match(sentence.after(found[index], 60)) is not None,
    )


def _beside_it(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    quantity = found[index]
    if quantity.number.form == "multiple" and quantity.kind == "multiple":
        return _multiplied(sentence, quantity) or _from_more(sentence, found, index)
    if _FALLS_SHORT.match(sentence.lower, quantity.end):
        return None
    floor = found[index - 1].end if index else sentence.start
    return (
        _from_noun(sentence, found, index)
        or _from_before(sentence, quantity, floor)
        or _from_more(sentence, found, index)
        or _from_turn(sentence, quantity)
    )


def _multiplied(sentence: Sentence, quantity: Quantity) -> Change | None:
    """ "doubled", "to double", "a threefold rise" move; "twice the price", "double the number" do not."""
    word = sentence.lower[quantity.number.start : quantity.number.end]
    if word in VERBS_OF_MOVING:
        bare = word in _BARE_MULTIPLES
        before = without_qualifiers(sentence.before(quantity, 40)).split()[-1:]
        return None if bare and _BEFORE_BARE.isdisjoint(before) else VERBS_OF_MOVING[word]
    match = _NOUN_AFTER.match(sentence.after(quantity, 60))
    return NOUNS_OF_MOVING[match["noun"]] if match else _from_before(sentence, quantity, sentence.start)


def _from_before(sentence: Sentence, quantity: Quantity, floor: int) -> Change | None:
    window = sentence.lower[max(sentence.start, quantity.start - 120) : quantity.start]
    clause = _PARTS.split(window)[-1]
    own = sentence.lower[max(floor, quantity.start - len(clause)) : quantity.start]
    if len(own) < len(clause) and ("," in own or " and " in own):
        clause = own
    words = without_qualifiers(clause).split()
    if not words or not _ADJUSTING.isdisjoint(words) or words[-1] in {"from", "on", "than"}:
        return None
    last = words[-1]
    if last == "by" and words[-2:-1] and words[-2] in ADVERBS_OF_MOVING:
        return ADVERBS_OF_MOVING[words[-2]]
    if last == "reach" and words[-2:-1] == ["to"]:
        words, last = words[:-1], "to"  # "to increase activity sharply to reach"
    if last in {"to", "by", "into", "reaching"}:
        return _moved_to(words[:-1])
    if last in {"of", "at"} and not quantity.compound:
        return _of_or_at(words, quantity)
    earned = quantity.kind == "money" or (quantity.kind == "rate" and (quantity.unit or "")[:3].isupper())
    earned = earned or (quantity.kind == "percent" and words[-1].startswith("rais"))
    if quantity.compound or (earned and not _TAKEN.isdisjoint(words[-2:])):
        return None
    return _directly(words)


def _of_or_at(words: list[str], quantity: Quantity) -> Change | None:
    """ "An increase of 4%", "grew at 4%", "grew at an average real-terms rate of 4%"."""
    reach = words[-6:-1]
    if quantity.kind == "percent" and words[-1] == "of" and words[-2:-1] and words[-2] not in _WHOLES:
        reach = words[-_MOST_BEFORE:-1]  # "an average gain for the ten biggest trusts of 22%"
        verbs = [at for at, word in enumerate(reach) if word in VERBS and word not in NOUNS_OF_MOVING]
        reach = reach[verbs[-1] + 1 :] if verbs else reach
    nouns = [word for word in reach if word in NOUNS_OF_MOVING and (word != "loss" or quantity.kind != "money")]
    rate = words[-2:] == ["rate", "of"] and "at" in words[-6:]
    at = max(at for at, word in enumerate(words) if word == "at") if rate else len(words) - 1
    growing = quantity.kind == "percent" and words[at] == "at" and at > 0
    return NOUNS_OF_MOVING[nouns[-1]] if nouns else VERBS_OF_MOVING.get(words[at - 1]) if growing else None


def _moved_to(words: list[str]) -> Change | None:
    """The direction of the move that "to" or "by" belongs to: the last word of moving, if no other verb follows it."""
    if words and words[-1] in ADVERBS_OF_MOVING:
        before = words[-2] if len(words) > 1 else ""
        moving = before in VERBS_OF_MOVING or is_going(before)
        return ADVERBS_OF_MOVING[words[-1]] if moving or words[-1] == "down" else None
    passive = False
    for at, word in reversed(list(enumerate(words))[-_MOST_BEFORE:]):
        if word in VERBS_OF_MOVING or word in NOUNS_OF_MOVING:
            return None if passive and word in NOUNS_OF_MOVING else VERBS_OF_MOVING.get(word) or NOUNS_OF_MOVING[word]
        if word in {"up", "down"} and at and is_going(words[at - 1]):
            return ADVERBS_OF_MOVING[word]
        passive = passive or word in AUXILIARIES
        led = at + 1 < len(words) and words[at + 1] in PREPOSITIONS and word in _PARTICIPLES
        if word in _ENDS_REACH or (word in VERBS and word not in _NO_END and not led):
            return None
    return None


def _directly(words: list[str]) -> Change | None:
    """The direction of a word of moving right before the number: "rose 12%", "up 4%", "lost a third"."""
    bounded = words[-1] in _BOUNDS and _NEGATIONS.isdisjoint(words[-6:])
    for word in reversed(words[-3:-1] if bounded else words[-2:]):
        if word in _BARE_MULTIPLES:
            return None
        if word in ADVERBS_OF_MOVING and any(before in _PHRASAL for before in words[-4:-1]):
            return None  # "made up 51 per cent of staff"
        if word in ADVERBS_OF_MOVING or word in VERBS_OF_MOVING:
            return ADVERBS_OF_MOVING.get(word) or VERBS_OF_MOVING[word]
        if not word.endswith("ly") and word not in {"again", "back", "further", "out", "off", "another"}:
            return None
    return None


def _from_noun(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """ "a 12% real-terms fall"."""
    quantity = found[index]
    after = _after(sentence, found, index)
    noun = _NOUN_AFTER.match(after)
    if (
        noun is not None
        and _NOT_BETWEEN.isdisjoint(between := after[: noun.start("noun")].split())
        and VERBS.isdisjoint(between)
        and quantity.kind != "duration"
        and not (index + 1 < len(found) and quantity.end + noun.end() + 1 == found[index + 1].start)
    ):
        return NOUNS_OF_MOVING[noun["noun"]]
    return None


def _after(sentence: Sentence, found: list[Quantity], index: int) -> str:
    ceiling = found[index + 1].start if index + 1 < len(found) else None
    return sentence.after(found[index], 90, ceiling)


def _from_turn(sentence: Sentence, quantity: Quantity) -> Change | None:
    """ "9% worse off than in 2010", "half as long again as in 2018", "£15bn more a year since the pandemic"."""
    off = _OFF.match(sentence.lower, quantity.end, sentence.end)
    if off is not None and _THAN_EARLIER.match(sentence.lower, off.end(), sentence.end):
        return "increase" if off["way"] == "better" else "decrease"
    if quantity.kind == "fraction" and _AGAIN.match(sentence.lower, quantity.end, sentence.end):
        return "increase"
    since = _MORE_SINCE.match(sentence.lower, quantity.number.end, sentence.end)
    return comparative(since["word"]) if since is not None else None


def _from_more(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """ "500,000 more than the year before"."""
    quantity = found[index]
    if quantity.kind == "multiple":
        times = _TIMES_AS.match(sentence.after(quantity, 110))
        if times is not None:
            return "increase" if quantity.value > 1 else "decrease"
    above = _ABOVE.match(sentence.lower, quantity.end, sentence.end)
    if above is not None and quantity.kind == "percent":
        return comparative(above["word"])
    near = sentence.lower[quantity.number.end : min(sentence.end, quantity.end + 70)]
    if " than" not in near and " on " not in near and " from " not in near:
        return None
    more = _MORE.match(_after(sentence, found, index)) or _MORE.match(
        sentence.lower[quantity.number.end : sentence.end][:90]
    )
    if more is not None and _THAN_EARLIER.match(more["rest"]):
        return comparative(more["word"])
    return None
