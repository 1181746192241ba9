"""Who speaks: the words of a subject resolved to an actor, a role or the one meant by a pronoun."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extractors.actors.lexicons import FORMS, GRAMMAR, PEOPLE, SPEECH, forms
from extractors.actors.mentions import Text
from extractors.actors.model import Actor, ActorMention
from extractors.figures.model import Figure
from extractors.lexicon import either
from extractors.speech.grammar import Stretch, apposed_before, is_finite, is_pronoun, stretches, told_in, verb_forms
from extractors.text import fold
from extractors.text.sentences import Span, between, bounded_sentences

_SPOKESPERSON = re.compile(r"\b(?:spokes(?:man|woman|person|people)|press officer|statement)\b", re.IGNORECASE)
_ACCORDING = re.compile(
    r"\b(?:(?:[Aa]ccording to|[Ii]n the words of) (?P<who>[^,;:\"(]+?)"
    r"|[Aa]s (?P<said>[^,;:\"(]+?) (?:put it|said|says|wrote|describes? it)),? *$"
)
_LABEL = re.compile(
    r"(?:Q[0-9]{1,4}[.:]? )?(?P<label>Q|A|Question|Answer|[A-Z]{2,3}"
    r"|[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+){0,3})(?: \([^():]{2,60}\))?(?:: | ?[–—-] (?=[A-Z]))"
)
_INTERVIEW = re.compile(
    r"\b(?:spoke|speaks|talks|talked|interview(?:ed|s)?|in conversation|sat down|Q ?& ?A|questions)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|my|us|me|I'm|I've|We've|we're)\b")
_PEOPLE = GRAMMAR.third_person.words
_OTHER_HEADS = GRAMMAR.somebody.words


_WHOSE = re.compile(rf"(?P<who>[^,.;:\"]{{2,60}}?)'s? (?:[\w-]+ )?(?:{either(GRAMMAR.of_speech.words)})\b")


class Speaker(NamedTuple):
    """Who speaks: the actor, where one is named; the words of the text; and the organisation that the role names."""

    actor: Actor | None
    words: str
    speaks_for: Actor | None = None


class InterviewAnswer(NamedTuple):
    """A paragraph of an interview that is somebody's speech from `start` on."""

    start: int
    end: int
    speaker: Speaker | None


