"""What a number is a number of: money, per cent, time, a multiple, a fraction, odds, or things counted."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import ATTRIBUTION, CURRENCIES, GRAMMAR, QUALIFIERS, UNITS, alternation
from extractors.figures.model import Change, FigureKind, Qualifier
from extractors.figures.nouns import STOPS, after_of, head_noun, is_plural, singular
from extractors.figures.numbers import Number, round_off

SIGNS = CURRENCIES.signs
_PREFIXES = CURRENCIES.prefixes
_CODES = {
    **{code.lower(): code for code in CURRENCIES.codes.names},
    **{code.lower(): iso for code, iso in CURRENCIES.codes.aliases.items()},
}
_MONEY_WORDS = CURRENCIES.words
_MINOR = CURRENCIES.minor
TIME = UNITS.time
TIME_ADJECTIVES = UNITS.time_adjectives.words
MEASURES = UNITS.written()
_RATE_MEASURES = UNITS.rate_measures
MEASURE_UNITS = frozenset(UNITS.measures)
_IN_CAPITALS = frozenset(form for measure in UNITS.measures.values() for form in measure.capitals)
IGNORED_MEASURES = UNITS.ignored_measures.words

_LETTERS = frozenset((*_PREFIXES, *_CODES))
_SIGN_BEFORE = re.compile(
    rf"(?P<minus>(?<![a-z0-9])-)?(?:(?<![a-z])(?P<prefix>{alternation([*_PREFIXES, *_CODES])})"
    rf"|(?P<sign>[{''.join(SIGNS)}]))"
    r"(?P<gap> {0,2}-?)$"
)
_AFTER = re.compile(
    "(?:"
    rf"(?P<pp>[ -]*(?:{alternation(UNITS.percent.points)})(?![a-z]))"
    rf"|(?P<bp>[ -]*(?:{alternation(UNITS.percent.basis_points)})(?![a-z]))"
    rf"|(?P<percent>[ -]*(?:{alternation(UNITS.percent.percent)})(?![a-z]))"
    rf"|(?P<money>[ -]+(?:{alternation(_MONEY_WORDS)})(?![a-z])|[{''.join(SIGNS)}](?![0-9]))"
    rf"|(?P<code> ?(?:{alternation(_CODES)})(?![a-z]))"
    rf"|(?P<minor>(?:p|¢|(?:[ -]+(?:{alternation(set(_MINOR) - {'p', '¢'})})))(?![a-z]))"
    rf"|(?P<fold>[ -]?fold(?![a-z])|x(?![a-z]))"
    rf"|(?P<rate> ?(?:{alternation(_RATE_MEASURES)})(?![a-z]))"
    rf"|(?P<time>[ -]*(?:{alternation(TIME)})(?![a-z]| on (?:year|month|week)|-on-"
    r"| to date)(?:-olds?(?![a-z])| old(?![a-z]))?)"
    rf"|(?P<measure>[ -]*(?:{alternation(MEASURES)})(?![a-z0-9])| ?[cf](?![a-z0-9'&.])| m(?![a-z0-9'&.]))"
    ")"
)
# A word after a number that begins none of the units above: most often the noun that it counts.
_NEXT_WORD = re.compile(r"[ -]+([a-z]+)(?![a-z/$])(?!\.[a-z])")
_UNIT_WORDS = frozenset(
    re.split("[^a-z]", unit.lstrip("-°"), maxsplit=1)[0]
    for unit in (
        *UNITS.percent.points,
        *UNITS.percent.basis_points,
        *UNITS.percent.percent,
        *_MONEY_WORDS,
        *_CODES,
        *_MINOR,
        *_RATE_MEASURES,
        *TIME,
        *MEASURES,
        "fold",
        "x",
        "c",
        "f",
        "m",
    )
)
_PART_OF_UNIT = re.compile(
    r"(?:(?: +of)? +an? +|-| +(?=(?:miles?|hours?|days?|inch|inches|pounds?|tonnes?|acres?|years?|pints?"
    rf"|litres?|kilometres?)(?![a-z])))(?P<unit>{alternation([*TIME, *MEASURES])})(?![a-z])"
)
# "7p in every pound".
_IN_THE_POUND = re.compile(
    r" (?:in|of|out of) (?:every|each|the) (?:pound|£|euro|dollar)(?:s?(?![A-Za-z0-9]))(?: ?1(?![0-9]))?"
)
_ONE_AND = re.compile(rf"(?<![a-z])(?P<one>(?:an?|one) (?P<unit>{alternation(TIME)}) and )$")
_AND_HALF = re.compile(r" +and +a +(?:(half)|quarter)(?![a-z-])(?! +(?:of|million|billion))")
_TIMES = re.compile(r"[ -]times(?![a-z])")
MULTIPLE_AFTER = re.compile(
    r" +(?:an? (?!day|week|month|year|night|hour|minute|quarter|decade|season|game|match|session)[a-z]+"
    r"|as|more|the|that|what|higher|lower|larger|bigger|greater|longer|faster|their|its|his|her|our"
    r"|likelier|worse|better"
    r"|less|fewer|cheaper|smaller|those|over|those|this|these|[a-z]+er than|average|normal|earnings|income"
    r"|gdp|earlier levels"
    r"|sales|revenue|profits?|ebitda|book|forward|annual|national|current|previous|pre-[a-z]+|salary"
    r"|turnover)(?![a-z])"
)
_PEOPLE = alternation(UNITS.people.words)
_AGE = re.compile(
    rf"(?:(?<![a-z])(?:aged|age|ages|ages of|age of|(?:{_PEOPLE}) (?:aged )?(?:over|under|above"
    rf"|below)|(?:he|she|who)(?:'s| is| was)|(?:he|she) (?:had |has )?turned"
    rf"|(?:died|retired|retire|retires|married|widowed|diagnosed|cancer|pregnant) at|people of"
    rf"|(?:an?|the|one|this|that|another|his|her) (?:[a-z-]+ )?(?:{alternation(UNITS.persons.words)}) of)"
    r"(?: (?:between|over|under|about|around|just|only|at least|up to|from|of))* ?"
    r"|(?<![a-z])(?P<band>over|under|plus)[ -])$"
)
_DAY_CASES = re.compile(r" day (?:case|patient|centre|place|attend|procedure|visit|hospital|unit|surger)[a-z]*")
_BRACKETED_AGE = re.compile(r"(?<![A-Za-z'-])[A-Z][a-z'-]+ [A-Z][a-z'-]+ \($")  # "Netta Pollock (77) has"
_GROWN = 16
_AFTER_NAME = re.compile(r"[A-Z][a-z'-]+ (?:[A-Z]\. )?[A-Z][A-Za-z'-]+, $")
_TITLED = re.compile(r"(?:Mrs?|Ms|Miss|Dr|Sir|Lady)(?: [A-Z][A-Za-z'-]+){1,2}, $")  # "Mrs Prosser, 66, kept a diary"
_AGE_CLOSES = re.compile(r", (?:of|from|who|whose|said|says|told|has|had|was|is|lives|a|an)(?![A-Za-z])")
_AGE_ENDS = (
    "at",
    *("aged", "age", "ages", "of", "over", "under", "above", "below", "plus"),
    *("between", "about", "around", "just", "only", "least", "to", "from", "is", "was", "'s", "turned"),
)
_NOUN_FOLLOWS = re.compile(
    r"[ -](?!and|or|to|who|were|are|was|is|in|with|have|had|at|from|on|by|can|will|for|but|the|it|he|she"
    r"|they|as|when|after|should|must|would|may|years?|say|said|died|living|plus)[a-z]|%"
)
_LENGTH = re.compile(
    r"[ -](?:race|sprint|dash|pool|hurdles|freestyle|butterfly|backstroke|breaststroke|final|relay|high"
    r"|tall|long|deep|wide|away|apart|underwater|runway|tower|tunnel|fence|wall)(?![a-z])"
)
_LOOSE_SUFFIXES = frozenset(("plus", "odd", "ish", "something", "strong"))
_COMPOUND = re.compile(r"-(?P<word>[a-z]{2,})(?![a-z])")


# "A 14 bed hospital".
_SIZED = re.compile(
    rf" (?P<unit>{alternation(UNITS.sizes.words)})"
    r"(?= [a-z])(?! (?:of|in|at|and|or|is|was|to|for|by|with|on|per|a|the|that|which|had|has)(?![a-z]))"
)
_CLOSED_QUOTE = re.compile(r"[\"'](?= [a-z])")
_SPACES = re.compile(" +")
_WON_SOMETHING = re.compile(r" (?:the|a|an|their|his|her|more|in|at)(?![a-z])")
# Units that one group of `_AFTER` always means, with their kind and what the number is multiplied by.
_FIXED: dict[str, tuple[FigureKind, str | None, float]] = {
    "pp": ("percent", "pp", 1.0),
    "bp": ("percent", "pp", 0.01),
    "percent": ("percent", "%", 1.0),
    "fold": ("multiple", None, 1.0),
}


class Quantity(NamedTuple):
    """A number with its unit. `noun` is where the counted noun stands; `noun_known` says that the text gives the
    unit beside the number, so that it need not be taken from an earlier figure. `start` and `end` are the surface's.
    """

    start: int
    end: int
    kind: FigureKind
    value: float
    low: float | None
    high: float | None
    unit: str | None
    number: Number
    noun: tuple[int, int] | None = None
    known: bool = True
    compound: bool = False


def quantity(text: str, lower: str, number: Number, limit: int) -> Quantity:
    """The quantity that a number states; `limit` is where the next number or the sentence's end stands."""
    if number.form == "multiple":
        return _make(number, "multiple", None)
    if number.form == "part":
        return _fraction(lower, number)
    if lower.startswith("-odd ", number.end):
        number = number._replace(end=number.end + len("-odd"))
    return (
        _signed_money(text, lower, number)
        or _length(lower, number)
        or _with_unit(text, lower, number, limit)
        or _age(lower, number)
        or _named_age(text, number)
        or _times(lower, number)
        or _compound(lower, number, limit)
        or _counted(text, lower, number, limit)
    )


