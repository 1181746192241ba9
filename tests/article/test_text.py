"""Reading plain text: what is metadata, what is furniture, what is a paragraph and of which kind."""

import io
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.article import Article, UnreadableError, read
from extractors.article.text import KNOWN_HEADERS

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"


def article(text: str) -> Article:
    return read(text.encode(), name="article.txt")


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in article(text).paragraphs]


def kinds(text: str) -> list[str]:
    return [paragraph.kind for paragraph in article(text).paragraphs]


HEADER = """Title: Who pays for the hub?
Publisher: Fen Policy Unit
Author: Dr Ada Low, Partner, and Ben Ng
Published: 2021-03-04

First paragraph of the text.

Second paragraph.
"""


def test_a_header_block_is_metadata_and_no_paragraph() -> None:
    found = article(HEADER)
    assert found.title is not None and (found.title.value, found.title.method) == ("Who pays for the hub?", "header")
    assert found.publisher is not None and found.publisher.value == "Fen Policy Unit"
    assert found.authors == ("Dr Ada Low", "Ben Ng")
    assert found.published is not None
    assert (found.published.on, found.published.precision) == (date(2021, 3, 4), "day")
    assert [paragraph.text for paragraph in found.paragraphs] == ["First paragraph of the text.", "Second paragraph."]


BODY = "First paragraph of the text.\n\nSecond paragraph."
UNKNOWN = f"header line {{!r}} is not known and was left out; known are {KNOWN_HEADERS}"


@pytest.mark.parametrize(
    ("block", "title", "authors", "said"),
    [
        ("Headline: A hub\nByline: Ada Low\nSection: Views\n\n", "A hub", ("Ada Low",), ["Section: Views"]),
        ("Source: The Gazette\nKeywords: hubs, beds\n\n", None, (), ["Source: The Gazette", "Keywords: hubs, beds"]),
        ("Author: Ada Low\n\n", None, ("Ada Low",), []),
        ("Source: The Gazette\n\n", None, (), ["Source: The Gazette"]),
        ("From: Ada Low <ada@fen.example>\nTo: Ben Ng\nSubject: A hub\n\n", "A hub", ("Ada Low",), ["To: Ben Ng"]),
        (
            "Title: A hub\n\nAuthor: Ada Low\n\nSection: Views\nDate: 2021-03-04\n\n",
            "A hub",
            ("Ada Low",),
            ["Section: Views"],
        ),
        ("Title : A\n  hub\nAuthor : Ada Low\nAuthor : Ben Ng\n\n", "A hub", ("Ada Low", "Ben Ng"), []),
        ("**Title:** A hub\n**Author**: Ada Low\n\n", "A hub", ("Ada Low",), []),
        ("Title: A hub\nAuthor: Ada Low\n", "A hub", ("Ada Low",), []),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.docx"])
def test_headers_of_any_form_are_no_text_and_what_is_not_known_is_said(
    name: str, block: str, title: str | None, authors: tuple[str, ...], said: list[str]
) -> None:
    data = (block + BODY).encode()
    if name == "a.docx":
        document, file = docx.Document(), io.BytesIO()
        for line in data.decode().replace("\n  ", " ").splitlines():
            document.add_paragraph(line)
        document.save(file)
        data = file.getvalue()
    found = read(data, name=name)
    assert [paragraph.text for paragraph in found.paragraphs] == ["First paragraph of the text.", "Second paragraph."]
    assert (found.title.value if found.title else None, found.authors) == (title, authors)
    assert list(found.notes) == [UNKNOWN.format(line) for line in said]


@pytest.mark.parametrize(
    "opening",
    [
        "PL: Do you poach?\nAR: We never did.",
        "Interviewer: And then?\nMinister: It went well",
        "Language: a barrier to care",
        "Key facts: three\nCost: £5m\nDuration: six months",
        "Source: the figures come from NHS England and are for the year that ended in March.",
        "Trust: what it takes",
    ],
)
def test_text_that_looks_like_a_header_stays_text(opening: str) -> None:
    assert texts(f"{opening}\n\n{BODY}")[: opening.count("\n") + 1] == opening.split("\n")


def test_what_a_header_says_in_vain_is_told_and_what_it_means_is_taken() -> None:
    found = article(f"Title: T\nPublished: last Tuesday\nLanguage: Klingon\nURL: ask me\n\n{BODY}")
    assert (found.published, found.language, found.canonical_url) == (None, None, None)
    assert [word for note in found.notes for word in ("'last Tuesday'", "'Klingon'", "'ask me'") if word in note] == [
        "'last Tuesday'", "'ask me'", "'Klingon'",
    ]  # fmt: skip
    found = article(f"Title: T\nLanguage: English\nURL: www.fen.example/a-hub\n\n{BODY}")
    assert (found.language, found.canonical_url) == ("en", "https://www.fen.example/a-hub")


def test_front_matter_may_be_toml() -> None:
    found = read(f'+++\ntitle = "A hub"\ndate = 2021-03-04\ndraft = false\n+++\n\n{BODY}'.encode(), name="a.md")
    assert found.title is not None and found.title.value == "A hub"
    assert found.published is not None and found.published.on == date(2021, 3, 4)
    assert len(found.paragraphs) == 2 and "draft" in found.notes[0]


def test_a_title_is_one_line() -> None:
    found = read(f'---\ntitle: "Who pays?\\n  A  second line"\n---\n\n{BODY}'.encode(), name="a.md")
    assert found.title is not None and found.title.value == "Who pays? A second line"


@pytest.mark.parametrize(
    ("stated", "on", "precision"),
    [
        ("2020", date(2020, 1, 1), "year"),
        ("2020-10", date(2020, 10, 1), "month"),
        ("3 October 2020", date(2020, 10, 3), "day"),
        ("October 2020", date(2020, 10, 1), "month"),
        ("03/10/2020", date(2020, 10, 3), "day"),
        ("3rd of October, 2020", date(2020, 10, 3), "day"),
        ("Oct. 3, 2020", date(2020, 10, 3), "day"),
    ],
)
def test_dates_in_the_header(stated: str, on: date, precision: str) -> None:
    found = article(f"Title: T\nPublished: {stated}\n\nText.").published
    assert found is not None
    assert (found.on, found.precision) == (on, precision)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Published: 2031-03-04\nTitle: Who pays?\n\nThe hub is paid by the case, and nobody minds."),
        ("a.md", "---\ntitle: Who pays?\ndate: 2031-03-04\n---\n\nThe hub is paid by the case, and nobody minds."),
    ],
)
def test_a_date_that_is_still_to_come_is_not_believed(name: str, text: str) -> None:
    before = read(text.encode(), name=name, today=date(2026, 3, 4))
    assert before.published is None
    assert any("2031-03-04" in note for note in before.notes)
    after = read(text.encode(), name=name, today=date(2031, 3, 3))
    assert after.published is not None
    assert after.published.on == date(2031, 3, 4)


