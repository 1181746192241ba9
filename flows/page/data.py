"""What the page shows: words for its fixed parts, rows that hold whatever is chosen, and blocks that its script reads.

The rows are bounded, each a frozen value. The blocks are JSON: columns of all articles, and the rest when it
is asked for. `assets/text.js` words what is chosen as the first part does here.
"""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.figures.lexicons import CURRENCIES
from extractors.figures.nouns import plural
from warehouse.rows import select_as, select_rows
from warehouse.sql import statements

T = TypeVar("T")

_sql = statements(__file__)

ELLIPSIS = "…"
# Control characters but for white space, and surrogates that stand alone: no browser shows them, some tools choke.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_REPLACEMENT = "\ufffd"


def plain(text: str | None, limit: int = 300) -> str:
    """The text with unprintable characters replaced and white space collapsed, at most `limit` code points."""
    shown = _collapsed(text or "").strip()
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + ELLIPSIS


def _collapsed(text: str) -> str:
    return _SPACE.sub(" ", _UNPRINTABLE.sub(_REPLACEMENT, text))


_SIGNS = {code: sign for sign, code in reversed(CURRENCIES.signs.items())}
# "An hour", "an acre", but "a unit": by the sound, as far as the first letters tell it.
_AN = re.compile(r"hour|[ai]|e(?!u)|o(?!ne\b)|u(?!ni|s|t)|FTE")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, such as "1 article", "2,310 articles"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def unit_words(unit: str) -> tuple[str, str, str, str]:
    """What stands with a number of this unit: a sign before it, the noun of one and of several, and per what."""
    top, _, per = unit.partition("/")
    each = f" {'an' if _AN.match(per) else 'a'} {per}" if per else ""
    if top in _SIGNS:
        return _SIGNS[top], "", "", each
    if top == "%":
        return "", "%", "%", each
    if top == "pp":
        return "", "point", "points", each
    if top in CURRENCIES.codes.names:
        return f"{top} ", "", "", each
    return "", top, plural(top), each


def day(on: date | datetime) -> str:
    """A day, such as 3 March 2026."""
    return f"{on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """A moment in UTC, such as 3 March 2026, 06:30 UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"


WEEK = timedelta(days=7)
WELL = frozenset({"ok", "new"})
_FEW_SOURCES = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows of each kind the page takes at most."""

    edits: int = 200
    terms: int = 20
    sources: int = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the snapshot holds; `near_duplicates` are left out of all else, `new_articles` came in within a week."""

    articles: int
    near_duplicates: int
    publishers: int
    first_published_on: date | None
    last_published_on: date | None
    new_articles: int
    mentions: int
    figures: int
    failures: int
    content_version: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of an article; `changed` are the first of its `changes`: kind, change, subject, before, after."""

    article_id: str
    seen_at: datetime
    title: str | None
    publisher: str | None
    version: int
    url: str
    changes: int
    changed: tuple[dict[str, str | None], ...] | None


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A term on the rise that belongs to no theme yet, with the numbers of articles that use it."""

    term: str
    recent_count: int
    earlier_count: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How a source fares."""

    name: str
    sector: str | None
    enabled: bool
    status: str
    detail: str | None
    last_ok_at: datetime | None
    last_checked_at: datetime | None
    failing_endpoints: int
    endpoints: int
    articles: int
    waiting: int
    last_article_at: datetime | None

    @property
    def is_poor(self) -> bool:
        """Whether it is watched and needs a look."""
        return self.enabled and self.status not in WELL


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many watched sources are in a state."""

    status: str
    sources: int


@dataclass(frozen=True, slots=True)
class PageRows:
    """All that the page says whatever is chosen."""

    totals: Totals
    edits: tuple[Edit, ...]
    terms: tuple[RisingTerm, ...]
    sources: tuple[SourceRow, ...]
    source_states: tuple[SourceCount, ...]

    @property
    def sources_at_first(self) -> tuple[SourceRow, ...]:
        """All sources if they are few, else those that need a look."""
        return self.sources if len(self.sources) <= _FEW_SOURCES else tuple(row for row in self.sources if row.is_poor)

    @property
    def more_sources(self) -> tuple[SourceRow, ...]:
        """The others."""
        return tuple(row for row in self.sources if row not in self.sources_at_first)


