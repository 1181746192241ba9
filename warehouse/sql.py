"""The SQL of the warehouse, each statement in its own file."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One file of SQL: its name without the ending, and its text."""

    name: str
    text: str


@cache
def sql_files(folder: str) -> tuple[SqlFile, ...]:
    """All files of a folder of this package (`migrations`, `views`, `checks`, `sql`), in the order of their names."""
    entries = sorted(resources.files("warehouse").joinpath(folder).iterdir(), key=lambda entry: entry.name)
    return tuple(
        SqlFile(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in entries
        if entry.name.endswith(".sql")
    )


@cache
def statement(name: str, /, **identifiers: str) -> str:
    """The text of `sql/<name>.sql`, with `$table`-like placeholders filled by identifiers of our own schema.

    Values never come this way: they are bound as parameters.

    Raises:
        KeyError: no such statement, or a placeholder is left without its identifier.
    """
    found = {file.name: file.text for file in sql_files("sql")}[name]
    return Template(found).substitute(identifiers) if identifiers else found
