"""Capitalised names in a text: their runs of words, and which of these are a known body, a plan, a place, a form."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import Names, bodies, forms, key_of, known_names, names_of, plain, word_lists
from extractors.actors.model import ActorKind
from extractors.text import fold
from extractors.text.sentences import Span

_UPPER = "A-ZÀ-ÖØ-Þ"
_TAIL = r"[\w&]*(?:['./:-][\w&]+)*"
_WORD = (
    rf"(?:(?:Dr|Mr|Mrs|Ms|St|Prof|Rev|Hon|No)\."
    rf"|[{_UPPER}]\.(?= ?[{_UPPER}])|[{_UPPER}]{_TAIL}|[a-z]{{2,8}}[{_UPPER}]{_TAIL}"
    rf"|[0-9]+(?=[{_UPPER}a-z])\w*)"
)
_LINK = r"(?:of|for|and|&|the|in|on|to|with|against|into|de|van|von|del|da|la|le|al|bin)"
# A name begins with a capital, or is spelt with one inside ("techUK"); small words may join its parts.
_RUN = re.compile(rf"(?<![\w'’]){_WORD}(?:'(?![\w']))?(?: +(?:{_LINK} +){{0,2}}{_WORD})*(?:'(?=[\s,.;:)]))?")
_MOST_WORDS = 5  # of a name before a small noun
_SPACES = re.compile(" +")
_PERSON_LINKS = word_lists("grammar").words("person_links")
_COMMITTEE = re.compile(
    r"\b(?:house of commons |commons |lords )?"
    r"(?:(?:public accounts|health(?: and social care)?|treasury)(?: select)? committee)\b"
)
_DIRECTIONS = word_lists("grammar").words("directions")
_LONGEST = 24  # words of a run that are looked at together; longer ones are lists or shouting


class Word(NamedTuple):
    """A word of a run: as written, as compared, and where it stands."""

    text: str
    key: str
    start: int
    end: int

    @property
    def links(self) -> bool:
        """Whether it only joins the parts of a name."""
        return self.text == "&" or (self.text[0].islower() and self.text.islower())


class Piece(NamedTuple):
    """Words of a run that are one name: `sort` tells what of, `kind` which kind of body a form tells."""

    sort: str  # "known", "form", "open", "not_actor", "loose"
    words: tuple[Word, ...]
    kind: ActorKind | None = None

    @property
    def start(self) -> int:
        """Where it starts in the text."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where it ends, without a possessive."""
        last = self.words[-1]
        if last.text.endswith("'") and self.key in _ends_owning():
            return last.end
        return last.end - (len(last.text) - len(_unpossessed(last.text)))

    @property
    def key(self) -> tuple[str, ...]:
        """Its words as they are compared."""
        return tuple(word.key for word in self.words)


@cache
def _ends_owning() -> frozenset[tuple[str, ...]]:
    """Names that end with a possessive themselves: "Guy's and St Thomas'"."""
    return frozenset(key_of(alias) for body in bodies().values() for alias in body.aliases if alias.endswith("'"))


