"""What is handed to the warehouse to be loaded, also as Arrow rows, its stable names, and hashes that tell changes."""

import hashlib
import json
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from extractors.actors.model import WhoSaysWhat
from extractors.article.model import Article
from extractors.figures.model import Figure, flat
from extractors.themes.model import ThemeMention, mention_fields
from extractors.web.model import Stage

LoadOutcome = Literal["new", "updated", "recoded", "unchanged"]


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article with everything found in it, ready to load.

    `article_id` is stable and comes from the canonical address (`article_id`); `addresses` are all addresses
    it is known under, `url` among them. `content_hash` covers what a reader sees (title, authors, date, paragraphs),
    `raw_hash` names the bytes in the raw store. `relevance` is 0..1, `duplicate_of` the article_id of the earlier
    near-duplicate. `syndicated_from` is the address on another site that it comes from, None where its publisher
    serves it as its own. Times are aware and in UTC.
    """

    article_id: str
    source_id: str
    url: str
    addresses: tuple[str, ...]
    article: Article
    raw_hash: str
    content_hash: str
    content_type: str
    relevance: float
    relevance_reasons: tuple[str, ...]
    duplicate_of: str | None
    figures: tuple[Figure, ...]
    themes: tuple[ThemeMention, ...]
    fetched_at: datetime
    extractor_version: str
    codebook_version: str
    said: WhoSaysWhat = field(default_factory=WhoSaysWhat)
    syndicated_from: str | None = None


@dataclass(frozen=True, slots=True)
class PutAside:
    """One thing that could not go on, with the reason; it is listed by `commentary failures`.

    `url` is an address or a file's path, `stage` the step it stopped at, `error_type` one word,
    `message` what happened and the way out. `again_at` is when it is tried again, None where the next run does.
    """

    url: str
    stage: Stage
    error_type: str
    message: str
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotSimilar:
    """A page that was read and judged not to be similar commentary, with the reasons."""

    url: str
    raw_hash: str
    source_id: str
    relevance: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did with one article: `updated` is a new version (the text changed), `recoded` the same text
    with other findings, `unchanged` nothing written. `version` is the current one afterwards."""

    article_id: str
    outcome: LoadOutcome
    version: int


# A hash starts with the version of its recipe, so that a change of the recipe is never taken for an edit:
# hashes of different versions are not compared but computed anew (`warehouse.articles`).
HASH_VERSION = "1"
_DATES = frozenset({"period_start", "period_end"})


def article_id(canonical_url: str) -> str:
    """The identifier of the article at a canonical address: 16 hexadecimal digits of its SHA-256.

    64 bits: among a million articles the chance that any two collide is below one in ten million.
    """
    return hashlib.sha256(canonical_url.encode()).hexdigest()[:16]


def figure_id(of_article: str, paragraph_no: int, char_start: int) -> str:
    """The identifier of the figure that starts at that character: readable, and the same after every recoding."""
    return f"{of_article}-p{paragraph_no}-{char_start}"


def content_hash(article: Article) -> str:
    """A hash of what a reader sees: title, publisher, authors, date and paragraphs.

    Empty fields are left out, so that a field added to the recipe later changes no hash of an article that lacks it.
    How a title or date was found does not count.
    """
    published = article.published
    seen = {
        "title": article.title.value if article.title else None,
        "publisher": article.publisher.value if article.publisher else None,
        "authors": list(article.authors),
        "published_on": published.on.isoformat() if published else None,
        "published_precision": published.precision if published else None,
        "paragraphs": [[paragraph.kind, paragraph.text] for paragraph in article.paragraphs],
    }
    return _digest(seen)


def findings_hash(coded: CodedArticle) -> str:
    """A hash of what was found in the article and by which extractors; what a reader sees is not part of it."""
    found = {
        "figures": [_figure_fields(figure) for figure in coded.figures],
        "themes": [
            [value for name, value in mention_fields(mention).items() if name != "surface"] for mention in coded.themes
        ],
        "said": _said(coded),
        "relevance": coded.relevance,
        "relevance_reasons": list(coded.relevance_reasons),
        "duplicate_of": coded.duplicate_of,
        "extractor_version": coded.extractor_version,
        "codebook_version": coded.codebook_version,
        "place": [coded.source_id, coded.url, coded.content_type],
        "syndicated_from": coded.syndicated_from,
        "how_found": _methods(coded.article),
    }  # fmt: skip
    return _digest(found)


