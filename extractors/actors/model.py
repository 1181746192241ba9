"""Who is named, who is quoted and what is cited in an article, each with the characters that say so."""

from dataclasses import dataclass
from typing import Literal

ORGANISATION_KINDS = (
    "nhs_body", "regulator", "government", "party", "think_tank", "union", "trade_body", "charity", "provider",
    "supplier", "insurer", "law_firm", "media", "court_or_committee", "other",
)  # fmt: skip
ActorKind = Literal[
    "person", "nhs_body", "regulator", "government", "party", "think_tank", "union", "trade_body", "charity",
    "provider", "supplier", "insurer", "law_firm", "media", "court_or_committee", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or an organisation by its fullest name: that of the lexicon, else the fullest of the article.

    `known` says that the lexicon has it; `whole` that the name is enough to tell it from others in other articles, as
    a surname alone ("Mrs Probert") or a short name ("the Royal") is not.
    """

    name: str
    kind: ActorKind
    known: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class ActorMention:
    """One place where an actor is named. Offsets count code points of the paragraph's text, end exclusive.

    `role` is what the text calls a person there, in its own words ("chief executive of Kelmere"); `role_of` the
    organisation named in it.
    """

    paragraph_no: int
    char_start: int
    char_end: int
    surface: str
    actor: Actor
    role: str | None = None
    role_of: Actor | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch that is the speech or text of another, without its quotation marks.

    `speaker` is who the words of the text (`speaker_words`) name, where they name anybody; `speaks_for` the
    organisation that the speaker's role there names. `direct` tells the words themselves from a
    report of them ("said that ...").
    """

    paragraph_no: int
    char_start: int
    char_end: int
    surface: str
    speaker: Actor | None
    speaker_words: str | None
    verb: str | None
    direct: bool
    speaks_for: Actor | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A place where the article leans on another source; the evidence is the words that name it.

    `what` is the kind of source ("report", "survey", "data"); `cited` whose it is, where it is named; `url` the link
    that the words carry; `figures` the offsets in the paragraph at which the figures start that the source states.
    """

    paragraph_no: int
    char_start: int
    char_end: int
    surface: str
    cited: Actor | None
    what: str
    url: str | None = None
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoSaysWhat:
    """All of it in text order. `attributed` has the actor of each figure's attribution, in the order of the figures.

    `publisher` and `authors` are the actors whose own words the article is.
    """

    mentions: tuple[ActorMention, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    citations: tuple[Citation, ...] = ()
    attributed: tuple[Actor | None, ...] = ()
    publisher: Actor | None = None
    authors: tuple[Actor, ...] = ()
