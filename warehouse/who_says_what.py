"""Rows of actors, quotations and citations, and what in them would contradict the contract of the tables."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from extractors.actors.lexicons import bodies
from extractors.actors.model import Actor, ActorMention, Citation, Quotation
from extractors.web.address import canonical
from warehouse.coded import CodedArticle, figure_id
from warehouse.rows import Row, staged_values, upsert_rows
from warehouse.sql import statements_in

SQL = statements_in(Path(__file__).with_name("articles.sql"))

Rows = list[dict[str, object]]
# Tables of an article that are replaced as a whole when it changed.
SAID_TABLES = ("bylines", "actor_mentions", "quotations", "citations")


def actor_id(actor: Actor, article_id: str) -> str:
    """The identifier of an actor: its name, and the article where the name alone does not tell it from others."""
    ascii_name = unicodedata.normalize("NFKD", actor.name.replace("&", " and ")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower().replace("'", "")).strip("-") or "unnamed"
    whose = slug if actor.known or actor.whole else f"{slug}@{article_id}"
    return f"person-{whose}" if actor.kind == "person" else whose


def said_tables(articles: Sequence[CodedArticle]) -> dict[str, Rows]:
    """The rows of `SAID_TABLES`."""
    return {
        "bylines": [row for coded in articles for row in _byline_rows(coded)],
        "actor_mentions": [_mention_row(coded, one) for coded in articles for one in coded.said.mentions],
        "quotations": [_quotation_row(coded, one) for coded in articles for one in coded.said.quotations],
        "citations": [_citation_row(coded, one) for coded in articles for one in coded.said.citations],
    }


def attributed_ids(coded: CodedArticle) -> list[str | None]:
    """The actor of each figure's attribution, in the order of the figures."""
    found = coded.said.attributed or (None,) * len(coded.figures)
    return [_id(actor, coded) for actor in found]


def store_actors(connection: DuckDBPyConnection, articles: Sequence[CodedArticle]) -> None:
    """Add the organisations and people that these articles name, and forget those that no article names any more."""
    organisations: dict[str, Row] = {}
    people: dict[str, Row] = {}
    for coded in articles:
        for actor in _actors(coded):
            name = actor_id(actor, coded.article_id)
            if actor.kind == "person":
                people.setdefault(name, {"person_id": name, "name": actor.name, "known": actor.known})
            else:
                organisations.update(_organisation_rows(actor, name))
    upsert_rows(connection, "organisations", _more_telling(connection, organisations))
    upsert_rows(connection, "people", list(people.values()))
    connection.execute(SQL("forget_unnamed_actors"))


def _more_telling(connection: DuckDBPyConnection, rows: Mapping[str, Row]) -> list[Row]:
    """Those rows that say more of their organisation than what is stored of it.

    One article tells the kind of a name, another does not, and the order in which they come in must not decide.
    """
    with staged_values(connection, rows):
        found = connection.execute(SQL("stored_kinds")).fetchall()
    stored = {str(name): _telling(known, kind) for name, known, kind in found}
    return [
        row
        for name, row in rows.items()
        if row["known"] or name not in stored or _telling(row["known"], row["kind"]) > stored[name]
    ]


def _telling(known: object, kind: object) -> tuple[bool, bool]:
    return bool(known), kind != "other"


def said_faults(coded: CodedArticle) -> Iterator[str]:
    """Evidence that is not where it says, and keys that come twice."""
    texts = {paragraph.paragraph_no: paragraph.text for paragraph in coded.article.paragraphs}
    for kind, found in (
        ("name", coded.said.mentions), ("quotation", coded.said.quotations), ("citation", coded.said.citations)
    ):  # fmt: skip
        places: set[tuple[int, int]] = set()
        for one in _evidence(found):
            text = texts.get(one.paragraph_no, "")
            if one.char_start < 0 or text[one.char_start : one.char_end] != one.surface or not one.surface:
                place = f"{one.char_start} to {one.char_end} of paragraph {one.paragraph_no}"
                yield f"{kind} {one.surface!r} is not at {place}"
            if (one.paragraph_no, one.char_start) in places:
                yield f"{kind} at {one.char_start} of paragraph {one.paragraph_no} comes twice"
            places.add((one.paragraph_no, one.char_start))
    if coded.said.attributed and len(coded.said.attributed) != len(coded.figures):
        yield f"{len(coded.said.attributed)} attributions for {len(coded.figures)} figures"