class Speakers:
    """The speakers of one article, by its mentions of actors."""

    def __init__(self, texts: Sequence[Text], mentions: Sequence[ActorMention]) -> None:
        self._mentions: dict[int, list[ActorMention]] = defaultdict(list)
        for mention in mentions:
            self._mentions[mention.paragraph_no].append(mention)
        self._all = mentions
        self._texts = {text.paragraph.paragraph_no: text for text in texts}
        self._quoted: dict[int, list[Stretch]] = {}
        self._roles: dict[Actor, Actor] = {}
        self._first: dict[Actor, int] = {}
        self._pronouns: dict[Actor, str] = {}
        self._surfaces: dict[str, list[ActorMention]] = defaultdict(list)
        for mention in mentions:
            self._first.setdefault(mention.actor, mention.paragraph_no)
            self._surfaces[fold(mention.surface)].append(mention)
            if mention.actor.kind == "person" and (told := _pronoun_of(mention)) is not None:
                self._pronouns.setdefault(mention.actor, told)
            if mention.role_of is not None:
                self._roles.setdefault(mention.actor, mention.role_of)
        self._heard: tuple[int, Speaker] | None = None
        self._labels = _labels_of(texts)
        self._interviewed = self._interviewee_of(texts)
        quoted = self._interviewed is None or _quotes_answers(texts)
        self._answers = frozenset() if quoted else _answers_to_questions(texts)

    def speaker(self, text: Text, subject: Span, at: int) -> Speaker | None:
        """Who the subject of a verb at `at` is."""
        words = text.folded[subject.start : subject.end]
        source = text.paragraph.text[subject.start : subject.end]
        if is_pronoun(words):
            return self._meant(text, subject.start, words) or Speaker(None, source)
        inside = between(self._mentions[text.paragraph.paragraph_no], *subject)
        person = next((one for one in inside if one.actor.kind == "person" and not _owns(text, one)), None)
        if person is not None:
            return Speaker(person.actor, source, person.role_of or self._role_of(person.actor))
        named_after = self._apposed(text, subject, at)
        if named_after is not None:
            return Speaker(named_after.actor, source, named_after.role_of)
        bodies = [one for one in inside if one.actor.kind != "person"]
        if bodies and _speaks_itself(text, subject, bodies[0]):
            return Speaker(bodies[0].actor, source)
        if bodies:
            return Speaker(None, source, bodies[0].actor)
        body = self._body_apposed(text, subject, at) or self._by_kind(words, text.paragraph.paragraph_no)
        return Speaker(body, source)

    def _body_apposed(self, text: Text, subject: Span, at: int) -> Actor | None:
        """The body that a subject without a name is: "Its owner, Kelmere Healthcare, says"."""
        apposed = apposed_before(text.folded, subject, at)
        if apposed is None or is_somebody(text.folded[subject.start : subject.end]):
            return None
        here = between(self._mentions[text.paragraph.paragraph_no], *apposed)
        return here[0].actor if here and (here[0].char_start, here[0].char_end) == apposed else None

    def _apposed(self, text: Text, subject: Span, at: int) -> ActorMention | None:
        """The person whose name follows the role that is the subject: "says the matron, Grace Lindqvist"."""
        numbered = self._mentions[text.paragraph.paragraph_no]
        apposed = apposed_before(text.folded, subject, at)
        if apposed is not None:
            named = between(numbered, apposed.start, apposed.start + 1)
            if named and named[0].actor.kind == "person":
                return named[0]
        if text.folded.startswith(", ", subject.start - 2) and is_somebody(text.folded[subject.start : subject.end]):
            before = [one for one in between(numbered, subject.start - 60, subject.start) if one.actor.kind == "person"]
            if before and before[-1].char_end == subject.start - 2:
                return before[-1]
        if not text.folded.startswith(", ", subject.end):
            return None
        here = between(numbered, subject.end + 2, subject.end + 3)
        return next((one for one in here if one.actor.kind == "person"), None)

    def heard(self, number: int, speaker: Speaker) -> None:
        """Note who spoke last, and in which paragraph: a pronoun in the next ones means them."""
        self._heard = (number, speaker)

    def _role_of(self, actor: Actor) -> Actor | None:
        """The organisation that the article names in the person's role."""
        return self._roles.get(actor)

    def _meant(self, text: Text, at: int, pronoun: str) -> Speaker | None:
        """Whom a pronoun means: the last person or role before it, for "it" and "they" the last body."""
        number = text.paragraph.paragraph_no
        wants_person = pronoun.lower() in _PEOPLE
        best = self._last(text, at, pronoun.lower() if wants_person else None)
        if pronoun.lower() == "it":
            return self._it(text, at, best)
        if best is not None:
            return best
        if pronoun.lower() == "they":
            return None
        heard = self._heard if self._heard is not None and _may_be(self._heard[1], wants_person) else None
        if heard is not None and not self._agrees(heard[1], pronoun.lower()):
            heard = None
        if heard is not None and number - heard[0] <= 1:
            return heard[1]
        before = self._last_of_paragraph(number - 1, wants_person, pronoun.lower())
        if before is None and heard is not None and number - heard[0] <= _HEARD_WITHIN:
            return heard[1]
        return before or self._only_person(number, pronoun.lower()) or self._interviewed

    def _agrees(self, speaker: Speaker, pronoun: str) -> bool:
        """Whether a pronoun may mean a speaker: "she" is nobody whom the article calls Mr, or a spokesman."""
        if speaker.actor is not None:
            return self._pronouns.get(speaker.actor, pronoun) == pronoun or pronoun not in _HE_OR_SHE
        words = {word.lower() for word in re.findall(r"[\w'-]+", speaker.words)}
        if pronoun in _HE_OR_SHE and any(word not in _heads() and word.removesuffix("s") in _heads() for word in words):
            return False  # several: "the auditors"
        other = PEOPLE.he.words if pronoun == "she" else PEOPLE.she.words if pronoun == "he" else frozenset[str]()
        return not words & other

    def _only_person(self, number: int, pronoun: str) -> Speaker | None:
        """The person whom "she" means from afar: the only one whom the article has named so far."""
        named = {
            actor
            for actor, first in self._first.items()
            if first <= number and actor.kind == "person" and self._agrees(Speaker(actor, ""), pronoun)
        }
        actor = next(iter(named)) if len(named) == 1 else None
        return Speaker(actor, actor.name, self._role_of(actor)) if actor is not None else None

    def _it(self, text: Text, at: int, named: Speaker | None) -> Speaker | None:
        """What "it" means: with what the sentence before began, where that is no person, else the body last named."""
        for one in (text, self._texts.get(text.paragraph.paragraph_no - 1)):
            if one is None:
                continue
            end = at if one is text else len(one.folded)
            opened = _opened(one, end)
            if opened is not None:
                speaker = self.speaker(one, opened, opened.end)
                if speaker is not None and (speaker.actor is None or speaker.actor.kind != "person"):
                    return speaker
            if named is not None:
                return named
        for body in reversed(between(self._mentions[text.paragraph.paragraph_no], 0, at)):
            if body.actor.kind != "person" and _ASKED.search(text.folded, 0, body.char_start):
                return Speaker(body.actor, body.surface)
        heard = self._heard
        if heard is not None and _may_be(heard[1], person=False) and text.paragraph.paragraph_no - heard[0] <= 1:
            return heard[1]
        return self._last_of_paragraph(text.paragraph.paragraph_no - 1, wants_person=False)

    def _last(self, text: Text, at: int, pronoun: str | None) -> Speaker | None:
        """Who was named last before a place in its paragraph: the person whom the pronoun may mean, or the body."""
        wants_person = pronoun is not None
        found: list[tuple[int, Speaker]] = []
        quoted = self._stretches(text)
        for one in between(self._mentions[text.paragraph.paragraph_no], max(0, at - _LOOK_BACK), at):
            if _inside(quoted, one.char_start):
                continue
            if one.char_end <= at and (one.actor.kind == "person") == wants_person:
                if not wants_person and not _begins_sentence(text, one.char_start):
                    continue
                found.append(
                    (
                        one.char_start - (1000 if wants_person and _owns(text, one) else 0),
                        Speaker(one.actor, one.surface, one.role_of or self._role_of(one.actor)),
                    )
                )
        if wants_person:
            found += [role for role in _roles_before(text, at) if not _inside(quoted, role[0])]
            found = found or _introduced(text, at)
            found = [one for one in found if self._agrees(one[1], pronoun or "")]
        return max(found, key=lambda one: one[0])[1] if found else None

    def _stretches(self, text: Text) -> list[Stretch]:
        """The stretches of a paragraph in quotation marks: who is named in one does not speak it."""
        number = text.paragraph.paragraph_no
        if number not in self._quoted:
            self._quoted[number] = stretches(text.paragraph.text)
        return self._quoted[number]

    def _last_of_paragraph(self, number: int, wants_person: bool, pronoun: str = "") -> Speaker | None:
        for one in reversed(self._mentions[number]):
            if (one.actor.kind == "person") == wants_person and self._agrees(Speaker(one.actor, ""), pronoun):
                return Speaker(one.actor, one.surface, one.role_of or self._role_of(one.actor))
        return None

    def _by_kind(self, words: str, number: int) -> Actor | None:
        """The one body of its kind that was named before: "the think tank said"."""
        noun = re.sub(r"^[Tt]he ", "", words)
        kinds = forms().called.get(noun.lower()) if words.lower().startswith("the ") else None
        if kinds is None:
            return None
        named = {actor for actor, first in self._first.items() if first <= number and actor.kind in kinds}
        return next(iter(named)) if len(named) == 1 else None

    def according(self, text: Text, start: int, end: int) -> Speaker | None:
        """Who "according to" names right before a quotation."""
        found = _ACCORDING.search(text.folded, start, end)
        if found is None:
            return None
        return self.speaker(text, Span(*found.span("who" if found["who"] else "said")), found.start())

    def named_in(self, text: Text, start: int, end: int) -> Speaker | None:
        """The one actor or role that a stretch names, before a colon."""
        inside = between(self._mentions[text.paragraph.paragraph_no], start, end)
        people = [one for one in inside if one.actor.kind == "person"] or inside
        if people:
            one = people[0]
            return Speaker(one.actor, one.surface, one.role_of)
        label = _LABEL.match(text.folded, start, end)
        if label is not None:
            return self._labelled(label["label"], text)
        roles = [role for _, role in _roles_before(text, end) if _ >= start]
        return roles[0] if roles else None

    def attributed(self, figure: Figure) -> Actor | None:
        """The actor that the words of a figure's attribution name."""
        if figure.attribution is None:
            return None
        words = fold(figure.attribution)
        tokens = words.split()
        for length in range(min(len(tokens), _LONGEST_NAME), 0, -1):
            for first in range(len(tokens) - length + 1):
                actor = self._named_by(" ".join(tokens[first : first + length]), figure.paragraph_no)
                if actor is not None:
                    return actor
        return self._by_kind(words, figure.paragraph_no)

    def _named_by(self, words: str, number: int) -> Actor | None:
        """The actor whom these words name in that paragraph, or last before it."""
        known = self._surfaces.get(words) or self._surfaces.get(re.sub(r"(?:'s|'|,)$", "", words), [])
        return next((one.actor for one in reversed(known) if one.paragraph_no <= number), None)

    def before(self, text: Text, at: int) -> Speaker | None:
        """Who speaks in a sentence of its own in quotation marks: who was named last before it, or whom "he" means."""
        named = self._last(text, at, "who")
        pronoun = _HE.search(text.folded, 0, at) if named is None else None
        return self._meant(text, pronoun.start(), pronoun[0]) if pronoun is not None else named

    def heard_last(self, number: int) -> Speaker | None:
        """Who spoke last, in a paragraph not long before, or whom the article interviews."""
        if self._heard is not None and number - self._heard[0] <= _HEARD_WITHIN + 1:
            return self._heard[1]
        return self._interviewed

    def told_of(self, text: Text, start: int, end: int) -> Speaker | None:
        """Who speaks by a sentence before a quotation: its verb's subject, else whose reply it tells of."""
        told = [one for one in told_in(text.folded, start, end) if one.subject is not None and one.verb[:3] != "beg"]
        if told:
            assert told[-1].subject is not None  # noqa: S101 - filtered above
            return self.speaker(text, told[-1].subject, told[-1].start)
        owner = _WHOSE.match(text.folded, start, end)
        if owner is not None:
            return self.speaker(text, Span(*owner.span("who")), owner.start())
        return None

    def interviewee(self, text: Text) -> InterviewAnswer | None:
        """The speech that the whole paragraph is in an interview: after "A:" or a name, or under a question."""
        label = _LABEL.match(text.folded)
        end = len(text.paragraph.text)
        if label is not None and label["label"] in self._labels:
            start = label.end()
            if label["label"] in {"Q", "Question"}:
                return None
            if label["label"] in {"A", "Answer"}:
                return InterviewAnswer(start, end, self._interviewed or Speaker(None, label["label"]))
            return InterviewAnswer(start, end, self._labelled(label["label"], text))
        if text.paragraph.paragraph_no in self._answers:
            return InterviewAnswer(0, end, self._interviewed)
        return None

    def _labelled(self, label: str, text: Text) -> Speaker:
        here = between(self._mentions[text.paragraph.paragraph_no], 0, len(label))
        named = next((one for one in here if one.actor.kind == "person" and one.surface == label), None)
        if named is not None:
            return Speaker(named.actor, label, self._role_of(named.actor))
        words = label.split()
        for one in self._all:
            name = one.actor.name.split()
            if one.actor.kind != "person":
                continue
            initials = "".join(word[0] for word in name)
            if [word.title() for word in words] == name[-len(words) :] or label == initials or words == name:
                return Speaker(one.actor, label)
        return Speaker(None, label)

    def _interviewee_of(self, texts: Sequence[Text]) -> Speaker | None:
        """The person whom the opening of an interview introduces: named most, or first, before the first question."""
        opening = list(texts[:6])
        asked = sum(_is_question(text) for text in texts)
        if not (self._labels & {"A", "Answer"}) and asked < _QUESTIONS:
            return None
        if (
            not any(_INTERVIEW.search(text.folded) for text in opening)
            and not self._labels
            and not _quotes_answers(texts)
        ):
            return None
        counted = Counter(
            one.actor
            for text in opening
            for one in self._mentions[text.paragraph.paragraph_no]
            if one.actor.kind == "person"
        )
        return Speaker(counted.most_common(1)[0][0], counted.most_common(1)[0][0].name) if counted else None


