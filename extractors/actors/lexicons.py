"""The names and words by which actors are found: what stands in `words/*.toml`, checked when it is read.

Every list is a field here, so that one which is missing or misspelled is an error of the file, or of mypy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator

from extractors.actors.model import ORGANISATION_KINDS, ActorKind
from extractors.lexicon import (
    Filled,
    LexiconError,
    PhraseList,
    Phrases,
    PhraseSet,
    Table,
    TableOf,
    WordList,
    Words,
    either,
    read_tables,
)
from extractors.speech.grammar import GRAMMAR as TELLING

FOLDER = Path(__file__).with_name("words")
Key = tuple[str, ...]
M = TypeVar("M", bound=BaseModel)


def _organisation(kind: ActorKind) -> ActorKind:
    if kind not in ORGANISATION_KINDS:
        raise ValueError(f"{kind} is no kind of organisation; known are {', '.join(ORGANISATION_KINDS)}")
    return kind


def _kinds(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}, should be kinds of actors in quotes")  # noqa: TRY004 - pydantic gathers ValueErrors
    return tuple(value.split())


OrganisationKind = Annotated[ActorKind, AfterValidator(_organisation)]
ByKind = dict[ActorKind, Phrases]  # names and nouns by the kind of actor that they tell


class NameList(Table):
    names: Phrases


class EndingList(Table):
    endings: Phrases


class NoClause(Table):
    phrases: Phrases
    after: Phrases


class ComesTo(Table):
    phrases: Phrases
    before: Phrases


class SpeechGrammar(Table):
    """Words by which a clause, a subject or a role is told."""

    person_links: WordList
    directions: WordList
    generic: WordList
    third_person: WordList
    clause_subject: WordList
    no_clause: NoClause
    off_that: WordList
    after_role: PhraseList
    somebody: WordList
    of_speech: WordList
    acts: PhraseList
    sayers: WordList
    no_source: WordList
    unnamed_source: WordList
    made: PhraseList
    before_noun: WordList
    finding_begins: WordList
    surely_found: WordList
    measured: WordList
    done_to: WordList
    around: WordList
    reckoned: WordList
    numbers_from: WordList
    also_telling: WordList


class NotActors(Table):
    """What is written with capitals and acts on nobody's behalf."""

    programmes: NameList
    endings: WordList
    common: WordList
    places: NameList


class Surnames(Table):
    names: dict[str, str]


class People(Table):
    """Given names, titles and roles, and people of public life."""

    titles: WordList
    known: NameList
    given: WordList
    women: WordList
    women_or_men: WordList
    she: WordList
    he: WordList
    roles: WordList
    role_modifiers: WordList
    surnames: Surnames
    aliases: Surnames
    honours: WordList


class SpeechLexicon(Table):
    """Verbs of speech and of finding, and the sources that find."""

    bare: WordList
    addressed: WordList
    addressees: WordList
    sources: WordList
    sources_when_named: WordList
    often_cited: WordList
    documents: WordList
    stating: PhraseList
    of_others: WordList
    own: WordList
    finders: WordList
    estimators: WordList
    estimating: WordList
    lookers: WordList
    looked: WordList
    makers: WordList
    owning_makers: WordList
    of_source: WordList
    finding_base: WordList
    finding_phrases: PhraseList
    comes_to: ComesTo
    mass: WordList
    of_a_body: WordList
    grounds: PhraseList
    handling: WordList
    as_they: PhraseList
    finding: WordList
    own_work: WordList
    leading: PhraseList
    terms: PhraseList


class CalledBack(Table):
    """Nouns that stand for a body that was named before, and the kinds of those that tell one."""

    heads: Phrases
    kinds: dict[str, Annotated[tuple[ActorKind, ...], BeforeValidator(_kinds)]]


class Owners(Table):
    private: PhraseSet
    public: PhraseSet


class FormTables(Table):
    """What tells an organisation that no lexicon knows."""

    strong: ByKind
    openings: ByKind
    open: EndingList
    inside: ByKind
    after_name: ByKind
    back: CalledBack
    said_kind: ByKind
    possessive: WordList
    owners: Owners
    public_names: WordList
    legal: WordList


