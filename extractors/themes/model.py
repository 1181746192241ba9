"""What a theme mention is: a paragraph that says something about a theme, with its evidence (docs/codebook.md)."""

from dataclasses import dataclass, fields
from typing import Any, Literal

Framing = Literal["problem", "benefit", "proposal", "context"]
FRAMINGS: tuple[Framing, ...] = ("problem", "benefit", "proposal", "context")
TRAITS = ("heading", "prose", "short", "long", "asks", "only asks", "opens", "closes")
"""Sorts and shapes of paragraphs by which the framing has priors."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of the codebook: what it is about, and what belongs elsewhere."""

    theme_id: str
    label: str
    family: str
    definition: str
    not_when: str


@dataclass(frozen=True, slots=True)
class ThemeMention:
    """One theme coded in one paragraph.

    `score` is the summed weight of the cues that fired (above the theme's threshold); `surface` with its offsets is
    the strongest evidence in the paragraph's text; `cues` names every cue that fired, strongest first.
    """

    paragraph_no: int
    theme_id: str
    framing: Framing
    score: float
    surface: str
    char_start: int
    char_end: int
    cues: tuple[str, ...]


_FIELDS = tuple(field.name for field in fields(ThemeMention))


def mention_fields(mention: ThemeMention) -> dict[str, Any]:
    """The fields of a mention by name; `dataclasses.asdict` gives the same and takes ten times as long."""
    return {name: getattr(mention, name) for name in _FIELDS}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A theme that came close to being coded, for `commentary explain`."""

    paragraph_no: int
    theme_id: str
    score: float
    threshold: float
    cues: tuple[str, ...]
