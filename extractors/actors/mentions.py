"""The mentions of actors in an article: names are read paragraph by paragraph, then resolved over the whole article."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from extractors.actors.lexicons import (
    GRAMMAR,
    PEOPLE,
    SPEECH,
    Body,
    Key,
    bodies,
    common,
    forms,
    key_of,
    known_names,
    known_people,
    known_person,
    places,
    plain,
)
from extractors.actors.model import Actor, ActorKind, ActorMention
from extractors.actors.names import (
    Person,
    Piece,
    Word,
    aged,
    is_hospital,
    is_private,
    person_in,
    pieces,
    role_of,
)
from extractors.article.model import Paragraph
from extractors.lexicon import either
from extractors.speech.grammar import verb_forms
from extractors.text import fold
from extractors.text.sentences import between

_NAMED_ONLY = frozenset(
    {
        "Foundation",
        "Alliance",
        "Network",
        "Forum",
        "Consortium",
        "Partnership",
        "Group",
        "Trust",
        "Cooperative",
        "Co-operative",
        "Fund",
        "Partners",
    }
)
_INTRODUCED = re.compile(r"(?:'s|')? ?\((?:the |hereafter |or )?[\"']?(?P<short>[A-Z][A-Za-z&]{1,9})[\"']?\)")
# What follows a name that opens a sentence, so that it is no other word: "Unite called on MPs".
_ACTS = re.compile(rf"(?:'s)? (?:{either(GRAMMAR.acts.phrases)})\b")
_ROLE_REACH = 160  # characters within which the organisation of a role is named
_BACK_REACH = 3  # paragraphs within which "the network" means the network that was named
_DEFAULT_DEPARTMENT = ("Department of Health", "Department of Health and Social Care", date(2018, 1, 8))


class Text(NamedTuple):
    """A paragraph with its folded text, whose offsets are the same."""

    paragraph: Paragraph
    folded: str


class Seen(NamedTuple):
    """A piece of a paragraph's text, with the person that it names if it does."""

    text: Text
    piece: Piece
    person: Person | None
    alone: bool  # whether it is the whole of its run of capitals


@dataclass(slots=True)
class _Names:
    """What the article has named: actors by the words that stand for them in it."""

    organisations: dict[Key, Actor] = field(default_factory=dict)
    people: dict[Key, Actor] = field(default_factory=dict)
    surnames: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    firsts: dict[str, set[Actor]] = field(default_factory=lambda: defaultdict(set))
    named: dict[str, Actor] = field(default_factory=dict)
    weak: dict[Key, Actor] = field(default_factory=dict)
    peers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add_person(self, key: Key, actor: Actor, *, peer: bool = False) -> None:
        """Know a person by the words of the name, and whether a peer's title stood before it."""
        if peer:
            self.peers[key[-1]].add(self.people.get(key, actor).name)
        known = self.people.setdefault(key, actor)
        self.surnames[key[-1]].add(known.name)
        self.firsts[key[0]].add(known)
        self.named.setdefault(known.name, known)


def actor_of_body(body: Body) -> Actor:
    """The actor that a known body is."""
    return Actor(body.name, body.kind, known=True)


def find_mentions(
    texts: Sequence[Text],
    published: date | None = None,
    publisher: Actor | None = None,
    authors: Sequence[Actor] = (),
) -> tuple[ActorMention, ...]:
    """All mentions of actors, in text order, none overlapping another."""
    seen = [one for text in texts for one in _seen(text)]
    names = _Names()
    _learn_byline(publisher, authors, names)
    for one in seen:
        _learn_organisation(one, names)
    for one in seen:
        _learn_person(one, names)
    _learn_weak(seen, names)
    _learn_short(names)
    found = [mention for one in seen for mention in _resolved(one, names)]
    found += _introduced_in_brackets(seen, names)
    found = _without_overlaps(found)
    found += _back_references(texts, found, published)
    return tuple(_with_role_organisations(_without_overlaps(found)))


