"""An analyst's notes: corrections, tags and comments in a file of his own, laid as views over a snapshot.

Each correction holds the value that it expects and the words that it was made on. Where the snapshot says something
else by now, it is not applied and is told of; no run and no publication touches the file.
"""

import json
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from duckdb import DuckDBPyConnection
from pydantic import Field, model_validator

from extractors.figures.model import Change, FigureKind, Qualifier
from extractors.lexicon import FileError, Table, read_tables
from warehouse.dictionary import Column, Relation, stored_relations
from warehouse.errors import WarehouseError
from warehouse.rows import select_rows
from warehouse.sql import quoted, statements
from warehouse.workspace import explained_disk_errors, write_atomically

SQL = statements(__file__)

NoteKind = Literal["figure", "theme", "publisher", "tag", "comment"]
State = Literal["applied", "settled", "changed", "gone"]

FIGURE = re.compile(r"[0-9a-f]{16}-p\d+-\d+")
MENTION = re.compile(r"[0-9a-f]{16}-p\d+-([a-z_]+)")

NUMBERS = ("value", "value_low", "value_high")
DAYS = ("period_start", "period_end")
WORDS = ("unit", "kind", "qualifier", "measure", "subject", "base", "change", "attribution")
FIGURE_FIELDS = (*NUMBERS, *DAYS, *WORDS)
# The field of a note that a figure is none.
WHOLE_FIGURE = "figure"
FRAMINGS = ("problem", "benefit", "proposal", "context")
# Fields with a fixed set of values: another one would be lost to whoever counts by them.
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(FigureKind),
    "qualifier": get_args(Qualifier),
    "change": get_args(Change),
}
# A comma parts thousands, and is no decimal point: 1,5 is a slip of the pen, not fifteen.
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?")

_COLUMNS = ("kind", "target", "field", "expects", "becomes", "words", "why", "made_on")
_HEAD = "# Notes on the commentary, kept by `commentary notes`; the order is that of making. See docs/cookbook.md.\n"


class NotesError(FileError):
    """The file of notes cannot be used."""


class Note(Table):
    """A note on a target: an article, a paragraph, a figure, a theme in a paragraph, or a publisher by name.

    `field` is what it corrects, `expects` the value there when it was made and `becomes` the one in its place, both
    None for nothing; a tag or a comment stands in `becomes`. `words` is the text that it was made on.
    """

    kind: NoteKind
    target: str
    field: str | None = None
    expects: str | None = None
    becomes: str | None = None
    words: str | None = None
    why: str | None = None
    made_on: date

    @model_validator(mode="before")
    @classmethod
    def _as_the_snapshot_writes_it(cls, said: object) -> object:
        """Who writes a note by hand writes 440, "440" or "440.0" and means the same."""
        if not isinstance(said, dict) or said.get("kind") != "figure":
            return said
        values = {name: said[name] for name in ("expects", "becomes") if name in said}
        for name, value in values.items():
            values[name] = str(value) if isinstance(value, int | float | date) else value
            if isinstance(values[name], str) and said.get("field") in (*NUMBERS, *DAYS):
                with suppress(WarehouseError):  # told of below
                    values[name] = _checked_value(said["field"], values[name])
        return {**said, **values}

    @model_validator(mode="after")
    def _means_something(self) -> "Note":
        if self.kind == "figure" and self.field not in (*FIGURE_FIELDS, WHOLE_FIGURE):
            raise ValueError(f"corrects the field {self.field!r} of a figure; known are {', '.join(FIGURE_FIELDS)}")
        if self.kind in ("tag", "comment", "publisher") and not self.becomes:
            raise ValueError(f"a {self.kind} lacks 'becomes'")
        if self.kind == "figure" and self.field is not None and self.becomes is not None:
            try:
                _checked_value(self.field, self.becomes)
            except WarehouseError as error:
                raise ValueError(str(error)) from error
        return self


class _File(Table):
    note: list[Note] = Field(default_factory=list)


