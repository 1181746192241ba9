"""Reading, judging and coding: from kept bytes to an article with all that is found in it, or why not."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pyarrow as pa

from extractors.actors import ActorMention, Citation, Quotation, WhoSaysWhat, find_actors
from extractors.article import Article, Found, Hints, Published, UnreadableError, read, with_hints, with_robots_tag
from extractors.article.model import Paragraph
from extractors.figures import Figure, find_figures
from extractors.figures.model import flat
from extractors.lexicon import LexiconError
from extractors.relevance import Judgement, judge
from extractors.themes import Codebook, code_themes, override_files, read_codebook
from extractors.themes.model import ThemeMention, mention_fields
from extractors.version import extractor_version, take_over
from extractors.web.address import canonical
from extractors.workers import Limits, RefusedError, Workers, WorkersGoneError
from flows.settings import Settings
from flows.steps.cluster import Cluster, Item, Row, Setup
from flows.steps.naming import believed_link, claimed_origin, own_identity
from warehouse.coded import (
    CodedArticle,
    NotSimilar,
    Outcome,
    PutAside,
    article_id,
    content_hash,
    outcome_rows,
    read_outcome,
)
from warehouse.errors import DamagedObjectError, WarehouseError
from warehouse.raw_store import Material, RawStore, store_at


def codebook_in_force(settings: Settings) -> Codebook:
    """The codebook with the overrides that the settings name, and with what reads meaning if they ask for it.

    Raises:
        LexiconError: a file of it is broken; it names file, theme and entry. Or the package for meaning is missing.
    """
    return read_codebook(overrides=settings.codebook, meaning=settings.themes == "meaning")


MOST_REFUSED = 3
"""Pages of one source that may take too much before the rest of it waits for the next run: a site that serves many
such pages would else keep the run for a minute each."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """A page that is not read in this run, since too many of its source took too much."""

    source_id: str


_CODING_MODULES = (__name__, "extractors.article.page", "extractors.article.pdf")
WORKER_MODULES = (*_CODING_MODULES, "extractors.web.discover", "extractors.web.robots")
"""What workers have loaded before they are given foreign bytes."""


def code(material: Material, data: bytes, codebook: Codebook) -> Outcome:
    """Read one article and find its themes and figures.

    A page that cannot be read, or that is not similar commentary (unless it is trusted), is given back as such.
    """
    try:
        article = read(
            data,
            name=material.name,
            content_type=material.content_type,
            url=material.open_url if material.open_url.startswith("http") else None,
            selector=material.selector,
            today=material.fetched_at.date(),
        )
    except UnreadableError as error:
        return PutAside(material.url, "read", error.reason, f"{material.name}: {error}")
    hints = Hints(material.fed_title, tuple(material.fed_authors), material.fed_on)
    article = with_robots_tag(with_hints(article, hints, material.fetched_at.date()), material.robots_tag)
    article = _with_manifest(article, material)
    themes = code_themes(article.paragraphs, codebook)
    judgement = judge(article, themes=themes)
    if not judgement.similar and not material.trusted:
        return NotSimilar(material.url, material.raw_hash, material.source_id, judgement.relevance, judgement.reasons)
    figures = find_figures(body(article), article.published)
    said = who_says_what(article, figures)
    coded = _coded(material, article, judgement, codebook, figures=figures, themes=themes)
    return replace(coded, said=said)


def who_says_what(article: Article, figures: tuple[Figure, ...]) -> WhoSaysWhat:
    """The actors, quotations and citations of an article as it was read, with what its metadata state."""
    return find_actors(
        article.paragraphs,
        figures,
        published=article.published.on if article.published else None,
        publisher=article.publisher.value if article.publisher else None,
        authors=article.authors,
    )


def body(article: Article) -> tuple[Paragraph, ...]:
    """The paragraphs that are searched for figures: all but the title (docs/figures-guide.md)."""
    title = article.title.value if article.title else None
    return tuple(p for p in article.paragraphs if p.kind != "heading" or p.text != title)


class Coding(Protocol):
    """Codes many articles, wherever that is done: one that takes too much time or memory is put aside.

    The seeds too: they are few and small as they come with us, but an operator adds what he was sent.
    """

    def code_all(self, materials: Sequence[Material]) -> Iterator[Outcome | Postponed]:
        """Code articles in order. What goes wrong with one is its own affair."""

    def close(self) -> None:
        """Let go of what codes."""


BYTES_LOST = "bytes_lost"
STORE_UNREACHABLE = "store_unreachable"
UNREAD = frozenset({BYTES_LOST, STORE_UNREACHABLE})
"""Reasons (`error_type`) that say nothing of the article: its bytes were not there to be read."""


class Coders:
    """Codes in worker processes of this machine."""

    def __init__(
        self, codebook: Codebook, workers: Workers, fetch: Callable[[str], bytes], overrides: tuple[Path, ...] = ()
    ) -> None:
        """`fetch` gives the bytes of a raw_hash, as `RawStore.get`; `codebook` is the one that the overrides make."""
        self._workers = workers
        self._fetch = fetch
        self._refused: Counter[str] = Counter()  # by source; counted by several threads, where one more is no harm
        workers.share(_begin, overrides, codebook.meaning is not None, codebook.version, extractor_version())

    def code_all(self, materials: Sequence[Material]) -> Iterator[Outcome | Postponed]:
        """Code articles in order."""
        return self._workers.each(self._outcome, materials)

    def close(self) -> None:
        """The workers are the run's, which ends them."""

    def _outcome(self, material: Material) -> Outcome | Postponed:
        if not material.local and self._refused[material.source_id] >= MOST_REFUSED:
            return Postponed(material.source_id)
        try:
            data = self._fetch(material.raw_hash)
            outcome: Outcome = self._workers.call(_code, material, data)
        except WorkersGoneError:
            raise
        except RefusedError as refused:
            self._refused[material.source_id] += 1
            return _refused(material, refused.reason, str(refused))
        except (KeyError, DamagedObjectError) as error:
            return _bytes_lost(material, error)
        except Exception as error:  # a fault of ours in one article must not keep the others from being loaded
            return _refused(material, "fault", f"{type(error).__name__}: {str(error)[:200]}")
        return outcome


