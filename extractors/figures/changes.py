"""What moved: the direction of a figure's change over time, and the figure it moved from."""

import re
from collections.abc import Sequence

from extractors.figures.clauses import Clause, lexical_verb
from extractors.figures.dates import Time
from extractors.figures.lexicons import CHANGES, GRAMMAR, MEASURES, PERIODS, QUALIFIERS, alternation
from extractors.figures.model import Change
from extractors.figures.nouns import AUXILIARIES, PREPOSITIONS, VERBS, is_finite
from extractors.figures.quantities import Quantity, alike, comparable, moved_by_value
from extractors.figures.sentence import TIME_OF_LEVEL, Move, Sentence, is_going, without_qualifiers, words_before

_VERBS = CHANGES.verbs.direction()
_NOUNS = CHANGES.nouns.direction()
_ADVERBS = CHANGES.adverbs.direction()
_MOVING = {**_NOUNS, **_VERBS, **_ADVERBS}
_MOVERS = CHANGES.movers.words
_RANGING = CHANGES.ranging.words
_ENDS_REACH = GRAMMAR.changes.ends_reach
_CARRYING_ON = GRAMMAR.changes.carrying_on
_PHRASAL = GRAMMAR.changes.phrasal
_NOUNS_TOO = GRAMMAR.clauses.nouns_too
_PARTICIPLES = GRAMMAR.clauses.participles
_NO_END = _NOUNS_TOO | _MOVERS | _CARRYING_ON
_FAR = 180  # characters over which "compared with" still goes back
_MOST_BEFORE = 14  # words between a verb of moving and its "by" or "to"
_ADJUSTING = CHANGES.adjusting.words
_UPWARD = CHANGES.comparatives.upward
_DOWNWARD = CHANGES.comparatives.downward