def publishing(name: str) -> Actor:
    """The publisher of an article as an actor: a known body by any of its names, else an organisation of that name."""
    key = key_of(fold(name))
    body = known_names().body.get(key) or bodies().get(name)
    if body is not None:
        return actor_of_body(body)
    kinds = [forms().endings.get(key[-size:]) for size in (4, 3, 2, 1) if size < len(key)]
    return Actor(name, next((kind for kind in kinds if kind is not None), "other"))


def writing(name: str) -> Actor | None:
    """An author as an actor: a person of at least two names, without titles."""
    words = [word for word in fold(name).replace(",", " ").split() if word.rstrip(".") not in PEOPLE.titles.words]
    if len(words) < 2 or len(words) > 5 or not all(word[0].isupper() or word in {"de", "van", "von"} for word in words):
        return None
    known = known_people().get(tuple(plain(word) for word in words))
    return Actor(known or " ".join(words), "person", known=known is not None)


def _learn_byline(publisher: Actor | None, authors: Sequence[Actor], names: _Names) -> None:
    if publisher is not None:
        names.organisations.setdefault(key_of(fold(publisher.name)), publisher)
    for author in authors:
        key = key_of(fold(author.name))
        names.add_person(key, author)


def _seen(text: Text) -> Iterator[Seen]:
    for run in pieces(text.folded):
        before: Piece | None = None
        after_person = False  # whether a person's full name came before: "Jane Roe and Terri Lyle"
        for piece in run:
            person = person_in(piece.words) if piece.sort == "loose" else None
            unsure = person is not None and not person.sure and not aged(text.folded, person)
            of_a_body = before is not None and before.sort in {"known", "form"} and before.words[-1].text.endswith("'s")
            told = role_of(text.folded, person) is not None if person is not None and unsure else not unsure
            listed = after_person and text.folded[before.end : piece.start] == " and " if before is not None else False
            if person is not None and not (told or listed or (of_a_body and _speaks(text.folded, piece.end))):
                person = None
            yield Seen(text, piece, person, len(run) == 1)
            before, after_person = piece, person is not None and len(person.name) > 1


def _speaks(folded: str, end: int) -> bool:
    """Whether a verb of speech follows: "the Nuffield Trust's Candida Roe says"."""
    following = _NEXT_WORDS.match(folded, end)
    return following is not None and following["verb"] in verb_forms()


_NEXT_WORDS = re.compile(r" (?:has |had |likes to |once |also |recently )?(?P<verb>[a-z]+)\b")


def _learn_organisation(one: Seen, names: _Names) -> None:
    actor = _organisation(one)
    if actor is None:
        return
    key = _stripped(one.piece)
    known = names.organisations.setdefault(key, actor)
    if is_hospital(one.piece) and known.kind == one.piece.kind:
        names.organisations[key] = actor  # said to be private only later
    short = _INTRODUCED.match(one.text.folded, one.piece.end)
    if short is not None and _stands_for(short["short"], one.piece):
        names.organisations[(short["short"],)] = actor


def _organisation(one: Seen) -> Actor | None:
    piece = one.piece
    if piece.sort == "known":
        body = known_names().body.get(_known_key(piece))
        return actor_of_body(body) if body else None
    if piece.sort == "form":
        listed = one.text.folded[_listed(one) : piece.start]
        private: ActorKind | None = "provider" if is_hospital(piece) and is_private(one.text.folded, piece) else None
        return Actor(listed + _name(piece), _said_kind(one) or private or piece.kind or "other")
    if piece.sort == "open":
        kind = _said_kind(one) or piece.kind
        if kind is None and piece.words[-1].key in _NAMED_ONLY and _INTRODUCED.match(one.text.folded, piece.end):
            kind = "other"
        return Actor(_name(piece), kind) if kind else None
    if piece.sort == "loose" and one.person is None and _can_be_named(piece):
        kind = _said_kind(one)
        return Actor(_name(piece), kind, whole=len(piece.words) > 1) if kind else None
    return None