_HE = re.compile(r"\b(?:[Hh]e|[Ss]he)\b")
_HE_OR_SHE = frozenset({"he", "she"})


def _pronoun_of(mention: ActorMention) -> str | None:
    """Whether a person is "she" or "he": by the title, else by the given name; None where neither tells."""
    first = mention.surface.split()[0].rstrip(".")
    if first in PEOPLE.she.words:
        return "she"
    if first in PEOPLE.he.words:
        return "he"
    given = mention.actor.name.split()[0]
    if given in PEOPLE.women.words:
        return "she"
    return "he" if given in PEOPLE.given.words and given not in PEOPLE.women_or_men.words else None


def _is_question(text: Text) -> bool:
    """Whether a paragraph is an interview's question: a heading that asks, or a short paragraph that is one."""
    asks = text.folded.rstrip().endswith("?") and text.folded.count(".") == 0
    return asks and (text.paragraph.kind == "heading" or len(text.folded) <= _LONGEST_QUESTION)


_LONGEST_QUESTION = 200  # characters
_LOOK_BACK = 700  # characters before a pronoun within which it finds whom it means
_LONGEST_NAME = 9  # words
_HEARD_WITHIN = 2  # paragraphs after which a pronoun no longer means who spoke
_QUESTIONS = 3  # headings that are questions, from which an article may be an interview


