"""The notation of the table-driven cases in `cases/*.txt`.

A case is a line "> paragraph", then one line for each of its figures in text order:

    surface | kind value unit | extras; separated; by semicolons

Extras: `about`, `at_least`, `at_most`; `low N`, `high N`; `period START..END` (either may be missing) or `period none`;
`increase`, `decrease`; `from SURFACE`; `base WORDS`, `measure WORDS`, `by WORDS` (contained in the field; `none` for
empty). What is not mentioned is checked only where it is said below. A case without figures has none.
Lines that start with "#" are comments. All cases are read as published on 14 June 2024.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from extractors.article.model import Paragraph, Published
from extractors.figures import Figure, find_figures

CASES = Path(__file__).with_name("cases")
PUBLISHED = Published(date(2024, 6, 14), "day", "test")
_QUALIFIERS = {"about", "at_least", "at_most"}
_CHANGES = {"increase", "decrease"}


@dataclass(frozen=True)
class Expected:
    """One figure that a case expects."""

    surface: str
    kind: str
    value: float
    unit: str | None
    extras: dict[str, str]


@dataclass
class Case:
    """A paragraph with the figures that it has, in order."""

    file: str
    line: int
    text: str
    expected: list[Expected] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What pytest calls the case."""
        return f"{self.file}:{self.line}"


def read_cases(path: Path) -> list[Case]:
    """The cases of one file."""
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("> "):
            cases.append(Case(path.stem, number, line.removeprefix("> ")))
        elif line and not line.startswith("#"):
            cases[-1].expected.append(_expected(line))
    return cases


def _expected(line: str) -> Expected:
    parts = [part.strip() for part in line.removesuffix(" |").split(" | ")]
    kind, value, *unit = parts[1].split(" ", 2)
    extras: dict[str, str] = {}
    for extra in parts[2].split("; ") if len(parts) > 2 else []:
        if extra in _QUALIFIERS:
            extras["qualifier"] = extra
        elif extra in _CHANGES:
            extras["change"] = extra
        else:
            key, _, rest = extra.partition(" ")
            extras[key] = rest
    return Expected(parts[0], kind, float(value), unit[0] if unit else None, extras)


def figures_of(text: str) -> tuple[Figure, ...]:
    """The figures of one paragraph published on the day of all cases."""
    return find_figures([Paragraph(1, "prose", text)], PUBLISHED)


def differences(case: Case, figures: tuple[Figure, ...]) -> list[str]:
    """How the figures found differ from those that the case expects, in words; empty where they agree."""
    found = [(figure.surface, figure.kind) for figure in figures]
    wanted = [(expected.surface, expected.kind) for expected in case.expected]
    if found != wanted:
        return [f"wanted {wanted}", f"found  {found}"]
    return [
        f"{expected.surface!r}: {problem}"
        for expected, figure in zip(case.expected, figures, strict=True)
        for problem in _figure_differences(expected, figure, figures)
    ]


def field_checks(expected: Expected, figure: Figure, figures: tuple[Figure, ...]) -> list[tuple[str, object, object]]:
    """The fields of a figure that a case speaks of, each with what it wants and what was found."""
    extras = expected.extras
    period = figure.period
    found_period = f"{(period.start if period else None) or ''}..{(period.end if period else None) or ''}"
    origin = figures[figure.change_from].surface if figure.change_from is not None else None
    checks: list[tuple[str, object, object]] = [
        ("value", round(expected.value, 6), round(figure.value, 6)),
        ("unit", expected.unit, figure.unit if expected.kind not in {"fraction", "multiple"} else expected.unit),
        ("qualifier", extras.get("qualifier", "exact"), figure.qualifier),
        ("change", extras.get("change"), figure.change),
        ("from", extras.get("from"), origin),
        ("low", float(extras["low"]) if "low" in extras else None, figure.value_low if "low" in extras else None),
        ("high", float(extras["high"]) if "high" in extras else None, figure.value_high if "high" in extras else None),
    ]
    if "period" in extras:
        checks.append(("period", extras["period"].replace("none", ".."), found_period))
    for key, words in (("base", figure.base), ("by", figure.attribution), ("measure", figure.measure)):
        want = extras.get(key)
        if want == "none":
            checks.append((key, None, words))
        elif want is not None:
            checks.append((key, want, want if want.lower() in (words or "").lower() else words))
    return checks


def _figure_differences(expected: Expected, figure: Figure, figures: tuple[Figure, ...]) -> list[str]:
    checks = field_checks(expected, figure, figures)
    return [f"{name} wanted {want!r}, found {found!r}" for name, want, found in checks if want != found]
