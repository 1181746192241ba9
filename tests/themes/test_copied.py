"""No cue names a phrase of one text: what fires in one gold article or restated piece alone must not be plain words.

Of the articles and pieces kept aside no cue can have been written; an idiom that stands in one is there by chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from extractors.themes import read_codebook
from extractors.themes.codebook import Codebook
from extractors.themes.vocabulary import split_words
from tests.themes.coded import Coded, corpus, gold, own_cases, restated

_PLAIN_WORDS = 3
_BLOCK = 200
# Idioms that were cues before the restated pieces of a writer were there, and stand in one of them by chance.
_OLDER_THAN_A = (
    "would be wise",
    "picked up the phone",
    "pick up the phone",
    "more than ever",
    "we don't know",
    "not for profit",
    "care for the whole",
    "invitation to tender",
    "take ..2 on =trust",
)
_OLDER_THAN_B = (
    "like with like",
    "step in rights",
    "lose money on",
    "who can't pay",
    "ten years on",
    "principles of the NHS",
    "bit by bit",
    "in plain sight",
    "something to hide",
    "non executive directors",
    "economies of scale",
    "economy of scale",
)
_OLDER = frozenset((*_OLDER_THAN_A, *_OLDER_THAN_B))


def plain_phrases(book: Codebook) -> dict[int, str]:
    """The patterns of three and more words without alternatives or classes, by number."""
    patterns = (
        pattern for cue in book.cues for group in (cue.patterns, cue.unless, cue.unless_paragraph) for pattern in group
    )
    elements = ((number, it, [e for part in it.parts for e in part]) for number, it in enumerate(patterns))
    return {
        number: pattern.source
        for number, pattern, parts in elements
        if len(parts) >= _PLAIN_WORDS and all(len(e.atoms) == 1 and e.atoms[0][0] not in "@#" for e in parts)
    }


def patterns_in(book: Codebook, paragraphs: Iterable[Coded]) -> Iterator[tuple[Coded, set[int]]]:
    """Each paragraph with the numbers of the patterns that stand in it; many are matched at once."""
    rest = iter(paragraphs)
    while block := list(islice(rest, _BLOCK)):
        text = book.vocabulary.encode([split_words(one.paragraph.text) for one in block])
        places = book.matcher.match(text)
        found: list[set[int]] = [set() for _ in block]
        for paragraph, number in zip(text.paragraph[places.starts].tolist(), places.numbers.tolist(), strict=True):
            found[paragraph].add(number)
        yield from zip(block, found, strict=True)


def test_no_phrase_stands_in_one_article_and_nowhere_else() -> None:
    book = read_codebook()
    phrases = plain_phrases(book)
    articles: dict[int, set[str]] = defaultdict(set)
    elsewhere: set[int] = set()
    for one, numbers in patterns_in(book, chain((one for one in gold() if one.source != "dev aside"), restated())):
        for number in numbers:
            articles[number].add(one.article)
    alone = {number for number, found in articles.items() if number in phrases and len(found) == 1}
    for _, numbers in patterns_in(book, chain(corpus(), own_cases())):
        if alone <= elsewhere:
            break
        elsewhere |= numbers
    assert {phrases[number] for number in alone - elsewhere} - _OLDER == set()
