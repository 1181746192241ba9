"""Forms in which words lean on a source, in sentences of our own: each that cites beside what only looks like it."""

import pytest

from extractors.actors import find_actors
from extractors.actors.lexicons import CITING, CitingForm, forms_of_citing
from extractors.actors.model import Citation
from extractors.article.model import Paragraph
from extractors.lexicon import LexiconError


def _cited(text: str) -> tuple[Citation, ...]:
    return find_actors((Paragraph(1, "prose", text),), ()).citations


@pytest.mark.parametrize("form", CITING.form, ids=lambda form: form.example[:40])
def test_each_form_cites_in_its_example_and_not_in_what_is_unlike_it(form: CitingForm) -> None:
    assert _cited(form.example)
    assert not _cited(form.unlike)


def test_a_pattern_that_names_what_is_not_there_tells_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = CITING.form[0].model_copy(update={"pattern": "<nothing>"})
    monkeypatch.setattr(CITING, "__dict__", {**CITING.__dict__, "form": [wrong]})
    with pytest.raises(LexiconError, match="watchdog"):
        forms_of_citing.__wrapped__()


@pytest.mark.parametrize(("text", "surface", "cited"), [
    ("As the regulator set out last spring, the two licences overlap.", "the regulator", None),
    ("As the King's Fund set out in its review of 2019, nobody was counting.", "in its review", "King's Fund"),
    ("Data collected by eight trusts show longer waits in the north.", "Data collected by eight trusts", None),
    ("LaingBuisson has calculated that two in five beds are owned abroad.", "LaingBuisson", "LaingBuisson"),
    ("In evidence to the committee the Academy was blunt about training.", "evidence to the committee", None),
    ("The think tank puts it at 14 per cent.", "The think tank", None),
    ("The college of anaesthetists puts the shortage at 1,400.", "The college of anaesthetists", None),
    ("The inspection's findings were that doors had been left open.", "The inspection's findings", None),
    ("The Nuffield Trust has tracked 240 contracts since 2015 and found that nine were cancelled.", "Nuffield Trust",
     "Nuffield Trust"),
    ("On one estimate a tenth of the list has gone elsewhere.", "On one estimate", None),
    ("The independent evaluation paid for by the council found that users were younger.",
     "The independent evaluation paid for by the council", None),
    ("An inquiry set up by three councils has heard that nine in ten practices are closed.",
     "An inquiry set up by three councils", None),
    ("Studies here and abroad have linked agency nurses with drug errors.", "Studies", None),
    ("Trials in heart failure suggest that the remote ward is as safe.", "Trials in heart failure", None),
    ("In all the polls, three out of four are willing.", "In all the polls", None),
    ("The method has been shown to work in six trials.", "in six trials", None),
    ("The National Audit Office has said as much.", "National Audit Office", "National Audit Office"),
    ("Two university teams, working separately on stroke care, found that deaths fell.", "Two university teams", None),
    ("The local paper reported that the surgery had three owners.", "The local paper", None),
    ("The national pilot's evaluators, reporting in June, found that they could not compare the towns.",
     "The national pilot's evaluators", None),
    ("The bid was, according to its own slides, the cheapest of five.", "according to its own slides", None),
    ("The basis was one that the Information Commissioner found unlawful.", "Information Commissioner",
     "Information Commissioner's Office"),
    ("The National Joint Registry, to which private hospitals have reported for more than twenty years, shows none.",
     "National Joint Registry", "National Joint Registry"),
    ("Polling suggests that most people do not mind.", "Polling", None),
    ("The National Audit Office and the committee of public accounts both found that nobody had been in charge.",
     "National Audit Office", "National Audit Office"),
    ("The accounts were signed late, and the inspectors rated the home as poor.", "the inspectors", None),
    ("Surveys show something different.", "Surveys", None),
    ("Academics from Oxford have shown that deaths rose where cleaning was outsourced.", "Academics from Oxford", None),
    ("Unison found a link between the two.", "Unison", "UNISON"),
    ("NHS Providers found that one trust in five had stopped.", "NHS Providers", "NHS Providers"),
    ("A Roe review team found staff who did not know where the trolley was.", "A Roe review team", None),
    ("A university team that followed them for three years concluded that little had changed.",
     "A university team that followed them for three years", None),
    ("The town's own auditor has compared the streets before and after, and reckons that it saves thirty beds.",
     "The town's own auditor", None),
    ("When the Healthcare Commission looked in 2007 it found fewer infections.", "Healthcare Commission",
     "Healthcare Commission"),
    ("The inspection published on Monday rated it as poor.", "The inspection published on Monday", None),
    ("The inquiry into the fire reported that nobody had been told.", "The inquiry into the fire", None),
    ("The earlier inquiry into such a fire made three of these recommendations.", "The earlier inquiry into", None),
    ("Official estimates lie between £3m and £4m.", "Official estimates", None),
    ("The Roe review told ministers that there was £2m to be raised.", "The Roe review", None),
    ("Researchers who tried found that a fifth of the records were blank.", "Researchers who tried", None),
    ("It was late, as the Public Accounts Committee discovered.", "Public Accounts Committee",
     "Public Accounts Committee"),
    ("They have to register with the Care Quality Commission, which found last year that most had no plan.",
     "Care Quality Commission", "Care Quality Commission"),
    ("A survey in 2024 priced the repairs at £86m.", "A survey in 2024", None),
    ("I can report that studies find little difference.", "studies", None),
    ("In one the panel found that nobody had been asked.", "the panel", None),
    ("In every poll, two-thirds say that they would go.", "In every poll", None),
    ("A study by Roe and colleagues compared 900 hips and found lower readmission.", "A study by Roe and colleagues",
     None),
])  # fmt: skip
def test_more_ways_of_leaning_on_a_source(text: str, surface: str, cited: str | None) -> None:
    (one,) = _cited(text)
    assert one.surface.startswith(surface)
    assert (one.cited.name if one.cited else None) == cited


