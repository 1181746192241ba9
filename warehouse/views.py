"""The views that analysts ask, made anew whenever their text changed."""

import hashlib

from duckdb import DuckDBPyConnection

from warehouse.sql import sql_files, statement
from warehouse.transaction import transaction


def views_hash() -> str:
    """A hash of the text of all views of this release."""
    text = "\0".join(f"{file.name}\0{file.text}" for file in sql_files("views"))
    return hashlib.sha256(text.encode()).hexdigest()


def refresh_views(connection: DuckDBPyConnection) -> bool:
    """Create the views of this release in place of those there; returns whether anything had to be done.

    Views hold no data, so they are no migrations: they are dropped and made whenever their text changed, in one
    transaction. The hash of the text is kept beside the record of the migrations.
    """
    wanted = views_hash()
    found = connection.execute(statement("views_hash")).fetchone()
    if found and found[0] == wanted:
        return False
    with transaction(connection):
        for name, kind in connection.execute(statement("list_views")).fetchall():
            connection.execute(statement("drop_view", kind=kind, name=name))
        for file in sql_files("views"):
            connection.execute(file.text)
        connection.execute(statement("forget_views_hash"))
        connection.execute(statement("record_views_hash"), [wanted])
    return True
