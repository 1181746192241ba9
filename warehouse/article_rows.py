"""From coded articles to the rows of the tables, and what makes an article unfit to be loaded."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from extractors.figures.model import Figure, flat
from extractors.text.sentences import Span, sentences
from extractors.themes.model import ThemeMention, mention_fields
from warehouse.coded import CodedArticle, figure_id, findings_hash
from warehouse.who_says_what import attributed_ids, said_faults, said_tables

Rows = list[dict[str, object]]

ADDRESS_KIND_ALIAS = "alias"


def faults(coded: CodedArticle) -> tuple[str, ...]:
    """What contradicts the contract of the tables in one article; empty if it can be loaded.

    Checked here, before anything is written, so that one faulty article can be left out of its batch: evidence that
    is not where it says, paragraphs that are not there, keys that come twice, links that lead nowhere.
    """
    texts = {paragraph.paragraph_no: paragraph.text for paragraph in coded.article.paragraphs}
    evidence: list[Figure | ThemeMention] = [*coded.figures, *coded.themes]
    return (
        *_repeated("paragraph", [paragraph.paragraph_no for paragraph in coded.article.paragraphs]),
        *_repeated("figure at", [(figure.paragraph_no, figure.char_start) for figure in coded.figures]),
        *_repeated("theme", [(mention.paragraph_no, mention.theme_id) for mention in coded.themes]),
        *said_faults(coded),
        *(wrong for item in evidence if (wrong := _misplaced(texts, item))),
        *(
            f"figure {figure.surface!r} changed from a figure that is not there"
            for index, figure in enumerate(coded.figures)
            if figure.change_from is not None
            and (figure.change_from == index or not 0 <= figure.change_from < len(coded.figures))
        ),
    )


def _repeated(what: str, keys: Iterable[object]) -> list[str]:
    return [f"{what} {key} comes twice" for key, count in Counter(keys).items() if count > 1]


def _misplaced(texts: dict[int, str], item: Figure | ThemeMention) -> str | None:
    text = texts.get(item.paragraph_no)
    if text is None:
        return f"{item.surface!r} is in paragraph {item.paragraph_no}, which is not there"
    if text[item.char_start : item.char_end] != item.surface or item.char_start < 0:
        return f"{item.surface!r} is not at {item.char_start} to {item.char_end} of paragraph {item.paragraph_no}"
    return None


def article_tables(articles: Sequence[tuple[CodedArticle, int]]) -> dict[str, Rows]:
    """The rows of coded articles with their version numbers, by table."""
    return {
        "articles": [_article_row(coded, version) for coded, version in articles],
        "article_versions": [_version_row(coded, version) for coded, version in articles],
        "paragraphs": [row for coded, _ in articles for row in _paragraph_rows(coded)],
        **_finding_rows([coded for coded, _ in articles]),
        **said_tables([coded for coded, _ in articles]),
    }


def _finding_rows(articles: Sequence[CodedArticle]) -> dict[str, Rows]:
    figures: Rows = []
    mentions: Rows = []
    for coded in articles:
        split = _sentences(coded)
        figures += _figure_rows(coded, split)
        mentions += _mention_rows(coded, split)
    return {"figures": figures, "theme_mentions": mentions}


def _article_row(coded: CodedArticle, version: int) -> dict[str, object]:
    article = coded.article
    published = article.published
    return {
        "article_id": coded.article_id,
        "source_id": coded.source_id,
        "url": coded.url,
        "title": article.title.value if article.title else None,
        "title_method": article.title.method if article.title else None,
        "publisher": article.publisher.value if article.publisher else None,
        "publisher_method": article.publisher.method if article.publisher else None,
        "authors": list(article.authors),
        "authors_method": article.authors_method,
        "published_on": published.on if published else None,
        "published_precision": published.precision if published else None,
        "published_method": published.method if published else None,
        "updated_on": article.updated_on,
        "language": article.language,
        "canonical_url": article.canonical_url,
        "syndicated_from": coded.syndicated_from,
        "word_count": article.word_count,
        **_state_columns(coded, version),
    }


def _state_columns(coded: CodedArticle, version: int) -> dict[str, object]:
    return {
        "relevance": coded.relevance,
        "relevance_reasons": list(coded.relevance_reasons),
        "duplicate_of": coded.duplicate_of,
        "version": version,
        "content_hash": coded.content_hash,
        "findings_hash": findings_hash(coded),
        "raw_hash": coded.raw_hash,
        "content_type": coded.content_type,
        "first_seen_at": coded.fetched_at,
        "fetched_at": coded.fetched_at,
        "extractor_version": coded.extractor_version,
        "codebook_version": coded.codebook_version,
    }


def _version_row(coded: CodedArticle, version: int) -> dict[str, object]:
    return {
        "article_id": coded.article_id,
        "version": version,
        "content_hash": coded.content_hash,
        "seen_at": coded.fetched_at,
        "raw_hash": coded.raw_hash,
        "title": coded.article.title.value if coded.article.title else None,
        "text": coded.article.text,
    }


def _paragraph_rows(coded: CodedArticle) -> Rows:
    return [
        {
            "article_id": coded.article_id,
            "paragraph_no": paragraph.paragraph_no,
            "kind": paragraph.kind,
            "text": paragraph.text,
        }
        for paragraph in coded.article.paragraphs
    ]


def _sentences(coded: CodedArticle) -> dict[int, list[Span]]:
    """The sentences of the paragraphs in which something was found."""
    found_in = {figure.paragraph_no for figure in coded.figures} | {mention.paragraph_no for mention in coded.themes}
    return {
        paragraph.paragraph_no: sentences(paragraph.text)
        for paragraph in coded.article.paragraphs
        if paragraph.paragraph_no in found_in
    }


def _sentence_columns(split: Mapping[int, Sequence[Span]], item: Figure | ThemeMention) -> dict[str, object]:
    """The sentence that a finding stands in; all of them where it runs over several."""
    span = _around(split[item.paragraph_no], item.char_start, item.char_end)
    return {"sentence_start": span.start, "sentence_end": span.end}


def _around(spans: Sequence[Span], char_start: int, char_end: int) -> Span:
    touched = [span for span in spans if span.start < char_end and char_start < span.end]
    return Span(min([char_start, *(span.start for span in touched)]), max([char_end, *(span.end for span in touched)]))


def _mention_rows(coded: CodedArticle, split: Mapping[int, Sequence[Span]]) -> Rows:
    return [
        {
            "article_id": coded.article_id,
            **mention_fields(mention),
            **_sentence_columns(split, mention),
        }
        for mention in coded.themes
    ]


def _figure_rows(coded: CodedArticle, split: Mapping[int, Sequence[Span]]) -> Rows:
    names = [figure_id(coded.article_id, figure.paragraph_no, figure.char_start) for figure in coded.figures]
    return [
        {
            "figure_id": name,
            "article_id": coded.article_id,
            **flat(figure),
            "change_from": names[figure.change_from] if figure.change_from is not None else None,
            "actor_id": actor,
            **_sentence_columns(split, figure),
        }
        for name, figure, actor in zip(names, coded.figures, attributed_ids(coded), strict=True)
    ]
