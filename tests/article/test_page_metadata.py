"""Titles, authors, dates, addresses and languages of pages: which place is believed, and what is no name or date."""

import json
from datetime import date

import pytest

from extractors.article import Found, Hints, Published, with_hints, with_robots_tag
from extractors.article import read as read_article
from extractors.article.model import Article, UnreadableError
from extractors.article.page import read_page

PROSE = (
    "The trust will buy operations from independent hospitals to shorten its waiting list this winter, and pays the"
    " national price for each of them. Its own theatres stand empty on two days of the week for want of nurses."
)
BODY = f"<p>{PROSE}</p><h2>What it costs</h2><p>{PROSE}</p><p>{PROSE}</p>"


def read(
    top: str = "",
    *,
    head: str = "",
    url: str = "https://column.example/buying-time",
    lang: str = "en-GB",
    end: str = "",
) -> Article:
    meta = f'<meta charset="utf-8"><title>Buying time | The Column</title>{head}'
    main = f"<main><h1>Buying time</h1>{top}<div class='body'>{BODY}</div>{end}</main>"
    body = f"<header><a href='/'>The Column</a></header>{main}"
    return read_page(
        f'<!doctype html><html lang="{lang}"><head>{meta}</head><body>{body}</body></html>'.encode(), url=url
    )


