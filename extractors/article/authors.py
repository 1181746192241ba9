"""Who wrote a page's article: by-lines as readers see them, structured data, marked names."""

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from lxml import etree

from extractors.article import metadata
from extractors.article.blocks import Block, clean
from extractors.article.bylines import Header, has_role, people
from extractors.article.metadata import METADATA, Page, any_of, metadata_words, publisher_of
from extractors.lexicon import LexiconError
from extractors.text.dates import MONTH, find_date
from extractors.text.fold import fold

_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
          "citation_author", "article.author", "cxenseparse:author")  # fmt: skip
_NOT_A_NAME = re.compile(r"https?:|www\.|@|[{}<>=_]|\.(?:com|org|co\.uk|net)\b|\d{3}", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:[|•·∙⋅\u2022]|\s[-–—/]\s|\d|:(?=\s)|\s-$)")
_PROFILE = re.compile(
    r"/(?:authors?|contributors?|columnists?|people|profiles?|team|staff|writers?)/[^/?#]+/?(?:[?#]|$)"
)
_MONTH_DAY = re.compile(rf"\s+(?:{MONTH})\.?\s+\d", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:,|;|&|\band\b|\bwith\b)\s*")
_OCCUPATION = re.compile(r"(?:ist|ician|educator|editor|engineer|grapher)s?$", re.IGNORECASE)
_NOT_NAMES = frozenset({"and", "the", "or", *(name.lower() for name in (*month_name, *month_abbr) if name)})
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ACCOUNT = re.compile(r"by\s+([a-z][\w.-]{2,30})")
_INITIALS = re.compile(r"[A-Z]{2,6}")
_LONGEST = 40
# Blocks under the title among which a name needs no opener.
_NEAREST = 4


class Authors(NamedTuple):
    """The authors' names in order, and the place that gave them."""

    names: tuple[str, ...] = ()
    method: str | None = None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    nobody: frozenset[str]
    credentials: frozenset[str]
    groups: frozenset[str]
    opener: re.Pattern[str]
    bare_opener: re.Pattern[str]
    closer: re.Pattern[str]
    cue: re.Pattern[str]
    not_cue: re.Pattern[str]
    elements: tuple[etree.XPath, ...]


@cache
def _lexicon() -> _Lexicon:
    names, byline = metadata_words().names, metadata_words().byline
    openers = any_of(sorted(byline.openers, key=len, reverse=True)).replace(r"\ ", r"\s+")
    return _Lexicon(
        names.nobody,
        names.credentials,
        names.groups,
        re.compile(rf"(?i:(?:^|[|•·∙⋅\d–—-]\s*|[AaPp][Mm]\s+)(?:{openers})\b)\s*:?\s*(?=[A-Z])|^By(?=[A-Z][a-z])"),
        re.compile(rf"(?:{openers})\s*:?", re.IGNORECASE),
        re.compile(rf"(?<!,)\s+(?:{any_of(byline.closers)})\b", re.IGNORECASE),
        re.compile(any_of(byline.cues), re.IGNORECASE),
        re.compile(any_of(byline.not_cues), re.IGNORECASE),
        tuple(_xpath(entry) for entry in byline.elements),
    )


def _xpath(entry: str) -> etree.XPath:
    try:
        return etree.XPath(entry)
    except etree.XPathSyntaxError as error:
        raise LexiconError(METADATA, "byline.elements", f"{entry!r} is no XPath: {error}") from error


def authors_of(page: Page, header: Header, footer: Sequence[Block], *, title: str | None) -> Authors:
    """The authors that the page states, persons before groups; what readers see goes before structured data.

    Content systems put the account that uploaded an article into the structured data, so a by-line that names
    persons is believed more. Accounts such as "admin" name nobody.
    """
    own = _squeezed(publisher.value) if (publisher := publisher_of(page)) else ""
    groups = Authors()
    for method, names in _candidates(page, header, footer, title):
        named = tuple(dict.fromkeys(name for name in names if name))
        persons = tuple(name for name in named if _is_person_like(name) and _squeezed(name) != own)
        if persons:
            return Authors(persons, method)
        if named and not groups.names:
            groups = Authors(named[:3], method)
    return groups


