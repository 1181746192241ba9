"""Coding of paragraphs: cues and words summed and thresholded per theme, each mention framed and given its evidence."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.article.model import Paragraph
from extractors.themes.codebook import Codebook, load_codebook
from extractors.themes.cues import Cue
from extractors.themes.framing import Evaluation, evaluate
from extractors.themes.matcher import Hit
from extractors.themes.model import FRAMINGS, NearMiss, ThemeMention
from extractors.themes.tokens import Words, split_words
from extractors.themes.words import Span, WordEvidence

Fired = dict[int, list[tuple[int, int]]]
# Scores are sums of decimals: one that is written as the threshold itself shall reach it.
_ROUNDING = 1e-9
_FRAMINGS = frozenset(map(str, FRAMINGS))
# Of a mention's words so many are named, those that give at least this share of a plain cue.
_WORDS_NAMED = 4
_WORD_NAMED_FROM = 0.05


@dataclass(frozen=True, slots=True)
class _Theme:
    """A theme's cues in one paragraph, strongest first, and what they and the words sum to."""

    theme_id: str
    score: float
    cues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A paragraph with the cues that fired, what its words say, the themes they add up to, and the score that codes."""

    source: Paragraph
    kind: str
    words: Words
    fired: Fired
    said: WordEvidence
    threshold: float
    themes: Sequence[_Theme]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The themes of a paragraph that are coded, and those that came close, each with what it should have reached."""

    read: _Read
    coded: Sequence[_Theme]
    close: Sequence[tuple[_Theme, float]]


def code_themes(paragraphs: Sequence[Paragraph], codebook: Codebook | None = None) -> tuple[ThemeMention, ...]:
    """The themes of each paragraph, ordered by paragraph and then by falling score. Never raises on any text."""
    book = codebook or load_codebook()
    read = [_read(book, paragraph) for paragraph in paragraphs]
    return tuple(mention for paragraph in _judge(book, read) for mention in _mentions(book, paragraph))


def explain_themes(
    paragraphs: Sequence[Paragraph], codebook: Codebook | None = None
) -> tuple[tuple[ThemeMention, ...], tuple[NearMiss, ...]]:
    """The mentions of `code_themes`, and the themes that came close: above `near_miss` times the threshold."""
    book = codebook or load_codebook()
    judged = _judge(book, [_read(book, paragraph) for paragraph in paragraphs])
    mentions = tuple(mention for paragraph in judged for mention in _mentions(book, paragraph))
    misses = tuple(_near_miss(book, it.read, theme, limit) for it in judged for theme, limit in it.close)
    return mentions, misses


def _judge(book: Codebook, read: Sequence[_Read]) -> list[_Judged]:
    alone = _alone(book, read)
    return [_judge_one(book, paragraph, alone) for paragraph in read]


def _judge_one(book: Codebook, paragraph: _Read, alone: Mapping[str, float]) -> _Judged:
    coded: list[_Theme] = []
    close: list[tuple[_Theme, float]] = []
    for theme in paragraph.themes:
        threshold = round(paragraph.threshold + alone.get(theme.theme_id, 0.0), 3)
        if theme.score >= threshold - _ROUNDING:
            coded.append(theme)
        elif theme.score >= threshold * book.coding.near_miss:
            close.append((theme, threshold))
    return _Judged(paragraph, coded, close)


def _read(book: Codebook, paragraph: Paragraph) -> _Read:
    words = split_words(paragraph.text)
    kind = "heading" if paragraph.kind == "heading" else "prose"
    fired = _fire(book, words, book.matcher.match(words), kind)
    said = book.words.read(words)
    return _Read(paragraph, kind, words, fired, said, _threshold(book, words, kind), _score(book, words, fired, said))


def _alone(book: Codebook, read: Sequence[_Read]) -> dict[str, float]:
    """What a theme needs more when only one paragraph of a long enough article reaches its threshold.

    An author who has something to say about a theme mostly comes back to it; a single touch is often in passing.
    """
    if len(read) < book.coding.article:
        return {}
    reached = Counter(t.theme_id for p in read for t in p.themes if t.score >= p.threshold - _ROUNDING)
    return {theme_id: book.coding.alone for theme_id, paragraphs in reached.items() if paragraphs == 1}


def _threshold(book: Codebook, words: Words, kind: str) -> float:
    coding = book.coding
    if kind == "heading":
        return coding.heading_threshold
    share = min(1.0, len(words.words) / coding.long)
    return round(coding.threshold + share * (coding.long_threshold - coding.threshold), 3)


def _fire(book: Codebook, words: Words, hits: Sequence[Hit], kind: str) -> Fired:
    """The spans of each cue that fired, without those that its `unless` cancels."""
    spans: dict[int, set[tuple[int, int]]] = defaultdict(set)
    cancelled: dict[int, set[int]] = {}
    uses, sentence = book.uses, words.sentence
    for number, span in hits:
        cue, role = uses[number]
        if role == "for":
            spans[cue].add(span)
        else:
            cancelled.setdefault(cue, set()).add(-1 if role == "paragraph" else sentence[span[0]])
    fired: Fired = {}
    for cue, found in spans.items():
        if book.cues[cue].where not in ("any", kind):
            continue
        against = cancelled.get(cue)
        kept = found if against is None else _uncancelled(found, against, words)
        if kept:
            fired[cue] = sorted(kept) if len(kept) > 1 else list(kept)
    return fired


