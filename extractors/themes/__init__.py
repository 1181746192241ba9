"""Themes: which of the codebook's themes a paragraph says something about, how it frames them, and why."""

from extractors.themes.codebook import Codebook, load_codebook
from extractors.themes.coder import code_themes, explain_themes
from extractors.themes.model import Framing, NearMiss, Theme, ThemeMention

__all__ = [
    "Codebook",
    "Framing",
    "NearMiss",
    "Theme",
    "ThemeMention",
    "code_themes",
    "explain_themes",
    "load_codebook",
]
