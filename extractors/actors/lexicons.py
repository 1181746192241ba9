"""The names and words by which actors are found, read from `lexicons/*.toml` and checked once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from extractors.actors.model import ORGANISATION_KINDS, ActorKind
from extractors.lexicon import LexiconError, expect_keys, load_toml

FOLDER = Path(__file__).with_name("lexicons")
Key = tuple[str, ...]


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


class Forms(NamedTuple):
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
        LexiconError: a kind, key or type that is not expected, a name twice, or a successor that is not there.
    """
    file = FOLDER / "bodies.toml"
    found: dict[str, Body] = {}
    for kind, entries in load_toml(file).items():
        if kind not in ORGANISATION_KINDS or not isinstance(entries, Mapping):
            raise LexiconError(file, kind, f"no kind of organisation; known are {', '.join(ORGANISATION_KINDS)}")
        for name, entry in entries.items():
            if name in found:
                raise LexiconError(file, name, "is listed twice")
            found[name] = _body(file, name, kind, entry)
    for body in found.values():
        if body.became is not None and body.became not in found:
            raise LexiconError(file, body.name, f"became {body.became!r}, which is not listed")
    return found


def _body(file: Path, name: str, kind: Any, entry: Mapping[str, Any]) -> Body:  # noqa: ANN401 - checked by the caller
    optional: Mapping[str, type] = {"also": list, "weak": list, "since": int, "until": int, "became": str}
    expect_keys(file, name, entry, required={}, optional=optional)
    weak = tuple(entry.get("weak", ()))
    also = tuple(entry.get("also", ()))
    aliases = also if name in weak else (name, *also)
    return Body(name, kind, aliases, weak, entry.get("since"), entry.get("until"), entry.get("became"))


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
def forms() -> Forms:
    """The forms of organisations' names.

    Raises:
        LexiconError: an entry is missing or names a kind that is not known.
    """
    file = FOLDER / "forms.toml"
    table = load_toml(file)
    known = {"strong", "openings", "open", "inside", "after_name", "back", "said_kind", "possessive", "legal"}
    expect_keys(file, "", table, required=dict.fromkeys(known, dict), optional={})
    called = {
        noun: tuple(_kind(file, noun, kind) for kind in kinds.split()) for noun, kinds in table["back"]["kinds"].items()
    }
    return Forms(
        {key_of(name): kind for name, kind in _by_kind(file, table["strong"])},
        {key_of(name): kind for name, kind in _by_kind(file, table["openings"])},
        frozenset(table["open"]["endings"]),
        dict(_by_kind(file, table["inside"])),
        dict(_by_kind(file, table["after_name"])),
        frozenset(table["back"]["heads"]),
        called,
        dict(_by_kind(file, table["said_kind"])),
    )


def _by_kind(file: Path, table: Mapping[str, list[str]]) -> Iterable[tuple[str, ActorKind]]:
    for kind, names in table.items():
        for name in names:
            yield name, _kind(file, name, kind)


def _kind(file: Path, entry: str, kind: Any) -> ActorKind:  # noqa: ANN401 - this is the check
    if kind not in get_args(ActorKind):
        raise LexiconError(file, entry, f"{kind!r} is no kind of actor")
    return kind  # type: ignore[no-any-return]


class Words:
    """A lexicon of word lists, each under `table.name`.

    Raises:
        LexiconError: on access to a list that is missing.
    """

    def __init__(self, name: str) -> None:
        self._file = FOLDER / f"{name}.toml"
        self._tables = load_toml(self._file)

    def words(self, table: str, name: str = "words") -> frozenset[str]:
        """The words of a text that separates them by white space."""
        return frozenset(str(self._entry(table, name)).split())

    def phrases(self, table: str, name: str) -> tuple[str, ...]:
        """A list of phrases."""
        return tuple(self._entry(table, name))

    def table(self, table: str, name: str) -> dict[str, str]:
        """A table of words with what they stand for."""
        return dict(self._entry(table, name))

    def _entry(self, table: str, name: str) -> Any:  # noqa: ANN401 - of either type
        try:
            return self._tables[table][name]
        except KeyError:
            raise LexiconError(self._file, f"{table}.{name}", "the list is missing") from None


def either(table: str, name: str = "words", lexicon: str = "grammar") -> str:
    """A pattern for any word or phrase of a list, the longest first."""
    lists = word_lists(lexicon)
    found = lists.words(table) if name == "words" else lists.phrases(table, name)
    return "|".join(re.escape(one).replace(r"\ ", " ") for one in sorted(found, key=lambda one: (-len(one), one)))


@cache
def word_lists(name: str) -> Words:
    """The word lists of `lexicons/<name>.toml`, loaded once."""
    return Words(name)
