"""`commentary explain` and `extract`: what the extractors find in a sentence or a file, and why; nothing is loaded."""

import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.text import Text

from extractors.actors import WhoSaysWhat, find_actors
from extractors.article import Paragraph, Published, UnreadableError, parse_published, read
from extractors.figures import explain_figures
from extractors.figures.model import Figure, PassedOver
from extractors.themes import explain_themes
from extractors.themes.model import NearMiss, ThemeMention
from flows.settings import settings
from flows.steps.coding import codebook_in_force
from flows.steps.coding import extract as extract_file

FIGURE_STYLE = "bold black on bright_green"
PASSED_STYLE = "black on yellow"
THEME_STYLE = "underline bright_cyan"
ACTOR_STYLE = "bold bright_magenta"
SAID_STYLE = "italic"


class _Found(NamedTuple):
    figures: tuple[Figure, ...]
    passed: tuple[PassedOver, ...]
    themes: tuple[ThemeMention, ...]
    near: tuple[NearMiss, ...]
    said: WhoSaysWhat


@click.command()
@click.argument("text")
@click.option("--published", metavar="DATE", help="Date of publication, for 'last year' and the like.")
def explain(text: str, published: str | None) -> None:
    """Show what is found in TEXT: a sentence, the path of a file, or - for standard input."""
    on = parse_published(published, "argument") if published else None
    if published and on is None:
        raise click.BadParameter(
            f"{published!r} is no date; expected YYYY-MM-DD, YYYY-MM or YYYY", param_hint="--published"
        )
    paragraphs, stated = _paragraphs(text)
    figures, passed = explain_figures(paragraphs, on or stated)
    themes, near = explain_themes(paragraphs, codebook_in_force(settings()))
    console = Console(highlight=False, soft_wrap=True)
    dated = on or stated
    said = find_actors(paragraphs, figures, published=dated.on if dated else None)
    found = _Found(figures, passed, themes, near, said)
    for paragraph in paragraphs:
        _show(console, paragraph, found)


def _paragraphs(text: str) -> tuple[tuple[Paragraph, ...], Published | None]:
    if text == "-":
        article = read(sys.stdin.buffer.read(), name="standard input")
    elif len(text) < 1000 and "\n" not in text and Path(text).is_file():
        article = read(Path(text).read_bytes(), name=text)
    else:
        return (Paragraph(1, "prose", " ".join(text.split())),), None
    return article.paragraphs, article.published


def _show(console: Console, paragraph: Paragraph, found: _Found) -> None:
    number = paragraph.paragraph_no
    figures = [figure for figure in found.figures if figure.paragraph_no == number]
    passed = [one for one in found.passed if one.paragraph_no == number]
    themes = [mention for mention in found.themes if mention.paragraph_no == number]
    line = Text(paragraph.text)
    quoted = [one for one in found.said.quotations if one.paragraph_no == number]
    named = [one for one in found.said.mentions if one.paragraph_no == number]
    styles = (
        (quoted, SAID_STYLE),
        (themes, THEME_STYLE),
        (named, ACTOR_STYLE),
        (passed, PASSED_STYLE),
        (figures, FIGURE_STYLE),
    )
    for spans, style in styles:
        for span in spans:
            line.stylize(style, span.char_start, span.char_end)
    console.print(Text(f"[{number}] ", style="dim") + line)
    for figure in figures:
        console.print(_figure(figure, found.figures))
    for one in passed:
        console.print(Text.assemble("    passed over ", (one.surface, PASSED_STYLE), f": {one.reason}"))
    for mention in themes:
        console.print(_theme(mention))
    for line_of_said in _said(found.said, number):
        console.print(line_of_said)
    for miss in found.near:
        if miss.paragraph_no == number:
            told = f"    not {miss.theme_id}: {miss.score:.2f} of {miss.threshold:.2f} ({', '.join(miss.cues)})"
            console.print(Text(told, style="dim"))