def _said(coded: CodedArticle) -> list[str]:
    """Who says what, each finding in a line; nothing where nothing was found."""
    said = coded.said
    byline = [] if said.publisher is None and not said.authors else [said.publisher, *said.authors]
    named = [actor for actor in said.attributed if actor is not None]
    return [repr(one) for one in (*byline, *said.mentions, *said.quotations, *said.citations, *named)]


def _methods(article: Article) -> list[str | None]:
    return [
        article.title.method if article.title else None,
        article.publisher.method if article.publisher else None,
        article.authors_method,
        article.published.method if article.published else None,
        article.language,
        article.canonical_url,
    ]


def _figure_fields(figure: Figure) -> list[object]:
    found = flat(figure)
    return [*(str(found[name]) if name in _DATES else found[name] for name in sorted(found)), figure.change_from]


def _digest(fields: Mapping[str, object]) -> str:
    kept = {key: value for key, value in fields.items() if value not in (None, [], "", 0)}
    text = json.dumps(kept, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return HASH_VERSION + hashlib.sha256(text.encode()).hexdigest()[:32]


Outcome = CodedArticle | NotSimilar | PutAside
"""What reading and coding one article comes to."""

_COLUMNS: Mapping[str, Any] = {"coded": CodedArticle, "not_similar": NotSimilar, "put_aside": PutAside}


def outcome_rows(outcomes: Iterable[Outcome]) -> pa.Table:
    """Outcomes as Arrow rows, for another process or machine: one a row, a column for each kind, the others null.

    Each column is a struct of the fields, with what they hold nested as it is; anything that reads Arrow can read it.
    """
    rows = [
        {name: _plain(one) if isinstance(one, kind) else None for name, kind in _COLUMNS.items()} for one in outcomes
    ]
    return pa.Table.from_pylist(rows, _schema())


@cache
def _schema() -> pa.Schema:
    return pa.schema([pa.field(name, _arrow_type(kind)) for name, kind in _COLUMNS.items()])


def read_outcome(row: Mapping[str, Any]) -> Outcome | None:
    """The outcome that a row of `outcome_rows` holds, equal to the one that was written; None where it holds none."""
    for name, kind in _COLUMNS.items():
        if row.get(name) is not None:
            outcome: Outcome = _reader(kind)(row[name])
            return outcome
    return None


_ARROW = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", "UTC"),
}


def _arrow_type(kind: Any) -> pa.DataType:  # noqa: ANN401 - a type as it stands in an annotation
    kind = _without_none(kind)
    if is_dataclass(kind):
        made: Any = kind
        return pa.struct([pa.field(name, _arrow_type(one)) for name, one in _annotated(made).items()])
    if get_origin(kind) is tuple:
        return pa.list_(_arrow_type(get_args(kind)[0]))
    return pa.string() if get_origin(kind) is Literal else _ARROW[kind]


def _without_none(kind: Any) -> Any:  # noqa: ANN401 - the same
    """The type, of one that may be None as well."""
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (one for one in get_args(kind) if one is not type(None))
    return kind


@cache
def _annotated(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """A value with dataclasses as mappings; `dataclasses.asdict` gives the same and takes ten times as long."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in _annotated(value.__class__)}
    return value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type as it stands in an annotation
    """What makes a value of a type from what Arrow gives for it."""
    kind = _without_none(kind)
    if is_dataclass(kind):
        made: Any = kind
        readers = {name: _reader(one) for name, one in _annotated(made).items()}
        return lambda row: row if row is None else made(**{name: read(row[name]) for name, read in readers.items()})
    if get_origin(kind) is tuple:
        read_one = _reader(get_args(kind)[0])
        return lambda row: tuple(read_one(one) for one in row)
    if kind is datetime:
        return lambda time: time and time.astimezone(UTC)
    return lambda value: value
