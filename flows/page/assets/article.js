// The page of an article: its paragraphs with the evidence of themes and the figures marked, and all of it as tables.

/** Text cut at every end of a mark, each piece in the marks that cover it. */
const marked = (text, marks) => {
  const signs = Array.from(text);
  const bounds = [...new Set([0, signs.length, ...marks.flatMap((mark) => [mark.start, mark.end])])]
    .filter((place) => place >= 0 && place <= signs.length).sort((x, y) => x - y);
  return bounds.slice(1).map((end, place) => {
    const start = bounds[place];
    const covering = marks.filter((mark) => mark.start <= start && end <= mark.end);
    return covering.reduce((inner, mark) => {
      const element = make("mark", mark.className, inner);
      element.title = mark.title;
      return element;
    }, document.createTextNode(collapsed(signs.slice(start, end).join(""))));
  });
};

const themeNote = (m) => linkTo({ theme: [THEMES[m[1]][0]], framing: [FRAMINGS[m[2]]], at: "passages" }, `chip ${FRAMINGS[m[2]]}`,
  `${THEMES[m[1]][1]}: ${FRAMINGS[m[2]]}`);

const paragraphOf = (one, [no, kind, text]) => {
  const themes = one.mentions.filter((m) => m[0] === no);
  const marks = [
    ...themes.map((m) => ({ start: m[3], end: m[4], className: `evidence ${FRAMINGS[m[2]]}`, title: `${THEMES[m[1]][1]}: ${FRAMINGS[m[2]]}` })),
    ...one.figures.filter((f) => f[0] === no).map((f) => ({ start: f[1], end: f[2], className: "figure", title: figureTold(f) })),
  ];
  const tag = kind === "heading" ? "h3" : kind === "quote" ? "blockquote" : "p";
  const body = make(tag, `text ${kind === "heading" ? "within" : ""}`, ...marked(text, marks));
  body.dir = "auto";
  if (one.language && one.language !== "en" && /^[a-z]{2,3}$/.test(one.language)) body.lang = one.language;
  const mark = linkTo({ article: one.id, p: String(no) }, "no", String(no));
  mark.setAttribute("aria-label", `Link to paragraph ${no}`);
  const notes = make("p", "chips", ...themes.flatMap((m) => [themeNote(m), " "]));
  const element = make("div", "paragraph", mark, make("div", "", body, themes.length ? notes : null));
  element.id = `p-${no}`;
  return element;
};

const FIGURE_HEAD = ["published", "publisher", "title", "paragraph", "figure", "value", "unit", "qualifier", "measure",
  "period_start", "period_end", "change", "attribution", "url"];
const figureRow = (one, f) => [isoDate(one.place), one.publisher, one.title, f[0], cut(one.texts.get(f[0])?.[2] ?? "", f[1], f[2]),
  f[6], f[7], f[8], f[11], f[9], f[10], f[12], f[14], one.url];
const figureTold = (f) => [f[11], period(f[9], f[10]), f[14] && `according to ${f[14]}`].filter(Boolean).map((part) => plain(part, 120)).join(" · ");

const PASSAGE_HEAD = ["published", "publisher", "title", "paragraph", "theme", "framing", "evidence", "sentence", "url"];
const passageRow = (one, m) => {
  const text = one.texts.get(m[0])?.[2] ?? "";
  return [isoDate(one.place), one.publisher, one.title, m[0], THEMES[m[1]][1], FRAMINGS[m[2]], cut(text, m[3], m[4]), cut(text, m[5], m[6]), one.url];
};

const factsOf = (one) => {
  const facts = [publisherName(articles.publisher[one.place]), dateShown(one.place)];
  if (one.authors.length) facts.push(plain(one.authors.join(", "), 160));
  const sector = SECTORS[articles.sector[one.place]];
  if (sector) facts.push(sector);
  facts.push(counted(one.words, "word"), counted(one.mentions.length, "coded passage"), counted(one.figures.length, "figure"));
  return facts.flatMap((fact, place) => [place ? " · " : "", own(fact)]);
};

const figuresOf = (one) => {
  if (!one.figures.length) return null;
  const head = ["Figure", "What it measures", "When", "According to", "Paragraph"];
  const rows = one.figures.map((f) => [own(plain(cut(one.texts.get(f[0])?.[2] ?? "", f[1], f[2]), 60)), own(plain(f[11], 160)), period(f[9], f[10]),
    own(plain(f[14], 90)), linkTo({ article: one.id, p: String(f[0]) }, "", String(f[0]))]);
  return make("section", "", make("h3", "part", "Its figures"), scroll("Its figures", table("Its figures", head, rows, [4])),
    csvButton(`figures-${one.id}`, "the figures of this article", FIGURE_HEAD, () => one.figures.map((f) => figureRow(one, f))));
};

/** Fill the article's section; its paragraph `p`, if there is one, is brought into view. */
const showArticle = async (id, p) => {
  const section = byId("article");
  const place = placeOf(id);
  const back = linkTo({ at: "passages" }, "back", "Back to all findings");
  if (place < 0) {
    section.replaceChildren(back, make("h2", "", "This page does not have that article"),
      make("p", "lead", "It may have been taken out, or be a near-duplicate of another. The page is made anew after each run."));
    return;
  }
  const one = await article(place);
  const title = make("h2", "", own(titleOf(one), one.language));
  title.id = "article-title";
  title.tabIndex = -1;
  const url = webAddress(one.url);
  const copies = one.copies.map(webAddress).filter(Boolean);
  section.replaceChildren(
    back, title, make("p", "facts", ...factsOf(one)),
    make("p", "source", url ? outside(url, plain(url, 160)) : own(plain(one.url, 160))),
    copies.length ? make("p", "note", "Nearly the same text also at: ", ...copies.flatMap((copy) => [outside(copy, plain(copy, 120)), " "])) : "",
    make("p", "legend", ...FRAMINGS.map((name) => make("span", "", make("mark", `evidence ${name}`, name), " ")), make("span", "", make("mark", "figure", "figure"))),
    make("div", "paragraphs", ...one.paragraphs.map((paragraph) => paragraphOf(one, paragraph))),
    figuresOf(one) ?? "",
    make("p", "below", csvButton(`passages-${one.id}`, "the coded passages of this article", PASSAGE_HEAD, () => one.mentions.map((m) => passageRow(one, m))),
      " The coded passages of this article as CSV"),
  );
  const target = p ? byId(`p-${p}`) : null;
  target?.classList.add("sought");
  (target ?? title).scrollIntoView({ behavior: "instant", block: target ? "center" : "start" });
  if (target) target.tabIndex = -1;
  (target ?? title).focus({ preventScroll: true });
};
