"""What an export is made of: the state of the warehouse, who coded it, how to cite it, what its columns mean."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from duckdb import DuckDBPyConnection

from warehouse.dictionary import Relation, markdown
from warehouse.rows import select_as
from warehouse.sql import statements

SQL = statements(__file__)

TITLE = "Commentary on partnership between the NHS and the independent sector: themes, figures and who says what"
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of a snapshot: its number and time (None where nothing was published), its extent, and what coded it.

    More than one version of extractors or codebook means that some articles are coded by an older one still.
    """

    snapshot: int | None
    published_at: datetime | None
    articles: int
    publishers: int
    first_published_on: date | None
    last_published_on: date | None
    extractors: tuple[str, ...]
    codebooks: tuple[str, ...]

    def fields(self) -> dict[str, str]:
        """Names and texts, for the head of a file."""
        return {
            "snapshot": str(self.snapshot or "not published"),
            "published_at": self.published_at.astimezone(UTC).isoformat() if self.published_at else "not published",
            "extractor_version": ", ".join(self.extractors),
            "codebook_version": ", ".join(self.codebooks),
            "articles": str(self.articles),
        }


def stored_provenance(connection: DuckDBPyConnection) -> Provenance:
    """What the open database says of itself."""
    [found] = select_as(connection, Provenance, SQL("provenance"))
    return found


def companions(provenance: Provenance, relations: Sequence[Relation]) -> dict[str, str]:
    """Texts to lay beside exported files, by name: how to cite them, what they are made of, what each column means."""
    return {
        "CITATION.cff": citation(provenance),
        "provenance.json": json.dumps(provenance.fields(), indent=1) + "\n",
        "dictionary.md": markdown(relations),
        "dictionary.csv": BYTE_ORDER_MARK + _dictionary_rows(relations),
    }


def citation(provenance: Provenance) -> str:
    """The snapshot in the Citation File Format: its date is that of its publication."""
    span = " to ".join(str(day.year) for day in (provenance.first_published_on, provenance.last_published_on) if day)
    told = (
        f"{provenance.articles} articles of {provenance.publishers} publishers{f', {span}' if span else ''}, coded by "
        f"extractors {', '.join(provenance.extractors) or 'none'} and "
        f"codebook {', '.join(provenance.codebooks) or 'none'}. "
        "The texts of the articles keep their owners' rights."
    )
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite this snapshot, and each article by its own address.",
        "type: dataset",
        f"title: {json.dumps(TITLE)}",
        "authors:",
        "  - name: Commentary warehouse",
        f'version: "{provenance.snapshot or 0}"',
    ]
    if provenance.published_at is not None:
        lines.append(f"date-released: {provenance.published_at.astimezone(UTC):%Y-%m-%d}")
    return "\n".join([*lines, f"abstract: {json.dumps(told)}"]) + "\n"


def _dictionary_rows(relations: Sequence[Relation]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["relation", "kind", "for", "column", "type", "meaning"])
    for relation in relations:
        writer.writerow([relation.called, relation.kind, relation.audience, "", "", relation.comment])
        writer.writerows(
            [relation.called, relation.kind, relation.audience, column.name, column.type, column.comment]
            for column in relation.columns
        )
    return text.getvalue()
