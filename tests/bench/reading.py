"""How well web pages are read, beside trafilatura on its own: text, titles, dates, authors, and pages a second.

Measured on the real pages in `../shared/pages` (160 articles of WCXB with their ground truth), where they stand.

- text: mean over pages of the word F1 against the truth, on multisets of lower-cased `\\w+` words.
- second: the same on thirty of the pages against our own second truth, in the style in which an article should be
  stored (`second_gold.py`).
- title: share of pages whose title equals the truth's, case and white space folded.
- date: share of the pages with a date in the truth whose date is the same day (or month, where the truth has one
  only); "invented" counts dates given for pages without one in the truth.
- author: share of the pages with an author in the truth whose set of names is the truth's. Credits are split at
  commas, semicolons, "&", "and" and "with"; titles ("Dr"), credentials ("MD") and brackets do not count, nor does case.
"""

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.second_gold import second_truth

PAGES = Path(__file__).parents[3] / "shared" / "pages" / "wcxb"
_TITLES = re.compile(r"\b(?:dr|prof|professor|mr|mrs|ms|sir|dame)\b\.?")
_CREDENTIALS = frozenset({
    "md", "ms", "rd", "rn", "ba", "bsc", "ma", "msc", "mba", "phd", "vmd", "dvm", "dacvb", "lvt", "vts", "jd", "cpa",
})  # fmt: skip
_DATE_FORMS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class Read(NamedTuple):
    """What one tool made of one page; dates as ISO text at their precision."""

    text: str
    title: str | None
    author: str | None
    date: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """One tool's marks: shares of 1, `invented` of `undated` pages, pages a second of processor time."""

    text: float
    second: float
    title: float
    date: float
    author: float
    invented: int
    undated: int
    pace: float


def ours(html: bytes, url: str) -> Read:
    """Our own reading; a page that is refused counts as empty."""
    from extractors.article import UnreadableError
    from extractors.article.page import read_page

    began = time.process_time()
    try:
        article = read_page(html, url=url)
    except UnreadableError:
        return Read("", None, None, None, time.process_time() - began)
    published = article.published
    date = published.on.strftime(_DATE_FORMS[published.precision]) if published else None
    title = article.title.value if article.title else None
    authors = "; ".join(article.authors) or None
    return Read(article.text, title, authors, date, time.process_time() - began)


def trafilatura_default(html: bytes, url: str) -> Read:
    """Plain trafilatura with all its defaults, its metadata from its own extraction of them."""
    return _trafilatura(html, url, comments=True)


def trafilatura_precise(html: bytes, url: str) -> Read:
    """Its mode that rather leaves out than lets in."""
    return _trafilatura(html, url, comments=True, precise=True)


def trafilatura_without_comments(html: bytes, url: str) -> Read:
    """The same with readers' comments left out, which suits these pages better."""
    return _trafilatura(html, url, comments=False)


def _trafilatura(html: bytes, url: str, *, comments: bool, precise: bool = False) -> Read:
    import trafilatura

    began = time.process_time()
    text = trafilatura.extract(html, include_comments=comments, favor_precision=precise) or ""
    found: Any = trafilatura.extract_metadata(html, default_url=url)
    return Read(text, found.title, found.author, found.date, time.process_time() - began)


TOOLS: dict[str, Callable[[bytes, str], Read]] = {
    "ours": ours,
    "trafilatura": trafilatura_default,
    "trafilatura, precise": trafilatura_precise,
    "trafilatura, no comments": trafilatura_without_comments,
}


def stems() -> list[str]:
    """The pages' names in order; empty where the pages do not stand there."""
    return sorted(path.stem for path in (PAGES / "ground-truth").glob("*.json"))


