"""People on a by-line: who wrote an article, without their roles and organisations."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from extractors.lexicon import LexiconError, load_toml

_LEXICON = Path(__file__).with_name("furniture.toml")
_SEPARATORS = re.compile(r"\s*(?:,|;|&|\band\b|\bwith\b|\||–|\s-\s)\s*")
_NAME_WORD = re.compile(r"(?:(?:Mc|Mac|O'|O’|D'|D’)?[A-Z][\w'’-]*\.?|de|van|von|der|den|la|le|bin|al|ap)$")


class _Byline(NamedTuple):
    opener: re.Pattern[str]
    roles: frozenset[str]
    titles: re.Pattern[str]


@cache
def _lexicon() -> _Byline:
    table = load_toml(_LEXICON).get("byline", {})
    for entry in ("openers", "roles", "titles"):
        if not isinstance(table.get(entry), list):
            raise LexiconError(_LEXICON, f"byline.{entry}", "expected a list of strings")
    openers = "|".join(re.escape(word) for word in table["openers"] if word)
    titles = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in table["titles"])
    return _Byline(
        re.compile(rf"(?:(?:{openers})\s+)?by\s+(?=[A-Z])", re.IGNORECASE),
        frozenset(table["roles"]),
        re.compile(rf"(?:(?:{titles})\.?\s+)+", re.IGNORECASE),
    )


def people(credit: str) -> tuple[str, ...]:
    """The persons named in an author field, in order: "Dr A Low and B Ng, Partner" gives ("Dr A Low", "B Ng").

    A part with a role or an organisation's word in it is no person; titles such as "Dr" stay with the name.
    """
    names: list[str] = []
    for part in _SEPARATORS.split(credit.strip().rstrip(".")):
        if _is_person(part) and part not in names:
            names.append(part)
    return tuple(names)


def byline_people(line: str) -> tuple[str, ...]:
    """The persons of a line that is a by-line ("By A Low, Chief Executive & B Ng"), or () where it is none."""
    match = _lexicon().opener.match(line.strip())
    if match is None or len(line) > 240:
        return ()
    rest = line.strip()[match.end() :]
    return people(rest)


def has_role(text: str) -> bool:
    """Whether a text names a role or an organisation by one of its words: "Policy Officer", "Health Trust"."""
    return any(word.lower().strip(".,") in _lexicon().roles for word in text.split())


def _is_person(part: str) -> bool:
    lexicon = _lexicon()
    bare = lexicon.titles.sub("", part, count=1) if lexicon.titles.match(part) else part
    words = bare.split()
    if not 2 <= len(words) <= 5:
        return False
    if any(word.lower().strip(".") in lexicon.roles for word in words):
        return False
    return all(_NAME_WORD.match(word) for word in words) and words[-1][:1].isupper()