def _known_key(piece: Piece) -> Key:
    if piece.words[-1].text == "office":
        return ("National", "Audit", "Office")
    if piece.words[0].text.islower() and piece.words[-1].text == "committee":
        words = [word.text for word in piece.words if word.text not in {"house", "of", "commons", "lords", "select"}]
        key = tuple(word if word == "and" else word.capitalize() for word in words)
        return ("Health", "Select", "Committee") if key == ("Health", "Committee") else key
    return piece.key


def _can_be_named(piece: Piece) -> bool:
    first = piece.words[0]
    return len(piece.words) <= 4 and first.text not in common() and piece.key not in places() and len(first.text) > 1


def _stripped(piece: Piece) -> Key:
    key = piece.key
    return key[1:] if key[0] == "The" and len(key) > 1 else key


def _listed(one: Seen) -> int:
    """Where a name starts that is a list of places: "Barking, Havering and Redbridge University Hospitals Trust"."""
    text, piece = one.text.folded, one.piece
    if piece.sort != "form" or "and" not in piece.key or not text.startswith(", ", piece.start - 2):
        return piece.start
    before = _PLACES_BEFORE.search(text, max(0, piece.start - 60), piece.start)
    return before.start("places") if before else piece.start


_PLACES_BEFORE = re.compile(r"(?:^|[.!?(] |\b[Tt]he |\b(?:at|by|from|with|of) )(?P<places>(?:[A-Z][a-z]+, ){1,3})$")


def _name(piece: Piece) -> str:
    words = [word.text for word in piece.words]
    words = words[1:] if words[0] == "The" and len(words) > 1 else words
    words[-1] = words[-1].removesuffix("'s").rstrip("'") or words[-1]
    return " ".join(words)


_OFFICE = "director|secretary|chair|boss|executive|spokes|man|doctor|lawyer|manager|adviser|car|house"


@cache
def _kind_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    nouns = "|".join(sorted(map(re.escape, forms().said_kind), key=len, reverse=True))
    parts = (noun.partition(" ") for noun in sorted(forms().said_kind, key=len, reverse=True))
    led = "|".join(f"(?i:{first}){space}{rest}" for first, space, rest in parts)  # "Independent Hospitals" is a name's
    before = re.compile(rf"\b(?P<noun>{led})(?:,? (?:called|named|such as|like|including))?,? \"?$")
    after = re.compile(
        r",? \(?(?:is |was )?(?:an? |the |one of the |its |our |another )"
        rf"(?:[\w'-]+ ){{0,4}}?(?P<noun>{nouns})(?![\w-])(?! (?:{_OFFICE}))",
        re.IGNORECASE,
    )
    return before, after


def _said_kind(one: Seen) -> ActorKind | None:
    """The kind that the words beside a name tell: "the think tank Reform", "Beechcroft, a private hospital"."""
    text, piece = one.text.folded, one.piece
    before, after = _kind_patterns()
    found = before.search(text, max(0, piece.start - 45), piece.start)
    if found is not None and not _starts_sentence(text, piece.start) and not _only_reports(text, piece):
        return _kind_said(found["noun"].lower(), piece)
    if text.startswith((", ", " (", " is ", " was "), piece.end):
        found = after.match(text, piece.end, piece.end + 90)
        if found is not None:
            return _kind_said(found["noun"].lower(), piece)
    return None


def _only_reports(text: str, piece: Piece) -> bool:
    """Whether a name behind a comma only tells who says the sentence: "being handed to a company, Unite says"."""
    return text.endswith(", ", 0, piece.start) and _reporting().match(text, piece.end) is not None


@cache
def _reporting() -> re.Pattern[str]:
    return re.compile(rf" (?:has |had |have )?(?:{either(SPEECH.bare.words)})\b")


