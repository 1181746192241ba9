"""Actors, quotations and citations in sentences of our own: one behaviour a test."""

from datetime import date

import pytest

from extractors.actors import WhoSaysWhat, find_actors
from extractors.actors.lexicons import bodies, forms, known_names
from extractors.article.model import Paragraph
from extractors.figures import find_figures


def _found(*texts: str, **stated: object) -> WhoSaysWhat:
    paragraphs = [Paragraph(number, "prose", text) for number, text in enumerate(texts, 1)]
    return find_actors(paragraphs, find_figures(paragraphs), **stated)  # type: ignore[arg-type]


def _names(found: WhoSaysWhat) -> list[tuple[str, str, str]]:
    return [(one.surface, one.actor.name, one.actor.kind) for one in found.mentions]


def _said(found: WhoSaysWhat) -> list[tuple[str, str | None, bool]]:
    return [
        (one.surface, one.speaker.name if one.speaker else one.speaker_words, one.direct) for one in found.quotations
    ]


def test_lexicons_are_sound() -> None:
    assert len(bodies()) > 400
    assert len(known_names().body) > len(bodies())
    assert forms().endings


def test_abbreviations_that_the_text_introduces_stand_for_the_name() -> None:
    found = _found("The Kelmere Valley Hospice (KVH) opened in May.", "KVH has ten beds.")
    assert {name for _, name, _ in _names(found)} == {"Kelmere Valley Hospice"}
    assert [surface for surface, _, _ in _names(found)] == ["Kelmere Valley Hospice", "KVH", "KVH"]


def test_a_name_that_may_be_two_bodies_stays_unresolved() -> None:
    assert _names(_found("Most of this was set out by Reform in the spring.")) == []
    assert _names(_found("The think tank Reform set most of this out.")) == [("Reform", "Reform", "think_tank")]


def test_people_have_their_role_and_come_back_by_surname() -> None:
    found = _found(
        "Joan Arkwright, chief executive of Kelmere NHS Foundation Trust, resigned.", "Ms Arkwright was tired."
    )
    first, trust, later = found.mentions
    assert (first.role, first.role_of) == ("chief executive of Kelmere NHS Foundation Trust", trust.actor)
    assert later.actor == first.actor
    assert not _found("Mrs Probert was sent round all three.").mentions[0].actor.whole


@pytest.mark.parametrize(("published", "name"), [
    (date(2011, 5, 1), "Department of Health"),
    (date(2021, 5, 1), "Department of Health and Social Care"),
])  # fmt: skip
def test_the_department_is_that_of_the_date(published: date, name: str) -> None:
    assert [one.actor.name for one in _found("The Department says no.", published=published).mentions] == [name]