class ClusterCoders:
    """Codes on a cluster, whose workers read the bytes by their hash from the raw store that they share with us."""

    def __init__(self, cluster: Cluster, store: RawStore, seen_as: str = "") -> None:
        """`seen_as` is the raw store's folder on the cluster's machines, where that is not its path here."""
        self._cluster = cluster
        self._store = store
        self._seen_as = seen_as or store.place

    def code_all(self, materials: Sequence[Material]) -> Iterator[Outcome | Postponed]:
        """Code articles in order."""
        there = [material.raw_hash in self._store for material in materials]
        rows = iter(self._cluster.work([self._item(material) for material in compress(materials, there)]))
        for material, is_there in zip(materials, there, strict=True):
            yield _told(material, next(rows)) if is_there else _bytes_lost(material, KeyError(material.raw_hash))

    def close(self) -> None:
        """Leave the cluster."""
        self._cluster.close()

    def _item(self, material: Material) -> Item:
        group = "" if material.local else material.source_id
        return Item(pickle.dumps((_code_stored, (self._seen_as, material))), group)


def cluster_setup(codebook: Codebook, limits: Limits, overrides: tuple[Path, ...] = ()) -> Setup:
    """What a cluster's workers make ready to code as this run does; `codebook` is the one that the overrides make."""
    files = tuple((file.name, file.read_bytes()) for file in override_files(overrides))
    meaning = codebook.meaning is not None
    begin = pickle.dumps((_begin_alike, (files, meaning, codebook.version, extractor_version())))
    return Setup(limits, _CODING_MODULES, begin)


def _told(material: Material, row: Row) -> Outcome | Postponed:
    refusal = row.get("refusal")
    if refusal == "postponed":
        return Postponed(material.source_id)
    outcome = read_outcome(row)
    return _refused(material, str(refusal), str(row["why"])) if outcome is None else outcome


def _refused(material: Material, reason: str, why: str) -> PutAside:
    kept = f"its bytes are kept as {material.raw_hash}"
    if reason == "fault":
        return _put_aside(material, reason, f"a fault in reading it ({why}); {kept}, please report it with them")
    return _put_aside(material, reason, f"{why}; {kept}")


def _bytes_lost(material: Material, error: KeyError | DamagedObjectError) -> PutAside:
    what = "are no longer in the raw store" if isinstance(error, KeyError) else f"are damaged ({error})"
    told = f"{material.url}: its stored bytes {what}; what is loaded of it stays as it is"
    return PutAside(material.url, "read", BYTES_LOST, told)


