"""The codebook as data: themes, their cues, concept classes and framing cues, compiled for coding."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extractors.lexicon import LexiconError, expect_keys, load_toml
from extractors.themes.cues import Classes, Cue, Pattern, check_references, read_classes, read_cues
from extractors.themes.matcher import FIELD, Firing, Matcher, Use
from extractors.themes.model import FRAMINGS, Theme
from extractors.themes.vocabulary import Vocabulary
from extractors.themes.words import NO_WORDS, WordWeights, read_word_weights

_HERE = Path(__file__).parent
_PATTERNS = ("patterns", "unless", "unless_paragraph")
_THEME_KEYS: dict[str, type] = dict.fromkeys(("theme_id", "label", "family", "definition", "not_when"), str)
_TOP_KEYS: dict[str, type] = {
    **dict.fromkeys(("coding", "class", "prior"), dict),
    **dict.fromkeys(("theme", "cue"), list),
    "for_theme": str,
}


@dataclass(frozen=True, slots=True)
class Coding:
    """The numbers of the scoring, from `[coding]` of codebook.toml, where each has its reason."""

    threshold: float
    long_threshold: float
    long: float
    heading_threshold: float
    repeat_bonus: float
    near_miss: float
    alone: float
    relative: float
    stranger: float
    article: float
    negation_reach: float
    negated: float
    far_sentence: float
    opening: float
    words: float
    framing_words: float
    unjudged: float


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything that coding needs. `version` is a short hash over all of it: another version may code otherwise."""

    version: str
    themes: tuple[Theme, ...]
    coding: Coding
    cues: tuple[Cue, ...]
    cue_ranks: tuple[int, ...]
    """The place of each cue among all, strongest first."""
    framing_cues: frozenset[int]
    uses: tuple[Use, ...]
    matcher: Matcher
    firing: Firing
    words: WordWeights
    vocabulary: Vocabulary
    classes: Classes
    priors: Mapping[str, Mapping[str, float]]


def load_codebook(path: Path | None = None, overrides: Sequence[Path] = ()) -> Codebook:
    """The codebook of `path` (a folder like this package's, the default), changed by the override files in order.

    The folder's words.tsv (extractors.themes.words) may be missing: then only cues count.

    An override is a TOML file, or a folder of them, of the same form as codebook.toml, classes.toml, framing.toml and
    cues/*.toml: a theme or cue of a known name replaces the old one, a new one is added, a class of a known name gets
    the further members. A cue with `weight = 0` is switched off.

    Raises:
        LexiconError: a file cannot be used; the message names file, theme and entry.
    """
    return _load(path or _HERE, tuple(overrides))


@cache
def _default(folder: Path) -> Codebook:
    return _assemble(_book_files(folder), folder / "words.tsv")


def _load(folder: Path, overrides: tuple[Path, ...]) -> Codebook:
    if not overrides and folder == _HERE:
        return _default(folder)
    files = [*_book_files(folder), *(file for path in overrides for file in _toml_files(path))]
    return _assemble(files, folder / "words.tsv")


def _book_files(folder: Path) -> list[Path]:
    return [folder / "codebook.toml", folder / "classes.toml", folder / "framing.toml", *_toml_files(folder / "cues")]


def _toml_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob("*.toml"))
    return [path]


class _Draft:
    """What has been read so far; later files override earlier ones."""

    def __init__(self) -> None:
        self.themes: dict[str, Theme] = {}
        self.coding: dict[str, float] = {}
        self.classes: dict[str, tuple[Pattern, ...]] = {}
        self.cues: dict[tuple[str, str], Cue] = {}
        self.priors: dict[str, dict[str, float]] = {}
        self.files: dict[tuple[str, str], Path] = {}

    def read(self, file: Path) -> None:
        table = load_toml(file)
        expect_keys(file, "", table, required={}, optional=_TOP_KEYS)
        for name, value in table.get("coding", {}).items():
            self._set_number(file, name, value)
        for name, members in read_classes(file, table.get("class", {})).items():
            self.classes[name] = (*self.classes.get(name, ()), *members)
            self.files["class", name] = file
        for entry in table.get("theme", []):
            expect_keys(file, f"theme {entry.get('theme_id', '?')!r}", entry, required=_THEME_KEYS, optional={})
            self.themes[entry["theme_id"]] = Theme(**entry)
        for name, prior in table.get("prior", {}).items():
            self._set_prior(file, name, prior)
        target = table.get("for_theme", "")
        for cue in read_cues(file, table, target).values():
            self._add_cue(file, cue, is_framing=not target)

    def _set_number(self, file: Path, name: str, value: object) -> None:
        if name not in Coding.__slots__ or not isinstance(value, int | float):
            known = ", ".join(Coding.__slots__)
            raise LexiconError(file, "coding", f"'{name}' is not a number that coding knows; known are {known}")
        self.coding[name] = float(value)

    def _set_prior(self, file: Path, name: str, prior: object) -> None:
        numbers = dict.fromkeys(map(str, FRAMINGS), float)
        if not isinstance(prior, dict):
            raise LexiconError(file, f"prior {name}", "is not a table of numbers by framing")
        expect_keys(file, f"prior {name}", prior, required={}, optional=numbers)
        self.priors[name] = {framing: float(weight) for framing, weight in prior.items()}
        self.files["prior", name] = file

    def _add_cue(self, file: Path, cue: Cue, *, is_framing: bool) -> None:
        if is_framing and cue.target not in FRAMINGS:
            problem = f"frames '{cue.target}', expected one of {', '.join(FRAMINGS)}; or name 'for_theme' in the file"
            raise LexiconError(file, f"framing, cue {cue.name!r}", problem)
        self.cues[cue.target, cue.name] = cue
        self.files[cue.target, cue.name] = file