def _length(lower: str, number: Number) -> Quantity | None:
    """ "100m race" is metres, not millions."""
    if number.scale != 1e6 or lower[number.end - 1] != "m" or not lower[number.end - 2].isdigit():
        return None
    return _make(number, "count", "metre", factor=1e-6) if _LENGTH.match(lower, number.end) else None


def _with_unit(text: str, lower: str, number: Number, limit: int) -> Quantity | None:
    word = _NEXT_WORD.match(lower, number.end)
    if word is not None and (word[1] not in _UNIT_WORDS or _DAY_CASES.match(lower, number.end)):
        return None
    after = _AFTER.match(lower, number.end)
    if after is None or after.end() > limit + 1:
        return None
    read = _unit_after(text, number, after)
    return None if read is None else _with_half(lower, read)


def _age(lower: str, number: Number) -> Quantity | None:
    """ "aged 65", "children under five", "over-75s"."""
    if number.scale != 1.0 or not 0 <= number.value <= 120:
        return None
    before = lower[max(0, number.start - 40) : number.start]
    last = before.rstrip(" -").rsplit(" ", 1)[-1]
    aged = _AGE.search(before) if last.endswith(_AGE_ENDS) else None
    if aged is None:
        return None
    if aged["band"]:
        band = lower[number.end : number.end + 1] == "s" and not lower[number.end + 1 : number.end + 2].isalpha()
        return _make(number, "duration", "year", number.end + 1) if band else None
    follows = _NOUN_FOLLOWS.match(lower, number.end)
    verb = _NEXT_WORD.match(lower, number.end)
    return None if follows and not (verb and verb[1] in STOPS) else _make(number, "duration", "year")


