"""The lexicons: phrases are found as their syntax says, and mistakes in the files are named."""

from pathlib import Path

import pytest

from extractors.lexicon import LexiconError
from extractors.relevance.decision import WEIGHTS_FILE, read_weights
from extractors.relevance.lexicon import CONCEPTS_FILE, GENRES_FILE, Hit, PhraseFinder, read_concepts, words_of

FILE = Path("phrases.toml")


def finder(*phrases: str, group: str = "g", weight: float = 1.0) -> PhraseFinder:
    made = PhraseFinder()
    made.add(phrases, group=group, weight=weight, file=FILE, entry="test")
    return made


def found(made: PhraseFinder, text: str) -> list[str]:
    words = words_of(text)
    return [" ".join(words[hit.start : hit.end]) for hit in made.find(words)]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("private company|companies", "Two Private companies and a private firm", ["Private companies"]),
        ("privatis*", "privatised, privatisation and private", ["privatised", "privatisation"]),
        ("public-private", "a public–private deal, a public private one", ["public private", "public private"]),
        ("trust board", "the trust’s board met", ["trust board"]),
        ("Trust", "Trust me, the Trust said to the trust", ["Trust", "Trust"]),
        ("private _ company", "a private water company", ["private water company"]),
        (
            "book a? free? visit",
            "book visit, book a visit, book a free visit",
            ["book visit", "book a visit", "book a free visit"],
        ),
        ("within # days", "within 14 days, within days", ["within # days"]),
        ("A&E", "A&E and a and e", ["A&E"]),
        ("G4S", "G4S and g4s", ["G4S"]),
        ("# %", "61.4% of 1,200", ["# %"]),
        ("why not", "Why? Not so", []),
    ],
)
def test_phrases_are_found_as_written(phrase: str, text: str, expected: list[str]) -> None:
    assert found(finder(phrase), text) == expected


def test_the_longest_phrase_of_a_group_wins_and_uses_up_its_words() -> None:
    assert found(finder("private", "private hospital", "hospital"), "a private hospital") == ["private hospital"]


def test_of_equally_long_phrases_the_exception_wins() -> None:
    made = finder("private room")
    made.add(["private room"], group="g", weight=0.0, file=FILE, entry="void")
    assert made.find(words_of("a private room")) == [Hit(1, 3, "g", 0.0)]


def test_groups_do_not_take_words_from_each_other() -> None:
    made = finder("private hospital", group="one")
    made.add(["hospital ward"], group="two", weight=1.0, file=FILE, entry="test")
    assert [hit.group for hit in made.find(words_of("private hospital ward"))] == ["one", "two"]


@pytest.mark.parametrize("phrase", ["", "_ company", "what's new!", "x=y"])
def test_a_phrase_that_cannot_be_matched_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(LexiconError, match=r"phrases\.toml, test"):
        finder(phrase)


def copy_with(tmp_path: Path, file: Path, old: str, new: str) -> Path:
    text = file.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / file.name
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    return changed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[uk]", "[kingdom]", "lacks 'uk'"),
        ('label = "the public side"', "label = 3", "public.label: is 3, should be a text in quotes"),
        ("weak = [", "faint = []\nweak = [", "unknown key 'faint'"),
        ('"NHS", ', "7, ", "public.strong: 7 should be a phrase"),
    ],
)
def test_a_mistake_in_the_concepts_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_concepts(copy_with(tmp_path, CONCEPTS_FILE, old, new), GENRES_FILE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("enough = 3.0", "enough = 0.0", "advert.enough: is 0.0, should be greater than 0"),
        ("enough = 3.0", 'enough = "3"', "advert.enough: is '3', should be a number"),
        ('noun = "an advert', 'name = "an advert', "unknown key 'name'|lacks 'noun'"),
    ],
)
def test_a_mistake_in_the_genres_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_concepts(CONCEPTS_FILE, copy_with(tmp_path, GENRES_FILE, old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bias =", "bios =", "lacks 'bias'"),
        ("spread =", "spraed =", "features: lacks 'spread'"),
        ("lead =", "extra = 1\nlead =", "features: unknown key 'extra'"),
    ],
)
def test_a_mistake_in_the_weights_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_weights(copy_with(tmp_path, WEIGHTS_FILE, old, new))