def _uncancelled(found: set[tuple[int, int]], against: set[int], words: Words) -> set[tuple[int, int]]:
    if -1 in against:
        return set()
    return {span for span in found if words.sentence[span[0]] not in against}


def _score(book: Codebook, words: Words, fired: Fired, said: WordEvidence) -> list[_Theme]:
    """The themes that something speaks for, by falling score."""
    if not words.words:
        return []
    sums, cues = sum_cues(book, words, fired)
    share, said_of = book.coding.words, said.sums
    themes = []
    for theme in book.themes:
        theme_id = theme.theme_id
        score = sums.get(theme_id, 0.0) + share * said_of.get(theme_id, 0.0)
        if score > 0:
            strongest = tuple(sorted(cues.get(theme_id, ()), key=lambda number: -book.cues[number].weight))
            themes.append(_Theme(theme_id, score, strongest))
    return sorted(themes, key=lambda theme: (-theme.score, theme.theme_id))


def sum_cues(book: Codebook, words: Words, fired: Fired) -> tuple[dict[str, float], dict[str, list[int]]]:
    """The sum of each theme's cues, and the cues."""
    sums: dict[str, float] = defaultdict(float)
    cues: dict[str, list[int]] = defaultdict(list)
    for number, spans in fired.items():
        cue = book.cues[number]
        if cue.target not in _FRAMINGS:
            sums[cue.target] += cue.weight * (1.0 if len(spans) == 1 else _times(book, cue, words, spans))
            cues[cue.target].append(number)
    return sums, cues


def _times(book: Codebook, cue: Cue, words: Words, spans: Sequence[tuple[int, int]]) -> float:
    """How often a cue of several places counts: those up to `distinct`, else once with a bonus for each sentence."""
    if cue.weight < 0:
        return 1.0
    if cue.distinct > 1:
        return min(cue.distinct, len({words.words[start].lower() for start, _ in spans}))
    sentences = len({words.sentence[start] for start, _ in spans})
    return 1 + book.coding.repeat_bonus * min(sentences - 1, 2)


def _mentions(book: Codebook, judged: _Judged) -> list[ThemeMention]:
    if not judged.coded:
        return []
    read = judged.read
    evaluation = evaluate(book, read.words, read.fired, read.kind, read.said)
    return [_mention(book, read, theme, evaluation) for theme in judged.coded]


def _mention(book: Codebook, paragraph: _Read, theme: _Theme, evaluation: Evaluation) -> ThemeMention:
    words = paragraph.words
    first, last = _strongest_span(paragraph, theme)
    start, end = words.starts[first], words.ends[last - 1]
    return ThemeMention(
        paragraph_no=paragraph.source.paragraph_no,
        theme_id=theme.theme_id,
        framing=evaluation.framing(theme.theme_id, theme.cues),
        score=round(theme.score, 3),
        surface=paragraph.source.text[start:end],
        char_start=start,
        char_end=end,
        cues=_names(book, paragraph, theme),
    )


def _strongest_span(paragraph: _Read, theme: _Theme) -> Span:
    """The words that the strongest cue spans; without cues, the strong words of the sentence with most weight."""
    if theme.cues:
        return max(paragraph.fired[theme.cues[0]], key=lambda span: (span[1] - span[0], -span[0]))
    sentence = paragraph.words.sentence
    strong: dict[int, list[Span]] = defaultdict(list)
    weights: dict[int, float] = defaultdict(float)
    for span, weight in paragraph.said.strongest(theme.theme_id, 3 * _WORDS_NAMED):
        strong[sentence[span[0]]].append(span)
        weights[sentence[span[0]]] += weight
    if not strong:
        return 0, len(sentence)
    spans = strong[max(weights, key=lambda number: (weights[number], -number))][:_WORDS_NAMED]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _names(book: Codebook, paragraph: _Read, theme: _Theme) -> tuple[str, ...]:
    """The cues by name, then the words that gave most, as they stand in the text, in quotation marks."""
    words, text = paragraph.words, paragraph.source.text
    least = _WORD_NAMED_FROM if theme.cues else 0.0
    strong = [span for span, weight in paragraph.said.strongest(theme.theme_id, _WORDS_NAMED) if weight >= least]
    quoted = [f"“{text[words.starts[first] : words.ends[last - 1]]}”" for first, last in strong]
    # A word and its beginnings may each be among the strongest: it is named once.
    return (*(book.cues[number].name for number in theme.cues), *dict.fromkeys(quoted))


def _near_miss(book: Codebook, paragraph: _Read, theme: _Theme, threshold: float) -> NearMiss:
    names = _names(book, paragraph, theme)
    return NearMiss(paragraph.source.paragraph_no, theme.theme_id, round(theme.score, 3), threshold, names)
