"""The codebook as data: what loads, what a user's file can change, and what a broken one is told."""

import re
from pathlib import Path

import pytest

from extractors.article.model import Paragraph
from extractors.lexicon import LexiconError
from extractors.themes import code_themes, read_codebook

_DOCS = Path(__file__).parents[2] / "docs" / "codebook.md"


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def themes(text: str, *overrides: Path) -> set[str]:
    book = read_codebook(overrides=overrides)
    return {mention.theme_id for mention in code_themes([Paragraph(1, "prose", text)], book)}


def test_themes_are_those_of_the_written_codebook() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (\w+) \|", _DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(theme.theme_id, theme.label, theme.family) for theme in read_codebook().themes] == [
        (theme_id, label.strip(), family) for theme_id, label, family in rows
    ]


def test_default_codebook_is_read_once() -> None:
    assert read_codebook() is read_codebook()


def test_every_theme_has_cues() -> None:
    book = read_codebook()
    assert {theme.theme_id for theme in book.themes} <= {cue.target for cue in book.cues}


def test_user_file_adds_a_theme_with_cues_of_its_own(tmp_path: Path) -> None:
    mine = write(
        tmp_path,
        """
        for_theme = "climate"
        [[theme]]
        theme_id = "climate"
        label = "Climate"
        family = "change"
        definition = "carbon and heat in the health service"
        not_when = ""
        [[cue]]
        name = "carbon"
        weight = 1.5
        patterns = ["net zero", "carbon|heat ..2 footprint"]
        """,
    )
    assert "climate" in themes("The supplier must cut the carbon of its footprint.", mine)
    assert "climate" not in themes("The supplier must cut the carbon of its footprint.")


def test_user_file_replaces_a_cue_switches_one_off_and_widens_a_class(tmp_path: Path) -> None:
    text = "The blorgs poach our nurses."
    off = write(
        tmp_path,
        """
        for_theme = "workforce"
        [[cue]]
        name = "staff shortage and supply"
        weight = 0
        patterns = ["poach"]
        """,
        "off.toml",
    )
    assert "workforce" in themes(text)
    assert "workforce" not in themes(text, off)
    wide = write(
        tmp_path,
        """
        for_theme = "capital"
        [class]
        BUILDING = ["blorg"]
        [[cue]]
        name = "mine"
        weight = 2
        patterns = ["@BUILDING ..2 nurse"]
        """,
        "wide.toml",
    )
    assert "capital" in themes("The blorg nurses.", wide)


def test_folder_of_overrides_is_read_in_order_of_names(tmp_path: Path) -> None:
    for name, weight in (("1.toml", 3), ("2.toml", 0)):
        write(tmp_path, f'for_theme = "data"\n[[cue]]\nname = "x"\nweight = {weight}\npatterns = ["zebra"]\n', name)
    assert "data" not in themes("A zebra.", tmp_path)
    assert "data" in themes("A zebra.", tmp_path / "1.toml")


def test_version_changes_with_whatever_changes_the_coding(tmp_path: Path) -> None:
    default = read_codebook().version
    changes = [
        "[coding]\nthreshold = 0.9\n",
        "[prior.trust]\nproblem = 0.5\n",
        '[class]\nBUILDING = ["blorg"]\n',
        'for_theme = "data"\n[[cue]]\nname = "x"\nweight = 1\npatterns = ["zebra"]\n',
        '[[cue]]\nname = "x"\nframing = "problem"\nweight = 1\npatterns = ["zebra"]\n',
    ]
    versions = [read_codebook(overrides=[write(tmp_path, text)]).version for text in changes]
    assert len({default, *versions}) == len(changes) + 1
    assert read_codebook(overrides=[write(tmp_path, "")]).version == default


_CUE = 'for_theme = "data"\n[[cue]]\nname = "mine"\n'


@pytest.mark.parametrize(
    ("text", "entry", "problem"),
    [
        ("for_theme = ", "", "not valid TOML"),
        ("colour = 1\n", "", "unknown key 'colour'"),
        (_CUE + "weight = 1\n", "data, cue 'mine'", "lacks 'patterns'"),
        (_CUE + 'weight = "heavy"\npatterns = ["a"]\n', "data, cue 'mine'", "weight: is 'heavy', should be a number"),
        (_CUE + "weight = 1\npatterns = []\n", "data, cue 'mine'", "has no patterns"),
        (_CUE + "weight = 1\npatterns = [3]\n", "data, cue 'mine'", "not a pattern"),
        (_CUE + 'weight = 1\npatterns = ["a && b & c"]\n', "data, cue 'mine'", "mixes '&' and '&&'"),
        (_CUE + 'weight = 1\npatterns = ["a ..3"]\n', "data, cue 'mine'", "gap at its end"),
        (_CUE + 'weight = 1\npatterns = ["..3 a"]\n', "data, cue 'mine'", "begins with a gap"),
        (_CUE + 'weight = 1\npatterns = ["a+b"]\n', "data, cue 'mine'", "'a+b'"),
        (_CUE + 'weight = 1\npatterns = ["ab*"]\n', "data, cue 'mine'", "too short"),
        (_CUE + 'weight = 1\npatterns = ["one-two|three"]\n', "data, cue 'mine'", "hyphen among alternatives"),
        (_CUE + 'weight = 1\npatterns = ["@NOWHERE"]\n', "data, cue 'mine'", "unknown class @NOWHERE"),
        (_CUE + 'weight = 1\npatterns = ["a"]\nwhere = "attic"\n', "data, cue 'mine'", "where: is 'attic'"),
        (_CUE + 'weight = 1\npatterns = ["a"]\nframes = "bad"\n', "data, cue 'mine'", "frames: is 'bad'"),
        (
            _CUE + 'weight = 1\npatterns = ["a"]\n[[cue]]\nname = "mine"\nweight = 1\npatterns = ["b"]\n',
            "data",
            "unique",
        ),
        ('for_theme = "weather"\n[[cue]]\nname = "x"\nweight = 1\npatterns = ["a"]\n', "weather", "no theme 'weather'"),
        ('[[cue]]\nname = "x"\nframing = "anger"\nweight = 1\npatterns = ["a"]\n', "framing", "'anger'"),
        ('[class]\nONE = "wait"\n', "class.ONE", "not a list"),
        ('[class]\nONE = ["a ..2 b"]\n', "class.ONE", "gap"),
        ('[class]\nONE = ["@TWO"]\nTWO = ["@ONE"]\n', "class ", "includes itself"),
        ('[class]\nONE = ["@TWO"]\n', "class ONE", "unknown class @TWO"),
        ("[coding]\nthreshhold = 1\n", "coding", "'threshhold'"),
        ("[prior.weather]\nproblem = 1\n", "prior weather", "no theme"),
        ("[prior.trust]\nanger = 1\n", "prior.trust", "'anger' should be 'problem', 'benefit'"),
        ('[[theme]]\ntheme_id = "x"\n', "theme 'x'", "lacks 'label'"),
        ("cue = 3\n", "", "cue: is 3, should be a list"),
    ],
)
def test_error_names_the_file_the_entry_and_what_is_wrong(tmp_path: Path, text: str, entry: str, problem: str) -> None:
    mine = write(tmp_path, text)
    with pytest.raises(LexiconError) as caught:
        read_codebook(overrides=[mine])
    assert str(mine) in str(caught.value)
    assert entry in str(caught.value)
    assert problem in str(caught.value)


def test_missing_override_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="does not exist"):
        read_codebook(overrides=[tmp_path / "nowhere.toml"])