# "a 12% real-terms fall", "31-point rise".
_NOUN_AFTER = re.compile(rf"^(?:-|[ -](?:[a-z-]+ ){{0,2}}?)(?P<noun>{alternation(_NOUNS)})(?![a-z])")
_NOT_BETWEEN = GRAMMAR.changes.not_between
# "500,000 more than the year before", "4% up on last year".
_MORE = re.compile(
    rf"^ (?:[a-z-]+ )?(?P<word>{alternation(_UPWARD | _DOWNWARD)})(?: [a-z-]+){{0,3}}?"
    r"(?: (?:in|at|last|this) [a-z0-9/ -]{3,20})? (?:than|on|from)(?= (?P<rest>.*))"
)
# "6% above 2022", "a tenth below last year".
_ABOVE = re.compile(rf" (?P<word>above|below) (?:{TIME_OF_LEVEL})")
_EARLIER = re.compile(
    r"(?<![a-z])(?:before|earlier|previous|previously|ago|last (?:year|month|week|quarter|time|summer|winter)"
    r"|then|originally|initially|formerly|(?:19|20)[0-9]{2}|once|at the start|pre-[a-z]+|prior|at its peak|when"
    rf"|(?:in|at|of) (?:{alternation(PERIODS.months)}))(?![a-z])"
)
_THAN_EARLIER = re.compile(
    r"(?:(?:in|on|at|during|the|a|an|its|their|it|was|were|they|had|been|same|time|period|end|of|levels?|figure"
    r"|total|for|that|those) )*"
    r"(?:(?:[a-z]+|[0-9]+) (?:months?|years?|weeks?) (?:before|earlier|ago)"
    r"|before|earlier|previous|last|(?:19|20)[0-9]{2}|year|month|week|quarter|decade"
    rf"|{alternation(PERIODS.months)}|then|five|ten|pre-[a-z]+|peak|start|when)(?![a-z])"
)
_PARTS = re.compile(r"[;()]|: | - |, (?:and|but|which|though) |,? (?:while|whilst|whereas|although) | but ")
_BRACKET = re.compile(r" \([^()]{0,40}\)")
_FROM_END = re.compile(r"(?<![a-z])from(?: [a-z-]+ of)?$")
_TO_LINK = re.compile(r"^(?P<time>[^,;]{0,60}?) (?:to|into|down to|up to|towards)(?: (?:[a-z'-]+)){0,5}$")
_BACK_LINK = re.compile(
    r"(?<![a-z])(?:(?P<updown>up|down),?(?: [a-z]+)? (?:from|on)|(?P<compared>compared (?:with|to)"
    r"|as against|against|versus|rather than|instead of|as opposed to|in contrast to)|(?P<from>from)"
    r"|(?P<than>(?:more|fewer|less|higher|lower|up|down)(?: than)?)(?: on| than)?)(?: [^,;()]{0,40})?$"
)
_REACH = re.compile(
    r"(?<![a-z])(?:reach|reaches|reached|reaching|hit|hits|hitting|approach|top|touch|peak at|exceed"
    r"|surpass|pass)$"
)
_RISE_OF = re.compile(
    r"^,? (?:- )?(?:which (?:is|was|represents) )?(?:representing |marking |meaning )?(?:a|an"
    rf"|the)(?: [a-z-]+){{0,3}}? (?P<noun>{alternation(_NOUNS)}) of$"
)
_UP_BY = re.compile(r"^(?: ?(?:in|for|during|at|over|last|this) [^,;]{1,40})?,? ?\(?(?:up|down)(?: by)?$")
# "Patients waiting at the end of April, a 3.7% rise", "the total is a 3% decline".
_A_MOVE = re.compile(r"(?:,| -| \(| is| was| represents| represented| marks| marked),? an? (?:just )?$")
_SINCE_THEN = re.compile(r" (?:on|from|above|below|than|since) .*[0-9]{4} \($")
_CLOSED = VERBS | {";", ":", "is", "was", "were", "are", "had", "has", "with", "by", "from"}
_IS = frozenset(("is", "was", "represents", "represented", "marks", "marked"))
# Between a move and the level it led to, or the move said again in another unit.
_RESTATING = frozenset((" (", " (or ", ", or ", ", to ", " to "))
_THEN_TO = re.compile(
    r"^(?:(?:since|in|over|by|during) [^,;0-9]{0,12}(?:[12][0-9]{3}(?:[-/][0-9]{2,4})?|year|decade|month))?,? to$"
)
# "8 per cent last year, to £61m", "1.3 million tests in November, 19 per cent more than".
_TIME_BETWEEN = re.compile(
    rf"^ (?:(?:in|during|over|by|for) )?(?:(?:last|this|the (?:previous|following|same)) )?(?:year|month|quarter"
    rf"|{alternation(PERIODS.months)})(?: (?:19|20)[0-9]{{2}})?(?=,)"
)
# With a sum of money these say what was earned or given away, not what moved.
_TAKEN = GRAMMAR.changes.taken
_BARE_MULTIPLES = GRAMMAR.changes.bare_multiples
_BEFORE_BARE = frozenset(("to", "than", "will", "would", "could", "may", "might", "should", "can", "must"))
_BOUNDS = frozenset(("below", "above", "past", "beneath", "through"))  # "fell below 80 per cent"
_AIMS = GRAMMAR.changes.aims
_NEGATIONS = QUALIFIERS.negations.words
_SIZES = frozenset(("percent", "fraction"))
_COPULAS = frozenset(("is", "was", "are", "were", "be", "been"))
_BEING = _COPULAS | {"has", "have", "had"}
_AMOUNTS = GRAMMAR.changes.amounts
_DETERMINERS = GRAMMAR.bases.determiners
_NOT_OBJECT = frozenset(("to", "of", "by", "from", "that", "which", "and", ",", "than"))
_FALLS_SHORT = re.compile(r" (?:short|shy) of(?![a-z])")
_LEADING_TO = frozenset(("reaching", "hitting", "topping", "passing"))
_TAKING = MEASURES.taking_to.words
_STILL = Move()
_THE = re.compile(r" (?:the|its|their|what|that)(?: [a-z-]+){0,5} (?:of )?$")
_TIMES_THE = re.compile(r"(?<=times|twice|ouble|riple) (?:the|as|what|its|their)(?![a-z])")
_LISTED = re.compile(
    r"(?:(?: (?:in|at|for|among|on)(?: [a-z0-9'&-]+){1,5})?,? (?:and|or)|(?: in [a-z0-9 ]{3,16})?,)(?: by)? $"
    r"|[^;:]* by(?: as much as| up to| only| just)? $"
)
_BARE = re.compile(
    r"^ (?P<word>higher|lower|up|down|fewer)(?=[,.;)]|$| (?:since|than (?:before|in|it was)|overall)(?![a-z]))"
)
# "Five times as much in 2023 as it had in 2018", "three times the number in 2010".
_TIMES_AS = re.compile(
    r"^ (?:as (?:much|many|high|large)[^;]{0,70}? as|the (?:number|amount|level|figure|total|rate|sum|share"
    r"|proportion|price|cost|size)|what it)"
    r"(?: [a-z]+){0,4}? (?:in|at|for|before|earlier|(?=(?:19|20)[0-9]{2}))(?: ?(?:the|early|late|end of)){0,2}"
    rf"(?: (?:19|20)[0-9]{{2}}| (?:{alternation(PERIODS.months)}))"
    r"|^ (?:as (?:much|many|high|large|long) as|the [a-z]+(?: [a-z]+)? (?:of|from)) (?:[a-z]+ ){0,3}?"
    r"(?:years?|months?|decade) (?:ago|earlier|before)"
    r"|^ the [a-z]+(?: [a-z]+){0,3} (?:before|prior to|at the (?:start|time) of) (?:the|it|they|we)(?![a-z])"
)


