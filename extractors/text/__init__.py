"""Work on plain text that figures, themes and relevance share: folding of typography, sentences."""

from extractors.text.fold import fold
from extractors.text.sentences import Span, sentences

__all__ = ["Span", "fold", "sentences"]