def _named_age(text: str, number: Number) -> Quantity | None:
    """ "Joan Mellor, 76, of Burslem"."""
    if number.scale != 1.0 or not 1 <= number.value <= 110 or number.form != "digits":
        return None
    if text.startswith(")", number.end) and _BRACKETED_AGE.search(text, max(0, number.start - 40), number.start):
        return _make(number, "duration", "year") if number.value >= _GROWN else None
    if not text.startswith(", ", number.end) or not text.endswith(", ", 0, number.start):
        return None
    named = _AFTER_NAME.search(text, max(0, number.start - 40), number.start)
    titled = _TITLED.search(text, max(0, number.start - 40), number.start)
    aged = titled or (named and _AGE_CLOSES.match(text, number.end))
    return _make(number, "duration", "year") if aged else None


def _make(number: Number, kind: FigureKind, unit: str | None, end: int | None = None, factor: float = 1.0) -> Quantity:
    value = round_off(number.value * factor)
    return Quantity(number.start, end or number.end, kind, value, value, value, unit, number)


def _signed_money(text: str, lower: str, number: Number) -> Quantity | None:
    before = lower[max(0, number.start - 8) : number.start].rstrip(" -")
    if before[-1:] not in SIGNS and before.rsplit(" ", 1)[-1].strip("(\"'") not in _LETTERS:
        return None
    match = _SIGN_BEFORE.search(lower[max(0, number.start - 7) : number.start])
    if match is None:
        return None
    shift = max(0, number.start - 7)
    code = match["prefix"]
    if code is not None:
        start = match.start("prefix") + shift
        if code in _CODES and not text[start : start + 3].isupper():
            return None
        unit = _PREFIXES.get(code) or _CODES[code]
    else:
        start = match.start("sign") + shift
        unit = SIGNS[match["sign"]]
    value = -abs(number.value) if match["minus"] or match["gap"].endswith("-") else number.value
    end = number.end
    more = _AFTER.match(lower, end)
    if more is not None and (more["money"] or more["code"]):
        end = more.end()
    return Quantity(match.start() + shift if match["minus"] else start, end, "money", value, value, value, unit, number)