def changes(sentence: Sentence, found: list[Quantity], mentions: Sequence[Time]) -> list[Move]:
    """The move of each figure of a sentence; `origin` counts in `found`. What only names a time does not move."""
    places = [at for at, one in enumerate(found) if not any(time.start <= one.start < time.end for time in mentions)]
    if len(places) == len(found):
        return _changes(sentence, found)
    result = [Move()] * len(found)
    for at, move in zip(places, _changes(sentence, [found[at] for at in places]), strict=True):
        result[at] = move if move.origin is None else Move(move.change, places[move.origin])
    return result


def _changes(sentence: Sentence, found: list[Quantity]) -> list[Move]:
    moves = [
        Move(_direction(sentence, found, index) or _from_clause(sentence, found, index)) for index in range(len(found))
    ]
    for index in range(1, len(found)):
        _link(sentence, found, index, moves)
        _beside(sentence, found, index, moves)
        _going_on(sentence, found, index, moves)
        if moves[index] == _STILL:
            _led_to(sentence, found, index, moves)
    _size_in_list(sentence, found, moves)
    _lower_still(sentence, found, moves)
    _level_of_mover(sentence, found, moves)
    if any(one.kind == "multiple" for one in found):
        _multiplied_level(sentence, found, moves)
        _level_of_multiple(sentence, found, moves)
    _listed_sizes(sentence, found, moves)
    _bracketed_origin(sentence, found, moves)
    return moves


# What the clause says, where the words beside the figure do not.


