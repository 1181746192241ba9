"""Numbered migrations of the schema, each applied together with its record in one transaction."""

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import NewerSchemaError, WarehouseError
from warehouse.sql import SqlFile, sql_files, statement
from warehouse.transaction import transaction


def migrations() -> tuple[SqlFile, ...]:
    """All migrations in their order; the number before the first underscore counts from 1 without gaps."""
    return sql_files("migrations")


def current_schema() -> int:
    """The schema version of this release."""
    return len(migrations())


def schema_version(connection: DuckDBPyConnection) -> int:
    """The schema version of an open database; 0 for an empty one."""
    exists = connection.execute(statement("has_migrations_table")).fetchone()
    if not exists or not exists[0]:
        return 0
    found = connection.execute(statement("schema_version")).fetchone()
    return int(found[0]) if found else 0


def migrate(connection: DuckDBPyConnection) -> int:
    """Bring the schema up to this release's; returns how many migrations were applied.

    Raises:
        NewerSchemaError: the database is of a later release; nothing was changed.
        WarehouseError: a migration failed; it and those after it were not applied.
    """
    version = schema_version(connection)
    if version > current_schema():
        raise NewerSchemaError(
            f"this warehouse has schema version {version}, and this release knows only {current_schema()}; upgrade "
            "the project (git pull, then make ingest), or set COMMENTARY_HOME to another folder"
        )
    if version == 0:
        connection.execute(statement("create_migrations_table"))
    for number, file in enumerate(migrations()[version:], start=version + 1):
        _apply(connection, number, file)
    return current_schema() - version


def _apply(connection: DuckDBPyConnection, number: int, file: SqlFile) -> None:
    try:
        with transaction(connection):
            connection.execute(file.text)
            connection.execute(statement("record_migration"), [number, file.name])
    except duckdb.Error as error:
        raise WarehouseError(f"migration {file.name} failed and was undone: {error}") from error
