"""The data of the page: columns of all articles, and blocks that its script reads when they are asked for, as JSON."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from flows.page.wording import unit_words
from warehouse.rows import select_rows
from warehouse.sql import statements

_sql = statements(__file__)

_EPOCH = np.datetime64("1970-01-01")
# Kinds of numbers in columns, as the script knows them; little-endian on every machine.
_KINDS = {"u8": "<u1", "u16": "<u2", "i32": "<i4"}
_ARTICLES = {"day": "i32", "exactness": "u8", "publisher": "i32", "sector": "i32", "paragraphs": "u16", "seen": "i32"}
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

    def blocks(self) -> Iterator[Block]:
        """All blocks but the index: who is named and cited, what is compared, and the articles as a whole."""
        yield _block("who", {"actors": self._rows("actors"), "names": self._entries("names"),
                             "quotes": self._entries("quotes"), "citations": self._rows("citations")})  # fmt: skip
        yield _block(
            "compared", {"series": self._rows("series", most=self.sizes.compared), "conflicts": self._conflicts()}
        )
        shard = self.sizes.shard
        step = -(-self.sizes.batch // shard) * shard
        for first in range(0, self.articles, step):
            query = self.connection.execute(_sql("whole_articles"), {"first": first, "after": first + step})
            place = first // shard
            while rows := query.fetchmany(shard):
                yield Block(f"articles-{place}", _inert(f"[{','.join(row[0] for row in rows)}]"))
                place += 1

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