class CitingForm(Table):
    """A form in which words lean on a source; a test holds that its example is cited and what is unlike it is not."""

    example: Filled
    unlike: Filled
    words: Words
    pattern: Filled
    whose: Literal["inside", "before", "either", "named", "nobody"] = "inside"
    kinds: Annotated[tuple[ActorKind, ...], BeforeValidator(_kinds)] = ()
    what: Filled | None = None


class CitingForms(Table):
    """The forms in which words lean on a source, and lists of words that stand in their patterns by name."""

    named: dict[str, Words]
    form: list[CitingForm]


def _read(name: str, model: type[M]) -> M:
    return read_tables(FOLDER / f"{name}.toml", model)


GRAMMAR = _read("grammar", SpeechGrammar)
NOT_ACTORS = _read("not_actors", NotActors)
PEOPLE = _read("people", People)
SPEECH = _read("speech", SpeechLexicon)
FORMS = _read("forms", FormTables)
CITING = _read("citing", CitingForms)


class BodyEntry(Table):
    """A known organisation as its lexicon has it."""

    also: Phrases = ()
    weak: Phrases = ()
    since: int | None = None
    until: int | None = None
    became: str | None = None


class Body(NamedTuple):
    """A known organisation. `since` and `until` are years; `became` names its successor."""

    name: str
    kind: ActorKind
    aliases: tuple[str, ...]
    weak: tuple[str, ...]
    since: int | None
    until: int | None
    became: str | None


class Names(NamedTuple):
    """Names by the words that they consist of, looked up by their first word, the longest first."""

    by_first: Mapping[str, tuple[Key, ...]]

    def longest(self, words: list[str], at: int) -> int:
        """How many words from `at` on are a name; 0 where none is."""
        for key in self.by_first.get(words[at], ()):
            if tuple(words[at : at + len(key)]) == key:
                return len(key)
        return 0


class NameForms(NamedTuple):
    """What tells an unknown organisation by its form."""

    endings: Mapping[Key, ActorKind]
    openings: Mapping[Key, ActorKind]
    open_endings: frozenset[str]
    inside: Mapping[str, ActorKind]
    after_name: Mapping[str, ActorKind]
    heads: frozenset[str]
    called: Mapping[str, tuple[ActorKind, ...]]
    said_kind: Mapping[str, ActorKind]


def key_of(name: str) -> Key:
    """The words of a name as they are compared: without the possessive, "&" as "and"."""
    return tuple(plain(word) for word in name.replace("’", "'").split())


def plain(word: str) -> str:
    """A word without a possessive ending."""
    if word.endswith("'s"):
        return word[:-2]
    return "and" if word == "&" else word.rstrip("'.")


def names_of(names: Iterable[str]) -> Names:
    """A table of names by their first word."""
    found: dict[str, set[Key]] = defaultdict(set)
    for name in names:
        key = key_of(name)
        found[key[0]].add(key)
    return Names({first: tuple(sorted(keys, key=lambda key: (-len(key), key))) for first, keys in found.items()})


@cache
def bodies() -> Mapping[str, Body]:
    """The known organisations by name.

    Raises:
        LexiconError: an entry that is not as expected, a name twice, or a successor that is not there.
    """
    file = FOLDER / "bodies.toml"
    found: dict[str, Body] = {}
    for kind, entries in _read("bodies", TableOf[OrganisationKind, dict[str, BodyEntry]]).root.items():
        for name, entry in entries.items():
            if name in found:
                raise LexiconError(file, name, "is listed twice")
            aliases = entry.also if name in entry.weak else (name, *entry.also)
            found[name] = Body(name, kind, aliases, entry.weak, entry.since, entry.until, entry.became)
    for body in found.values():
        if body.became is not None and body.became not in found:
            raise LexiconError(file, body.name, f"became {body.became!r}, which is not listed")
    return found


class KnownNames(NamedTuple):
    """The bodies by every name that stands for one, and by the weak names that may."""

    names: Names
    body: Mapping[Key, Body]
    weak: Mapping[Key, tuple[Body, ...]]