def _labels_of(texts: Sequence[Text]) -> frozenset[str]:
    """Labels with which several paragraphs open: "Q" and "A", or the names of those who speak."""
    counted = Counter(match["label"] for text in texts if (match := _LABEL.match(text.folded)) is not None)
    several = {label for label, count in counted.items() if count >= 2}
    return frozenset(several) if len(several) >= 2 else frozenset()


def _quotes_answers(texts: Sequence[Text]) -> bool:
    """Whether the paragraphs right under headings that are questions open with quotation marks, most of them."""
    pairs = pairwise(texts)
    under = [text for asked, text in pairs if asked.paragraph.kind == "heading" and asked.folded.rstrip().endswith("?")]
    quoted = sum(text.folded.startswith(("'", '"')) for text in under)
    return quoted >= _QUESTIONS and quoted * 2 > len(under)


def _answers_to_questions(texts: Sequence[Text]) -> frozenset[int]:
    """Paragraphs under headings that are questions, where most of them speak in the first person."""
    asked = False
    under: list[Text] = []
    for text in texts:
        if text.paragraph.kind == "heading":
            asked = text.folded.rstrip().endswith("?")
        elif asked:
            under.append(text)
    own = sum(_FIRST_PERSON.search(text.folded) is not None for text in under)
    return frozenset(text.paragraph.paragraph_no for text in under) if own * 2 > len(under) else frozenset()


