"""Publishing: checks, then a new snapshot for readers as one file, at once and whole, only over what it came from."""

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database import (
    DEFAULT_MEMORY_LIMIT,
    current_schema,
    explained_database_errors,
    has_published,
    open_copy,
    open_snapshot,
    open_warehouse,
    published_version,
    transaction,
    views_hash,
)
from warehouse.database import SQL as DATABASE_SQL
from warehouse.errors import BrokenInvariantError, ForeignSnapshotError, NewerSchemaError, WarehouseError
from warehouse.raw_store import journal_of
from warehouse.rows import SQL as ROWS_SQL
from warehouse.rows import insert_rows, select_as, staged_values
from warehouse.search import refresh_search
from warehouse.sql import quoted, statements, statements_in
from warehouse.target import Lake, beside, writing
from warehouse.watched import ARTICLE_TABLES
from warehouse.who_says_what import SQL as WHO_SAYS_WHAT_SQL
from warehouse.workspace import Workspace, clear_leftovers, explained_disk_errors, whole_file

SQL = statements(__file__)

# Not content: which state the file is, what is derived (the bands of signatures, the search index), and the runs' own
# records (a run that changed nothing publishes nothing).
NOT_CONTENT = frozenset(
    {
        "snapshot", "snapshot_tables", "lineage", "publications", "schema_migrations", "schema_views", "runs",
        "article_bands", "article_bands_added", "article_keys", "article_sums",
        "emerging_terms_made",
        "view_comments", "loads",
    }
)  # fmt: skip
DERIVED_PREFIX = "search_"


@dataclass(frozen=True, slots=True)
class TableState:
    """One table's number of rows and a hash over them in any order."""

    table_name: str
    row_count: int
    fingerprint: str


