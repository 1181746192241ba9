"""The five questions of who says what: the cookbook's queries find the rows that were judged by hand."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from tests.flows.test_own_corpus import corpus
from tests.warehouse.cookbook import COOKBOOK, recipes, warehouse_of
from warehouse.database import open_snapshot

CHECKED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("said_checked.toml").read_text(encoding="utf-8"))
TITLES = CHECKED.pop("articles")
QUERIES = {recipe.question: recipe.query for recipe in recipes(COOKBOOK.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """What is published of the articles whose rows were judged."""
    home = tmp_path_factory.mktemp("said")
    (home / "seeds" / "articles").mkdir(parents=True)
    entries = []
    for number, article in enumerate(one for one in corpus() if one.title in TITLES):
        name = f"{number:02}.txt"
        text = "\n\n".join([f"Title: {article.title}", *article.paragraphs])
        (home / "seeds" / "articles" / name).write_text(text, "utf-8")
        entries.append(
            f'[[article]]\nfile = "{name}"\ntitle = {json.dumps(article.title)}\n'
            f'publisher = {json.dumps(article.voice)}\npublished = "{article.year}"\n'
        )
    assert len(entries) == len(TITLES)
    (home / "seeds" / "manifest.toml").write_text("\n".join(entries), "utf-8")
    with open_snapshot(warehouse_of(home / "seeds", home / "data")) as connection:
        yield connection


@pytest.mark.parametrize("question", CHECKED)
def test_the_cookbook_answers_with_the_rows_that_were_judged(articles: DuckDBPyConnection, question: str) -> None:
    cursor = articles.execute(re.sub(r"LIMIT \d+", "", QUERIES[question]))
    names = [column[0] for column in cursor.description or ()]
    answered = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    judged = CHECKED[question]["rows"]
    assert len(judged) >= 10
    missing = [row for row in judged if not any(_holds(row, found) for found in answered)]
    assert not missing


def _holds(row: dict[str, object], found: dict[str, object]) -> bool:
    return all(
        str(found[name]).startswith(str(told)) if name in {"said", "passage"} else found[name] == told
        for name, told in row.items()
    )
