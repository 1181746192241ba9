"""What the judging of an article says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an article is similar commentary (docs/codebook.md, "Relevance"), and why.

    `relevance` runs from 0 to 1; `similar` is the decision at the threshold. `reasons`
    are short sentences for an operator, the weightiest first, each naming a signal and its evidence.
    """

    relevance: float
    similar: bool
    reasons: tuple[str, ...]