@pytest.mark.parametrize(("text", "said"), [
    ("The Labour party pledged that we will wait less.", [("we will wait less", "Labour Party", False)]),
    ("“We have no beds,” said Joan Arkwright, the matron.", [("We have no beds,", "Joan Arkwright", True)]),
    ("Joan Arkwright told the committee: “We have no beds.”", [("We have no beds.", "Joan Arkwright", True)]),
    ("Joan Arkwright said that there were no beds.", [("there were no beds", "Joan Arkwright", False)]),
    ("There were, Joan Arkwright said, no beds.",
     [("There were, Joan Arkwright said, no beds", "Joan Arkwright", False)]),
    ("Joan Arkwright said patients would wait longer.", [("patients would wait longer", "Joan Arkwright", False)]),
    ("The union says about 290 staff are affected.", [("about 290 staff are affected", "The union", False)]),
    ("“We are sorry,” Joan Arkwright said, adding that all had been told.",
     [("We are sorry,", "Joan Arkwright", True), ("all had been told", "Joan Arkwright", False)]),
    ("The new owner lost the lease. It said it had looked for another.",
     [("it had looked for another", "The new owner", False)]),
    ("Cllr Joan Arkwright (Lab, Batchmoor), who proposed it, said: “I am not surprised.”",
     [("I am not surprised.", "Joan Arkwright", True)]),
    ("We wrote to NHS England. It replied that the rota was full.", [("the rota was full", "NHS England", False)]),
    ("The trust lost £2m on it, its finance director, Mo Lyle, told the board.",
     [("The trust lost £2m on it", "Mo Lyle", False)]),
    ("Joan Arkwright told HSJ there was “no doubt” that it came down to the “open doors of a few boards”.",
     [("no doubt", "Joan Arkwright", True), ("open doors of a few boards", "Joan Arkwright", True)]),
    ("The trust apologised in May and said that nobody would pay.",
     [("nobody would pay", "The trust", False)]),
    ("Lists will grow, experts have warned, as new figures show.", [("Lists will grow", "experts", False)]),
    ("You quote the chairman as saying that nobody was turned away.",
     [("nobody was turned away", "the chairman", False)]),
    ("Joan Arkwright met Mr Kettle. She said that it was a mess. He said that it was not.",
     [("it was a mess", "Joan Arkwright", False), ("it was not", "Kettle", False)]),
    ("Three trusts were given the money and told that they could keep it.", []),
    ("Nobody told her that she might pay. A child could have told them that this would happen.", []),
    ("The trust said much the same in January. It says no to nobody. Of what they say about us nothing is true.", []),
    ("A spokesman for Serco said the rota was full.", [("the rota was full", "Serco", False)]),
    ("‘We’ve no beds, and the trusts’ plans won’t help,’ one nurse said.",
     [("We’ve no beds, and the trusts’ plans won’t help,", "one nurse", True)]),
    ("I said that there were no beds. They call it “choice”, the so-called “right to wait”.", []),
    ("Nobody has ever said that there were no beds.", []),
])  # fmt: skip
def test_quotations_have_their_speaker(text: str, said: list[tuple[str, str | None, bool]]) -> None:
    assert _said(_found(text)) == said


def test_a_quotation_goes_on_over_paragraphs() -> None:
    found = _found("Joan Arkwright said: “We have no beds.", "“We have no nurses either.”")
    assert [name for _, name, _ in _said(found)] == ["Joan Arkwright", "Joan Arkwright"]


def test_questions_of_a_hearing_are_the_speech_of_who_is_named() -> None:
    asked = ("Q1 Mrs Leckie: How many beds?", "Mr Oduya: None at all.", "Q2 Mrs Leckie: Why?", "Mr Oduya: Ask them.")
    assert [name for _, name, _ in _said(_found(*asked))] == ["Leckie", "Oduya", "Leckie", "Oduya"]


@pytest.mark.parametrize(("text", "names"), [
    ("Kier Starmer opened the ward that Kier built.", ["Keir Starmer", "Kier"]),
    ("The Lanmoor Guardian had it first.", ["Lanmoor Guardian"]),
    ("Another patient, Zbyszek Rennie (79), was fine.", ["Zbyszek Rennie"]),
    ("Nick Hayes of Nottingham Trent University wrote it.", ["Nick Hayes"]),
    ("Two of the wards of Humber Bank are poor.", []),
    ("The 640-bed Ellerby General will open late.", ["Ellerby General"]),
])  # fmt: skip
def test_names_end_where_another_name_begins(text: str, names: list[str]) -> None:
    assert [one.actor.name for one in _found(text).mentions][: len(names) or 1] == names


def test_a_newspapers_place_is_not_the_newspaper() -> None:
    found = _found("The Teesbank Evening Post asked.", "Families in Teesbank wait. Teesbank is poor.")
    assert len(found.mentions) == 1


def test_interviews_are_the_speech_of_the_one_interviewed() -> None:
    found = _found("Joan Arkwright spoke to us.", "Q: How many beds?", "A: None at all.", "Q: Why?", "A: Ask them.")
    assert _said(found) == [("None at all.", "Joan Arkwright", True), ("Ask them.", "Joan Arkwright", True)]


