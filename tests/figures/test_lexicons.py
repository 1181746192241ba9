"""A lexicon that cannot be used names its file and the entry, what is wrong with it and what was expected."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.figures.lexicons import FOLDER, ChangeLexicon, Codes, NumberWords, Subjects, Units
from extractors.lexicon import LexiconError, Table, checked, read_tables

MODELS: dict[str, type[Table]] = {
    "changes": ChangeLexicon,
    "numbers": NumberWords,
    "subjects": Subjects,
    "units": Units,
}
WHOLE = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}


def written(folder: Path, text: str) -> Path:
    """A file of that text."""
    path = folder / "lexicon.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lexicon", "old", "new", "entry", "problem"),
    [
        ("units", "[time]", "[times]", "", "lacks 'time'; known are .*percent.* time, "),
        ("units", '"day", 1]', '"day", "one"]', ", time.day, item 2", "is 'one', should be a number"),
        ("units", '"day", 1]', '"day"]', ", time.day", "has too few items"),
        ("numbers", "twenty = 20", "twenty = true", ", tens.twenty", "is True, should be a number"),
        ("numbers", "[tens]", "[tens.of]", ", tens.of", "is {.*, should be a number"),
        ("changes", "[movers]", "[movers]\nword = 'go'", ", movers", "unknown key 'word'; known are words"),
        ("changes", '["up"]', '["Up"]', ", adverbs.increase", "'Up' is not in lower case"),
        ("changes", '["up"]', '"up"', ", adverbs.increase", "is 'up', should be a list"),
        ("changes", 'upward = "', 'upward = ""  # "', ", comparatives.upward", "is '', should be a text of words"),
        ("subjects", '"Wales" = [', '"Wales" = [5, ', ", nations.Wales", "5 should be a phrase in quotes"),
        ("subjects", '"Wales" = [', '"Wales" = ["", ', ", nations.Wales", "'' should be a phrase in quotes"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, lexicon: str, old: str, new: str, entry: str, problem: str) -> None:
    assert old in WHOLE[lexicon]
    with pytest.raises(LexiconError, match=f"lexicon.toml{entry}: {problem}"):
        read_tables(written(tmp_path, WHOLE[lexicon].replace(old, new, 1)), MODELS[lexicon])


def places(value: object, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of all tables and values within a file."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield (*place, key)
        yield from places(inner, (*place, key))


@pytest.mark.parametrize("lexicon", MODELS)
@pytest.mark.parametrize("wrong", [5, True, "", [], [1], {"a": 1}])
def test_whatever_stands_at_a_place_it_is_read_or_refused_in_one_line(lexicon: str, wrong: object) -> None:
    file = FOLDER / f"{lexicon}.toml"
    for *above, key in [*places(tomllib.loads(WHOLE[lexicon]))][::3]:
        changed = tomllib.loads(WHOLE[lexicon])
        table = changed
        for name in above:
            table = table[name]
        table[key] = wrong
        told = refusal(file, changed, MODELS[lexicon])
        assert told is None or (told.startswith(f"{file}, {'.'.join((*above, key))}") and "\n" not in told), told


def refusal(file: Path, tables: object, model: type[Table]) -> str | None:
    """Why the tables are refused, None if they are not."""
    try:
        checked(file, "", tables, model)
    except LexiconError as error:
        return str(error)
    return None


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"lexicon\.toml: not valid TOML"):
        read_tables(written(tmp_path, "names = ["), Codes)
    with pytest.raises(LexiconError, match=r"missing\.toml: the file does not exist"):
        read_tables(tmp_path / "missing.toml", Codes)


def test_a_lexicon_is_not_changed_once_it_is_read(tmp_path: Path) -> None:
    codes = read_tables(written(tmp_path, 'names = "GBP USD"\naliases = { UKP = "GBP" }'), Codes)
    assert codes.names == {"GBP", "USD"}
    with pytest.raises(ValueError, match="frozen"):
        codes.names = frozenset()  # type: ignore[misc]


def test_every_lexicon_of_the_package_is_read() -> None:
    source = FOLDER.with_name("lexicons.py").read_text(encoding="utf-8")
    assert {name for name in WHOLE if f'_read("{name}"' not in source} == set()
