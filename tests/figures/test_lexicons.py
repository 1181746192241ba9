"""A lexicon that cannot be used names its file and the entry, what is wrong with it and what was expected."""

from pathlib import Path

import pytest

from extractors.figures.lexicons import FOLDER, ChangeLexicon, Codes, NumberWords, Subjects, Units
from extractors.lexicon import LexiconError, Table, read_tables

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