@pytest.mark.parametrize(("text", "cited", "what"), [
    ("According to the National Audit Office, waits rose by 4%.", "National Audit Office", "data"),
    ("A report by the King's Fund shows that waits rose by 4%.", "King's Fund", "report"),
    ("NHS England figures show a rise of 4%.", "NHS England", "figures"),
    ("A recent survey found that 4% agreed.", None, "survey"),
])  # fmt: skip
def test_citations_tell_whose_source_it_is_and_what_it_bears_out(text: str, cited: str | None, what: str) -> None:
    (one,) = _found(text).citations
    assert (one.cited.name if one.cited else None, one.what, len(one.figures)) == (cited, what, 1)


@pytest.mark.parametrize(("text", "surface", "cited"), [
    ("Waits rose, according to analysis by the Financial Times.", "according to analysis by the Financial Times",
     "Financial Times"),
    ("According to the Nuffield Trust the share that goes to companies was 7% last year.",
     "According to the Nuffield Trust", "Nuffield Trust"),
    ("Waits rose, a poll has found.", "a poll", None),
    ("A poll conducted by YouGov for Unison found that 61% objected.", "A poll conducted by YouGov", "YouGov"),
    ("The inspectors' report, published on Friday, says that doors were left open.", "The inspectors' report", None),
    ("It cost £3m more, on the government's own figures.", "the government's own figures", None),
    ("Researchers at Leeds found that 4% agreed.", "Researchers at Leeds", None),
    ("The watchdog said in a report last year that it had cost £4m.", "in a report", None),
    ("In a survey of 900 patients, half said no.", "In a survey", None),
    ("Waits fell, as the National Audit Office has pointed out.", "National Audit Office", "National Audit Office"),
    ("The money came late, citing the King's Fund.", "citing the King's Fund", "King's Fund"),
    ("Documents seen by this newspaper suggest that £4m was lost.", "Documents seen by this newspaper", None),
    ("The registry does not show a difference.", "The registry", None),
    ("In its evidence the British Medical Association said that its members had been shut out.", "In its evidence",
     "British Medical Association"),
    ("After a freedom of information request by the Guardian, it has emerged that a third went to firms.",
     "a freedom of information request by the Guardian", "Guardian"),
    ("This was shown long ago (Appleton and Roe 2019).", "Appleton and Roe 2019", None),
    ("The recovery plan published in May states that firms have a part.", "The recovery plan published in May", None),
    ("The High Court held that the board should have asked.", "High Court", "High Court"),
    ("Last month the King's Fund quietly found that 4% agreed.", "King's Fund", "King's Fund"),
    ("The figures were drawn from hospital episode statistics for 2012.",
     "drawn from hospital episode statistics for 2012", None),
    ("Your report says that the centre is full.", "Your report", None),
    ("A study of 1,400 people at home found that fewer fell ill.", "A study of 1,400 people at home", None),
    ("Source: Health Service Journal, 3 May", "Source: Health Service Journal", "Health Service Journal"),
])  # fmt: skip
def test_sources_are_cited_in_many_ways(text: str, surface: str, cited: str | None) -> None:
    found = [(one.surface, one.cited.name if one.cited else None) for one in _found(text).citations]
    assert found == [(surface, cited)]


def test_what_was_cited_is_cited_again_by_its_noun_or_a_pronoun() -> None:
    found = _found(
        "A report by the King's Fund came out in May. It found that 4% agreed.",
        "The report adds that nobody was asked. Its analysis of 40 boards found no two alike.",
        "The letter says nothing of it.",
    )
    assert [(one.paragraph_no, one.surface, one.cited.name if one.cited else None) for one in found.citations] == [
        (1, "A report by the King's Fund", "King's Fund"),
        (1, "It", "King's Fund"),
        (2, "The report", "King's Fund"),
        (2, "Its analysis of 40 boards", "King's Fund"),
    ]


