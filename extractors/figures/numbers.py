"""Numbers as they are written, in digits and in words, with the scale words that belong to them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractors.figures.lexicons import NUMBERS, alternation

UNITS = NUMBERS.units
TENS = NUMBERS.tens
SCALES = NUMBERS.scales
LETTERS = NUMBERS.letters
PARTS = NUMBERS.parts
VULGAR = NUMBERS.vulgar
MULTIPLES = NUMBERS.multiples


class Number(NamedTuple):
    """A number in the text. `form` says how it is written:

    "digits", "words" (also "a dozen"), "part" (a fraction in words or signs: "two-thirds", "½", "3/4"),
    "multiple" ("doubled", "tenfold", "twice"). `scale` is what its scale words multiply by, 1 where it has none.
    """

    start: int
    end: int
    value: float
    scale: float
    form: str


_SCALE_WORD = alternation(SCALES)
_SCALES_AFTER = rf"(?:[ -]*(?:{_SCALE_WORD})(?:s(?= of))?(?![a-z])){{1,3}}"
_LETTER = rf" ?(?:{alternation(LETTERS)})(?![a-z])"
_VULGAR = "[" + "".join(VULGAR) + "]"
# Thousands by commas or spaces, the Indian grouping by two, plain digits; an exponent as the sciences write it.
_DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?: [0-9]{3})+(?![0-9,])(?:\.[0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])"
    r"|[0-9]+(?:\.[0-9]+)?"
)
_EXPONENT = r"(?:e[+-]?[0-9]{1,2}(?![0-9a-z])| ?[x×] ?10 ?\^? ?[+-]?[0-9]{1,2}(?![0-9]))"
_DIGIT = re.compile(r"[0-9]|" + _VULGAR)
DIGITS = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<exponent>{_EXPONENT})?"
    rf"(?:(?P<whole> ?{_VULGAR}| [0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]))|(?P<half>[ -]and[ -]a[ -](?:half"
    r"|quarter)(?![a-z])))?"
    rf"(?P<scale>{_SCALES_AFTER}|{_LETTER})?"
)
_BARE_VULGAR = re.compile(rf"{_VULGAR}(?P<scale>{_SCALES_AFTER})?")
_SLASHED = re.compile(r"([0-9]{1,3})/([0-9]{1,3})(?![0-9/])")
_UNIT_WORD = alternation([*UNITS, *TENS])
_PART_WORD = alternation(PARTS)
_FIRST_LETTERS = "".join(
    sorted({word[0] for word in (*UNITS, *TENS, *MULTIPLES, "half", "hundred", "million", "dozen", "a")})
)
_WORDS = re.compile(
    rf"\b(?=[{_FIRST_LETTERS}])(?:"
    rf"(?:{alternation([*UNITS, *TENS, *MULTIPLES, 'half', 'hundred', 'thousand', 'million', 'dozen'])})(?![a-z])"
    rf"|an? +(?=(?:{_SCALE_WORD}|{_PART_WORD})(?![a-z])))"
)
_LONGEST = 30  # characters of digits with their separators; more are a code
_POINT = re.compile(rf"[ -]+point(?P<digits>(?:[ -]+(?:{_UNIT_WORD}|oh)(?![a-z]))+)")
_MINUS = re.compile(r"(?<![a-z0-9])(?:minus|negative) $")
SIGN_OR_CODE = re.compile(r"(?:[£$€¥₹]|(?<![a-z])(?:gbp|usd|eur|rs\.?|chf|aud|cad)) ?-?$")
_PIECE = re.compile(r"(?:[ -]+|-)?(?P<and>and[ -]+)?(?P<word>[a-z]+)(?![a-z])")
_PART_AFTER = re.compile(rf"[ -]+(?P<part>{_PART_WORD})(?![a-z])")
_HALF_AFTER = re.compile(r"[ -]+and[ -]+(?P<count>a|an|one|two|three)[ -]+(?P<part>half|quarters?|thirds?)(?![a-z])")
_OF_SCALE = re.compile(rf" +(?:of +)?an? +(?P<scale>{_SCALE_WORD})(?![a-z])")
_SCALED = re.compile(rf"[ -]+(?P<scale>{_SCALE_WORD})(?![a-z])")


def numbers(lower: str) -> list[Number]:
    """All numbers of a text in small letters, in order, none overlapping another."""
    found = [*_digit_numbers(lower), *_word_numbers(lower)]
    if len(found) > 1:
        found.sort()
        found = _without_overlaps(found)
    if "minus " in lower or "negative " in lower:
        found = [_negated(lower, number) for number in found]
    return found


def _negated(lower: str, number: Number) -> Number:
    match = _MINUS.search(lower[max(0, number.start - 9) : number.start])
    if match is None or number.form == "multiple":
        return number
    start = max(0, number.start - 9) + match.start()
    if re.search(r"[0-9] $", lower[:start][-2:]):
        return number
    return number._replace(start=start, value=-number.value)


def _without_overlaps(found: list[Number]) -> list[Number]:
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _digit_numbers(lower: str) -> Iterator[Number]:
    at = 0
    while first := _DIGIT.search(lower, at):
        number = _number_at(lower, first.start())
        at = max(number.end, first.end())
        yield number


def _number_at(lower: str, at: int) -> Number:
    if lower[at] in VULGAR:
        match = _BARE_VULGAR.match(lower, at)
        scale = _scale(match["scale"]) if match else 1.0
        return Number(at, match.end() if match else at + 1, VULGAR[lower[at]] * scale, scale, "part")
    start = _leading(lower, at)
    slashed = _SLASHED.match(lower, at)
    if slashed is not None and 0 < int(slashed[1]) < int(slashed[2]) <= 100 and lower[at - 1 : at] not in {"/", "."}:
        return Number(at, slashed.end(), int(slashed[1]) / int(slashed[2]), 1.0, "part")
    match = DIGITS.match(lower, at)
    if match is not None and match.end("digits") - at > _LONGEST:
        return Number(start, match.end("digits"), 0.0, 1.0, "code")
    if match is None:  # cannot be: the pattern matches any digit
        return Number(at, at + 1, float(lower[at]), 1.0, "digits")
    return _digit_number(lower, match, start)


def _leading(lower: str, at: int) -> int:
    """Where a number starts whose first digit is at `at`: a decimal point or a minus sign may stand before it."""
    start = at
    if lower[start - 1 : start] == "." and (start < 2 or lower[start - 2] in " ($£€-"):
        start -= 1
    if lower[start - 1 : start] == "-" and (start < 2 or lower[start - 2] in " ("):
        start -= 1
    return start


def _digit_number(lower: str, match: re.Match[str], start: int) -> Number:
    words, end = match["scale"], match.end()
    if words and len(words) == 2 and words[0] == " " and not SIGN_OR_CODE.search(lower[max(0, start - 5) : start]):
        words, end = None, match.start("scale")  # "1.5 m" is metres, "£1.5 m" millions
    scale = _scale(words)
    value = float(match["digits"].replace(",", "").replace(" ", ""))
    point = lower[match.start() - 1 : match.start()] == "." and start < match.start()
    if point and "." not in match["digits"]:
        value /= 10.0 ** len(match["digits"])
    if match["exponent"]:
        value *= 10.0 ** int(re.sub(r"^e| ?[x×] ?10 ?\^? ?", "", match["exponent"]))
    if match["whole"]:
        value += _part_sign(match["whole"].strip())
    elif match["half"]:
        value += 0.5 if match["half"].endswith("half") else 0.25
    if lower[start] == "-":
        value = -value
    return Number(start, end, round_off(value * scale), scale, "digits")


def _part_sign(sign: str) -> float:
    if sign in VULGAR:
        return VULGAR[sign]
    over, under = sign.split("/")
    return int(over) / int(under) if int(under) else 0.0


def _scale(words: str | None) -> float:
    if not words:
        return 1.0
    scale = 1.0
    for word in re.findall("[a-z]+", words):
        scale *= SCALES.get(word) or SCALES.get(word.removesuffix("s")) or LETTERS.get(word, 1.0)
    return scale


def round_off(value: float) -> float:
    """The value without the noise of binary multiplication: 4.1 * 10**9 is 4100000000."""
    return float(f"{value:.12g}") if value % 1 or value > 1e12 else value


def _word_numbers(lower: str) -> Iterator[Number]:
    at = 0
    while match := _WORDS.search(lower, at):
        number = _word_number(lower, match)
        at = match.end() if number is None else max(number.end, match.end())
        if number is not None:
            yield number


def _word_number(lower: str, match: re.Match[str]) -> Number | None:
    word = match[0]
    if word in MULTIPLES:
        return Number(match.start(), match.end(), MULTIPLES[word], 1.0, "multiple")
    if word == "half":
        return _half(lower, match.start(), match.end())
    if word.endswith(" "):
        return _after_article(lower, match)
    return _cardinal(lower, match.start(), match.start(), 0.0)


def _half(lower: str, start: int, end: int) -> Number:
    """ "half", "half a million", "half a dozen"."""
    scale = _OF_SCALE.match(lower, end)
    if scale:
        return Number(start, scale.end(), 0.5 * SCALES[scale["scale"]], SCALES[scale["scale"]], "words")
    return Number(start, end, 0.5, 1.0, "part")


def _after_article(lower: str, match: re.Match[str]) -> Number | None:
    """ "a third", "a hundred and fifty", "a quarter of a million"."""
    part = _PART_AFTER.match(lower, match.end() - 1)
    if part:
        return _part(lower, match.start(), 1.0, part)
    return _cardinal(lower, match.start(), match.end(), 1.0)


def _part(lower: str, start: int, count: float, part: re.Match[str]) -> Number:
    value = count / PARTS[part["part"]]
    scale = _OF_SCALE.match(lower, part.end())
    if scale:
        return Number(start, scale.end(), round_off(value * SCALES[scale["scale"]]), SCALES[scale["scale"]], "words")
    return Number(start, part.end(), value, 1.0, "part")


def _cardinal(lower: str, start: int, at: int, first: float) -> Number | None:
    """A number in words from `at` on; `first` is 1 where an article stands for "one"."""
    total, group, end, last, scale = 0.0, first, at, 0.0, 1.0
    while piece := _PIECE.match(lower, end):
        word, joined = piece["word"], piece["and"] is not None
        value = UNITS.get(word, -1.0)
        if value < 0 and (value := TENS.get(word, -1.0)) < 0:
            if word not in SCALES or joined or (end == at and first == 0 and end != start):
                break
            scale, total, group = _scaled(SCALES[word], total, group, last)
            last = SCALES[word]
        elif (end != at and not _follows(value, last, joined)) or (end == at and first):
            break
        else:
            group += value
            last = value
        end = piece.end()
    if end == at:
        return None
    return _finished(lower, start, end, total + group, scale)


def _follows(value: float, last: float, joined: bool) -> bool:
    """Whether a word of this value can go on a number whose last word has the value `last`."""
    if last >= 100:
        return value < last
    return not joined and 20 <= last <= 90 and 0 < value < 10


def _scaled(size: float, total: float, group: float, last: float) -> tuple[float, float, float]:
    if last >= 1000:  # "ten thousand million"
        return size, total * size, 0.0
    group = group or 1.0
    if size in {12, 100}:
        return size, total, group * size
    if total and total < size:
        return size, (total + group) * size, 0.0
    return size, total + group * size, 0.0


def _finished(lower: str, start: int, end: int, value: float, scale: float) -> Number:
    """Add what may close a number in words: "and a half", "-thirds", a scale after the half."""
    half = _HALF_AFTER.match(lower, end)
    if half:
        count = {"a": 1.0, "an": 1.0}.get(half["count"]) or UNITS[half["count"]]
        value += count / PARTS[half["part"]] * (1.0 if scale < 1000 else scale)
        end = half.end()
        more = _SCALED.match(lower, end)
        if more:
            return Number(start, more.end(), value * SCALES[more["scale"]], SCALES[more["scale"]], "words")
        return Number(start, end, value, scale, "words")
    part = _PART_AFTER.match(lower, end)
    point = _POINT.match(lower, end)
    if point:
        return _with_decimals(lower, start, value, point)
    if part and 1 <= value < 100 and _is_fraction(value, part["part"]):
        return _part(lower, start, value, part)
    return Number(start, end, round_off(value), scale, "words")


def _with_decimals(lower: str, start: int, value: float, point: re.Match[str]) -> Number:
    """ "two point five", "nought point seven five million"."""
    digits = ""
    for word in re.findall("[a-z]+", point["digits"]):
        number = 0 if word == "oh" else int(UNITS.get(word, TENS.get(word, 0)))
        digits = (
            f"{int(digits) + number}"
            if digits.endswith("0") and len(digits) > 1 and number < 10
            else f"{digits}{number}"
        )
    value = round_off(value + float(f"0.{digits}"))
    more = _SCALED.match(lower, point.end())
    scale = SCALES[more["scale"]] if more else 1.0
    return Number(start, more.end() if more else point.end(), round_off(value * scale), scale, "words")


def _is_fraction(count: float, part: str) -> bool:
    return part.endswith(("s", "half")) != (count == 1) or (count == 1 and part in {"half"})
