"""What moved in a sentence: the direction of each figure's change over time, and the figure it moved from."""

import re
from collections.abc import Callable, Sequence

from extractors.figures.dates import Time
from extractors.figures.lexicons import (
    ADVERBS_OF_MOVING,
    CHANGES,
    GRAMMAR,
    MEASURES,
    NOUNS_OF_MOVING,
    PERIODS,
    VERBS_OF_MOVING,
    alternation,
    comparative,
)
from extractors.figures.model import Change
from extractors.figures.nouns import VERBS, is_finite
from extractors.figures.quantities import Quantity, alike, comparable, moved_by_value
from extractors.figures.sentence import Move, Sentence, Told, lexical_verb, without_qualifiers

Directions = Callable[[Sentence, list[Quantity]], Sequence[Told]]
"""Finds what the figures' own words say (extractors.figures.directions), before what links several is looked for."""

_RANGING = CHANGES.ranging.words
_FAR = 180  # characters over which "compared with" still goes back
_EARLIER = re.compile(
    r"(?<![a-z])(?:before|earlier|previous|previously|ago|last (?:year|month|week|quarter|time|summer|winter)"
    r"|then|originally|initially|formerly|(?:19|20)[0-9]{2}|once|at the start|pre-[a-z]+|prior|at its peak|when"
    rf"|(?:in|at|of) (?:{alternation(PERIODS.months)}))(?![a-z])"
)
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
    rf"|the)(?: [a-z-]+){{0,3}}? (?P<noun>{alternation(NOUNS_OF_MOVING)}) of$"
)
_UP_BY = re.compile(r"^(?: ?(?:in|for|during|at|over|last|this) [^,;]{1,40})?,? ?\(?(?:up|down)(?: by)?$")
_GOING_BY = re.compile(r", (?:[a-z]+ly )?(?P<verb>[a-z]+ing) by$")  # "226,000 in May, increasing by 1.4%"
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
_AIMS = GRAMMAR.changes.aims
_AND_ROSE_TO = re.compile(
    r"(?: [a-z]+){0,3}?(?: (?:in|at|on|by|for|during) [a-z0-9/ -]{3,24}?)?,? (?:and|but|before)"
    r"(?: (?:in|by|since) [a-z0-9/ -]{3,20}?,?)?(?: (?:it|this|that|they))?"
    r"(?: (?:had|has|have|is|are|was|will|would|could|may|then|since|now|later|be|been|expected|set|due|to"
    r"|forecast|projected|[a-z]+ly))* (?P<verb>[a-z]+)(?: [a-z]+ly)? to$"
)
_MOVE_SINCE = re.compile(
    rf",? (?:- )?an? (?:[a-z-]+ ){{0,2}}(?P<noun>{alternation(NOUNS_OF_MOVING)})"
    r" (?:since|on|from|compared (?:with|to)|over) (?:the|last|its|a|19|20)"
)
_SHARES = frozenset(("percent", "fraction"))
_OF_WHOLE = frozenset((" of ", " of the ", " of its ", " of their ", " of all "))
_STOPPED = frozenset((";", ":", "but", "while", "whereas"))
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


def changes(sentence: Sentence, found: list[Quantity], mentions: Sequence[Time], directions: Directions) -> list[Move]:
    """The move of each figure of a sentence; `origin` counts in `found`. What only names a time does not move."""
    places = [at for at, one in enumerate(found) if not any(time.start <= one.start < time.end for time in mentions)]
    if len(places) == len(found):
        return _changes(sentence, found, directions(sentence, found))
    result = [Move()] * len(found)
    moving = [found[at] for at in places]
    for at, move in zip(places, _changes(sentence, moving, directions(sentence, moving)), strict=True):
        result[at] = move if move.origin is None else Move(move.change, places[move.origin])
    return result


def _changes(sentence: Sentence, found: list[Quantity], told: Sequence[Told]) -> list[Move]:
    moves = [Move(one.change) for one in told]
    for index in range(1, len(found)):
        _link(sentence, found, index, moves)
        _beside(sentence, found, index, moves, told[index])
        _going_on(sentence, found, index, moves)
        _grown_since(sentence, found, index, moves)
        if moves[index] == _STILL:
            _led_to(sentence, found, index, moves)
    _size_in_list(sentence, found, moves)
    _lower_still(sentence, found, moves)
    _level_of_mover(sentence, found, moves)
    if any(one.kind == "multiple" for one in found):
        _multiplied_level(sentence, found, moves)
        _level_of_multiple(sentence, found, moves)
    _listed_sizes(sentence, found, moves)
    _named_after(sentence, found, moves)
    _bracketed_origin(sentence, found, moves)
    return moves