def _put_aside(material: Material, error_type: str, message: str) -> PutAside:
    return PutAside(material.url, "read", error_type, f"{material.name}: {message}")


_codebook: Codebook  # of the workers, set once for all of them


# What is loaded with the first page takes seconds, which no article shall be charged with.
FIRST_PAGE = """<html lang="en"><head><title>Waiting lists and the private sector</title></head><body><article>
<h1>Waiting lists and the private sector</h1>
<p>The NHS paid private hospitals £5m in 2024 to cut its waiting lists, and trusts say that they will pay more.</p>
<p>Patients who were treated there went home sooner, but doctors doubt that the contracts were worth their price.</p>
<p>Ministers should publish what was paid, argued the union, since a third of the money cannot be accounted for.</p>
</article></body></html>"""


_FIRST = Material(
    url="first:page",
    open_url="https://first.example/2024/page",
    addresses=(),
    source_id="first",
    raw_hash="",
    name="first.html",
    content_type="text/html",
    fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    trusted=True,
)


def _begin(overrides: tuple[Path, ...], meaning: bool, codebook_version: str, version: str) -> None:
    # Read, not sent: it is megabytes, and is here already where this process was forked from one that had read it.
    codebook = read_codebook(overrides=overrides, meaning=meaning)
    if codebook.version != codebook_version:
        raise LexiconError("the codebook", "", "its files were changed while the run began; start the run again")
    take_over(version)
    _begin_with(codebook)


def _begin_with(codebook: Codebook) -> None:
    global _codebook  # noqa: PLW0603 - workers have no other place for what all their calls share
    _codebook = codebook
    code(_FIRST, FIRST_PAGE.encode(), codebook)


def _code(material: Material, data: bytes) -> Outcome:
    return code(material, data, _codebook)


def _begin_alike(
    overrides: tuple[tuple[str, bytes], ...],
    meaning: bool,
    codebook_version: str,
    version: str,
) -> None:
    """As `_begin`, on a machine that has our code but not our files: it has to find what would be found here."""
    if extractor_version() != version:
        raise ValueError(f"its extractors are version {extractor_version()}, those of the run {version}")
    with TemporaryDirectory() as folder:
        paths = tuple(Path(folder) / f"{number:03}-{name}" for number, (name, _) in enumerate(overrides))
        for path, (_, content) in zip(paths, overrides, strict=True):
            path.write_bytes(content)
        codebook = read_codebook(overrides=paths, meaning=meaning)
    if codebook.version != codebook_version:
        raise ValueError(f"its codebook is version {codebook.version}, that of the run {codebook_version}")
    _begin_with(codebook)


def _code_stored(folder: str, material: Material, worker: str) -> pa.Table:
    return outcome_rows([_stored_outcome(folder, material, worker)])


def _stored_outcome(folder: str, material: Material, worker: str) -> Outcome:
    try:
        data = store_at(folder).get(material.raw_hash)
    except DamagedObjectError as error:
        return _bytes_lost(material, error)
    except (KeyError, OSError, WarehouseError) as error:  # the run saw that the object is there
        why = "it is not there" if isinstance(error, KeyError) else str(error)
        return _put_aside(
            material,
            STORE_UNREACHABLE,
            f"the coding worker {worker} cannot read {material.raw_hash} from the raw store {folder} ({why}); mount "
            "the run's raw store there, or set coding_store to its folder there; the next run codes it",
        )
    return _code(material, data)


def _with_manifest(article: Article, material: Material) -> Article:
    """What a manifest states wins over what the text states; a watched site's publisher has one name."""
    named = Found(material.source_name, "source") if material.source_name else article.publisher
    named = Found(material.served_by, "host") if material.served_by else named
    return replace(
        article,
        title=Found(material.title, "manifest") if material.title else article.title,
        publisher=Found(material.publisher, "manifest") if material.publisher else named,
        authors=material.authors or article.authors,
        authors_method="manifest" if material.authors else article.authors_method,
        published=material.published or article.published,
    )