def _kind_said(noun: str, piece: Piece) -> ActorKind:
    """The kind that a noun tells; "a company" tells less than the name does: "Aldwark Surgical, a company"."""
    if noun not in _COMPANIES:
        return forms().said_kind[noun]
    told = piece.kind or next((forms().inside[key] for key in piece.key if key in forms().inside), None)
    return told or forms().said_kind[noun]


_COMPANIES = frozenset({"company", "firm", "private company", "private firm", "start-up"})


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'(")
    return not before or before[-1] in ".!?:"


def _stands_for(short: str, piece: Piece) -> bool:
    """Whether letters in brackets can be those of a name: they begin its words in order, or are its last word."""
    if short == piece.words[-1].key:
        return True
    initials = [word.text[0].upper() for word in piece.words]
    at = 0
    for letter in (letter.upper() for letter in short if letter.isalpha()):
        while at < len(initials) and initials[at] != letter:
            at += 1
        if at == len(initials):
            return False
        at += 1
    return sum(letter.isupper() for letter in short) >= 2


def _learn_person(one: Seen, names: _Names) -> None:
    person = one.person
    if person is None or len(person.name) < 2:
        return
    key = tuple(word.key for word in person.name)
    known = known_person(key)
    actor = Actor(known or person.text, "person", known=known is not None)
    names.add_person(key, actor, peer=bool(person.peerage))


def _learn_weak(seen: Sequence[Seen], names: _Names) -> None:
    """Weak names count where their one body is named otherwise, is called what it is, or stands alone in a sentence."""
    weak = known_names().weak
    full = {actor.name for actor in names.organisations.values()}
    for one in seen:
        candidates = weak.get(one.piece.key, ())
        if one.piece.sort != "known" or not candidates or one.piece.key in names.weak:
            continue
        kind = _said_kind(one)
        chosen = [body for body in candidates if body.kind == kind] or [
            body for body in candidates if body.name in full
        ]
        letters = one.piece.words[0].text.isupper()
        if not chosen and len(candidates) == 1 and one.alone and not letters and _in_sentence(one):
            chosen = list(candidates)
        if len(chosen) == 1:
            names.weak[one.piece.key] = actor_of_body(chosen[0])


def _in_sentence(one: Seen) -> bool:
    if one.text.paragraph.kind == "heading":
        return False
    return not _starts_sentence(one.text.folded, one.piece.start) or bool(_ACTS.match(one.text.folded, one.piece.end))


def _learn_short(names: _Names) -> None:
    """The first words of an unknown body's name stand for it where they are no place and begin no other name."""
    shorts: dict[Key, set[str]] = defaultdict(set)
    full = {actor.name: actor for actor in names.organisations.values() if not actor.known}
    for key, actor in names.organisations.items():
        if actor.known or len(key) < 2 or actor.kind == "media":
            continue  # what a newspaper is called after is a place
        for length in range(1, len(key)):
            owned = actor.name.split()[length - 1].endswith(("'s", "'"))
            if (
                owned
                or key[length - 1] in {"of", "for", "and", "the"}
                or key[:length] in places()
                or key[0] in common()
            ):
                continue
            shorts[key[:length]].add(actor.name)
    for key, actors in shorts.items():
        generic = (
            key[-1] in {"Royal", "National", "British", "University", "St", "NHS", "Royal College", "Institute"}
            or len(key[0]) < 3
        )
        if len(actors) == 1 and not generic and key not in names.people and key[0] not in names.surnames:
            names.organisations.setdefault(key, full[next(iter(actors))])


def _resolved(one: Seen, names: _Names) -> Iterator[ActorMention]:
    if one.person is not None:
        yield from _person_mention(one, one.person, names)
        return
    key = _stripped(one.piece)
    if one.piece.sort == "known":
        key = _known_key(one.piece)
        actor = (
            names.weak.get(one.piece.key)
            or names.organisations.get(key)
            or names.organisations.get(_stripped(one.piece))
        )
    elif one.piece.sort in {"form", "open", "loose"}:
        actor = names.organisations.get(key)
        if (
            one.piece.sort == "loose"
            and len(key) == 1
            and _IN.search(one.text.folded, max(0, one.piece.start - 12), one.piece.start)
        ):
            actor = None  # the place that a body is called after: "families in Teesbank"
    else:
        return
    if actor is not None:
        yield _mention(one.text, min(_start(one.piece), _listed(one)), one.piece.end, actor)
    elif one.piece.sort == "loose":
        yield from _bare_person(one, names)


