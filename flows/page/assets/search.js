// The search of the page: through the titles at once, then through the articles that the filters leave, newest first.

const STEP = 20;
const WORD = /[\p{L}\p{N}]+(?:[.,’'&-][\p{L}\p{N}]+)*/gu;
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => folded(text).match(WORD) ?? [];
// Words with a space before each, so that a word that begins with "wait" is found by looking for " wait".
const haystack = (...texts) =>
  ` ${texts.flatMap((text) => wordsOf(text ?? "")).flatMap((word) => [word, ...word.split(/[.,’'&-]/u).slice(1)]).join(" ")}`;
const hasAll = (text, wanted) => wanted.every((word) => text.includes(word));

/** What of an article has all words: its title, the sentences of its figures and themes, else paragraphs. */
const hitsIn = (one, wanted, kind) => {
  const found = [];
  const whole = ` ${folded([one.title, one.publisher, ...one.paragraphs.map((paragraph) => paragraph[2])].join(" "))}`;
  if (!wanted.every((word) => whole.includes(word.trim()))) return found;
  const wants = (name) => !kind || kind === name;
  const name = haystack(one.title, one.publisher);
  if (wants("article") && hasAll(name, wanted)) found.push({ kind: "article", one });
  const seen = new Set();
  const look = (what, rows, note) => {
    if (!wants(what)) return;
    const sentences = new Set();
    for (const row of rows) {
      const place = `${row[0]}-${row[what === "figure" ? 3 : 5]}`;
      if (sentences.has(place)) continue;
      const [from, to] = what === "figure" ? [row[3], row[4]] : [row[5], row[6]];
      const text = one.texts.get(row[0])?.[2] ?? "";
      if (!hasAll(haystack(cut(text, from, to)), wanted)) continue;
      sentences.add(place);
      seen.add(row[0]);
      const [start, end] = what === "figure" ? [row[1], row[2]] : [row[3], row[4]];
      found.push({ kind: what, one, paragraph: row[0], note: note(row), parts: sentence(one, row[0], start, end, from, to) });
    }
  };
  look("figure", one.figures, (f) => plain(f[11], 90));
  look("passage", one.mentions, (m) => `${THEMES[m[1]][1]}, as ${FRAMINGS[m[2]]}`);
  if (!wants("paragraph")) return found;
  for (const [no, , text] of one.paragraphs) {
    if (seen.has(no) || !hasAll(haystack(text), wanted)) continue;
    const first = folded(text).indexOf(wanted[0].trim());
    const length = Math.max(0, wanted[0].trim().length);
    found.push({ kind: "paragraph", one, paragraph: no, parts: excerpt(text, Math.max(0, first), Math.max(0, first) + length) });
  }
  return found;
};

const hitItem = ({ kind, one, paragraph, note, parts }) => make("li", "result", make("p", "tag", note ? `${kind}: ${note}` : kind),
  parts ? passage(parts, one.language) : null, source(one, paragraph));

const HIT_HEAD = ["kind", "published", "publisher", "title", "paragraph", "note", "text", "url"];
const hitRow = ({ kind, one, paragraph, note, parts }) => [kind, isoDate(one.place), one.publisher, one.title, paragraph, note,
  parts ? parts.join("") : "", one.url];

let searched = 0;

const told = (hits, looked, all) => {
  const kinds = ["article", "figure", "passage", "paragraph"].map((kind) => [hits.filter((hit) => hit.kind === kind).length, kind]);
  const parts = kinds.filter(([many]) => many).map(([many, kind]) => counted(many, kind));
  const where = looked < all ? ` in the ${number(looked)} newest of ${counted(all, "article")}` : "";
  if (!parts.length) return `Nothing found${where}. Try fewer words or the beginning of a word.`;
  return `Found ${parts.join(", ")}${where}.`;
};

/** Look for `state.q` in the selected articles until enough is found; the button looks on from there. */
const search = async (selection) => {
  const turn = (searched += 1);
  const [found, results, more, csv] = ["found", "results", "more", "search-csv"].map(byId);
  const wanted = wordsOf(state.q).map((word) => ` ${word}`);
  results.replaceChildren();
  csv.replaceChildren();
  more.hidden = true;
  found.textContent = "";
  if (!wanted.length) return;
  const places = IDS.map((_, place) => place).filter((place) => selection.hasArticle(place));
  const hits = [];
  let [looked, shown] = [0, 0];
  const lookOn = async (enough) => {
    while (looked < places.length && hits.length < enough) {
      const batch = places.slice(looked, looked + index.size);
      for (const one of await Promise.all(batch.map(article))) {
        hits.push(...hitsIn(one, wanted, state.kind).filter((hit) => !hit.paragraph || selection.has(one.place, hit.paragraph)));
      }
      if (turn !== searched) return;
      looked += batch.length;
      if (looked < places.length) found.textContent = `${told(hits, looked, places.length)} Looking on …`;
    }
    // Titles first in what is shown together.
    const order = hits.slice(shown).sort((a, b) => Number(b.kind === "article") - Number(a.kind === "article"));
    hits.splice(shown, hits.length - shown, ...order);
  };
  const show = async () => {
    await lookOn(index.files ? shown + STEP : Infinity);
    if (turn !== searched) return null;
    const next = hits.slice(shown, shown + STEP).map(hitItem);
    shown += next.length;
    results.append(...next);
    found.textContent = told(hits, looked, places.length);
    more.hidden = shown >= hits.length && looked >= places.length;
    return next[0];
  };
  more.onclick = async () => {
    const first = await show();
    if (first) { first.tabIndex = -1; first.focus(); }
  };
  await show();
  if (turn === searched && hits.length) csv.replaceChildren(csvButton("search", "what was found", HIT_HEAD, () => hits.map(hitRow)));
};
