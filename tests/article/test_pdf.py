"""Reading of PDF reports: paragraphs from lines, metadata, and what cannot be read."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from extractors.article.model import UnreadableError
from extractors.article.pdf import read_pdf
from tests.article.pdfs import Set, column, make_pdf

BODY = [
    "The trust bought 4,200 operations from independent hospitals last year, which is more than",
    "in any year before. Managers say that the waiting list would otherwise have grown by a tenth.",
]
NEXT = [
    "Critics answer that the contract pays the private provider before the trust's own theatres are",
    "full, and that well-",
    "known surgeons leave for better pay. The trust denies that any commis-",
    "sioner was put under pressure to sign, and says that the independ-",
    "ent review found no fault.",
]


HEADINGS = ["What changed", "What it cost", "Who decided", "What comes next"]


def report(pages: int = 4) -> bytes:
    sheets = []
    for number in range(1, pages + 1):
        sheet = [Set(72, 800, "Buying capacity: a report", 9), Set(290, 30, f"Page {number}", 9)]
        if number == 1:
            sheet += [Set(72, 740, "Buying capacity", 24), Set(72, 712, "By Ann Low and Ben Okoro", 11)]
            sheet += [Set(72, 694, "March 2021", 11)]
        sheet += [Set(72, 650, f"{number}. {HEADINGS[number - 1]}", 16, bold=True)]
        points = [f"• First, pay {100 - number} less than now.", f"• Secondly, publish what year {number} cost."]
        sheet += column([*BODY, "", *NEXT, "", *(points if number == 1 else [])], top=620)
        sheets.append(sheet)
    return make_pdf(sheets, {"Title": "Buying capacity", "CreationDate": "D:20240105101500Z"})


def test_paragraphs_are_rebuilt_from_lines() -> None:
    article = read_pdf(report())
    kinds = [paragraph.kind for paragraph in article.paragraphs]
    assert kinds[:5] == ["heading", "prose", "prose", "list_item", "list_item"]
    texts = [paragraph.text for paragraph in article.paragraphs]
    assert texts[1] == " ".join(BODY)
    assert "well-known surgeons" in texts[2]
    assert "any commissioner was" in texts[2]
    assert "the independent review" in texts[2]
    assert texts[3] == "First, pay 99 less than now."


def test_running_heads_and_page_numbers_are_dropped() -> None:
    text = read_pdf(report()).text
    assert "a report" not in text
    assert "Page" not in text


def test_metadata_comes_from_what_the_report_shows() -> None:
    article = read_pdf(report(), url="https://example.org/report.pdf")
    assert article.title is not None
    assert (article.title.value, article.title.method) == ("Buying capacity", "pdf properties")
    assert article.authors == ("Ann Low", "Ben Okoro")
    assert article.published is not None
    assert (article.published.on, article.published.precision) == (date(2021, 3, 1), "month")
    assert article.language == "en-GB"


def test_an_update_that_a_report_shows_is_no_publication() -> None:
    data = make_pdf([[Set(72, 740, "Last updated: 3 March 2025", 11), *column(BODY + NEXT)]], {})
    assert (read_pdf(data).published, read_pdf(data).updated_on) == (None, date(2025, 3, 3))


@pytest.mark.parametrize("made_up", ["Microsoft Word - final v3.docx", "report_v2.indd", "untitled", ""])
def test_a_title_that_software_made_up_gives_way_to_the_largest_type(made_up: str) -> None:
    data = make_pdf([[Set(72, 740, "Buying capacity", 24), *column(BODY + NEXT)]], {"Title": made_up})
    title = read_pdf(data).title
    assert title is not None
    assert (title.value, title.method) == ("Buying capacity", "largest type")


def test_without_a_date_line_the_day_the_file_was_made_counts_in_its_own_time_zone() -> None:
    data = make_pdf([column(BODY + NEXT)], {"CreationDate": "D:20240105235900-08'00'"})
    published = read_pdf(data).published
    assert published is not None
    assert (published.on, published.method) == (date(2024, 1, 5), "pdf properties")


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    data = make_pdf([column([BODY[0]]), column([BODY[1], "", *NEXT])])
    assert read_pdf(data).paragraphs[0].text == " ".join(BODY)


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(report())))
    writer.encrypt("secret")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(), "encrypted"),
        (make_pdf([[], []]), "scanned"),
        (make_pdf([[Set(72, 700, "Agenda")]]), "empty"),
        (b"%PDF-1.7\nnothing of a PDF follows", "corrupt"),
        (report()[:400], "corrupt"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_pdf(data)
    assert caught.value.reason == reason
    assert ";" in str(caught.value)
