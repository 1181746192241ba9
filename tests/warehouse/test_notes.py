"""An analyst's notes: applied over the snapshot, never lost by a publication, told of when their text changes."""

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.builders import NOW, coded, figure_at, rich
from warehouse.articles import store_articles
from warehouse.backup import back_up, restore
from warehouse.coded import CodedArticle, article_id
from warehouse.database import open_snapshot, open_warehouse
from warehouse.errors import WarehouseError
from warehouse.export import export
from warehouse.notes import (
    Note,
    NotesError,
    added,
    correction,
    kept_notes,
    laid_relations,
    lay_over,
    noted,
    read_notes,
    remark,
    write_notes,
)
from warehouse.publish import publish
from warehouse.workspace import Workspace

TODAY = date(2026, 3, 2)
ONE = rich()
ARTICLE = ONE.article_id
FIGURE = f"{ARTICLE}-p1-{ONE.figures[0].char_start}"
MENTION = f"{ARTICLE}-p1-capacity"


def _publish(workspace: Workspace, *articles: CodedArticle) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, articles)
    publish(workspace, NOW)


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """The folder of a published article with two figures and two themes."""
    workspace = Workspace(tmp_path_factory.mktemp("noted") / "data")
    workspace.prepare()
    shutil.copyfile(template, workspace.database)
    _publish(workspace, ONE)
    return workspace.home


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return Workspace(Path(shutil.copytree(published_once, tmp_path / "data")))


def _make(workspace: Workspace, *wanted: tuple[str, str, str | None]) -> None:
    """Corrections of target, field and value, and remarks where the field is their kind, added to the file."""
    for target, field, becomes in wanted:
        with open_snapshot(workspace) as connection:
            if field in ("publisher", "tag", "comment"):
                made = remark(connection, field, target, becomes or "", TODAY)  # type: ignore[arg-type]
            else:
                made = correction(connection, target, field, becomes, "since I say so", TODAY)
        write_notes(workspace.notes, added(read_notes(workspace.notes), made))


def _rows(workspace: Workspace, query: str) -> list[tuple[Any, ...]]:
    with open_snapshot(workspace) as connection:
        noted(connection, read_notes(workspace.notes))
        return connection.execute(query).fetchall()


def _states(workspace: Workspace) -> list[str]:
    with open_snapshot(workspace) as connection:
        return [one.state for one in noted(connection, read_notes(workspace.notes))]


def test_a_figure_is_corrected_in_a_layer_of_its_own(published: Workspace) -> None:
    _make(published, (FIGURE, "value", "430"), (FIGURE, "base", "all patients"), (FIGURE, "period_end", "2019-06-30"))
    query = "SELECT value, value_low, value_high, base, period_end, corrected FROM {} WHERE figure_id = '{}'"
    assert _rows(published, query.format("v_figures_corrected", FIGURE)) == [
        (430, 430, 430, "all patients", date(2019, 6, 30), ["value", "base", "period_end"])
    ]
    assert _rows(published, f"SELECT value, base FROM v_figures WHERE figure_id = '{FIGURE}'") == [(420, None)]
    assert _rows(published, "SELECT count(*) FROM v_figures_corrected WHERE corrected = []") == [(1,)]


def test_a_note_on_a_copy_is_of_the_copy_alone(published: Workspace) -> None:
    url = "https://copy.example/one"
    copy = replace(ONE, article_id=article_id(url), url=url, addresses=(url,), duplicate_of=ARTICLE)
    _publish(published, ONE, copy)
    _make(published, (FIGURE.replace(ARTICLE, copy.article_id), "value", "430"))
    query = "SELECT article_id, is_copy, value, corrected FROM v_figures_corrected WHERE surface = '420 patients'"
    assert sorted(_rows(published, query)) == sorted(
        [(ARTICLE, False, 420.0, []), (copy.article_id, True, 430.0, ["value"])]
    )


def test_what_is_no_figure_is_left_out(published: Workspace) -> None:
    _make(published, (FIGURE, "figure", None))
    assert FIGURE not in str(_rows(published, "SELECT figure_id FROM v_figures_corrected"))


def test_themes_are_framed_anew_left_out_and_added(published: Workspace) -> None:
    _make(
        published,
        (MENTION, "framing", "benefit"),
        (f"{ARTICLE}-p2-trust", "framing", None),
        (f"{ARTICLE}-p2-incentives", "framing", "proposal"),
    )
    rows = _rows(
        published, "SELECT theme_id, paragraph_no, framing, is_corrected FROM v_mentions_corrected ORDER BY ALL"
    )
    assert rows == [("capacity", 1, "benefit", True), ("incentives", 2, "proposal", True)]
    [sentence] = _rows(published, "SELECT sentence FROM v_mentions_corrected WHERE theme_id = 'incentives'")
    assert sentence == (ONE.article.paragraphs[1].text,)


