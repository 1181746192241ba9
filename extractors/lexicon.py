"""Loading of linguistic knowledge that is kept as TOML, with errors that name the file and the entry."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class LexiconError(ValueError):
    """A TOML file of the project, or one that a user supplied, cannot be used as it stands.

    The message names the file, the entry, what is wrong and what was expected.
    """

    def __init__(self, file: Path | str, entry: str, problem: str) -> None:
        self.file = str(file)
        self.entry = entry
        self.problem = problem
        where = f"{self.file}, {entry}" if entry else self.file
        super().__init__(f"{where}: {problem}")


def load_toml(path: Path) -> dict[str, Any]:
    """Read one TOML file.

    Raises:
        LexiconError: the file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(path, "", "the file does not exist") from None
    except OSError as error:
        raise LexiconError(path, "", f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LexiconError(path, "", f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(path, "", f"not valid TOML: {error}") from error


def expect_keys(
    file: Path,
    entry: str,
    table: Mapping[str, Any],
    *,
    required: Mapping[str, type],
    optional: Mapping[str, type],
) -> None:
    """Check one table's keys and the types of their values; an unknown key is an error, since it is a misspelling.

    Raises:
        LexiconError: a key is missing, unknown or of another type.
    """
    for key, kind in required.items():
        if key not in table:
            raise LexiconError(file, entry, f"lacks '{key}' ({kind.__name__})")
    for key, value in table.items():
        expected = required.get(key) or optional.get(key)
        if expected is None:
            known = ", ".join(sorted({*required, *optional}))
            raise LexiconError(file, entry, f"unknown key '{key}'; known are {known}")
        if not isinstance(value, expected) and not (expected is float and isinstance(value, int)):
            raise LexiconError(file, entry, f"'{key}' is {type(value).__name__}, expected {expected.__name__}")
