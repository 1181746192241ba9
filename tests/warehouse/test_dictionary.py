"""The data dictionary: everything has a comment, and docs/tables.md is made from them."""

from duckdb import DuckDBPyConnection

from tests.conftest import ROOT
from warehouse.dictionary import ANALYST, markdown, stored_relations

PAGE = ROOT / "docs" / "tables.md"


def test_the_page_is_made_from_the_comments(connection: DuckDBPyConnection) -> None:
    assert markdown(stored_relations(connection)) == PAGE.read_text(encoding="utf-8"), (
        "run `commentary tables --format markdown > docs/tables.md` and read the difference"
    )


def test_what_an_analyst_needs_fits_on_a_page(connection: DuckDBPyConnection) -> None:
    relations = stored_relations(connection)
    own = [one.name for one in relations if one.audience == "analyst" and one.kind != "macro"]
    assert own == list(ANALYST)
    assert 14 <= len(own) <= 18
    assert {one.audience for one in relations if one.name.startswith("v_")} == {"analyst", "closer"}
    assert {"fetches", "search_postings", "robots"} <= {one.name for one in relations if one.audience == "pipeline"}


def test_every_relation_and_column_has_a_comment(connection: DuckDBPyConnection) -> None:
    for relation in stored_relations(connection):
        assert relation.comment, relation.name
        assert all(column.comment for column in relation.columns), relation.name
        assert bool(relation.columns) == (relation.kind != "macro"), relation.name


def test_macros_are_named_as_they_are_called(connection: DuckDBPyConnection) -> None:
    assert {"search(query)", "new_articles(since)"} <= {one.called for one in stored_relations(connection)}