def test_a_publisher_is_named_anew_everywhere_or_for_one_article(published: Workspace) -> None:
    _publish(published, coded("two"), coded("three"))
    two = coded("two").article_id
    _make(published, ("The Think Tank", "publisher", "Think Tank Ltd"), (two, "publisher", "Another"))
    rows = _rows(published, "SELECT publisher, count(*) FROM v_articles_corrected GROUP BY ALL ORDER BY ALL")
    assert rows == [("Another", 1), ("Think Tank Ltd", 2)]
    assert _rows(published, "SELECT DISTINCT publisher FROM v_figures_corrected") == [("Think Tank Ltd",)]


def test_tags_and_comments_stand_on_anything(published: Workspace) -> None:
    _make(
        published,
        (ARTICLE, "tag", "cite"),
        (FIGURE, "tag", "check"),
        (f"{ARTICLE}-p2", "comment", 'It\'s said "here".\nAnd 😀.'),
        (MENTION, "tag", "cite"),
    )
    assert _rows(published, "SELECT tags FROM v_articles_corrected") == [(["check", "cite"],)]
    assert _rows(published, f"SELECT tags FROM v_figures_corrected WHERE figure_id = '{FIGURE}'") == [(["check"],)]
    query = "SELECT mention_id, tags FROM v_mentions_corrected WHERE len(tags) > 0"
    assert _rows(published, query) == [(MENTION, ["cite"])]
    assert _rows(published, "SELECT becomes FROM notes WHERE kind = 'comment'") == [('It\'s said "here".\nAnd 😀.',)]
    assert _states(published) == ["applied"] * 4


def test_no_publication_loses_notes_and_a_changed_text_is_told_of(published: Workspace) -> None:
    _make(
        published, (FIGURE, "value", "430"), (MENTION, "framing", "benefit"), (ARTICLE, "tag", "cite"),
        ("The Think Tank", "publisher", "Think Tank Ltd"),
    )  # fmt: skip
    before = published.notes.read_bytes()
    text = ONE.article.paragraphs[0].text
    later = NOW + timedelta(days=1)

    # The same figure at the same place in a sentence that says something else.
    edited = rich(fetched_at=later)
    paragraphs = (
        replace(edited.article.paragraphs[0], text=text.replace("Waiting", "Theatre")),
        *edited.article.paragraphs[1:],
    )
    changed = replace(
        edited, article=replace(edited.article, paragraphs=paragraphs), themes=(), said=type(edited.said)()
    )
    _publish(published, replace(changed, content_hash="other"))
    assert published.notes.read_bytes() == before
    assert _states(published) == ["changed", "changed", "applied", "applied"]
    assert _rows(published, f"SELECT value FROM v_figures_corrected WHERE figure_id = '{FIGURE}'") == [(420,)]


def test_a_note_is_settled_when_the_data_say_so_and_gone_with_its_text(published: Workspace) -> None:
    _make(published, (FIGURE, "value", "430"), (f"{ARTICLE}-p2", "comment", "why?"))
    right = figure_at(ONE.article, 1, "420 patients", 430, period=ONE.figures[0].period)
    _publish(published, replace(ONE, figures=(right, *ONE.figures[1:]), extractor_version="2"))
    assert _states(published) == ["settled", "applied"]
    _publish(published, coded("one", "Another text altogether.", fetched_at=NOW + timedelta(days=1)))
    assert _states(published) == ["gone", "gone"]


def test_a_later_note_takes_the_place_of_an_earlier_one(published: Workspace) -> None:
    _make(published, (FIGURE, "value", "430"), (FIGURE, "value", "440"), (ARTICLE, "tag", "a"), (ARTICLE, "tag", "b"))
    assert [one.becomes for one in read_notes(published.notes)] == ["440.0", "a", "b"]


@pytest.mark.parametrize(
    ("target", "field", "becomes", "told"),
    [
        (FIGURE, "colour", "red", "no field of a figure"),
        (FIGURE, "value", "many", "no number"),
        (FIGURE, "value", "1,5", "no number like 2,100,000.5"),
        (FIGURE, "value_high", "nan", "no number"),
        (FIGURE, "kind", "banana", "can be money"),
        (FIGURE, "qualifier", "maybe", "can be exact"),
        (FIGURE, "change", "up", "can be increase, decrease"),
        (FIGURE, "period_end", "soon", "no day"),
        (FIGURE, "value", "420", "already"),
        (f"{ARTICLE}-p1-9", "value", "1", "not in the published snapshot"),
        (MENTION, "framing", "praise", "framing can be"),
        (f"{ARTICLE}-p1-fame", "framing", "problem", "no theme"),
        (f"{ARTICLE}-p9-trust", "framing", "problem", "not in the published snapshot"),
        ("elsewhere", "value", "1", "neither a figure_id"),
        ("Nobody", "publisher", "Somebody", "not in the published snapshot"),
        (ARTICLE, "tag", " ", "says nothing"),
    ],
)
def test_a_note_on_nothing_is_refused(published: Workspace, target: str, field: str, becomes: str, told: str) -> None:
    with pytest.raises(WarehouseError, match=told):
        _make(published, (target, field, becomes))
    assert not published.notes.exists()


