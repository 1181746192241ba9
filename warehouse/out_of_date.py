"""Articles that were coded by other extractors or another codebook than those in force, or lack their publisher."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.material import MANIFEST, Material, stored_materials


def out_of_date(
    connection: DuckDBPyConnection, *, extractor_version: str, codebook_version: str, since: datetime | None = None
) -> tuple[Material, ...]:
    """The articles to code anew, in order of article_id; with `since` only those fetched at that time or later.

    Besides those of other extractors or another codebook that is every article of a watched source whose publisher is
    not the source's name, so that a publisher that was lost, or named otherwise since, is put right.
    """
    parameters = {
        "stated": MANIFEST,
        "extractor_version": extractor_version,
        "codebook_version": codebook_version,
        "since": since,
    }
    return stored_materials(connection, "out_of_date", parameters)
