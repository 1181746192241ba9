"""An operator's word against the judgement of a page: accepted in spite of it, or rejected and withdrawn."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from duckdb import DuckDBPyConnection

from extractors.web.model import Candidate
from warehouse.candidates import overrule
from warehouse.load import known_articles
from warehouse.rows import add_missing_rows
from warehouse.sql import statement
from warehouse.transaction import transaction
from warehouse.who_says_what import SAID_TABLES

OPERATOR = "operator"
# Everything that hangs on an article; what was fetched stays in the raw store and in `fetches`.
ARTICLE_TABLES = (
    "articles", "article_versions", "article_addresses", "article_signatures", "paragraphs", "figures",
    "theme_mentions", "version_changes", "emerging_terms", *SAID_TABLES,
)  # fmt: skip

Accepted = Literal["stored", "to_fetch", "loaded"]


def accept(connection: DuckDBPyConnection, url: str, fetch_url: str, now: datetime) -> Accepted:
    """Have the page at an address loaded whatever the judgement says.

    Args:
        connection: to the pipeline's database.
        url: its identity (`extractors.web.address.canonical`).
        fetch_url: the address to ask for.
        now: the time.

    Returns:
        "loaded" where it is an article already; "stored" where its bytes are kept and the next run reads them again;
        "to_fetch" where the next run fetches it.
    """
    if known_articles(connection, [url]):
        return "loaded"
    if overrule(connection, url, "accept"):
        forgotten = connection.execute(statement("forget_reading"), [url]).fetchall()
        return "stored" if forgotten else "to_fetch"
    candidate = Candidate(url, fetch_url, OPERATOR, None, now, "listing", OPERATOR, None, None, 1.0)
    row = {**asdict(candidate), "found_by": OPERATOR, "status": "new", "overruled": "accept"}
    with transaction(connection):
        add_missing_rows(connection, "candidates", [row])
    return "to_fetch"


def reject(connection: DuckDBPyConnection, url: str, now: datetime) -> str | None:
    """Keep the page at an address out, and withdraw the article that it became; the article_id, if there was one.

    Returns None where there was no article. `accept` takes the rejection back.

    Raises:
        KeyError: the address is neither a candidate nor an article.
    """
    article_id = known_articles(connection, [url]).get(url)
    urls = [url]
    with transaction(connection):
        if article_id is not None:
            urls += [
                str(row[0]) for row in connection.execute(statement("candidates_of_article"), [article_id]).fetchall()
            ]
            for table in ARTICLE_TABLES:
                connection.execute(statement("withdraw_article", table=table), [article_id])
            connection.execute(statement("forget_unnamed_actors"))
            connection.execute(statement("release_duplicates"), [article_id])
        known = [
            connection.execute(statement("reject_candidate"), {"url": one, "now": now}).fetchall()
            for one in dict.fromkeys(urls)
        ]
    if article_id is None and not any(known):
        raise KeyError(url)
    return article_id