def ld(**properties: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Buying time", **properties}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def day(article: Article) -> str | None:
    return article.published.on.isoformat() if article.published else None


@pytest.mark.parametrize(
    ("top", "head", "expected", "method"),
    [
        ("", ld(datePublished="2024-02-01T23:45:00-05:00"), "2024-02-01", "json-ld"),
        ("", '<meta property="article:published_time" content="2024-02-01T00:10:00+02:00">', "2024-02-01", "meta"),
        ("<time datetime='2024-02-01T08:00'>Thursday</time>", "", "2024-02-01", "time"),
        ("<p class='date'>Thursday 1st February 2024</p>", "", "2024-02-01", "visible"),
        ("<p>Published: 1 Feb 2024 | Updated: 3 March 2025</p>", "", "2024-02-01", "visible"),
        ("<div>Date</div><div>February 1, 2024</div>", "", "2024-02-01", "visible"),
        ("", '<meta name="my-cms:publishedAt" content="2024-02-01T09:00:00Z">', "2024-02-01", "meta"),
        ("", '<script>window.page = {"publishedAt": "2024-02-01T10:00:00Z"}</script>', "2024-02-01", "embedded"),
        ("<p>01-02-2024</p>", "", "2024-02-01", "visible"),
        ("<p>2024/02/01</p>", "", "2024-02-01", "visible"),
        ("<time datetime='1706745600'>long ago</time>", "", "2024-02-01", "time"),
        ("<span itemprop='datePublished' content='2024-02-01'></span>", "", "2024-02-01", "marked"),
        ("<abbr class='published' title='2024-02-01T08:00:00Z'>long ago</abbr>", "", "2024-02-01", "marked"),
        ("", ld(datePublished={"@type": "Date", "@value": "2024-02-01"}), "2024-02-01", "json-ld"),
        ("", ld(datePublished=1706745600), "2024-02-01", "json-ld"),
        ("", ld(dateCreated="2024-02-01", dateModified="2025-03-03"), "2024-02-01", "json-ld"),
        ("", '<meta name="prism.publicationDate" content="2024-02-01">', "2024-02-01", "meta"),
        ("", '<meta name="govuk:first-published-at" content="2024-02-01T09:00:00Z">', "2024-02-01", "meta"),
        ("", '<meta name="publicationDate" content="01-Feb-2024">', "2024-02-01", "meta"),
    ],
)
def test_the_date_is_found_where_pages_state_it(top: str, head: str, expected: str, method: str) -> None:
    published = read(top, head=head).published
    assert published is not None
    assert (published.on.isoformat(), published.method) == (expected, method)


def test_structured_data_goes_before_an_updated_line() -> None:
    assert day(read("<p>Updated 3 March 2025</p>", head=ld(datePublished="2024-02-01"))) == "2024-02-01"


def test_midnight_in_london_is_not_the_day_before() -> None:
    shown = "<p class='date'>1 July 2024</p>"
    assert day(read(shown, head=ld(datePublished="2024-06-30T23:00:00Z"))) == "2024-07-01"
    assert day(read(head=ld(datePublished="2024-06-30T23:00:00Z"))) == "2024-06-30"
    for stamp in ("2024-06-30T23:00:00+0000", "2024-06-30 23:00:00 UTC"):
        assert day(read(shown, head=f'<meta property="article:published_time" content="{stamp}">')) == "2024-07-01"


@pytest.mark.parametrize(
    ("top", "end"),
    [
        *(
            (f"<p>{label} 3 March 2025</p>", "")
            for label in ("Last updated", "Last reviewed:", "Updated on", "Reviewed")
        ),
        *((f"<p>{label} 3 March 2025</p>", "") for label in ("Content last revised:", "Corrected", "Page refreshed")),
        ("<div>Last updated</div><div>3 March 2025</div>", ""),
        ("<p>3 March 2025 (updated)</p>", ""),
        ("<time itemprop='dateModified' datetime='2025-03-03'>3 March 2025</time>", ""),
        ("", "<p>Page last reviewed: 3 March 2025. Next review due: 3 March 2028</p>"),
        ("", "<footer><p>Last updated: 3 March 2025</p></footer>"),
    ],
)
def test_an_update_is_no_publication_and_is_kept_as_what_it_is(top: str, end: str) -> None:
    article = read(top, end=end)
    assert article.published is None
    assert article.updated_on == date(2025, 3, 3)


def test_an_update_beside_the_publication_is_kept_apart_from_it() -> None:
    stamps = (
        "<time class='entry-date published' datetime='2024-02-01T08:00'>1 February 2024</time>"
        "<time class='updated' datetime='2025-03-03T08:00'>3 March 2025</time>"
    )
    labels = "<dl><dt>Last updated</dt><dd>3 March 2025</dd><dt>Published</dt><dd>1 February 2024</dd></dl>"
    assert day(read(f"<p>{stamps}</p>")) == "2024-02-01"
    assert (day(read(labels)), read(labels).updated_on) == ("2024-02-01", date(2025, 3, 3))


def test_the_data_tell_of_an_update_too() -> None:
    article = read(head=ld(datePublished="2024-02-01", dateModified="2024-05-05T10:00:00Z"))
    assert (day(article), article.updated_on) == ("2024-02-01", date(2024, 5, 5))


@pytest.mark.parametrize("offset", ["Z", "+00:00", "+02:00"])
def test_readers_see_the_day_before_the_machine_s_stamp(offset: str) -> None:
    assert day(read(f"<time datetime='2024-02-02T00:13:00{offset}'>1 February 2024</time>")) == "2024-02-01"


def test_a_date_to_come_is_not_believed() -> None:
    page = f"<html><body><h1>Buying time</h1><p>1 March 2024</p>{BODY}</body></html>".encode()
    assert read_page(page, today=date(2024, 3, 1)).published is not None
    assert read_page(page, today=date(2024, 2, 1)).published is None
    later = with_hints(
        read_article(page, name="a.html", today=date(2024, 2, 1)),
        Hints(published_on=date(2024, 1, 9)),
        date(2024, 2, 1),
    )
    assert later.published == Published(date(2024, 1, 9), "day", "feed")
    to_come = with_hints(
        read_article(page, name="a.html", today=date(2024, 2, 1)),
        Hints(published_on=date(2024, 5, 9)),
        date(2024, 2, 1),
    )
    assert to_come.published is None


def test_what_a_feed_said_counts_where_the_page_says_nothing() -> None:
    hints = Hints("Buying time, says the feed", ("Ann Low",), date(2024, 1, 9))
    page = f"<html><body><div>{BODY}</div></body></html>".encode()
    article = with_hints(read_article(page, name="a.html"), hints)
    assert article.title == Found("Buying time, says the feed", "feed")
    assert (article.authors, article.authors_method) == (("Ann Low",), "feed")
    assert article.published == Published(date(2024, 1, 9), "day", "feed")
    stated = f"<html><body><h1>Buying time</h1><p>By Ben Okoro</p><p>3 May 2023</p>{BODY}</body></html>".encode()
    article = with_hints(read_article(stated, name="a.html"), hints)
    assert article.title == Found("Buying time", "h1")
    assert (article.authors, day(article)) == (("Ben Okoro",), "2023-05-03")


STAMP = "<b>Cy Ng</b> <time itemprop='datePublished' datetime='2024-03-03'>3 March 2024</time>"
SAID = f"<p>By Cy Ng</p>{STAMP}<p>I agree with this.</p>"
KEPT = '[{"id": 1, "publishedAt": "2024-03-03T10:00:00Z", "body": "I agree."}]'


@pytest.mark.parametrize(
    "end",
    [
        f"<div id='comments'><div class='comment'>{SAID}</div></div>",
        f"<ol class='commentlist'><li>{SAID}</li></ol>",
        f"<section class='responses'><article>{SAID}</article></section>",
        f"<div id='disqus_thread'>{SAID}</div>",
        f"<div itemscope itemtype='https://schema.org/Comment'>{SAID}</div>",
        f"<section><h2>Reader comments (2)</h2><div>{SAID}</div></section>",
        f"<h2>3 comments</h2><ul><li>{SAID}</li></ul>",
        f"<script>window.comments = {KEPT}</script>",
        f'<script>window.page = {{"replies": {KEPT}}}</script>',
        '<script type="application/ld+json">{"@type": "Comment", "datePublished": "2024-03-03"}</script>',
    ],
)
def test_the_times_of_comments_are_no_dates(end: str) -> None:
    article = read(end=end)
    assert (article.published, article.authors) == (None, ())


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("https://column.example/buying-time", '<link rel="next" href="/buying-time?page=2">'),
        ("https://column.example/buying-time/", '<link rel="next" href="/buying-time/2/">'),
        ("https://column.example/buying-time", '<link rel="next" href="https://column.example/buying-time/page/2">'),
        ("https://column.example/buying-time", '<link rel="next" href="/buying-time/page-2">'),
        ("https://column.example/buying-time", '<a class="post-page-numbers" href="/buying-time/2/">2</a>'),
        ("https://column.example/buying-time/", '<link rel="next" href="/buying-time/?paged=2">'),
        ("https://column.example/buying-time.html", '<link rel="next" href="/buying-time-page-2.html">'),
        ("https://column.example/buying-time.html", '<a rel="nofollow next" href="/buying-time.html/2">Next</a>'),
    ],
)
def test_a_part_of_an_article_is_noted(url: str, head: str) -> None:
    assert any("part of an article" in note for note in read(head=head, url=url).notes)


