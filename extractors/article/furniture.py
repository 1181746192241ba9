"""Lines that belong to the page around an article, by what they say."""

import re
from functools import cache
from pathlib import Path

from extractors.lexicon import LexiconError, load_toml
from extractors.text.fold import fold

_LEXICON = Path(__file__).with_name("furniture.toml")


@cache
def _furniture() -> tuple[frozenset[str], re.Pattern[str]]:
    table = load_toml(_LEXICON)
    try:
        patterns = "|".join(f"(?:{pattern})" for pattern in table["patterns"])
        return frozenset(table["lines"]), re.compile(patterns, re.IGNORECASE)
    except (KeyError, re.error) as error:
        raise LexiconError(_LEXICON, "lines, patterns", str(error)) from error


def is_furniture(line: str) -> bool:
    """Whether a whole line is no part of an article: "Share this", "5 min read", "Photo: ...", or nothing but marks."""
    whole, patterns = _furniture()
    plain = " ".join(fold(line).split()).strip(' .:!>»"').lower()
    return not plain or plain in whole or bool(patterns.fullmatch(plain))
