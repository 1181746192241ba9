"""Signatures of article texts, by which near-duplicates are found (`extractors.duplicates`)."""

from collections.abc import Iterable, Mapping

from duckdb import DuckDBPyConnection

from warehouse.rows import staged_values, upsert_rows
from warehouse.sql import statement
from warehouse.transaction import transaction


def save_signatures(connection: DuckDBPyConnection, signatures: Mapping[str, bytes]) -> None:
    """Keep signatures by article_id. Articles that are not loaded are passed over, signatures as before not written."""
    with transaction(connection):
        write_signatures(connection, signatures)


def write_signatures(connection: DuckDBPyConnection, signatures: Mapping[str, bytes]) -> None:
    """As `save_signatures`, within the caller's transaction."""
    known = dict(connection.execute(statement("signatures_of"), [list(signatures)]).fetchall())
    news = {name: signature for name, signature in signatures.items() if known.get(name) != signature}
    with staged_values(connection, news):
        hashes = dict(connection.execute(statement("content_hashes")).fetchall())
    rows = [
        {"article_id": name, "content_hash": hashes[name], "signature": signature}
        for name, signature in news.items()
        if name in hashes
    ]
    upsert_rows(connection, "article_signatures", rows)


def stored_signatures(connection: DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, bytes]:
    """The signatures of these articles, by article_id; those without one are left out."""
    rows = connection.execute(statement("signatures_of"), [list(article_ids)]).fetchall()
    return {str(name): bytes(signature) for name, signature in rows}


def load_signatures(connection: DuckDBPyConnection, *, originals_only: bool = True) -> dict[str, bytes]:
    """Signatures by article_id, the articles first seen earliest first; by default those of originals only."""
    rows = connection.execute(statement("signatures"), [originals_only]).fetchall()
    return {str(name): bytes(signature) for name, signature in rows}