_IN = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Aa]cross|[Aa]round|[Oo]utside|[Tt]hroughout|north of|south of|east of|west of) $"
)


def _start(piece: Piece) -> int:
    """Where a name starts without a "The" that the known name does not have."""
    first = piece.words[0]
    return piece.words[1].start if first.text == "The" and len(piece.words) > 1 else first.start


def _mention(text: Text, start: int, end: int, actor: Actor, role: str | None = None) -> ActorMention:
    source = text.paragraph.text
    return ActorMention(text.paragraph.paragraph_no, start, end, source[start:end], actor, role)


def _person_mention(one: Seen, person: Person, names: _Names) -> Iterator[ActorMention]:
    last = person.name[-1]
    end = last.end - (len(last.text) - len(last.text.removesuffix("'s").rstrip("'")))
    role = role_of(one.text.folded, person)
    told = one.text.paragraph.text[role.start : role.end] if role else None
    yield _mention(one.text, person.words[0].start, end, _person_actor(person, names), told)


def _person_actor(person: Person, names: _Names) -> Actor:
    key = tuple(word.key for word in person.name)
    if key in names.people:
        return names.people[key]
    if len(key) == 1 and (first := _by_first_name(key[0], names)) is not None:
        return first
    fuller = names.surnames.get(key[-1], set())
    peers = names.peers.get(key[-1], set()) if person.peerage else set()
    for meant in (peers, fuller):
        if len(meant) == 1 and len(key) == 1:
            return names.named[next(iter(meant))]
    return Actor(person.text, "person", whole=" " in person.text)


def _by_first_name(word: str, names: _Names) -> Actor | None:
    """The one person of the article who has that first name, where it is one."""
    if word not in PEOPLE.given.words or word in names.surnames:
        return None
    found = names.firsts.get(word, set())
    return next(iter(found)) if len(found) == 1 else None


def _bare_person(one: Seen, names: _Names) -> Iterator[ActorMention]:
    """A surname alone, of the one person in the article who has it, or of one whom everybody knows."""
    words = [word for word in one.piece.words if word.text not in common()]
    if len(words) != 1 or (one.piece.words[-1] is not words[0]):
        return
    word = words[0]
    fuller = names.surnames.get(word.key, set())
    actor: Actor | None = None
    if len(fuller) == 1:
        actor = names.named[next(iter(fuller))]
    elif not fuller and (first := _by_first_name(word.key, names)) is not None:
        actor = first
    elif not fuller and (word.key,) in known_people() and (word.key,) not in names.organisations:
        actor = Actor(known_people()[(word.key,)], "person", known=True)
    if actor is not None and not _also_word(one, word):
        end = word.end - (len(word.text) - len(word.text.removesuffix("'s").rstrip("'")))
        yield _mention(one.text, word.start, end, actor)


def _also_word(one: Seen, word: Word) -> bool:
    """Whether the surname is as likely another thing there: part of a longer run, as in "Hunt Street"."""
    after = one.text.folded[word.end : word.end + 2]
    return len(after) == 2 and after[0] == " " and after[1].isupper() and len(one.piece.words) > 1


def _introduced_in_brackets(seen: Sequence[Seen], names: _Names) -> Iterator[ActorMention]:
    for one in seen:
        short = _INTRODUCED.match(one.text.folded, one.piece.end)
        if short is None or (short["short"],) not in names.organisations:
            continue
        actor = names.organisations[(short["short"],)]
        if actor == names.organisations.get(_stripped(one.piece)) or one.piece.sort == "known":
            yield _mention(one.text, short.start("short"), short.end("short"), actor)