@pytest.mark.parametrize("text", [
    "Our survey found that 4% agreed.",
    "A survey for us found that 4% agreed.",
    "The Department's final report is due in May.",
    "The rules changed (March 2020; Care Act 2014).",
    "It accounts for a tenth of the list. One data set goes to the university.",
    "Two stories are told. According to the first, all was well.",
    "The board is asked to note the report. The report was due in May.",
    "Our own quarterly survey found that 4% agreed.",
    "A paper on the waiting list was sent round.",
    "There has been no study that could show it.",
    "Report by Lesley Farrant.",
    "What is left would not pay for the consultants' report.",
    "A claimant in the High Court would put it at the front of the bundle.",
    "In a survey by our members half said no.",
])  # fmt: skip
def test_what_only_looks_like_a_source_is_no_citation(text: str) -> None:
    assert _found(text).citations == ()


def test_a_figure_is_its_speakers() -> None:
    found = _found("“We lost £5m,” said Joan Arkwright. Serco reported a loss of £3m.")
    assert [actor.name if actor else None for actor in found.attributed] == ["Joan Arkwright", "Serco"]


@pytest.mark.parametrize("text", [
    "The trust lost £2m, its finance director, Mo Lyle, told the board.",
    "The firm lost £2m, according to its finance director, Mo Lyle.",
    "The firm lost £2m, said its finance director, Mo Lyle, in June.",
    "“We lost £2m,” the trust’s finance director, Mo Lyle, who joined in May, said.",
    "Kelmere Trust, its finance director, Mo Lyle, told the board, had lost £2m.",
])  # fmt: skip
def test_a_figure_is_that_of_the_name_in_an_apposition(text: str) -> None:
    assert [actor.name if actor else None for actor in _found(text).attributed] == ["Mo Lyle"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ara Darzi was asked to look. Lord Darzi said so. Darzi wrote it.", ["Ara Darzi"] * 3),
        ("Baroness Pargeter replied. Ruth Pargeter, a former MP, had asked.", ["Ruth Pargeter"] * 2),
        ("Lord Philip Hunt spoke. Jeremy Hunt disagreed. Lord Hunt said it was wrong.",
         ["Philip Hunt", "Jeremy Hunt", "Philip Hunt"]),
        ("Sir Jim Mackey took over. Sir Jim said so. Mackey left.", ["Jim Mackey"] * 3),
        ("Dame Jennifer Roe was blunt. Dame Jennifer said no. Dr Roe agreed.", ["Jennifer Roe"] * 3),
        ("The Rt Hon Lord Aldous KC said no. Henry Aldous had led the inquiry.", ["Henry Aldous"] * 2),
        ("Lord Hunt said no.", ["Lord Hunt"]),
    ],
)  # fmt: skip
def test_peers_and_knights_are_joined_to_their_full_names(text: str, names: list[str]) -> None:
    found = find_actors((Paragraph(1, "prose", text),), ())
    assert [one.actor.name for one in found.mentions if one.actor.kind == "person"] == names


@pytest.mark.parametrize(
    ("text", "surface", "cited"),
    [
        ("Most people would agree, YouGov found.", "YouGov", "YouGov"),
        ("Unison, which counts them, has worked out that two in three are gone.", "Unison", "UNISON"),
        ("Per the King's Fund, beds fell by a tenth.", "Per the King's Fund", "King's Fund"),
        ("On the Treasury's own numbers, it would save £9m.", "On the Treasury's own numbers", "HM Treasury"),
        ("Unison, in a letter to the board, said that it was wrong.", "in a letter to the board", "UNISON"),
        ("Inspectors from the Care Quality Commission noted that the lift was too small.",
         "Inspectors from the Care Quality Commission", "Care Quality Commission"),
        ("Sir, You report (12 May) that it will close.", "You report", None),
        ("A written answer puts it at £2m.", "A written answer", None),
        ("An FOI request by the Guardian found 31 cases.", "An FOI request by the Guardian", "Guardian"),
        ("The minutes of the board for May record that nobody came.", "The minutes of the board for May", None),
        ("NHS Resolution's annual report for 2023/24 records 41 claims.", "NHS Resolution's annual report",
         "NHS Resolution"),
    ],
)  # fmt: skip
def test_sources_of_many_kinds_are_cited(text: str, surface: str, cited: str | None) -> None:
    (one,) = find_actors((Paragraph(1, "prose", text),), ()).citations
    assert (one.surface, one.cited.name if one.cited else None) == (surface, cited)


