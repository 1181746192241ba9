"""What a figure measures, in the text's own words."""

import re

from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_EDGES = re.compile(r"^(?:[\s,;:)-]|(?:and|but|while|whereas|yet)\s)+|[\s,;:.!?(-]+$", re.IGNORECASE)
# A statement whose subject is a pronoun is understood with the one before it.
_PRONOUN = re.compile(
    r"[\s,;:\"'-]*(?:(?:and|but|while|whereas) )?(?:(?:in|by|since|at|on|over|during"
    r"|for) [^,;]{0,30}?,? )?(?:of )?(?:that|this|it|they|these|those|he|she|both"
    r"|them)(?![a-z'])(?! [a-z-]+s(?![a-z]))"
)
_SPACES = re.compile(r"\s+")


def measure(sentence: Sentence, quantity: Quantity) -> str | None:
    """The statement that the figure stands in, with the one before it where its subject is a pronoun."""
    start, end = sentence.statement(quantity.start, quantity.end)
    if _PRONOUN.match(sentence.lower, start, quantity.end):
        start = sentence.start if start > sentence.start else sentence.previous
    return tidy(sentence.text[start:end])


def tidy(words: str) -> str | None:
    """Words without the punctuation and conjunctions at their edges; None where nothing is left."""
    words = _EDGES.sub("", _SPACES.sub(" ", words))
    while words and (shorter := _EDGES.sub("", words)) != words:
        words = shorter
    if words.count("(") > words.count(")"):
        words += ")"
    elif words.count(")") > words.count("("):
        words = words.rstrip(")")
    return words or None
