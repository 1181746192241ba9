"""Feeds and sitemaps as servers really send them: each address, date and title as meant, or none; never a wrong one."""

from datetime import UTC, datetime

import pytest

from extractors.web.discover.feeds import read_feed, read_posts, read_results
from extractors.web.discover.links import iso_time, stated_time
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.model import JsonList

FEED = "https://ward.example/feed.xml"
ITEM = "<item><title>Beds for hire</title><link>https://ward.example/{}</link></item>"


def rss(items: str, *, head: str = "", opening: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{opening}<rss version="2.0"><channel><title>Ward</title>{head}{items}</channel></rss>'.encode()


def urlset(*locations: str, opening: str = '<?xml version="1.0" encoding="UTF-8"?>', end: str = "</urlset>") -> bytes:
    urls = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return f'{opening}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}{end}'.encode()


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("Tue, 03 Mar 2020 09:05:00 GMT", datetime(2020, 3, 3, 9, 5, tzinfo=UTC)),
        ("Tue, 03 Mar 2020 09:05:00 +0100", datetime(2020, 3, 3, 8, 5, tzinfo=UTC)),
        ("2020-03-03T09:05:00+01:00", datetime(2020, 3, 3, 8, 5, tzinfo=UTC)),
        ("2020/3/3 09:05:10", datetime(2020, 3, 3, 9, 5, 10, tzinfo=UTC)),
        ("Tue, 3rd Mar 2020 09:05:00 GMT", datetime(2020, 3, 3, 9, 5, tzinfo=UTC)),
        ("Tuesday, 3 March 2020 - 09:05", datetime(2020, 3, 3, 9, 5, tzinfo=UTC)),
        ("3 Mar 2020 9:05 PM", datetime(2020, 3, 3, 21, 5, tzinfo=UTC)),
        ("March 3, 2020, 12:05 a.m.", datetime(2020, 3, 3, 0, 5, tzinfo=UTC)),
        ("Tue, 03/31/2020 - 09:05", datetime(2020, 3, 31, 9, 5, tzinfo=UTC)),
        ("31/03/2020 09:05", datetime(2020, 3, 31, 9, 5, tzinfo=UTC)),
        ("03/04/2020 09:05", None),
        ("last Tuesday", None),
        ("31 February 2020", None),
        ("", None),
    ],
)
def test_a_date_in_a_feed_is_read_as_meant_or_not_at_all(stated: str, meant: datetime | None) -> None:
    assert stated_time(stated) == meant
    item = f"<item><title>Beds</title><link>https://ward.example/1</link><pubDate>{stated}</pubDate></item>"
    assert [link.published for link in read_feed(rss(item), FEED, None).links] == [meant]


def test_a_month_and_a_year_are_dates_of_a_sitemap() -> None:
    assert iso_time("2024-06") == datetime(2024, 6, 1, tzinfo=UTC)
    assert iso_time("2024") == datetime(2024, 1, 1, tzinfo=UTC)
    assert iso_time("2024-13") is None


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("<![CDATA[Beds &amp; <b>wards</b>]]>", "Beds & wards"),
        ("Beds &amp;amp; wards&amp;#8217; plan", "Beds & wards’ plan"),
        ("Beds &amp; wards", "Beds & wards"),
        ("Fewer than 5 &lt; 6 beds", "Fewer than 5 < 6 beds"),
    ],
)
def test_a_title_is_plain_text(stated: str, shown: str) -> None:
    item = f"<item><title>{stated}</title><link>https://ward.example/1</link></item>"
    assert [link.title for link in read_feed(rss(item), FEED, None).links] == [shown]


def test_who_wrote_it_is_taken_from_the_feed() -> None:
    spoken = "<dc:creator>Ann Low</dc:creator>"
    body = rss(ITEM.format(1).replace("</item>", f"{spoken}</item>")).replace(
        b"<rss ", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
    )
    assert read_feed(body, FEED, None).links[0].authors == ("Ann Low",)
    entry = b'{"url": "https://ward.example/1", "authors": [{"name": "Ann Low"}]}'
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + entry + b"]}"
    assert read_feed(body, FEED, None).links[0].authors == ("Ann Low",)


