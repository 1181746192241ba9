"""A lexicon that cannot be used names its file and the entry."""

from pathlib import Path

import pytest

from extractors.figures.lexicons import FOLDER, Lexicon
from extractors.lexicon import LexiconError


def written(folder: Path, text: str) -> Lexicon:
    """A lexicon of that text."""
    (folder / "units.toml").write_text(text, encoding="utf-8")
    return Lexicon("units", folder)


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"units\.toml, time: the entry is missing"):
        written(tmp_path, "[percent]\nwords = 'percent'").pairs("time")


@pytest.mark.parametrize(
    ("text", "read", "entry"),
    [
        ("[time]\nday = 'day'", "pairs", "time.day"),
        ("[time]\nday = ['day', 'one']", "pairs", "time.day"),
        ("[time]\nday = 'one'", "numbers", "time.day"),
        ("[time]\nday = 1", "strings", "time.day"),
        ("time = ['Day']", "phrases", "time"),
        ("time = 'day'", "phrases", "time"),
        ("time = ''", "words", "time"),
    ],
)
def test_an_entry_of_another_shape_is_named(tmp_path: Path, text: str, read: str, entry: str) -> None:
    lexicon = written(tmp_path, text)
    with pytest.raises(LexiconError) as caught:
        getattr(lexicon, read)("time")
    assert caught.value.entry == entry
    assert caught.value.file.endswith("units.toml")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"units\.toml: not valid TOML"):
        written(tmp_path, "time = [")


def test_every_lexicon_of_the_package_is_read() -> None:
    names = {path.stem for path in FOLDER.glob("*.toml")}
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*.py"))
    assert {name for name in names if f'lexicon("{name}")' not in sources} == set()