def _begins_sentence(text: Text, at: int) -> bool:
    """Whether a name is the subject with which a sentence opens."""
    before = text.folded[:at].removesuffix("The ").removesuffix("the ").rstrip()
    return not before or before[-1] in ".!?:;," or before.endswith((" and", "But", "Yet"))


def _may_be(speaker: Speaker, person: bool) -> bool:
    if speaker.actor is not None and not _SPOKESPERSON.search(speaker.words):
        return (speaker.actor.kind == "person") == person
    return not is_pronoun(speaker.words) and is_somebody(speaker.words) == person


def is_somebody(words: str) -> bool:
    """Whether words without a name mean people: "its clinical lead", "one of the nurses"."""
    tokens = [word.removesuffix("'s").lower() for word in re.findall(r"[\w'-]+", words)]
    return any(word in _heads() or word.removesuffix("s") in _heads() for word in tokens) or bool(
        {*tokens} & {"spokesman", "spokeswoman", "spokesperson", "people", "women", "men"}
    )


_OPENING = re.compile(
    r"(?:(?:But|And|Yet|Meanwhile|However),? )?(?P<what>(?:The|A|An|Its|Their|Our|One|Another)"
    r"(?: [\w'&-]+){1,5}?)(?= (?:[a-z]+ly |then |also |now |later )?(?:has|had|is|was|will|would|may|might|could|"
    r"can|should|must|[a-z]+(?:ed|s)|"
    r"went|won|lost|ran|took|made|gave|put|set|left|came|began|got|met|sold|bought|paid|told|said)\b)"
)


