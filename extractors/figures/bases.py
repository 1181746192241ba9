"""The whole that a share is of: "6.3 per cent of all NHS spending"."""

import re

from extractors.figures.changes import Move
from extractors.figures.lexicons import lexicon
from extractors.figures.nouns import VERBS, is_plural
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence, tidy, without_qualifiers

_OF = re.compile(r" (?:or (?:more|less|so|fewer) )?(?:of|among|in every) +")
_ASIDE = re.compile(r" \([^()]{1,24}\)|\)")
_SHARE = re.compile(r"(?<![a-z])(?:share|proportion|percentage|fraction|number|amount) of +")
_COMPARED = re.compile(
    r" (?:(?:more|less|higher|lower|cheaper|dearer|greater|fewer|bigger|smaller|longer|shorter"
    r"|faster)(?: expensive| likely)? than|above|below) +"
)
_DETERMINED = re.compile(r" (?=(?:the|its|their|our|his|her|all) )")
_WORD = re.compile(r" *(\(?)([a-z0-9'&£$€%.,/-]*[a-z0-9'%])")
_RELATIVE = lexicon("grammar").words("bases.relative")
_SUBJECTS = lexicon("grammar").words("bases.subjects")
_STOPS = lexicon("grammar").words("bases.stops")
_DETERMINERS = lexicon("grammar").words("bases.determiners")
_LOOSE = lexicon("grammar").words("bases.loose")
_PREPOSITIONS = lexicon("grammar").words("bases.prepositions")
_TIME = re.compile(
    r" *(?:in|during|over|on|at|for|from|by)? *(?:the )?(?:(?:19|20)[0-9]{2}|last|this|january|february"
    r"|march|april|may|june|july"
    r"|august|september|october|november|december|q[1-4]|first|second|third|year)(?![a-z])"
)
_REACH = 16  # words


def bases(
    sentence: Sentence, found: list[Quantity], moves: list[Move], memory: str | None
) -> tuple[list[str | None], str | None]:
    """The whole of each percentage and fraction, and the last whole or count for the sentences after.

    `memory` is what an earlier sentence's share was of, or what it counted.
    """
    result: list[str | None] = []
    last = memory
    counted: tuple[int, int] | None = None  # the noun phrase that a share after it may be of, found when one comes
    for quantity, move in zip(found, moves, strict=True):
        if quantity.kind == "count" and quantity.noun is not None:
            last, counted = None, quantity.noun
        if quantity.kind not in {"percent", "fraction"} or quantity.unit == "pp":
            result.append(None)
            continue
        if counted is not None:
            last, counted = _phrase(sentence, counted), None
        own = _own_base(sentence, quantity)
        last = own or last
        result.append(
            own or _share_before(sentence, quantity) or (None if _size_of_move(sentence, quantity, move) else last)
        )
    return result, last if counted is None else _phrase(sentence, counted)


def _phrase(sentence: Sentence, noun: tuple[int, int]) -> str | None:
    return tidy(sentence.text[noun[0] : _phrase_end(sentence, *noun)])


def _size_of_move(sentence: Sentence, quantity: Quantity, move: Move) -> bool:
    """Whether a percentage is by how much something moved, which is no share: "rose by 4 per cent"."""
    if move.change is None or move.origin is not None:
        return False
    return not without_qualifiers(sentence.before(quantity, 40)).endswith(" to")


def _own_base(sentence: Sentence, quantity: Quantity) -> str | None:
    if quantity.kind == "fraction" and quantity.noun is not None:
        return tidy(sentence.text[quantity.noun[0] : _phrase_end(sentence, quantity.noun[0], quantity.noun[1])])
    after = _ASIDE.match(sentence.lower, quantity.end, sentence.end)
    at = after.end() if after else quantity.end
    for pattern in (_OF, _COMPARED, _DETERMINED):
        match = pattern.match(sentence.lower, at, sentence.end)
        if match is not None:
            return tidy(sentence.text[match.end() : _phrase_end(sentence, match.end(), match.end())])
    return None


def _share_before(sentence: Sentence, quantity: Quantity) -> str | None:
    floor = max(sentence.start, quantity.start - 160)
    found = list(_SHARE.finditer(sentence.lower, floor, quantity.start))
    if not found:
        return None
    at = found[-1].end()
    return tidy(sentence.text[at : min(_phrase_end(sentence, at, at), quantity.start)])


def _phrase_end(sentence: Sentence, start: int, at: int) -> int:
    """Where the noun phrase from `start` ends, known to reach `at`: before a verb, a time or a mark, but with what
    describes the noun: "treated by our members", "that we read"."""
    end = at
    plural = at > start and is_plural(sentence.lower[start:at].split()[-1])
    relative = 0  # 1 inside a relative clause before its verb, 2 after it
    for _ in range(_REACH):
        match = _WORD.match(sentence.lower, at, sentence.end)
        if match is None or match[1]:
            break
        word = match[2].rstrip(",.")
        follows = _WORD.match(sentence.lower, match.end(), sentence.end)
        following = follows[2] if follows else ""
        if (word in _RELATIVE or word in _SUBJECTS) and relative == 0 and end > start:
            relative = 1
        elif end == start and at > start and word in VERBS and word not in _STOPS:
            pass  # "the work is": right after the determiner it is a noun
        elif _closes(word, following, relative, plural=plural) or _TIME.match(sentence.lower[at : at + 24]):
            break
        elif relative == 1 and (word in VERBS or word in _STOPS):
            relative = 2 if following not in VERBS and following not in _STOPS and not following.endswith("ed") else 1
        plural = plural or is_plural(word)
        if word not in _DETERMINERS or end > start:
            end = match.start(2) + len(word)
        if word != match[2]:
            break
        at = match.end()
    while end > start and (tail := sentence.lower[start:end].rsplit(" ", 1)[-1]) in _LOOSE:
        end = max(start, end - len(tail) - 1)
    return end


def _closes(word: str, following: str, relative: int, *, plural: bool) -> bool:
    if relative == 1:
        return False
    if word in {"and", "or"}:
        return plural
    if word in VERBS and word.endswith("ed") and word != "compared" and following in _PREPOSITIONS:
        return False
    return word in VERBS or (word in _STOPS and not (word in {"to", "by"} and relative == 2))
