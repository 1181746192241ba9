// The sections: each is filled from a selection and what was counted of it. Those that quote articles wait for their blocks.

const MOST_YEARS = 30;
const SHADES = [0, 0.05, 0.1, 0.2, 0.35];
// A theme's scale reaches its highest year but never less than this, so that small themes do not look large.
const LEAST_TOP = 0.2;
// A CSV of passages or figures reads every article that it quotes.
const MOST_ROWS = 20000;
const MOST_SHOWN = 3000;

const fill = (id, ...children) => byId(id).replaceChildren(...children.filter((child) => child !== null && child !== undefined));
const headline = (id, text) => { byId(`${id}-title`).textContent = text; };
const fixed = (share) => Number((100 * share).toFixed(2));

const showTime = (selection, counts) => {
  const shown = counts.years.slice(-MOST_YEARS);
  const trend = trendFinding(counts.themes, shown);
  headline("time", attentionFinding(counts.themes));
  fill("time-trend", trend ? `${trend} ` : "");
  const spoken = counts.themes.filter((theme) => theme.paragraphs);
  fill("time-tiles", ...spoken.map((theme) => timeTile(theme, shown)));
  const left = [];
  const dated = counts.years.reduce((sum, year) => sum + year.articles, 0);
  if (selection.count > dated) left.push(`${counted(selection.count - dated, "article")} without a date left out.`);
  if (counts.years.length > shown.length) left.push(`${counted(counts.years.length - shown.length, "earlier year")} left out; the years can be chosen above.`);
  const caption = "Mean share of an article’s paragraphs that speak of the theme, by year of publication, in per cent";
  const rows = spoken.map((theme) => [theme.label, ...shown.map((one) => theme.byYear.get(one.year))]);
  const totals = ["Articles", ...shown.map((one) => one.articles)];
  fill("time-numbers", shown.length && spoken.length
    ? numbersTable("themes-by-year", caption, ["Theme", ...shown.map((one) => String(one.year))],
      [...rows.map(([label, ...shares]) => [label, ...shares.map(fixed)]), totals],
      [...rows.map(([label, ...shares]) => [label, ...shares.map(percent)]), totals.map(String)])
    : make("p", "note", selection.count ? "No article has a date." : ""),
  left.length ? make("p", "note", left.join(" ")) : null);
};

const timeTile = (theme, shown) => {
  const to = { theme: [theme.id], at: "passages" };
  const bars = shown.map(({ year, articles: many }) => {
    const value = theme.byYear.get(year);
    const described = `${theme.label}, ${year}: ${percent(value)}, ${counted(many, "article")}`;
    return { year, value, shown: percent(value), described, few: many < FEW_ARTICLES, to: { ...to, from: year, to: year } };
  });
  const top = 1.25 * Math.max(LEAST_TOP, ...bars.map((bar) => bar.value));
  const title = make("h3", "", linkTo(to, "", theme.label));
  title.title = theme.definition;
  return make("li", "", title, make("p", "note", make("strong", "", percent(theme.attention)), ` over all, ${counted(theme.articles, "article")}`),
    bars.length ? columns(`${theme.label} by year`, bars, top) : null);
};

const shadeTable = (caption, what, groups, themes, at) => {
  const links = [];
  const rows = groups.map((group) => {
    const name = group.name === null ? `${what} not known` : plain(group.name, 60);
    const to = { [at]: [group.name ?? ""] };
    const head = make("th", "", linkTo({ ...to, at: "time" }, "", own(name)), make("span", "note", counted(group.articles, "article")));
    head.scope = "row";
    return make("tr", "", head, ...themes.map((theme, place) => {
      const share = group.attention[place];
      const cell = make("td", `shade-${SHADES.filter((bound) => share > bound).length}`);
      if (!share) return make("td", "shade-0", "–");
      const link = linkTo({ ...to, theme: [theme.id], at: "passages" }, "", percent(share).replace("%", ""));
      link.setAttribute("aria-label", `${name}, ${theme.label}: ${percent(share)}`);
      links.push(link);
      cell.append(link);
      return cell;
    }));
  });
  const heads = themes.map((theme) => {
    const head = make("th", "", theme.label);
    head.scope = "col";
    return head;
  });
  const first = make("th", "", what);
  first.scope = "col";
  const made = make("table", "shades", make("caption", "unseen", caption), make("thead", "", make("tr", "", first, ...heads)), make("tbody", "", ...rows));
  if (links.length) roving(made, links);
  return scroll(caption, made);
};