def _going_on(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """ "51% of staff, falling to 44%": a participle of moving goes on from the level before it."""
    this, before = found[index], found[index - 1]
    clause = sentence.clauses.clauses[sentence.clauses.at(this.start)]
    if clause.kind != "participle" or moves[index].change is None or moves[index].origin is not None:
        return
    own = without_qualifiers(sentence.lower[clause.start : this.start].lstrip(" ,")).split()
    level = moves[index - 1].change is None or moves[index - 1].origin is not None or _is_level(sentence, before)
    if own[-1:] == ["to"] and own[0] != "with" and comparable(before, this) and this.kind == before.kind and level:
        moves[index] = Move(moves[index].change, index - 1)


def _grown_since(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """ "Was £466m in 2015 but will rise to £531m by 2020": a joined verb of moving goes on from the level before it."""
    this, before = found[index], found[index - 1]
    if moves[index].change is None or moves[index].origin is not None or not alike(this, before):
        return
    goes_on = _AND_ROSE_TO.match(f" {without_qualifiers(sentence.between(before, this))}")
    if goes_on is not None and goes_on["verb"] in VERBS_OF_MOVING and _is_level(sentence, before):
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
                moves[index] = Move(comparative(match["word"]))


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
        moving = lexical_verb(tree, tree.clauses[outer]) in VERBS_OF_MOVING
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
        pair = {before.kind, this.kind} <= {"money", "percent"} and sentence.between(before, this) == " and "
        pair = pair and (this.kind == "money" or before.kind == "money")
        if not (percent or pair) or moves[index - 1].change is None or moves[index] != Move():
            continue
        if moves[index - 1].origin is None and (pair or not _is_level(sentence, before)):
            gap = _LISTED.match(sentence.between(before, this))
            if gap is not None and VERBS.isdisjoint(gap[0].split()):
                moves[index] = Move(moves[index - 1].change)


def _named_after(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "It gets 13% of the £15bn, a sharp rise since 2005": a move without a size of the level before it."""
    if not found or NOUNS_OF_MOVING.keys().isdisjoint(sentence.clauses.vocabulary):
        return
    for match in _MOVE_SINCE.finditer(sentence.lower, found[0].end, sentence.end):
        at = max(at for at, one in enumerate(found) if one.end <= match.start())
        if at and found[at - 1].kind in _SHARES and sentence.between(found[at - 1], found[at]) in _OF_WHOLE:
            at -= 1
        tree = sentence.clauses
        words = tree.words[tree.word_at(found[at].end) : tree.word_at(match.start())]
        ended = any(word.text in _STOPPED for word in words)
        if moves[at] == _STILL and tree.at(found[at].start) == 0 and not ended:
            moves[at] = Move(NOUNS_OF_MOVING[match["noun"]])


def _bracketed_origin(sentence: Sentence, found: list[Quantity], moves: list[Move]) -> None:
    """ "169,000, a 52% increase on 2021 (111,000)": behind the time that a move is from stands the level then."""
    for index in range(2, len(found)):
        level, size, origin = found[index - 2 : index + 1]
        moved = moves[index - 2].change is not None and moves[index - 2] == Move(moves[index - 1].change)
        gap = sentence.between(size, origin)
        since = moved and moves[index] == Move() and _SINCE_THEN.search(gap) is not None
        if since and comparable(level, origin) and level.kind != "percent" and not origin.compound:
            moves[index - 2] = Move(moves[index - 2].change, index)


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
            _ranging(sentence, found, index, moves)
            return
        direction = moved_by_value(this, before) or moves[index].change
        moves[last] = Move()
        moves[index] = Move(direction, last)
        return
    if _REACH.search(without_qualifiers(gap)) and this.unit == before.unit and ";" not in gap:
        moves[index] = Move(moved_by_value(this, before), last)
        return
    _link_back(sentence, found, index, moves, gap)


def _ranging(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """ "Growth ranging from 35% at one trust to 3% at another": each is the size of a move."""
    words = sentence.before(found[index - 1], 60).split()
    named = [word for word in words[-6:-2] if word in NOUNS_OF_MOVING]
    if named and found[index].kind == "percent":
        moves[index - 1] = moves[index] = Move(NOUNS_OF_MOVING[named[-1]])


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
        direction = ADVERBS_OF_MOVING[link["updown"]]
    moves[target] = Move(direction or moves[target].change, index)
    moves[index] = Move()


def _in_another_clause(sentence: Sentence, target: Quantity, this: Quantity) -> bool:
    """Whether "from" belongs to another move: "grew by 8%, which means a rise in its share from 11% to 15%"."""
    tree = sentence.clauses
    first, second = tree.at(target.start), tree.at(this.start)
    return first != second and tree.clauses[second].kind in {"relative", "joined", "subordinate", "reported"}


def _is_from(sentence: Sentence, quantity: Quantity) -> bool:
    return _FROM_END.search(without_qualifiers(sentence.before(quantity, 60))) is not None


def _beside(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move], told: Told) -> None:
    """Mark a level beside the size of its move: "55%, a rise of 31 points", "6.15m, 500,000 more than last year"."""
    if any(move.origin == index - 1 for move in moves):
        return  # "£12m, up from £10m, a growth of 18%"
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
    named = _A_MOVE.search(between) is not None and told.as_noun
    bracketed = between in {" (", ", "} and told.above
    if (named and not _verb_between(sentence, before, this, between)) or bracketed:
        moves[index - 1] = Move(direction, _earlier_level(sentence, found, index - 1))
        return
    timed, comma, noun = gap.rpartition(", ")
    tail = comma + noun if VERBS.isdisjoint(timed.replace(",", " ").split()) else gap
    going = _GOING_BY.fullmatch(tail)
    if _RISE_OF.match(gap) or _UP_BY.match(gap) or _RISE_OF.match(tail) or (going and going["verb"] in VERBS_OF_MOVING):
        moves[index - 1] = Move(direction, _earlier_level(sentence, found, index - 1))
        return
    apart = gap[:1] in {",", "("} or gap.endswith((",", " (", " -"))
    listed = _CLOSED.isdisjoint(re.findall("[a-z]+|[;:]", gap))
    if told.more and listed and len(gap) < 110 and this.kind in {before.kind, "percent", "multiple"} and apart:
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
