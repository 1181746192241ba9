"""Which cues fire in the paragraphs of a text, and what they sum to by theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.themes.compounds import Places
from extractors.themes.cues import Cue
from extractors.themes.number_tables import Numbers
from extractors.themes.tokens import Span
from extractors.themes.vocabulary import Text

Floats = NDArray[np.float64]
_ROLES = ("for", "sentence", "paragraph")
# A cue that comes back in further sentences gets the bonus for so many of them.
_BONUS_SENTENCES = 2


class Use(NamedTuple):
    """Where a pattern belongs: the cue's number, and whether it speaks for it or cancels it, and how widely."""

    cue: int
    role: str


@dataclass(frozen=True, slots=True)
class Fired:
    """The cues that fired in several paragraphs, each with the words of its paragraph that it spans, and their sums.

    `cues` and `spans` run in parallel, ordered by paragraph, cue and words; `opens` has where each paragraph begins in
    them. `sums` has a row a paragraph and a column a theme.
    """

    cues: Sequence[int]
    spans: Sequence[Span]
    opens: Sequence[int]
    sums: Floats

    def of(self, paragraph: int) -> dict[int, list[Span]]:
        """The cues of one paragraph, each with the words that it spans."""
        here = slice(self.opens[paragraph], self.opens[paragraph + 1])
        fired: dict[int, list[Span]] = {}
        for cue, span in zip(self.cues[here], self.spans[here], strict=True):
            if cue in fired:
                fired[cue].append(span)
            else:
                fired[cue] = [span]
        return fired


class Firing:
    """The cues of a codebook as tables, for the patterns of its matcher."""

    def __init__(self, cues: Sequence[Cue], uses: Sequence[Use], theme_ids: Sequence[str], repeat_bonus: float) -> None:
        self._cue = np.array([use.cue for use in uses], np.int64)
        self._role = np.array([_ROLES.index(use.role) for use in uses], np.int64)
        self._weight = np.array([cue.weight for cue in cues])
        self._distinct = np.array([cue.distinct for cue in cues], np.int64)
        themes = {theme_id: number for number, theme_id in enumerate(theme_ids)}
        self._themes = len(themes)
        # Framing cues add to a column of their own, which no theme has.
        self._theme = np.array([themes.get(cue.target, self._themes) for cue in cues], np.int64)
        self._in_headings = np.array([cue.where != "prose" for cue in cues], np.bool_)
        self._in_prose = np.array([cue.where != "heading" for cue in cues], np.bool_)
        self._repeat_bonus = repeat_bonus

    def fire(self, text: Text, patterns: Places, headings: NDArray[np.bool_]) -> Fired:
        """The cues whose patterns stand at these places, without what their `unless` cancels.

        `headings` tells which paragraphs are headings, where cues for prose alone do not fire, and the other way round.
        """
        cues = patterns._replace(numbers=self._cue[patterns.numbers])
        found = _unique(cues.at(self._standing(text, patterns, cues.numbers, headings)), text)
        paragraph = text.paragraph[found.starts]
        group = _groups(paragraph, found.numbers)
        firsts = np.flatnonzero(np.diff(group, prepend=-1))
        opens = np.searchsorted(paragraph, np.arange(len(text.opens) + 1)).tolist()
        own = found.moved(-text.opens[paragraph])
        spans = list(zip(own.starts.tolist(), own.ends.tolist(), strict=True))
        return Fired(found.numbers.tolist(), spans, opens, self._sums(text, found, group, firsts))

    def _standing(self, text: Text, patterns: Places, cues: Numbers, headings: NDArray[np.bool_]) -> Numbers:
        role, sentence = self._role[patterns.numbers], text.sentence[patterns.starts]
        paragraph = text.paragraph[patterns.starts]
        stands = (role == _ROLES.index("for")) & np.where(
            headings[paragraph], self._in_headings[cues], self._in_prose[cues]
        )
        for where, places in (("sentence", sentence), ("paragraph", paragraph)):
            codes = places * len(self._weight) + cues
            stands &= ~np.isin(codes, codes[role == _ROLES.index(where)])
        return np.flatnonzero(stands)

    def _sums(self, text: Text, found: Places, group: Numbers, firsts: Numbers) -> Floats:
        cues, paragraphs = found.numbers[firsts], text.paragraph[found.starts[firsts]]
        amounts = self._weight[cues] * self._times(text, found, group, cues)
        width = self._themes + 1
        sums = np.bincount(paragraphs * width + self._theme[cues], amounts, len(text.opens) * width).astype(np.float64)
        return sums.reshape(-1, width)[:, : self._themes]

    def _times(self, text: Text, found: Places, group: Numbers, cues: Numbers) -> Floats:
        """How often each cue counts: its different words up to `distinct`, else once with a bonus for each sentence."""
        distinct, number = self._distinct[cues], len(cues)
        sentences = _different(group, text.sentence[found.starts], number)
        times = 1 + self._repeat_bonus * np.minimum(sentences - 1, _BONUS_SENTENCES)
        several = distinct > 1
        if several.any():
            _, forms = text.known.forms.take(text.ids[found.starts])
            times = np.where(several, np.minimum(distinct, _different(group, forms, number)), times)
        return np.where(self._weight[cues] < 0, 1.0, times)


def _unique(places: Places, text: Text) -> Places:
    """Each place once, ordered by paragraph, number and words."""
    keys = (places.ends, places.starts, places.numbers, text.paragraph[places.starts])
    order = np.lexsort(keys)
    new = np.zeros(len(order), np.bool_)
    for key in keys:
        new |= np.diff(key[order], prepend=-1) != 0
    return places.at(order[new])


def _groups(paragraph: Numbers, cues: Numbers) -> Numbers:
    """The places in order, numbered by paragraph and cue."""
    new = (np.diff(paragraph, prepend=-1) != 0) | (np.diff(cues, prepend=-1) != 0)
    return np.cumsum(new) - 1


def _different(group: Numbers, values: Numbers, number: int) -> Numbers:
    """How many different values each group has."""
    width = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(group * width + values) // width, minlength=number)
