"""What can be measured in an article about the two sides of the relationship: counts, nearness, spread, genre."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import accumulate

from extractors.article.model import Article
from extractors.relevance.lexicon import GENRE_PREFIX, Genre, Hit, Lexicon, Wording, words_of
from extractors.text import sentences

_NEAR_WORDS = 30
"""Two mentions within so many words are said to meet: about a long sentence, so a meeting survives a full stop."""
_LIST_WORDS = 6
_SENTENCE_END = re.compile(r"[.?!:…][\"'”’)\]]*$")
_SLICE_WORDS = 50
_MAX_SLICES = 10
_LEAD_WORDS = 60
_EVIDENCE = 3
_WORDING_WORDS = 400
"""Words that are enough to hear how a text is worded; a long one must not be more certain for its length alone."""
_NAMED = 0.7
_LEAST_MENTIONS = 2
_PATIENTS_PAY = GENRE_PREFIX + "insurance"
"""Where the patient pays, nobody of the public side deals with anybody."""
_SHORT_TEXT = 140
"""Words. In a shorter text one mention is not made to look like many; a longer one needs more genre phrases for the
same certainty, by the square root, since some turn up in any prose."""
_ENOUGH_TEXT = 350
"""Words. What a text of this length must say of a side to be about it is enough in a longer one too: long commentary
names its companies by their own names, or as "they", after it has introduced them."""
_PUBLIC_ITSELF = 0.4
_HEALTH_ITSELF = 1.0
"""What is said of the NHS and its bodies, or of health, a hundred words, from which
ministers and councils are those of health."""
_LEAST_GENRE_PHRASES = 2
_ALONE = 0.3
"""A single phrase of a genre turns up in any prose: it counts for so much only."""


@dataclass(frozen=True, slots=True)
class GenreSignal:
    """How far a text reads as another genre: 1 is certain. `evidence` are phrases found, at most three."""

    genre: Genre
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signals:
    """The measured signals of one article.

    `density` is a concept's summed weight a hundred words; `lead` the concepts named in the title or first sixty
    words; `meetings` counts, a hundred words, the mentions of the independent side with the public side near, and
    the more so with a word of their relationship near; `slices_with_both` of the text's `slices` (of about fifty
    words, however it is paragraphed) name both sides, `slices_with_independent` the independent one;
    `foreign` and `elsewhere` are the share of another country's and another public service's words among both kinds;
    `fragments` is the share of paragraphs that don't end as a sentence does: labels, list items, fields of a form;
    `dealings` counts, a hundred words, the sentences in which somebody of one side deals with somebody of the other;
    `evidence` are the phrases of each concept that weighed most, at most three; `genres` are those with any evidence,
    strongest first; `wording` is above 0 where a text is worded as commentary is, below where as other pages are.
    """

    words: int
    density: Mapping[str, float]
    lead: Mapping[str, float]
    meetings: float
    dealings: float
    slices: int
    slices_with_both: int
    slices_with_independent: int
    foreign: float
    elsewhere: float
    fragments: float
    evidence: Mapping[str, tuple[str, ...]]
    genres: tuple[GenreSignal, ...]
    wording: float


def measure(article: Article, lexicon: Lexicon) -> Signals:
    """Measure all signals of an article; one pass over its words."""
    title = words_of(article.title.value) if article.title else []
    said = [title, *_sentences(article)]
    words = [word for sentence in said for word in sentence]
    by_group: dict[str, list[Hit]] = defaultdict(list)
    for hit in lexicon.finder.find(words):
        if hit.weight:
            by_group[hit.group].append(hit)
    per_hundred = 100 / min(max(_SHORT_TEXT, len(words)), _ENOUGH_TEXT)
    _add_operators(by_group, words)
    _add_social_care(by_group, per_hundred)
    _add_state(by_group, per_hundred)
    sums = {name: sum(hit.weight for hit in by_group[name]) for name in lexicon.labels}
    lead_end = len(title) + _LEAD_WORDS
    slices = min(_MAX_SLICES, max(1, round(len(words) / _SLICE_WORDS)))
    named_in_title = sum(hit.weight for hit in by_group["foreign"] if hit.start < len(title))
    independent = _slices_of(by_group["independent"], len(words), slices)
    shares = shares_of_words(words)
    return Signals(
        words=len(words),
        density={name: total * per_hundred for name, total in sums.items()},
        lead={name: sum(hit.weight for hit in by_group[name] if hit.start < lead_end) for name in lexicon.labels},
        meetings=_meetings(by_group) * per_hundred,
        dealings=_dealings(by_group, [len(sentence) for sentence in said]) * per_hundred,
        slices=slices,
        slices_with_independent=len(independent),
        slices_with_both=len(independent & _slices_of(by_group["public"], len(words), slices)),
        foreign=_share(_abroad(by_group["foreign"], words) + named_in_title, _apart(by_group["uk"]), stray=1.2),
        elsewhere=_share(_of_another_service(by_group, words), sums["health"], stray=0.5),
        fragments=_fragments(article),
        evidence={name: _evidence(by_group[name], words) for name in lexicon.labels}
        | {"wording": _at_home(shares, lexicon.wording)},
        genres=_genres(by_group, words, lexicon.genres),
        wording=lexicon.wording.bias
        + sum(lexicon.wording.words.get(word, 0.0) * share for word, share in shares.items()),
    )


def shares_of_words(words: Sequence[str]) -> dict[str, float]:
    """The different words of a text's beginning, in lower case, with the roots of their shares in it.

    So a text says no more for its length, and a word not much more for being repeated.
    """
    beginning = words[:_WORDING_WORDS]
    return {word: (count / len(beginning)) ** 0.5 for word, count in Counter(map(str.lower, beginning)).items()}


def _at_home(shares: Mapping[str, float], wording: Wording) -> tuple[str, ...]:
    weights = {word: wording.words[word] for word in shares if word in wording.words}
    return tuple(nlargest(_EVIDENCE, weights, key=lambda word: weights[word]))


def _fragments(article: Article) -> float:
    texts = [paragraph.text.strip() for paragraph in article.paragraphs]
    return sum(not _SENTENCE_END.search(text) for text in texts) / max(1, len(texts))


def _add_social_care(by_group: dict[str, list[Hit]], per_hundred: float) -> None:
    """Count social care half as another service where the NHS and its bodies are hardly named.

    There councils and homes deal with each other, and the NHS with nobody; but what becomes of a chain of homes is
    told in the same words.
    """
    if sum(hit.weight for hit in by_group["public"]) * per_hundred < _PUBLIC_ITSELF:
        social = [replace(hit, weight=hit.weight / 2) for hit in by_group.get("social_care", ())]
        by_group["elsewhere"] = sorted([*by_group["elsewhere"], *social], key=lambda hit: hit.start)


def _add_state(by_group: dict[str, list[Hit]], per_hundred: float) -> None:
    """Count what names the state in general as the public side, in a text that is about the NHS or about health.

    Social care alone is no health.
    """
    social = {place for hit in by_group.get("social_care", ()) for place in range(hit.start, hit.end)}
    public = sum(hit.weight for hit in by_group["public"]) * per_hundred
    health = sum(hit.weight for hit in by_group["health"] if hit.start not in social) * per_hundred
    if public >= _PUBLIC_ITSELF or health >= _HEALTH_ITSELF:
        by_group["public"] = sorted([*by_group["public"], *by_group["state"]], key=lambda hit: hit.start)


def _add_operators(by_group: dict[str, list[Hit]], words: Sequence[str]) -> None:
    """Count the mentions of a name that the text introduces as one that runs, supplies or is paid for something.

    Commentary names a company once as what it is and from then on by its name, which no lexicon knows.
    """
    known = {place for hits in by_group.values() for hit in hits for place in range(hit.start, hit.end)}
    frames = {hit.end for hit in by_group.pop("names_operator_after", ())}
    frames |= {hit.start - 1 for hit in by_group.pop("names_operator_before", ())}
    names = {words[at] for at in frames if 0 <= at < len(words) and at not in known and _is_name(words[at])}
    found = [Hit(at, at + 1, "independent", _NAMED) for at, word in enumerate(words) if word in names]
    if len(found) >= _LEAST_MENTIONS:
        by_group["independent"] = sorted([*by_group["independent"], *found], key=lambda hit: hit.start)


def _is_name(word: str) -> bool:
    return len(word) > 2 and word[0].isupper() and word[1:].islower()


def _sentences(article: Article) -> list[list[str]]:
    """The words of each sentence."""
    return [
        words_of(paragraph.text[span.start : span.end])
        for paragraph in article.paragraphs
        for span in sentences(paragraph.text)
    ]


def _dealings(by_group: Mapping[str, Sequence[Hit]], lengths: Sequence[int]) -> float:
    """How many sentences name both sides and a dealing, each by the weaker of the two sides."""
    ends = list(accumulate(lengths))
    found: dict[str, dict[int, float]] = {group: defaultdict(float) for group in ("public", "independent", "dealing")}
    for group, by_sentence in found.items():
        for hit in by_group.get(group, ()):
            by_sentence[bisect_right(ends, hit.start)] += hit.weight
    public, independent = found["public"], found["independent"]
    paid_by_patients = {bisect_right(ends, hit.start) for hit in by_group.get(_PATIENTS_PAY, ())}
    return sum(
        min(1.0, public[number], independent[number]) for number in found["dealing"] if number not in paid_by_patients
    )


def _meetings(by_group: Mapping[str, Sequence[Hit]]) -> float:
    public = [hit.start for hit in by_group.get("public", ())]
    relation = [hit.start for hit in by_group.get("relation", ())]
    total = 0.0
    for hit in by_group.get("independent", ()):
        if _is_near(hit.start, public):
            total += hit.weight * (1.0 if _is_near(hit.start, relation) else 0.5)
    return total


def _is_near(place: int, places: Sequence[int]) -> bool:
    following = bisect_left(places, place - _NEAR_WORDS)
    return following < len(places) and places[following] <= place + _NEAR_WORDS


def _slices_of(hits: Sequence[Hit], words: int, slices: int) -> set[int]:
    return {min(slices - 1, hit.start * slices // words) for hit in hits}


def _apart(hits: Sequence[Hit]) -> float:
    """The summed weight of hits that stand apart: of a list of places only the weightiest counts."""
    heaviest: list[float] = []
    last = -_LIST_WORDS
    for hit in hits:
        if hit.start - last >= _LIST_WORDS:
            heaviest.append(hit.weight)
        else:
            heaviest[-1] = max(heaviest[-1], hit.weight)
        last = hit.end
    return sum(heaviest)


def _abroad(hits: Sequence[Hit], words: Sequence[str]) -> float:
    """How much is said of another country; one word alone counts for little: where a firm is, a union's congress."""
    return _apart(hits) if len(_evidence(hits, words)) > 1 else _apart(hits) / 2