const FIRST_GROUPS = 12;
const FIRST_ALL = 400;

const showGroups = (id, what, at, groups, themes) => {
  const caption = `Mean share of an article’s paragraphs that speak of each theme, in per cent, by ${what.toLowerCase()}`;
  const head = [what, "Articles", ...themes.map((theme) => theme.label)];
  const rows = groups.map((group) => [group.name ?? "", group.articles, ...Array.from(group.attention, fixed)]);
  const draw = (many) => {
    const all = groups.length > many
      ? button(`Show ${groups.length > FIRST_ALL && many < FIRST_ALL ? `${number(FIRST_ALL)} of ` : "all "}${counted(groups.length, what.toLowerCase())}`, "more",
        () => { draw(many < FIRST_ALL ? FIRST_ALL : groups.length); byId(id).querySelector(".scroll").focus(); })
      : null;
    fill(id, shadeTable(caption, what, groups.slice(0, many), themes, at), make("p", "below", all, csvButton(`themes-by-${at}`, caption, head, rows)));
  };
  if (groups.length && themes.length) draw(FIRST_GROUPS);
  else fill(id);
};

const showPublishers = (selection, counts) => {
  const themes = counts.themes.filter((theme) => theme.paragraphs);
  const publishers = tallyGroups(selection, themes, PUBLISHERS, articles.publisher);
  headline("publishers", groupFinding(themes, publishers.filter((one) => one.name !== null), "publisher"));
  showGroups("publishers-table", "Publisher", "publisher", publishers, themes);
  const sectors = tallyGroups(selection, themes, SECTORS, articles.sector);
  const several = sectors.length > 1 && themes.length;
  byId("sectors").hidden = !several;
  if (several) showGroups("sectors-table", "Sector", "sector", sectors, themes);
};

const showFraming = (counts) => {
  headline("framing", state.framing.length ? `Chosen is only what is put as ${state.framing.join(" or ")}` : framingFinding(counts.themes));
  const spoken = counts.themes.filter((theme) => theme.paragraphs).sort((a, b) =>
    b.framings[0] / b.paragraphs - a.framings[0] / a.paragraphs || a.framings[3] / a.paragraphs - b.framings[3] / b.paragraphs);
  byId("framing-legend").hidden = !spoken.length;
  const rows = spoken.map((theme) => {
    const to = { theme: [theme.id], at: "passages" };
    const parts = FRAMINGS.map((name, place) => ({
      name, share: theme.framings[place] / theme.paragraphs, to: { ...to, framing: [name] },
      described: `${theme.label} as ${name}: ${counted(theme.framings[place], "paragraph")}, ${percent(theme.framings[place] / theme.paragraphs)}`,
    }));
    return make("li", "", make("p", "label", linkTo(to, "", theme.label), ` (${number(theme.paragraphs)})`), stack(`${theme.label} by framing`, parts));
  });
  const head = ["Theme", ...FRAMINGS.map((name) => name[0].toUpperCase() + name.slice(1)), "All"];
  fill("framing-chart", rows.length ? make("ul", "stacks", ...rows) : null, rows.length
    ? numbersTable("framing", "Paragraphs on each theme by how they put it", head, spoken.map((theme) => [theme.label, ...theme.framings, theme.paragraphs]),
      spoken.map((theme) => [theme.label, ...theme.framings.map(number), number(theme.paragraphs)]))
    : null);
};