@cache
def known_names() -> KnownNames:
    """All names of known bodies.

    Raises:
        LexiconError: a name stands for two bodies; make it weak in both.
    """
    strong: dict[Key, Body] = {}
    weak: dict[Key, list[Body]] = defaultdict(list)
    for body in bodies().values():
        for alias in body.aliases:
            key = key_of(alias)
            if strong.setdefault(key, body) is not body:
                problem = f"stands for {strong[key].name} and for {body.name}; make it weak in both"
                raise LexiconError(FOLDER / "bodies.toml", alias, problem)
        for alias in body.weak:
            weak[key_of(alias)].append(body)
    table = names_of([" ".join(key) for key in (*strong, *weak)])
    return KnownNames(table, strong, {key: tuple(found) for key, found in weak.items() if key not in strong})


@cache
def forms() -> NameForms:
    """The forms of organisations' names."""
    return NameForms(
        {key_of(name): kind for name, kind in _each(FORMS.strong)},
        {key_of(name): kind for name, kind in _each(FORMS.openings)},
        frozenset(FORMS.open.endings),
        dict(_each(FORMS.inside)),
        dict(_each(FORMS.after_name)),
        frozenset(FORMS.back.heads),
        FORMS.back.kinds,
        dict(_each(FORMS.said_kind)),
    )


def _each(names: ByKind) -> Iterable[tuple[str, ActorKind]]:
    return ((name, kind) for kind, listed in names.items() for name in listed)


# Words and names by themselves, and people of public life.


@cache
def common() -> frozenset[str]:
    """Words that begin sentences, not names."""
    return NOT_ACTORS.common.words


@cache
def places() -> frozenset[tuple[str, ...]]:
    """Places, by their words."""
    return frozenset(key_of(name) for name in NOT_ACTORS.places.names)


@cache
def generic() -> frozenset[str]:
    """Words that, alone or together, are no name: "Foundation Trust", "Integrated Care Board"."""
    words = {word for key in (*forms().endings, *forms().openings) for word in key} | set(forms().open_endings)
    return frozenset(words) | GRAMMAR.generic.words


@cache
def known_people() -> dict[Key, str]:
    """People of public life by the words of their names, and by the surnames that stand for them."""
    found = {key_of(name): PEOPLE.aliases.names.get(name, name) for name in PEOPLE.known.names}
    return {**found, **{(surname,): name for surname, name in PEOPLE.surnames.names.items()}}


def known_person(key: Key) -> str | None:
    """Who in public life has that name, a first name with its letters in a wrong order taken for a slip: "Kier"."""
    exact = known_people().get(key)
    if exact is not None or len(key) != 2:
        return exact
    famous = PEOPLE.surnames.names.get(key[-1])
    return famous if famous is not None and sorted(famous.split()[0]) == sorted(key[0]) else None


@cache
def ends_owning() -> frozenset[tuple[str, ...]]:
    """Names that end with a possessive themselves: "Guy's and St Thomas'"."""
    return frozenset(key_of(alias) for body in bodies().values() for alias in body.aliases if alias.endswith("'"))


# Nouns of sources.

PLURAL_ONLY = {"figures", "data", "statistics", "accounts", "returns", "minutes", "findings", "results", "responses"}


