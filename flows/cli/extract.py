"""`commentary extract`: what the extractors find in local files, as JSON."""

import json
import sys
from pathlib import Path

import click

from extractors.article import UnreadableError, parse_published
from flows.codebook import codebook_in_force
from flows.extraction import extract as extract_file
from flows.settings import settings


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
    failed = 0
    for path in paths:
        try:
            found = extract_file(path.read_bytes(), name=str(path), codebook=codebook, published=on)
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
