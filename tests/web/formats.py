"""Feeds, sitemaps, API answers and article pages as sites write them, for the loopback web."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or sitemap says of one article; a path or an absolute address."""

    link: str
    title: str = "An article on the NHS and private providers"
    published: datetime | None = WHEN
    modified: datetime | None = None

    def url(self, root: str) -> str:
        """The address in full."""
        return self.link if "://" in self.link else root + self.link


def rss(root: str, entries: Sequence[Entry], *, ttl: int | None = None) -> str:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{escape(e.url(root))}</link>"
        f"{f'<pubDate>{format_datetime(e.published)}</pubDate>' if e.published else ''}</item>"
        for e in entries
    )
    wait = f"<ttl>{ttl}</ttl>" if ttl is not None else ""
    head = f"<title>News</title><link>{root}/</link><description>All</description>{wait}"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def atom(root: str, entries: Sequence[Entry]) -> str:
    """Atom 1.0."""
    items = "".join(
        f'<entry><title>{escape(e.title)}</title><id>{escape(e.url(root))}</id><link href="{escape(e.url(root))}"/>'
        f"<published>{(e.published or WHEN).isoformat()}</published>"
        f"<updated>{(e.modified or e.published or WHEN).isoformat()}</updated></entry>"
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
        f"<id>{root}/</id><updated>{WHEN.isoformat()}</updated>{items}</feed>"
    )


def rdf(root: str, entries: Sequence[Entry]) -> str:
    """RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{escape(e.url(root))}"><title>{escape(e.title)}</title><link>{escape(e.url(root))}</link>'
        f"<dc:date>{(e.published or WHEN).isoformat()}</dc:date></item>"
        for e in entries
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{root}/"><title>News</title><link>{root}/</link></channel>{items}</rdf:RDF>'
    )


def json_feed(root: str, entries: Sequence[Entry]) -> str:
    """JSON Feed 1.1."""
    items = [
        {"id": e.url(root), "url": e.url(root), "title": e.title, "date_published": (e.published or WHEN).isoformat()}
        for e in entries
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items})


def sitemap(root: str, entries: Sequence[Entry]) -> str:
    """A URL set."""
    items = "".join(
        f"<url><loc>{escape(e.url(root))}</loc>"
        f"{f'<lastmod>{e.modified.isoformat()}</lastmod>' if e.modified else ''}</url>"
        for e in entries
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def sitemap_index(root: str, parts: Mapping[str, str | None]) -> str:
    """An index of sitemaps by path, each with its `lastmod` or None."""
    items = "".join(
        f"<sitemap><loc>{root}{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for path, changed in parts.items()
    )
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</sitemapindex>'
    )


def posts(root: str, entries: Sequence[Entry]) -> str:
    """The WordPress API's list of posts."""
    return json.dumps(
        [
            {
                "link": e.url(root),
                "title": {"rendered": escape(e.title)},
                "date_gmt": (e.published or WHEN).replace(tzinfo=None).isoformat(),
                "modified_gmt": (e.modified or e.published or WHEN).replace(tzinfo=None).isoformat(),
            }
            for e in entries
        ]
    )


def article(
    title: str,
    paragraphs: Iterable[str],
    *,
    published: str | None = None,
    author: str | None = None,
    canonical: str | None = None,
) -> str:
    """An article page with the usual metadata and some furniture around it."""
    head = [f"<title>{escape(title)}</title>", f'<meta property="og:title" content="{escape(title)}">']
    if published:
        head.append(f'<meta property="article:published_time" content="{published}">')
    if author:
        head.append(f'<meta name="author" content="{escape(author)}">')
    if canonical:
        head.append(f'<link rel="canonical" href="{canonical}">')
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{"".join(head)}</head><body>'
        f'<nav><a href="/">Home</a> <a href="/about">About</a></nav><main><article><h1>{escape(title)}</h1>{body}'
        "</article></main><footer>All rights reserved</footer></body></html>"
    )
