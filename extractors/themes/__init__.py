"""Themes: which of the codebook's themes a paragraph says something about, how it frames them, and why."""

from extractors.themes.codebook import Codebook, override_files, read_codebook
from extractors.themes.coder import code_themes, explain_themes
from extractors.themes.emerging import EmergingTerm, Example, ParagraphText, emerging_terms
from extractors.themes.model import FRAMINGS, Framing, NearMiss, Theme, ThemeMention

__all__ = [
    "FRAMINGS",
    "Codebook",
    "EmergingTerm",
    "Example",
    "Framing",
    "NearMiss",
    "ParagraphText",
    "Theme",
    "ThemeMention",
    "code_themes",
    "emerging_terms",
    "explain_themes",
    "override_files",
    "read_codebook",
]
