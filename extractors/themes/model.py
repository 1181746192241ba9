"""What a theme mention is: a paragraph that says something about a theme, with its evidence (docs/codebook.md)."""

from dataclasses import dataclass
from typing import Literal

Framing = Literal["problem", "benefit", "proposal", "context"]
FRAMINGS: tuple[Framing, ...] = ("problem", "benefit", "proposal", "context")


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


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A theme that came close to being coded, for `commentary explain`."""

    paragraph_no: int
    theme_id: str
    score: float
    threshold: float
    cues: tuple[str, ...]