@pytest.mark.parametrize("stated", ["", "soon", "31/02/2020", "2020-13", "the third wave"])
def test_what_is_no_date_stays_unknown(stated: str) -> None:
    assert article(f"Title: T\nPublished: {stated}\n\nText.").published is None


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("label", ["Last updated:", "Reviewed on", "Updated"])
def test_an_update_in_a_line_of_its_own_is_no_publication(name: str, label: str) -> None:
    opening = "# Buying time" if name == "a.md" else "Buying time"
    text = "The trust buys its operations elsewhere this winter, and pays the national price for each of them.\n\n"
    found = read(f"{opening}\n\n{label} 3 March 2025\n\n{text * 2}".encode(), name=name)
    assert (found.published, found.updated_on) == (None, date(2025, 3, 3))
    both = read(f"{opening}\n\n1 May 2024\n\n{text * 2}{label} 3 March 2025\n".encode(), name=name)
    assert both.published is not None
    assert (both.published.on, both.updated_on) == (date(2024, 5, 1), date(2025, 3, 3))
    assert label not in both.text


def test_opening_lines_without_a_header_block() -> None:
    found = article(
        "Tuesday, 5th May 2015\n\nThe price of a bed\n\nby Ada Low, Chief Executive & Ben Ng, Lead\n\nSome text here."
    )
    assert found.title is not None and found.title.value == "The price of a bed"
    assert found.published is not None and found.published.on == date(2015, 5, 5)
    assert found.authors == ("Ada Low", "Ben Ng")
    assert [paragraph.text for paragraph in found.paragraphs] == ["The price of a bed", "Some text here."]
    assert found.paragraphs[0].kind == "heading"


def test_a_byline_at_the_end() -> None:
    found = article("A title\n\nSome text.\n\nMore text.\n\nBy Ada Low\n\nbottom of page")
    assert found.authors == ("Ada Low",)
    assert [paragraph.text for paragraph in found.paragraphs] == ["A title", "Some text.", "More text."]


def test_a_title_that_is_repeated_is_kept_once() -> None:
    assert texts("A title?\ntop of page\n\nA title?\n\nSome text.") == ["A title?", "Some text."]


def test_a_date_in_a_sentence_is_text() -> None:
    found = article("A title\n\nThe deal was signed on 4 May 2015.\n\nText.")
    assert found.published is None
    assert len(found.paragraphs) == 3


def test_no_title_is_invented_where_the_first_line_runs_on() -> None:
    found = article("Key points\nThe first of them.\nThe second of them.\n")
    assert found.title is None


