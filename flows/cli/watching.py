"""`commentary sources`, `failures`, `accept`, `reject`, `prune`: what is watched, and the operator's word."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import get_args

import click
from duckdb import DuckDBPyConnection
from rich.console import Console
from rich.text import Text

from extractors.web.address import BadAddressError, canonical, fetchable, origin
from extractors.web.model import Candidate, JsonList, Source, SourceKind, SourceState
from flows.cli.printing import print_table
from flows.cli.running import end_with, prepare, print_summary, run_with_progress
from flows.own_sources import (
    add_source,
    change_source,
    check_source,
    entry_of,
    is_removed,
    name_of,
    remove_source,
    take_back,
    watched,
)
from flows.reporting import terminal
from flows.run import utc_now, workers_of
from flows.settings import UserError, settings, slug
from flows.steps.growing import Probe, Suggestion, probe_source, suggested_sites
from warehouse.database import has_published, open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.raw_store import journal_of, store_of
from warehouse.raw_store import prune as prune_warehouse
from warehouse.sources import (
    RestingSource,
    SourceYield,
    purge_source,
    store_sources,
    stored_resting,
    stored_sets,
    stored_source_states,
    stored_yields,
)
from warehouse.watched import ToldFailure, article_urls, linking_pages, told_failures
from warehouse.watched import accept as accept_page
from warehouse.watched import reject as reject_page
from warehouse.workspace import Workspace, exclusive

_SHOWN = 12


@click.group(invoke_without_command=True)
@click.option("--sources", "path", type=click.Path(path_type=Path, dir_okay=False), help="TOML file of the sources.")
@click.pass_context
def sources(context: click.Context, path: Path | None) -> None:
    """List the watched sources with their last result; add, change and remove them.

    Yours stand in the file sources.toml of your home (data/, or COMMENTARY_HOME), over the ones that are shipped.
    """
    context.obj = path or settings().sources
    if context.invoked_subcommand is None:
        _print_sources(context.obj)


@sources.command()
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
@click.pass_obj
def check(path: Path, verbose: bool) -> None:
    """Ask every source for its feeds, sitemaps and listings; no article is fetched."""
    watched(settings(), path)  # an error in the file is the user's, before anything starts
    prepare(verbose=verbose)
    report, ok = run_with_progress("flows.check_sources:check_sources", sources=path)
    print_table(["source", "state", "detail"], report.sources)
    print_summary(report)
    end_with(report, ok=ok)


@sources.command()
@click.argument("url")
@click.option("--id", "source_id", help="Short name in lower case; made from the name or the host if left out.")
@click.option("--name", help="Name for readers, which its articles have as their publisher; the host's if left out.")
@click.option("--sector", default="other", show_default=True, help='What the publisher is, such as "law firm".')
@click.option("--kind", type=click.Choice(get_args(SourceKind)), default="site", show_default=True, help="What URL is.")
@click.option("--include", multiple=True, help="Pattern that an address's path must match; several: one of them.")
@click.option("--exclude", multiple=True, help="Pattern that it must not match.")
@click.option("--api", multiple=True, metavar="KEY=FIELD", help="For --kind json: items=..., address=..., title=...")
@click.option("--selector", help="CSS selector of an article's text, where the general way of reading fails.")
@click.option("--quiet-days", type=click.IntRange(1, 3650), help="Days without news after which you are told.")
@click.option("--anyway", is_flag=True, help="Add it also where nothing can be found there at present.")
@click.option("--dry-run", is_flag=True, help="Only show what it would bring.")
@click.pass_context
def add(
    context: click.Context,
    /,
    url: str,
    source_id: str | None,
    anyway: bool,
    dry_run: bool,
    **given: object,
) -> None:
    """Add the site, feed or sitemap at URL to the watched sources, once it was seen what it would bring.

    Its feeds, sitemaps and listings are looked for politely; no article is fetched before the next run.
    """
    source = _new_source(url, source_id, given)
    for one in watched(settings(), context.obj):
        if one.source_id == source.source_id:
            raise UserError(f"there is a source {one.source_id!r} already", "give this one another name with --id")
        if one.address == source.address:
            raise UserError(
                f"{one.source_id!r} watches {one.address} already",
                f"`commentary sources show {one.source_id}` tells of it",
            )
    check_source(settings(), entry_of(source))
    click.echo(f"Looking at {source.address} ...", err=True)
    probe = probe_source(source, settings())
    works = _print_probe(source, probe)
    if dry_run:
        click.echo("Nothing was written.")
        return
    if not works and not anyway:
        raise UserError(
            f"nothing to watch was found at {source.address}: {probe.state.detail if probe.state else 'no answer'}",
            "name its feed (--kind feed) or the page that lists its articles (--kind section), or add it --anyway",
        )
    add_source(settings(), entry_of(source))
    click.echo(f"Added {source.source_id} to {settings().own_sources}.")
    click.echo(
        f"Next: `commentary ingest` watches it; `commentary backfill {source.source_id}` goes through its archive."
    )


def _new_source(url: str, source_id: str | None, given: Mapping[str, object]) -> Source:
    try:
        address = fetchable(url if "://" in url else f"https://{url}")
    except BadAddressError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error
    days, name = given["quiet_days"], " ".join(str(given["name"] or "").split())
    return Source(
        source_id=source_id or (slug(name) if name else "") or name_of(address),
        name=name or origin(address).partition("://")[2].removeprefix("www."),
        homepage=origin(address) + "/",
        kind=given["kind"],  # type: ignore[arg-type]  # click has checked it
        address=address,
        sector=str(given["sector"]),
        include=tuple(given["include"]),  # type: ignore[arg-type]
        exclude=tuple(given["exclude"]),  # type: ignore[arg-type]
        selector=str(given["selector"]) if given["selector"] else None,
        quiet_days=days if isinstance(days, int) else None,
        api=_api(given["api"]),  # type: ignore[arg-type]
    )


def _api(stated: tuple[str, ...]) -> JsonList | None:
    """The fields of a JSON API, from KEY=FIELD."""
    said = {key: value for key, _, value in (one.partition("=") for one in stated)}
    known = [field.name for field in fields(JsonList)]
    if said and (not set(said) <= set(known) or not {"items", "address"} <= set(said)):
        raise click.BadParameter(f"needs items= and address=; known are {', '.join(known)}", param_hint="--api")
    return JsonList(**said) if said else None


def _print_probe(source: Source, probe: Probe) -> bool:
    """What was found, and whether anything can be watched."""
    status = probe.state.status if probe.state else "unreachable"
    click.echo(f"{source.name}: {status}; {probe.state.detail if probe.state else 'nobody answered'}")
    for endpoint in probe.endpoints.values():
        told = f"{endpoint.entries} entries" if endpoint.last_error is None else endpoint.last_error
        click.echo(f"  {endpoint.role} {endpoint.kind} {endpoint.url}: {told}")
    found = sorted(probe.candidates.values(), key=lambda one: -one.priority)
    if found:
        click.echo(f"It would take {len(found)} addresses now, such as:")
    for candidate in found[:_SHOWN]:
        click.echo(f"  {_shown(candidate)}")
    return status == "ok"


def _shown(candidate: Candidate) -> str:
    day = candidate.published_hint or candidate.modified_hint
    return " ".join(filter(None, (f"{day:%Y-%m-%d}" if day else "", candidate.title or "", candidate.fetch_url)))


def _known(path: Path, source_id: str) -> Source:
    found = {source.source_id: source for source in watched(settings(), path)}
    if source_id not in found:
        near = ", ".join(sorted(name for name in found if source_id[:4] in name)[:5])
        raise UserError(
            f"there is no source {source_id!r}", f"`commentary sources` lists them{f': {near}' if near else ''}"
        )
    return found[source_id]


@sources.command()
@click.argument("source_id")
@click.pass_obj
def disable(path: Path, source_id: str) -> None:
    """Switch SOURCE_ID off: nothing is asked of it, its articles stay."""
    _known(path, source_id)
    change_source(settings(), source_id, {"enabled": False})
    click.echo(f"Switched {source_id} off in {settings().own_sources}; its articles stay.")
    click.echo(f"Next: `commentary sources purge {source_id}` forgets what waits of it; `enable` takes it back.")


@sources.command()
@click.argument("source_id")
@click.pass_obj
def enable(path: Path, source_id: str) -> None:
    """Switch SOURCE_ID on again, also a shipped one that was removed: what rested goes on."""
    if is_removed(settings(), source_id):
        take_back(settings(), source_id)
    _known(path, source_id)
    change_source(settings(), source_id, {"enabled": True})
    click.echo(f"Switched {source_id} on in {settings().own_sources}. Next: `commentary ingest` asks it.")


@sources.command()
@click.argument("source_id")
@click.pass_obj
def remove(path: Path, source_id: str) -> None:
    """Take SOURCE_ID out of the watched sources; its articles stay."""
    _known(path, source_id)
    remove_source(settings(), source_id)
    click.echo(f"Removed {source_id} (in {settings().own_sources}); its articles stay.")
    back = "; `enable` takes it back" if is_removed(settings(), source_id) else ""
    click.echo(f"Next: `commentary sources purge {source_id}` forgets what waits of it{back}.")


@sources.command()
@click.argument("source_id")
@click.pass_obj
def purge(path: Path, source_id: str) -> None:
    """Forget what rests of SOURCE_ID, which is switched off or removed; its articles stay."""
    with warehouse_held() as connection:
        store_sources(connection, watched(settings(), path))
        if source_id not in {source.source_id for source in stored_resting(connection)}:
            raise UserError(
                f"no source {source_id!r} rests",
                f"`commentary sources disable {source_id}` switches it off; `commentary sources` lists what rests",
            )
        forgotten = purge_source(connection, source_id)
    click.echo(f"Forgotten of {source_id}: " + ", ".join(f"{number} {what}" for what, number in forgotten.items()))


@sources.command()
@click.argument("source_id")
@click.pass_obj
def show(path: Path, source_id: str) -> None:
    """Show SOURCE_ID: how it is configured and where, how it fares, what it yielded."""
    source = _known(path, source_id)
    for name, value in {**entry_of(source), "enabled": source.enabled}.items():
        click.echo(f"{name:<10} {', '.join(value) if isinstance(value, list) else value}")
    workspace = settings().workspace
    if not has_published(workspace):
        click.echo("It was not asked yet. Next: `commentary ingest`.")
        return
    with open_snapshot(workspace) as connection:
        states = {state.source_id: state for state in stored_source_states(connection)}
        yielded = {one.source_id: one for one in stored_yields(connection)}.get(source_id, SourceYield(source_id))
    state = states.get(source_id)
    click.echo(f"{'last result':<10} {f'{state.status}: {state.detail}' if state else 'not asked yet'}")
    click.echo(
        f"{'yielded':<10} {yielded.articles} articles of {yielded.candidates} addresses: {yielded.waiting} wait, "
        f"{yielded.not_similar} were not similar, {yielded.failed} could not be had"
    )
    if yielded.waiting:
        click.echo(f"Next: `commentary backfill {source_id}` fetches what waits, and goes through its archive.")


@sources.command()
@click.option(
    "--articles", default=2000, show_default=True, type=click.IntRange(1), help="Newest articles to go through."
)
@click.option("--limit", default=15, show_default=True, type=click.IntRange(1), help="Sites to offer.")
@click.pass_obj
def suggest(path: Path, articles: int, limit: int) -> None:
    """Offer sites that similar articles point to, with the evidence. Nothing is fetched."""
    workspace = settings().workspace
    with open_snapshot(workspace) as connection:
        pages, here = linking_pages(connection, articles), article_urls(connection)
    with terminal() as listener, workers_of(settings()) as workers:
        found = suggested_sites(
            pages,
            store_of(workspace),
            workers,
            watched(settings(), path),
            here,
            lambda done: listener("reading the links of articles", done, len(pages)),
        )
    console = Console(soft_wrap=True)
    for suggestion in found[:limit]:
        _print_suggestion(console, suggestion)
    if not found:
        click.echo(f"None of {len(pages)} pages points to what looks like commentary on a site that is not watched.")
    else:
        click.echo(f"{min(limit, len(found))} of {len(found)} sites. Next: `commentary sources add URL` looks at one.")


def _print_suggestion(console: Console, found: Suggestion) -> None:
    by = ", ".join(sorted(found.publishers)[:4])
    here = f", {found.similar} articles of it are here already" if found.similar else ""
    console.print(Text(f"https://{found.site}/", style="bold"))
    console.print(
        Text(f"    {len(found.linked_by)} articles of {len(found.publishers)} publishers ({by}) point there{here}")
    )
    for url, title in list(found.pages.items())[:3]:
        console.print(Text(f"    {title[:100] or '-'}  {url}"))


def _print_sources(path: Path) -> None:
    states: dict[str, SourceState] = {}
    resting: tuple[RestingSource, ...] = ()
    sets: list[tuple[str, ...]] = []
    workspace = settings().workspace
    if has_published(workspace):
        with open_snapshot(workspace) as connection:
            states = {state.source_id: state for state in stored_source_states(connection)}
            resting = stored_resting(connection)
            articles = {one.source_id: one.articles for one in stored_yields(connection)}
            sets = [
                (
                    one.source_id,
                    one.name,
                    one.sector or "",
                    "set",
                    "added by hand",
                    "",
                    f"{articles[one.source_id]} articles",
                )
                for one in stored_sets(connection)
            ]
    all_sources = watched(settings(), path)
    rests = {source.source_id: source for source in resting}
    rows = [_row(source, states.get(source.source_id), rests.get(source.source_id)) for source in all_sources]
    gone = [source for source in resting if source.source_id not in {one.source_id for one in all_sources}]
    rows += [(one.source_id, one.name, one.sector or "", "gone", "left the file", "", _rests(one)) for one in gone]
    rows += sets
    print_table(["source", "name", "sector", "", "last result", "asked", "detail"], rows)


def _row(source: Source, state: SourceState | None, rests: RestingSource | None) -> tuple[str, ...]:
    detail = state.detail if state else source.address
    return (
        source.source_id,
        source.name,
        source.sector,
        "on" if source.enabled else "off",
        state.status if state else "not asked yet",
        f"{state.probed_at:%Y-%m-%d %H:%M}" if state and state.probed_at else "",
        _rests(rests) if rests is not None and not source.enabled else detail,
    )


def _rests(source: RestingSource) -> str:
    """What is not asked for, and how to forget it."""
    if not source.candidates + source.pages:
        return "nothing rests"
    told = f"{source.candidates} addresses to fetch and {source.pages} pages to read again rest"
    return f"{told}; `commentary sources purge {source.source_id}` forgets them"


@click.command()
def failures() -> None:
    """List what could not be fetched, read or loaded: stage, reason, whole address, attempts, next try."""
    with open_snapshot(settings().workspace) as connection:
        found = told_failures(connection)
    if not found:
        click.echo("Nothing failed that has not succeeded since.")
        return
    for failure in found:
        click.echo(f"{failure.stage}: {failure.error_type}: {failure.url}")
        times = "once" if failure.attempts == 1 else f"{failure.attempts} times"
        click.echo(f"    {times}, last {failure.last_at:%Y-%m-%d %H:%M}, next try: {_next_try(failure)}")
        click.echo(f"    {failure.message}")
    click.echo(f"{len(found)} failure{'' if len(found) == 1 else 's'}; times are UTC")


def _next_try(failure: ToldFailure) -> str:
    if failure.resting:
        return "rests, its source is switched off"
    if failure.next_try_at is None:
        return "never"
    return "next run" if failure.next_try_at <= failure.last_at else f"{failure.next_try_at:%Y-%m-%d %H:%M}"


_TOLD = {
    "loaded": "It is an article already.",
    "stored": "Its bytes are kept: the next run loads it.",
    "to_fetch": "The next run fetches and loads it.",
}


@click.command()
@click.argument("url")
def accept(url: str) -> None:
    """Load the page at URL whatever the judgement of its relevance says."""
    identity, address = _addresses(url)
    with warehouse_held() as connection:
        journal_of(settings().workspace).append_rows(
            {"rulings": [{"url": identity, "fetch_url": address, "ruling": "accept"}]}
        )
        told = accept_page(connection, identity, address, utc_now())
    click.echo(f"Accepted {identity}. {_TOLD[told]}")


@click.command()
@click.argument("url")
def reject(url: str) -> None:
    """Keep the page at URL out; if it is an article, withdraw it. `accept` takes that back."""
    identity, address = _addresses(url)
    with warehouse_held() as connection:
        journal_of(settings().workspace).append_rows(
            {"rulings": [{"url": identity, "fetch_url": address, "ruling": "reject"}]}
        )
        try:
            article_id = reject_page(connection, identity, utc_now())
        except KeyError:
            raise UserError(
                f"{identity} is neither an article nor a candidate",
                "`commentary sql` on candidates tells what is known",
            ) from None
    withdrawn = f"Article {article_id} is withdrawn." if article_id else "It was no article."
    click.echo(f"Rejected {identity}. {withdrawn}")


@click.command()
@click.option("--older-than", "days", required=True, metavar="DAYS", help='Such as 90, or "90d".')
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
def prune(days: str, dry_run: bool) -> None:
    """Delete bytes of pages that were left out, bytes of old versions, and logs, if they are older than so many DAYS.

    What an article's current version needs stays, and so do all rows: texts of old versions, and what was decided of
    pages. A page that is accepted later is fetched again.
    """
    number = days.removesuffix("d").strip()
    if not number.isdigit() or int(number) < 1:
        raise click.BadParameter(f"{days!r} is no number of days: write 90", param_hint="--older-than")
    now = utc_now()
    with warehouse_held() as connection:
        freed = prune_warehouse(
            connection, settings().workspace, now - timedelta(days=int(number)), now, dry_run=dry_run
        )
    for one in freed:
        click.echo(f"{one.files:>8} files, {one.size / 1e6:>10.1f} MB: {one.what}")
    told = "would go; without --dry-run they do" if dry_run else "went"
    click.echo(f"{sum(one.size for one in freed) / 1e6:.1f} MB {told}. Next: `commentary status` tells the sizes.")


def _addresses(url: str) -> tuple[str, str]:
    if url.startswith("file:"):  # a file that was added
        return url, url
    try:
        return canonical(url), fetchable(url)
    except BadAddressError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error


@contextmanager
def warehouse_held() -> Iterator[DuckDBPyConnection]:
    """The pipeline's database, held and published afterwards, with the page that shows it.

    Raises:
        UserError: there is none, though one was published from: a run makes it anew.
    """
    workspace = settings().workspace
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        if workspace.lake is None and workspace.published.exists() and not workspace.database.exists():  # lost
            raise UserError(
                f"the pipeline's database of {workspace.home} is not there, only what was published from it",
                "`commentary ingest --no-sources` makes it anew from that, then ask again",
            )
        connection = open_warehouse(workspace, settings().memory_limit)
        try:
            yield connection
        finally:
            connection.close()
        if publish(workspace, utc_now(), settings().memory_limit).changed and settings().page:
            _renew_page(workspace)


def _renew_page(workspace: Workspace) -> None:
    from flows.page.write import renew_report  # noqa: PLC0415  other commands need no templates

    problem = renew_report(workspace, utc_now(), most_in_one_file=settings().page_articles)
    if problem is not None:
        click.echo(problem, err=True)