@pytest.mark.parametrize("href", ["/the-next-post", "https://other.example/buying-time?page=2", "/buying-time?ref=2"])
def test_the_next_article_is_no_part_of_this_one(href: str) -> None:
    assert read(head=f'<link rel="next" href="{href}">').notes == ()


FIRST = "https://column.example/buying-time-for-the-lists"


@pytest.mark.parametrize(
    ("url", "head"),
    [
        (f"{FIRST}?page=2", f'<link rel="canonical" href="{FIRST}">'),
        (f"{FIRST}/2/", f'<link rel="canonical" href="{FIRST}/2/"><link rel="prev" href="{FIRST}/">'),
        (f"{FIRST}/3/", f'<link rel="canonical" href="{FIRST}/3/"><link rel="prev" href="{FIRST}/2/">'),
        (f"{FIRST}/page/2", f'<a rel="prev" href="{FIRST}">Back</a>'),
        (f"{FIRST}/2/", f'<div class="page-links"><a href="{FIRST}/">1</a> <span>2</span></div>'),
    ],
)
def test_a_later_part_is_no_article_of_its_own(url: str, head: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(head=head, url=url)
    assert caught.value.reason == "part"
    assert f"the article at {FIRST}" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "head"),
    [
        (FIRST, '<link rel="prev" href="/the-post-before-this">'),
        ("https://column.example/news/12", '<link rel="prev" href="/news/11"><link rel="next" href="/news/13">'),
        (f"{FIRST}?page=1", f'<link rel="canonical" href="{FIRST}">'),
        (f"{FIRST}/comment-page-2/", f'<link rel="canonical" href="{FIRST}/">'),
        ("https://column.example/letters-2.html", '<link rel="prev" href="/letters.html">'),
        ("https://column.example/reports/2/", '<link rel="prev" href="/reports/1/">'),
    ],
)
def test_an_article_after_another_is_no_part_of_it(url: str, head: str) -> None:
    assert read(head=head, url=url).title == Found("Buying time", "h1")


