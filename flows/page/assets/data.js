// The data: columns of all articles, which are there at once, and blocks that are read when they are asked for. A block
// is an element of this page, or a file beside it.

const FRAMINGS = ["problem", "proposal", "context", "benefit"];
const ARRAYS = { u8: Uint8Array, u16: Uint16Array, i32: Int32Array };

/** A column: base64 of little-endian numbers, after their kind. */
const column = (packed) => {
  const [kind, text] = packed.split(":");
  if (Uint8Array.fromBase64) return new ARRAYS[kind](Uint8Array.fromBase64(text).buffer);
  const signs = atob(text);
  const bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i += 1) bytes[i] = signs.charCodeAt(i);
  return new ARRAYS[kind](bytes.buffer);
};

/** Where the entries of each article begin, from how many each has; one more at the end. */
const starts = (counts) => {
  const result = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) result[i + 1] = result[i] + counts[i];
  return result;
};

/** Columns of what belongs to articles: `start` by article, and `article` by entry. */
const unpacked = (packed) => {
  const table = Object.fromEntries(Object.entries(packed).map(([name, value]) => [name, column(value)]));
  table.start = starts(table.count);
  table.length = table.start.at(-1);
  table.article = new Int32Array(table.length);
  for (let a = 0; a < table.count.length; a += 1) table.article.fill(a, table.start[a], table.start[a + 1]);
  return table;
};

const index = JSON.parse(document.getElementById("block-index").textContent);
const { themes: THEMES, publishers: PUBLISHERS, sectors: SECTORS } = index;
const articles = Object.fromEntries(Object.entries(index.articles).map(([name, value]) => [name, column(value)]));
const IDS = index.ids;
const COUNT = IDS.length;
const mentions = unpacked(index.mentions);
const figures = unpacked(index.figures);
const UNDATED = -2147483648;
const years = new Int16Array(COUNT);
for (let a = 0; a < COUNT; a += 1) years[a] = articles.day[a] === UNDATED ? 0 : dateOf(articles.day[a]).getUTCFullYear();
const placeOf = (id) => IDS.indexOf(id);

const waiting = new Map();
const blocks = new Map();
const trusted = window.trustedTypes?.createPolicy("blocks", {
  createScriptURL: (url) => {
    if (!url.startsWith(index.files)) throw new TypeError("not a file of this page");
    return url;
  },
}) ?? { createScriptURL: (url) => url };

const loadFile = (name) => new Promise((resolve, reject) => {
  waiting.set(name, resolve);
  const script = document.createElement("script");
  script.src = trusted.createScriptURL(`${index.files}${name}.js`);
  script.onload = () => script.remove();
  script.onerror = () => {
    script.remove();
    reject(new Error(`The file ${index.files}${name}.js beside this page cannot be read.`));
  };
  document.head.append(script);
});

if (index.files) {
  window.commentaryBlock = (name, content) => {
    waiting.get(name)?.(content);
    waiting.delete(name);
  };
}

/** The content of a block, read once; the latest hundred are kept. */
const block = (name) => {
  if (!blocks.has(name)) {
    const read = index.files
      ? loadFile(name)
      : Promise.resolve().then(() => JSON.parse(document.getElementById(`block-${name}`).textContent));
    blocks.set(name, read);
    read.catch(() => blocks.delete(name));
    if (blocks.size > 100) blocks.delete(blocks.keys().next().value);
  }
  return blocks.get(name);
};

/** An article with its paragraphs and findings: {id, title, url, paragraphs, mentions, figures, quotes, ...}. */
const article = async (place) => {
  const home = articles.home[place];
  const found = (await block(`articles-${Math.floor(home / index.size)}`))[home % index.size];
  return { ...found, place, publisher: PUBLISHERS[articles.publisher[place]], texts: new Map(found.paragraphs.map((one) => [one[0], one])) };
};

const key = (a, paragraph) => a * 65536 + paragraph;

