"""Folding of typographic variants to one plain form, character for character, so that offsets stay true."""

_DASHES = "‐‑‒–—―−﹣－"
_SINGLE_QUOTES = "‘’‚‛′´`ʼ＇"
_DOUBLE_QUOTES = "“”„‟″«»＂"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f"

_TABLE = {
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SINGLE_QUOTES), "'"),
    **dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"'),
    **dict.fromkeys(map(ord, _SPACES), " "),
}


def fold(text: str) -> str:
    """The text with dashes, quotes and white space in their plain ASCII form; every offset stays the same.

    Case is kept: it carries meaning in "May", "Trust" and "PFI".
    """
    return text.translate(_TABLE)