def _candidates(
    page: Page, header: Header, footer: Sequence[Block], title: str | None
) -> Iterator[tuple[str, Sequence[str]]]:
    near = (*header.after, *header.before)
    seen, structured, listed = _byline(near), _structured(page, title), _listed(header.after)
    # A by-line may name the first of several and leave the rest to the data.
    if seen and set(seen) < set(structured) and all(map(_is_person_like, structured)):
        yield "json-ld", structured
    yield "byline", seen
    if set(structured) & set(listed):
        yield "byline", listed
    yield "json-ld", structured
    yield "rel", _linked(page)
    yield "meta", _meta(page)
    yield "linked", _profiled(page, near)
    yield "marked", _marked(near)
    yield "byline", listed or _bare(header.after)
    yield "byline", _byline(footer)
    yield "biography", _biography([*header.after, *footer])


_ABOUT = re.compile(
    r"(?P<name>[A-Z][\w'’.-]+(?: (?:[A-Z][\w'’.-]*|de|van|von)){1,3})"
    r" (?:is|was|works|leads|chairs|writes|runs|teaches)\b"
)
_LONGEST_ABOUT = 60


def _biography(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Who a line in italics before or after the text is about: "Ann Low is director of policy at the Column."."""
    for block in blocks:
        told = _ABOUT.match(block.text) if len(block.words) <= _LONGEST_ABOUT else None
        slanted = "".join("".join(tag.itertext()) for tag in block.chain[-1].iter("em", "i"))
        if told is not None and len(slanted.split()) >= len(block.text.split()) - 1:
            return (told["name"],)
    return ()


def _byline(blocks: Sequence[Block]) -> tuple[str, ...]:
    lexicon = _lexicon()
    for number, block in enumerate(blocks):
        if len(block.words) > _LONGEST or len(block.text) > 400:
            continue
        text = fold(block.text)
        if lexicon.bare_opener.fullmatch(text.strip()):
            names = _names_below(blocks[number + 1 :])
        else:
            match = lexicon.opener.search(text)
            names = _visible_names(block.text[match.end() :]) if match else _account(text)
        if names:
            return names
    return ()


def _names_below(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The names under a label: the first block's, or those of a list of persons."""
    persons = tuple(block.text for block in takewhile(lambda block: people(block.text) == (block.text,), blocks))
    if persons or not blocks:
        return persons[:8] if blocks and blocks[0].kind == "list_item" else persons[:1]
    return tuple(name for name in _visible_names(blocks[0].text) if len(name.split()) <= 5)


def _account(text: str) -> tuple[str, ...]:
    """The account of a line like "by annlow"."""
    match = _ACCOUNT.fullmatch(text.strip())
    return stated_names(match[1]) if match else ()


def _listed(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The names of a line that holds several persons and their credentials, and nothing else."""
    for block in blocks[:_NEAREST]:
        parts = [part.strip(" .") for part in _SEPARATOR.split(_BRACKETS.sub("", block.text)) if part.strip(" .")]
        names = tuple(part for part in parts if not _is_credential(part))
        if len(names) > 1 and all(people(name) == (name,) for name in names):
            return names
    return ()


def _bare(blocks: Sequence[Block]) -> tuple[str, ...]:
    """A person's name right under the title, with a date or a role after it."""
    for block, following in pairwise(blocks[: _NEAREST + 1]):
        name = _CUT.split(_before_date(block.text), maxsplit=1)[0].strip(" ,")
        rest = block.text[len(name) :]
        if people(name) != (name,) or name.isupper() or _lexicon().closer.search(f" {name}"):
            continue
        if rest and find_date(rest) is not None and len(block.words) <= 14:
            return (name,)
        unlinked = not block.linked and not following.linked
        if not rest and unlinked and 1 < len(following.words) <= 8 and has_role(following.text):
            return (name,)
    return ()


def _visible_names(text: str) -> tuple[str, ...]:
    """Names at the start of a visible line, up to a date, a separator or a word that no name holds."""
    if _names_nobody(text):
        return ()
    text = _before_date(text)
    text = _CUT.split(text, maxsplit=1)[0]
    text = _lexicon().closer.split(text, maxsplit=1)[0]
    return stated_names(text) if 1 <= len(text.split()) <= 20 else ()


def _before_date(text: str) -> str:
    found = find_date(text)
    if found and found.start > 0:
        return text[: found.start]
    return _MONTH_DAY.split(text, maxsplit=1)[0]


def _structured(page: Page, title: str | None) -> tuple[str, ...]:
    article = metadata.main_article(page.nodes, title=title)
    if article is None:
        return ()
    names: list[str] = []
    for item in metadata.resolve(article.get("author"), page.nodes)[:20]:
        value = metadata.text_of(item if isinstance(item, str) else item.get("name"))
        names.extend(stated_names(value) if value else ())
    return tuple(names)


def _linked(page: Page) -> tuple[str, ...]:
    for marked in _lexicon().elements:
        for tag in islice(marked(page.tree), 3):
            named = next((inner for inner in tag.iterdescendants() if inner.get("itemprop") == "name"), tag)
            text = clean(" ".join(named.itertext()))
            names = _visible_names(_lexicon().opener.sub("", text)) if len(text.split()) <= 12 else ()
            if names:
                return names
    return ()


def _marked(blocks: Sequence[Block]) -> tuple[str, ...]:
    lexicon = _lexicon()
    for block in blocks:
        marks = " ".join(
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
            for element in block.chain[-3:]
        )
        if not lexicon.cue.search(marks) or lexicon.not_cue.search(marks) or len(block.words) > 14:
            continue
        names = tuple(name for name in _visible_names(block.text) if _is_person_like(name) or _is_group(name))
        if names:
            return names
    return ()


def _meta(page: Page) -> tuple[str, ...]:
    for key in _METAS:
        values = page.metas.get(key, ())
        names = tuple(name for value in values[:20] for name in stated_names(value))
        if names:
            return names
    # What chat programs show beside a link: pairs of a label and its value.
    for number in ("1", "2"):
        label, value = page.meta(f"twitter:label{number}"), page.meta(f"twitter:data{number}")
        if label and value and _lexicon().bare_opener.fullmatch(label[0]):
            return stated_names(value[0])
    return ()


def _profiled(page: Page, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Persons near the title whose names lead to their pages on the site, or stand in an element named for authors."""
    near = " | ".join(block.text for block in blocks if block.linked and len(block.words) <= _LONGEST)
    names: list[str] = []
    for tag in islice(page.tree.iter("a"), 500):
        if _PROFILE.search(tag.get("href") or ""):
            name = clean(" ".join(tag.itertext()))
            if people(name) == (name,) and name in near and name not in names:
                names.append(name)
    return tuple(names[:4])


def stated_names(credit: str) -> tuple[str, ...]:
    """The names in a field that holds authors: persons where there are any, else the one name as it stands."""
    credit = _lexicon().opener.sub("", clean(credit)).strip(" .,;|-–")
    if not credit or _NOT_A_NAME.search(credit) or _names_nobody(credit):
        return ()
    parts = [part.strip(" .") for part in _SEPARATOR.split(credit)]
    kept = [part for part in parts if part and not _is_credential(part)]
    first, rest = kept[:1], [part for part in kept[1:] if not _OCCUPATION.search(part)]
    persons = people(", ".join([*first, *(part for part in rest if not part.startswith("The "))]))
    if persons:
        return tuple(person for person in persons if not _names_nobody(person))
    named = any(character.isalpha() for character in credit) and credit.lower() not in _NOT_NAMES
    return (credit,) if named and len(credit.split()) <= 8 and not credit[0].isdigit() else ()


def _names_nobody(name: str) -> bool:
    return fold(name).lower().strip(" .:") in _lexicon().nobody


def _is_credential(part: str) -> bool:
    words = [re.sub(r"\W", "", word).lower() for word in part.split()]
    known = _lexicon().credentials
    return all(not word or word in known for word in words) or bool(_INITIALS.fullmatch(part))


def _is_person_like(name: str) -> bool:
    return not _is_group(name) and (bool(people(name)) or (len(name.split()) == 1 and name.isalpha()))


def _is_group(name: str) -> bool:
    return any(word.lower().strip(".,") in _lexicon().groups for word in name.split())


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w+", text.lower()))
