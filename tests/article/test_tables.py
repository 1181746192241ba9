"""Tables of data give one paragraph a row that names its columns, in pages and in PDFs; layout tables do not."""

from collections.abc import Sequence

import pytest

from extractors.article.blocks import blocks_of
from extractors.article.model import Paragraph
from extractors.article.page import read_page, tree_of
from extractors.article.pdf import read_pdf
from extractors.figures import find_figures
from tests.article.pdfs import Set, column, make_pdf
from tests.article.test_page_text import HEADING, SENTENCES, missing, paragraphs

ROWS = (("Ashmere", "1,204", "£3.1m"), ("Dunmoor", "88", "£0.4m"), ("Oldwell", "640", "£1.9m"))
NAMES = ("Trust", "Patients sent", "Paid")
WANTED = [
    "Trust: Ashmere; Patients sent: 1,204; Paid: £3.1m",
    "Trust: Dunmoor; Patients sent: 88; Paid: £0.4m",
    "Trust: Oldwell; Patients sent: 640; Paid: £1.9m",
]


def rows_of(table: str) -> list[str]:
    page = f"<article>{HEADING}{paragraphs(0, 4)}{table}{paragraphs(4)}</article>"
    article = read_page(f"<html><body>{page}</body></html>".encode())
    assert missing(article) == []
    return [paragraph.text for paragraph in article.paragraphs if paragraph.kind == "table_row"]


