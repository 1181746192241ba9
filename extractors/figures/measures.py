"""What a figure measures, in the sentence's own words, and the whole that a share is of."""

import re

from extractors.figures.nouns import VERBS
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_TRIM = re.compile(r"^(?:[\s,;:-]|(?:and|but|while|whereas|although|though|yet)\s)+|[\s,;:.!?-]+$", re.IGNORECASE)
_OF = re.compile(r"^ (?:or (?:more|less|so|fewer) )?(?:of|among) +")
_SHARE = re.compile(r"(?<![a-z])(?:share|proportion|percentage|fraction|part|rate|number) of +")
_ABOVE = re.compile(r"^ (?:(?:more|less|higher|lower|cheaper|dearer|greater|fewer|bigger|smaller|longer|shorter|faster) than|above|below|over|under|off) +")
_BASE_WORD = re.compile(r" *([a-z0-9'&£$€%.,-]*[a-z0-9'%])")
_BASE_STOPS = frozenset(
    "is are was were be been being am has have had do does did will would shall should can could may might must and but or nor "
    "that which who whose when while where whereas because if so then since although though compared against up down rose fell "
    "to by after before until than now still also already never not".split()
)
_TIME_IN = re.compile(r"^ *(?:in|during|over|on|at|for|from|by)? *(?:the )?(?:(?:19|20)[0-9]{2}|last|this|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|first|second|third|year)(?![a-z])")


def measure(sentence: Sentence, quantity: Quantity) -> str | None:
    """The statement the figure stands in, as the text words it."""
    start, end = sentence.statement(quantity.start, quantity.end)
    return tidy(sentence.text[start:end])


def tidy(words: str) -> str | None:
    """Words without the punctuation and conjunctions at their edges; None where nothing is left."""
    words = re.sub(r"\s+", " ", words)
    previous = None
    while previous != words:
        previous = words
        words = _TRIM.sub("", words)
    if words.count("(") < words.count(")"):
        words = words.strip(")")
    elif words.count("(") > words.count(")"):
        words = words + ")" if not words.endswith("(") else words.rstrip("( ")
    return words or None


def bases(sentence: Sentence, found: list[Quantity], memory: str | None) -> list[str | None]:
    """The whole of each percentage and fraction; `memory` is what an earlier sentence's share or count was of."""
    result: list[str | None] = []
    last = memory
    for quantity in found:
        if quantity.kind == "count" and quantity.noun is not None:
            last = tidy(sentence.text[quantity.noun[0] : quantity.noun[1]])
        if quantity.kind not in {"percent", "fraction"}:
            result.append(None)
            continue
        own = _own_base(sentence, quantity)
        if own is not None:
            last = own
        result.append(own or (_share_before(sentence, quantity) or last))
    return result


def _own_base(sentence: Sentence, quantity: Quantity) -> str | None:
    if quantity.kind == "fraction" and quantity.noun is not None:
        return tidy(sentence.text[quantity.noun[0] : _phrase_end(sentence, quantity.noun[1])])
    for pattern in (_OF, _ABOVE):
        match = pattern.match(sentence.lower[quantity.end : quantity.end + 40])
        if match is not None:
            at = quantity.end + match.end()
            return tidy(sentence.text[at : _phrase_end(sentence, at)])
    if sentence.lower.startswith((" the ", " its ", " their ", " our "), quantity.end):
        return tidy(sentence.text[quantity.end : _phrase_end(sentence, quantity.end)])
    return None


def _phrase_end(sentence: Sentence, at: int) -> int:
    end = at
    for _ in range(12):
        match = _BASE_WORD.match(sentence.lower, at, sentence.end)
        if match is None:
            break
        word = match[1]
        bare = word.rstrip(",.")
        if end > at - 1 and bare in _BASE_STOPS or (bare in VERBS and end > 0 and at != end):
            break
        if _TIME_IN.match(sentence.lower[at : at + 24]) and end:
            break
        if bare in _BASE_STOPS or bare in VERBS:
            break
        end = match.start(1) + len(bare)
        if word != bare:
            break
        at = match.end()
    return end


def _share_before(sentence: Sentence, quantity: Quantity) -> str | None:
    before = sentence.before(quantity, 140)
    match = None
    for match in _SHARE.finditer(before):
        pass
    if match is None:
        return None
    at = quantity.start - len(before) + match.end()
    return tidy(sentence.text[at : min(_phrase_end(sentence, at), quantity.start)])