class Noted(Table):
    """A note beside what the snapshot says now.

    `state` is applied; settled where the snapshot says so itself by now; changed where it says neither that nor what
    was expected, or other words stand there; gone where the target is no more.
    """

    note_no: int
    state: State
    kind: NoteKind
    target: str
    field: str | None
    expects: str | None
    becomes: str | None
    stated: str | None
    why: str | None
    words: str | None
    words_now: str | None


def read_notes(path: Path) -> tuple[Note, ...]:
    """The notes of a file in order; none where there is no file.

    Raises:
        NotesError: the file cannot be read, or an entry is not what it should be.
    """
    return tuple(read_tables(path, _File, NotesError).note) if path.exists() else ()


def kept_notes(path: Path) -> tuple[Note, ...]:
    """The notes as `read_notes` has them, with the script beside the file made to fit them where that can be written.

    The script may be missing or old: a file is edited by hand, comes back from a backup, or meets a new release.

    Raises:
        NotesError: the file cannot be read, or an entry is not what it should be.
    """
    notes = read_notes(path)
    script = path.with_suffix(".sql")
    with suppress(OSError):  # a folder that we may only read
        if path.exists() and (not script.exists() or script.read_text(encoding="utf-8") != layer(notes)):
            write_atomically(script, layer(notes).encode())
    return notes


def write_notes(path: Path, notes: Sequence[Note]) -> None:
    """Write the file of notes, and beside it the same as SQL, for any DuckDB that has the snapshot open.

    Raises:
        WarehouseError: it cannot be written; what was there is untouched.
    """
    text = "\n".join([_HEAD, *map(_toml, notes)])
    with explained_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
        write_atomically(path.with_suffix(".sql"), layer(notes).encode())


def added(notes: Sequence[Note], made: Note) -> tuple[Note, ...]:
    """The notes with one more, which takes the place of an earlier one on the same."""
    if made.kind in ("tag", "comment"):
        return (*notes, *(() if made in notes else (made,)))
    same = (made.kind, made.target, made.field)
    return (*(one for one in notes if (one.kind, one.target, one.field) != same), made)


def layer(notes: Sequence[Note]) -> str:
    """The SQL that lays notes over an open snapshot: the table `notes` and the views `v_..._corrected`."""
    rows = ", ".join(
        f"({number}, {', '.join(_literal(getattr(note, name)) for name in _COLUMNS)})"
        for number, note in enumerate(notes, 1)
    )
    columns = "note_no INTEGER, " + ", ".join(
        f"{name} {'DATE' if name == 'made_on' else 'VARCHAR'}" for name in _COLUMNS
    )
    made = f"CREATE OR REPLACE TEMP TABLE notes_made ({columns});\n"
    return made + (f"INSERT INTO notes_made VALUES {rows};\n" if notes else "") + SQL("layer") + "\n"


def lay_over(connection: DuckDBPyConnection, notes: Sequence[Note]) -> None:
    """Apply notes to an open snapshot, for as long as it is open."""
    connection.execute(layer(notes))


_LAID = {
    "v_articles_corrected": ("articles", "The articles, with the names of publishers and the tags of notes."),
    "v_figures_corrected": ("v_figures", "The figures, with what notes correct, and without those that notes refute."),
    "v_mentions_corrected": ("v_mentions", "The mentions of themes, framed, left out and added as notes have it."),
    "notes": ("", "The notes, each with its state and with what the data say at its place now."),
}
_OWN_COLUMNS = {
    "corrected": "Fields that notes correct",
    "is_corrected": "Whether a note corrects it",
    "tags": "Tags of notes, in order",
}


def laid_relations(connection: DuckDBPyConnection) -> tuple[Relation, ...]:
    """What `lay_over` has laid over an open snapshot, as the dictionary describes what is in the file."""
    of_file = {
        one.name: {column.name: column.comment for column in one.columns} for one in stored_relations(connection)
    }

    def described(name: str, base: str, comment: str) -> Relation:
        meanings = {**of_file.get(base, {}), **_OWN_COLUMNS}
        columns = connection.execute(SQL("columns_of", relation=name)).fetchall()
        return Relation(name, "view", comment, name, tuple(
            Column(name, str(column), str(kind), meanings.get(column, "")) for column, kind in columns
        ))  # fmt: skip

    return tuple(described(name, base, comment) for name, (base, comment) in _LAID.items())