@pytest.mark.parametrize(
    "line",
    [
        "top of page", "BACK TO TOP", "Read the full report »", "Share this article", "3 min read", "12 comments",
        "This article was first published in The Gazette.", "Photo: A. Person", "Tags: health, money",
        "© 2020 A Firm LLP. All rights reserved.", "Click here to subscribe",
    ],
)  # fmt: skip
def test_furniture_is_no_paragraph(line: str) -> None:
    assert texts(f"A title\n\nSome text.\n\n{line}\n\nMore text.") == ["A title", "Some text.", "More text."]


@pytest.mark.parametrize(
    "line",
    [
        "The report was first published in 2010 and nothing has been done since, to the shame of all of them.",
        "Share the risk and the reward.",
        "Home care is different.",
    ],
)
def test_text_that_looks_a_little_like_furniture_stays(line: str) -> None:
    assert line in texts(f"A title\n\nSome text.\n\n{line}\n\nMore text.")


def test_kinds_of_paragraphs() -> None:
    text = (
        "Title: T\n\nA heading\n\nA sentence of prose that ends as it should.\n\n• A point of a list\n\n"
        "1. Another, numbered\n\n“A whole paragraph that somebody else said, in quotation marks.”\n\nWhat now?"
    )
    assert kinds(text) == ["heading", "prose", "list_item", "list_item", "quote", "heading"]


@pytest.mark.parametrize("marker", ["•", "*", "-", "–", "1.", "2)", "(3)", "a)", "iv."])
def test_list_markers_are_not_text(marker: str) -> None:
    assert texts(f"Title: T\n\n{marker} A point of the list.") == ["A point of the list."]


def test_a_number_that_opens_a_sentence_is_text() -> None:
    assert texts("Title: T\n\n40 trusts replied.\n\n1.2 million people wait.") == [
        "40 trusts replied.", "1.2 million people wait.",
    ]  # fmt: skip


def test_lines_are_paragraphs_unless_the_text_is_hard_wrapped() -> None:
    wrapped = (
        "Title: T\n\nThe trust has signed an agreement with a company which will\n"
        "run the new centre for ten years, at a price that is not\nnamed.\n\n"
        "Its board met on Tuesday and heard from the director of finance\nthat the sum is confidential.\n"
    )
    assert texts(wrapped) == [
        "The trust has signed an agreement with a company which will run the new centre for ten years, at a price "  # noqa: ISC004
        "that is not named.",
        "Its board met on Tuesday and heard from the director of finance that the sum is confidential.",
    ]  # fmt: skip
    assert texts("Title: T\n\nOne point.\nAnother point.\nA third point.") == [
        "One point.", "Another point.", "A third point.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Title: T\n\nIt cost £5m – “too much”.".encode("cp1252"), "It cost £5m – “too much”."),
        ("Title: T\n\nIt cost £5m.".encode("utf-16"), "It cost £5m."),
        ("\ufeffTitle: T\n\nIt cost £5m.".encode(), "It cost £5m."),
        ("Title: T\r\n\r\nIt cost £5m.\r\n".encode(), "It cost £5m."),
        ("Title: T\n\nA soft\u00adhyphen and a\u200bzero width space.".encode(), "A softhyphen and azero width space."),
    ],
)
def test_encodings_and_invisible_characters(data: bytes, expected: str) -> None:
    assert [paragraph.text for paragraph in read(data, name="a.txt").paragraphs] == [expected]


def test_bytes_that_are_not_utf8_are_remarked_on() -> None:
    assert "not UTF-8" in read("Title: T\n\nIt cost £5m.".encode("cp1252"), name="a.txt").notes[0]
    assert article("Title: T\n\nIt cost £5m.").notes == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"Title: only a title\n\n", "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 500, "binary"),
        (b"word " * 1_100_000, "too_large"),
    ],
)
def test_what_is_no_article_is_said_to_be_none(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data, name="a.txt")
    assert caught.value.reason == reason


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_and_paragraphs_are_clean(text: str) -> None:
    try:
        found = article(text)
    except UnreadableError:
        return
    assert [paragraph.paragraph_no for paragraph in found.paragraphs] == list(range(1, len(found.paragraphs) + 1))
    for paragraph in found.paragraphs:
        assert paragraph.text == " ".join(paragraph.text.split())
        assert paragraph.text


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name)
def test_the_seeds_have_no_furniture(path: Path) -> None:
    found = read(path.read_bytes(), name=path.name)
    joined = "\n".join(paragraph.text.lower() for paragraph in found.paragraphs)
    for furniture in ("top of page", "bottom of page", "read the full report", "by carl stevenson", "guest blog by"):
        assert furniture not in joined
    assert len(found.paragraphs) >= 8
