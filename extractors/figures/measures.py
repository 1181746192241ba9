"""What a figure measures, in the text's own words."""

import re

from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

# A statement whose subject is a pronoun is understood with the one before it.
_PRONOUN = re.compile(
    r"[\s,;:\"'-]*(?:(?:and|but|while|whereas) )?(?:(?:in|by|since|at|on|over|during"
    r"|for) [^,;]{0,30}?,? )?(?:of )?(?:that|this|it|they|these|those|he|she|both"
    r"|them)(?![a-z'])(?! [a-z-]+s(?![a-z]))"
)
_CLOSING = " ,;:.!?(-\t\n"
_OPENING = " ,;:)-\t\n"
_JOINING = ("and ", "but ", "while ", "whereas ", "yet ")


def stretches(sentence: Sentence, found: list[Quantity]) -> list[tuple[int, int]]:
    """For each figure the bounds of the statement it stands in, with the one before where its subject is a pronoun."""
    result: list[tuple[int, int]] = []
    for quantity in found:
        start, end = sentence.statement(quantity.start, quantity.end)
        if _PRONOUN.match(sentence.lower, start, quantity.end):
            start = sentence.start if start > sentence.start else sentence.previous
        result.append((start, end))
    return result


def tidy(words: str) -> str | None:
    """Words without the punctuation and conjunctions at their edges; None where nothing is left."""
    words = words.rstrip(_CLOSING).lstrip(_OPENING)
    while words[:8].lower().startswith(_JOINING):
        words = words.split(" ", 1)[1].lstrip(_OPENING)
    if "  " in words:
        words = " ".join(words.split())
    if words.count("(") > words.count(")"):
        words += ")"
    elif words.count(")") > words.count("("):
        words = words.rstrip(")")
    return words or None
