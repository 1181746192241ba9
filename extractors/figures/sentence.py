"""A sentence with its figures as the context layers see it."""

import re
from typing import NamedTuple

from extractors.figures.quantities import Quantity

# What separates statements inside a sentence: a semicolon or colon, a dash, and a comma or nothing before a
# conjunction that opens a clause of its own.
_STRONG = re.compile(
    r";|: | - |, (?:but|while|whereas|although|though|yet)(?![a-z])| (?:while|whereas|although)(?![a-z])"
)
_WEAK = re.compile(
    r"[;()]|: | - |, (?:and|but|while|whereas|which|who|although|though|yet|so|because|with|or)(?![a-z])"
    r"| (?:while|whereas|although|because|but)(?![a-z])"
)


class Sentence(NamedTuple):
    """`text` and `lower` are the whole paragraph's; `start` and `end` bound the sentence in them."""

    text: str
    lower: str
    start: int
    end: int

    def before(self, quantity: Quantity, reach: int = 80, floor: int = 0) -> str:
        """The small-letter text before a quantity, inside the sentence."""
        return self.lower[max(self.start, floor, quantity.start - reach) : quantity.start]

    def after(self, quantity: Quantity, reach: int = 80, ceiling: int | None = None) -> str:
        """The small-letter text after a quantity, inside the sentence."""
        end = self.end if ceiling is None else min(self.end, ceiling)
        return self.lower[quantity.end : min(end, quantity.end + reach)]

    def statement(self, at: int, end: int) -> tuple[int, int]:
        """The stretch between strong boundaries around the characters from `at` to `end`."""
        return self._stretch(_STRONG, at, end)

    def clause(self, at: int, end: int) -> tuple[int, int]:
        """The stretch between any boundaries around the characters from `at` to `end`."""
        return self._stretch(_WEAK, at, end)

    def _stretch(self, boundary: re.Pattern[str], at: int, end: int) -> tuple[int, int]:
        first, last = self.start, self.end
        for match in boundary.finditer(self.lower, self.start, self.end):
            if match.end() <= at:
                first = match.end()
            elif match.start() >= end:
                last = match.start()
                break
        return first, last
