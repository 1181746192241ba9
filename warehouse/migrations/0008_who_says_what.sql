-- Who says what: organisations and people, where they are named, whom articles quote and what they cite.
-- An organisation and a person never share an identifier, so that `actor_id` may be either.

CREATE TABLE organisations (
    organisation_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    known BOOLEAN NOT NULL,
    since_year INTEGER,
    until_year INTEGER,
    became VARCHAR
);
COMMENT ON TABLE organisations IS 'Organisations that articles name or that publish them, and the successors of those.';
COMMENT ON COLUMN organisations.organisation_id IS 'The name in small letters and dashes; with @ and the article where the name alone does not tell it from others.';
COMMENT ON COLUMN organisations.name IS 'The fullest name: that of the lexicon, else that of the articles.';
COMMENT ON COLUMN organisations.kind IS 'nhs_body, regulator, government, party, think_tank, union, trade_body, charity, provider, supplier, insurer, law_firm, media, court_or_committee or other.';
COMMENT ON COLUMN organisations.known IS 'Whether the lexicon has it; else its form or the words around it told what it is.';
COMMENT ON COLUMN organisations.since_year IS 'Year in which it began, where the lexicon says so.';
COMMENT ON COLUMN organisations.until_year IS 'Year in which it ended, where the lexicon says so.';
COMMENT ON COLUMN organisations.became IS 'organisation_id of its successor.';

CREATE TABLE people (
    person_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    known BOOLEAN NOT NULL
);
COMMENT ON TABLE people IS 'People whom articles name or who wrote them.';
COMMENT ON COLUMN people.person_id IS 'person- and the name in small letters and dashes; with @ and the article where only a part of the name is given.';
COMMENT ON COLUMN people.name IS 'The fullest name without titles.';
COMMENT ON COLUMN people.known IS 'Whether the lexicon has the name among people of public life.';

CREATE TABLE bylines (
    article_id VARCHAR NOT NULL,
    actor_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL
);
COMMENT ON TABLE bylines IS 'Whose own words an article is: its publisher and its authors as actors.';
COMMENT ON COLUMN bylines.article_id IS 'The article.';
COMMENT ON COLUMN bylines.actor_id IS 'The organisation or person.';
COMMENT ON COLUMN bylines.part IS 'publisher or author.';

CREATE TABLE actor_mentions (
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    actor_id VARCHAR NOT NULL,
    role VARCHAR,
    role_of VARCHAR
);
COMMENT ON TABLE actor_mentions IS 'Each place where an organisation or a person is named.';
COMMENT ON COLUMN actor_mentions.article_id IS 'The article.';
COMMENT ON COLUMN actor_mentions.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN actor_mentions.char_start IS 'Where the name starts in its paragraph, from 0.';
COMMENT ON COLUMN actor_mentions.char_end IS 'Where it ends, exclusive.';
COMMENT ON COLUMN actor_mentions.surface IS 'The name as it stands there.';
COMMENT ON COLUMN actor_mentions.actor_id IS 'The organisation or person that it names.';
COMMENT ON COLUMN actor_mentions.role IS 'What the text calls a person there, in its words, such as chief executive of Kelmere.';
COMMENT ON COLUMN actor_mentions.role_of IS 'The organisation named in the role.';

CREATE TABLE quotations (
    quotation_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    speaker_id VARCHAR,
    speaker_words VARCHAR,
    speaks_for VARCHAR,
    verb VARCHAR,
    direct BOOLEAN NOT NULL
);
COMMENT ON TABLE quotations IS 'Each stretch that is the speech or text of another than the article itself.';
COMMENT ON COLUMN quotations.quotation_id IS 'Article, paragraph and offset; the same after every recoding.';
COMMENT ON COLUMN quotations.article_id IS 'The article.';
COMMENT ON COLUMN quotations.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN quotations.char_start IS 'Where the stretch starts in its paragraph, from 0, without quotation marks.';
COMMENT ON COLUMN quotations.char_end IS 'Where it ends, exclusive.';
COMMENT ON COLUMN quotations.surface IS 'What is said.';
COMMENT ON COLUMN quotations.speaker_id IS 'The organisation or person that says it; null where nobody is named.';
COMMENT ON COLUMN quotations.speaker_words IS 'The words of the text for the speaker.';
COMMENT ON COLUMN quotations.speaks_for IS 'The organisation that the speaker''s role there names.';
COMMENT ON COLUMN quotations.verb IS 'The verb of speech.';
COMMENT ON COLUMN quotations.direct IS 'True for the words themselves in quotation marks, false for a report of them (said that).';

CREATE TABLE citations (
    citation_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    cited_id VARCHAR,
    what VARCHAR NOT NULL,
    url VARCHAR,
    figure_ids VARCHAR[] NOT NULL
);
COMMENT ON TABLE citations IS 'Each place where an article leans on another source.';
COMMENT ON COLUMN citations.citation_id IS 'Article, paragraph and offset; the same after every recoding.';
COMMENT ON COLUMN citations.article_id IS 'The article that cites.';
COMMENT ON COLUMN citations.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN citations.char_start IS 'Where the words that name the source start in their paragraph, from 0.';
COMMENT ON COLUMN citations.char_end IS 'Where they end, exclusive.';
COMMENT ON COLUMN citations.surface IS 'The words that name the source.';
COMMENT ON COLUMN citations.cited_id IS 'The organisation or person whose source it is; null where none is named.';
COMMENT ON COLUMN citations.what IS 'What kind of source: report, study, survey, figures, data, finding and the like.';
COMMENT ON COLUMN citations.url IS 'The link that the words carry, in its canonical form, so that it joins article_addresses.';
COMMENT ON COLUMN citations.figure_ids IS 'The figures of the same sentence, which the source bears out.';

ALTER TABLE figures ADD COLUMN actor_id VARCHAR;
COMMENT ON COLUMN figures.actor_id IS 'The organisation or person that the attribution names; null where it names none.';