def any_of(words: Set[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def singular(noun: str) -> str:
    """A noun of a source as its kind is called: "surveys" is "survey", "figures" stay "figures"."""
    if noun in PLURAL_ONLY or noun.endswith(("is", "us", "ss")):
        return noun
    if noun == "analyses":
        return "analysis"
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")


def noun_in(words: Sequence[str]) -> str | None:
    """The first noun of a source among the words, as its kind is called."""
    return next((singular(word) for word in words if word in SPEECH.sources.words), None)


@cache
def source_group(more: str = "") -> str:
    """A pattern for a noun of a source, its group called "noun"; `more` is an alternative to those of the lexicon."""
    return f"(?P<noun>(?i:{any_of(SPEECH.sources.words)}){more})"


@cache
def seldom_cited() -> frozenset[str]:
    """Nouns that are more often a thing of the story than a source: "NHS England's letter"."""
    return SPEECH.sources_when_named.words - SPEECH.often_cited.words


_LINKS = rf"(?:{either(TELLING.between.phrases)}|here and abroad|elsewhere|[a-z]+ly|in (?:19|20)[0-9]{{2}}"
LINKING = rf"(?: {_LINKS}|published [^,.;:]{{2,40}}?))*"
"""A pattern for what may stand between a source and its verb."""
LOOKED = any_of(SPEECH.looked.words)
"""A pattern for what people do who look into things."""


# By which words a sentence is looked at closer for sources.

_LETTERS = re.compile(r"[a-z]+")


def words_in(folded: str) -> frozenset[str]:
    """The words of a stretch in small letters, those with a hyphen or an apostrophe in parts."""
    return frozenset(_LETTERS.findall(folded.lower()))


def _first_parts(words: Iterable[str]) -> frozenset[str]:
    return frozenset(part[0] for word in words if (part := _LETTERS.search(word.lower())) is not None)


@cache
def source_words() -> frozenset[str]:
    """Words of which a sentence has one if it names a source at all."""
    return _first_parts((*SPEECH.sources.words, *SPEECH.documents.words, *SPEECH.sources_when_named.words, "freedom"))


@cache
def lead_words() -> frozenset[str]:
    """The longest word of each phrase that leads to a source, "according"; and "figures" that come from somewhere."""
    telling = (max(phrase.split(), key=len) for phrase in SPEECH.leading.phrases)
    return _first_parts((*telling, *GRAMMAR.numbers_from.words))


@cache
def people_words() -> frozenset[str]:
    """Words of which a sentence has one where people find things out who are not named: who or how."""
    return SPEECH.finders.words | SPEECH.estimating.words | SPEECH.looked.words | {"put", "puts", "team", "teams"}


@cache
def telling_words() -> frozenset[str]:
    """Words of which a sentence has one if it cites anybody, but for references and pronouns."""
    grounds = (max(phrase.split(), key=len) for phrase in (*SPEECH.grounds.phrases, *SPEECH.as_they.phrases))
    verbs = (*SPEECH.own_work.words, *people_words(), *GRAMMAR.reckoned.words, *GRAMMAR.also_telling.words)
    bodies = (*CITING.named["has"], *CITING.named["brings"])
    return source_words() | lead_words() | _first_parts((*grounds, *verbs, *bodies))


# Forms that cite by their words alone.


class Form(NamedTuple):
    """A form of words/citing.toml, its pattern ready; `words` are those of which a sentence in that form has one."""

    pattern: re.Pattern[str]
    words: frozenset[str]
    whose: str
    kinds: tuple[ActorKind, ...]
    what: str | None


@cache
def forms_of_citing() -> tuple[Form, ...]:
    """The forms in which words lean on a source, whoever it is by.

    Raises:
        LexiconError: a pattern that is no regular expression, or has a name that stands for nothing.
    """
    return tuple(
        Form(_filled(one.pattern, one.example), one.words, one.whose, one.kinds, one.what) for one in CITING.form
    )


def _filled(pattern: str, example: str) -> re.Pattern[str]:
    try:
        return re.compile(_NAMED.sub(lambda found: _parts()[found[1]], pattern.replace("\n", "")))
    except (KeyError, re.error) as wrong:
        raise LexiconError(FOLDER / "citing.toml", f"form {example!r}", f"has a wrong pattern ({wrong})") from None


_NAMED = re.compile(r"(?<!\?P)<([a-z_]+)>")


@cache
def _parts() -> dict[str, str]:
    """What the names in patterns stand for."""
    documents = any_of(SPEECH.documents.words - {"statement", "statements"} | SPEECH.sources.words)
    return {
        **{name: any_of(words) for name, words in CITING.named.items()},
        "finders": any_of(SPEECH.finders.words),
        "looked": LOOKED,
        "some": r"(?:[\w'-]+ ){0,3}?",
        "source": source_group(),
        "document": f"(?P<noun>{documents})",
        "of_source": either(SPEECH.of_source.words),
        "as_they": either(SPEECH.as_they.phrases),
        "linking": LINKING,
    }
