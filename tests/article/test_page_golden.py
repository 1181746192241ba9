"""Golden pages: pages made as publishers make them, each beside what has to be read from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.article.model import Article
from extractors.article.page import read_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


def as_json(article: Article) -> dict[str, Any]:
    published = article.published
    return {
        "title": article.title.value if article.title else None,
        "publisher": article.publisher.value if article.publisher else None,
        "authors": list(article.authors),
        "published": [published.on.isoformat(), published.precision, published.method] if published else None,
        "language": article.language,
        "canonical_url": article.canonical_url,
        "paragraphs": [[paragraph.kind, paragraph.text] for paragraph in article.paragraphs],
    }


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_page_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert as_json(read_page(path.read_bytes(), url=expected.pop("url"))) == expected