@pytest.mark.parametrize(
    ("robots_tag", "asked"),
    [
        ("noindex", True),
        ("nofollow, NoIndex", True),
        ("none", True),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", True),
        ("noindex, googlebot: nofollow", True),
        ("googlebot: noindex", False),
        ("googlebot: nofollow, otherbot: noindex, nofollow", False),
        ("max-image-preview: none", False),
        ("index, follow", False),
        (None, False),
    ],
)
def test_a_header_that_asks_not_to_index_is_noted_if_it_is_meant_for_all(robots_tag: str | None, asked: bool) -> None:
    noted = with_robots_tag(read(), robots_tag).notes
    assert any("noindex" in note for note in noted) == asked
    page_asks = read(head='<meta name="robots" content="noindex">')
    assert with_robots_tag(page_asks, robots_tag) == page_asks


def test_a_page_that_asks_not_to_be_indexed_is_noted() -> None:
    for asked in ('name="robots" content="noindex,follow"', 'name="ROBOTS" content="NONE"'):
        assert any("noindex" in note for note in read(head=f"<meta {asked}>").notes)
    told = '<meta name="robots" content="index"><meta name="googlebot" content="noindex">'
    assert any("noindex" in note for note in read(head=told).notes)
    assert read(head='<meta name="robots" content="max-image-preview:large">').notes == ()


@pytest.mark.parametrize(
    ("url", "lang", "expected"),
    [
        ("https://column.example.co.uk/a", "en-US", "2024-02-01"),
        ("https://column.example.com/a", "en-GB", "2024-02-01"),
        ("https://column.example.com/a", "en-US", "2024-01-02"),
        ("https://column.example.com/a", "en", None),
    ],
)
def test_an_all_digit_date_is_read_by_the_page_s_country_or_not_at_all(
    url: str, lang: str, expected: str | None
) -> None:
    assert day(read("<p class='date'>01/02/2024</p>", url=url, lang=lang)) == expected


def test_another_date_on_the_page_settles_the_order() -> None:
    article = read(
        "<p class='date'>01/02/2024</p>", url="https://a.example.com/a", lang="en", end="<p>Read on 17/02/2024</p>"
    )
    assert day(article) == "2024-02-01"


@pytest.mark.parametrize(
    "top",
    [
        "",
        "<p>The strike of 14 June 2023 changed how the board thought about its contracts with other providers.</p>",
        "<ul><li><p>Open day</p><p>3 May 2024</p></li><li><p>Annual meeting</p><p>9 May 2024</p></li></ul>",
        "<p>3 May 2024</p><p>9 May 2024</p>",
        "<p>Date: 14 May 2025, 9am to 5pm</p>",
    ],
)
def test_no_date_is_made_up(top: str) -> None:
    footer = (
        "<footer>© 2019-2025 The Column</footer><section><h3>Events</h3><p>3 May 2024</p><p>4 June 2024</p></section>"
    )
    assert read(top, end=footer).published is None


@pytest.mark.parametrize(
    "path", ["/2024/02/01/buying-time", "/opinion/2024/feb/01/buying-time", "/20240201-buying-time"]
)
def test_the_address_gives_a_day(path: str) -> None:
    published = read(url=f"https://column.example{path}").published
    assert published is not None
    assert (published.on.isoformat(), published.precision, published.method) == ("2024-02-01", "day", "url")


def test_the_address_gives_a_month() -> None:
    published = read(url="https://column.example/2024/02/buying-time/").published
    assert published is not None
    assert (published.on, published.precision, published.method) == (date(2024, 2, 1), "month", "url")