/** The CSV of entries that articles have, which are read one block after the other when it is asked for. */
const gathered = (name, what, head, entries, articleOf, row) => {
  const save = csvButton(name, what, head, async () => {
    const rows = [];
    for (const entry of entries.slice(0, MOST_ROWS)) rows.push(row(await article(articleOf(entry)), entry));
    return rows;
  });
  const cut = entries.length > MOST_ROWS ? make("span", "note", ` the first ${number(MOST_ROWS)} of ${number(entries.length)}; commentary export has all`) : "";
  return make("span", "", save, cut);
};

const figureCard = (one, f) => {
  const parts = sentence(one, f[0], f[1], f[2], f[3], f[4]);
  const measure = plain(f[11]);
  const facts = [period(f[9], f[10])];
  if (f[13]) facts.push(`from ${plain(f[13], 60)}`);
  else if (f[12]) facts.push(f[12]);
  if (f[14]) facts.push(`according to “${plain(f[14], 90)}”`);
  return make("li", "card", make("p", "value", own(plain(parts[1], 60))),
    measure && measure.length <= 90 ? make("p", "measure", own(measure)) : null,
    facts.some(Boolean) ? make("p", "facts", ...facts.filter(Boolean).flatMap((fact, place) => [place ? " · " : "", own(fact)])) : null,
    passage(parts, one.language), source(one, f[0]));
};

/** Entries by rank, a small whole number, the highest first, otherwise in their order: without the cost of sorting. */
const byRank = (list, rank) => {
  const buckets = Array.from({ length: 256 }, () => []);
  for (const entry of list) buckets[rank[entry]].push(entry);
  return buckets.reverse().flat();
};

const showFigures = async (selection) => {
  // The most telling first, one a paragraph and three an article, as many as anybody will look at.
  const perArticle = new Map();
  const seen = new Set();
  const best = byRank(selection.figures, figures.known).filter((f) => {
    const a = figures.article[f];
    const place = key(a, figures.paragraph[f]);
    if (seen.size >= MOST_SHOWN || seen.has(place) || (perArticle.get(a) ?? 0) >= 3) return false;
    seen.add(place);
    perArticle.set(a, (perArticle.get(a) ?? 0) + 1);
    return true;
  });
  byId("figures-lead").hidden = !best.length;
  fill("figures-csv", selection.figures.length ? gathered("figures", "the figures of this selection", FIGURE_HEAD,
    selection.figures, (f) => figures.article[f], (one, f) => figureRow(one, one.figures[f - figures.start[one.place]])) : null);
  await longList(byId("figures-list"), make("ul", "cards"), best, 9, async (f) => {
    const one = await article(figures.article[f]);
    return figureCard(one, one.figures[f - figures.start[one.place]]);
  });
};

const spanOf = ([, , , , , , start, end]) => Math.round((Date.parse(end) - Date.parse(start)) / 86400000 / 30.4);

/** Points of one thing: of each period the newest statement; only where no step is tenfold. */
const seriesOf = (points) => {
  const byPeriod = new Map();
  for (const point of points) if (!byPeriod.has(`${point[6]}/${point[7]}`)) byPeriod.set(`${point[6]}/${point[7]}`, point);
  const ordered = [...byPeriod.values()].sort((a, b) => (a[7] < b[7] ? -1 : a[7] > b[7] ? 1 : a[6] < b[6] ? -1 : 1));
  const steps = ordered.slice(1).every((point, place) => {
    const [low, high] = [point[8], ordered[place][8]].map(Math.abs).sort((a, b) => a - b);
    return high <= 10 * low;
  });
  return steps && new Set(ordered.map((point) => point[7])).size > 1 ? ordered : null;
};

