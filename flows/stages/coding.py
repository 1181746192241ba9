"""Reading, judging and coding: from kept bytes to an article with its themes and figures, or why not."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from os import cpu_count
from threading import Thread

from extractors.actors import WhoSaysWhat, find_actors
from extractors.article import Article, Found, UnreadableError, read
from extractors.article.model import Paragraph
from extractors.figures import Figure, find_figures
from extractors.relevance import Judgement, judge
from extractors.themes import Codebook, code_themes
from extractors.themes.model import ThemeMention
from extractors.version import extractor_version
from extractors.web.address import canonical
from flows.stages.identity import believed_link
from flows.stages.material import NotSimilar, PutAside
from warehouse.identity import article_id, content_hash
from warehouse.material import Material
from warehouse.records import CodedArticle

Outcome = CodedArticle | NotSimilar | PutAside

# Starting processes takes longer than coding this many articles.
_POOL_FROM = 24


def code(material: Material, data: bytes, codebook: Codebook) -> Outcome:
    """Read one article and find its themes and figures.

    A page that cannot be read, or that is not similar commentary (unless it is trusted), is given back as such.
    """
    try:
        article = read(
            data,
            name=material.name,
            content_type=material.content_type,
            url=material.open_url if material.open_url.startswith("http") else None,
            selector=material.selector,
        )
    except UnreadableError as error:
        return PutAside(material.url, "read", error.reason, f"{material.name}: {error}")
    article = _with_manifest(article, material)
    themes = code_themes(article.paragraphs, codebook)
    judgement = judge(article, themes=themes)
    if not judgement.similar and not material.trusted:
        return NotSimilar(material.url, material.raw_hash, material.source_id, judgement.relevance, judgement.reasons)
    figures = find_figures(body(article), article.published)
    said = who_says_what(article, figures)
    coded = _coded(material, article, judgement, codebook, figures=figures, themes=themes)
    return replace(coded, said=said)


def who_says_what(article: Article, figures: tuple[Figure, ...]) -> WhoSaysWhat:
    """The actors, quotations and citations of an article as it was read, with what its metadata state."""
    return find_actors(
        article.paragraphs,
        figures,
        published=article.published.on if article.published else None,
        publisher=article.publisher.value if article.publisher else None,
        authors=article.authors,
    )


def body(article: Article) -> tuple[Paragraph, ...]:
    """The paragraphs that are searched for figures: all but the title (docs/figures-guide.md)."""
    title = article.title.value if article.title else None
    return tuple(p for p in article.paragraphs if p.kind != "heading" or p.text != title)


class Coders:
    """Codes many articles, in parallel processes where that pays; they are started when first needed, and stay."""

    def __init__(self, codebook: Codebook, processes: int = 0) -> None:
        """`processes` says how many; 0 is one a core."""
        self._codebook = codebook
        self._processes = processes or cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def code_all(self, materials: Sequence[Material], fetch: Callable[[str], bytes]) -> Iterator[Outcome]:
        """Code articles in order; `fetch` gives the bytes of a raw_hash."""
        if self._processes == 1 or len(materials) < _POOL_FROM:
            for material in materials:
                yield code(material, fetch(material.raw_hash), self._codebook)
            return
        if self._pool is None:
            # Spawned, not forked: the parent has threads (Prefect's, DuckDB's), which a fork would leave half-dead.
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._codebook,)
            )
        data = (fetch(material.raw_hash) for material in materials)
        yield from self._pool.map(_code, materials, data, chunksize=8)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


_codebook: Codebook  # of a coding process, set as it begins


def _begin(codebook: Codebook) -> None:
    global _codebook  # noqa: PLW0603 - a process of a pool has no other place for what all its calls share
    _codebook = codebook
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the run is gone: one that is killed hard cannot tell it to."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _code(material: Material, data: bytes) -> Outcome:
    return code(material, data, _codebook)


def _with_manifest(article: Article, material: Material) -> Article:
    """What a manifest states wins over what the text states; a watched site's publisher has one name."""
    named = Found(material.source_name, "source") if material.source_name else article.publisher
    return replace(
        article,
        title=Found(material.title, "manifest") if material.title else article.title,
        publisher=Found(material.publisher, "manifest") if material.publisher else named,
        authors=material.authors or article.authors,
        authors_method="manifest" if material.authors else article.authors_method,
        published=material.published or article.published,
    )


def _coded(
    material: Material,
    article: Article,
    judgement: Judgement,
    codebook: Codebook,
    *,
    figures: tuple[Figure, ...],
    themes: tuple[ThemeMention, ...],
) -> CodedArticle:
    # An article that is known keeps the addresses that it has, whatever its page says of them now.
    link = None if material.article_id else believed_link(material.open_url, article.canonical_url)
    return CodedArticle(
        article_id=material.article_id or article_id(canonical(link) if link else material.url),
        source_id=material.source_id,
        url=link or material.open_url,
        addresses=_addresses(material, link),
        article=article,
        raw_hash=material.raw_hash,
        content_hash=content_hash(article),
        content_type=material.content_type,
        relevance=judgement.relevance,
        relevance_reasons=judgement.reasons,
        duplicate_of=None,
        figures=figures,
        themes=themes,
        fetched_at=material.fetched_at,
        extractor_version=extractor_version(),
        codebook_version=codebook.version,
    )


def _addresses(material: Material, canonical_link: str | None) -> tuple[str, ...]:
    """All addresses, each also in the form by which a page is recognised."""
    stated = [material.url, material.open_url, *material.addresses, *([canonical_link] if canonical_link else [])]
    forms = [form for url in stated for form in ((url, canonical(url)) if url.startswith("http") else (url,))]
    return tuple(dict.fromkeys(forms))
