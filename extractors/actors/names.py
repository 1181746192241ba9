"""Names of organisations and of people in running text, told from other capitalised words."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import (
    FORMS,
    GRAMMAR,
    NOT_ACTORS,
    PEOPLE,
    Names,
    common,
    ends_owning,
    forms,
    generic,
    key_of,
    known_names,
    known_person,
    names_of,
    places,
    plain,
)
from extractors.actors.model import ActorKind
from extractors.lexicon import either
from extractors.speech.grammar import GRAMMAR as TELLING
from extractors.speech.grammar import verb_forms

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
_PERSON_LINKS = GRAMMAR.person_links.words
_COMMITTEE = re.compile(
    r"\b(?:house of commons |commons |lords )?"
    r"(?:(?:public accounts|health(?: and social care)?|treasury)(?: select)? committee)\b"
    r"|(?<=the )(?:national )?audit office\b"
)
_DIRECTIONS = GRAMMAR.directions.words
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
        if last.text.endswith("'") and self.key in ends_owning():
            return last.end
        return last.end - (len(last.text) - len(_unpossessed(last.text)))

    @property
    def key(self) -> tuple[str, ...]:
        """Its words as they are compared."""
        return tuple(word.key for word in self.words)


def _unpossessed(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word.rstrip("'")


@cache
def _not_actors() -> Names:
    return names_of([*NOT_ACTORS.programmes.names, *NOT_ACTORS.places.names])


@cache
def _ends() -> frozenset[str]:
    return NOT_ACTORS.endings.words


@cache
def _titles() -> frozenset[str]:
    return PEOPLE.titles.words


def _is_role(word: Word) -> bool:
    roles = PEOPLE.roles.words
    return word.key.lower() in roles or word.key.lower().removesuffix("s") in roles


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
    if " committee" in text or " audit office" in text:
        yield from _COMMITTEE.finditer(text)


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
    wider, wider_kind = _wider(words, keys, at)
    if wider > max(formed, known, other):
        return "form", wider, wider_kind
    if formed > max(known, other):
        return sort, formed, kind
    if known and known >= other:
        return ("", 0, None) if known == 1 and _begins_another(words, keys, at) else ("known", known, None)
    return ("not_actor", other, None) if other else ("", 0, None)


_SCOPES = frozenset({"National", "British", "Royal", "European", "International", "Scottish", "Welsh"})


def _wider(words: list[Word], keys: list[str], at: int) -> tuple[int, ActorKind | None]:
    """How many words are a name that only ends like a known one, and its kind.

    The "National Clinical Homecare Association" is not the Homecare Association.
    """
    if keys[at] not in _SCOPES:
        return 0, None
    for first in range(at + 1, min(at + 3, len(keys))):
        known = known_names().names.longest(keys, first)
        end = first + known
        if known > 1 and not any(word.links for word in words[at:first]):
            kind = forms().endings.get((keys[end - 1],))
            if kind is not None:
                return end - at, kind
    return 0, None


def _begins_another(words: list[Word], keys: list[str], at: int) -> bool:
    """Whether a name of one word is only the first of another name: "Kier Starmer" is nobody's builder.

    So where one capitalised word follows that is no name of its own, no place, no role and no word of organisations.
    """
    word = words[at]
    following = words[at + 1 : at + 3]
    if not word.text[1:].islower() or not following or following[0].links or word.text.endswith("'s"):
        return False
    if at and not words[at - 1].links:
        return False
    surname = following[0]
    alone = len(following) == 1 or following[1].links or surname.text.endswith("'s")
    explained = (
        surname.text in common()
        or surname.key in generic() | _ends() | _titles() | PEOPLE.given.words | PEOPLE.honours.words
        or (surname.key,) in places()
        or _is_role(surname)
        or known_names().names.longest(keys, at + 1) > 0
    )
    return alone and not explained and _NAME_WORD.match(surname.text) is not None and len(surname.text) > 2


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
    if _is_person_of(words, keys, at):
        return 0, None, ""
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
            cut = keys[end - 1] == "General" and end < len(words)  # "Unison General Secretary" is no hospital
            titled = kind == "media" and not _PRESS.isdisjoint(keys[at:end])
            if kind is not None and end - at > size and not cut and (titled or not _all_generic(keys[at:end])):
                return end - at, _by_words(keys[at:end], kind), "form"
    if keys[limit - 1] in forms().open_endings and limit - at > 1 and not _all_generic(keys[at:limit]):
        kind = next((forms().inside[key] for key in keys[at : limit - 1] if key in forms().inside), None)
        return limit - at, kind, "open"
    return 0, None, ""


_PRESS = frozenset({"Evening", "Daily", "Sunday", "Morning", "Weekly"})


def _is_person_of(words: list[Word], keys: list[str], at: int) -> bool:
    """Whether a person's name begins there and where they are from follows: "Jane Roe of Leeds University"."""
    given = PEOPLE.given.words
    led = at > 0 and (keys[at - 1] in given or any(key in _titles() for key in keys[max(0, at - 2) : at]))
    if led and at + 1 < len(words) and words[at + 1].text in _FROM:
        return True
    last = next((n for n in (1, 2) if at + n + 1 < len(words) and words[at + n + 1].text in _FROM), 0)
    titled = at > 0 and keys[at - 1] in _titles()
    named = bool(last) and (keys[at] in given or titled)
    return named and not any(key in generic() for key in keys[at : at + last + 1])


