"""When a page's article was published, from the most trustworthy place that says so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from extractors.article import metadata
from extractors.article.blocks import Block, clean
from extractors.article.bylines import Header, byline_people, is_comment
from extractors.article.metadata import Page, any_of, canonical_of, language_of, metadata_words
from extractors.article.model import Published
from extractors.text.dates import MONTH, DateFound, find_date

# Names of meta tags that state the date of publication, the exact ones first.
_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article.published",
    "article:published", "rnews:datepublished", "govuk:first-published-at", "prism.publicationdate", "published",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "publication_date", "publish-date", "publish_date", "publishdate",
    "pubdate", "article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "dc.date",
    "dcterms.date", "dc.date.created", "date", "bt:pubdate", "og:pubdate", "publicationdate",
    "published_time", "published_date", "published-date",
    "published_on", "published_at", "pdate", "displaydate", "display_date", "eprints.date",
    "citation_online_date", "dcsext.articlefirstpublished", "article.created", "created", "creation_date",
    "creation-date", "datecreated",
)  # fmt: skip
# Other names that say so by their words, and those of the last update.
_META_NAMED = re.compile(r"(?:^|[.:_-])(?:publish(?:ed)?|publication|pub|posted|issued)[.:_-]?(?:on|at|date|time)?$")
_UPDATE_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
    "govuk:public-updated-at", "last-modified", "lastmod", "revised", "modified",
)  # fmt: skip
_ISO = re.compile(r"\D{0,6}((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])(?:[-/.](0?[1-9]|[12]\d|3[01]))?(?!\d)")
_COMPACT = re.compile(r"\s*((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_NUMERIC = re.compile(r"(?<![\d/.-])([0-3]?\d)([/.]|-(?=\d\d?-\d{4}))([0-3]?\d)\2((?:19|20)?\d\d)(?![\d/.-])")
_NUMERIC_YEAR_FIRST = re.compile(r"(?<![\d/.])((?:19|20)\d\d)([/.])([01]?\d)\2([0-3]?\d)(?![\d/.])")
_EPOCH = re.compile(r"\s*(\d{9,10})(?:\d{3})?\s*")
_YEAR_FIRST = re.compile(rf"\s*((?:19|20)\d\d)[ -]({MONTH})[ -](\d{{1,2}})", re.IGNORECASE)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)")
_URL_COMPACT = re.compile(r"[/-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/._-]|$)")
_URL_NAMED = re.compile(rf"/((?:19|20)\d\d)[/-]({MONTH})[/-](\d{{1,2}})(?=[/-]|$)", re.IGNORECASE)
# From one hour to another: what a date beside it dates is an event.
_HOURS = re.compile(r"\d\s?(?:[ap]\.?m\.?|[:.]\d\d)\s?(?:-|–|—|to|until)\s?\d", re.IGNORECASE)
_ZONED = re.compile(r"[T ][\d:.]+ ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$")
# Words around a visible date; more make it a sentence about something else.
_MAX_WORDS = 26
# A date deep inside one of these is that of an item of a list, such as an event or another article.
_ITEMS = frozenset({"li", "td", "th"})
_MAX_SCRIPT = 500_000
_COMMENTS_DATA = re.compile(r"(?:comments|replies)\\?[\"']?\s*[:=]\s*\[", re.IGNORECASE)
_MARKED = etree.XPath(
    "//*[@itemprop='datePublished' or contains(concat(' ', normalize-space(@class), ' '), ' dt-published ')"
    " or (self::abbr and contains(concat(' ', normalize-space(@class), ' '), ' published '))]"
)
# Two-letter domains that say nothing of a country.
_GENERIC_DOMAINS = frozenset({"io", "ai", "co", "me", "tv", "fm", "ly", "to", "so", "is", "gg", "sh", "cc", "ws"})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    cue: re.Pattern[str]
    published: re.Pattern[str]
    updated: re.Pattern[str]
    heading: re.Pattern[str]
    update_heading: re.Pattern[str]
    data_key: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    words = metadata_words().date
    return _Lexicon(
        re.compile(any_of(words.cues), re.IGNORECASE),
        re.compile(rf"\b(?:{any_of(words.published)})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{any_of(words.updated)})\b", re.IGNORECASE),
        re.compile(any_of(words.published), re.IGNORECASE),
        re.compile(
            rf"(?:(?:this |the )?(?:page|content|article) )?(?:was )?(?:{any_of(words.updated)})(?: on| at)?", re.I
        ),
        re.compile(rf"\\?\"(?:{any_of(words.data_keys)})\\?\"\s*:\s*\\?\"([^\"\\]{{4,40}})"),
    )


class Dates(NamedTuple):
    """When an article was published, and when it was last updated or reviewed."""

    published: Published | None
    updated_on: date | None


def dates_of(
    page: Page,
    blocks: Sequence[Block],
    header: Header,
    footer: Sequence[Block],
    *,
    title: str | None,
    today: date | None = None,
) -> Dates:
    """The date of publication and that of the last update, None where the page states none.

    Order of trust: JSON-LD, meta tags, `time` near the title, a visible date near the title, the date in the
    address, microdata and microformats, when JSON-LD says it was made, the page's embedded data, a labelled date or
    one beside a by-line after the text. A date that a meta tag and the page's face agree on goes before all; and a
    stamp with its zone whose neighbouring day stands near the title gives way to it: midnight in London is the day
    before in UTC for half of the year. A date after `today` (a day's grace for zones) is nobody's date of publication.
    """
    latest = today + timedelta(days=1) if today else date.max
    month_first = _month_first(page, blocks)
    visible = _visible(header.after, month_first=month_first)
    if visible.published is None:
        before = _visible(header.before, month_first=month_first)
        visible = _Visible(before.published, visible.updated or before.updated)
    closing = _closing(footer, month_first=month_first)
    found = _candidates(page, header, visible, closing, title)
    published = next((one for one in found if one is not None and one.on.year >= 1990 and one.on <= latest), None)
    told = (*_updates(page, visible, title), _closing_update(footer, month_first=month_first))
    updated = next((one.on for one in told if one is not None and one.on <= latest), None)
    return Dates(published, updated if published is None or updated is None or updated >= published.on else None)


def _updates(page: Page, visible: "_Visible", title: str | None) -> Iterator[Published | None]:
    yield visible.updated
    article = metadata.main_article(page.nodes, title=title)
    if article is not None:
        yield stated(metadata.value_of(article.get("dateModified")), "json-ld")
    for name in _UPDATE_METAS:
        yield from (stated(value, "meta") for value in page.metas.get(name, ())[:1])


def _candidates(
    page: Page, header: Header, visible: "_Visible", closing: Published | None, title: str | None
) -> Iterator[Published | None]:
    others = sorted(name for name in page.metas if _META_NAMED.search(name) and name not in _METAS)
    metas = [_settled(value, "meta", visible) for name in (*_METAS, *others) for value in page.metas.get(name, ())[:1]]
    shown = visible.published.on if visible.published else None
    yield from (found for found in metas if found and found.on == shown)
    article = metadata.main_article(page.nodes, title=title)
    if article is not None and not metadata.types_of(article) & metadata.PAGE_TYPES:
        yield _settled(metadata.value_of(article.get("datePublished")), "json-ld", visible)
    yield from metas
    yield _timed(page, header)
    yield visible.published
    yield _in_address(page)
    yield _marked(page)
    if article is not None and not metadata.types_of(article) & metadata.PAGE_TYPES:
        yield stated(metadata.value_of(article.get("dateCreated")), "json-ld")
    yield _embedded(page)
    yield closing


def _settled(value: str | None, method: str, visible: "_Visible") -> Published | None:
    found = stated(value, method)
    shown = visible.published
    if found and shown and value and _ZONED.search(value.strip()) and abs((shown.on - found.on).days) == 1:
        return Published(shown.on, shown.precision, "visible")
    return found


def _closing(footer: Sequence[Block], *, month_first: bool | None) -> Published | None:
    """A date after the text: only one that is labelled, or that stands beside a by-line."""
    for number, block in enumerate(footer):
        for label, found in _dates(block, footer[number - 1] if number else None, month_first=month_first):
            beside = [block, *footer[max(0, number - 1) : number + 2]]
            if label == "published" or (not label and any(byline_people(near.text) for near in beside)):
                return found
    return None


def _closing_update(footer: Sequence[Block], *, month_first: bool | None) -> Published | None:
    """When the page says below its text that it was last updated; the dates of other articles do not say "last"."""
    for number, block in enumerate(footer):
        if "last" in block.words or (number and "last" in footer[number - 1].words):
            for label, found in _dates(block, footer[number - 1] if number else None, month_first=month_first):
                if label == "updated":
                    return found
    return None


def stated(value: str | None, method: str) -> Published | None:
    """A date as metadata states it, the local day as written: an offset or time never moves it."""
    if not value:
        return None
    for pattern in (_ISO, _COMPACT):
        match = pattern.match(value)
        if match:
            year, month, day = int(match[1]), int(match[2]), match[3]
            return _published(year, month, int(day) if day else None, method)
    epoch = _EPOCH.fullmatch(value)
    if epoch:
        on = datetime.fromtimestamp(int(epoch[1]), UTC).date()
        return Published(on, "day", method)
    match = _YEAR_FIRST.match(value)
    found = read_date(f"{match[3]} {match[2]} {match[1]}" if match else value, month_first=None)
    return Published(found.on, found.precision, method) if found else None


@dataclass(frozen=True, slots=True)
class _Visible:
    published: Published | None = None
    updated: Published | None = None


def _visible(blocks: Sequence[Block], *, month_first: bool | None) -> _Visible:
    """The date that stands near the title, and the one labelled as an update.

    Two different unlabelled dates are ambiguous: they are a listing's or an event's, and neither is taken.
    """
    labelled: list[Published] = []
    plain: list[Published] = []
    updated: list[Published] = []
    for number, block in enumerate(blocks):
        for label, found in _dates(block, blocks[number - 1] if number else None, month_first=month_first):
            if label == "updated":
                updated.append(found)
            elif label == "published":
                labelled.append(found)
            else:
                plain.append(found)
    if not labelled and len({found.on for found in plain}) == 1:
        labelled = plain
    return _Visible(*(next(iter(found), None) for found in (labelled, updated)))


def _dates(block: Block, above: Block | None, *, month_first: bool | None) -> Iterator[tuple[str, Published]]:
    """The dates of a short line in order, each with what the words before it, or a label above it, call it."""
    text = block.text
    listed = any(element.tag in _ITEMS for element in block.chain[:-1])
    if len(text) > 300 or len(text.split()) > _MAX_WORDS or _is_sentence(text) or listed or _HOURS.search(text):
        return
    start = 0
    while (found := read_date(text[start:], month_first=month_first)) is not None:
        before = text[start : start + found.start]
        if found.precision == "day" or len(text.split()) <= 4:
            label = (_heading_label(above) if above is not None and not start else "") or _label(before)
            if _tells_of_update(block, text, start + found.start, start + found.end):
                label = "updated"
            yield label, Published(found.on, found.precision, "visible" if label != "updated" else "visible update")
        start += found.end


def _heading_label(above: Block) -> str:
    """What a line that is nothing but a label says of the date below it."""
    text = above.text.strip(" :")
    if _lexicon().heading.fullmatch(text):
        return "published"
    return "updated" if _lexicon().update_heading.fullmatch(text) else ""


def _tells_of_update(block: Block, text: str, start: int, end: int) -> bool:
    """Whether a date is called an update by a word in brackets after it or by the element that it stands in."""
    after = re.match(r"\s*\(([^()]{3,20})\)", text[end:])
    if after and _lexicon().update_heading.fullmatch(after[1].strip()):
        return True
    marked = block.chain[-1].iterfind(".//*[@itemprop='dateModified']")
    own = [block.chain[-1]] if block.chain[-1].get("itemprop") == "dateModified" else []
    return any(text[start:end] in clean(" ".join(tag.itertext())) for tag in (*own, *marked))


def _label(before: str) -> str:
    lexicon = _lexicon()
    updated = [match.end() for match in lexicon.updated.finditer(before)]
    published = [match.end() for match in lexicon.published.finditer(before)]
    if updated and updated[-1] > max(published, default=-1):
        return "updated"
    return "published" if published else ""


def _is_sentence(text: str) -> bool:
    return len(text.split()) > 10 and text.rstrip().endswith((".", "?", "!"))


def read_date(text: str, *, month_first: bool | None) -> DateFound | None:
    """The first date of a text; an all-digit one by the page's habit, None where that is not known and matters."""
    match = _NUMERIC.search(text)
    if match is None:
        return _year_first(text) or find_date(text)
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if first <= 12 and second <= 12 and first != second and month_first is None:
        return None
    by_month = second > 12 or (month_first is True and first <= 12)
    day, month = (second, first) if by_month else (first, second)
    try:
        return DateFound(date(year, month, day), "day", match.start(), match.end())
    except ValueError:
        return None


def _year_first(text: str) -> DateFound | None:
    match = _NUMERIC_YEAR_FIRST.search(text)
    try:
        return match and DateFound(date(int(match[1]), int(match[3]), int(match[4])), "day", match.start(), match.end())
    except ValueError:
        return None


def _month_first(page: Page, blocks: Sequence[Block]) -> bool | None:
    """Whether the page writes 2 January as 1/2: by its other dates, its country's domain or its declared region."""
    numeric = [match for block in blocks if len(block.words) < 60 for match in _NUMERIC.finditer(block.text)]
    months, days = (sum(int(match[group]) > 12 for match in numeric) for group in (3, 1))
    if bool(months) != bool(days):
        return months > 0
    host = urlsplit(page.url or canonical_of(page) or "").hostname or ""
    domain = host.rsplit(".", 1)[-1]
    if (len(domain) == 2 and domain not in _GENERIC_DOMAINS) or domain in ("scot", "wales", "cymru", "london"):
        return domain == "us"
    if domain in ("gov", "edu", "mil"):
        return True
    language = language_of(page) or ""
    if "-" not in language and language != "en":
        return False if language else None
    region = language.partition("-")[2]
    return region in ("US", "PH") if region else None


def _timed(page: Page, header: Header) -> Published | None:
    """`time` elements that are marked as the publication's or stand near the title and agree on a day."""
    near: list[Published] = []
    tags = list(islice(page.tree.iter("time"), 60))
    told_apart = any("published" in (tag.get("class") or "").split() for tag in tags)
    for tag in tags:
        names = set((tag.get("class") or "").split())
        if told_apart and "updated" in names and "published" not in names:
            continue  # both stand there, and the style sheet hides one
        shown = clean(" ".join(tag.itertext()))
        seen = read_date(shown, month_first=None)
        face = _Visible(Published(seen.on, seen.precision, "time")) if seen and seen.precision == "day" else _Visible()
        found = _settled(tag.get("datetime"), "time", face)
        holder = next((block.text for block in (*header.after, *header.before) if shown and shown in block.text), None)
        if found is None or tag.get("itemprop") == "dateModified" or is_comment(tag):
            continue
        if tag.get("itemprop") == "datePublished" or tag.get("pubdate") is not None:
            return found
        if holder is not None and _label(holder.partition(shown)[0] + shown) != "updated":
            near.append(found)
    return near[0] if len({found.on for found in near}) == 1 else None


def _marked(page: Page) -> Published | None:
    """Elements marked as the publication's date by microdata or microformats, where all agree on a day."""
    found = [
        published
        for tag in islice(_MARKED(page.tree), 20)
        if not is_comment(tag)
        if (published := stated(_stated_by(tag), "marked")) is not None
    ]
    return found[0] if len({published.on for published in found}) == 1 else None


def _stated_by(tag: HtmlElement) -> str:
    for name in ("content", "datetime", "title"):
        if tag.get(name):
            return str(tag.get(name))
    return clean(" ".join(tag.itertext()))


def _in_address(page: Page) -> Published | None:
    for address in (page.url, canonical_of(page)):
        path = urlsplit(address or "").path
        named = _URL_NAMED.search(path)
        if named:
            return stated(f"{named[3]} {named[2]} {named[1]}", "url")
        match = _URL_DATE.search(path) or _URL_COMPACT.search(path)
        if match:
            day = int(match[3]) if match[3] else None
            return _published(int(match[1]), int(match[2]), day, "url")
    return None


def _embedded(page: Page) -> Published | None:
    """The date under a content system's key in the page's scripts, where all such keys agree on a day."""
    days: dict[date, Published] = {}
    for script in islice(page.tree.iter("script"), 200):
        if "ld+json" in (script.get("type") or "") or not script.text:
            continue
        text = script.text[:_MAX_SCRIPT]
        for match in _lexicon().data_key.finditer(text):
            found = stated(match[1], "embedded")
            if found is not None and not _COMMENTS_DATA.search(text, max(0, match.start() - 400), match.start()):
                days[found.on] = found
    return next(iter(days.values())) if len(days) == 1 else None


def _published(year: int, month: int, day: int | None, method: str) -> Published | None:
    try:
        return Published(date(year, month, day or 1), "day" if day else "month", method)
    except ValueError:
        return None
