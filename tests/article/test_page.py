"""Reading of web pages."""

from extractors.article.page import read_page


def test_a_plain_post_is_read_with_its_metadata() -> None:
    prose = "The trust will buy operations from independent hospitals to shorten its waiting list this winter. " * 4
    page = f"""<html lang="en-GB"><head><title>Buying time | The Column</title>
    <meta property="og:site_name" content="The Column"></head><body><nav><a href="/">Home</a></nav>
    <article><h1>Buying time</h1><p class="byline">By Ann Low</p><time datetime="2024-02-01">1 February 2024</time>
    <p>{prose}</p><h2>What it costs</h2><p>{prose}</p><p>{prose}</p></article></body></html>"""
    article = read_page(page.encode(), url="https://column.example.co.uk/buying-time")
    assert article.title is not None
    assert article.title.value == "Buying time"
    assert article.authors == ("Ann Low",)
    assert article.published is not None
    assert article.published.on.isoformat() == "2024-02-01"
    assert [paragraph.kind for paragraph in article.paragraphs] == ["prose", "heading", "prose", "prose"]