def _without_overlaps(found: Sequence[ActorMention]) -> list[ActorMention]:
    kept: list[ActorMention] = []
    for one in sorted(found, key=lambda one: (one.paragraph_no, one.char_start, -one.char_end)):
        if kept and kept[-1].paragraph_no == one.paragraph_no and one.char_start < kept[-1].char_end:
            continue
        kept.append(one)
    return kept


@cache
def _back_pattern() -> re.Pattern[str]:
    heads = "|".join(sorted({*forms().heads, *(head.capitalize() for head in forms().heads)}))
    return re.compile(rf"\b[Tt]he (?P<head>{heads})(?![\w-])(?! of| for)")


def _back_references(
    texts: Sequence[Text], found: Sequence[ActorMention], published: date | None
) -> list[ActorMention]:
    """Places where "the network", "the Committee" stand for the one body of that name that was named before."""
    heads = _heads_of(found)
    added: list[ActorMention] = []
    for text in texts:
        for match in _back_pattern().finditer(text.folded):
            place = (text.paragraph.paragraph_no, match.start())
            head = heads.setdefault(match["head"].lower(), _Head())
            actor = head.meant(place, exact=match["head"][0].isupper())
            if actor is None and match["head"] == "Department" and not head.places:
                actor = _department(published)
            if actor is not None:
                added.append(_mention(text, match.start("head"), match.end("head"), actor))
    return added


@dataclass(slots=True)
class _Head:
    """The bodies whose names end with one noun, by where they are named, and what "the" with that noun last meant."""

    places: list[tuple[int, int]] = field(default_factory=list)
    actors: set[Actor] = field(default_factory=set)
    last: int = -_BACK_REACH  # the paragraph in which it was last meant
    others: bool = False  # capitals stood there before any body that they could mean: they are another's

    def meant(self, place: tuple[int, int], *, exact: bool) -> Actor | None:
        """The one body that the noun means there; in small letters only near its name."""
        before = bisect_left(self.places, place)
        if not before:
            self.others = self.others or (exact and bool(self.places))
            return None
        if self.others and exact:
            return None
        near = place[0] - max(self.last, self.places[before - 1][0]) <= _BACK_REACH
        if len(self.actors) != 1 or not (near or exact):
            return None
        self.last = place[0]
        return next(iter(self.actors))


def _heads_of(found: Sequence[ActorMention]) -> dict[str, _Head]:
    heads: dict[str, _Head] = {}
    health = any(one.actor.name.startswith("Department of Health") for one in found)
    for one in found:
        name = one.actor.name
        if one.actor.kind == "person":
            continue
        nouns = [name.rpartition(" ")[2].lower()]
        if name.startswith("Department of Health" if health else "Department "):
            nouns.append("department")
        for noun in nouns:
            head = heads.setdefault(noun, _Head())
            head.places.append((one.paragraph_no, one.char_start))
            head.actors.add(one.actor)
    return heads


def _department(published: date | None) -> Actor:
    early, late, renamed = _DEFAULT_DEPARTMENT
    return actor_of_body(bodies()[early if published is not None and published < renamed else late])


def _with_role_organisations(found: Sequence[ActorMention]) -> Iterator[ActorMention]:
    """Each mention of a person with the organisation that the role's words name."""
    by_place: dict[int, list[ActorMention]] = defaultdict(list)
    for one in found:
        if one.actor.kind != "person":
            by_place[one.paragraph_no].append(one)
    for one in found:
        if one.role is None:
            yield one
            continue
        around = between(by_place[one.paragraph_no], one.char_start - _ROLE_REACH, one.char_start + _ROLE_REACH)
        near = next((other.actor for other in around if other.surface in one.role), None)
        yield replace(one, role_of=near)


def texts_of(paragraphs: Sequence[Paragraph]) -> tuple[Text, ...]:
    """The paragraphs with their folded texts."""
    return tuple(Text(paragraph, fold(paragraph.text)) for paragraph in paragraphs)
