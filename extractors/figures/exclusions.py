"""Numbers that are no figures: stretches such as addresses and phone numbers, and what neighbours make of them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from extractors.figures.lexicons import FOLDER, GRAMMAR, NAMES, alternation
from extractors.figures.nouns import STOPS, is_plural
from extractors.figures.numbers import Number, numbers
from extractors.figures.quantities import IGNORED_MEASURES, MEASURE_UNITS, MULTIPLE_AFTER, TIME, Quantity
from extractors.lexicon import LexiconError


class Masked(NamedTuple):
    """A stretch of the text whose numbers are no figures, and why."""

    start: int
    end: int
    reason: str


_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^ ]+|[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,64}|(?<![a-z0-9.])10\.[0-9]{4,9}/[^ ]+"
)
_ADDRESS_SIGNS = ("://", "www.", "@", "10.")
_LIST_MARK = re.compile(r" *\(?[0-9]{1,2}[.)](?= |$)")
_OUTLINE_LETTER = re.compile(r" *\(?[0-9]{1,2}[a-z][.)](?= |$)")
_OUTLINE = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.? +(?=[A-Z])")
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Za-z0-9])")
# What a number may open, in the order they are tried; matched where the number starts.
_AT_NUMBER: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        ("time of day", r"[0-9]{1,2}(?:[:.][0-9]{2}){0,2} ?(?:[ap]\.?m(?![a-z])\.?|o'clock|noon(?![a-z]))"),
        ("time of day", r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"),
        ("time of day", r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'clock"),
        ("ratio or score", r"[0-9]{1,3} ?: ?[0-9]{1,3}(?![0-9:])"),
        ("version number", r"[0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)*(?![0-9])"),
        ("ordinal", r"[0-9]+(?:,[0-9]{3})*(?:st|nd|rd|th)(?![a-z])"),
        ("decade", r"[0-9]0'?s(?![a-z])"),
        ("citation", r"[0-9]{4};[0-9]+[^ ]*"),
        (
            "phone number",
            (
                r"0[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![0-9])"
                r"|[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4}(?![0-9])"
            ),
        ),
    )
)
# What all of these have in common, to leave an ordinary number quickly.
_SUSPECT = re.compile(
    r"0[0-9]|[0-9.,]{1,40}(?:[:;]| ?(?:[ap]\.?m|o'c|noon|:)|st|nd|rd|th|'?s|\)?[ -]?[0-9]{3})"
    r"|[0-9]{1,40}\.[0-9]{1,40}\."
)
# Digits without a space, more than any number has; each would be looked at with all that follow it.
_ENDLESS = re.compile(r"[0-9][0-9.,]{80,}")
_AGE_BAND = re.compile(r"(?<![a-z])(?:over|under)[ -]$")
_INTERNATIONAL = re.compile(r"[0-9]{1,3}[ -]?(?:\(0\) ?)?[0-9]{2,5}[ -]?[0-9]{3,4}(?:[ -]?[0-9]{3,4})?(?![0-9])")
_MARK = re.compile(r"\[[0-9]{1,3}(?:[,;-] ?[0-9]{1,3})*\]")


def paragraph_masks(text: str, lower: str, every: Sequence[Number]) -> list[Masked]:
    """What is masked in a whole paragraph with these numbers: addresses, rows of digits, a list's mark at its start."""
    found: list[Masked] = []
    if any(sign in lower for sign in _ADDRESS_SIGNS):
        found.extend(Masked(match.start(), match.end(), "part of an address") for match in _ADDRESS.finditer(lower))
    if len(every) > 2 or every[0].form == "code" or every[-1].form == "code":  # a row is a code or several numbers
        found.extend(Masked(match.start(), match.end(), "row of digits") for match in _ENDLESS.finditer(text))
    mark = _LIST_MARK.match(text) or _OUTLINE_LETTER.match(text)
    if mark:
        found.append(Masked(0, mark.end(), "list number"))
    return found


def mask_at(text: str, lower: str, number: Number, sentence_start: int) -> Masked | None:
    """What the number is the start or a part of, where that is no figure."""
    start = number.start
    if number.form == "words":
        clock = _AT_NUMBER[2][1].match(lower, start)
        return Masked(start, clock.end(), "time of day") if clock else None
    special = _special(text, lower, start, sentence_start)
    if special is not None:
        return special
    if lower[start - 1 : start] not in {"£", "$", "€"} and _SUSPECT.match(lower, start):
        for reason, pattern in _AT_NUMBER:
            match = pattern.match(lower, start)
            if match is not None and not (reason == "decade" and _AGE_BAND.search(lower[max(0, start - 6) : start])):
                return Masked(start, match.end(), reason)
    return _postcode(text, start)