def _evidence(
    found: Sequence[ActorMention] | Sequence[Quotation] | Sequence[Citation],
) -> Iterable[ActorMention | Quotation | Citation]:
    return found


def _actors(coded: CodedArticle) -> Iterator[Actor]:
    said = coded.said
    yield from said.authors
    for actor in (said.publisher, *said.attributed):
        if actor is not None:
            yield actor
    for mention in said.mentions:
        yield mention.actor
        if mention.role_of is not None:
            yield mention.role_of
    for quotation in said.quotations:
        for actor in (quotation.speaker, quotation.speaks_for):
            if actor is not None:
                yield actor
    for citation in said.citations:
        if citation.cited is not None:
            yield citation.cited


def _organisation_rows(actor: Actor, name: str) -> dict[str, Row]:
    """Its row, and those of its successors."""
    rows: dict[str, Row] = {}
    body = bodies().get(actor.name) if actor.known else None
    became = bodies()[body.became] if body is not None and body.became else None
    successor = Actor(became.name, became.kind, known=True) if became else None
    successor_id = actor_id(successor, "") if successor else None
    rows[name] = {
        "organisation_id": name,
        "name": actor.name,
        "kind": actor.kind,
        "known": actor.known,
        "since_year": body.since if body else None,
        "until_year": body.until if body else None,
        "became": successor_id,
    }
    if successor is not None and successor_id is not None:
        rows.update(_organisation_rows(successor, successor_id))
    return rows


def _id(actor: Actor | None, coded: CodedArticle) -> str | None:
    return None if actor is None else actor_id(actor, coded.article_id)


def _byline_rows(coded: CodedArticle) -> Iterator[dict[str, object]]:
    if coded.said.publisher is not None:
        yield {"article_id": coded.article_id, "actor_id": _id(coded.said.publisher, coded), "part": "publisher"}
    for name in dict.fromkeys(_id(author, coded) for author in coded.said.authors):
        yield {"article_id": coded.article_id, "actor_id": name, "part": "author"}


def _place(coded: CodedArticle, one: ActorMention | Quotation | Citation) -> dict[str, object]:
    return {
        "article_id": coded.article_id,
        "paragraph_no": one.paragraph_no,
        "char_start": one.char_start,
        "char_end": one.char_end,
        "surface": one.surface,
    }


def _mention_row(coded: CodedArticle, one: ActorMention) -> dict[str, object]:
    actor = {"actor_id": _id(one.actor, coded), "role": one.role, "role_of": _id(one.role_of, coded)}
    return {**_place(coded, one), **actor}


def _quotation_row(coded: CodedArticle, one: Quotation) -> dict[str, object]:
    return {
        "quotation_id": figure_id(coded.article_id, one.paragraph_no, one.char_start),
        **_place(coded, one),
        "speaker_id": _id(one.speaker, coded),
        "speaker_words": one.speaker_words,
        "speaks_for": _id(one.speaks_for, coded),
        "verb": one.verb,
        "direct": one.direct,
    }


def _citation_row(coded: CodedArticle, one: Citation) -> dict[str, object]:
    return {
        "citation_id": figure_id(coded.article_id, one.paragraph_no, one.char_start),
        **_place(coded, one),
        "cited_id": _id(one.cited, coded),
        "what": one.what,
        "url": _address(one.url),
        "figure_ids": [figure_id(coded.article_id, one.paragraph_no, at) for at in one.figures],
    }


def _address(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        return canonical(url)
    except ValueError:
        return url