@pytest.mark.parametrize(
    "text",
    [
        "It pays 40 per cent of what the National Audit Office wanted.",
        "You said that it would close.",
        "By his own account he was a poor student.",
        "Sixty doctors are on the General Medical Council's register.",
        "The board gave no answers to the members' questions.",
        "The trust, in a hurry, said no.",
    ],
)
def test_what_only_looks_like_a_citation_is_none(text: str) -> None:
    assert find_actors((Paragraph(1, "prose", text),), ()).citations == ()


@pytest.mark.parametrize(
    ("text", "surface", "cited"),
    [
        ("A Populus poll for the BMA found that 4% agreed.", "A Populus poll for the BMA", "Populus"),
        ("A Quern poll for the BMA found that 4% agreed.", "A Quern poll for the BMA", None),
        ("Ipsos's polling for the Health Foundation found that 4% agreed.", None, "Ipsos"),
        ("Polling by YouGov for the King's Fund found that 4% agreed.", "Polling by YouGov", "YouGov"),
        ("In the 2013 survey 4% agreed.", "In the 2013 survey", None),
        ("Inspections found that doors were left open.", "Inspections", None),
        ("It told the board in a letter that it was leaving.", "in a letter", None),
        ("The guidance is that patients should be told.", "The guidance", None),
        ('Look at the plan that it published in May, which talks of "growth".', None, None),
        ("Its accounts for 2020 were late. They show losses of £49m.", "They", None),
        ("The study was ordered by ministers. It found that 4% agreed.", "It", None),
        ("According to a census last autumn two in three were there.", "According to a census last autumn", None),
        (
            "She points to an evaluation at one in London where the saving was put at £730.",
            "an evaluation at one in London",
            None,
        ),
        ("This is from the directors' report for 2019.", "the directors' report for 2019", None),
    ],
)
def test_who_made_it_and_for_whom(text: str, surface: str | None, cited: str | None) -> None:
    (one,) = _found(text).citations
    assert surface is None or one.surface == surface
    assert (one.cited.name if one.cited else None) == cited


@pytest.mark.parametrize(
    "text",
    [
        "The company was late. It shows a loss of £4m.",
        "The study was ordered by ministers. They show no sign of reading it.",
        "Our survey was late. It found that 4% agreed.",
    ],
)
def test_a_pronoun_that_means_no_source_cites_none(text: str) -> None:
    assert _found(text).citations == ()


def test_a_longer_name_that_ends_like_a_known_one_is_its_own() -> None:
    found = _found("The National Clinical Homecare Association said no. The Homecare Association said yes.")
    assert [name for _, name, _ in _names(found)] == [
        "National Clinical Homecare Association",
        "United Kingdom Homecare Association",
    ]