def read_page_rows(connection: DuckDBPyConnection, now: datetime, bounds: Bounds | None = None) -> PageRows:
    """What the page says of an open snapshot; "new" is what came in within the week before `now`."""
    most = bounds or Bounds()

    def rows(kind: type[T], name: str, **values: object) -> tuple[T, ...]:
        return select_as(connection, kind, _sql(name), values)

    return PageRows(
        totals=rows(Totals, "totals", week_ago=now - WEEK)[0],
        edits=rows(Edit, "edits", edits=most.edits),
        terms=rows(RisingTerm, "terms", terms=most.terms),
        sources=rows(SourceRow, "sources", sources=most.sources),
        source_states=rows(SourceCount, "source_states"),
    )


def sources_finding(states: Sequence[SourceCount]) -> str:
    """How many sources need a look, and how many were never checked."""
    number = {state.status: state.sources for state in states}
    watched, well, unchecked = sum(number.values()), number.get("ok", 0), number.get("new", 0)
    if not watched:
        return "No source is watched: the articles come from the seeds"
    if poor := watched - well - unchecked:
        return f"{poor} of {counted(watched, 'watched source')} {'needs' if poor == 1 else 'need'} a look"
    if not well:
        return f"{counted(watched, 'source')} to watch, not checked yet"
    return f"{well} of {counted(watched, 'watched source')} {'is' if well == 1 else 'are'} well" + (
        f", {unchecked} not checked yet" if unchecked else ""
    )


