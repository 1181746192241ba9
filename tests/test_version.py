"""The fingerprint of the extractors changes with what they mean, and with nothing else."""

from pathlib import Path

import pytest

from extractors.version import extractor_version, fingerprint

CODE = '''"""What it is for."""

LIMIT = 3


def find(text: str) -> int:
    """Where it is."""
    return text.find("x")
'''
LEXICON = '# words\n[words]\nrise = ["grow", "climb"]\n'
TABLE = "# word\tweight\nrise\t0.5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/find.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "figures/words.toml").write_text(LEXICON, encoding="utf-8")
    (tmp_path / "figures/weights.tsv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "copies.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def version(folder: Path) -> str:
    return fingerprint(folder, ("copies.py", "figures"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("figures/find.py", "What it is for.", "What it finds, and why."),
        ("figures/find.py", '    """Where it is."""\n', ""),
        ("figures/find.py", "LIMIT = 3", "LIMIT = 3  # as many as fit"),
        ("figures/find.py", 'text.find("x")', "text.find(\n        'x',\n    )"),
        ("copies.py", "LIMIT = 3\n", "# At most so many.\nLIMIT = 3\n"),
        ("figures/words.toml", "# words\n", "# words that say that something grew\n\n"),
    ],
)
def test_comments_docstrings_and_layout_do_not_change_it(folder: Path, file: str, old: str, new: str) -> None:
    before = version(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert version(folder) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("figures/find.py", "LIMIT = 3", "LIMIT = 4"),
        ("figures/find.py", 'return text.find("x")', 'return text.find("y")'),
        ("copies.py", "LIMIT = 3", "LIMIT = 4"),
        ("figures/words.toml", '"climb"', '"mount"'),
        ("figures/words.toml", '["grow", "climb"]', '["climb", "grow"]'),
        ("figures/weights.tsv", "0.5", "0.6"),
    ],
)
def test_code_and_data_change_it(folder: Path, file: str, old: str, new: str) -> None:
    before = version(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert version(folder) != before


def test_a_renamed_file_changes_it(folder: Path) -> None:
    before = version(folder)
    (folder / "figures/find.py").rename(folder / "figures/seek.py")
    assert version(folder) != before


def test_our_own_is_twelve_hex_digits() -> None:
    assert int(extractor_version(), 16) >= 0
    assert len(extractor_version()) == 12
