"""Speech in a sentence: stretches in quotation marks, and verbs of speech, each with the words that are its subject."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from extractors.lexicon import Forms, PhraseList, Table, WordList, either, read_tables
from extractors.text.sentences import Span


class SpeechVerbs(Table):
    """Verbs with all their forms."""

    forms: Forms


class Grammar(Table):
    """Verbs of speech, and the words by which their subject and their clause are told."""

    speech: SpeechVerbs
    nouns_too: WordList
    reporting: WordList
    addressing: WordList
    plural_subjects: WordList
    before_nouns: WordList
    finite: WordList
    finite_more: WordList
    past: WordList
    relatives: WordList
    before_participle: WordList
    predicating: WordList
    never_subject: WordList
    prepositions: WordList
    own: WordList
    between: PhraseList
    after_comma: WordList
    clause: WordList
    adverbs: WordList
    leading: WordList
    conjunctions: WordList
    adverbial: PhraseList
    times: WordList
    after_subject: PhraseList
    inverted: WordList


GRAMMAR = read_tables(Path(__file__).with_name("words") / "grammar.toml", Grammar)

_DOUBLE = re.compile(r"[“”\"„«»]")
_SINGLE = re.compile(r"[‘’']")
_LONGEST = 1500  # characters of a stretch in single marks
_FEW = 8  # words after which an "s" with a mark is a possessive sooner than the end of the stretch
_OPENS_BEFORE = frozenset(" \t([{-–—/\u00a0:;,.")


class Stretch(NamedTuple):
    """What stands between two marks; `closed` is False where it runs on to the end of the paragraph."""

    start: int
    end: int
    closed: bool

    def inside(self, text: str) -> str:
        """The words."""
        return text[self.start : self.end]


def stretches(text: str) -> list[Stretch]:
    """All stretches in quotation marks in order; those in marks of the other sort within them are part of them."""
    found = _doubles(text)
    if "‘" in text or "'" in text:
        found += [one for one in _singles(text) if not any(other.start <= one.start < other.end for other in found)]
    return sorted(found)


def _doubles(text: str) -> list[Stretch]:
    found: list[Stretch] = []
    start: int | None = None
    for mark in _DOUBLE.finditer(text):
        opens = mark[0] in "“„«" or (mark[0] == '"' and _may_open(text, mark.start()) and start is None)
        if start is None:
            if opens or (mark[0] == '"' and mark.end() < len(text) and not text[mark.end()].isspace()):
                start = mark.end()
            continue
        if mark[0] == "“":  # the one before was left open
            start = mark.end()
            continue
        found.append(Stretch(start, mark.start(), closed=True))
        start = None
    if start is not None and len(text) - start > 1:
        found.append(Stretch(start, len(text.rstrip()), closed=False))
    return found


def _may_open(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    return (not before or before in _OPENS_BEFORE) and bool(after) and not after.isspace()


def _singles(text: str) -> list[Stretch]:
    found: list[Stretch] = []
    at = 0
    while (opening := _opening(text, at)) is not None:
        close = _closing(text, opening + 1)
        if close is None:
            if text[opening] == "‘" and (opening == 0 or text[:opening].rstrip().endswith((":", ","))):
                found.append(Stretch(opening + 1, len(text.rstrip()), closed=False))
                break
            at = opening + 1
            continue
        found.append(Stretch(opening + 1, close, closed=True))
        at = close + 1
    return found


def _opening(text: str, at: int) -> int | None:
    for mark in _SINGLE.finditer(text, at):
        following = text[mark.end() : mark.end() + 1]
        opens = mark[0] == "‘" or (mark[0] == "'" and _may_open(text, mark.start()))
        if opens and (following.isalnum() or following in {"£", "["}):
            return mark.start()
    return None


def _closing(text: str, start: int) -> int | None:
    """Where the stretch closes: at the first mark that is no apostrophe; one after an "s" only where no other comes."""
    owned: int | None = None
    for mark in _SINGLE.finditer(text, start, start + _LONGEST):
        before, following = text[mark.start() - 1], text[mark.end() : mark.end() + 1]
        if mark[0] == "‘":
            break
        if following.isalnum() or before.isspace():
            continue
        if before != "s":
            return mark.start()
        near = len(text[start : mark.start()].split()) <= _FEW or following in {"", ".", ",", ";", ":", ")"}
        owned = mark.start() if owned is None and near else owned
    return owned


MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
"""A pattern for a month's name."""
_OPENING_TIME = re.compile(
    r"(?:(?:[Ee]arlier |[Ll]ater )?(?:[Ll]ast|[Tt]his) "
    r"(?:week|month|year|spring|summer|autumn|winter|night|[A-Z][a-z]+)"
    rf"|[Yy]esterday|[Tt]oday|[Nn]ow|[Ee]ven"
    rf"|(?:[Ii]n )?(?:{MONTH}(?: [0-9]{{4}}| (?:last|this) year)?|(?:19|20)[0-9]{{2}})"
    r"|(?:[\w-]+ ){1,2}(?:minutes|hours|days|weeks|months|years) (?:ago|later|earlier)) "
    r"(?=(?:the|a|an|its|their|our|[A-Z])\b)"
)
_TIMES = re.compile(
    rf"(?:,? (?:in (?:(?:19|20)[0-9]{{2}}|{MONTH}(?: [0-9]{{4}})?)|last {MONTH}|on [A-Z][a-z]+day|[a-z]+ly|"
    rf"{either(GRAMMAR.between.phrases)}))+$"
)
_EDGE = re.compile(
    r"(?:[;:\"]|(?<!hon)(?<!Dr)(?<!Mr)(?<!Ms)(?<!Mrs)(?<!Prof)(?<!St)(?<!Rt)(?<!Rev)(?<! [A-Z])[.!?] "
    rf"|(?<=,) (?:{either(GRAMMAR.after_comma.words)}) | - |[,.?!]['\"]"
    rf"| (?:{either(GRAMMAR.clause.words)})(?<! that(?= (?:{either(GRAMMAR.times.words)})\b))(?= [A-Za-z]))"
)
_LEADING = re.compile(rf"(?:{either(GRAMMAR.leading.words)}|[A-Z][a-z]+ly|[a-z].*)\b")
_AFTER_END = re.compile(
    rf"[.,;:?!\"()]| - | (?:{either(GRAMMAR.after_subject.phrases)}|on [A-Z][a-z]+day"
    r"|in (?:19|20)[0-9]{2}|to (?:the )?[a-z]+)\b"
)
_INVERTS = re.compile(
    r" (?:(?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame|Lord|Lady|Baroness)?\.? ?[A-Z])"
    rf"|(?:{either(GRAMMAR.inverted.words)})\b|(?!that |so |to |it |in |on )(?:[a-z-]+ ){{1,5}}[A-Z])"
)
_FINITE = re.compile(rf" (?:{either(GRAMMAR.finite.words)})\b")
_WORD = re.compile(r"[A-Za-z][\w'&-]*")
_PREPOSED = re.compile(
    r"(?:[Ii]n|[Aa]t|[Oo]n|[Tt]o|[Aa]fter|[Bb]efore|[Dd]uring|[Bb]y|[Ff]or) (?:[\w'-]+ ){1,7}?"
    r"(?<! of )(?<! in )(?<! for )(?<! by )(?<! at )(?<! on )(?<! from )(?<! with )"
    r"(?=(?:the|your|his|her|its|their|our|one|a|an|[0-9]+ per cent) )"
)
_LED_BY_TIME = re.compile(r"(?:In|On|At|Last|Later|Yesterday|By|From|For|This)\b")
_CONJUNCTION = re.compile(rf"['(]?(?:{either(GRAMMAR.conjunctions.words)}),? ", re.IGNORECASE)
_SUBORDINATING = ("when", "while", "although", "though", "if", "because", "as")
_PRONOUNS = frozenset({"he", "she", "they", "we", "i"})
_REACH = 320  # characters before a verb within which its subject is looked for
_LONGEST_SUBJECT = 22
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "our", "his", "her", "my", "your", "no", "every"})
_NEVER_SUBJECT = GRAMMAR.never_subject.words
_NEVER_LAST = (
    (_NEVER_SUBJECT - {"there"}) | GRAMMAR.finite.words | GRAMMAR.adverbs.words | {"whoever", "whose", "without"}
)
_NEVER_FIRST = _NEVER_SUBJECT | GRAMMAR.finite.words | GRAMMAR.prepositions.words | {"told", "said", "let"}
# A clause within: "She said the trust had promised", "paid at rates that the accountants put at".
_INNER = re.compile(
    r" (?:said|says|say|insisted|claimed|thought|thinks|reckons)"
    r" (?=(?:the|an?|his|her|its|their|our|it|he|she|they|there|we|no|[A-Z][a-z]+)\b)"
)
_INNER_THAT = re.compile(r" (?:that|which) (?=(?:the|an?|his|her|its|their|our|[A-Z][a-z]+)\b)")
_OWN = GRAMMAR.own.words