def test_who_wrote_it_is_taken_from_apis() -> None:
    post = b'{"link": "https://ward.example/1", "title": {"rendered": "Beds &#038; wards"}'
    (link,) = read_posts(b"[" + post + b', "yoast_head_json": {"author": "Ann Low"}}]', FEED).links
    assert (link.title, link.authors) == ("Beds & wards", ("Ann Low",))
    (link,) = read_posts(b"[" + post + b"}]", FEED).links
    assert link.authors == ()
    fields = JsonList(items="found", address="url", title="name", authors="by", published="day")
    told = b'{"url": "/1", "name": "Beds", "by": %s, "day": "2020-03-03"}'
    for people in (b'"Ann Low"', b'["Ann Low"]', b'[{"name": "Ann Low"}]', b'{"name": "Ann Low"}'):
        (link,) = read_results(b'{"found": [' + told % people + b"]}", FEED, fields).links
        assert (link.authors, link.published) == (("Ann Low",), datetime(2020, 3, 3, tzinfo=UTC))


JUNK = [
    "<!-- made by hand -->",
    "\n\n  ",
    "<br />\n<b>Warning</b>: Undefined array key in <b>/srv/feed.php</b> on line <b>12</b><br />\n",
    "Notice: something\n",
]


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("opening", ['<?xml version="1.0" encoding="utf-8"?>', ""])
def test_what_stands_before_the_root_does_not_matter(junk: str, opening: str) -> None:
    assert len(read_feed(rss(ITEM.format(1), opening=junk + opening), FEED, "text/html").links) == 1
    sitemap = urlset("https://ward.example/1", opening=junk + opening)
    assert len(read_sitemap(sitemap, FEED, "text/html").links) == 1


def test_an_ampersand_that_nobody_escaped_is_one() -> None:
    links = read_sitemap(urlset("https://ward.example/?id=5&page=2&amp;x=1"), FEED, "application/xml").links
    assert [link.url for link in links] == ["https://ward.example/?id=5&page=2&x=1"]
    item = "<item><title>Beds & wards&nbsp;hired</title><link>https://ward.example/?id=5&page=2</link></item>"
    (link,) = read_feed(rss(item), FEED, None).links
    assert (link.url, link.title) == ("https://ward.example/?id=5&page=2", "Beds & wards hired")


@pytest.mark.parametrize("end", ["", "<url><loc>https://ward.exam", "<url><loc>https://ward.example/thr</loc>"])
def test_an_address_that_may_be_broken_off_is_not_believed(end: str) -> None:
    body = urlset("https://ward.example/one", "https://ward.example/two", end=end)
    urls = [link.url for link in read_sitemap(body, FEED, "application/xml").links]
    assert "https://ward.example/one" in urls
    assert set(urls) <= {"https://ward.example/one", "https://ward.example/two"}


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/xml", None])
def test_a_plain_list_is_a_sitemap_whatever_its_type_says(content_type: str | None) -> None:
    body = b"https://ward.example/one\nhttps://ward.example/two\n"
    assert len(read_sitemap(body, FEED, content_type).links) == 2


def test_names_for_characters_may_be_declared_and_nothing_that_grows() -> None:
    opening = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY eacute "&#xE9;">]>'
    item = "<item><title>caf&eacute;&nbsp;beds</title><link>https://ward.example/1</link></item>"
    assert [link.title for link in read_feed(rss(item, opening=opening), FEED, None).links] == ["café beds"]
    bomb = '<!DOCTYPE rss [<!ENTITY a "&#65;"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert "entities" in (read_feed(rss(item, opening=bomb), FEED, None).problem or "")
    assert "entities" in (read_sitemap(urlset("https://ward.example/1", opening=bomb), FEED, None).problem or "")


def test_relative_links_of_rss_are_the_site_s() -> None:
    item = "<item><title>Beds for hire</title><link>/one</link></item>"
    head = "<link>https://other.example/</link>"
    assert [link.url for link in read_feed(rss(item, head=head), FEED, None).links] == ["https://other.example/one"]
    assert [link.url for link in read_feed(rss(item), FEED, None).links] == ["https://ward.example/one"]


def test_masses_of_open_marks_end_in_a_reading() -> None:
    body = urlset(*["https://ward.example/<![CDATA[&"] * 20_000)
    assert len(read_sitemap(body, FEED, "application/xml").links) <= 1