def _assemble(files: Iterable[Path], words: Path) -> Codebook:
    draft = _Draft()
    for file in files:
        draft.read(file)
    _check(draft)
    cues = tuple(cue for cue in draft.cues.values() if cue.weight or cue.frames)
    patterns, uses = _pattern_list(cues)
    coding = Coding(**draft.coding)
    matcher = Matcher(patterns, draft.classes)
    weights = read_word_weights(words, (*draft.themes, *FRAMINGS)) if words.exists() else NO_WORDS
    return Codebook(
        version=_version(draft, words),
        themes=tuple(draft.themes.values()),
        coding=coding,
        cues=cues,
        cue_ranks=_ranks(cues),
        framing_cues=frozenset(number for number, cue in enumerate(cues) if cue.target in FRAMINGS),
        uses=tuple(uses),
        matcher=matcher,
        firing=Firing(cues, uses, list(draft.themes), coding.repeat_bonus),
        words=weights,
        vocabulary=Vocabulary(matcher, weights),
        classes=draft.classes,
        priors=draft.priors,
    )


def _ranks(cues: Sequence[Cue]) -> tuple[int, ...]:
    order = sorted(range(len(cues)), key=lambda number: -cues[number].weight)
    ranks = {number: rank for rank, number in enumerate(order)}
    return tuple(ranks[number] for number in range(len(cues)))


def _check(draft: _Draft) -> None:
    book = draft.files.get(("class", next(iter(draft.classes), "")), _HERE)
    missing = [name for name in Coding.__slots__ if name not in draft.coding]
    if missing:
        raise LexiconError(book.with_name("codebook.toml"), "coding", f"lacks {', '.join(missing)}")
    for name, patterns in draft.classes.items():
        check_references(draft.files["class", name], f"class {name}", patterns, draft.classes)
        _check_circle(draft, name, (name,))
    for name in draft.priors:
        if name not in ("heading", "prose", *draft.themes):
            raise LexiconError(draft.files["prior", name], f"prior {name}", "there is no theme of this name")
    for key, cue in draft.cues.items():
        entry = f"{cue.target}, cue {cue.name!r}"
        if cue.target not in (*draft.themes, *FRAMINGS, FIELD):
            raise LexiconError(draft.files[key], entry, f"there is no theme '{cue.target}' in the codebook")
        check_references(draft.files[key], entry, cue.patterns + cue.unless + cue.unless_paragraph, draft.classes)


def _check_circle(draft: _Draft, name: str, path: tuple[str, ...]) -> None:
    for pattern in draft.classes[name]:
        atom = pattern.parts[0][0].atoms[0]
        if atom[0] != "@":
            continue
        if atom[1:] in path:
            circle = " > ".join((*path, atom[1:]))
            raise LexiconError(draft.files["class", name], f"class {path[0]}", f"includes itself: {circle}")
        _check_circle(draft, atom[1:], (*path, atom[1:]))


def _pattern_list(cues: Sequence[Cue]) -> tuple[list[Pattern], list[Use]]:
    patterns: list[Pattern] = []
    uses: list[Use] = []
    for number, cue in enumerate(cues):
        for role, group in (("for", cue.patterns), ("sentence", cue.unless), ("paragraph", cue.unless_paragraph)):
            patterns += group
            uses += [Use(number, role)] * len(group)
    return patterns, uses


def _spelled_out(cue: Cue) -> list[Any]:
    """All that a cue says, its patterns as written: `dataclasses.asdict` would take a second for all of them."""
    plain = [getattr(cue, name) for name in Cue.__slots__ if name not in _PATTERNS]
    return plain + [[pattern.source for pattern in getattr(cue, name)] for name in _PATTERNS]


def _version(draft: _Draft, words: Path) -> str:
    content: Mapping[str, Any] = {
        "themes": [asdict(theme) for theme in draft.themes.values()],
        "coding": draft.coding,
        "priors": draft.priors,
        "classes": {name: [p.source for p in members] for name, members in draft.classes.items()},
        "cues": [_spelled_out(cue) for cue in draft.cues.values()],
        "names": hashlib.sha256((_HERE / "names.toml").read_bytes()).hexdigest(),
        "words": hashlib.sha256(words.read_bytes()).hexdigest() if words.exists() else "",
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