_FROM = frozenset({"of", "at", "from"})


def _by_words(keys: list[str], kind: ActorKind) -> ActorKind:
    """The kind by the words before the ending: of a legal form what they tell, of a hospital whose it is."""
    if keys[-1] in FORMS.legal.words:
        tails = [tuple(keys[-size - 1 : -1]) for size in (3, 2, 1)]
        told = [forms().endings[tail] for tail in tails if tail in forms().endings]
        told += [forms().inside[key] for key in keys[:-1] if key in forms().inside]
        return kind if not told else "provider" if told[0] == "nhs_body" else told[0]
    if kind == "nhs_body":
        return "provider" if _is_groups(keys) else kind
    return "nhs_body" if "NHS" in keys and kind in {"other", "provider", "charity"} else kind


def _is_groups(keys: list[str]) -> bool:
    """Whether a hospital's name begins with that of a private group, or its first word: "Circle Hospitals"."""
    known = known_names()
    named = [known.body.get(tuple(keys[:n])) for n in (2, 1)]
    named += known.weak.get((keys[0],), ())
    named += [known.body.get((keys[0], *tail)) for tail in (("Healthcare",), ("Health",), ("Health", "Care"))]
    first = next((body for body in named if body is not None), None)
    return first is not None and first.kind == "provider"


def _all_generic(keys: list[str]) -> bool:
    return all(key in generic() for key in keys)


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
    return words[index].key in FORMS.possessive.words or before in {"St", "Saint", "Lady"}


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


def is_hospital(piece: Piece) -> bool:
    """Whether a name is a hospital's, or several hospitals', that may be of a trust or of a private group."""
    hospital = piece.kind == "nhs_body" and piece.words[-1].key in {"Hospital", "Hospitals"}
    return hospital and FORMS.public_names.words.isdisjoint(piece.key)


def is_private(text: str, piece: Piece) -> bool:
    """Whether the words beside a hospital's name tell a private owner: "the private X", "X plc", "X, owned by"."""
    if _PRIVATE_BEFORE.search(text, max(0, piece.start - 40), piece.start) or _OWNING.match(text, piece.end):
        return True
    owner = _OWNED_BY.match(text, piece.end)
    if owner is None:
        return False
    words = key_of(owner["who"])
    known = next((known_names().body[words[:n]] for n in (3, 2, 1) if words[:n] in known_names().body), None)
    if known is not None:
        return known.kind in {"provider", "supplier", "insurer"}
    return not FORMS.owners.private.isdisjoint(words) and FORMS.owners.public.isdisjoint(words)


_PRIVATE_BEFORE = re.compile(
    r"\b(?:private(?:ly[ -](?:owned|run))?|independent|for-profit|[Ss]hares in|stake in) (?:the )?$"
)
_OWNING = re.compile(r" (?:plc|Ltd|Limited)\b|'s? (?:shareholders|investors|share price|owners|private owners?)\b")
_OWNED_BY = re.compile(
    r",? (?:(?:which|that) )?(?:(?:is|was|are|were|has been|had been) )?"
    r"(?:owned|run|operated|managed|bought|acquired|built) (?:[a-z]+ )?by (?:the |an? )?(?P<who>[^,.;:()]{2,50})"
)


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
_CUT = re.compile(rf" (?:{either(GRAMMAR.after_role.phrases)})\b")