def _special(text: str, lower: str, start: int, sentence_start: int) -> Masked | None:
    """Marks, international phone numbers and outline numbers, by what stands before the number."""
    before = lower[start - 1 : start]
    if before == "[" and (mark := _MARK.match(lower, start - 1)):
        return Masked(start - 1, mark.end(), "reference mark")
    if before == "+" and (phone := _INTERNATIONAL.match(lower, start)) and phone.end() - start > 8:
        return Masked(start, phone.end(), "phone number")
    if start == sentence_start and (outline := _OUTLINE.match(text, start)):
        return Masked(start, outline.end(), "list number")
    return None


def _postcode(text: str, at: int) -> Masked | None:
    if not (text[at - 1 : at].isupper() or text[at + 1 : at + 2].isupper() or text[at + 2 : at + 3].isupper()):
        return None
    match = _POSTCODE.search(text, max(0, at - 6), at + 8)
    return Masked(match.start(), match.end(), "postcode") if match and match.start() <= at < match.end() else None


_LABELS = NAMES.labels.words
_SOFT_LABELS = NAMES.soft_labels.words
DEFINITE_LIMIT = 12  # the guide: up to twelve things after "the" are a reference, more are a figure


_LABEL_LETTERS = "abcdefghijklmnopqrstuvwxyz_-"
_DEFINITE = re.compile(
    r"(?<![a-z])(?:the|these|those|both|all|our|its|their|his|her|my|your|whose)"
    r"(?: +(?!more|over|than|nearly|almost|some|about|of|to|in|around|up|under|least)[a-z-]+)?(?: +(?!more"
    r"|over|than|nearly|almost|some|about|of|to|in|around|up|under|least)[a-z-]+)? *$"
)
_DEFINITE_ADJECTIVES = GRAMMAR.exclusions.definite_adjectives
_OPENERS = GRAMMAR.exclusions.openers
_VAGUE = re.compile(r"(?<![a-z])(?:several|few|many|couple of|tens of|hundreds of|thousands of|dozens of|umpteen) *$")
_CAPITALISED = re.compile(r"([A-Z][A-Za-z&'.-]*[a-z0-9])[ -]$")
_ORDINAL_NEXT = re.compile(r"[ -]+([a-z'-]+)")
_TO_DOUBLE = re.compile(
    r"(?<![a-z])(?:to|will|would|could|should|may|might|must|can|than|almost|nearly|about|roughly|or|and|at"
    r"|is|was|are|were|now|by|be)(?: (?:more than|almost|nearly|at least|about|well over|over|roughly|only"
    r"|just|even|then))? +$"
)