@pytest.mark.parametrize(
    ("text", "surface", "cited"),
    [
        ("Work by the King's Fund puts the cost at £9m.", "Work by the King's Fund", "King's Fund"),
        ("The revised guidance makes it plain that bids are to be kept.", "The revised guidance", None),
        ("The contract says they must give six months' notice.", "The contract", None),
        ("Its circular warned managers of delays.", "Its circular", None),
        ("The Nuffield Trust has an estimate of 4,100 beds.", "The Nuffield Trust has an estimate", "Nuffield Trust"),
        ("The Lancet, of all journals, carried a study linking it with deaths.", None, "Lancet"),
        ("The National Audit Office spoke of drift in its second report.", "in its second report",
         "National Audit Office"),
        ("The census bears this out.", "The census", None),
        ("The registry tells a different story.", "The registry", None),
        ("Research in four towns suggests otherwise.", "Research in four towns", None),
        ("Data leaked in May indicated that 60 were lost.", "Data leaked in May", None),
        ("CQC records show that nine have closed.", "CQC records", "Care Quality Commission"),
        ("It lost £3m last year, its filings at Companies House say.", "its filings at Companies House", None),
        ("Answering a question in the Commons, the minister put it at 9 per cent.",
         "Answering a question in the Commons", None),
        ("You told us in written evidence that it was rare.", "in written evidence", None),
        ("By the accountants' reckoning, it cost £8m.", "By the accountants' reckoning", None),
        ("The hospital's accounts for last year show a loss of £2m.", "The hospital's accounts for last year", None),
        ("Consultants who examined the scheme for ministers found that it lost money.",
         "Consultants who examined the scheme for ministers", None),
        ("The department estimates that 40 will close.", "The department", None),
        ("The court held that nobody had been asked.", "The court", None),
        ("The panel has issued its second ruling and published its first review. It found that the board was wrong.",
         "It", None),
        ("Papers seen by the Bulletin put it at £9m.", "Papers seen by the Bulletin", None),
    ],
)  # fmt: skip
def test_forms_in_which_authors_lean_on_a_source(text: str, surface: str | None, cited: str | None) -> None:
    (one,) = _found(text).citations
    assert surface is None or one.surface == surface.removeprefix("The ") or one.surface == surface
    assert (one.cited.name if one.cited else None) == cited


@pytest.mark.parametrize(
    "text",
    [
        "Two of the nurses who work in the unit have written to the local paper to say that they will not move.",
        "The contract says nothing about Aberdeen.",
        "It will go there, as set out in the small print at the bottom.",
        "We have published a report. It found that nobody knew.",
        "Firms were contacted by the Review and said no.",
        "Most are there for analysis of who is admitted.",
        "The trust reckons that it is saving money.",
        "The letters came to the surgery in May.",
        "Polling for this report found that 40 per cent agreed.",
        "On today's count, it is closed.",
        "The company had a figure in the window.",
    ],
)
def test_forms_that_only_look_like_them(text: str) -> None:
    assert _found(text).citations == ()


def test_a_name_that_tells_who_says_it_is_not_in_apposition() -> None:
    found = _found("Porters will strike against being handed to a company, Unite says. The porters stay.")
    assert [one.actor.kind for one in found.mentions] == ["union"]
    found = _found("They were handed to a company, Quernmore Vale.")
    assert all(one.actor.kind == "supplier" for one in found.mentions)


def test_who_speaks_is_neither_a_place_nor_the_end_of_a_list() -> None:
    (one,) = _found('Two were sold to a charity and then to somebody else. "I have views," he says.').quotations
    assert one.speaker_words in (None, "he")
    assert _found('A man who writes under every post that I am "in the pocket of it all" is here.').quotations == ()


@pytest.mark.parametrize(("text", "speaker"), [
    ("The owner signed, and then told forty boards that they had a quota.", "The owner"),
    ("Ten years ago a health minister drove out there and promised that it would stop.", "a health minister"),
    ("March last year a ward sister rang. She said that it was late.", "a ward sister"),
    ("Wards that lost porters say that they are slower.", "Wards"),
    ("The letter that came back said that he could walk.", "The letter"),
    ("The nurse on the ward will no doubt say that she was tired.", "The nurse on the ward"),
    ("To her regret the matron resigned. She said that it was late.", "the matron"),
    ("In two of our cases the owner told its staff that they would go.", "the owner"),
    ("A former builder from Kent asked me who would gain. He said that I should know.", "A former builder from Kent"),
    ("When a porter at one of them was asked, he said that he was new.", "a porter at one of them"),
    ("Joan Arkwright used words that no Labour minister had dared to. She said that it was late.", "Joan Arkwright"),
    ("Apart from the union, which has said that it is worried. Nobody spoke.", "the union"),
    ("Joan Arkwright was shown the same lead apron. She said that it was late.", "Joan Arkwright"),
    ("Joan Arkwright has a list, a new one, in her drawer. She said that it was late.", "Joan Arkwright"),
    ("• Both of the larger owners have said that they will go.", "Both of the larger owners"),
])  # fmt: skip
def test_a_speaker_is_not_what_stands_around_it(text: str, speaker: str) -> None:
    assert [name for _, name, _ in _said(_found(text))] == [speaker]