class Told(NamedTuple):
    """A verb of speech and the words that name the speaker, None where the verb has none of its own."""

    start: int
    end: int
    verb: str
    subject: Span | None
    inverted: bool


@cache
def verb_forms() -> frozenset[str]:
    """All forms of the verbs of speech."""
    return GRAMMAR.speech.forms


@cache
def _verb_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(verb_forms(), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w'-])(?:{words})(?![\w-])")


def told_in(text: str, start: int, end: int) -> Iterator[Told]:
    """The verbs of speech in a stretch, in order, each with its subject."""
    last: Span | None = None
    for match in _verb_pattern().finditer(text, start, end):
        if match[0].startswith("agree") and text.startswith(" with", match.end()):
            continue
        before = _quoted_as(text, start, match) or subject_before(text, start, match.start())
        if before is not None and is_noun(text, before, match.start(), match[0]):
            continue
        if before is None and last is not None and _shares(text, last, match):
            before = last
        if before is None:
            before = _antecedent(text, start, match.start()) or _wrote_to_say(text, start, match)
        if before is None and match[0].endswith(("s", "d")):
            before = shared_subject(text, start, match.start())
        if before is not None:
            last = before
            yield Told(match.start(), match.end(), match[0], before, inverted=False)
            continue
        asked = match[0] in GRAMMAR.addressing.words or text.startswith(" to ", match.start() - 4)
        after = None if asked else subject_after(text, match.end(), end)
        yield Told(match.start(), match.end(), match[0], after, inverted=after is not None)


_QUOTED_AS = re.compile(
    r"(?:\b[Qq]uot(?:e|es|ed|ing) (?P<whom>[^,;:.\"]{2,60}?)"
    r"|(?P<who>[^,;:.\"]{2,60}?) (?:is|was|were|are|been) (?:[a-z]+ )?(?:quoted|reported|recorded)) as $"
)


def _quoted_as(text: str, start: int, verb: re.Match[str]) -> Span | None:
    """The subject of "saying" where another quotes it: "You quote the chair as saying that"."""
    if not verb[0].endswith("ing") or not text.endswith(" as ", start, verb.start()):
        return None
    found = _QUOTED_AS.search(text, start, verb.start())
    if found is None:
        return None
    if found["whom"]:
        return Span(*found.span("whom"))
    return subject_before(text, start, found.end("who"))


_ANTECEDENT = re.compile(
    r"(?:^|[,;:.!?\"] |\b)(?P<who>(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Oo]ur|[Nn]ew|[Oo]ne"
    r"|(?!Apart|Except|Unlike|Like )[A-Z][\w'&-]+) (?:[\w'&-]+ ){0,4}?[\w'&-]+)"
    r", (?:which|who)(?: (?:also|then|now|has|had|have))? $"
)
_WROTE = re.compile(
    r" (?P<verb>wrote|writes|written|phoned|rang|telephoned|emailed|stood up|gone on air|appeared)"
    r"(?: [^,.;:]{2,40}?)? to $"
)


def _antecedent(text: str, start: int, verb: int) -> Span | None:
    """Whom "which" or "who" before a verb means: "new guidance, which says that", "Jane Roe, who said that"."""
    found = _ANTECEDENT.search(text, max(start, verb - _REACH), verb)
    if found is None:
        return None
    verbs = [token.end() for token in _WORD.finditer(text, *found.span("who")) if _is_verb(token[0])]
    named = text[verbs[-1] : found.end("who")] if verbs else found["who"]  # "It took a new board, which said that"
    first = found.end("who") - len(named.lstrip())
    return Span(first, found.end("who")) if first < found.end("who") else None


def _wrote_to_say(text: str, start: int, verb: re.Match[str]) -> Span | None:
    """The subject of "has written to ministers to say that"."""
    found = _WROTE.search(text, max(start, verb.start() - _REACH), verb.start())
    subject = subject_before(text, start, found.start("verb")) if found is not None else None
    whole = subject is not None and not any(_is_verb(word) for word in _WORD.findall(text[slice(*subject)])[1:])
    return subject if whole else None


def _shares(text: str, last: Span, verb: re.Match[str]) -> bool:
    """Whether two verbs have one subject: "The speakers admitted it and said that", "X said no, adding that"."""
    between = text[last.end : verb.start()].rstrip()
    if verb[0].endswith("ing"):
        return between.endswith(",") and verb[0] in GRAMMAR.reporting.words
    return between.endswith((" and", " but", " rose to", " went on to", " and went on to", ", and"))


@cache
def _nouns_too() -> frozenset[str]:
    return GRAMMAR.nouns_too.words


# What describes a noun after it: "figures released under the law", "the cost of care".
_DESCRIBED = re.compile(r"(?<=[a-z]) (?:[a-z]{3,}ed|seen|given|drawn) (?:by|under|to|for|in|from|after)(?= )")


def is_noun(text: str, before: Span, at: int, verb: str) -> bool:
    """Whether a word is a noun there: "a KPMG report", "the union's claims"; a verb agrees with its subject.

    After "can", "has" and the like it is none: "the Courier can reveal".
    """
    if verb not in _nouns_too() or text[before.end : at].strip(" ,"):
        return False
    subject = text[before.start : before.end]
    head = _DESCRIBED.split(subject, maxsplit=1)[0]
    last = head.rsplit(" ", 1)[-1]
    if last.lower() in GRAMMAR.plural_subjects.words:
        return verb.endswith("s")
    if last.endswith(("'s", "s'")) or last.lower() in GRAMMAR.before_nouns.words:
        return True
    head = _OF.split(subject, maxsplit=1)[0]
    if head != subject and head.endswith("s") and not head.endswith(("'s", "ss")) and not verb.endswith("s"):
        return False  # "the authors of the Leeds study note"
    if last[:1].isupper():
        return not verb.endswith("s") and not last.endswith("s") and subject[:2].lower() in {"a ", "th", "an"}
    return (last.endswith("s") and not last.endswith(("'s", "ss"))) == verb.endswith("s")


_OF = re.compile(r" (?:of|at|in|for|from|behind) ")


def subject_before(text: str, start: int, verb: int) -> Span | None:
    """The words before a verb that are its subject, an apposition between commas set aside."""
    first = strong = start = max(start, verb - _REACH)
    for edge in _EDGE.finditer(text, start, verb):
        if not _joins_names(text, edge):
            first = edge.end()
        if edge[0][0] in ';:.!?"' or edge[0][-1] in "'\"":
            strong = edge.end()
    if text[first:verb].rstrip().endswith(","):
        first = strong  # an apposition closes before the verb: it may hold an "and"
    end = verb
    while (trailing := _TIMES.search(text[first:end].rstrip())) is not None:
        end = first + trailing.start()
    words = _BRACKET.sub(_blank, text[first:end].rstrip()).rstrip()
    if words.endswith(("'", '"')) and words[-2:-1] in {",", ".", "?", "!"}:
        return None
    if _JOINED.search(words) is not None:
        return None  # the verb is the second of one subject
    apposed = words.endswith(",")
    parts = words.rstrip(", ").split(", ")
    at = first
    kept: list[tuple[int, str]] = []
    for part in parts:
        kept.append((at, part))
        at += len(part) + 2
    if apposed and len(kept) > 1:
        chosen = _behind_clause(kept)
    elif apposed:
        return None
    else:
        chosen = kept[-1]
    if chosen[1].lstrip().startswith("with ") and _PARTICIPLE.match(text, verb) is not None:
        chosen = chosen[0] + chosen[1].index("with ") + 5, chosen[1].split("with ", 1)[1]
    return _valid(text, *chosen)


_PARTICIPLE = re.compile(r"[a-z]+ing\b")
_JOINED = re.compile(r",? (?:and|but|or)(?: (?:then|later|also|now|so|yet))?$")


def shared_subject(text: str, start: int, verb: int) -> Span | None:
    """The subject of a verb that is the second of it: "The trust apologised in May and said that"."""
    first = max(start, verb - _REACH)
    for edge in _EDGE.finditer(text, first, verb):
        if not _joins_names(text, edge) and text[edge.end() : verb].strip() not in GRAMMAR.adverbs.words:
            first = edge.end()
    joined = _JOINED.search(text[first:verb].rstrip())
    if joined is None:
        return None
    at = first
    parts = text[first : first + joined.start()].split(", ")
    for part in parts:
        words = part.strip()
        if words and not _leads(words) and not _ADVERBIAL.match(words):
            verbs = [token for token in _WORD.finditer(part) if token.start() and _is_verb(token[0])]
            if verbs:
                return _valid(text, at, part[: verbs[0].start()])
            return _valid(text, at, part) if len(parts) > 1 else None
        at += len(part) + 2
    return None


def _is_verb(word: str) -> bool:
    return (
        is_finite(word)
        or word in GRAMMAR.past.words
        or (word.islower() and word.endswith("ed") and len(word) > len("need"))
    )


def _behind_clause(parts: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """Of parts between commas before a verb the subject: "Costs rose, its director, Mo Lyle, told us" has the second.

    Behind the last part that is a clause of its own the first noun stands; without such a clause, the first of all.
    """
    first: tuple[int, str] | None = None
    for part in reversed(parts):
        words = part[1].strip()
        if words.lower().startswith(_ASIDE):
            continue
        if _is_whole_clause(words):
            break
        if not _ADVERBIAL.match(words) and (words[:1].isupper() or _NOUN_PHRASE.match(words)):
            first = part
    led = next((part for part in parts[:-1] if not _leads(part[1].strip())), parts[0])
    return first if first is not None and first[0] > led[0] and _is_whole_clause(led[1]) else led


def _leads(words: str) -> bool:
    """Whether a part only leads to the subject: "In May", "asked about it", but not "the trust's director"."""
    return _LEADING.match(words) is not None and _NOUN_PHRASE.match(words) is None


_NOUN_PHRASE = re.compile(r"(?:the|an?|its|his|her|their|our|my|one|another|some|two|three|several) ")
_ASIDE = ("who ", "which ", "whose ", "whom ", "where ", "when ")
_ADVERBIAL = re.compile(rf"(?:{either(GRAMMAR.adverbial.phrases)}|[0-9]+|[a-z]+ly|[a-z]+ing)\b", re.IGNORECASE)


def _is_whole_clause(words: str) -> bool:
    """Whether a part has a subject and a verb of its own."""
    tokens = _WORD.findall(words)
    for before, word in pairwise(tokens):
        if word in GRAMMAR.finite.words | GRAMMAR.finite_more.words:
            return before not in {"who", "which", "that"}
        if word.endswith("ed") and word[0].islower() and before[-1] == "s" and before.lower() not in _DETERMINERS:
            return True
    return False


_BRACKET = re.compile(r" \([^()]*\)")


def _blank(bracket: re.Match[str]) -> str:
    """White space as long as a bracket, so that offsets stay."""
    return " " * len(bracket[0])


def _joins_names(text: str, edge: re.Match[str]) -> bool:
    """Whether an "and" or "as" joins two names or nouns of one subject: "Dr Williams and Dr Timlin said"."""
    if edge[0].strip() not in {"and", ", and"}:
        return False
    after = text[edge.end() : edge.end() + 3].strip()
    if text.startswith(("elsewhere", " elsewhere"), edge.end()):
        return True
    before = text[text.rfind(" ", 0, edge.start()) + 1 : edge.start()]
    return after[:1].isupper() and before[:1].isupper()


def _valid(text: str, at: int, part: str) -> Span | None:
    """The subject that a part of a clause is, without what leads to it; None where it can be none."""
    start, end = at + len(part) - len(part.lstrip("•| ")), at + len(part.rstrip())
    described = _described(text, start, end)
    if described is not None:
        return described
    conjunction = _CONJUNCTION.match(text, start, end)
    led = conjunction is not None and conjunction[0].lower().startswith(_SUBORDINATING)
    start = conjunction.end() if conjunction is not None else start
    timed_by = _OPENING_TIME.match(text, start, end)
    start = timed_by.end() if timed_by is not None else start
    words = _WORD.findall(text, start, end)
    timed = words[-1:] == ["it"] and (
        led or words[-2:-1] == ["which"] or _LED_BY_TIME.match(text, start, end) is not None
    )
    if len(words) > 1 and (words[-1].lower() in _PRONOUNS or timed):
        return Span(text.rindex(words[-1], start, end), end)
    start = _inner_clause(text, start, end)
    preposed = _PREPOSED.match(text, start, end)
    start = preposed.end() if preposed is not None else start
    subject = text[start:end]
    if _FINITE.search(subject) and not re.search(r" (?:who|which|that) ", subject):
        named = re.search(r"(?:[A-Z][\w'-]+ ?)+$", subject)  # "when he was asked Tim said": the name at its end
        return None if named is None or named.start() == 0 else Span(start + named.start(), end)
    words = _WORD.findall(subject)
    if words and words[0].lower().endswith("ing") and (named := _NAME_AT_END.search(subject)) is not None:
        return Span(start + named.start(), end)  # "Waiting list analyst Rob Lyle", "Speaking to MPs Ann Roe"
    return Span(start, end) if _can_be_subject([word.lower() for word in words]) else None


def _described(text: str, start: int, end: int) -> Span | None:
    """The noun before a "that" whose clause has no other subject: "the report that came back said"."""
    noun = _NOUN_BEFORE.search(text, max(0, start - _REACH), start) if text.endswith(" that ", 0, start) else None
    word = _WORD.match(text, start, end)
    if noun is None or word is None or not _is_verb(word[0]) or any(map(_is_verb, _WORD.findall(noun["who"]))):
        return None
    return Span(*noun.span("who"))


_NOUN_BEFORE = re.compile(
    r"(?:^|[.,;:!?\"] |\b(?:and|but|as|that|when|if) )(?P<who>(?:(?:[Tt]he|[Aa]n?|[Ss]ome|[Ss]everal|[A-Z][\w-]+) )?"
    r"(?:(?!and |but )[a-z][\w'-]+ ){0,3}?[\w'-]+) that $"
)
_NAME_AT_END = re.compile(r"(?<= )[A-Z][\w'-]+(?: [A-Z][\w'-]+)+$")


def _inner_clause(text: str, start: int, end: int) -> int:
    """Where the clause begins whose subject is the last: "She said the trust had promised" is about the trust."""
    inner = [match.end() for match in _INNER.finditer(text, start, end)]
    if inner:
        return inner[-1]
    that = _INNER_THAT.search(text, start, end)
    return that.end() if that is not None and _FINITE.search(text, start, that.start()) else start


def _can_be_subject(words: Sequence[str]) -> bool:
    if not words or len(words) > _LONGEST_SUBJECT or words[0] in _NEVER_FIRST:
        return False
    participle = words[0].endswith("ing") and words[0] not in {"nursing"}
    return words[-1] not in _NEVER_LAST and words[-1] not in _DETERMINERS and not participle


def apposed_before(text: str, subject: Span, verb: int) -> Span | None:
    """What stands between commas before a verb: "The trust's finance director, Jane Roe, says"; the last of several.

    What only tells more of it is passed over: "its director, Jane Roe, who joined in May, says".
    """
    between = text[subject.end : verb].rstrip()
    if not between.startswith(", ") or not between.endswith(","):
        return None
    end = subject.end + len(between) - 1
    while end > subject.end:
        start = text.rfind(", ", subject.end, end) + 2
        if not text.startswith(_ASIDE, start):
            return Span(start, end) if end > start else None
        end = start - 2
    return None


def subject_after(text: str, verb_end: int, end: int) -> Span | None:
    """The words after an inverted verb that are its subject: "said the manager of one hospital in Surrey"."""
    if _INVERTS.match(text, verb_end, end) is None:
        return None
    start = verb_end + 1
    stop = _AFTER_END.search(text, start, min(end, start + 140))
    last = stop.start() if stop else min(end, start + 140)
    words = text[start:last].rstrip()
    bare = words.lower() in {"a", "an", "the", "his", "her", "its", "our", "their", "my"}
    led = words.partition(" ")[0].lower() in GRAMMAR.prepositions.words  # "who writes under every post that"
    if not words or bare or led or len(words.split()) > _LONGEST_SUBJECT or _FINITE.search(words):
        return None
    return Span(start, start + len(words))


def is_finite(word: str) -> bool:
    """Whether a word is a verb that makes a clause: "is", "would", "remains", "won't"."""
    return word in GRAMMAR.finite.words or word in GRAMMAR.finite_more.words or word.endswith("n't")


_CLAUSE_WORDS = 14  # words within which the verb of a clause without "that" has to come
_TOKEN = re.compile(r"[\w'£%-]+|[.;:?!,](?=\s|$)")
_JOINS = frozenset({"and", "but", "or"})


def is_clause(text: str, start: int, end: int, *, sure: bool) -> bool:
    """Whether words without a "that" have a verb of their own, as only a clause has: "said patients would wait".

    Where the verb before them is `sure` to have a clause, a past tense that may be a participle is taken for its verb.
    """
    open_relatives = 0
    before = ""
    for number, token in enumerate(_TOKEN.finditer(text, start, end)):
        word = token[0]
        if number >= _CLAUSE_WORDS or word in {".", ";", ":", "?", "!"} or (before == "," and word in _JOINS):
            return False
        if word in GRAMMAR.relatives.words:
            open_relatives += 1
        elif is_finite(word) or (sure and word.endswith("ed") and before not in GRAMMAR.before_participle.words):
            if not number or before in _JOINS or before == ",":
                return False  # a verb that is joined to the one of speech: "says no and means it"
            if not open_relatives:
                return True
            open_relatives -= 1
        before = word.lower()
    return False


def is_own(words: str) -> bool:
    """Whether the subject is the writer or the reader: what they say is not another's."""
    return re.split(r"['\s]", words.lower(), maxsplit=1)[0] in _OWN


def is_pronoun(words: str) -> bool:
    """Whether the subject is a pronoun that stands for somebody named before."""
    return words.lower() in {"he", "she", "they", "it", "who"}