@pytest.mark.parametrize("text", [
    "Hinchingbrooke has found its author.",
    "Care UK has found a site in Kent.",
    "The Royal Free found new tenants for its wing.",
    "The regulator found its feet.",
    "The use of 1.6 million records by the Royal Free was found to be unlawful.",
    "A sample audit of ours suggests that most would have gone to a doctor.",
    "A trial at nine of our clinics found a third more.",
    "They told us about the lifts before our surveyor found them.",
    "In the two areas where results were best, doctors had met for a year.",
    "The Government's plan, which is due in the spring, will say how many surgeons are wanted.",
    "The study used anonymised hospital records. It was paid for by a council.",
    "I have been through the papers of eleven boards and can find no evidence of it.",
    "A proper trial, with the hours counted, should come first.",
    "Branches facing a consultation should ask for the full business case.",
    "The Care Quality Commission rates the ward and the home but not the journey between them.",
    "The charity put £4m into the hospice. The regulator put the trust into special measures.",
    "Data linked to the register are safe.",
    "The union has said as much as it wants to.",
    "The auditors looked at the process and found it sound.",
    "The local paper made a meal of it.",
    "The bishop who is leading the independent inquiry will say that it must be clear.",
    "Test and Trace could show no evidence of it.",
    "They want the monthly figures put on the website.",
    "The Treasury counts what it borrows.",
    "Wards cut corners and inspectors find them out.",
    "A firm was given 1.6 million records by the Royal Free.",
    "Nothing will be signed until an independent inquiry has reported.",
    "The depot is the subject of an investigation by the Environment Agency.",
    "The surgeon found a second tumour. Two teams found each other in the car park.",
])  # fmt: skip
def test_more_of_what_only_looks_like_it(text: str) -> None:
    assert _cited(text) == ()
