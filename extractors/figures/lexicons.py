"""The linguistic knowledge of the figures grammar, read from `lexicons/*.toml` and checked once."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extractors.lexicon import LexiconError, load_toml

FOLDER = Path(__file__).with_name("lexicons")


class Lexicon:
    """One TOML file, with typed access to its entries.

    Raises:
        LexiconError: on any access to an entry that is missing or of another type.
    """

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self.file = folder / f"{name}.toml"
        self._tables = load_toml(self.file)

    def _entry(self, path: str) -> Any:  # noqa: ANN401 - TOML's values are of any type until checked
        value: Any = self._tables
        for key in path.split("."):
            if not isinstance(value, Mapping) or key not in value:
                raise LexiconError(self.file, path, "the entry is missing")
            value = value[key]
        return value

    def words(self, path: str) -> frozenset[str]:
        """Lower-case words of a string that separates them by white space."""
        return frozenset(self.text(path).lower().split())

    def text(self, path: str) -> str:
        """A non-empty string."""
        value = self._entry(path)
        if not isinstance(value, str) or not value.strip():
            raise LexiconError(self.file, path, "expected a text of words separated by white space")
        return value

    def phrases(self, path: str) -> tuple[str, ...]:
        """A list of lower-case phrases; one that is empty, upper case or listed twice is an error."""
        value = self._entry(path)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise LexiconError(self.file, path, "expected a list of phrases")
        for item in value:
            if item != item.lower():
                raise LexiconError(self.file, path, f"'{item}' is not in lower case")
        return tuple(dict.fromkeys(value))

    def numbers(self, path: str) -> dict[str, float]:
        """A table of words with their value."""
        table = self._table(path)
        for key, value in table.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise LexiconError(self.file, f"{path}.{key}", "expected a number")
        return {key: float(value) for key, value in table.items()}

    def strings(self, path: str) -> dict[str, str]:
        """A table of words with what they stand for."""
        table = self._table(path)
        for key, value in table.items():
            if not isinstance(value, str) or not value:
                raise LexiconError(self.file, f"{path}.{key}", "expected a text")
        return dict(table)

    def pairs(self, path: str) -> dict[str, tuple[str, float]]:
        """A table of words with a unit and how many of it the word stands for."""
        table = self._table(path)
        for key, value in table.items():
            if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)):
                raise LexiconError(self.file, f"{path}.{key}", 'expected ["unit", number]')
            if isinstance(value[1], bool) or not isinstance(value[1], int | float):
                raise LexiconError(self.file, f"{path}.{key}", "expected a number as the second value")
        return {key: (value[0], float(value[1])) for key, value in table.items()}

    def names(self, path: str) -> tuple[str, ...]:
        """The names of a table's entries."""
        return tuple(self._table(path))

    def forms(self, path: str) -> frozenset[str]:
        """All words of a list of lines, each line one word in all its forms."""
        return frozenset(form for line in self.phrases(path) for form in line.split())

    def _table(self, path: str) -> Mapping[str, Any]:
        value = self._entry(path)
        if not isinstance(value, Mapping) or not value:
            raise LexiconError(self.file, path, "expected a table")
        return value


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon of that name in the package, loaded once.

    Raises:
        LexiconError: the file is missing or not TOML.
    """
    return Lexicon(name)


def alternation(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first, its spaces matching spaces."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", " +") for phrase in ordered)