def measure(pages: Sequence[str], tools: Sequence[str] = tuple(TOOLS), *, workers: int = 2) -> dict[str, Score]:
    """Each tool's marks over the pages, read by so many processes; one is this process."""
    if workers == 1:
        rows = [_page_marks(page, tools) for page in pages]
        return {tool: _score([row[number] for row in rows]) for number, tool in enumerate(tools)}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        rows = list(pool.map(_page_marks, pages, [tuple(tools)] * len(pages), chunksize=4))
    return {tool: _score([row[number] for row in rows]) for number, tool in enumerate(tools)}


class _Marks(NamedTuple):
    text: float
    second: float | None
    title: bool
    date: bool | None
    author: bool | None
    invented: bool | None
    seconds: float


def _page_marks(stem: str, tools: Sequence[str]) -> list[_Marks]:
    page = json.loads((PAGES / "ground-truth" / f"{stem}.json").read_text(encoding="utf-8"))
    html = gzip.decompress((PAGES / "html" / f"{stem}.html.gz").read_bytes())
    second = second_truth(stem, html)
    return [_marks(TOOLS[tool](html, page["url"]), page["ground_truth"], second) for tool in tools]


def _marks(read: Read, truth: dict[str, Any], second: str | None) -> _Marks:
    dated, named = truth["publish_date"], truth["author"]
    return _Marks(
        text=word_f1(read.text, truth["main_content"]),
        second=word_f1(read.text, second) if second is not None else None,
        title=_folded(read.title) == _folded(truth["title"]),
        date=read.date == dated if dated else None,
        author=names(read.author) == names(named) if named else None,
        invented=None if dated else read.date is not None,
        seconds=read.seconds,
    )


def word_f1(one: str, other: str) -> float:
    """F1 of the multisets of lower-cased words; 1 where both are empty."""
    first, second = Counter(re.findall(r"\w+", one.lower())), Counter(re.findall(r"\w+", other.lower()))
    common = sum((first & second).values())
    size = sum(first.values()) + sum(second.values())
    return 2 * common / size if size else 1.0


def names(credit: str | None) -> frozenset[str]:
    """The names of a credit as the definition of the author's mark has it."""
    bare = _TITLES.sub("", re.sub(r"\([^)]*\)", "", (credit or "").lower()))
    parts = {" ".join(re.findall(r"\w+", part)) for part in re.split(r",|;|&|\band\b|\bwith\b", bare)}
    return frozenset(part for part in parts if part and not set(part.split()) <= _CREDENTIALS)


def _folded(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def _score(rows: Sequence[_Marks]) -> Score:
    dated = [row.date for row in rows if row.date is not None]
    named = [row.author for row in rows if row.author is not None]
    seconds = [row.second for row in rows if row.second is not None]
    undated = [row.invented for row in rows if row.invented is not None]
    return Score(
        text=sum(row.text for row in rows) / len(rows),
        second=sum(seconds) / max(1, len(seconds)),
        title=sum(row.title for row in rows) / len(rows),
        date=sum(dated) / max(1, len(dated)),
        author=sum(named) / max(1, len(named)),
        invented=sum(undated),
        undated=len(undated),
        pace=len(rows) / sum(row.seconds for row in rows),
    )


def table(scores: dict[str, Score]) -> str:
    """The marks as a table for people."""
    lines = [
        f"{'tool':26}{'text F1':>9}{'second':>8}{'title':>8}{'date':>8}{'invented':>10}{'author':>8}{'pages/s':>9}"
    ]
    for tool, score in scores.items():
        lines.append(
            f"{tool:26}{score.text:9.4f}{score.second:8.4f}{score.title:8.3f}{score.date:8.3f}"
            f"{score.invented:5d} of {score.undated:<2d}{score.author:8.3f}{score.pace:9.1f}"
        )
    return "\n".join(lines)


def run() -> str:
    """The table over all pages, or a line that says where they are missing."""
    pages = stems()
    if not pages:
        return f"reading: no pages at {PAGES}"
    return f"reading of {len(pages)} real pages (definitions in tests/bench/reading.py)\n{table(measure(pages))}"


if __name__ == "__main__":
    print(run())
