"""No text raises, and time grows with its length and no faster."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.article.model import Paragraph
from extractors.figures import Figure, PassedOver, explain_figures, find_figures

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests" / "gold" / "dev" / "articles", ROOT / "seeds" / "articles")
SOURCES = [
    line
    for folder in FOLDERS
    for path in sorted(folder.glob("*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.strip()
]
NOISE = [
    "£",
    "%",
    "–",
    "-",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "½",
    "Â£",
    "1",
    "99999999999999999999",
    "0",
    ".",
    ",",
    "(",
    ")",
    "[",
    "'",
    '"',
    "\n",
    "\x00",
    " million",
    " and a half",
    "-to-",
    "2019",
    "31 February 2023",
    "29 February 2020",
    "a year earlier",
    " per ",
    "/",
    "\ud83d",
    "İ",
    "ß",
    "𝟛",
    "²",
    " of ",
    "1e99",
    "^",
    "half",
    "one in ",
    "Q4 ",
    "9999-99-99",
    "FY",
    "since",
    "before 1900",
    "the same period",
    "between ",
    " to ",
    "e.g.",
    "No.",
    "10 thousand years earlier",
    "x10^99",
]


def mutated(dice: random.Random) -> str:
    """A paragraph of the gold or the seeds with a few things done to it."""
    text = dice.choice(SOURCES)
    if dice.random() < 0.5:
        start = dice.randrange(len(text))
        text = text[start : start + dice.randrange(20, 220)]
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(text) + 1)
        action = dice.randrange(5)
        if action == 0:
            text = text[:at] + dice.choice(NOISE) + text[at:]
        elif action == 1:
            text = text[:at] + text[at + dice.randrange(1, 8) :]
        elif action == 2:
            text = text[:at] + text[at : at + 9] * 2 + text[at + 9 :]
        elif action == 3:
            text = (
                text[:at]
                + chr(dice.choice([dice.randrange(32, 0x250), dice.randrange(0x2000, 0x2100)]))
                + text[at + 1 :]
            )
        else:
            text = text[at:] + dice.choice(NOISE) + text[:at]
    return text


def fuzz(rounds: int, seed: int) -> None:
    """Read so many mutated paragraphs; the text that raises is in the failure's message."""
    dice = random.Random(seed)
    for _ in range(rounds):
        text = mutated(dice)
        try:
            figures, passed = explain_figures([Paragraph(1, "prose", text)])
        except Exception as error:
            raise AssertionError(f"{error!r} on {text!r}") from error
        items: tuple[Figure | PassedOver, ...] = (*figures, *passed)
        assert all(text[item.char_start : item.char_end] == item.surface for item in items), text


def test_ten_thousand_mutated_paragraphs() -> None:
    fuzz(10_000, seed=20240614)


@pytest.mark.soak
def test_fuzz_for_long() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    fuzz(int(os.environ.get("FUZZ_ROUNDS", "200000")), seed)


def best_time(text: str) -> float:
    """The least processor time of three readings."""
    times = []
    for _ in range(3):
        before = time.process_time()
        find_figures([Paragraph(1, "prose", text)])
        times.append(time.process_time() - before)
    return min(times)


ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "1" * n,
    "groups": lambda n: "1,234" + ",567" * (n // 4),
    "spaced groups": lambda n: "1" + " 000" * (n // 4),
    "spaces": lambda n: "one" + " " * n + "million",
    "number words": lambda n: "one hundred and " * (n // 16),
    "hyphens": lambda n: "two-" * (n // 4),
    "ranges": lambda n: "5 to " * (n // 5),
    "sentence without end": lambda n: "in 2019 the trust spent £5m on 20 beds, " * (n // 40),
    "brackets": lambda n: "(" * (n // 2) + "£5m" + ")" * (n // 2),
    "months": lambda n: "May " * (n // 4),
    "of": lambda n: "5 per cent of " * (n // 14),
    "capitals": lambda n: "A" * n + " 5",
    "quotes": lambda n: "'12 beds' " * (n // 10),
    "attributions": lambda n: "it said that " * (n // 13) + "£5m",
    "address": lambda n: "www." + "a." * (n // 2) + "@" * 20 + "5",
    "soft hyphens": lambda n: "5\u00ad" * (n // 2),
    "up from": lambda n: "£5m, up from " * (n // 13),
    "slashes": lambda n: "1/2/" * (n // 4),
    "points": lambda n: "1." * (n // 2),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_time_grows_with_length_only(name: str) -> None:
    make = ADVERSARIAL[name]
    size = 2000
    small = best_time(make(size))
    large = best_time(make(4 * size))
    # Four times the text may take four times as long, with slack for noise; quadratic growth would take sixteen.
    assert large <= 9 * max(small, 0.002), f"{small:.4f} s for {size}, {large:.4f} s for {4 * size}"