const POINT_HEAD = ["subject", "period_start", "period_end", "value", "unit", "qualifier", "figure", "published", "publisher", "article_id", "paragraph"];
const pointRow = (p) => [p[2], p[6], p[7], p[8], p[4], p[9], p[10], isoDate(p[0]), PUBLISHERS[p[0] < 0 ? 0 : articles.publisher[p[0]]], IDS[p[0]], p[1]];

const showSeries = (selection, points) => {
  const grouped_ = new Map();
  for (const point of points) {
    if (!selection.has(point[0], point[1])) continue;
    const name = JSON.stringify([point[2], point[3], point[4], point[5], spanOf(point)]);
    if (!grouped_.has(name)) grouped_.set(name, []);
    grouped_.get(name).push(point);
  }
  const all = [...grouped_.values()].map(seriesOf).filter(Boolean).sort((a, b) => b.length - a.length || (a[0][2] < b[0][2] ? -1 : 1));
  byId("series").hidden = !all.length;
  byId("series-title").textContent = `${counted(all.length, "subject")} at different times`;
  const draw = (many) => fill("series-list", make("ul", "series", ...all.slice(0, many).map((series) => make("li", "", make("h4", "", own(plain(series[0][2], 120))),
    bars(series.slice(-10).map((p) => ({
      label: period(p[6], p[7]), value: p[8], shown: quantity(p[8], index.units[p[4] ?? ""], p[9]), to: { article: IDS[p[0]], p: String(p[1]) },
    })))))), make("p", "below", all.length > many ? button(`Show all ${counted(all.length, "subject")}`, "more", () => draw(all.length)) : null,
    csvButton("series", "subjects at different times", POINT_HEAD, () => all.flat().map(pointRow))));
  if (all.length) draw(6);
};

const showConflicts = (selection, pairs) => {
  const shown = pairs.filter(({ a, b }) => selection.has(a[0], a[1]) || selection.has(b[0], b[1]));
  byId("conflicts").hidden = !shown.length;
  const side = (p) => make("span", "", make("strong", "", quantity(p[8], index.units[p[4] ?? ""], "exact")), " ",
    linkTo({ article: IDS[p[0]], p: String(p[1]) }, "", own(publisherName(articles.publisher[p[0]]))));
  const draw = (many) => fill("conflicts-table", scroll("Statements that cannot both be right", table("One subject and period with different values",
    ["Subject", "Period", "One says", "Another says"], shown.slice(0, many).map(({ a, b }) => [own(plain(a[2], 120)), period(a[6], a[7]), side(a), side(b)]))),
  make("p", "below", shown.length > many ? button(`Show all ${counted(shown.length, "subject")}`, "more", () => draw(shown.length)) : null,
    csvButton("contradictions", "statements that cannot both be right", ["pair", ...POINT_HEAD],
      () => shown.flatMap(({ a, b }, place) => [[place + 1, ...pointRow(a)], [place + 1, ...pointRow(b)]]))));
  if (shown.length) draw(12);
  return shown.length;
};

const showCompared = async (selection) => {
  const compared = await block("compared");
  showSeries(selection, compared.series);
  headline("figures", figuresFinding(selection.figures.length, selection.speaking, showConflicts(selection, compared.conflicts)));
};

const quoteItem = async (m) => {
  const one = await article(mentions.article[m]);
  const row = one.mentions[m - mentions.start[one.place]];
  const framing = FRAMINGS[row[2]];
  return make("li", `quote ${framing}`, make("p", "tag", `${THEMES[row[1]][1]}: ${framing}`),
    passage(sentence(one, row[0], row[3], row[4], row[5], row[6]), one.language), source(one, row[0]));
};

// Mentions are kept newest article first.
const inOrder = (list) => (state.sort === "newest" ? list : byRank(list, mentions.score));

/** Of a theme's passages, in order, the first of each article before the others. */
const oneAnArticle = (list) => {
  const seen = new Set();
  const [first, rest] = [[], []];
  for (const m of inOrder(list)) {
    (seen.has(mentions.article[m]) ? rest : first).push(m);
    seen.add(mentions.article[m]);
  }
  return [...first, ...rest];
};

