"""The SQL of the project: statements by name in the `.sql` file of the module that uses them, and folders of files."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One file of SQL: its name without the ending, and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class Statements:
    """The statements of one file by their names; each begins at a line `-- name: what_it_is_called`."""

    texts: dict[str, str]

    def __call__(self, name: str, /, **identifiers: str) -> str:
        """A statement, with `$table`-like placeholders filled by identifiers of our own schema.

        Values never come this way: they are bound as parameters.

        Raises:
            KeyError: no such statement, or a placeholder is left without its identifier.
        """
        text = self.texts[name]
        return Template(text).substitute(identifiers) if identifiers else text


def statements(module: str) -> Statements:
    """The statements beside a module: `statements(__file__)` of articles.py reads articles.sql.

    Raises:
        ValueError: text stands before the first name, or a name comes twice.
    """
    return statements_in(Path(module).with_suffix(".sql"))


def statements_in(file: Path) -> Statements:
    """The statements of one file, as `statements` reads them.

    Raises:
        ValueError: text stands before the first name, or a name comes twice.
    """
    before, *parts = _NAME.split(file.read_text(encoding="utf-8"))
    names, texts = parts[::2], parts[1::2]
    if before.strip():
        raise ValueError(f"{file}: text before the first `-- name:`")
    if len(set(names)) < len(names):
        raise ValueError(f"{file}: a name comes twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    return Statements({name: text.strip() for name, text in zip(names, texts, strict=True)})


def quoted(value: object) -> str:
    """A text as SQL writes it, for the places where a statement takes no parameter: paths, addresses, options."""
    return "'" + str(value).replace("'", "''") + "'"


@cache
def sql_files(folder: str) -> tuple[SqlFile, ...]:
    """All files of a folder of this package (`migrations`, `views`), in the order of their names."""
    entries = sorted(resources.files("warehouse").joinpath(folder).iterdir(), key=lambda entry: entry.name)
    return tuple(
        SqlFile(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in entries
        if entry.name.endswith(".sql")
    )