def _phrase_index() -> dict[str, list[tuple[int, str, re.Pattern[str]]]]:
    """Fixed phrases by the first word of each number in them: how far before it they start, why they hold no figure,
    and the pattern of all that start there, with spaces for hyphens."""
    groups: dict[str, dict[tuple[int, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    lists = (("names", NAMES.names, "part of a name"), ("idioms", NAMES.idioms, "idiom"))
    for entry, listed, reason in lists:
        for phrase in listed.phrases:
            found = numbers(phrase)
            if not found:
                raise LexiconError(FOLDER / "names.toml", entry, f"'{phrase}' has no number in it")
            for number in found:
                key = phrase[number.start : number.end].split(" ")[0].split("-")[0]
                groups[key][number.start, reason].append(phrase.replace("-", " "))
    return {
        key: [
            (offset, reason, re.compile(rf"(?<![a-z0-9])(?:{alternation(phrases)})(?![a-z0-9])"))
            for (offset, reason), phrases in group.items()
        ]
        for key, group in groups.items()
    }


_PHRASES = _phrase_index()


_AMOUNT_NEXT = re.compile(r" ?(?:%|per cent|percent|pc\b|points?\b|p\b|pence\b|(?:hundred|thousand|million|billion)\b)")
_RANGE_BEFORE = re.compile(
    r"[0-9]%? (?:to|and|or) $"
    r"|(?<![a-z])(?:from|between) [£$€]?[0-9][0-9,.]*[a-z%]*(?: [a-z]+){0,2} (?:to|and) $"
)


def phrase_at(flat: str, number: Number) -> Masked | None:
    """The fixed phrase that the number belongs to; `flat` is the text in small letters with spaces for hyphens."""
    key = flat[number.start : number.end].split(" ", 1)[0]
    for offset, reason, pattern in _PHRASES.get(key, ()):
        start = number.start - offset
        match = pattern.match(flat, start) if start >= 0 else None
        if match is not None and match.end() > number.start and not _is_counted(flat, match.end(), number):
            return Masked(start, match.end(), reason)
    return None


def _is_counted(flat: str, end: int, number: Number) -> bool:
    """Whether a number that ends a phrase is an amount after all: "moved to 111", but "1 to 111 per cent"."""
    if end > number.end:
        return False
    return bool(_AMOUNT_NEXT.match(flat, end) or _RANGE_BEFORE.search(flat, max(0, number.start - 60), number.start))


_CURRENCY_LETTERS = re.compile(
    r"(?<![a-z])(?:rs\.?|rm|gbp|usd|eur|aud|cad|chf|inr|jpy|cny|hkd|sgd|nzd|zar|fy)$|(?<![a-z])c\.?$"
)
# What a footnote mark is glued to; and a second mark after the first.
_MARKED = re.compile(r"[a-z][.;:!?,)\"']{1,3}$")
_SECOND_MARK = re.compile(r"[a-z0-9][.!?][\"')]?[0-9]{1,2} $")
_LISTED = re.compile(r"(?:^|[.:;?!] )$")  # "Here is what to do. 1) Write to her."
_RANKED = re.compile(r"(?<![a-z])(?:top|bottom) $")
_AGE_PREFIX = re.compile(r"(?<![a-z])(?:over|under|sub|plus|to|mid|a|an)-$")


def before_reading(lower: str, number: Number) -> str | None:
    """Why a number is none, to be seen from the characters around it."""
    start = number.start
    if number.form == "code" or (
        number.form == "digits" and lower[start] == "0" and lower[start + 1 : start + 2].isdigit()
    ):
        return "code"
    if start and (glued := _glued_before(lower, number)):
        return glued
    if number.form == "digits" and number.value < 100 and _SECOND_MARK.search(lower, max(0, start - 6), start):
        return "footnote mark"
    listed = lower.startswith(") ", number.end) and _LISTED.search(lower, max(0, start - 3), start)
    if listed or (number.value <= 100 and _RANKED.search(lower, max(0, start - 8), start)):
        return "label" if listed else "rank"
    if number.scale >= 100 and _VAGUE.search(lower[max(0, start - 16) : start]):
        return "vague amount"
    return None


def _glued_before(lower: str, number: Number) -> str | None:
    start = number.start
    before, letter = lower[start - 1], lower[start - 2 : start - 1].isalpha()
    if number.form not in {"digits", "part"}:
        return "part of a compound word" if before == "-" and letter else None
    if before == "#":
        return "label"
    if before.isalpha():
        return None if _CURRENCY_LETTERS.search(lower[max(0, start - 5) : start]) else "part of a name or code"
    if letter and before in "-_/":
        return None if _AGE_PREFIX.search(lower[max(0, start - 7) : start]) else "part of a name or code"
    marked = _MARKED.search(lower, max(0, start - 4), start) and not lower[number.end : number.end + 1].isalpha()
    return "footnote mark" if marked and number.end - start <= 3 else None


def after_reading(text: str, lower: str, sentence_start: int, found: Quantity) -> str | None:
    """Why a number with its unit is no figure, or None where it is one."""
    number = found.number
    if number.form == "multiple":
        return _loose_multiple(lower, number)
    if number.form == "part" and found.kind == "fraction":
        return _loose_fraction(lower, number)
    return _loose_count(lower, number, found) or (
        _label(text, lower, found) or _title(text, sentence_start, found) or _definite(lower, found)
    )


def _loose_count(lower: str, number: Number, found: Quantity) -> str | None:
    """Why a number of things or of time is none: "one", a point in time, a piece of a name."""
    if found.kind == "duration" and (timed := _point_in_time(lower, number, found)):
        return timed
    if not found.known and _time_of_day(lower, number):
        return "time of day"
    measured = found.kind == "count" and found.noun is None and found.known and not found.compound
    if lower[number.start : number.end] == "one" and found.kind in {"count", "duration"} and not measured:
        return "'one' alone"
    return "part of a name or code" if found.kind == "count" and _glued(lower, number, found) else None


# "Three years ago", "two years later" are points in time; "two years earlier than planned" is how long.
_SHIFTS = re.compile(r" ago(?![a-z])|(?<=years|onths|weeks) (?:later|earlier|before)(?=[,.;)]|$)")


def _point_in_time(lower: str, number: Number, found: Quantity) -> str | None:
    if _SHIFTS.match(lower, found.end) and found.number.form in {"words", "digits"}:
        return "a point in time, not how long"
    halved = number.form == "part" and lower[number.end : number.end + 1] == "-" and number.value == 0.5
    return "part of a compound word" if halved else None


def _time_of_day(lower: str, number: Number) -> bool:
    """Whether a small number in words with no noun is a time of day: "half past five", "shut at six"."""
    if number.form == "digits" and _is_clock(lower, number):
        return True
    if number.form != "words" or not 1 <= number.value <= 12 or number.value != int(number.value):
        return False
    before = lower[max(0, number.start - 24) : number.start]
    at = _AT_HOUR.search(before)
    if at is not None and at["verb"] in _EVENTS and not lower.startswith((" in ", " out "), number.end):
        return True
    if re.match(
        " (?:past|to) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![a-z])", lower[number.end :]
    ):
        return True
    return _PAST_HOUR.search(before) is not None or _OF_DAY.match(lower, number.end) is not None


def _is_clock(lower: str, number: Number) -> bool:
    """Whether digits are an hour with minutes behind a point: "I start at 7.15", "from 8.40 until 12.15"."""
    if not _HOUR.fullmatch(lower, number.start, number.end) or _MEASURED.match(lower, number.end):
        return False
    before = lower[max(0, number.start - 28) : number.start]
    at = _AT_HOUR.search(before)
    led = at is not None and at["verb"] in _EVENTS
    return led or bool(_UNTIL_HOUR.search(before) or _FROM_HOUR.match(lower, number.end))


def _glued(lower: str, number: Number, found: Quantity) -> bool:
    if number.form == "digits" and found.end == number.end and lower[number.end : number.end + 1].isalpha():
        return True
    word = re.match(" ?([a-z]+)", lower[number.end : number.end + 12])
    return bool(word and word[1] in IGNORED_MEASURES)


def _label(text: str, lower: str, found: Quantity) -> str | None:
    """ "Section 75", "page 12", "Apollo 11": a small number after a word that it labels or that makes a name of it."""
    number = found.number
    if found.kind not in {"count", "duration"} or number.scale > 1 or abs(number.value) >= 3000:
        return None
    before = lower[max(0, number.start - 18) : number.start].removesuffix("(")
    if before[-1:] not in {" ", "-"} or "," in lower[number.start : number.end]:
        return None
    before = before[:-1].removesuffix(".")
    word = before[len(before.rstrip(_LABEL_LETTERS)) :].lstrip("_-")
    if not word:
        return None
    at = max(0, number.start - 18) + len(before) - len(word)
    if _labels(word, found, capital=text[at].isupper() and at > 0):
        return "label"
    return None if found.known else _named(text, lower, number, word, at)


def _labels(word: str, found: Quantity, *, capital: bool) -> bool:
    if word not in _LABELS:
        return False
    if word not in _SOFT_LABELS or not found.known:
        return True
    return (capital and found.noun is None) or (found.number.form == "digits" and word in {"figure", "table"})


def _named(text: str, lower: str, number: Number, word: str, at: int) -> str | None:
    if number.form != "digits" or word in STOPS or "-" in (lower[number.end : number.end + 1], lower[number.start - 1]):
        return None
    if _CAPITALISED.search(text[max(0, number.start - 24) : number.start]) is None:
        return None
    opens = at == 0 or text[at - 2 : at - 1] in ".!?:;\"'("
    return None if opens and (word in _OPENERS or word.endswith("ly")) else "part of a name"


def _title(text: str, sentence_start: int, found: Quantity) -> str | None:
    """A number that opens a name in capitals: "10 Year Health Plan", "the Five Year Forward View"."""
    number = found.number
    unit = text[number.end : number.end + 20].lstrip(" -")
    capital = text[number.start : number.start + 2].istitle() and unit[:1].isupper()
    if number.form == "words" and number.start > sentence_start + 1 and capital:
        return "part of a name"
    word = re.match(r"([A-Z][a-z]+)[ -](?=[A-Z])|(years?) (?=[A-Z][a-z]+ [A-Z])", unit)
    if word and (word[1] or word[2]).lower() in TIME:
        return "part of a name"
    return None


def _definite(lower: str, found: Quantity) -> str | None:
    number = found.number
    if found.unit in MEASURE_UNITS:
        return None
    if (
        found.kind != "count"
        or abs(number.value) > DEFINITE_LIMIT
        or number.scale >= 100
        or number.value != int(number.value)
    ):
        return None
    match = _DEFINITE.search(lower[max(0, number.start - 40) : number.start])
    if match is None:
        return None
    words = match[0].split()
    if len(words) > 1 and not all(_adjective(word) for word in words[1:]):
        return None
    return "definite reference"


def _adjective(word: str) -> bool:
    return word in _DEFINITE_ADJECTIVES or (
        word not in STOPS
        and not is_plural(word)
        and word.endswith(("al", "er", "est", "ing", "ed", "ent", "ous", "ive", "ic"))
    )


def _loose_multiple(lower: str, number: Number) -> str | None:
    word = lower[number.start : number.end]
    if word in {"twice", "thrice"}:
        return None if MULTIPLE_AFTER.match(lower, number.end) else "how often, not how much"
    if word in {"double", "treble", "triple", "quadruple", "halve", "doubles", "halves"}:
        if word == "halves" or lower[number.end : number.end + 1] == "-":
            return "part of a compound word"
        if MULTIPLE_AFTER.match(lower, number.end) or _TO_DOUBLE.search(
            lower[max(0, number.start - 26) : number.start]
        ):
            return None
        return None if word == "doubles" else "adjective, not a multiple"
    return None


_EVENTS = GRAMMAR.exclusions.events
_AT_HOUR = re.compile(r"(?P<verb>[a-z]+) at (?:about |around |just after |just before )?$")
_HOUR = re.compile(r"(?:1?[0-9]|2[0-3])\.[0-5][05]")
_MEASURED = re.compile(r" ?(?:%|per(?![a-z])|p(?:ercent)?(?![a-z])|[mb]n?(?![a-z])|[mb]illion)")
_UNTIL_HOUR = re.compile(r"(?:1?[0-9]|2[0-3])\.[0-5][05] (?:until|till) $|(?<![a-z])(?:until|till) $")
_FROM_HOUR = re.compile(r" (?:until|till) (?:1?[0-9]|2[0-3])\.[0-5][05](?![0-9%])")
_PAST_HOUR = re.compile(
    r"(?<![a-z])(?:(?:half|quarter|ten|five|twenty|twenty-five) past|(?:quarter|minutes) to|minutes past|gone) $"
)
_OF_DAY = re.compile(
    r" (?:(?:the (?:next|following)|that|this|tomorrow) (?:morning|afternoon|evening|night)"
    r"|in the (?:morning|afternoon|evening)|at night|o'clock|sharp)(?![a-z])"
)
_MORE_THAN_QUARTER = re.compile(r"(?:by|up|down|of|rose|grew|fell|increased|dropped|risen|fallen|just) over $")
_HALVES = re.compile(
    r"(?<![a-z])(?:first|second|latter|other|former|better|top|bottom|this|that|each|either|one|lower|upper"
    r"|northern|southern|my|his|her|their|our|your|its|the)[ -]$"
)
_QUARTER_OF_YEAR = re.compile(
    r"(?<![a-z])(?:in|for|over|during|per|once|within|after|each|every|last|this|next|month|times|twice"
    r"|than) $"
)
_COUNTING_UP = re.compile(r"(?<![a-z])(?:another|a second|the second)(?![a-z])[^.;]*,? and $")
_PART_CLOSES = GRAMMAR.exclusions.part_closes


_COMPARES = re.compile(r" [a-z]+(?: [a-z]+)? than(?![a-z])")


def _loose_fraction(lower: str, number: Number) -> str | None:
    """Why a word like "half", "a quarter" or "a third" is no fraction."""
    words = lower[number.start : number.end]
    before = lower[max(0, number.start - 10) : number.start]
    after = _ORDINAL_NEXT.match(lower, number.end)
    following = after[1] if after else ""
    joined = lower[number.end : number.end + 1] == "-"
    if words == "half":
        if _HALVES.search(before) and not (before.endswith("other ") and lower.startswith(" of ", number.end)):
            return "half of a time or a thing, not a fraction"
        return "part of a compound word" if joined and following not in {"of", "the"} else None
    if words == "a quarter":
        measured = following == "of" or "than" in before or _MORE_THAN_QUARTER.search(before)
        quarter = not measured and _QUARTER_OF_YEAR.search(before)
        return "quarter of a year" if quarter else None
    if not words.startswith(("a ", "an ")):
        return None
    # "One has a scheme, another is thinking about it, and a third asked".
    nth = words == "a third" and _COUNTING_UP.search(lower, max(0, number.start - 120), number.start)
    closed = lower[number.end : number.end + 1] in {",", "."} or _COMPARES.match(lower, number.end) is not None
    if joined or nth or words.endswith("hundredth") or (following and not closed and _noun_like(following)):
        return "ordinal"
    return None


def _noun_like(word: str) -> bool:
    return word not in STOPS and word not in _PART_CLOSES and not word.endswith(("ed", "ly", "'s"))