def _unit_after(text: str, number: Number, after: re.Match[str]) -> Quantity | None:
    word = _SPACES.sub(" ", after[0].strip(" -"))
    kind, end = after.lastgroup or "", after.end()
    if kind in _FIXED:
        of, unit, factor = _FIXED[kind]
        return _make(number, of, unit, end, factor)
    if kind in {"money", "code", "minor"}:
        return _worded_money(text, number, word, kind, end)
    if kind == "rate":
        return _make(number, "rate", _RATE_MEASURES[word], end)
    if kind == "time":
        unit, factor = TIME[word.replace("-", " ").split(" ")[0]]
        return _make(number, "duration", unit, end, factor)._replace(compound="-" in after[0])
    return _measure(text, number, after)


def _worded_money(text: str, number: Number, word: str, kind: str, end: int) -> Quantity | None:
    if kind == "code":
        return _make(number, "money", _CODES[word], end) if text[end - 3 : end].isupper() else None
    if kind == "minor":
        part = _IN_THE_POUND.match(text, end)
        if part is not None:
            return _make(number, "fraction", None, part.end(), 0.01)
        return _make(number, "money", _MINOR[word], end, 0.01)
    if word == "won" and (number.scale < 1000 or _WON_SOMETHING.match(text, end)):
        return None
    return _make(number, "money", SIGNS.get(word) or _MONEY_WORDS[word], end)


def _measure(text: str, number: Number, after: re.Match[str]) -> Quantity | None:
    word = _SPACES.sub(" ", after[0].strip(" -"))
    if word == "m":
        return _make(number, "count", "metre", after.end())
    if word in {"c", "f"}:
        return _make(number, "count", "degree", after.end()) if text[after.end() - 1].isupper() else None
    if (
        len(word) <= 2
        and word[0] != "°"
        and text[after.end() - len(word) : after.end()].isupper()
        and word not in _IN_CAPITALS
    ):
        return None
    return _make(number, "count", MEASURES[word], after.end())._replace(compound="-" in after[0])


def _with_half(lower: str, read: Quantity) -> Quantity:
    """Add the half of "a year and a half", "two hours and a half"."""
    half = _AND_HALF.match(lower, read.end) if read.kind in {"duration", "count"} and not read.compound else None
    if half is None:
        return read
    value = read.value + (0.5 if half[1] else 0.25)
    return read._replace(end=half.end(), value=value, low=value, high=value)


def _fraction(lower: str, number: Number) -> Quantity:
    whole = _ONE_AND.search(lower[max(0, number.start - 18) : number.start])
    if whole is not None:
        shift = max(0, number.start - 18) + whole.start("one")
        unit_of, factor = TIME[whole["unit"]]
        value = round_off((1 + number.value) * factor)
        return Quantity(shift, number.end, "duration", value, value, value, unit_of, number)
    unit = _PART_OF_UNIT.match(lower, number.end)
    if unit is None:
        return _make(number, "fraction", None)
    word = unit["unit"]
    direct = lower[number.end : unit.start("unit")] == " "
    if direct and not lower[number.start : number.end].endswith(
        ("half", "halves", "quarter", "quarters", "/2", "/4", "½", "¼", "¾", "/3", "/8")
    ):
        return _make(number, "fraction", None)
    if word in TIME:
        return _make(number, "duration", TIME[word][0], unit.end(), TIME[word][1])
    return _make(number, "count", MEASURES[word], unit.end())