def _coded(
    material: Material,
    article: Article,
    judgement: Judgement,
    codebook: Codebook,
    *,
    figures: tuple[Figure, ...],
    themes: tuple[ThemeMention, ...],
) -> CodedArticle:
    # An article that is known keeps the addresses that it has, whatever its page says of them now.
    link = None if material.article_id else believed_link(material.open_url, article.canonical_url)
    return CodedArticle(
        article_id=material.article_id
        or article_id(canonical(link) if link else own_identity(material.open_url, material.url)),
        source_id=material.source_id,
        url=link or material.open_url,
        addresses=_addresses(material, link),
        article=article,
        raw_hash=material.raw_hash,
        content_hash=content_hash(article),
        content_type=material.content_type,
        relevance=judgement.relevance,
        relevance_reasons=judgement.reasons,
        duplicate_of=None,
        figures=figures,
        themes=themes,
        fetched_at=material.fetched_at,
        extractor_version=extractor_version(),
        codebook_version=codebook.version,
        syndicated_from=_origin(material, article),
    )


def _origin(material: Material, article: Article) -> str | None:
    """Where it comes from if its publisher is not who serves it."""
    if material.served_by:
        return own_identity(material.open_url, "")
    return None if material.local else claimed_origin(material.open_url, article.canonical_url)


def _addresses(material: Material, canonical_link: str | None) -> tuple[str, ...]:
    """All addresses, each also in the form by which a page is recognised."""
    stated = [material.url, material.open_url, *material.addresses, *([canonical_link] if canonical_link else [])]
    forms = [form for url in stated for form in ((url, canonical(url)) if url.startswith("http") else (url,))]
    return tuple(dict.fromkeys(forms))


Json = dict[str, Any]


def extract(
    data: bytes, *, name: str, codebook: Codebook, published: Published | None = None, today: date | None = None
) -> Json:
    """Read one file and give what is found in it; a `published` wins over the file's own date.

    A date of the file's own after `today` is not believed.

    Raises:
        UnreadableError: it is no article that can be read.
    """
    article = read(data, name=name, today=today)
    if published is not None:
        article = replace(article, published=published)
    themes = code_themes(article.paragraphs, codebook)
    figures = find_figures(body(article), article.published)
    judgement = judge(article, themes=themes)
    return {
        "path": name,
        **_metadata(article),
        "relevance": judgement.relevance,
        "similar": judgement.similar,
        "relevance_reasons": list(judgement.reasons),
        "paragraphs": [
            {"paragraph_no": paragraph.paragraph_no, "kind": paragraph.kind, "text": paragraph.text}
            for paragraph in article.paragraphs
        ],
        "figures": [_figure(figure, figures) for figure in figures],
        "themes": [{**mention_fields(mention), "cues": list(mention.cues)} for mention in themes],
        **_said(who_says_what(article, figures)),
    }


def _metadata(article: Article) -> Json:
    published = article.published
    return {
        "title": article.title.value if article.title else None,
        "publisher": article.publisher.value if article.publisher else None,
        "authors": list(article.authors),
        "published_on": published.on.isoformat() if published else None,
        "published_precision": published.precision if published else None,
        "published_method": published.method if published else None,
        "updated_on": article.updated_on.isoformat() if article.updated_on else None,
        "language": article.language,
        "notes": list(article.notes),
    }


def _figure(figure: Figure, figures: tuple[Figure, ...]) -> Json:
    origin = figures[figure.change_from].surface if figure.change_from is not None else None
    found = {**flat(figure), "change_from_surface": origin}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _said(said: WhoSaysWhat) -> Json:
    return {
        "actors": [
            {
                **_place(one), "name": one.actor.name, "kind": one.actor.kind, "role": one.role,
                "role_of": one.role_of.name if one.role_of else None,
            }
            for one in said.mentions
        ],
        "quotations": [
            {
                **_place(one), "speaker": one.speaker.name if one.speaker else None, "speaker_words": one.speaker_words,
                "speaks_for": one.speaks_for.name if one.speaks_for else None, "verb": one.verb, "direct": one.direct,
            }
            for one in said.quotations
        ],
        "citations": [
            {
                **_place(one), "cited": one.cited.name if one.cited else None, "what": one.what, "url": one.url,
                "figures": list(one.figures),
            }
            for one in said.citations
        ],
    }  # fmt: skip


def _place(one: ActorMention | Quotation | Citation) -> Json:
    return {
        "paragraph_no": one.paragraph_no,
        "surface": one.surface,
        "char_start": one.char_start,
        "char_end": one.char_end,
    }
