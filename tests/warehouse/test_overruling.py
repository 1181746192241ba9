"""An operator's rejection withdraws an article with all that hangs on it, and nothing else."""

import pytest
from duckdb import DuckDBPyConnection

from extractors.duplicates import BANDS, signature
from tests.warehouse.builders import NOW, coded, rich
from warehouse.articles import store_articles, store_signatures, stored_signatures_of
from warehouse.codebook import StoredTerm, replace_emerging_terms
from warehouse.publish import run_checks
from warehouse.watched import reject

BANDS_OF_ARTICLES = (
    "SELECT article_id, count(*) FROM article_bands_added JOIN article_keys USING (article_key) GROUP BY article_id"
)


def test_rejected_article_goes_with_all_that_hangs_on_it(connection: DuckDBPyConnection) -> None:
    copy = coded("copy", duplicate_of=rich().article_id)
    store_articles(connection, [rich(), coded("two"), copy])
    signatures = {rich().article_id: signature("one text"), copy.article_id: signature("another text")}
    store_signatures(connection, signatures)
    replace_emerging_terms(connection, [StoredTerm("lists", 3, 0, 2.0, rich().article_id, 1, 8, 13)])

    assert reject(connection, rich().url, NOW) == rich().article_id
    assert run_checks(connection) == ()
    left = connection.execute("SELECT article_id, duplicate_of FROM articles ORDER BY url").fetchall()
    assert left == [(copy.article_id, None), (coded("two").article_id, None)], "its copy stands for itself"
    assert stored_signatures_of(connection, signatures) == {copy.article_id: signatures[copy.article_id]}
    bands = connection.execute(BANDS_OF_ARTICLES).fetchall()
    assert bands == [(copy.article_id, BANDS)]


def test_rejecting_what_is_not_known_is_an_error(connection: DuckDBPyConnection) -> None:
    with pytest.raises(KeyError):
        reject(connection, "https://unknown.example", NOW)