class Person(NamedTuple):
    """A person's name in a piece: the words from the title on, those of the name itself, and whether it is whole."""

    words: tuple[Word, ...]
    name: tuple[Word, ...]
    titled: bool
    sure: bool

    @property
    def text(self) -> str:
        """The name without title and possessive; a peer keeps the title, which is part of the name."""
        first = self.peerage
        parts = [word.text.removesuffix("'s").rstrip("'") for word in self.name]
        return " ".join([first, *parts] if first and len(parts) == 1 else parts)

    @property
    def peerage(self) -> str:
        """The title of a peer before the name; empty where there is none."""
        before = self.words[: len(self.words) - len(self.name)]
        return next((word.text for word in before if word.text in _PEERS), "")


class Role(NamedTuple):
    """What the text calls a person, with where these words stand."""

    start: int
    end: int


def person_in(words: Sequence[Word]) -> Person | None:
    """The person whose name is in these capitalised words, if their form or a given name tells one."""
    titles, given, honours = PEOPLE.titles.words, PEOPLE.given.words, PEOPLE.honours.words
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
    sure = name[0].key in given or known_person(tuple(word.key for word in name)) is not None
    return Person(name, name, titled=False, sure=sure)


def _opens(words: Sequence[Word], at: int, given: frozenset[str]) -> bool:
    """Whether the word at `at` stands before the name: a sentence's opening, or words of a role before a given name."""
    if words[at].text in common() and not (words[at].key in given and at + 2 == len(words)):
        return True
    if any(character.isdigit() for character in words[at].text):
        return True  # the number of a question: "Q90 Dr Fairlie"
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
    given = len(name) > 1 and name[0].key in PEOPLE.given.words and name[0].text not in _MONTHS_AND_MODALS
    if not name or len(name) > 4 or (name[0].text in common() and not given):
        return ()
    return tuple(name)


_MONTHS_AND_MODALS = frozenset({"May", "April", "June", "August", "Will", "Grace"})
_AGED = re.compile(r",? \(?(?:aged )?[1-9][0-9]\b(?:\)|,|$)")


def aged(text: str, person: Person) -> bool:
    """Whether an age follows the name, as it does a person's only: "Bill Rennie (79)", "Marek Sobol, 46, ..."."""
    return _AGED.match(text, person.name[-1].end) is not None


def role_of(text: str, person: Person) -> Role | None:
    """What the text calls the person, before the name or after it."""
    return _role_after(text, person.name[-1].end) or _role_before(text, person.words[0].start)


def _role_after(text: str, end: int) -> Role | None:
    match = _AFTER.match(text, end, end + _ENOUGH)
    if match is None or not (text.startswith((",", " (", " is ", " was "), end)):
        return None
    roles, modifiers = PEOPLE.roles.words, PEOPLE.role_modifiers.words
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
    roles, modifiers = PEOPLE.roles.words, PEOPLE.role_modifiers.words
    before = text[max(0, start - _ENOUGH) : start]
    if not before.endswith((" ", ", ")):
        return None
    tokens = list(_TOKEN.finditer(before.rstrip(" ,")))
    if not tokens or re.search(r"[;:.!?]", before[tokens[-1].end() :]):
        return None
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
            ends = word in _small() or word in verb_forms() or word.endswith(("ed", "ing"))
            if headed is None or strange > _STRANGE or ends:
                break
        first = token.start()
    if headed is None or first is None:
        return None
    return _trimmed(before, first, start)


@cache
def _small() -> frozenset[str]:
    """Words that end a role before a name when it is read backwards."""
    lists = (
        TELLING.finite,
        TELLING.never_subject,
        TELLING.clause,
        TELLING.after_comma,
        GRAMMAR.clause_subject,
        TELLING.inverted,
    )
    return frozenset[str]().union(*(one.words for one in lists))


_NEW_NOUN = re.compile(r"(?<!of )(?<!for )(?<!at )(?<!in )(?<!to )\b(?:the|a|an|its|their|his|her) ")


def _trimmed(before: str, first: int, start: int) -> Role | None:
    offset = start - len(before)
    end = len(before.rstrip(" ,"))
    opening = re.compile(
        r"(?:(?:the|a|an|its|their|our|his|her|and|of|for|The|A|An|Its|Our|His|Her|But|And|For|As) )+"
    ).match(before, first)
    first = opening.end() if opening and opening.end() < end else first
    inner = list(_NEW_NOUN.finditer(before, first, end))  # "On his right the minister"
    first = inner[-1].end() if inner else first
    return Role(offset + first, offset + end) if end > first else None