def _from_clause(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """The direction that the figure's clause or the one that it hangs on gives it."""
    quantity = found[index]
    tree = sentence.clauses
    clause = tree.clauses[tree.at(quantity.start)]
    own = without_qualifiers(sentence.lower[clause.start : quantity.start].lstrip(" ,-(:")).split()
    sized = quantity.kind in _SIZES and not quantity.compound
    moved = _from_subject(sentence, clause, own) or _transitive(sentence, clause, quantity) if sized else None
    if moved is not None or clause.parent < 0:
        return moved
    return _from_parent(sentence, tree.clauses[clause.parent], clause, own, quantity)


def _from_subject(sentence: Sentence, clause: Clause, own: list[str]) -> Change | None:
    """ "This increase was just 3.1%": a noun of moving is the subject, and the verb only says how much it was."""
    tree = sentence.clauses
    if clause.verb < 0 or not own or own[-1] not in _COPULAS:
        return None
    subject = [word.text for word in tree.words[clause.first : clause.verb] if word.text.isalpha()]
    nouns = [at for at, word in enumerate(subject) if word in _NOUNS]
    if not nouns or "of" in subject[: nouns[0]]:
        return None
    return _NOUNS[subject[nouns[0]]]


def _transitive(sentence: Sentence, clause: Clause, quantity: Quantity) -> Change | None:
    """ "Raised its takings 41 per cent": a verb of moving, its object, and by how much."""
    verb = lexical_verb(sentence.clauses, clause)
    if verb not in _VERBS or quantity.kind not in {"percent", "fraction"}:
        return None
    words = sentence.clauses.words
    gap = [word.text for word in words[clause.verb + 1 :] if word.end <= quantity.start]
    plain = not _NOT_OBJECT.intersection(gap) and gap and gap[0] in _DETERMINERS
    return _VERBS[verb] if plain and len(gap) <= 8 else None


def _from_parent(
    sentence: Sentence, parent: Clause, clause: Clause, own: list[str], quantity: Quantity
) -> Change | None:
    """ "Have risen faster (by 33%)", "go up each year - by 2.5%", "growth, amounting to 11%", "a growth in X: 64"."""
    if own == ["by"]:
        words = words_before(sentence, parent, clause)
        return _moved_to([word for word in words if word not in {"each", "every", "year", "month"}])
    amounting = own[:1] and own[0] in _AMOUNTS and own[-1] in {"to", "at", "of", "averaging"}
    listing = clause.opener == ":" and not own and parent.verb >= 0
    being = listing and sentence.clauses.words[parent.verb].text in _BEING
    if not being and not (amounting and quantity.kind in _SIZES):
        return None
    words = words_before(sentence, parent, clause)
    growing = [word for word in words if word in _NOUNS and word not in {"loss", "cut", "cuts"}]
    return _NOUNS[growing[-1]] if growing else None


def _going_on(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """ "51% of staff, falling to 44%": a participle of moving goes on from the level before it."""
    this, before = found[index], found[index - 1]
    clause = sentence.clauses.clauses[sentence.clauses.at(this.start)]
    if clause.kind != "participle" or moves[index].change is None or moves[index].origin is not None:
        return
    own = without_qualifiers(sentence.lower[clause.start : this.start].lstrip(" ,")).split()
    level = moves[index - 1].change is None or moves[index - 1].origin is not None or _is_level(sentence, before)
    if own[-1:] == ["to"] and comparable(before, this) and this.kind == before.kind and level:
        moves[index] = Move(moves[index].change, index - 1)


def _led_to(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """ "More than trebled, reaching 118,000", "a rise of 9 per cent, taking her salary to £265,000"."""
    if moves[index - 1].change is None:
        return
    tree = sentence.clauses
    clause = tree.clauses[tree.at(found[index].start)]
    own = without_qualifiers(sentence.lower[clause.start : found[index].start].lstrip(" ,")).split()
    reaching = clause.kind == "participle" and len(own) == 1 and own[0] in _LEADING_TO
    if reaching or (clause.opener in _TAKING and own[-1:] == ["to"]):
        moves[index] = Move(moves[index - 1].change)


def _is_level(sentence: Sentence, quantity: Quantity) -> bool:
    return without_qualifiers(sentence.before(quantity, 40)).endswith(
        (" to", " at", " of", " was", " were", " is", " are")
    )


def _size_in_list(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "Kelmere Trust by 22% - from £8.1m to £9.9m": with no verb the levels say which way."""
    for index in range(len(found) - 2):
        size, level = moves[index], moves[index + 2]
        listed = size.change is None and level.origin == index + 1 and found[index].kind == "percent"
        if listed and without_qualifiers(sentence.before(found[index], 30)).endswith(" by"):
            moves[index] = Move(level.change)


def _lower_still(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "Volumes have fallen by 11% and the total is 9% lower": a bare comparative after a move."""
    for index, quantity in enumerate(found):
        if index and moves[index].change is None and quantity.kind == "percent" and moves[index - 1].change is not None:
            match = _BARE.match(sentence.after(quantity, 24))
            if match is not None:
                moves[index] = Move(_comparative(match["word"]))


def _level_of_mover(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "The list - which stood at 6.9 million - has grown by 50%": the level of what is said to have moved."""
    tree = sentence.clauses
    for index in range(len(found) - 1):
        clause = tree.clauses[tree.at(found[index].start)]
        size = moves[index + 1].change
        apart = clause.kind == "aside" and tree.words[clause.first].text == "," and clause.verb < 0
        if apart and size is not None and moves[index + 1].origin is None and moves[index] == Move():
            mover = tree.clauses[tree.at(found[index + 1].start)]
            to = without_qualifiers(sentence.before(found[index + 1], 40)).endswith(" to")
            if to and tree.clauses[clause.parent] is mover and comparable(found[index], found[index + 1]):
                moves[index + 1] = Move(size, index)
                continue
        if clause.kind != "relative" or size is None or moves[index] != Move() or moves[index + 1].origin is not None:
            continue
        outer = tree.at(found[index + 1].start)
        moving = lexical_verb(tree, tree.clauses[outer]) in _VERBS
        if moving and outer < tree.at(found[index].start) and _is_level(sentence, found[index]):
            moves[index] = Move(size)


def _multiplied_level(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "14 weeks in April, double the 7 recorded in 2019": a level, and how often the earlier one it is."""
    for index in range(1, len(found) - 1):
        level, times, earlier = found[index - 1 : index + 2]
        if times.kind != "multiple" or moves[index].change is not None or not comparable(level, earlier):
            continue
        the = _THE.match(sentence.between(times, earlier))
        if the is not None and _EARLIER.search(the[0] + sentence.after(earlier, 40)):
            moves[index] = Move("increase" if times.value > 1 else "decrease")
            if moves[index - 1].change is None:
                moves[index - 1] = Move(moves[index].change)


def _level_of_multiple(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "37% were passed on in 2022, three times the share in 2017": the level has moved as well."""
    for index in range(1, len(found)):
        this, level = found[index], found[index - 1]
        gap = sentence.between(level, this)
        apart = VERBS.isdisjoint(gap.rpartition(",")[2].split()) and "," in gap
        times = _TIMES_THE.match(sentence.lower, this.end)
        if moves[index].change is None or times is None or not apart or level.kind == "duration":
            continue
        if moves[index - 1] == Move():
            moves[index - 1] = Move(moves[index].change)
        if index > 1 and sentence.between(found[index - 2], level).endswith(" (") and moves[index - 2] == Move():
            moves[index - 2] = Move(moves[index].change)


def _listed_sizes(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "Up by 48 per cent and 21 per cent respectively", "a rise of £1.9 and £0.4 billion": sizes of one move."""
    for index in range(1, len(found)):
        before, this = found[index - 1], found[index]
        percent = before.kind == this.kind == "percent" and before.unit == this.unit
        pair = before.kind == this.kind == "money" and sentence.between(before, this) == " and "
        if not (percent or pair) or moves[index - 1].change is None or moves[index] != Move():
            continue
        if moves[index - 1].origin is None and (pair or not _is_level(sentence, before)):
            gap = _LISTED.match(sentence.between(before, this))
            if gap is not None and VERBS.isdisjoint(gap[0].split()):
                moves[index] = Move(moves[index - 1].change)


def _bracketed_origin(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "169,000, a 52% increase on 2021 (111,000)": behind the time that a move is from stands the level then."""
    for index in range(2, len(found)):
        level, size, origin = found[index - 2 : index + 1]
        moved = moves[index - 2].change is not None and moves[index - 2] == Move(moves[index - 1].change)
        gap = sentence.between(size, origin)
        since = moved and moves[index] == Move() and _SINCE_THEN.search(gap) is not None
        if since and comparable(level, origin) and level.kind != "percent" and not origin.compound:
            moves[index - 2] = Move(moves[index - 2].change, index)


def _direction(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
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
    )


def _multiplied(sentence: Sentence, quantity: Quantity) -> Change | None:
    """ "doubled", "to double", "a threefold rise" move; "twice the price", "double the number" do not."""
    word = sentence.lower[quantity.number.start : quantity.number.end]
    if word in _VERBS:
        bare = word in _BARE_MULTIPLES
        before = without_qualifiers(sentence.before(quantity, 40)).split()[-1:]
        return None if bare and _BEFORE_BARE.isdisjoint(before) else _VERBS[word]
    match = _NOUN_AFTER.match(sentence.after(quantity, 60))
    return _NOUNS[match["noun"]] if match else _from_before(sentence, quantity, sentence.start)


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
    if last == "by" and words[-2:-1] and words[-2] in _ADVERBS:
        return _ADVERBS[words[-2]]
    if last in {"to", "by", "into", "reaching"}:
        return _moved_to(words[:-1])
    if last in {"of", "at"}:
        return _of_or_at(words, quantity)
    earned = quantity.kind == "money" or (quantity.kind == "rate" and (quantity.unit or "")[:3].isupper())
    earned = earned or (quantity.kind == "percent" and words[-1].startswith("rais"))
    if quantity.compound or (earned and not _TAKEN.isdisjoint(words[-2:])):
        return None
    return _directly(words)


def _of_or_at(words: list[str], quantity: Quantity) -> Change | None:
    """ "An increase of 4%", "grew at 4%", "grew at an average real-terms rate of 4%"."""
    nouns = [word for word in words[-6:-1] if word in _NOUNS and (word != "loss" or quantity.kind != "money")]
    rate = words[-2:] == ["rate", "of"] and "at" in words[-6:]
    at = max(at for at, word in enumerate(words) if word == "at") if rate else len(words) - 1
    growing = quantity.kind == "percent" and words[at] == "at" and at > 0
    return _NOUNS[nouns[-1]] if nouns else _VERBS.get(words[at - 1]) if growing else None


def _moved_to(words: list[str]) -> Change | None:
    """The direction of the move that "to" or "by" belongs to: the last word of moving, if no other verb follows it."""
    if words and words[-1] in _ADVERBS:
        before = words[-2] if len(words) > 1 else ""
        moving = before in _VERBS or is_going(before)
        return _ADVERBS[words[-1]] if moving or words[-1] == "down" else None
    passive = False
    for at, word in reversed(list(enumerate(words))[-_MOST_BEFORE:]):
        if word in _VERBS or word in _NOUNS:
            return None if passive and word in _NOUNS else _VERBS.get(word) or _NOUNS[word]
        if word in {"up", "down"} and at and is_going(words[at - 1]):
            return _ADVERBS[word]
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
        if word in _ADVERBS and any(before in _PHRASAL for before in words[-4:-1]):
            return None  # "made up 51 per cent of staff"
        if word in _ADVERBS or word in _VERBS:
            return _ADVERBS.get(word) or _VERBS[word]
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
        and _NOT_BETWEEN.isdisjoint(after[: noun.start("noun")].split())
        and quantity.kind != "duration"
        and not (index + 1 < len(found) and quantity.end + noun.end() + 1 == found[index + 1].start)
    ):
        return _NOUNS[noun["noun"]]
    return None


def _after(sentence: Sentence, found: list[Quantity], index: int) -> str:
    ceiling = found[index + 1].start if index + 1 < len(found) else None
    return sentence.after(found[index], 90, ceiling)


def _from_more(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """ "500,000 more than the year before"."""
    quantity = found[index]
    if quantity.kind == "multiple":
        times = _TIMES_AS.match(sentence.after(quantity, 110))
        if times is not None:
            return "increase" if quantity.value > 1 else "decrease"
    above = _ABOVE.match(sentence.lower, quantity.end, sentence.end)
    if above is not None and quantity.kind == "percent":
        return _comparative(above["word"])
    near = sentence.lower[quantity.number.end : min(sentence.end, quantity.end + 70)]
    if " than" not in near and " on " not in near and " from " not in near:
        return None
    more = _MORE.match(_after(sentence, found, index)) or _MORE.match(
        sentence.lower[quantity.number.end : sentence.end][:90]
    )
    if more is not None and _THAN_EARLIER.match(more["rest"]):
        return _comparative(more["word"])
    return None


def _comparative(word: str) -> Change:
    return "increase" if word in _UPWARD else "decrease"


def _link(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """Link a figure with the one it moved from, whichever of the two stands first."""
    this = found[index]
    last = _before_bracket(sentence, found, index)
    before = found[last]
    gap = _BRACKET.sub("", sentence.between(before, this))
    if len(gap) > 110 or not alike(this, before):
        if len(gap) <= _FAR:
            _link_back(sentence, found, index, moves, gap)
        return
    if _is_from(sentence, before) and _runs_to(gap):
        if not _RANGING.isdisjoint(sentence.before(before, 30).split()):
            return
        direction = moved_by_value(this, before) or moves[index].change
        moves[last] = Move()
        moves[index] = Move(direction, last)
        return
    if _REACH.search(without_qualifiers(gap)) and this.unit == before.unit and ";" not in gap:
        moves[index] = Move(moved_by_value(this, before), last)
        return
    _link_back(sentence, found, index, moves, gap)


def _before_bracket(sentence: Sentence, found: list[Quantity], index: int) -> int:
    """The figure before this one, over those in brackets: "from £3.1bn (€4.2bn) to £5.4bn"."""
    tree = sentence.clauses
    number = tree.at(found[index].start)
    for place in range(index - 1, -1, -1):
        clause = tree.clauses[tree.at(found[place].start)]
        if not (clause.opener in {"(", "["} and clause.parent == number):
            return place
    return index - 1


def _runs_to(gap: str) -> bool:
    match = _TO_LINK.match(without_qualifiers(gap)) or _TO_LINK.match(gap.rstrip())
    if match is None:
        return False
    words = gap.split()
    return "and" not in words and VERBS.isdisjoint(words)


def _link_back(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move], gap: str) -> None:
    this = found[index]
    link = _BACK_LINK.search(without_qualifiers(gap))
    if link is None or link["than"]:
        return
    nearest = [t for t in range(index - 1, max(-1, index - 5), -1) if comparable(found[t], this)]
    target = next((t for t in nearest if found[t].kind == this.kind), nearest[0] if nearest else None)
    if target is None or moves[target].origin is not None:
        return
    # "grew by 0.6% a year, compared with 3.7%" compares two moves, neither of which came from the other.
    sized = without_qualifiers(sentence.before(found[target], 40)).endswith(" by")
    if sized and (link["compared"] or link["from"]):
        return  # and "fell by 8 from 120" is how much, not a level
    if not _AIMS.isdisjoint(link[0].split()) or (link["from"] and " and " in link[0]):
        return  # "21 per cent against a target of 5", "a 4% rise from the previous April and up a quarter"
    compared = gap[max(gap.rfind(link["compared"] or ""), 0) :]  # a time before it is that of the figure it compares
    timed = moves[target].change is not None or _EARLIER.search(compared + sentence.after(this, 45)) is not None
    if not link["updown"] and not timed:
        return
    if link["from"] and (moves[target].change is None or _in_another_clause(sentence, found[target], this)):
        return
    direction: Change | None = moved_by_value(found[target], this)
    if link["updown"]:
        direction = _ADVERBS[link["updown"]]
    moves[target] = Move(direction or moves[target].change, index)
    moves[index] = Move()


def _in_another_clause(sentence: Sentence, target: Quantity, this: Quantity) -> bool:
    """Whether "from" belongs to another move: "grew by 8%, which means a rise in its share from 11% to 15%"."""
    tree = sentence.clauses
    first, second = tree.at(target.start), tree.at(this.start)
    return first != second and tree.clauses[second].kind in {"relative", "joined", "subordinate", "reported"}


def _is_from(sentence: Sentence, quantity: Quantity) -> bool:
    return _FROM_END.search(without_qualifiers(sentence.before(quantity, 60))) is not None


def _beside(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """Mark a level beside the size of its move: "55%, a rise of 31 points", "6.15m, 500,000 more than last year"."""
    this, before, direction = found[index], found[index - 1], moves[index].change
    between = _TIME_BETWEEN.sub("", sentence.between(before, this))
    if direction is None and moves[index - 1].change is not None and moves[index - 1].origin is None:
        led = without_qualifiers(between)
        if between in _RESTATING or _THEN_TO.match(led) or (led.endswith("to reach") and len(led.split()) <= 5):
            moves[index] = Move(moves[index - 1].change)
        return
    if direction is None or moves[index - 1].change is not None or moves[index].origin is not None:
        return
    gap = _BRACKET.sub("", without_qualifiers(between))
    named = _A_MOVE.search(between) is not None and _from_noun(sentence, found, index) is not None
    bracketed = between in {" (", ", "} and _ABOVE.match(sentence.lower, this.end) is not None
    if (named and not _verb_between(sentence, before, this, between)) or bracketed:
        moves[index - 1] = Move(direction, _earlier_level(sentence, found, index - 1))
        return
    timed, comma, noun = gap.rpartition(", ")
    tail = comma + noun if VERBS.isdisjoint(timed.replace(",", " ").split()) else gap
    if _RISE_OF.match(gap) or _UP_BY.match(gap) or _RISE_OF.match(tail):
        moves[index - 1] = Move(direction, _earlier_level(sentence, found, index - 1))
        return
    compared = _MORE.match(sentence.after(this, 60))
    apart = gap[:1] in {",", "("} or gap.endswith((",", " (", " -"))
    listed = _CLOSED.isdisjoint(re.findall("[a-z]+|[;:]", gap))
    if compared and listed and len(gap) < 110 and this.kind in {before.kind, "percent", "multiple"} and apart:
        moves[index - 1] = Move(direction)


def _verb_between(sentence: Sentence, first: Quantity, second: Quantity, gap: str) -> bool:
    """Whether a verb stands between two figures other than "is" right before the second."""
    words = sentence.clauses.words
    last = sentence.clauses.word_at(second.start) - (2 if gap.split()[-2:-1] and gap.split()[-2] in _IS else 0)
    return any(is_finite(words, at) for at in range(sentence.clauses.word_at(first.end), last))


def _earlier_level(sentence: Sentence, found: list[Quantity], index: int) -> int | None:
    """The figure of the same unit just before, of which a level with "a rise of" is the later value."""
    if index == 0:
        return None
    before, this = found[index - 1], found[index]
    same = before.kind == this.kind and before.unit == this.unit and before.kind == "percent"
    return index - 1 if same and len(sentence.between(before, this)) < 110 else None
