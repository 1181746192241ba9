"""Restated commentary with labels: how many fields of its figures are right, and what is given where none belongs.

    python -m tests.figures.held [mended|judged|first|second|...|fifteenth] [--errors]

Each set of `held/` was labelled before the extractor saw it and read once; then its kinds of errors were mended and the
next was written. All are in the notation of the cases; what a label leaves out is none.
"""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from extractors.figures import Figure
from tests.figures.notation import Expected, field_checks, figures_of, read_cases

HELD = Path(__file__).with_name("held")
SETS = (
    "mended",
    "judged",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
)
NONE = {"period": "none", "base": "none", "by": "none"}


class Marks:
    """Right and all of each field, and the errors in words."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.all: Counter[str] = Counter()
        self.errors: list[str] = []

    def note(self, field: str, *, right: bool, error: str) -> None:
        """Count one field of one figure."""
        self.all[field] += 1
        self.right[field] += right
        if not right:
            self.errors.append(f"{field}: {error}")

    def share(self, field: str) -> float:
        """The share of a field that is right."""
        return self.right[field] / max(self.all[field], 1)


def marks(name: str) -> Marks:
    """The marks of one file. A figure is found where kind and value are; what is extra counts as one not found."""
    result = Marks()
    for case in read_cases(HELD / f"{name}.txt"):
        figures = figures_of(case.text)
        left = list(figures)
        for expected in case.expected:
            found = next((one for one in left if _is(one, expected)), None)
            result.note("found", right=found is not None, error=f"{expected.surface!r} in {case.text!r}")
            if found is not None:
                left.remove(found)
                _compare(result, expected, found, figures)
        for extra in left:
            result.note("found", right=False, error=f"{extra.surface!r} is none in {case.text!r}")
    return result


def _is(figure: Figure, expected: Expected) -> bool:
    return figure.kind == expected.kind and abs(figure.value - expected.value) <= 1e-5 * abs(expected.value)


def _compare(result: Marks, expected: Expected, figure: Figure, figures: tuple[Figure, ...]) -> None:
    whole = True
    extras = {**NONE, **expected.extras}
    for field, want, found in field_checks(replace(expected, extras=extras), figure, figures):
        whole = whole and want == found
        result.note(field, right=want == found, error=f"{figure.surface!r} wanted {want!r}, found {found!r}")
    result.note("whole row", right=whole, error=figure.surface)


def main() -> None:
    """The command."""
    names = [name for name in sys.argv[1:] if not name.startswith("-")] or list(SETS)
    for name in names:
        result = marks(name)
        print(name, *(f"{field} {result.right[field]}/{count}" for field, count in result.all.items()), sep="  ")
        if "--errors" in sys.argv:
            print("\n".join(f"  {error}" for error in result.errors))


if __name__ == "__main__":
    main()