def test_a_file_written_by_hand_is_read_or_its_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    path.write_text(f'[[note]]\nkind = "tag"\ntarget = "{ARTICLE}"\nbecomes = "cite"\nmade_on = 2026-03-02\n')
    assert read_notes(path) == (Note(kind="tag", target=ARTICLE, becomes="cite", made_on=TODAY),)
    head = f'[[note]]\nkind = "figure"\ntarget = "{FIGURE}"\nmade_on = 2026-03-02\n'
    for field, value, written in (("value", "4,400", "4400.0"), ("period_end", "2019-06-30", "2019-06-30")):
        for form in (f'"{value}"', value.replace(",", "")):  # as text, or as the number and the day that it is
            path.write_text(f'{head}field = "{field}"\nexpects = {form}\nbecomes = {form}\n')
            [note] = read_notes(path)
            assert (note.expects, note.becomes) == (written, written)
    for wrong, told in (
        ('kind = "tag"', "lacks"), ('kind = "song"\ntarget = "a"\nmade_on = 2026-03-02', "kind"),
        ('kind = "figure"\ntarget = "a"\nfield = "value"\nbecomes = "x"\nmade_on = 2026-03-02', "no number"),
        ('kind = "figure"\ntarget = "a"\nfield = "size"\nmade_on = 2026-03-02', "known are value"),
    ):  # fmt: skip
        path.write_text(f"[[note]]\n{wrong}\n")
        with pytest.raises(NotesError, match=told):
            read_notes(path)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(str.strip))
def test_any_words_come_back_from_the_file(words: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.toml"
        note = Note(kind="comment", target=ARTICLE, becomes=words, words=words, made_on=TODAY)
        write_notes(path, [note])
        assert read_notes(path) == (note,)


def test_any_duckdb_applies_them_from_the_script_beside(published: Workspace) -> None:
    _make(published, (FIGURE, "value", "430"), (ARTICLE, "comment", "Robert'); DROP TABLE notes; --"))
    with duckdb.connect(str(published.published), read_only=True) as connection:
        connection.execute(published.notes.with_suffix(".sql").read_text("utf-8"))
        assert connection.execute("SELECT count(*) FROM v_figures_corrected WHERE value = 430").fetchone() == (1,)
        assert connection.execute("SELECT becomes FROM notes WHERE note_no = 2").fetchone() == (
            "Robert'); DROP TABLE notes; --",
        )


def test_the_script_beside_follows_a_file_that_was_edited_by_hand_or_restored(
    published: Workspace, tmp_path: Path
) -> None:
    _make(published, (FIGURE, "value", "430"))
    edited = published.notes.read_text("utf-8").replace("430.0", "440")
    published.notes.write_text(edited, "utf-8")
    assert kept_notes(published.notes)[0].becomes == "440.0"
    assert "'440.0'" in published.notes.with_suffix(".sql").read_text("utf-8")
    back_up(published, tmp_path / "backup", NOW)
    restored = Workspace(tmp_path / "restored")
    restore(restored, tmp_path / "backup")
    assert restored.notes.with_suffix(".sql").read_text("utf-8") == published.notes.with_suffix(".sql").read_text(
        "utf-8"
    )


def test_what_notes_make_of_it_is_exported_and_described(published: Workspace, tmp_path: Path) -> None:
    _make(published, (FIGURE, "value", "430"), (ARTICLE, "tag", "cite"))
    with open_snapshot(published, files=True) as connection:
        lay_over(connection, read_notes(published.notes))
        export(connection, tmp_path / "out", ("csv", "xlsx"), laid=laid_relations(connection))
        export(connection, tmp_path / "one", ("csv",), ["v_figures_corrected"], laid_relations(connection))
    with (tmp_path / "out" / "v_figures_corrected.csv").open(encoding="utf-8-sig") as file:
        values = {row["figure_id"]: row["value"] for row in csv.DictReader(file)}
    assert float(values[FIGURE]) == 430
    assert {"notes.csv", "v_articles_corrected.csv", "v_mentions_corrected.csv"} <= {
        file.name for file in (tmp_path / "out").iterdir()
    }
    assert "v_figures_corrected" in openpyxl.load_workbook(tmp_path / "out" / "commentary.xlsx").sheetnames
    with (tmp_path / "out" / "dictionary.csv").open(encoding="utf-8-sig") as file:
        meanings = {
            row["column"]: row["meaning"] for row in csv.DictReader(file) if row["relation"] == "v_figures_corrected"
        }
    assert all(meanings.values())
    assert [file.name for file in (tmp_path / "one").glob("*.csv") if file.name != "dictionary.csv"] == [
        "v_figures_corrected.csv"
    ]