def cells(tag: str, texts: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"


BODY = "".join(cells("td", row) for row in ROWS)


@pytest.mark.parametrize(
    "table",
    [
        f"<table><thead>{cells('th', NAMES)}</thead><tbody>{BODY}</tbody></table>",
        f"<table>{cells('th', NAMES)}{BODY}</table>",
        f"<table>{cells('td', NAMES)}{BODY}</table>",
        f"<figure><div><table><caption>Paid</caption>{cells('th', NAMES)}{BODY}</table></div></figure>",
        "<table>"
        + cells("th", NAMES)
        + BODY.replace("<td>£3.1m</td>", "<td><p><b>£3.1m</b><sup><a>1</a></sup></p></td>")
        + "</table>",
    ],
)
def test_a_row_names_its_columns(table: str) -> None:
    assert rows_of(table) == WANTED


def test_the_text_shows_a_table_as_the_page_does() -> None:
    table = f"<table>{cells('th', NAMES)}{BODY}</table>"
    text = read_page(
        f"<html><body><article>{HEADING}{paragraphs()}{table}<p>So it is.</p></article></body></html>".encode()
    ).text
    assert "Trust | Patients sent | Paid\nAshmere | 1,204 | £3.1m" in text
    assert text.count("Patients sent") == 1


def test_heads_of_two_rows_are_joined() -> None:
    heads = "<tr><th rowspan=2>Trust</th><th colspan=2>Paid</th></tr><tr><th>2022</th><th>2023</th></tr>"
    body = cells("td", ("Ashmere", "£3m", "£4m")) + cells("td", ("Oldwell", "£1m", "£2m"))
    table = f"<table><thead>{heads}</thead>{body}</table>"
    assert rows_of(table) == [
        "Trust: Ashmere; Paid, 2022: £3m; Paid, 2023: £4m",
        "Trust: Oldwell; Paid, 2022: £1m; Paid, 2023: £2m",
    ]


def test_a_row_of_one_cell_names_the_group_below_it() -> None:
    group = "<tr><td colspan=3>County trusts</td></tr>"
    assert rows_of(f"<table>{cells('th', NAMES)}{group}{BODY}</table>")[0] == f"County trusts; {WANTED[0]}"


def test_names_beside_values_are_kept_with_them() -> None:
    table = "<table><tr><td>Patients sent</td><td>1,204</td></tr><tr><td>Paid:</td><td>£3.1m</td></tr></table>"
    assert rows_of(table) == ["Patients sent: 1,204", "Paid: £3.1m"]


def test_lists_in_cells_are_kept() -> None:
    rows = "".join(
        f"<tr><td>{day}</td><td><ul><li>10 to 8</li><li>{n} patients</li></ul></td></tr>"
        for day, n in (("Monday", 41), ("Friday", 37))
    )
    assert rows_of(f"<table>{rows}</table>") == ["Monday: 10 to 8, 41 patients", "Friday: 10 to 8, 37 patients"]


@pytest.mark.parametrize("attributes", ["", " role=presentation"])
def test_a_table_that_lays_out_a_page_is_none(attributes: str) -> None:
    side = "<td><a href='/'>Home</a></td>"
    page = f"<table{attributes}><tr>{side}<td>{HEADING}{paragraphs()}</td></tr><tr>{side}<td>©</td></tr></table>"
    article = read_page(f"<html><body>{page}</body></html>".encode())
    assert missing(article) == []
    assert not [paragraph for paragraph in article.paragraphs if paragraph.kind == "table_row"]


@pytest.mark.parametrize("span", ["99999999", "500", "-3", "two", "0"])
def test_hostile_spans_end_in_rows(span: str) -> None:
    wide = f"<tr><td colspan={span} rowspan={span}>Ashmere</td><td>£3.1m</td></tr>"
    blocks = blocks_of(tree_of(f"<table>{cells('th', NAMES)}{wide}{BODY}</table>"))
    assert len([block for block in blocks if block.kind == "table_row"]) >= 3


def test_a_report_s_table_is_rows_too() -> None:
    sheet = column([*(f"{one} {two}" for one, two in zip(SENTENCES[::2], SENTENCES[1::2], strict=True))], top=760)
    for number, row in enumerate((NAMES, *ROWS)):
        sheet += [Set(72 + 160 * place, 600 - 16 * number, text) for place, text in enumerate(row)]
    sheet += column([SENTENCES[0], SENTENCES[1]], top=500)
    found = [p for p in read_pdf(make_pdf([sheet])).paragraphs if p.kind == "table_row"]
    assert [row.text for row in found] == WANTED
    assert found[0].shown == "Trust | Patients sent | Paid\nAshmere | 1,204 | £3.1m"


def rows_in_pdf(*cells: Set) -> list[str]:
    """The rows of a table that is set between two passages of prose."""
    before, after = column(list(SENTENCES[:3]), top=760), column(list(SENTENCES[3:6]), top=400)
    found = read_pdf(make_pdf([[*before, *cells, *after]])).paragraphs
    text = " ".join(paragraph.text for paragraph in found if paragraph.kind != "table_row")
    assert [sentence for sentence in SENTENCES[:6] if sentence not in text] == []
    return [paragraph.text for paragraph in found if paragraph.kind == "table_row"]


def grid(rows: Sequence[Sequence[str]], places: Sequence[int], *, leading: int, right: bool = False) -> list[Set]:
    """Cells row by row; numbers end at one place where they are set `right`."""
    return [
        Set(x + (90 - 5.5 * len(text)) * (right and bool(place)), 660 - leading * number, text)
        for number, row in enumerate(rows)
        for place, (x, text) in enumerate(zip(places, row, strict=True))
        if text
    ]


@pytest.mark.parametrize("leading", [13, 18, 30])
@pytest.mark.parametrize("right", [False, True])
def test_a_report_s_columns_are_told_by_their_place(leading: int, right: bool) -> None:
    assert rows_in_pdf(*grid((NAMES, *ROWS), (72, 220, 380), leading=leading, right=right)) == WANTED


def test_years_name_columns_and_an_empty_cell_stays_empty() -> None:
    rows = (
        ("Region", "2021/22", "Change on 2020"),
        ("London", "8.0", "+3%"),
        ("South", "", "+9%"),
        ("North", "7.1", "-2%"),
    )
    assert rows_in_pdf(*grid(rows, (72, 220, 380), leading=18)) == [
        "Region: London; 2021/22: 8.0; Change on 2020: +3%",
        "Region: South; Change on 2020: +9%",
        "Region: North; 2021/22: 7.1; Change on 2020: -2%",
    ]


def test_lines_of_one_cell_are_joined_and_a_row_of_one_cell_is_a_group() -> None:
    cells = [
        *grid((NAMES, ("County", "", ""), ("Ashmere and", "1,204", "£3.1m")), (72, 220, 380), leading=30),
        Set(72, 588, "Dunmoor Hospitals"),
        *(cell._replace(y=cell.y - 90) for cell in grid(ROWS[1:], (72, 220, 380), leading=30)),
    ]
    assert rows_in_pdf(*cells) == [
        "County; Trust: Ashmere and Dunmoor Hospitals; Patients sent: 1,204; Paid: £3.1m",
        *(f"County; {row}" for row in WANTED[1:]),
    ]


def test_heads_of_two_rows_in_a_report_are_joined() -> None:
    rows = (("Trust", "Paid", ""), ("", "2022", "2023"), ("Ashmere", "£3m", "£4m"), ("Oldwell", "£1m", "£2m"))
    assert rows_in_pdf(*grid(rows, (72, 220, 380), leading=18)) == [
        "Trust: Ashmere; Paid, 2022: £3m; Paid, 2023: £4m",
        "Trust: Oldwell; Paid, 2022: £1m; Paid, 2023: £2m",
    ]


def test_two_columns_of_prose_are_no_table() -> None:
    words = " ".join(SENTENCES).split()
    halves = [" ".join(words[start : start + 6]) for start in range(0, 108, 6)]
    lines = [Set(60 + 260 * (n % 2), 760 - 14 * (n // 2), text) for n, text in enumerate(halves)]
    assert not [p for p in read_pdf(make_pdf([lines])).paragraphs if p.kind == "table_row"]


@pytest.mark.parametrize(
    ("row", "measures"),
    [
        (WANTED[0], {"1,204": "Patients sent, Ashmere", "£3.1m": "Paid, Ashmere"}),
        ("County trusts; Trust: Ashmere; Paid, 2022: £3m", {"£3m": "Paid, 2022, County trusts, Ashmere"}),
        ("Patients sent: 1,204", {"1,204": "Patients sent"}),
        ("Ashmere; Paid: £3m; Waiting: 12%", {"£3m": "Paid, Ashmere", "12%": "Waiting, Ashmere"}),
    ],
)
def test_a_figure_in_a_row_is_about_its_column_and_its_row(row: str, measures: dict[str, str]) -> None:
    figures = find_figures((Paragraph(1, "table_row", row),))
    assert {figure.surface: figure.measure for figure in figures} == measures


def test_what_is_shown_does_not_tell_paragraphs_apart() -> None:
    assert Paragraph(1, "table_row", WANTED[0], "Ashmere | 1,204") == Paragraph(1, "table_row", WANTED[0])
