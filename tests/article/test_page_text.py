"""Which text of a page is the article's: nothing of it lost, whatever the markup, and nothing of the page around it."""

import logging
import re
from pathlib import Path

import pytest
import trafilatura

from extractors.article.model import Article
from extractors.article.page import read_page

SENTENCES = (
    "The county trust will send its cataract patients to two private clinics from the first week of October.",
    "Its own theatre has been shut since the roof gave way, and nobody can say when it will open again.",
    "The clinics are paid by the case, at the national price, and take whoever is fit enough for a short stay.",
    "Surgeons of the trust operate there on Tuesdays, in sessions that they would otherwise have lost.",
    "A governor asked whether the patients left behind, the frail and the anxious, would now wait longer still.",
    "The finance director replied that they would wait a month less, since the easy cases had left the queue.",
    "Both sides have agreed to publish their rates of infection and of return to theatre every quarter.",
    "If either figure rises above that of the trust itself, the agreement ends with a month's notice.",
)
HEADING = "<h1>Cataracts across the river</h1>"


def paragraphs(first: int = 0, last: int = len(SENTENCES)) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[first:last])


def read(body: str, *, head: str = "") -> Article:
    meta = f'<meta charset="utf-8"><title>Cataracts across the river</title>{head}'
    return read_page(f'<!doctype html><html lang="en-GB"><head>{meta}</head><body>{body}</body></html>'.encode())


def missing(article: Article) -> list[str]:
    return [sentence for sentence in SENTENCES if sentence not in article.text]


@pytest.mark.parametrize("box", ["button", "dialog", "select", "object", "noscript", "label", "svg", "canvas"])
def test_a_box_left_open_does_not_swallow_the_page(box: str) -> None:
    article = read(f"<header><{box}><div class='i'><div></{box}></header><main>{HEADING}{paragraphs()}</main>")
    assert missing(article) == []


@pytest.mark.parametrize("box", ["form", "aside", "nav", "footer", "noscript", "fieldset"])
def test_a_page_that_stands_in_a_box_as_a_whole_is_read(box: str) -> None:
    assert (
        missing(read(f"<{box}><div class='page'>{HEADING}<div class='text'>{paragraphs()}</div></div></{box}>")) == []
    )


@pytest.mark.parametrize(
    "mark", ["\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "&#8;", "&#x1F;", "&#xFFFF;", "&#0;"]
)
def test_a_character_that_documents_may_not_hold_costs_nothing(mark: str) -> None:
    article = read(
        f"<article>{HEADING}{paragraphs(0, 4)}<p>One mark{mark} that nobody sees.</p>{paragraphs(4)}</article>"
    )
    assert missing(article) == []
    assert "that nobody sees." in article.text


def test_references_to_the_marks_of_windows_are_read_as_browsers_do() -> None:
    article = read(
        f"<article>{HEADING}{paragraphs()}<p>It cost &#128;5m, the board&#146;s own figure says.</p></article>"
    )
    assert "It cost €5m, the board’s own figure says." in article.text


def test_a_failure_of_the_library_is_a_note_and_loses_no_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("broken tree")

    monkeypatch.setattr(trafilatura, "extract", fail)
    with caplog.at_level(logging.WARNING):
        article = read(f"<nav><a href='/'>Home</a></nav><article>{HEADING}{paragraphs()}</article>")
    assert missing(article) == []
    assert any("broken tree" in note for note in article.notes)
    assert "broken tree" in caplog.text


def test_where_blocks_hold_too_little_the_library_s_own_paragraphs_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: "\n".join(SENTENCES))
    article = read("<h1>Cataracts across the river</h1><p>Something else is on the page.</p>")
    assert missing(article) == []
    assert any("trafilatura" in note for note in article.notes)


@pytest.mark.parametrize("levels", [1, 2, 4])
def test_a_body_in_chunks_is_joined_however_deep_they_are(levels: int) -> None:
    chunks = ""
    for number in range(0, len(SENTENCES), 2):
        inner = paragraphs(number, number + 2)
        for level in range(levels):
            inner = f"<div class='level-{level} part-{number}'>{inner}</div>"
        chunks += f"{inner}<div class='ad-slot'><p>Advertisement</p></div>"
    article = read(f"<article>{HEADING}<div class='story'>{chunks}</div></article>")
    assert missing(article) == []
    assert "Advertisement" not in article.text


def test_a_second_article_below_the_first_stays_out() -> None:
    other = "".join(f"<p>Another story says {sentence[0].lower()}{sentence[1:]}</p>" for sentence in SENTENCES)
    article = read(
        f"<main><article>{HEADING}{paragraphs()}</article><article><h1>A bridge</h1>{other}</article></main>"
    )
    assert missing(article) == []
    assert "Another story says" not in article.text


