"""The codebook that the settings put in force: the project's own with the user's overrides."""

from extractors.themes import Codebook, load_codebook
from flows.settings import Settings


def codebook_in_force(settings: Settings) -> Codebook:
    """The codebook with the overrides that the settings name.

    Raises:
        LexiconError: a file of it is broken; it names file, theme and entry.
    """
    return load_codebook(overrides=settings.codebook)
