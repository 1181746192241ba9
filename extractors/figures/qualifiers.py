"""How exact a quantity is said to be, from the words around it, and the bounds that follow."""

import re

from extractors.figures.lexicons import QUALIFIERS, UNITS, alternation
from extractors.figures.model import Qualifier
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import is_going

_BEFORE: dict[str, Qualifier] = {phrase: name for name, phrases in QUALIFIERS.before.items() for phrase in phrases}
_AFTER: dict[str, Qualifier] = {phrase: name for name, phrases in QUALIFIERS.after.items() for phrase in phrases}
_ADVERBS = QUALIFIERS.adverbs.words
_ABOUT_VERBS = QUALIFIERS.verbs_with_about.words
_OVER_DURATION = QUALIFIERS.over_duration.words
_ABOUT_NOUNS = QUALIFIERS.nouns_with_over.words
_NEGATIONS = QUALIFIERS.negations.words

# Under a negation these, too, take the opposite bound: "never fell below 4 million".
_TURNING = frozenset(("below", "under", "less than", "fewer than"))
# What may stand between a qualifier and the number: "almost another 40".
_BETWEEN = frozenset(("a", "an", "the", "another", "further", "extra", "additional"))
_PEOPLE = UNITS.people.words
_WINDOW = 34
_BEFORE_RE = re.compile(
    rf"(?<![a-z0-9])(?P<phrase>{alternation(_BEFORE)})(?: +(?:{alternation(_ADVERBS)}|an?|the|another"
    r"|a further|an extra|an additional))?[ -]*$"
)
_LAST_WORDS = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in _BEFORE) | _ADVERBS | _BETWEEN
_JOINTS = frozenset((" ", "+", "-"))
_FIRST_WORDS = frozenset(phrase.strip(" -").split(" ", 1)[0] for phrase in _AFTER)
_AFTER_RE = re.compile(rf" ?(?:- )?(?P<phrase>{alternation(_AFTER)})(?![a-z0-9]| than)")
_WORD_BEFORE = re.compile(r"([a-z'-]+)[ ]*$")
_CLAUSE_BREAK = re.compile(r"[;:.!?(]|, (?:but|and|which|while|so)")


def qualifier(lower: str, sentence_start: int, found: Quantity) -> Qualifier:
    """The qualifier of a single quantity; a closed range is always exact."""
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
    name = _BEFORE[phrase]
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
        and word not in _PEOPLE
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
    if phrase == "plus" and re.match(r" +(?:an?|the|[£$0-9])", lower[match.end() :]):
        return "exact"
    return _AFTER[phrase]


def bounded(found: Quantity, name: Qualifier) -> Quantity:
    """The quantity with the end opened that its qualifier leaves open."""
    if found.low != found.high:
        return found
    if name == "at_least":
        return found._replace(high=None)
    if name == "at_most":
        return found._replace(low=None)
    return found