CARDS = [
    "<div class='promo-card'><p>Library shut</p><p>The council says that it was hardly used.</p></div>",
    "<div class='teaser-mid'><h3>Library shut</h3><p>The council says that it was hardly used.</p></div>",
    "<p>Read more: Library shuts on Fridays as the council says that the hours were hardly used</p>",
    "<div style='display: none'><p>The council says that the hours were hardly used, for machines only.</p></div>",
    '<div class="w">{"layout":2,"text":"hours were hardly used","ids":[4,5,6],"price":"19","vendor":"Shop"}</div>',
    "<figure><img src='a.jpg'><figcaption>The library, whose hours were hardly used. Ann Low</figcaption></figure>",
]


@pytest.mark.parametrize("card", CARDS)
def test_what_stands_between_two_paragraphs_and_is_not_the_author_s_stays_out(card: str) -> None:
    article = read(f"<main><div class='story'>{HEADING}{paragraphs(0, 4)}{card}{paragraphs(4)}</div></main>")
    assert missing(article) == []
    assert "hardly used" not in article.text


@pytest.mark.parametrize("heading", ["In other news", "Elsewhere on this site", "Worth your while"])
def test_a_run_of_teasers_at_the_end_stays_out_whatever_its_heading_says(heading: str) -> None:
    teasers = "".join(
        f"<div class='c{n}'><a href='/{n}'><h3>Bridge number {n} opens</h3></a><p>Drivers had waited.</p></div>"
        for n in range(4)
    )
    article = read(f"<main><div class='story'>{HEADING}{paragraphs()}<h2>{heading}</h2>{teasers}</div></main>")
    assert missing(article) == []
    assert "Drivers had waited" not in article.text
    assert heading not in article.text


def test_no_sentence_stands_twice() -> None:
    summary, pulled = f"<div class='sum'><p>{SENTENCES[0]}</p></div>", f"<div class='big'><p>{SENTENCES[3]}</p></div>"
    joined = f"<p>{SENTENCES[3]} {SENTENCES[4]}</p>"
    article = read(f"<article>{HEADING}{summary}{paragraphs(0, 3)}{pulled}{joined}{paragraphs(5)}</article>")
    assert missing(article) == []
    assert max(article.text.count(sentence) for sentence in SENTENCES) == 1


def test_settings_in_a_text_about_programs_stay() -> None:
    code = '<pre><code>{"theatre": "two", "sessions": [1, 2, 3], "open": "Tuesday", "state": "shut"}</code></pre>'
    article = read(f"<article>{HEADING}{paragraphs(0, 4)}{code}{paragraphs(4)}</article>")
    assert '"theatre": "two"' in article.text


def test_every_golden_page_is_read_as_well_in_a_form() -> None:
    """Systems of one maker wrap each page in a form, which extractors take for furniture."""
    for path in sorted((Path(__file__).parent / "pages").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        wrapped = re.sub("(<body[^>]*>)", r"\1<form method='post'>", page).replace("</body>", "</form></body>")
        assert len(read_page(wrapped.encode()).text) >= 0.9 * len(read_page(page.encode()).text)


def test_links_of_a_paragraph_stand_where_their_words_stand() -> None:
    linked = (
        "<p>As <a href='/reports/one'> the  first <b>report</b></a>, and\n <a href='https://b.example/two'>another</a>"
        " say, <a href='mailto:x@y.example'>write</a> or <a>do not</a>: the queue of patients grew by a third.</p>"
    )
    article = read(paragraphs() + linked, head="<link rel='canonical' href='https://a.example/news/x'>")
    (paragraph,) = [one for one in article.paragraphs if one.links]
    assert [(paragraph.text[link.start : link.end], link.address) for link in paragraph.links] == [
        ("the first report", "https://a.example/reports/one"),
        ("another", "https://b.example/two"),
    ]


NOBODY_S = "A ward of the trust on a winter morning, taken the day before the roof gave way above it."


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="wp-caption"><img src="w.jpg"><p class="wp-caption-text">{NOBODY_S}</p></div>',
        f'<div class="story-image"><span class="image-caption">{NOBODY_S}</span></div>',
        f'<div class="video-clip"><div class="video-clip-line">{NOBODY_S}</div></div>',
        f'<div class="clip"><div class="video-transcript"><p>{NOBODY_S}</p></div></div>',
        f'<section class="comments"><div class="comment-body"><p>{NOBODY_S}</p></div></section>' * 3,
    ],
)
def test_running_text_that_is_set_in_a_way_of_its_own_is_not_taken_for_the_author_s(box: str) -> None:
    article = read(f'<div class="story">{HEADING}<div class="body">{paragraphs(0, 5)}{box}{paragraphs(5)}</div></div>')
    assert missing(article) == []
    assert NOBODY_S not in article.text


@pytest.mark.parametrize(
    "box",
    [
        f"<details><summary>How long will they wait?</summary><div class='x'>{NOBODY_S}</div></details>",
        f'<div class="faq-item"><div class="faq-answer">{NOBODY_S}</div></div>',
        f'<div class="kg-card kg-callout-card"><div class="kg-callout-text">{NOBODY_S}</div></div>',
        f'<div class="kg-card kg-toggle-card"><div class="kg-toggle-content"><p>{NOBODY_S}</p></div></div>',
        f"<ul><li>{NOBODY_S}</li><li>A short one</li></ul>",
    ],
)
def test_what_the_author_folds_away_or_sets_in_a_box_is_the_author_s(box: str) -> None:
    article = read(f'<div class="story">{HEADING}<div class="body">{paragraphs(0, 5)}{box}{paragraphs(5)}</div></div>')
    assert missing(article) == []
    assert NOBODY_S in article.text