const showPassages = async (selection, counts) => {
  const spoken = counts.themes.filter((theme) => theme.paragraphs);
  headline("passages", spoken.length ? counted(selection.mentions.length, "coded passage") : "There is no such passage");
  byId("passages-lead").hidden = !spoken.length;
  fill("passages-csv", spoken.length ? gathered("passages", "the coded passages of this selection", PASSAGE_HEAD,
    selection.mentions, (m) => mentions.article[m], (one, m) => passageRow(one, one.mentions[m - mentions.start[one.place]])) : null);
  const list = byId("passages-list");
  if (state.theme.length) {
    fill("passages-definition", ...spoken.flatMap((theme) => [make("strong", "", theme.label), ` ${theme.definition} `]));
    await longList(list, make("ul", "quotes"), oneAnArticle(selection.mentions), 12, quoteItem);
    return;
  }
  fill("passages-definition");
  const byTheme = new Map(spoken.map((theme) => [theme.place, []]));
  for (const m of selection.mentions) byTheme.get(mentions.theme[m]).push(m);
  list.replaceChildren(...await Promise.all(spoken.map(async (theme) => {
    const quotes = await Promise.all(oneAnArticle(byTheme.get(theme.place)).slice(0, 2).map(quoteItem));
    const all = linkTo({ theme: [theme.id], at: "passages" }, "", `All ${counted(theme.paragraphs, "passage")}`, make("span", "unseen", ` on ${theme.label}`));
    return make("section", "theme", make("div", "theme-head", make("h3", "", theme.label), make("p", "note", `in ${counted(theme.articles, "article")}`),
      make("p", "definition", theme.definition), make("p", "note", all)), make("ul", "quotes", ...quotes));
  })));
};

const tallied = (table, selection, code) => {
  const result = new Map();
  for (let i = 0; i < table.length; i += 1) {
    const [a, who] = [table.article[i], table[code][i]];
    if (who < 0 || !selection.has(a, table.paragraph[i])) continue;
    const entry = result.get(who) ?? { many: 0, articles: 0, last: -1 };
    entry.many += 1;
    if (entry.last !== a) entry.articles += 1;
    entry.last = a;
    result.set(who, entry);
  }
  return result;
};

const listed = (id, what, head, rows, cells, numbers) => {
  const draw = (many) => fill(id, rows.length ? scroll(what, table(what, head, rows.slice(0, many).map(cells), numbers)) : null,
    rows.length ? make("p", "below", rows.length > many ? button(`Show ${rows.length > FIRST_ALL && many < FIRST_ALL ? `${FIRST_ALL} of ` : "all "}${number(rows.length)}`, "more",
      () => draw(many < FIRST_ALL ? FIRST_ALL : rows.length)) : null, csvButton(id, what, head, rows)) : null);
  draw(12);
};

let who = null;

const showSaid = async (selection) => {
  who ??= await block("who").then((packed) => ({ ...packed, names: unpacked(packed.names), quotes: unpacked(packed.quotes) }));
  const named = tallied(who.names, selection, "actor");
  const quoted = tallied(who.quotes, selection, "speaker");
  const actors = [...named.entries()].sort(([x, a], [y, b]) => b.articles - a.articles || b.many - a.many || x - y).map(([code, entry]) => {
    const [name, kind, role] = who.actors[code];
    return [plain(name, 80), plain(role || kind.replaceAll("_", " "), 80), entry.articles, entry.many, quoted.get(code)?.many ?? 0];
  });
  headline("said", actors.length ? `${counted(actors.length, "organisation or person", "organisations and people")} named, ${counted(selectedQuotes(selection).length, "quotation")}` : "Nobody is named");
  listed("actors", "Organisations and people", ["Name", "What it is", "Articles", "Mentions", "Quotations"], actors,
    (row) => [own(row[0]), row[1], ...row.slice(2).map(number)], [2, 3, 4]);
  const spoken = selectedQuotes(selection).filter((q) => who.quotes.direct[q] && who.quotes.speaker[q] >= 0);
  byId("quotes").hidden = !spoken.length;
  await longList(byId("quotes-list"), make("ul", "quotes"), spoken, 8, async (q) => {
    const one = await article(who.quotes.article[q]);
    const row = one.quotes[q - who.quotes.start[one.place]];
    const speaker = row[4] && row[4] !== row[3] ? `${row[3]}, ${row[4]}` : row[3];
    return make("li", "quote context", make("p", "tag", own(plain(speaker, 120))),
      passage(excerpt(one.texts.get(row[0])?.[2] ?? "", row[1], row[2]), one.language), source(one, row[0]));
  });
  showCiting(selection);
};

