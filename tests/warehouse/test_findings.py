"""What an edit changed, as it is recorded: how it was and how it is, even where the words of a figure stand."""

from extractors.article.model import Paragraph
from extractors.changes import Version, what_changed
from extractors.figures import find_figures
from warehouse.articles import change_rows


def version(text: str) -> Version:
    paragraphs = (Paragraph(1, "prose", text),)
    return Version(paragraphs, find_figures(paragraphs, None), ())


def changes(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    return [(row.change, row.before, row.after) for row in change_rows(what_changed(version(before), version(after)))]


def test_a_figure_with_other_words_is_told_by_them() -> None:
    assert changes("Trusts spent £8m in 2023/24.", "Trusts spent £9m in 2023/24.") == [("changed", "£8m", "£9m")]


def test_a_figure_with_the_same_words_is_told_by_the_field_that_differs() -> None:
    assert changes("Trusts spent £8m in 2023/24.", "Trusts spent £8m in 2024/25.") == [
        ("changed", "£8m (period 2023-04-01 to 2024-03-31)", "£8m (period 2024-04-01 to 2025-03-31)")
    ]