def noted(connection: DuckDBPyConnection, notes: Sequence[Note]) -> tuple[Noted, ...]:
    """Each note with its state in an open snapshot."""
    lay_over(connection, notes)
    return tuple(Noted(**row) for row in select_rows(connection, SQL("noted")))  # type: ignore[arg-type]


def correction(connection: DuckDBPyConnection, target: str, field: str, becomes: str | None, why: str | None,
               today: date) -> Note:  # fmt: skip
    """A note that corrects a field of a figure, or the framing of a theme in a paragraph, by what stands there now.

    Raises:
        WarehouseError: there is no such target, or it has no such field or value.
    """
    kind: NoteKind
    if FIGURE.fullmatch(target):
        kind = "figure"
        if field not in (*FIGURE_FIELDS, WHOLE_FIGURE):
            raise WarehouseError(f"{field}: is no field of a figure; known are {', '.join(FIGURE_FIELDS)}")
        becomes = becomes if becomes is None else _checked_value(field, becomes)
    elif theme := MENTION.fullmatch(target):
        kind = "theme"
        if field != "framing" or becomes not in (None, *FRAMINGS):
            raise WarehouseError(f"{field}={becomes}: of a theme, framing can be {', '.join(FRAMINGS)}")
        if connection.execute(SQL("knows_theme"), [theme[1]]).fetchone() != (True,):
            raise WarehouseError(f"{theme[1]}: is no theme of the codebook; `select theme_id from themes` lists them")
    else:
        raise WarehouseError(
            f"{target}: is neither a figure_id (0123456789abcdef-p11-174) nor a mention_id (0123456789abcdef-p11-trust)"
        )
    made = Note(kind=kind, target=target, field=field, becomes=becomes, why=why, made_on=today)
    return _on_what_stands(connection, made)


def remark(connection: DuckDBPyConnection, kind: NoteKind, target: str, becomes: str, today: date) -> Note:
    """A tag or comment on an article, paragraph, figure or mention; or another name for a publisher, of one or all.

    Raises:
        WarehouseError: there is no such target.
    """
    if not becomes.strip():
        raise WarehouseError(f"a {kind} on {target} says nothing")
    return _on_what_stands(connection, Note(kind=kind, target=target, becomes=becomes.strip(), made_on=today))


def _on_what_stands(connection: DuckDBPyConnection, made: Note) -> Note:
    lay_over(connection, [made])
    found = select_rows(connection, SQL("place"))
    if not found:
        raise WarehouseError(f"{made.target}: is not in the published snapshot")
    words, stated = (None if value is None else str(value) for value in (found[0]["words"], found[0]["stated"]))
    if made.kind not in ("tag", "comment") and stated == made.becomes:
        raise WarehouseError(f"{made.target}: says {stated or 'nothing'} already")
    return made.model_copy(update={"words": words, "expects": stated})


def _checked_value(field: str, text: str) -> str:
    """A value as the snapshot writes it."""
    if field in CHOICES and text not in CHOICES[field]:
        raise WarehouseError(f"{field}={text}: can be {', '.join(CHOICES[field])}")
    try:
        if field in NUMBERS:
            return _number(text)
        if field in DAYS:
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise WarehouseError(
            f"{field}={text}: is no {'number like 2,100,000.5' if field in NUMBERS else 'day like 2026-01-31'}"
        ) from error
    return text


def _number(text: str) -> str:
    number = float(text.replace(",", "")) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValueError(text)
    return str(number)


def _toml(note: Note) -> str:
    lines = ["[[note]]"]
    for name in _COLUMNS:
        value = getattr(note, name)
        if value is not None:
            lines.append(f"{name} = {value.isoformat() if isinstance(value, date) else _quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(value: object) -> str:
    return "NULL" if value is None else quoted(value)