@pytest.mark.parametrize(
    ("top", "head", "expected"),
    [
        ("<p>By Ann Low</p>", ld(author={"@type": "Person", "name": "admin"}), ("Ann Low",)),
        (
            "<p>By Ann Low and Ben Okoro</p>",
            ld(author={"@type": "Person", "name": "Ann Low"}),
            ("Ann Low", "Ben Okoro"),
        ),
        ("", ld(author=[{"name": "Ann Low"}, {"name": "Ben Okoro"}]), ("Ann Low", "Ben Okoro")),
        ("<p>Written by Dr Ann Low, Chief Executive, and Prof Ben Okoro</p>", "", ("Dr Ann Low", "Prof Ben Okoro")),
        ("<p>Ann Low, MBBS, FRCP; Ben Okoro, RN</p>", "", ("Ann Low", "Ben Okoro")),
        ("<p>Ann Low | 3 May 2024</p>", "", ("Ann Low",)),
        ("<p>By Ann Low and others</p>", ld(author=[{"name": "Ann Low"}, {"name": "Ben Ng"}]), ("Ann Low", "Ben Ng")),
        ("<p>By Ann Low May 3</p>", "", ("Ann Low",)),
        ("<p>By April Low June 3</p>", "", ("April Low",)),
        ("<span><a href='/team/low'>Ann Low</a></span>", "", ("Ann Low",)),
        (
            "",
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Low">',
            ("Ann Low",),
        ),
        ("<div>By</div><div>Ann Low</div>", "", ("Ann Low",)),
        ("<span>Ann Low</span><span>3 May 2024</span>", '<meta name="author" content="webmaster">', ("Ann Low",)),
        ("", '<meta name="author" content="https://facebook.com/thecolumn">', ()),
        ("", ld(author={"@type": "Organization", "name": "The Column Team"}), ("The Column Team",)),
        ("<p>By next winter the list will be shorter.</p>", "", ()),
    ],
)
def test_authors_are_those_that_readers_see(top: str, head: str, expected: tuple[str, ...]) -> None:
    assert read(top, head=head).authors == expected


ABOUT = "<p><em>Ann Low is director of policy at the Column.</em></p>"


@pytest.mark.parametrize(("top", "end"), [(ABOUT, ""), ("", ABOUT)])
def test_a_line_in_italics_about_somebody_names_the_author(top: str, end: str) -> None:
    article = read(top, end=end)
    assert (article.authors, article.authors_method) == (("Ann Low",), "biography")
    assert read(top, end=end, head=ld(author={"@type": "Person", "name": "Ben Okoro"})).authors == ("Ben Okoro",)


def test_a_sentence_about_somebody_names_no_author() -> None:
    assert read("<p>Ann Low is director of policy at the trust, which buys beds.</p>").authors == ()
    assert (
        read("<p><em>Buying Time is</em> Ann Low's new book about hospitals that buy beds elsewhere.</p>").authors == ()
    )


@pytest.mark.parametrize("place", ["meta", "inline", "glued"])
def test_by_lines_of_squarespace(place: str) -> None:
    meta = "Written By <a class='blog-author-name' href='/blog?author=5'>Ann Low</a>" if place == "meta" else ""
    inline = {"inline": "<p class=''><strong>By Ann Low, Director of Policy</strong></p>", "meta": ""}
    glued = f"<p>By Ann Low<br><br>{PROSE}</p>"
    body = f"{inline.get(place, glued)}<p>{PROSE}</p><h2>What it costs</h2><p>{PROSE}</p>"
    item = (
        "<article class='blog-item-wrapper'><h1 class='entry-title'>Buying time</h1><div class='blog-item-meta'>"
        f"<time class='dt-published'>3 May 2024</time><span class='blog-meta-item--author'>{meta}</span></div>"
        f"<div class='sqs-layout'><div class='sqs-block html-block'>{body}</div></div></article>"
    )
    article = read_page(f"<html lang='en-GB'><body><main>{item}</main></body></html>".encode())
    assert (article.authors, day(article)) == (("Ann Low",), "2024-05-03")