const selectedQuotes = (selection) => {
  const result = [];
  for (let q = 0; q < who.quotes.length; q += 1) if (selection.has(who.quotes.article[q], who.quotes.paragraph[q])) result.push(q);
  return result;
};

const showCiting = (selection) => {
  const pairs = new Map();
  for (const [a, paragraph, cited, what, bears] of who.citations) {
    if (!selection.has(a, paragraph)) continue;
    const name = JSON.stringify([articles.publisher[a], cited]);
    const entry = pairs.get(name) ?? { publisher: publisherName(articles.publisher[a]), cited, what: new Set(), many: 0, bears: 0 };
    entry.what.add(what);
    entry.many += 1;
    entry.bears += bears;
    pairs.set(name, entry);
  }
  const rows = [...pairs.values()].sort((a, b) => b.many - a.many || (a.publisher < b.publisher ? -1 : 1))
    .map((one) => [one.publisher, plain(one.cited, 80), [...one.what].sort().join(", "), one.many, one.bears]);
  byId("citing").hidden = !rows.length;
  listed("citations", "Who cites whom", ["Publisher", "Cites", "What", "Citations", "Figures"], rows,
    (row) => [own(row[0]), own(row[1]), row[2], number(row[3]), number(row[4])], [3, 4]);
};

const ARTICLE_HEAD = ["published", "publisher", "sector", "title", "words", "coded passages", "figures", "came in", "url", "article_id"];

const showNew = async (selection) => {
  const places = IDS.map((_, place) => place).filter((place) => selection.hasArticle(place)).sort((a, b) => articles.seen[b] - articles.seen[a] || a - b);
  const fresh = places.filter((place) => articles.seen[place] > index.today - 7).length;
  headline("new", fresh ? `${counted(fresh, "article")} came in this week` : places.length ? "Nothing came in this week" : "There is no such article");
  fill("new-csv", places.length ? gathered("articles", "the articles of this selection", ARTICLE_HEAD, places, (place) => place, (one) => [
    isoDate(one.place), one.publisher, SECTORS[articles.sector[one.place]], one.title, one.words, one.mentions.length, one.figures.length,
    dateOf(articles.seen[one.place]).toISOString().slice(0, 10), one.url, one.id]) : null);
  await longList(byId("new-list"), make("ol", "news"), places, 15, async (place) => {
    const one = await article(place);
    const most = new Map();
    for (const m of one.mentions) most.set(m[1], (most.get(m[1]) ?? 0) + 1);
    const themes = [...most].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 3).map(([theme]) => THEMES[theme][1]);
    const facts = [themes.join(", ") || "no theme", counted(one.figures.length, "figure"), counted(one.words, "word"), `came in ${wordedDay(dateOf(articles.seen[place]))}`];
    return make("li", "", source(one), make("p", "note", facts.join(" · ")));
  });
  const chosen = new Set(places.map((place) => IDS[place]));
  for (const edit of document.querySelectorAll("[data-article]")) edit.hidden = !chosen.has(edit.dataset.article);
};