@pytest.mark.parametrize("text", [
    "Let ministers say that they were wrong. So let the guidance state that wards shall be open.",
    "The owner and the trust sent notes, and neither tells the other a thing that it need not.",
    "After protests, that was cut to a third.",
    "Trials in breast and lung scanning suggest that software can sort them.",
    "Some would put in a small sum, say a half of one per cent, to study it.",
    "When asked about it, most said yes.",
    "Porters have been heard to call our clinics “the tin sheds”.",
])  # fmt: skip
def test_more_that_is_no_speech(text: str) -> None:
    assert [one for one in _said(_found(text)) if one[1] is not None] == []


def test_a_transcript_may_tell_whom_its_speakers_are_from() -> None:
    found = _found("Chair: Why?", "Mr Oduya (Kelmere Trust): Ask them.", "Chair: Whom?", "Mr Oduya: The owners.")
    assert [name for _, name, _ in _said(found)] == ["Chair", "Oduya", "Chair", "Oduya"]


def test_speech_that_stands_alone_is_of_whom_a_pronoun_before_it_means() -> None:
    found = _found(
        "Femi Lascelles is its chair.", "He insists. Each member sees the books. “It was quite hard at first.”"
    )
    assert [name for _, name, _ in _said(found)] == ["Femi Lascelles"]


@pytest.mark.parametrize(("text", "kind"), [
    ("Circle Hospitals said so.", "provider"),
    ("Aspen Hospitals are full.", "provider"),
    ("Kelmere Hospitals said so.", "nhs_body"),
    ("Kelmere Hospitals plc said so.", "provider"),
    ("Kelmere Hospitals Ltd said so.", "provider"),
    ("Private groups such as Kelmere Hospitals said so.", "provider"),
    ("Kelmere Hospitals, which is owned by a pension fund, said so.", "provider"),
    ("Kelmere Hospitals' shareholders said so.", "provider"),
    ("Kelmere Hospitals said so. The independent operator Kelmere Hospitals is full.", "provider"),
    ("Brenham Hospital, run by Spire, shut.", "provider"),
    ("Brenham Hospital, owned by the council, shut.", "nhs_body"),
    ("Brenham Hospital, run by the trust, shut.", "nhs_body"),
    ("Kelmere University Hospitals said so.", "nhs_body"),
])  # fmt: skip
def test_whose_a_hospital_is(text: str, kind: str) -> None:
    assert _found(text).mentions[0].actor.kind == kind


def test_a_kind_within_a_name_is_not_said_of_its_end() -> None:
    assert all(one.actor.name != "Alliance" for one in _found("The Independent Hospitals Alliance said so.").mentions)


def test_answers_in_quotation_marks_under_questions_are_of_whom_the_opening_introduces() -> None:
    texts = ["Moira Tennent runs a laundry.", "Why there?", "“Because it was cheap, to be quite honest.”", "And now?",
             "“Now it is dear, as you can see.”", "And then?", "The town has grown. “We shall have to move.”",
             "Any regrets?", "“None that I would tell you about.”"]  # fmt: skip
    paragraphs = [
        Paragraph(number, "heading" if text.endswith("?") else "prose", text) for number, text in enumerate(texts, 1)
    ]
    assert {name for _, name, _ in _said(find_actors(paragraphs))} == {"Moira Tennent"}


@pytest.mark.parametrize(("text", "speaker"), [
    ("After the trust wrote to staff to say that they would go, they went.", "the trust"),
    ("Managers sometimes say that they are too few.", "Managers"),
    ("What managers tell me is that they are too few.", "managers"),
])  # fmt: skip
def test_a_speaker_without_conjunction_or_adverb(text: str, speaker: str) -> None:
    assert [name for _, name, _ in _said(_found(text))] == [speaker]