def _of_another_service(by_group: Mapping[str, Sequence[Hit]], words: Sequence[str]) -> float:
    """How much is said of another service, or half of it where a text that names health, too, has one word of it alone.

    An example, a person's job, a verb.
    """
    hits = by_group["elsewhere"]
    total = sum(hit.weight for hit in hits)
    stray = len(_evidence(hits, words)) <= 1 and any(hit.weight >= 1 for hit in by_group["health"])
    return total / 2 if stray else total


def _share(one: float, other: float, *, stray: float) -> float:
    # One stray word must not decide: the share is drawn towards 0 until there is some evidence.
    return one / (one + other + stray)


def _evidence(hits: Sequence[Hit], words: Sequence[str]) -> tuple[str, ...]:
    weights: dict[str, float] = defaultdict(float)
    for hit in hits:
        weights[" ".join(words[hit.start : hit.end])] += hit.weight
    return tuple(nlargest(_EVIDENCE, weights, key=lambda phrase: weights[phrase]))


def _genres(
    by_group: Mapping[str, Sequence[Hit]], words: Sequence[str], genres: Sequence[Genre]
) -> tuple[GenreSignal, ...]:
    dilution = max(1.0, len(words) / _SHORT_TEXT) ** 0.5
    found = []
    for genre in genres:
        different: dict[str, float] = {}
        for hit in by_group.get(GENRE_PREFIX + genre.name, ()):
            different.setdefault(" ".join(words[hit.start : hit.end]).lower(), hit.weight)
        if different:
            score = sum(different.values()) / genre.enough / dilution
            if sum(weight >= 1 for weight in different.values()) < _LEAST_GENRE_PHRASES:
                score *= _ALONE
            evidence = nlargest(_EVIDENCE, different, key=lambda phrase: different[phrase])
            found.append(GenreSignal(genre, score, tuple(evidence)))
    return tuple(sorted(found, key=lambda signal: -signal.score))
