"""People: names with titles, given names or a role beside them, and the role in the words of the text."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import Key, either, key_of, word_lists
from extractors.actors.names import Word, common

_PEERS = frozenset({"Lord", "Lady", "Baroness", "Baron", "Viscount"})
_NAME_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]+|')(?:[-'A-ZÀ-ÖØ-Þ]?[A-Za-zÀ-ÿ]+)*(?:'s?)?$|[A-Z]\.?$")
_ENOUGH = 110  # characters beside a name in which its role is looked for
_WORDS_TO_HEAD = 7
_AFTER = re.compile(
    r",? ?\(?(?P<lead>(?:(?:who|which) (?:is|was|has been|chairs|leads|runs|heads) |is |was |now |then )?"
    r"(?:the |a |an |its |their |our |his |her |one of )?)"
    r"(?P<role>[^,.;:()\"]{2,100})"
)
_STRANGE = 2  # words within a role before a name that no list has: "NHS England's elective recovery director"
_TOKEN = re.compile(r"[\w'&-]+")
_CUT = re.compile(rf" (?:{either('after_role', 'phrases')})\b")


class Person(NamedTuple):
    """A person's name in a piece: the words from the title on, those of the name itself, and whether it is whole."""

    words: tuple[Word, ...]
    name: tuple[Word, ...]
    titled: bool
    sure: bool

    @property
    def text(self) -> str:
        """The name without title and possessive; a peer keeps the title, which is part of the name."""
        first = self.words[0].text.rstrip(".") if self.words else ""
        parts = [word.text.removesuffix("'s").rstrip("'") for word in self.name]
        return " ".join([first, *parts] if first in _PEERS and len(parts) == 1 else parts)


class Role(NamedTuple):
    """What the text calls a person, with where these words stand."""

    start: int
    end: int


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    lists = word_lists("people")
    names = ("titles", "given", "roles", "role_modifiers", "honours")
    titles, given, roles, modifiers, honours = (lists.words(name) for name in names)
    return titles, given, roles, modifiers, honours


@cache
def known_people() -> dict[Key, str]:
    """People of public life by the words of their names, and by the surnames that stand for them."""
    lists = word_lists("people")
    found = {key_of(name): name for name in lists.phrases("known", "names")}
    surnames = lists.table("surnames", "names")
    return {**found, **{(surname,): name for surname, name in surnames.items()}}


def person_in(words: Sequence[Word]) -> Person | None:
    """The person whose name is in these capitalised words, if their form or a given name tells one."""
    titles, given, _, _, honours = _lists()
    at = 0
    while at < len(words) and words[at].key not in titles and _opens(words, at, given):
        at += 1
    first = at
    while at < len(words) and words[at].key in titles:
        at += 1
    name = _name_words(words[at:], honours)
    if at > first:
        return Person((*words[first:at], *name), name, titled=True, sure=True) if name else None
    if len(name) < 2:
        return None
    sure = name[0].key in given or tuple(word.key for word in name) in known_people()
    return Person(name, name, titled=False, sure=sure)


def _opens(words: Sequence[Word], at: int, given: frozenset[str]) -> bool:
    """Whether the word at `at` stands before the name: a sentence's opening, or words of a role before a given name."""
    if words[at].text in common() and not (words[at].key in given and at + 2 == len(words)):
        return True
    later = [index for index in range(at + 1, len(words) - 1) if words[index].key in given]
    return bool(later) and words[at].key not in given


def _name_words(words: Sequence[Word], honours: frozenset[str]) -> tuple[Word, ...]:
    name: list[Word] = []
    for word in words[:5]:
        if word.key in honours or not (_NAME_WORD.match(word.text) or word.links):
            break
        if word.text in common() and name:
            break
        name.append(word)
        if word.text.endswith(("'s", "'")):
            break
    while name and name[-1].links:
        name.pop()
    if not name or len(name) > 4 or name[0].text in common():
        return ()
    return tuple(name)


def role_of(text: str, person: Person) -> Role | None:
    """What the text calls the person, before the name or after it."""
    return _role_after(text, person.name[-1].end) or _role_before(text, person.words[0].start)


def _role_after(text: str, end: int) -> Role | None:
    match = _AFTER.match(text, end, end + _ENOUGH)
    if match is None or not (text.startswith((",", " (", " is ", " was "), end)):
        return None
    _, _, roles, modifiers, _ = _lists()
    for number, token in enumerate(_TOKEN.finditer(text, match.start("role"), match.end("role"))):
        word = token[0].removesuffix("'s").lower()
        if word in roles or word.removesuffix("s") in roles:
            cut = _CUT.search(text, token.end(), match.end("role"))
            stop = cut.start() if cut else match.end("role")
            return Role(match.start("role"), len(text[:stop].rstrip()))
        modifies = word in modifiers or token[0][0].isupper() or token[0] in {"of", "for", "and"}
        if number >= _WORDS_TO_HEAD or not modifies:
            return None
    return None


def _role_before(text: str, start: int) -> Role | None:
    _, _, roles, modifiers, _ = _lists()
    before = text[max(0, start - _ENOUGH) : start]
    if not before.endswith((" ", ", ")):
        return None
    tokens = list(_TOKEN.finditer(before.rstrip(" ,")))
    first = headed = None
    strange = 0
    for token in reversed(tokens):
        gap = before[token.end() : first] if first is not None else ""
        if gap.strip():
            break
        word = token[0].removesuffix("'s").lower()
        if word in roles:
            headed = token.start() if headed is None else headed
        elif not (
            word in modifiers or (headed is not None and (word in {"of", "for", "and"} or token[0][0].isupper()))
        ):
            strange += 1
            if headed is None or strange > _STRANGE or word in _small() or word.endswith(("ed", "ing")):
                break
        first = token.start()
    if headed is None or first is None:
        return None
    return _trimmed(before, first, start)


@cache
def _small() -> frozenset[str]:
    """Words that end a role before a name when it is read backwards."""
    lists = word_lists("grammar")
    names = ("finite", "never_subject", "clause", "after_comma", "clause_subject", "inverted")
    return frozenset().union(*(lists.words(name) for name in names))


def _trimmed(before: str, first: int, start: int) -> Role | None:
    offset = start - len(before)
    end = len(before.rstrip(" ,"))
    opening = re.compile(
        r"(?:(?:the|a|an|its|their|our|his|her|and|of|for|The|A|An|Its|Our|His|Her|But|And|For|As) )+"
    ).match(before, first)
    first = opening.end() if opening and opening.end() < end else first
    return Role(offset + first, offset + end) if end > first else None
