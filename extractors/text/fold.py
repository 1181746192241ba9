"""Text made ready for rules: typography folded and noise removed, with the way back to the offsets of the source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DASHES = "‐‑‒–—―−﹣－"
_SINGLE_QUOTES = "‘’‚‛′´`ʼ＇"
_DOUBLE_QUOTES = "“”„‟″«»＂"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f"

_PLAIN = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_SPACES, " "),
}
_VARIANT = re.compile(f"[{re.escape(''.join(_PLAIN))}]")


def fold(text: str) -> str:
    """The text with dashes, quotes and white space in their plain ASCII form; every offset stays the same.

    Case is kept: it carries meaning in "May", "Trust" and "PFI".
    """
    if text.isascii() and text.isprintable():
        return text  # most are, and to see that costs nothing
    # Few variants stand in a text: to replace each of them is five times as fast as to translate every character.
    for variant in set(_VARIANT.findall(text)):
        text = text.replace(variant, _PLAIN[variant])
    return text


# Characters that carry no meaning and split words and numbers: soft hyphen, zero-width characters, byte order mark.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# "£" in UTF-8 that was read as Latin-1 or Windows-1252, likewise the no-break space and the dashes; and a
# thousands separator that was carried over to the next line.
_NOISE = re.compile(
    rf"[{_INVISIBLE}]+|Â(?=[£€¢½¼¾°\u00a0 ])|(?<=[0-9],)[\r\n]+(?=[0-9]{{3}}(?![0-9]))"
    r"|(?P<dash>â€[“”\x93\x94])|(?P<quote>â€[™œ\x99])|(?P<pound>&pound;|&#163;|Ł(?=[0-9]))|(?P<space>&nbsp;"
    r"|&#160;)"
)
_SUSPECT = re.compile(rf"[{_INVISIBLE}Ââ&Ł\r\n]")
_STANDS_FOR = {"dash": "-", "quote": "'", "pound": "£", "space": " "}
_DOTS = re.compile(r"(?<=[0-9])[·‧∙⋅](?=[0-9])")
_TABLE = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    ord("％"): "%",
    ord("￡"): "£",
    ord("＄"): "$",
    ord("−"): "-",
}
_WIDE = re.compile("[" + "".join(map(chr, _TABLE)) + "]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paragraph's text as the grammar reads it.

    `text` is `source` folded and cleaned; `lower` is `text` in small letters, of the same length. `origins` gives
    the offset in `source` of every character of `text`, or is None where both have the same offsets.
    """

    source: str
    text: str
    lower: str
    origins: Sequence[int] | None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in `source` of a stretch of `text`."""
        if self.origins is None or end <= start:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def prepare(source: str) -> Prepared:
    """Fold and clean a paragraph's text."""
    cleaned, origins = source, None
    if _SUSPECT.search(source):
        cleaned, origins = _without_noise(source)
    if not (cleaned.isascii() and cleaned.isprintable()):
        cleaned = fold(cleaned.translate(_TABLE) if _WIDE.search(cleaned) else cleaned)
    text = cleaned
    if "·" in text or "‧" in text or "∙" in text or "⋅" in text:
        text = _DOTS.sub(".", text)
    return Prepared(source, text, _lower(text), origins)


def _without_noise(source: str) -> tuple[str, list[int]]:
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    for match in _NOISE.finditer(source):
        pieces.append(source[at : match.start()])
        origins.extend(range(at, match.start()))
        replacement = _STANDS_FOR.get(match.lastgroup or "", "")
        pieces.append(replacement)
        origins.extend([match.start()] * len(replacement))
        at = match.end()
    pieces.append(source[at:])
    origins.extend(range(at, len(source)))
    return "".join(pieces), origins


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
