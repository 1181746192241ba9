"""A paragraph as words with offsets and sentences, and the keys by which a pattern can name a word."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise

from extractors.text import fold, sentences

# Amounts of money, percentages and other numbers are one word each, whatever their notation, since a theme's cue
# mostly says "an amount" and not which. Hyphens divide words, so that "block-booked" and "block booked" are alike.
_PATTERN = (
    r"([^\W\d_][^\W_]*(?:'[^\W\d_]+)*"
    r"|\d[\d,.]*(?:\s?%|\s(?:per cent|percent|pc)\b|(?:st|nd|rd|th|bn|m|k)\b)?"
    r"|[£$€]\s?\d[\d,.]*(?:\s?(?:bn|billion|mn|million|m|trillion|k)\b)?"
    r"|\?)"
)
_WORD = re.compile(_PATTERN)
_PLAIN_WORD = re.compile(_PATTERN, re.ASCII)
SENTENCE_START = "#start"
Span = tuple[int, int]
"""Words by their places: the first, and the one after the last."""
_OPENINGS = {"£": "#money", "$": "#money", "€": "#money", "?": "#question"}
_PERCENT = ("%", "t", "c")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one paragraph; the four tuples run in parallel. Each sentence opens with an empty word "#start".

    `words` keeps the case of letters; amounts stand as "#money" and "#percent", question marks as "#question", other
    numbers as they are. `starts` and `ends` are offsets in the paragraph's text; `sentence` counts from 0.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence: tuple[int, ...]


def split_words(text: str) -> Words:
    """Divide a paragraph into words; every offset is one in the text as given."""
    folded = fold(text)
    # Split by a group: what stands between the words, and the words, in turn.
    pieces = (_PLAIN_WORD if folded.isascii() else _WORD).split(folded)
    offsets = list(accumulate(map(len, pieces)))
    found = [word if word[0].isalpha() else _amount(word) for word in pieces[1::2]]
    begins, after = offsets[:-1:2], offsets[1::2]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    opens = [bisect_left(begins, span.start) for span in sentences(folded)]
    for sentence, (first, last) in enumerate(pairwise([*opens, len(found)])):
        offset = begins[first] if first < len(begins) else len(text)
        words += SENTENCE_START, *found[first:last]
        starts += offset, *begins[first:last]
        ends += offset, *after[first:last]
        numbers += [sentence] * (last - first + 1)
    return Words(tuple(words), tuple(starts), tuple(ends), tuple(numbers))


def _amount(word: str) -> str:
    special = _OPENINGS.get(word[0])
    if special:
        return special
    return "#percent" if word.endswith(_PERCENT) else word.rstrip(".,")


def stem(word: str) -> str:
    """The stem that a word shares with its inflections: "prices", "priced" and "pricing" give "pric".

    Only endings of inflection are taken off (plural, possessive, past, -ing), never those that make another word:
    "commissioner" stays apart from "commission". It need not be a word itself, only the same for cue and text.
    """
    word = word.lower()
    for possessive in ("'s", "'"):
        if word.endswith(possessive):
            word = word[: -len(possessive)]
            break
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ied", "ed"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsaeiou":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _has_vowel(base: str) -> bool:
    return len(base) >= 3 and any(letter in "aeiouy" for letter in base)
