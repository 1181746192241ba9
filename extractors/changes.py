"""What an edit changed in an article's figures and themes: a pure comparison of two versions."""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from extractors.article.model import Paragraph
from extractors.figures.model import Figure
from extractors.text import fold
from extractors.themes.model import ThemeMention

_SAME_PARAGRAPH = 0.5
"""Share of common words from which a paragraph counts as the edited form of another: half of it still stands."""
_NOT_SAID = frozenset({"paragraph_no", "char_start", "char_end", "surface", "change_from", "subject"})
"""Fields in which a figure may differ and say the same: where it stands, and what is only named after the others and
the rest of the article (`subject`)."""
_SAME_FIGURE = 0.5
"""Likeness from which two figures of one kind and unit count as one that changed (see `_Placed.likeness`)."""

_MOST_IN_ORDER = 4_000_000
"""Pairs of paragraphs up to which equal ones are put in one order, which takes the square of their number."""
_MOST_COMPARED = 10_000
"""Pairs of edited paragraphs, or of figures, compared: all pairs of 100 by 100, some tenths of a second."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article as it was coded."""

    paragraphs: tuple[Paragraph, ...]
    figures: tuple[Figure, ...]
    themes: tuple[ThemeMention, ...]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that says something else than before; `fields` names what differs, such as "value" or "period"."""

    old: Figure
    new: Figure
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FramingChange:
    """A theme that is still coded in its paragraph, but framed otherwise."""

    old: ThemeMention
    new: ThemeMention


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two versions of an article; a finding that only moved with its paragraph does not."""

    figures_added: tuple[Figure, ...]
    figures_removed: tuple[Figure, ...]
    figures_changed: tuple[FigureChange, ...]
    themes_added: tuple[ThemeMention, ...]
    themes_removed: tuple[ThemeMention, ...]
    framings_changed: tuple[FramingChange, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(
            (
                self.figures_added,
                self.figures_removed,
                self.figures_changed,
                self.themes_added,
                self.themes_removed,
                self.framings_changed,
            )
        )


def what_changed(old: Version, new: Version) -> Changes:
    """Compare two versions of one article.

    Paragraphs are paired first: equal ones in order, then edited ones by their common words. Figures are then paired
    inside paired paragraphs, and what is left over between any two, so that a sentence moved elsewhere is no change:
    same kind and unit, and alike in measure, words around and value. Themes are paired by paragraph and theme.
    """
    pairs = _pair_paragraphs(old.paragraphs, new.paragraphs)
    figure_pairs, removed, added = _pair_figures(old, new, pairs)
    changed = [(before, after, _differing_fields(before, after)) for before, after in figure_pairs]
    theme_pairs, themes_removed, themes_added = _pair_themes(old.themes, new.themes, pairs)
    return Changes(
        figures_added=tuple(added),
        figures_removed=tuple(removed),
        figures_changed=tuple(FigureChange(*change) for change in changed if change[2]),
        themes_added=tuple(themes_added),
        themes_removed=tuple(themes_removed),
        framings_changed=tuple(
            FramingChange(before, after) for before, after in theme_pairs if before.framing != after.framing
        ),
    )


def describe(changes: Changes) -> tuple[str, ...]:
    """One short sentence a change, for the version's record and for people, figures first."""
    lines = [
        f"figure in paragraph {change.new.paragraph_no}: '{change.old.surface}' became '{change.new.surface}'"
        f" ({', '.join(change.fields)})"
        for change in changes.figures_changed
    ]
    lines += [f"figure added in paragraph {f.paragraph_no}: '{f.surface}'" for f in changes.figures_added]
    lines += [f"figure removed from paragraph {f.paragraph_no}: '{f.surface}'" for f in changes.figures_removed]
    lines += [f"theme added in paragraph {t.paragraph_no}: {t.theme_id} ({t.framing})" for t in changes.themes_added]
    lines += [f"theme removed from paragraph {t.paragraph_no}: {t.theme_id}" for t in changes.themes_removed]
    lines += [
        f"theme {change.new.theme_id} in paragraph {change.new.paragraph_no}: framed as {change.old.framing},"
        f" now as {change.new.framing}"
        for change in changes.framings_changed
    ]
    return tuple(lines)


def _pair_paragraphs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> dict[int, int]:
    """From the old paragraph's number to the new one's."""
    old_texts = [_plain(paragraph.text) for paragraph in old]
    new_texts = [_plain(paragraph.text) for paragraph in new]
    pairs = _equal_pairs(old_texts, new_texts)
    left = [i for i in range(len(old)) if i not in pairs]
    taken = set(pairs.values())
    free = [j for j in range(len(new)) if j not in taken]
    old_bags, new_bags = {i: _bag(old_texts[i]) for i in left}, {j: _bag(new_texts[j]) for j in free}
    pairs.update(_best_pairs(left, free, lambda i, j: _common(old_bags[i], new_bags[j]), _SAME_PARAGRAPH))
    return {old[i].paragraph_no: new[j].paragraph_no for i, j in pairs.items()}


def _equal_pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Equal paragraphs in one order; of more than any article has, the first with the first and so on."""
    pairs: dict[int, int] = {}
    if len(old) * len(new) <= _MOST_IN_ORDER:
        for i, j, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            pairs.update(zip(range(i, i + size), range(j, j + size), strict=True))
        return pairs
    places: dict[str, deque[int]] = {}
    for j, text in enumerate(new):
        places.setdefault(text, deque()).append(j)
    for i, text in enumerate(old):
        if places.get(text):
            pairs[i] = places[text].popleft()
    return pairs


def _pair_figures(
    old: Version, new: Version, pairs: dict[int, int]
) -> tuple[list[tuple[Figure, Figure]], list[Figure], list[Figure]]:
    old_texts = {paragraph.paragraph_no: paragraph.text for paragraph in old.paragraphs}
    new_texts = {paragraph.paragraph_no: paragraph.text for paragraph in new.paragraphs}
    before = [_Placed.of(figure, old_texts, pairs) for figure in old.figures]
    after = [_Placed.of(figure, new_texts, None) for figure in new.figures]
    found: dict[int, int] = {}
    waiting: dict[_Placed, deque[int]] = {}
    for j, placed in enumerate(after):
        waiting.setdefault(placed, deque()).append(j)
    for i, placed in enumerate(before):
        if waiting.get(placed):
            found[i] = waiting[placed].popleft()
    kept = set(found.values())
    left = [i for i in range(len(before)) if i not in found]
    free = [j for j in range(len(after)) if j not in kept]
    found.update(_best_pairs(left, free, lambda i, j: before[i].likeness(after[j]), _SAME_FIGURE))
    kept = set(found.values())
    return (
        [(old.figures[i], new.figures[j]) for i, j in sorted(found.items())],
        [figure for i, figure in enumerate(old.figures) if i not in found],
        [figure for j, figure in enumerate(new.figures) if j not in kept],
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A figure with its place in the new version (None where its paragraph has gone) and the words around it."""

    paragraph_no: int | None
    kind: str
    unit: str | None
    value: float
    measure: str
    around: str

    @classmethod
    def of(cls, figure: Figure, texts: Mapping[int, str], pairs: dict[int, int] | None) -> "_Placed":
        text = texts[figure.paragraph_no]
        around = (
            text[max(0, figure.char_start - _CONTEXT) : figure.char_start]
            + " "
            + text[figure.char_end : figure.char_end + _CONTEXT]
        )
        place = figure.paragraph_no if pairs is None else pairs.get(figure.paragraph_no)
        measure = _plain(figure.measure or "")
        return cls(place, figure.kind, figure.unit, figure.value, measure, _plain(around))

    def likeness(self, other: "_Placed") -> float:
        """0..1. Where a figure stands counts as much as what it says: an edited value keeps its sentence, a moved
        sentence its value; a like figure in another paragraph with other words around it is another figure."""
        if (self.kind, self.unit) != (other.kind, other.unit):
            return 0.0
        together = self.paragraph_no == other.paragraph_no
        around = _common(_bag(self.around), _bag(other.around))
        measure = _common(_bag(self.measure), _bag(other.measure))
        return 0.3 * together + 0.35 * around + 0.25 * (self.value == other.value) + 0.1 * measure


def _differing_fields(before: Figure, after: Figure) -> tuple[str, ...]:
    """Names of the fields that say something else, in the order of `Figure`."""
    compared = (field.name for field in fields(Figure) if field.name not in _NOT_SAID)
    return tuple(name for name in compared if _said(before, name) != _said(after, name))


def _said(figure: Figure, field: str) -> object:
    value = getattr(figure, field)
    if field == "period" and value is not None:
        return (value.start, value.end)
    return fold(value).casefold() if isinstance(value, str) else value


def _pair_themes(
    old: Sequence[ThemeMention], new: Sequence[ThemeMention], pairs: dict[int, int]
) -> tuple[list[tuple[ThemeMention, ThemeMention]], list[ThemeMention], list[ThemeMention]]:
    before = {(pairs.get(mention.paragraph_no), mention.theme_id): mention for mention in old}
    after = {(mention.paragraph_no, mention.theme_id): mention for mention in new}
    both = [(before[key], mention) for key, mention in after.items() if key in before]
    kept = {id(mention) for mention, _ in both}
    removed = [mention for mention in old if id(mention) not in kept]
    return both, removed, [mention for key, mention in after.items() if key not in before]


def _best_pairs(
    left: Sequence[int], right: Sequence[int], likeness: Callable[[int, int], float], least: float
) -> dict[int, int]:
    """Pairs from the likest down, each side used once; of equally like ones those nearest in order.

    Of more than any article has, only those are compared that stand about as far down on both sides.
    """
    reach = _MOST_COMPARED // (2 * len(left) or 1)
    scored: list[tuple[float, int, int, int]] = []
    for rank, i in enumerate(left):
        middle = rank * len(right) // len(left)
        near = right[max(0, middle - reach) : middle + reach + 1]
        scored += [(likeness(i, j), -abs(i - j), -i, -j) for j in near]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for score, _, i, j in sorted(scored, reverse=True):
        if score < least:
            break
        if -i not in pairs and -j not in used:
            pairs[-i] = -j
            used.add(-j)
    return pairs


_CONTEXT = 80  # characters on either side: about a clause, enough to tell two figures of one paragraph apart


def _plain(text: str) -> str:
    return " ".join(fold(text).casefold().split())


def _bag(plain: str) -> Counter[str]:
    return Counter(plain.split())


def _common(one: Counter[str], other: Counter[str]) -> float:
    """Share of words in common, 0..1 (Dice); two empty texts have all in common."""
    words = one.total() + other.total()
    return 2 * (one & other).total() / words if words else 1.0