/** What a choice of filters leaves: which articles, mentions and figures, and whether a paragraph is among it. */
const select = (state) => {
  const chosen = (names, wanted) => (wanted.length ? names.map((name) => wanted.includes(name ?? "")) : null);
  const publishers = chosen(PUBLISHERS, state.publisher);
  const sectors = chosen(SECTORS, state.sector);
  const themes = chosen(THEMES.map((theme) => theme[0]), state.theme);
  const framings = chosen(FRAMINGS, state.framing);
  const inside = new Uint8Array(COUNT);
  let count = 0;
  for (let a = 0; a < COUNT; a += 1) {
    const dated = !(state.from || state.to) || (years[a] && years[a] >= (state.from || 0) && years[a] <= (state.to || 9999));
    inside[a] = dated && (publishers?.[articles.publisher[a]] ?? true) && (sectors?.[articles.sector[a]] ?? true) ? 1 : 0;
    count += inside[a];
  }
  const narrowed = Boolean(themes || framings);
  const paragraphs = new Set();
  const kept = [];
  for (let m = 0; m < mentions.length; m += 1) {
    const a = mentions.article[m];
    if (!inside[a] || !(themes?.[mentions.theme[m]] ?? true) || !(framings?.[mentions.framing[m]] ?? true)) continue;
    kept.push(m);
    if (narrowed) paragraphs.add(key(a, mentions.paragraph[m]));
  }
  const has = (a, paragraph) => inside[a] === 1 && (!narrowed || paragraphs.has(key(a, paragraph)));
  const speaking = narrowed ? new Set(kept.map((m) => mentions.article[m])) : null;
  const hasArticle = (a) => inside[a] === 1 && (!speaking || speaking.has(a));
  const stated = [];
  for (let f = 0; f < figures.length; f += 1) if (has(figures.article[f], figures.paragraph[f])) stated.push(f);
  return { inside, count, narrowed, has, hasArticle, mentions: kept, figures: stated, themes, speaking: speaking?.size ?? count };
};

/** Counts of a selection by theme, year and group: what the charts and headlines are made of. */
const tally = (selection) => {
  const { inside, count } = selection;
  const shown = THEMES.map((theme, place) => place).filter((place) => selection.themes?.[place] ?? true);
  const perYear = new Map();
  for (let a = 0; a < COUNT; a += 1) if (inside[a] && years[a]) perYear.set(years[a], (perYear.get(years[a]) ?? 0) + 1);
  const known = [...perYear.keys()].sort((x, y) => x - y);
  const rows = new Map(shown.map((place) => [place, {
    place, id: THEMES[place][0], label: THEMES[place][1], definition: THEMES[place][2], paragraphs: 0, articles: 0, attention: 0,
    framings: [0, 0, 0, 0], byYear: new Map(), sums: new Float64Array(known.length), last: -1,
  }]));
  const yearAt = new Int32Array(COUNT).fill(-1);
  const at = new Map(known.map((year, place) => [year, place]));
  for (let a = 0; a < COUNT; a += 1) if (inside[a] && years[a]) yearAt[a] = at.get(years[a]);
  const rowOf = THEMES.map((theme, place) => rows.get(place));
  for (const m of selection.mentions) {
    const row = rowOf[mentions.theme[m]];
    const a = mentions.article[m];
    const share = 1 / articles.paragraphs[a];
    row.paragraphs += 1;
    row.framings[mentions.framing[m]] += 1;
    row.attention += share / count;
    if (row.last !== a) row.articles += 1;
    row.last = a;
    if (yearAt[a] >= 0) row.sums[yearAt[a]] += share;
  }
  for (const row of rows.values()) known.forEach((year, place) => row.byYear.set(year, row.sums[place] / perYear.get(year)));
  const themes = [...rows.values()].sort((x, y) => y.attention - x.attention || y.paragraphs - x.paragraphs || x.place - y.place);
  return { themes, years: known.map((year) => ({ year, articles: perYear.get(year) })) };
};

/** Attention to each of `themes` by publisher or sector, those with most articles first. */
const tallyGroups = (selection, themes, names, codes) => {
  const groups = names.map((name, code) => ({ name, code, articles: 0, attention: new Float64Array(themes.length) }));
  for (let a = 0; a < COUNT; a += 1) if (selection.inside[a]) groups[codes[a]].articles += 1;
  const rank = new Int32Array(THEMES.length);
  themes.forEach((theme, place) => { rank[theme.place] = place; });
  for (const m of selection.mentions) {
    const a = mentions.article[m];
    const group = groups[codes[a]];
    group.attention[rank[mentions.theme[m]]] += 1 / articles.paragraphs[a] / group.articles;
  }
  return groups.filter((group) => group.articles)
    .sort((x, y) => y.articles - x.articles || (x.name ?? "\uffff").localeCompare(y.name ?? "\uffff"));
};