def _unpossessed(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word.rstrip("'")


@cache
def _not_actors() -> Names:
    lists = word_lists("not_actors")
    return names_of([*lists.phrases("programmes", "names"), *lists.phrases("places", "names")])


@cache
def _ends() -> frozenset[str]:
    return word_lists("not_actors").words("endings")


@cache
def _titles() -> frozenset[str]:
    return word_lists("people").words("titles")


def _is_role(word: Word) -> bool:
    roles = word_lists("people").words("roles")
    return word.key.lower() in roles or word.key.lower().removesuffix("s") in roles


@cache
def common() -> frozenset[str]:
    """Words that begin sentences, not names."""
    return word_lists("not_actors").words("common")


@cache
def places() -> frozenset[tuple[str, ...]]:
    """Places, by their words."""
    return frozenset(key_of(name) for name in word_lists("not_actors").phrases("places", "names"))


@cache
def _generic() -> frozenset[str]:
    """Words that, alone or together, are no name: "Foundation Trust", "Integrated Care Board"."""
    words = {word for key in (*forms().endings, *forms().openings) for word in key} | set(forms().open_endings)
    return frozenset(words) | word_lists("grammar").words("generic")


def pieces(text: str) -> Iterator[list[Piece]]:
    """The names of a folded text, run by run."""
    for match in _RUN.finditer(text):
        words = _words(text, match.start(), match.end())
        placed = _with_noun(text, words)
        if placed is not None:
            yield [placed]
            continue
        for at in range(0, len(words), _LONGEST):
            found = list(_pieces(words[at : at + _LONGEST]))
            if found:
                yield found
    yield from ([Piece("known", tuple(_words(text, *match.span())))] for match in _committees(text))


@cache
def _nouns() -> re.Pattern[str]:
    nouns = sorted(forms().after_name, key=len, reverse=True)
    return re.compile(rf" (?P<noun>{'|'.join(map(re.escape, nouns))})(?![\w-])")


def _with_noun(text: str, words: list[Word]) -> Piece | None:
    """A body named by a small noun after its name: "the Heart of England trust", "the Royal Aire hospital"."""
    end = words[-1].end
    noun = _nouns().match(text, end)
    if noun is None or words[-1].text.endswith("'s"):
        return None
    article = next((index for index, word in enumerate(words) if word.text in {"the", "The"}), None)
    if article is not None and all(word.links or word.text in common() for word in words[:article]):
        words = words[article + 1 :]
    elif text[max(0, words[0].start - 4) : words[0].start].lower() != "the ":
        return None
    if not words:
        return None
    keys = tuple(word.key for word in words)
    kind = forms().after_name[noun["noun"]]
    if (
        not keys
        or len(keys) > _MOST_WORDS
        or keys in places()
        or keys in known_names().body
        or _all_generic(list(keys))
    ):
        return None
    if words[0].text in common() and words[0].text not in _DIRECTIONS:
        return None
    return Piece("form", (*words, *_words(text, end + 1, noun.end())), kind)


def _committees(text: str) -> Iterator[re.Match[str]]:
    if " committee" in text:
        yield from _COMMITTEE.finditer(text)


def name_spans(text: str) -> list[Span]:
    """The stretches of a text that are names: bodies, plans, laws, reports, places and people's capitalised words.

    For whoever counts words of a text and wants none of those that only happen to be part of a name ("Public Health
    England" says nothing of public health). Words that merely open a sentence are none.
    """
    folded = fold(text)
    found: list[Span] = []
    for run in pieces(folded):
        for piece in run:
            named = [word for word in piece.words if piece.sort != "loose" or word.text not in common()]
            if named:
                found.append(Span(named[0].start, piece.end if named[-1] is piece.words[-1] else named[-1].end))
    return sorted(found)


def _words(text: str, start: int, end: int) -> list[Word]:
    found: list[Word] = []
    at = start
    for part in _SPACES.split(text[start:end]):
        first = text.index(part, at)
        at = first + len(part)
        found.append(Word(part, plain(part), first, at))
    return found


def _pieces(words: list[Word]) -> Iterator[Piece]:
    keys = [word.key for word in words]
    loose: list[Word] = []
    at = 0
    while at < len(words):
        sort, length, kind = _longest(words, keys, at)
        if not length:
            loose.append(words[at])
            at += 1
            continue
        yield from _loose(loose)
        loose = []
        yield Piece(sort, tuple(words[at : at + length]), kind)
        at += length
    yield from _loose(loose)


def _longest(words: list[Word], keys: list[str], at: int) -> tuple[str, int, ActorKind | None]:
    known = known_names().names.longest(keys, at)
    other = _not_actors().longest(keys, at)
    if words[at].links or _begins_none(words, keys, at, max(known, other)):
        return "", 0, None
    if known and at + known < len(words) and keys[at + known] in _ends():
        return "not_actor", known + 1, None
    formed, kind, sort = _formed(words, keys, at)
    if formed > max(known, other):
        return sort, formed, kind
    if known and known >= other:
        return "known", known, None
    return ("not_actor", other, None) if other else ("", 0, None)


def _begins_none(words: list[Word], keys: list[str], at: int, named: int) -> bool:
    """Whether no name begins with that word: one that opens a sentence, a title, a role, or a "The" that is none's."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else None
    if word.text == "The" and following is not None:
        return _longest(words, keys, at + 1)[1] >= named  # "The Independent Panel" is no newspaper
    opens = word.text in common() and word.text not in _DIRECTIONS
    leads = following is not None and following.text in {"of", "for", "at"} and _is_role(word)
    return not named and (opens or leads or word.key in _titles())


def _formed(words: list[Word], keys: list[str], at: int) -> tuple[int, ActorKind | None, str]:
    """The longest name from `at` on that is one by its form: how many words, its kind, and the sort of piece."""
    limit = _limit(words, keys, at)
    for end in range(at + 1, limit):
        closes = end + 1 == limit or words[end + 1].text in {"in", "on", "to", "with", "against", "into"}
        if keys[end] in _ends() and closes:
            return end + 1 - at, None, "not_actor"
    opening = next((n for n in (4, 3, 2) if tuple(keys[at : at + n]) in forms().openings), 0)
    if opening and limit - at > opening:
        return limit - at, forms().openings[tuple(keys[at : at + opening])], "form"
    for end in range(limit, at + 1, -1):
        for size in range(min(6, end - at), 0, -1):
            kind = forms().endings.get(tuple(keys[end - size : end]))
            if kind is not None and end - at > size and not _all_generic(keys[at:end]):
                return end - at, _by_words(keys[at:end], kind), "form"
    if keys[limit - 1] in forms().open_endings and limit - at > 1 and not _all_generic(keys[at:limit]):
        kind = next((forms().inside[key] for key in keys[at : limit - 1] if key in forms().inside), None)
        return limit - at, kind, "open"
    return 0, None, ""


def _by_words(keys: list[str], kind: ActorKind) -> ActorKind:
    """The kind by the words before the ending: of a legal form what they tell, of a hospital whose it is."""
    if keys[-1] in word_lists("forms").words("legal"):
        tails = [tuple(keys[-size - 1 : -1]) for size in (3, 2, 1)]
        told = [forms().endings[tail] for tail in tails if tail in forms().endings]
        told += [forms().inside[key] for key in keys[:-1] if key in forms().inside]
        return told[0] if told else kind
    if kind == "nhs_body":
        body = next(
            (known_names().body[tuple(keys[:n])] for n in (2, 1) if tuple(keys[:n]) in known_names().body), None
        )
        return body.kind if body is not None and body.kind == "provider" else kind
    return "nhs_body" if "NHS" in keys and kind in {"other", "provider", "charity"} else kind


def _all_generic(keys: list[str]) -> bool:
    return all(key in _generic() for key in keys)


def _limit(words: list[Word], keys: list[str], at: int) -> int:
    """Where a name from `at` on ends at the latest: before an "and" after a whole name, before another known name."""
    for index in range(at + 1, len(words)):
        if words[index].text in {"and", "&"} and index - at > 1:
            left = tuple(keys[at:index])
            if any(left[-size:] in forms().endings for size in (1, 2, 3) if size < len(left)):
                return index
        if index > at and known_names().names.longest(keys, index) > 1 and not _reaches(keys, at, index):
            return _without_links(words, at, index)
        if words[index - 1].text.endswith("'s") and not _owns(words, index - 1):
            return index
    return len(words)


def _owns(words: list[Word], index: int) -> bool:
    """Whether a possessive is part of a name: "King's College", "St George's Hospital", "Children's Society"."""
    before = words[index - 1].key if index else ""
    return words[index].key in word_lists("forms").words("possessive") or before in {"St", "Saint", "Lady"}


def _reaches(keys: list[str], at: int, index: int) -> bool:
    return at + known_names().names.longest(keys, at) > index


def _without_links(words: list[Word], at: int, end: int) -> int:
    while end - 1 > at and words[end - 1].links:
        end -= 1
    return end


def _loose(words: list[Word]) -> Iterator[Piece]:
    """Words that are no known name and no form, parted where small words or a possessive part them."""
    part: list[Word] = []
    for word in words:
        if word.links and word.text not in _PERSON_LINKS:
            if part:
                yield Piece("loose", tuple(part))
            part = []
            continue
        if not part and word.links:
            continue
        part.append(word)
        if word.text.endswith("'s"):
            yield Piece("loose", tuple(part))
            part = []
    while part and part[-1].links:
        part.pop()
    if part:
        yield Piece("loose", tuple(part))