def test_an_opening_that_stands_apart_from_the_body_is_read() -> None:
    opening = " ".join(SENTENCES[:3])
    body = f'<div class="hero">{HEADING}<p class="large">{opening}</p></div><div class="body">{paragraphs(3)}</div>'
    assert missing(read(f"<main>{body}</main>")) == []


def test_related_articles_amid_the_text_do_not_end_it() -> None:
    box = '<div class="block_related"><h4><a href="/x">Related articles</a></h4><p>A new bridge</p></div>'
    article = read(f'<div class="body">{HEADING}{paragraphs(0, 6)}{box}{paragraphs(6)}</div>')
    assert missing(article) == []
    assert "Related articles" not in article.text


def test_a_piece_of_a_sentence_that_is_pulled_out_stands_once() -> None:
    pulled = "".join(
        f'<div class="pull"><div class="words">{" ".join(s.split()[:9])}</div></div>' for s in SENTENCES[2:5]
    )
    article = read(f'<div class="body">{HEADING}{paragraphs(0, 4)}{pulled}{paragraphs(4)}</div>')
    assert [paragraph.text for paragraph in article.paragraphs] == list(SENTENCES)


def test_a_text_of_one_paragraph_has_its_container_around_it() -> None:
    whole = "<br><br>".join(SENTENCES[1:])
    article = read(f'<div class="body">{HEADING}<p><span class="pic"></span>{SENTENCES[0]}</p><p>{whole}</p></div>')
    assert missing(article) == []


def test_a_heading_with_the_section_s_name_is_no_text() -> None:
    head = '<meta property="og:title" content="Cataracts across the river">'
    article = read(f'<div class="body"><h1>Cataracts across the river | Opinion</h1>{paragraphs()}</div>', head=head)
    assert article.paragraphs[0].text == SENTENCES[0]


PARTS = [
    "The trust will buy operations elsewhere this winter, and pays the national price for each of them, it says.",
    "Its own theatres stand empty on two days of the week for want of nurses whom nobody has tried to find.",
    "Commissioners ought to publish what they pay before they sign for another three years of the same thing.",
    "The board meets in May and will be asked to approve a contract that its auditors called poor value.",
]
CALLS = [
    "<div class='wp-block'><h3>Our team</h3><p>We advise trusts.</p><a href='/c'>Get in touch</a></div>",
    "<div class='box'><p>Want to hear more?</p><p>A weekly letter.</p><p><a href='/s'>Subscribe now</a></p></div>",
    "<div><p>Our work is free because readers pay for it, from £2 a month.</p><a href='/g'>Support us</a></div>",
    "<section><h4>Upcoming event</h4><p>A breakfast briefing on 4 June.</p><a href='/e'>Book your place</a></section>",
    "<div class='petition'><p>Keep the night service public.</p><button>Add your name</button></div>",
]


def _page_of(body: str, head: str = "") -> list[str]:
    page = f"<html lang='en'><head><title>Buying time</title>{head}</head><body><main>{body}</main></body></html>"
    return [paragraph.text for paragraph in read_page(page.encode()).paragraphs]


@pytest.mark.parametrize("box", CALLS)
def test_a_box_that_calls_readers_to_act_is_no_text(box: str) -> None:
    said = [f"<p>{part}</p>" for part in PARTS]
    for body in (f"{said[0]}{said[1]}{box}{said[2]}{said[3]}", f"{''.join(said)}{box}"):
        assert _page_of(f"<article><h1>Buying time</h1>{body}</article>") == PARTS


def test_a_box_of_the_author_s_that_only_holds_a_link_is_text() -> None:
    box = "<div class='box'><p>The board has <a href='/p'>joined us</a> in asking for it.</p></div>"
    read = _page_of(f"<article><h1>Buying time</h1>{''.join(f'<p>{part}</p>' for part in PARTS)}{box}</article>")
    assert read[-1] == "The board has joined us in asking for it."


@pytest.mark.parametrize("tag", ["article", "div"])
def test_a_live_blog_is_read_as_a_whole(tag: str) -> None:
    heads = ["Union calls it a fig leaf", "What the providers say", "Theatres stand empty", "Minister announces deal"]
    posts = "".join(
        f"<{tag} class='live-post'><header><time datetime='2024-05-03T1{number}:00'>1{number}.00</time><h2>{head}</h2>"
        f"</header><p>{part}</p></{tag}>"
        for number, (head, part) in enumerate(zip(heads, PARTS, strict=True))
    )
    read = _page_of(f"<h1>NHS deal: live</h1><p class='byline'>By Ann Low</p><div class='live-blog'>{posts}</div>")
    assert [text for text in read if text in PARTS] == PARTS
    assert [text for text in read if text in heads] == heads
