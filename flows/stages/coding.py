"""Reading, judging and coding: from kept bytes to an article with its themes and figures, or why not."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from os import cpu_count

from extractors.article import Article, Found, UnreadableError, read
from extractors.article.model import Paragraph
from extractors.figures import Figure, find_figures
from extractors.relevance import Judgement, judge
from extractors.themes import Codebook, code_themes
from extractors.themes.model import ThemeMention
from extractors.version import extractor_version
from extractors.web.address import canonical
from flows.stages.identity import believed_link
from flows.stages.material import Material, NotSimilar, PutAside
from warehouse.identity import article_id, content_hash
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
    return _coded(material, article, judgement, codebook, figures=figures, themes=themes)


def body(article: Article) -> tuple[Paragraph, ...]:
    """The paragraphs that are searched for figures: all but the title (docs/figures-guide.md)."""
    title = article.title.value if article.title else None
    return tuple(p for p in article.paragraphs if p.kind != "heading" or p.text != title)


def code_all(
    materials: Sequence[Material],
    fetch: Callable[[str], bytes],
    codebook: Codebook,
    *,
    processes: int = 0,
) -> Iterator[Outcome]:
    """Code many articles in order, in parallel processes where that pays.

    Args:
        materials: what to code.
        fetch: gives the bytes of a raw_hash.
        codebook: the codebook in force.
        processes: how many; 0 is one a core.
    """
    workers = processes or cpu_count() or 1
    if workers == 1 or len(materials) < _POOL_FROM:
        for material in materials:
            yield code(material, fetch(material.raw_hash), codebook)
        return
    # Spawned, not forked: the parent has threads (Prefect's, DuckDB's), which a fork would leave half-dead.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        data = (fetch(material.raw_hash) for material in materials)
        yield from pool.map(partial(_code_with, codebook), materials, data, chunksize=8)


def _code_with(codebook: Codebook, material: Material, data: bytes) -> Outcome:
    return code(material, data, codebook)


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
    link = believed_link(material.open_url, article.canonical_url)
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