_EPOCH = np.datetime64("1970-01-01")
# Kinds of numbers in columns, as the script knows them; little-endian on every machine.
_KINDS = {"u8": "<u1", "u16": "<u2", "i32": "<i4"}
_ARTICLES = {
    "day": "i32", "exactness": "u8", "publisher": "i32", "sector": "i32", "paragraphs": "u16", "seen": "i32",
    "home": "i32",
}  # fmt: skip
_ENTRIES = {
    "mentions": {"paragraph": "u16", "theme": "u16", "framing": "u8", "score": "u8"},
    "figures": {"paragraph": "u16", "known": "u8"},
    "names": {"paragraph": "u16", "actor": "i32"},
    "quotes": {"paragraph": "u16", "speaker": "i32", "direct": "u8"},
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How the data is cut: `shard` articles a block, `batch` articles a query, `compared` statements side by side."""

    shard: int = 32
    batch: int = 8_000
    compared: int = 20_000


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the data by its name, as JSON in which nothing can end a script element."""

    name: str
    json: str


@dataclass(frozen=True)
class Data:
    """The data of an open snapshot: `articles` of it, and its blocks, made one by one."""

    connection: DuckDBPyConnection
    articles: int
    now: datetime
    sizes: Sizes

    def index(self, files: str | None) -> Block:
        """What the page needs to open: the columns of all articles, mentions and figures; `files` is the folder where
        the other blocks are, None if they are in the page."""
        table = self.connection.execute(_sql("articles")).to_arrow_table()
        publishers, publisher = _coded(table.column("publisher"))
        sectors, sector = _coded(table.column("sector"))
        columns = {name: table.column(name) for name in table.column_names} | {"publisher": publisher, "sector": sector}
        content = {
            "files": files,
            "size": self.sizes.shard,
            "today": int((np.datetime64(self.now.date()) - _EPOCH).astype(int)),
            "themes": self._rows("themes"),
            "units": {
                str(row["unit"]): unit_words(str(row["unit"])) for row in select_rows(self.connection, _sql("units"))
            },
            "publishers": publishers,
            "sectors": sectors,
            "ids": table.column("article_id").to_pylist(),
            "articles": {name: _packed(kind, columns[name]) for name, kind in _ARTICLES.items()},
            "mentions": self._entries("mentions"),
            "figures": self._entries("figures"),
        }
        return _block("index", content)

    def contents(self) -> dict[str, str]:
        """The blocks of articles by name, each with a hash of all that it is made of: equal hashes, equal blocks."""
        recipe = "\0".join((_sql("whole_articles"), *(str(theme[0]) for theme in self._rows("themes"))))
        made_by = hashlib.sha256(recipe.encode()).hexdigest()
        found = self._rows("block_contents", shard=self.sizes.shard)
        return {f"articles-{number}": f"{made_by} {self.sizes.shard} {content}" for number, content in found}

    def blocks(self, kept: Collection[str] = ()) -> Iterator[Block]:
        """All blocks but the index and those `kept`: who is named and cited, what is compared, whole articles."""
        yield _block("who", {"actors": self._rows("actors"), "names": self._entries("names"),
                             "quotes": self._entries("quotes"), "citations": self._rows("citations")})  # fmt: skip
        yield _block(
            "compared", {"series": self._rows("series", most=self.sizes.compared), "conflicts": self._conflicts()}
        )
        shard = self.sizes.shard
        wanted = [number for number in range(-(-self.articles // shard)) if f"articles-{number}" not in kept]
        step = max(1, self.sizes.batch // shard)
        for start in range(0, len(wanted), step):
            some = wanted[start : start + step]
            query = self.connection.execute(_sql("whole_articles"), {"blocks": some, "shard": shard})
            for number in some:
                rows = query.fetchmany(shard)
                yield Block(f"articles-{number}", _inert(f"[{','.join(row[0] for row in rows)}]"))

    def _rows(self, name: str, **values: object) -> list[list[Any]]:
        table = self.connection.execute(_sql(name), values or None).to_arrow_table()
        return [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]

    def _entries(self, name: str) -> Mapping[str, str]:
        table = self.connection.execute(_sql(name)).to_arrow_table()
        counts = np.bincount(table.column("place").to_numpy(), minlength=self.articles)
        packed = {column: _packed(kind, table.column(column)) for column, kind in _ENTRIES[name].items()}
        return {"count": _pack("i32", counts), **packed}

    def _conflicts(self) -> list[dict[str, list[object]]]:
        """Pairs of statements in the form of those of series."""
        rows = select_rows(self.connection, _sql("conflicts"), {"most": self.sizes.compared // 10})
        return [{side: _statement(row, side) for side in ("a", "b")} for row in rows]


def prepared(connection: DuckDBPyConnection, now: datetime, sizes: Sizes | None = None) -> Data:
    """Order the articles, themes and actors of an open snapshot in temporary tables, which the rest refers to."""
    for name in ("order_articles", "order_themes", "order_actors"):
        connection.execute(_sql(name))
    (articles,) = connection.execute("SELECT count(*) FROM page_articles").fetchone() or (0,)
    return Data(connection, articles, now, sizes or Sizes())


def _statement(row: Mapping[str, object], side: str) -> list[object]:
    own = [row[f"{name}_{side}"] for name in ("place", "paragraph")]
    shared = [row["subject"], row["kind"], row["unit"], None, row["period_start"], row["period_end"]]
    return [*own, *shared, *(row[f"{name}_{side}"] for name in ("value", "qualifier", "surface"))]


def _coded(column: pa.ChunkedArray) -> tuple[list[str | None], pa.Array]:
    """The different values of a column, and for each row the place of its value."""
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return coded.dictionary.to_pylist(), coded.indices


def _packed(kind: str, column: pa.ChunkedArray | pa.Array) -> str:
    return _pack(kind, column.to_numpy())


def _pack(kind: str, numbers: np.ndarray[Any, Any]) -> str:
    limits = np.iinfo(_KINDS[kind])
    whole = np.clip(numbers, limits.min, limits.max).astype(_KINDS[kind])
    return f"{kind}:{base64.b64encode(whole.tobytes()).decode()}"


def _block(name: str, content: object) -> Block:
    return Block(name, _inert(json.dumps(content, ensure_ascii=False, separators=(",", ":"))))


def _inert(text: str) -> str:
    """JSON with the same meaning that has no sign by which it could end its element or its line."""
    for sign in "<>&\u2028\u2029":
        if sign in text:
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
