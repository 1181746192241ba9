"""What the page's own search looks through: articles, figures and passages as compact JSON."""

import json

from markupsafe import Markup

from flows.page.text import excerpt, plain, web_address
from flows.page.wording import published
from warehouse.page_rows import PageRows

_LIMIT = 320


def search_index(rows: PageRows) -> Markup:
    """JSON for a script element that is data: `articles` as [title, publisher, date, address, themes], `figures` as
    [article, before, mark, after] and `passages` as [article, theme, framing, before, mark, after], where `article` is
    the place in `articles`. Nothing in it can end the element.
    """
    place = {article.article_id: number for number, article in enumerate(rows.search_articles)}
    index = {
        "articles": [
            [
                plain(article.title, 200),
                plain(article.publisher, 80),
                published(article.published_on, article.published_precision),
                web_address(article.url) or "",
                ", ".join(article.top_themes),
            ]
            for article in rows.search_articles
        ],
        "figures": [
            [place[row.article_id], *_parts(row.sentence, row.mark_start, row.mark_end)] for row in rows.search_figures
        ],
        "passages": [
            [place[row.article_id], row.theme, row.framing, *_parts(row.sentence, row.mark_start, row.mark_end)]
            for row in rows.search_passages
        ],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  no "<" is left, so it cannot leave its element


def _parts(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    parts = excerpt(sentence, start, end, _LIMIT)
    return parts.before, parts.mark, parts.after
