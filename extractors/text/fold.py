"""Folding of typographic variants to one plain form, character for character, so that offsets stay true."""

import re

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
    # Few variants stand in a text: to replace each of them is five times as fast as to translate every character.
    for variant in set(_VARIANT.findall(text)):
        text = text.replace(variant, _PLAIN[variant])
    return text