def _times(lower: str, number: Number) -> Quantity | None:
    times = _TIMES.match(lower, number.end)
    if times is None:
        return None
    if MULTIPLE_AFTER.match(lower, times.end()):
        return _make(number, "multiple", None, times.end())
    return _make(number, "count", "time", times.end())


def _compound(lower: str, number: Number, limit: int) -> Quantity | None:
    sized = _SIZED.match(lower, number.end)
    if sized is not None and sized.end() <= limit:
        return _make(number, "count", sized["unit"], sized.end())._replace(compound=True)
    compound = _COMPOUND.match(lower, number.end)
    if compound is None or compound.end() > limit:
        return None
    word = compound["word"]
    if word in _LOOSE_SUFFIXES:
        return _make(number, "count", None)._replace(known=False)
    return _make(number, "count", singular(word), compound.end())._replace(compound=True)


_OPEN_ENDED = re.compile(r"(?:\+| ?plus(?![a-z])| or (?:more|fewer|less|so)(?![a-z]))(?! than)")
_RESTATED = re.compile(r" \((?:about |around |some |or )?[0-9][0-9,.]*\)")
_COLLECTIVE = re.compile(r"(?<![a-z])(?P<noun>staff) of (?:[a-z]+ ){0,2}$")


def _counted(text: str, lower: str, number: Number, limit: int) -> Quantity:
    opened = _OPEN_ENDED.match(lower, number.end) or _RESTATED.match(lower, number.end)
    at = after_of(lower, number.end)
    start = at if at is not None else opened.end() if opened else number.end
    if _CLOSED_QUOTE.match(lower, start) and lower[start] in lower[max(0, number.start - 16) : number.start]:
        start += 1
    noun = head_noun(
        lower, start, max(limit, start + 60) if opened else limit, one=abs(number.value) <= 1, capitals=text
    )
    if noun is not None and lower[number.start - 1 : number.start] == "'" and lower[noun.end - 1] == "'":
        noun = noun._replace(end=noun.end - 1, lemma=singular(lower[noun.start : noun.end - 1]))
    if noun is None:
        whole = _COLLECTIVE.search(lower[max(0, number.start - 30) : number.start])
        return _make(number, "count", whole["noun"] if whole else None)._replace(known=whole is not None)
    word = lower[noun.start : noun.end]
    if word in TIME and _plain_time(lower[number.end : noun.start]):
        unit, factor = TIME[word]
        return _make(number, "duration", unit, noun.end, factor)
    if word in _MONEY_WORDS and is_plural(word):
        return _make(number, "money", _MONEY_WORDS[word], noun.end)
    if word in MEASURES:
        return _make(number, "count", MEASURES[word], noun.end)
    found = _make(number, "count", noun.lemma, noun.end)
    return found._replace(noun=(number.end if at is None else at, noun.end))


def _plain_time(between: str) -> bool:
    words = between.replace("-", " ").split()
    return all(word in TIME_ADJECTIVES for word in words)


# Two quantities beside one another.

_HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0}