def test_the_title_is_the_heading_that_the_page_s_data_confirm() -> None:
    head, body = "<title>Buying time - Site</title>", f"<h1>Site</h1><div><h1>Buying time</h1>{BODY}</div>"
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    title = read_page(page.encode()).title
    assert title is not None
    assert (title.value, title.method) == ("Buying time", "h1")


@pytest.mark.parametrize("mark", [": ", " | ", " – ", " ⋆ ", " » "])
def test_the_site_s_name_as_the_first_heading_is_not_the_title(mark: str) -> None:
    head = f"<title>Beds and Ledgers{mark}Buying time</title>"
    body = f"<header><h1 class='site-title'>Beds and Ledgers</h1></header><div><h3>Buying time</h3>{BODY}</div>"
    title = read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode()).title
    assert title == Found("Buying time", "h3")


@pytest.mark.parametrize("mark", [" | ", " – ", " ⋆ ", " » ", " ★ "])
def test_a_lower_heading_that_the_title_confirms_is_the_title(mark: str) -> None:
    body = f"<div><h2>Buying time for all</h2>{BODY}</div>"
    page = f"<html><head><title>Buying time for all{mark}Ledger</title></head><body>{body}</body></html>"
    assert read_page(page.encode()).title == Found("Buying time for all", "h2")


def test_without_a_heading_the_title_loses_the_site_s_name() -> None:
    head = (
        '<meta property="og:title" content="Buying time – The Column">'
        '<meta property="og:site_name" content="The Column">'
    )
    page = f"<html><head>{head}</head><body><div>{BODY}</div></body></html>"
    title = read_page(page.encode()).title
    assert title is not None
    assert (title.value, title.method) == ("Buying time", "og:title")


def test_a_canonical_address_that_is_the_front_page_is_not_believed() -> None:
    assert read(head='<link rel="canonical" href="https://column.example/">').canonical_url is None
    assert (
        read(head='<link rel="canonical" href="/buying-time?page=1">').canonical_url
        == "https://column.example/buying-time?page=1"
    )
    assert read(head='<link rel="canonical" href="javascript:alert(1)">').canonical_url is None


def test_the_language_is_declared_or_told_by_the_text() -> None:
    assert read(lang="en_gb").language == "en-GB"
    assert read(lang="").language == "en"


def test_paragraphs_are_clean() -> None:
    dirty = (
        "<p>A co\u00adoperation\u200b of\n   trusts&nbsp;&amp; firms<sup><a href='#f'>3</a></sup>, worth&#160;£2m.</p>"
    )
    texts = [
        paragraph.text for paragraph in read(end="", top=f"<div class='body'>{dirty}<p>{PROSE}</p></div>").paragraphs
    ]
    assert "A cooperation of trusts & firms, worth £2m." in texts


def test_a_selector_overrides_the_general_way() -> None:
    real = "<div id='real'><p>Only this is the article.</p><nav>Next</nav></div>"
    page = f"<html><body><div id='teaser'>{BODY}</div>{real}</body></html>"
    article = read_page(page.encode(), selector="#real")
    assert [paragraph.text for paragraph in article.paragraphs] == ["Only this is the article."]


@pytest.mark.parametrize(("selector", "reason"), [("#nowhere", "selector_misses"), ("p[", "bad_selector")])
def test_a_selector_that_fails_says_so(selector: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_page(f"<html><body>{BODY}</body></html>".encode(), selector=selector)
    assert caught.value.reason == reason


def test_a_text_hidden_from_readers_is_read_from_the_page_s_data() -> None:
    body = "\n".join([PROSE] * 6)
    page = f"<html><head>{ld(articleBody=body)}</head><body><h1>Buying time</h1><p>Loading</p></body></html>"
    article = read_page(page.encode())
    assert len(article.paragraphs) == 6
    assert article.notes


def test_the_declared_encoding_counts() -> None:
    page = f"<html><body><h1>Prices</h1><p>It costs £2m. {PROSE}</p><p>{PROSE}</p></body></html>"
    assert "£2m" in read_page(page.encode("cp1252"), content_type="text/html; charset=iso-8859-1").text