def table_names(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """All tables of the warehouse, in order of name."""
    return tuple(str(row[0]) for row in connection.execute(SQL("table_names")).fetchall())


def fingerprint(connection: DuckDBPyConnection) -> tuple[TableState, ...]:
    """The state of every table that holds content. Reads it all: about a second for 20,000 articles."""
    names = [name for name in table_names(connection) if name not in NOT_CONTENT]
    return tuple(_table_state(connection, name) for name in names if not name.startswith(DERIVED_PREFIX))


def known_fingerprint(connection: DuckDBPyConnection, now: datetime) -> tuple[TableState, ...]:
    """The same as `fingerprint`, made of what passed the checks where nothing changed since: then the large tables are
    not read."""
    if changed_articles(connection, now) != ():
        return fingerprint(connection)
    known = {state.table_name: state for state in select_as(connection, TableState, SQL("summed_states"))}
    names = [name for name in table_names(connection) if name not in NOT_CONTENT]
    return tuple(
        known.get(name) or _table_state(connection, name) for name in names if not name.startswith(DERIVED_PREFIX)
    )


# The tables whose rows are written with their article's own, so that they change with it and not without.
_SUMMED = ("articles", "article_versions", "paragraphs", "figures", "theme_mentions")
_READ_WHOLE = 10_000
"""Up to so many articles all is read in every run, which takes a second: what harmed the file is met at once."""
_MOST_CHANGED = 0.1
"""The share of the articles above which all is read: that is cheaper than to pick out so many."""


def changed_articles(connection: DuckDBPyConnection, now: datetime) -> tuple[str, ...] | None:
    """The articles that came in, changed or went since all passed the checks; None if that is not known.

    It is not in a small warehouse, after an upgrade, in another week, where more than a tenth changed, and where a
    table has rows that are neither those that passed nor of what changed.
    """
    articles = _article_count(connection)
    if articles <= _READ_WHOLE or connection.execute(SQL("stored_recipe")).fetchall() != [_recipe(connection, now)]:
        return None
    changed = tuple(sorted(str(row[0]) for row in connection.execute(SQL("changed_articles")).fetchall()))
    if len(changed) > _MOST_CHANGED * articles:
        return None
    with staged_values(connection, changed):
        accounted = [connection.execute(SQL("rows_accounted", table=table)).fetchone() for table in _SUMMED]
    return changed if set(accounted) == {(True,)} else None


def _article_count(connection: DuckDBPyConnection) -> int:
    (articles,) = connection.execute(SQL("article_count")).fetchone() or (0,)
    return int(articles)


def _recipe(connection: DuckDBPyConnection, now: datetime) -> tuple[int]:
    found = connection.execute(SQL("sums_recipe"), {"week": f"{now.astimezone(UTC):%G-%V}"}).fetchone()
    assert found is not None  # noqa: S101  # it is no row of a table
    return (int(found[0]),)


def note_checked(connection: DuckDBPyConnection, changed: Collection[str] | None, now: datetime) -> None:
    """Keep what the rows of these articles come to (None: of all) after every check passed."""
    if changed == () or _article_count(connection) <= _READ_WHOLE:
        return
    with transaction(connection):
        if changed is None:
            connection.execute(ROWS_SQL("delete_all", table="article_sums"))
            connection.execute(SQL("write_recipe"), list(_recipe(connection, now)))
            changed = [str(row[0]) for row in connection.execute(SQL("all_articles")).fetchall()]
        with staged_values(connection, changed):
            connection.execute(SQL("forget_sums"))
            for table in _SUMMED:
                connection.execute(SQL("add_sums", table=table))


def _table_state(connection: DuckDBPyConnection, name: str) -> TableState:
    found = connection.execute(SQL("table_state", table=name)).fetchone()
    assert found is not None  # noqa: S101  # an aggregate without GROUP BY always has one row
    return TableState(name, int(found[0]), str(found[1]))


SHOWN_ROWS = 3
# Checks by subject. Those of `derived` are of what is made from the articles: the emerging terms and the search index.
CHECKS = {
    file: statements_in(Path(__file__).with_name("checks") / f"{file}.sql")
    for file in ("articles", "findings", "derived")
}


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """An invariant that does not hold: its name, what it demands, how many rows break it, and the first of them.

    `article_ids` are the articles whose rows break it; `by_article` tells whether that is all of the rows.
    """

    name: str
    demands: str
    row_count: int
    examples: tuple[str, ...]
    article_ids: frozenset[str] = frozenset()
    by_article: bool = False

    @property
    def is_derived(self) -> bool:
        """Whether what breaks it was made from the articles, and is made anew."""
        return self.name in CHECKS["derived"].texts

    def __str__(self) -> str:
        return f"{self.name}: {self.demands} ({self.row_count} rows break it, such as {'; '.join(self.examples)})"


# Checks that look at the rows of one article at a time, and the tables that they read.
_WITHIN_ARTICLES = frozenset(
    {
        "figure_evidence", "figure_bounds", "change_from", "orphan_figures", "mention_evidence", "orphan_mentions",
        "said_evidence",
    }
)  # fmt: skip
_READ_WITHIN = ("paragraphs", "figures", "theme_mentions", "actor_mentions", "quotations", "citations")


def run_checks(connection: DuckDBPyConnection, changed: Collection[str] | None = None) -> tuple[CheckFailure, ...]:
    """Run every check; an empty answer means that all invariants hold.

    Where only some articles `changed` since all passed (`changed_articles`), what looks at one article at a time looks
    at these.
    """
    every = {name: sql for checks in CHECKS.values() for name, sql in checks.texts.items()}
    if changed is None:
        return tuple(failure for name, sql in every.items() if (failure := _run(connection, name, sql)))
    rest = [
        failure for name in every if name not in _WITHIN_ARTICLES and (failure := _run(connection, name, every[name]))
    ]
    with _only_of(connection, changed):
        within = [failure for name in sorted(_WITHIN_ARTICLES) if (failure := _run(connection, name, every[name]))]
    return (*rest, *within)


@contextmanager
def _only_of(connection: DuckDBPyConnection, article_ids: Collection[str]) -> Iterator[None]:
    """Have the tables that are read within articles hold these articles only, as temporary ones of the same names."""
    (catalog,) = connection.execute(SQL("catalog")).fetchone() or ("",)
    made: list[str] = []
    try:
        with staged_values(connection, article_ids):
            for table in _READ_WITHIN:
                connection.execute(SQL("own_rows", table=table, catalog=catalog))
                made.append(table)
        yield
    finally:
        for table in made:
            connection.execute(SQL("drop_own_rows", table=table))


def _run(connection: DuckDBPyConnection, name: str, sql: str) -> CheckFailure | None:
    cursor = connection.execute(sql)
    rows = cursor.fetchall()
    if not rows:
        return None
    names = [column[0] for column in cursor.description or ()]
    examples = tuple(
        ", ".join(f"{column}={value}" for column, value in zip(names, row, strict=True)) for row in rows[:SHOWN_ROWS]
    )
    told = [row[names.index("article_id")] for row in rows] if "article_id" in names else [None]
    articles = frozenset(str(article_id) for article_id in told if article_id is not None)
    return CheckFailure(name, _demand(sql), len(rows), examples, articles, None not in told)


def _demand(sql: str) -> str:
    """What a check demands: the comment at its head."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines).rstrip(".")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a published file says of itself; `warehouse_id` is None in those of releases that had none. `layout` is the
    number of its last migration and the hash of its views."""

    warehouse_id: str | None
    content_version: int
    published_at: datetime
    articles: int
    tables: tuple[TableState, ...]
    layout: tuple[int, str]


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """A state that was published, and `Journal.mark` of the raw store then (None where that was not noted)."""

    content_version: int
    published_at: datetime
    journal_mark: str | None


def published_snapshot(workspace: Workspace) -> Snapshot | None:
    """What is published; None if nothing is or it cannot be read: then there is nothing to keep.

    Raises:
        NewerSchemaError: a newer release published it.
    """
    try:
        with open_snapshot(workspace) as connection:
            found = _snapshot(connection)
    except NewerSchemaError:
        raise
    except (WarehouseError, duckdb.Error):
        if workspace.lake is not None and has_published(workspace):
            raise
        return None
    if found is not None and found.layout[0] > current_schema():
        raise NewerSchemaError(
            f"{workspace.published}: was published by a newer release (schema {found.layout[0]}, this one knows "
            f"{current_schema()}); upgrade the project, or set COMMENTARY_HOME to another folder"
        )
    return found


def _snapshot(connection: DuckDBPyConnection) -> Snapshot | None:
    state = connection.execute(SQL("read_snapshot")).fetchone()
    schema = connection.execute(DATABASE_SQL("schema_version")).fetchone()
    views = connection.execute(DATABASE_SQL("views_hash")).fetchone()
    articles = connection.execute(SQL("article_count")).fetchone()
    if not (state and schema and views and articles):
        return None
    return Snapshot(
        warehouse_id=_warehouse_id(connection),
        content_version=int(state[0]),
        published_at=state[1].astimezone(UTC),
        articles=int(articles[0]),
        tables=select_as(connection, TableState, SQL("read_snapshot_tables")),
        layout=(int(schema[0]), str(views[0])),
    )


def _warehouse_id(connection: DuckDBPyConnection) -> str | None:
    if connection.execute(SQL("has_lineage")).fetchone() != (True,):
        return None
    found = connection.execute(SQL("warehouse_id")).fetchone()
    return str(found[0]) if found else None


def publications(connection: DuckDBPyConnection) -> tuple[PublicationRecord, ...]:
    """Every state that was published from this database or the one that it came from, oldest first."""
    return select_as(connection, PublicationRecord, SQL("publications"))


def descends(connection: DuckDBPyConnection, snapshot: Snapshot) -> bool:
    """Whether a snapshot was published from this database, or this database was made from the snapshot."""
    known = publications(connection)
    if snapshot.warehouse_id is None:
        return bool(known) and snapshot.content_version <= known[-1].content_version
    own = _warehouse_id(connection) == snapshot.warehouse_id
    states = {(one.content_version, one.published_at) for one in known}
    return own and (snapshot.content_version, snapshot.published_at) in states


def refuse_foreign(connection: DuckDBPyConnection, workspace: Workspace, snapshot: Snapshot | None) -> None:
    """Make sure that a snapshot may be published over.

    Raises:
        ForeignSnapshotError: it came from another database than this one.
    """
    if snapshot is not None and not descends(connection, snapshot):
        raise ForeignSnapshotError(
            f"{workspace.published}: was not published from the database of this folder (it holds {snapshot.articles} "
            f"articles, of {snapshot.published_at:%Y-%m-%d %H:%M} UTC), so nothing is published over it; `commentary "
            "rebuild` begins from it and adds what this folder fetched, or move the file away, or set COMMENTARY_HOME "
            "to another folder"
        )


_ACTORS = (("organisations", "organisation_id"), ("people", "person_id"))


def mark_for_coding(connection: DuckDBPyConnection, article_ids: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Have articles coded anew by the next run; returns those that are there, as article_id and url."""
    with transaction(connection), staged_values(connection, sorted(article_ids)):
        found = connection.execute(SQL("addresses_of")).fetchall()
        connection.execute(SQL("code_anew"))
    return tuple((str(article_id), str(url)) for article_id, url in found)


def quarantine(
    connection: DuckDBPyConnection, article_ids: Collection[str], published: Path, before: Snapshot | None
) -> None:
    """Put the last published rows of articles in place of theirs, in a copy that is to be published.

    An article that was not published before, or whose published rows do not hold either, is left out.

    Args:
        connection: to the copy.
        article_ids: the articles whose rows do not hold.
        published: the file that is published now.
        before: what it says of itself; None if there is none.

    Raises:
        BrokenInvariantError: a check does not hold all the same.
    """
    if before is not None and before.layout[0] == current_schema():
        _replace(connection, article_ids, published)
        broken = {article_id for failure in _failures(connection) for article_id in failure.article_ids}
        if broken:
            _leave_out(connection, broken)
    else:
        _leave_out(connection, article_ids)
    if left := _failures(connection):
        raise BrokenInvariantError(f"not published, {len(left)} checks do not hold: {left[0]}; please report it")


def _failures(connection: DuckDBPyConnection) -> list[CheckFailure]:
    return [failure for failure in run_checks(connection) if not failure.is_derived]


def _replace(connection: DuckDBPyConnection, article_ids: Collection[str], published: Path) -> None:
    connection.execute(SQL("attach_last_published", path=quoted(published)))
    try:
        with transaction(connection), staged_values(connection, sorted(article_ids)):
            for table in ARTICLE_TABLES:
                connection.execute(SQL("quarantined_out", table=table))
                if table != "emerging_terms":
                    connection.execute(SQL("quarantined_back", table=table))
            for table, key in _ACTORS:
                connection.execute(SQL("actors_back", table=table, key=key))
            _mend_links(connection)
    finally:
        connection.execute(SQL("detach_last_published"))


def _leave_out(connection: DuckDBPyConnection, article_ids: Collection[str]) -> None:
    with transaction(connection), staged_values(connection, sorted(article_ids)):
        for table in ARTICLE_TABLES:
            connection.execute(SQL("quarantined_out", table=table))
        _mend_links(connection)


def _mend_links(connection: DuckDBPyConnection) -> None:
    connection.execute(SQL("release_lost_duplicates"))
    connection.execute(WHO_SAYS_WHAT_SQL("forget_unnamed_actors"))


# Of the published file: analysts attach it, and keep tables of their own elsewhere (docs/cookbook.md).
READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class Publication:
    """The snapshot that is published now; `changed` tells whether it was replaced by this call."""

    path: Path
    content_version: int
    changed: bool


def publish(
    workspace: Workspace,
    now: datetime | None = None,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    *,
    quarantined: Collection[str] = (),
) -> Publication:
    """Publish what the pipeline's database holds, unless that is what is published already.

    The caller holds the lock and has closed its connection: the database is opened, the search index and the check
    rows are brought up to date, it is checkpointed and closed, and then copied beside the snapshot and renamed over it.
    Readers that have the old snapshot open keep it. The records of runs alone do not make a new snapshot.

    Of articles that are `quarantined`, since their rows break a check, the rows published last are published again.
    The file is read-only, so that no client takes it for a place to write to.

    On a lake nothing is copied: the state of the lake is signed, that very state is checked, and its number is noted
    beside the lake as the one that readers are pinned to. Other writers may go on meanwhile.

    Raises:
        BrokenInvariantError: a check does not hold in the state of the lake that was to be published.
        DiskFullError: no room for the copy; the snapshot published before is untouched.
        ForeignSnapshotError: the snapshot that is there came from another database; it is untouched.
        NewerSchemaError: a newer release published it; it is untouched.
        WarehouseError: it cannot be written, or the database is damaged or of a newer release.
    """
    at = now or datetime.now(UTC)
    if workspace.lake is not None:
        return _publish_lake(workspace, workspace.lake, at, memory_limit)
    return _publish_file(workspace, at, memory_limit, quarantined)


def _publish_file(workspace: Workspace, now: datetime, memory_limit: str, quarantined: Collection[str]) -> Publication:
    clear_leftovers(workspace)
    before = published_snapshot(workspace)
    with open_warehouse(workspace, memory_limit=memory_limit) as connection, explained_database_errors():
        refuse_foreign(connection, workspace, before)
        indexed = refresh_search(connection)
        tables = known_fingerprint(connection, now)
        layout = (current_schema(), views_hash())
        unchanged = Publication(workspace.published, before.content_version if before else 0, changed=False)

        def is_published(held: tuple[TableState, ...]) -> bool:
            return before is not None and (before.tables, before.layout) == (held, layout)

        if not indexed and not quarantined and is_published(tables):
            return unchanged
        version = _sign(connection, tables, now, before, journal_of(workspace).mark())
        connection.execute("CHECKPOINT")

    def hold_back(copy: Path) -> None:
        with open_copy(copy, memory_limit) as connection, explained_database_errors():
            quarantine(connection, quarantined, workspace.published, before)
            refresh_search(connection)
            held = fingerprint(connection)
            if is_published(held):
                raise _SameAsPublishedError
            _write_tables(connection, held)
            connection.execute("CHECKPOINT")

    try:
        _copy(workspace, hold_back if quarantined else None)
    except _SameAsPublishedError:
        return unchanged
    return Publication(workspace.published, version, changed=True)


def _publish_lake(workspace: Workspace, lake: Lake, now: datetime, memory_limit: str) -> Publication:
    with open_warehouse(workspace, memory_limit) as connection, explained_database_errors():
        before = _published_before(connection, lake)
        indexed = refresh_search(connection)
        with writing(connection):
            tables = fingerprint(connection)
            layout = (current_schema(), views_hash())
            if not indexed and before is not None and (before.tables, before.layout) == (tables, layout):
                return Publication(workspace.published, before.content_version, changed=False)
            version = _sign(connection, tables, now, before, journal_of(workspace).mark())
            signed = _number(connection)
        with beside(connection, lake, signed) as state:
            broken = run_checks(state)
        if broken:
            raise BrokenInvariantError(
                f"not published, {len(broken)} checks do not hold: {broken[0]}; readers keep what was published before"
            )
        pin(connection, version, signed, now)
    return Publication(workspace.published, version, changed=True)


def _published_before(connection: DuckDBPyConnection, lake: Lake) -> Snapshot | None:
    number = published_version(connection)
    if number is None:
        return None
    with beside(connection, lake, number) as state:
        return _snapshot(state)


def _number(connection: DuckDBPyConnection) -> int:
    found = connection.execute(SQL("present_number")).fetchone()
    assert found is not None  # noqa: S101  # a lake always has a state
    return int(found[0])


def pin(connection: DuckDBPyConnection, version: int, number: int, now: datetime) -> None:
    """Note which state of a lake is published, in a table of its catalog that has no versions itself."""
    connection.execute(SQL("create_pins"))
    connection.execute(SQL("pin"), [version, number, now])


class _SameAsPublishedError(Exception):
    """With its quarantined articles held back, a copy holds what is published already."""


def _sign(
    connection: DuckDBPyConnection,
    tables: tuple[TableState, ...],
    now: datetime,
    before: Snapshot | None,
    journal_mark: str,
) -> int:
    """Write the check rows; the version is above that of every snapshot published or prepared before."""
    prepared = connection.execute(SQL("read_snapshot")).fetchone()
    version = 1 + max(int(prepared[0]) if prepared else 0, before.content_version if before else 0)
    with transaction(connection):
        connection.execute(ROWS_SQL("delete_all", table="snapshot"))
        connection.execute(SQL("write_snapshot"), [version, now, current_schema()])
        connection.execute(SQL("record_publication"), [version, now, journal_mark])
        _write_tables(connection, tables)
    return version


def _write_tables(connection: DuckDBPyConnection, tables: tuple[TableState, ...]) -> None:
    connection.execute(ROWS_SQL("delete_all", table="snapshot_tables"))
    insert_rows(connection, "snapshot_tables", [asdict(table) for table in tables])


def _copy(workspace: Workspace, edit: Callable[[Path], None] | None) -> None:
    """Copy the database beside the snapshot, edit the copy, and rename it over the snapshot."""
    source = workspace.database
    log = source.with_name(source.name + ".wal")
    if log.exists() and log.stat().st_size:
        raise WarehouseError(
            f"{source}: could not be checkpointed; end other programs that have it open, then run again"
        )
    with explained_disk_errors(workspace.home), whole_file(workspace.published) as temporary:
        shutil.copyfile(source, temporary)
        try:
            if edit is not None:
                edit(temporary)
        finally:
            temporary.with_name(temporary.name + ".wal").unlink(missing_ok=True)
        temporary.chmod(READ_ONLY)
