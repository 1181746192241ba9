"""The language that cues are written in, as the matcher understands it."""

from collections.abc import Sequence

import pytest

from extractors.themes import matcher
from extractors.themes.codebook import NO_WORDS
from extractors.themes.matcher import Matcher
from extractors.themes.patterns import parse_pattern
from extractors.themes.vocabulary import Vocabulary, split_words

_CLASSES = {
    "WAIT": ("waiting list", "queue", "backlog"),
    "CUT": ("cut", "bring down"),
    "LATE": ("@WAIT", "delay"),
}


def places(patterns: Sequence[str], *texts: str) -> list[tuple[int, int, int]]:
    """The patterns that stand in these paragraphs, each with the words that it spans, first and end."""
    classes = {name: [parse_pattern(member) for member in members] for name, members in _CLASSES.items()}
    made = Matcher([parse_pattern(pattern) for pattern in patterns], classes)
    found = made.match(Vocabulary(made, NO_WORDS).encode([split_words(text) for text in texts]))
    return sorted(set(zip(found.numbers.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)))


def found(pattern: str, text: str) -> list[str]:
    words = split_words(text)
    return [text[words.starts[start] : words.ends[end - 1]] for _, start, end in places([pattern], text)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("price", "Prices, priced, pricing; a price's rise", ["Prices", "priced", "pricing", "price's"]),
        ("commission", "commissioners commission a commissioner", ["commission"]),
        ("=trust", "Trust the trusts", ["Trust"]),
        ("privatis*", "Privatisation privatised privately", ["Privatisation", "privatised"]),
        ("^May", "In May we may", ["May"]),
        ("^AI", "AI and ai", ["AI"]),
        (
            "block-booked",
            "block booked, block-booked and block–booked",
            ["block booked", "block-booked", "block–booked"],
        ),
        ("cut|reduce staff", "They cut staff and reduced staff", ["cut staff", "reduced staff"]),
        ("pay ..2 nurse", "pay every single nurse", ["pay every single nurse"]),
        ("pay ..1 nurse", "pay every single nurse", []),
        ("waiting list", "The waiting. List it", []),
        ("@WAIT", "a waiting list and a queue", ["waiting list", "queue"]),
        ("@LATE", "a backlog and delays", ["backlog", "delays"]),
        ("@CUT ..2 @WAIT", "to bring down the waiting lists", ["bring down the waiting lists"]),
        ("@CUT|slash @WAIT", "slashed queues and cut queues", ["slashed queues", "cut queues"]),
        ("cut & @WAIT", "The queue was cut. Nobody saw.", ["cut"]),
        ("cut & @WAIT", "They cut it. The queue stayed.", []),
        ("cut && @WAIT", "They cut it. The queue stayed.", ["cut"]),
        ("#money", "It cost £1.5 million or €20bn", ["£1.5 million", "€20bn"]),
        ("#percent", "5% or 6.2 per cent", ["5%", "6.2 per cent"]),
        ("#year", "in 2019 for 300 people", ["2019"]),
        ("18 week", "18 weeks, 180 weeks", ["18 weeks"]),
        ("#start publish", "Publish it. We publish. Publish more.", ["Publish", "Publish"]),
        ("don't know", "We don’t know", ["don’t know"]),
    ],
)
def test_pattern_finds_what_it_says(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


def test_a_word_may_open_many_rows_and_stand_in_several_classes() -> None:
    patterns = ["waiting", "waiting list", "waiting list target", "@WAIT ..1 target"]
    assert {number for number, _, _ in places(patterns, "the waiting list target")} == {0, 1, 2, 3}


def test_paragraphs_that_are_matched_together_stay_apart() -> None:
    patterns = ["cut & @WAIT", "cut && @WAIT", "waiting list", "cut ..3 @WAIT", "#start cut"]
    texts = ["They cut it. The queue stayed.", "", "A queue. They cut the", "waiting", "list", "Cut a queue."]
    alone = [places(patterns, text) for text in texts]
    opens = [sum(len(split_words(text).words) for text in texts[:number]) for number in range(len(texts))]
    moved = [(n, start + at, end + at) for at, found in zip(opens, alone, strict=True) for n, start, end in found]
    assert places(patterns, *texts) == sorted(moved)
    assert [sorted({number for number, _, _ in found}) for found in alone] == [[1], [], [1], [], [], [0, 1, 3, 4]]


def test_a_text_of_many_sentences_is_matched_in_each(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = ["cut & @WAIT", "cut ..3 @WAIT", "#start cut", "waiting list"]
    texts = ["They cut it. The queue stayed. " * 9, "Cut a queue. A backlog was cut. " * 9]
    at_once = places(patterns, *texts)
    monkeypatch.setattr(matcher, "_SENTENCES_AT_ONCE", 4)
    assert places(patterns, *texts) == at_once
    assert {number for number, _, _ in at_once} == {0, 1, 2}
