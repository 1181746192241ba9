"""A paragraph as words with offsets and sentences, and the keys by which a pattern can name a word."""

import re
from dataclasses import dataclass

from extractors.text import fold, sentences

# Amounts of money, percentages and other numbers are one word each, whatever their notation, since a theme's cue
# mostly says "an amount" and not which. Hyphens divide words, so that "block-booked" and "block booked" are alike.
_TOKEN = re.compile(
    r"(?P<money>[£$€]\s?\d[\d,.]*(?:\s?(?:bn|billion|mn|million|m|trillion|k)\b)?)"
    r"|(?P<percent>\d[\d,.]*(?:\s?%|\s(?:per cent|percent|pc)\b))"
    r"|(?P<number>\d[\d,.]*(?:st|nd|rd|th|bn|m|k)?\b)"
    r"|(?P<word>[^\W\d_][^\W_]*(?:'[^\W\d_]+)*)"
    r"|(?P<question>\?)"
)
SENTENCE_START = "#start"
_SPECIAL = {"money": "#money", "percent": "#percent", "question": "#question"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one paragraph; the four tuples run in parallel. Each sentence opens with an empty word "#start".

    `words` keeps the case of letters; amounts stand as "#money" and "#percent", question marks as "#question", other
    numbers as they are. `starts` and `ends` are offsets in the paragraph's text, `sentence` counts its sentences from 0.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence: tuple[int, ...]


def split_words(text: str) -> Words:
    """Divide a paragraph into words; every offset is one in the text as given."""
    folded = fold(text)
    opens = [span.start for span in sentences(text)]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    current = -1
    for match in _TOKEN.finditer(folded):
        start = match.start()
        while current + 1 < len(opens) and start >= opens[current + 1]:
            current += 1
            words.append(SENTENCE_START)
            starts.append(start)
            ends.append(start)
            numbers.append(current)
        words.append(_SPECIAL.get(match.lastgroup or "", match.group()))
        starts.append(start)
        ends.append(match.end())
        numbers.append(max(current, 0))
    return Words(tuple(words), tuple(starts), tuple(ends), tuple(numbers))


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