# A body that is asked: "We asked the Department three questions. It replied".
_ASKED = re.compile(
    r"\b(?:asked|rang|telephoned|contacted|emailed|approached|(?:wrote|put it|complained) to) (?:the )?$"
)


def _opened(text: Text, end: int) -> Span | None:
    """The noun phrase with which the last whole sentence before a place begins, by its verb."""
    spans = [span for span in bounded_sentences(text.folded) if span.end < end or (span.end <= end and end > 0)]
    if not spans:
        return None
    opening = _OPENING.match(text.folded, *spans[-1])
    return Span(*opening.span("what")) if opening and _can_say(opening["what"].split()[-1]) else None


def _can_say(noun: str) -> bool:
    """Whether what is called so can say anything: a body, or a document."""
    if noun in GRAMMAR.sayers.words:
        return True
    return not is_somebody(noun) and (noun[0].isupper() or noun in FORMS.back.heads or noun in SPEECH.sources.words)


def _inside(quoted: Sequence[Stretch], at: int) -> bool:
    return any(one.start <= at < one.end for one in quoted)


def _owns(text: Text, mention: ActorMention) -> bool:
    return text.folded.startswith(("'s", "'"), mention.char_end)


def _speaks_itself(text: Text, subject: Span, mention: ActorMention) -> bool:
    """Whether the body is the subject itself or its spokesperson, not only named in the words of somebody's role."""
    words = text.folded[subject.start : subject.end]
    if _SPOKESPERSON.search(words):
        return True
    before = text.folded[subject.start : mention.char_start].strip().lower()
    after = text.folded[mention.char_end : subject.end].strip()
    noun = before.rpartition(" ")[2]
    leads = before in {"", "the", "both", "and", "but", "even", "only"} or noun in _leading_nouns()
    itself = not after or after.startswith(("(", ",", "and ", "itself"))
    itself = itself or mention.actor.name.lower().endswith(f" {after}")  # "the Labour party"
    return leads and (itself or after in SPEECH.sources.words)


@cache
def _leading_nouns() -> frozenset[str]:
    """Last words of what a body is called before its name: "the think tank Reform"."""
    return frozenset(noun.rpartition(" ")[2] for noun in forms().said_kind)


