"""`commentary notes`: an analyst's own corrections, tags and comments, which no publication loses."""

from pathlib import Path

import click

from flows.cli.printing import print_rows
from flows.run import utc_now
from flows.settings import UserError, settings
from warehouse.database import open_snapshot
from warehouse.notes import (
    WHOLE_FIGURE,
    Note,
    Noted,
    NoteKind,
    added,
    correction,
    kept_notes,
    noted,
    read_notes,
    remark,
    write_notes,
)
from warehouse.workspace import Workspace


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Print whole texts, also the words that each note was made on.")
@click.pass_context
def notes(context: click.Context, everything: bool) -> None:
    """Correct a figure, a theme or a publisher; tag and comment. Without a subcommand: list the notes.

    They stand in notes.toml beside the published database, and are applied by `commentary sql` in the views
    v_figures_corrected, v_mentions_corrected and v_articles_corrected. Each holds the value that it expects: a note is
    settled when the data say so themselves, and no longer applied when the text under it has changed or is gone.
    """
    if context.invoked_subcommand is None:
        _list(everything)


def _list(everything: bool) -> None:
    workspace = settings().workspace
    made = kept_notes(workspace.notes)
    if not made:
        click.echo(f"No notes in {workspace.notes} yet; `commentary notes --help` tells how to make one.")
        return
    with open_snapshot(workspace) as connection:
        states = noted(connection, made)
    columns = ["no", "state", "target", "field", "was", "becomes", "says now", "why"]
    rows: list[list[object]] = [
        [one.note_no, one.state, one.target, one.field or one.kind, one.expects, one.becomes, _news(one), one.why]
        for one in states
    ]
    if everything:
        columns += ["made on", "there now"]
        rows = [[*row, one.words, one.words_now] for row, one in zip(rows, states, strict=True)]
    print_rows(columns, rows, everything=everything)
    for state, told in (
        ("changed", "no longer fit: what they were made on says something else now (--all shows both)"),
        ("gone", "are on what is no more"),
        ("settled", "are settled: the data say so themselves, and the note can be removed"),
    ):
        numbers = [str(one.note_no) for one in states if one.state == state]
        if numbers:
            click.echo(f"{len(numbers)} {told}: {', '.join(numbers)}")


def _news(one: Noted) -> str | None:
    """What the snapshot says where that is not what the note expects."""
    return one.stated if one.stated != one.expects else None


@notes.command()
@click.argument("target")
@click.argument("change", metavar="FIELD=VALUE")
@click.option("--why", help="The reason, for who reads it next.")
def correct(target: str, change: str, why: str | None) -> None:
    """Correct FIELD of a figure (by its figure_id), or the framing of a theme in a paragraph (by its mention_id).

    A theme that is not coded there is added. FIELD= with nothing behind it empties the field.
    """
    field, sign, value = change.partition("=")
    if not sign:
        raise click.BadParameter(f"{change!r} is no FIELD=VALUE, such as value=2500000000", param_hint="FIELD=VALUE")
    _correct(target, field.strip(), value.strip() or None, why)


@notes.command()
@click.argument("target")
@click.option("--why", help="The reason, for who reads it next.")
def drop(target: str, why: str | None) -> None:
    """Leave out what is no figure, or a theme that a paragraph does not speak of."""
    figure = target.rpartition("-")[2].isdigit()
    _correct(target, WHOLE_FIGURE if figure else "framing", None, why)


def _correct(target: str, field: str, becomes: str | None, why: str | None) -> None:
    workspace = settings().workspace
    with open_snapshot(workspace) as connection:
        _add(workspace, correction(connection, target, field, becomes, why, utc_now().date()))


@notes.command()
@click.argument("name")
@click.argument("becomes")
def publisher(name: str, becomes: str) -> None:
    """Call the publisher NAME, or that of one article (by its article_id), BECOMES."""
    _remark("publisher", name, becomes)


@notes.command()
@click.argument("target")
@click.argument("word")
def tag(target: str, word: str) -> None:
    """Tag an article, a paragraph (ARTICLE_ID-pN), a figure or a mention."""
    _remark("tag", target, word)


@notes.command()
@click.argument("target")
@click.argument("text")
def comment(target: str, text: str) -> None:
    """Comment on an article, a paragraph (ARTICLE_ID-pN), a figure or a mention."""
    _remark("comment", target, text)


def _remark(kind: NoteKind, target: str, becomes: str) -> None:
    workspace = settings().workspace
    with open_snapshot(workspace) as connection:
        _add(workspace, remark(connection, kind, target, becomes, utc_now().date()))


def _add(workspace: Workspace, made: Note) -> None:
    write_notes(workspace.notes, added(read_notes(workspace.notes), made))
    was = f"{made.field or made.kind} was {made.expects or 'nothing'}, is {made.becomes or 'left out'}"
    told = made.becomes if made.kind in ("tag", "comment") else was
    click.echo(f"Noted on {made.target}: {told}. The text: {(made.words or '')[:200]}")


@notes.command()
@click.argument("number", type=click.IntRange(min=1))
def remove(number: int) -> None:
    """Remove the note of that NUMBER, as `commentary notes` lists it."""
    path: Path = settings().workspace.notes
    made = read_notes(path)
    if number > len(made):
        raise UserError(f"there is no note {number}, only {len(made)}", "`commentary notes` lists them")
    write_notes(path, [one for place, one in enumerate(made, 1) if place != number])
    click.echo(f"Removed note {number} on {made[number - 1].target}.")