def comparable(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities can be values of one thing at two times."""
    return alike(first, second) and (
        first.unit == second.unit
        or {first.kind, second.kind} == {"money", "rate"}
        or first.kind == "duration"
        or None in (first.unit, second.unit)
    )


def alike(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities are of kinds that can be compared."""
    if first.kind == second.kind:
        return first.unit == second.unit or first.kind != "percent"
    kinds = {first.kind, second.kind}
    if kinds == {"money", "rate"}:
        return (first.unit or "").split("/")[0] == (second.unit or "").split("/")[0]
    return kinds <= {"count", "rate"} or kinds <= {"money", "rate"} or kinds <= {"fraction", "percent"}


def moved_by_value(later: Quantity, earlier: Quantity) -> Change | None:
    """Which way two values of one thing lead from the earlier; None where they are equal."""
    last, first = _plain(later), _plain(earlier)
    if last == first:
        return None
    return "increase" if last > first else "decrease"


def _plain(quantity: Quantity) -> float:
    """A value that figures of one kind can be compared by: hours for times, the share for per cent."""
    if quantity.kind == "duration":
        return quantity.value * _HOURS.get(quantity.unit or "", 1.0)
    return quantity.value / 100 if quantity.kind == "percent" else quantity.value


def number_bounds(one: Quantity) -> tuple[int, int]:
    """The bounds of a figure without the noun that it counts."""
    return one.start, one.end if one.noun is None else max(one.number.end, one.start + 1)


def denominator_bounds(one: Quantity) -> list[tuple[int, int]]:
    """The bounds of the denominator of a rate of things: "a day" in "210 people a day"."""
    return [(one.noun[1], one.end)] if one.kind == "rate" and one.noun is not None and one.noun[1] < one.end else []


def said_before(found: list[Quantity], index: int, result: list[str | None]) -> str | None:
    """The measure of the figure before that one goes back to: the last of its kind, else the last amount."""
    alike = [at for at in range(index) if found[at].kind == found[index].kind]
    amounts = [at for at in range(index) if found[at].kind != "duration"]
    return next((result[at] for at in (*alike[::-1], *amounts[::-1]) if result[at] is not None), None)


# How exact a quantity is said to be, from the words around it, and the bounds that follow.

_GOING = GRAMMAR.sentence.going
_QUALIFYING_BEFORE: dict[str, Qualifier] = {
    phrase: name for name, phrases in QUALIFIERS.before.items() for phrase in phrases
}
_QUALIFYING_AFTER: dict[str, Qualifier] = {
    phrase: name for name, phrases in QUALIFIERS.after.items() for phrase in phrases
}
_ADVERBS = QUALIFIERS.adverbs.words
_ABOUT_VERBS = QUALIFIERS.verbs_with_about.words
_OVER_DURATION = QUALIFIERS.over_duration.words
_ABOUT_NOUNS = QUALIFIERS.nouns_with_over.words
_NEGATIONS = QUALIFIERS.negations.words

# Under a negation these, too, take the opposite bound: "never fell below 4 million".
_TURNING = frozenset(("below", "under", "less than", "fewer than"))
# What may stand between a qualifier and the number: "almost another 40".
_BETWEEN = frozenset(("a", "an", "the", "another", "further", "extra", "additional"))
_WINDOW = 34
_BEFORE_RE = re.compile(
    rf"(?<![a-z0-9])(?P<phrase>{alternation(_QUALIFYING_BEFORE)})(?: +(?:{alternation(_ADVERBS)}|an?|the|another"
    r"|a further|an extra|an additional))?[ -]*$"
)
_LAST_WORDS = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in _QUALIFYING_BEFORE) | _ADVERBS | _BETWEEN
_JOINTS = frozenset((" ", "+", "-"))
_FIRST_WORDS = frozenset(phrase.strip(" -").split(" ", 1)[0] for phrase in _QUALIFYING_AFTER)
_AFTER_RE = re.compile(rf" ?(?:- )?(?P<phrase>{alternation(_QUALIFYING_AFTER)})(?![a-z0-9]| than)")
_SO_THEY_SAY = re.compile(rf" [^,;:.()]{{2,50}}? (?:{alternation(ATTRIBUTION.verbs.words)})(?=[,.;)]| -|$)")
_WORD_BEFORE = re.compile(r"([a-z'-]+)[ ]*$")
_CLAUSE_BREAK = re.compile(r"[;:.!?(]|, (?:but|and|which|while|so|that)(?![a-z])")