def _said(said: WhoSaysWhat, number: int) -> Iterator[Text]:
    """What is named, quoted and cited in a paragraph, a line each."""
    for mention in said.mentions:
        if mention.paragraph_no == number:
            actor, role = mention.actor, f"; {mention.role}" if mention.role else ""
            told = f"  {actor.name}, {actor.kind.replace('_', ' ')}{role}"
            yield Text.assemble("    actor ", (mention.surface, ACTOR_STYLE), told)
    for quotation in said.quotations:
        if quotation.paragraph_no == number:
            who = quotation.speaker.name if quotation.speaker else quotation.speaker_words or "nobody named"
            form = "quoted" if quotation.direct else "reported"
            verb = f" by “{quotation.verb}”" if quotation.verb else ""
            yield Text.assemble(f"    {form} ", (quotation.surface, SAID_STYLE), f"  {who}{verb}")
    for citation in said.citations:
        if citation.paragraph_no == number:
            whose = citation.cited.name if citation.cited else "nobody named"
            yield Text(f"    cites {citation.surface}  {citation.what} of {whose}; {len(citation.figures)} figures")


# Fields of a figure that have words of their own in its line; all others follow by their names.
_WORDED = {
    "paragraph_no", "char_start", "char_end", "surface", "kind", "value", "value_low", "value_high", "unit",
    "qualifier", "period", "change", "change_from",
}  # fmt: skip


def _figure(figure: Figure, figures: tuple[Figure, ...]) -> Text:
    bounds = "" if figure.value_low == figure.value_high == figure.value else _bounds(figure)
    parts = [f"{figure.kind} {figure.value:,.10g}{bounds} {figure.unit or ''}".rstrip()]
    if figure.qualifier != "exact":
        parts.append(figure.qualifier.replace("_", " "))
    if figure.period is not None:
        parts.append(f"period {figure.period.start or '…'} to {figure.period.end or '…'} ({figure.period.text})")
    if figure.change:
        origin = f" from {figures[figure.change_from].surface}" if figure.change_from is not None else ""
        parts.append(f"{figure.change}{origin}")
    further = (field.name for field in fields(Figure) if field.name not in _WORDED)
    parts += [f"{name} “{value}”" for name in further if (value := getattr(figure, name))]
    return Text.assemble("    figure ", (figure.surface, FIGURE_STYLE), "  " + "; ".join(parts))


def _bounds(figure: Figure) -> str:
    low = "…" if figure.value_low is None else f"{figure.value_low:,.10g}"
    high = "…" if figure.value_high is None else f"{figure.value_high:,.10g}"
    return f" [{low} to {high}]"


def _theme(mention: ThemeMention) -> Text:
    return Text.assemble(
        f"    theme {mention.theme_id}, {mention.framing}, {mention.score:.2f}: ",
        (mention.surface, THEME_STYLE),
        f"  ({', '.join(mention.cues)})",
    )


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", metavar="DATE", help="Date of publication (YYYY-MM-DD, YYYY-MM or YYYY) for all files.")
def extract(paths: tuple[Path, ...], published: str | None) -> None:
    """Print what is found in text, HTML or PDF files, one JSON object a line a file. Loads nothing."""
    on = parse_published(published, "argument") if published else None
    if published and on is None:
        raise click.BadParameter(
            f"{published!r} is no date; expected YYYY-MM-DD, YYYY-MM or YYYY", param_hint="--published"
        )
    codebook = codebook_in_force(settings())
    today = datetime.now(UTC).date()
    failed = 0
    for path in paths:
        try:
            found = extract_file(path.read_bytes(), name=str(path), codebook=codebook, published=on, today=today)
        except OSError as error:
            failed += _complain(path, error.strerror or str(error))
        except UnreadableError as error:
            failed += _complain(path, str(error))
        else:
            click.echo(json.dumps(found, ensure_ascii=False))
    if failed == len(paths):
        sys.exit(1)


def _complain(path: Path, problem: str) -> int:
    click.echo(f"{path}: {problem}", err=True)
    return 1