@cache
def _heads() -> frozenset[str]:
    return PEOPLE.roles.words | _OTHER_HEADS


_LEADING = (
    "When",
    "If",
    "After",
    "Before",
    "While",
    "As",
    "In",
    "On",
    "At",
    "To",
    "With",
    "From",
    "For",
    "By",
    "Since",
)
_SOMEBODY = re.compile(
    r"(?:^|(?<=[.!?] ))(?P<who>(?:An?|One|Another) [a-z' -]{3,40}?)"
    r"(?= (?:who|whom|in|from|at|had|has|was|is|said|told)\b)"
)


def _introduced(text: Text, at: int) -> list[tuple[int, Speaker]]:
    """Somebody with whom a sentence before a place opens: "A retired fitter whom I met"."""
    return [
        (match.start(), Speaker(None, match["who"]))
        for match in _SOMEBODY.finditer(text.folded, max(0, at - _LOOK_BACK), at)
    ]


@cache
def _role_pattern() -> re.Pattern[str]:
    heads = "|".join(sorted(_heads(), key=len, reverse=True))
    spoken = "|".join(sorted(verb_forms()))
    return re.compile(
        r"(?!(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y) head\b(?! of))(?<!is )(?<!was )(?<!not )(?<!no )(?<!No )(?<!'s )"
        r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Oo]ne|[Aa]nother|"
        rf"(?!(?:He|She|It|They|We|I|No|Each|Every|Any|{either(_LEADING)})\b)[A-Z][\w-]+)"
        rf" (?:(?!(?:to|then|than|by|with|into|under|from|on|at|for|against|that|who|ago|year) )[\w'-]+ ){{0,5}}?"
        rf"(?P<head>{heads})(?![\w'-])"
        r"(?: (?:of|at|in|from|for) [^,.;:\"()]{2,60}?"
        rf"(?= (?:who|which|that|has|had|was|is|were|and|{spoken}|[a-z]+ed)\b|[,.;:\"()]|$))?"
    )


def _roles_before(text: Text, at: int) -> list[tuple[int, Speaker]]:
    """People told by a role before a place: "Its clinical lead, who ...", "a GP in Tipton"."""
    found: list[tuple[int, Speaker]] = []
    start = max(0, at - _LOOK_BACK)
    called = -1  # where words begin that only say what somebody is: "She is a member"
    while (match := _role_pattern().search(text.folded, start, at)) is not None:
        start = match.end()
        verb = next((word for word in _TOKENS.finditer(match[0]) if word.start() and is_finite(word[0])), None)
        head = match.end("head") - match.start()
        if verb is not None and verb.start() < head:
            start = match.start() + verb.end()  # a clause, of which the role is only the last word
            called = start if verb[0] in _BEING else -1
            continue
        if called >= 0 and match.start() - called <= len(" been made "):
            continue
        if _is_thing(match):
            continue
        end = match.start() + (head if verb is not None else len(match[0]))
        inner = [noun.end() for noun in _INNER_NOUN.finditer(match[0], 0, head)]  # "To his credit the secretary"
        first = match.start() + (inner[-1] if inner else 0)
        found.append((first, Speaker(None, text.paragraph.text[first:end].rstrip())))
    return found


def _is_thing(role: re.Match[str]) -> bool:
    """Whether words that may be a role are none: "a new one", "the same lead apron"."""
    one = role["head"] == "one" and not role.string.startswith(" of ", role.end("head"))
    return one or (role["head"] == "lead" and _THING.match(role.string, role.end("head")) is not None)


_THING = re.compile(r" (?!(?:for|of|at|on|in|who|and|said|says|told|has|had|is|was)\b)[a-z]")
_INNER_NOUN = re.compile(r"(?<! of)(?<! in)(?<! and) (?=(?:the|an?) )")
_BEING = frozenset({"is", "was", "are", "were", "has", "had", "have", "became", "becomes"})
_TOKENS = re.compile(r"[\w'-]+")