def qualifier(lower: str, sentence_start: int, found: Quantity) -> Qualifier:
    """The qualifier of a single quantity; a closed range is always exact."""
    if lower.endswith("-odd", found.number.start, found.number.end):
        return "about"
    window = lower[max(sentence_start, found.start - _WINDOW) : found.start]
    last = window.rstrip(" -").rsplit(" ", 1)[-1].lstrip("(\"'")
    match = _BEFORE_RE.search(window) if last in _LAST_WORDS or not last.isalpha() else None
    if match is not None:
        at = found.start - len(window) + match.start()
        name = _read_before(lower, sentence_start, at, re.sub(" +", " ", match["phrase"]), found)
        if name is not None:
            return name
    for at in (found.number.end, found.end):
        word = lower[at + 1 : at + 16].removeprefix("- ").split(" ", maxsplit=1)[0].strip(",.")
        if lower[at : at + 1] not in _JOINTS or (lower[at : at + 1] == " " and word not in _FIRST_WORDS):
            continue
        after = _AFTER_RE.match(lower, at)
        if after is not None:
            return _read_after(lower, sentence_start, found, after)
    return "exact"


def _read_before(lower: str, start: int, at: int, phrase: str, found: Quantity) -> Qualifier | None:
    before = _WORD_BEFORE.search(lower[max(start, at - 16) : at])
    if _belongs_elsewhere(lower, at, phrase, before[1] if before else "", found):
        return None
    name = _QUALIFYING_BEFORE[phrase]
    turned = name == "at_least" or phrase in _TURNING
    if turned and _negated(lower, start, at):
        return "at_least" if name == "at_most" else "at_most"
    return name


def _belongs_elsewhere(lower: str, at: int, phrase: str, word: str, found: Quantity) -> bool:
    """Whether the phrase, after that word, says something else than how exact the number is."""
    if phrase in {"over", "under"}:
        return _is_preposition(lower, at, phrase, word, found)
    known_count = found.kind in {"count", "fraction"} and found.known
    if phrase in {"about", "around", "round"}:
        return word in _ABOUT_VERBS or (
            phrase == "round" and word in {"the", "second", "first", "third", "final", "last"}
        )
    if phrase == "up to":
        return is_going(word) and not word.startswith("increas")
    if phrase.endswith("than") or phrase in {"above", "below", "beyond"}:
        return lower[at : found.start].rstrip().endswith(" the")  # "lower than the £5m planned" compares
    return (phrase == "within" and known_count) or (
        phrase == "past" and (word in {"the", "this", "over", "half"} or found.kind == "duration")
    )


def _is_preposition(lower: str, at: int, phrase: str, word: str, found: Quantity) -> bool:
    """Whether "over" or "under" says what something is about, how long it ran or what it is under."""
    if lower[at : found.start].rstrip(" -").endswith((" a", " an", " the")) or word in _ABOUT_NOUNS:
        return True  # "a lawsuit over a £47m contract", "a row over £12m"
    if word.startswith("turn"):
        return True  # "turned over £470m"
    if phrase == "under":
        known_count = found.kind in {"count", "fraction"} and found.known
        return known_count and found.number.form == "words" and found.value <= 12  # "under two contracts"
    return (
        found.kind == "duration"
        and word not in UNITS.people.words
        and lower[found.start - 1] != "-"
        and word not in _OVER_DURATION
    )


def _negated(lower: str, start: int, at: int) -> bool:
    clause = lower[max(start, at - 90) : at]
    breaks = list(_CLAUSE_BREAK.finditer(clause))
    words = clause[breaks[-1].end() if breaks else 0 :].split()
    if words and words[-1] == "not" and len(words) > 1 and words[-2] == "if":
        return False
    return any(word.strip(",") in _NEGATIONS for word in words[-9:])


def _read_after(lower: str, start: int, found: Quantity, match: re.Match[str]) -> Qualifier:
    phrase = re.sub(" +", " ", match["phrase"])
    if phrase == "or so" and _SO_THEY_SAY.match(lower, match.end()):
        return "exact"
    if phrase == "plus" and re.match(r" +(?:an?|the|[£$0-9])", lower[match.end() :]):
        return "exact"
    return _QUALIFYING_AFTER[phrase]


def bounded(found: Quantity, name: Qualifier) -> Quantity:
    """The quantity with the end opened that its qualifier leaves open."""
    if found.low != found.high:
        return found
    if name == "at_least":
        return found._replace(high=None)
    if name == "at_most":
        return found._replace(low=None)
    return found


def is_going(word: str) -> bool:
    """Whether "up to" after this word is a move and no qualifier: "went up to 40", "ticked up to 3.8%"."""
    return word in _GOING or (
        word.endswith("ed") and word not in {"need", "limited", "allowed", "required", "offered", "entitled"}
    )
