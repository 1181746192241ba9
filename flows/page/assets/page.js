"use strict";
// The search of the page: over the articles, figures and passages embedded in it. All text goes in as text, never as HTML.
(() => {
  const STEP = 20;
  const WORD = /[\p{L}\p{N}]+(?:[.,’'&-][\p{L}\p{N}]+)*/gu;
  const byId = (id) => document.getElementById(id);
  const [form, query, found, results, more] = ["search-form", "query", "found", "results", "more"].map(byId);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => fold(text).match(WORD) ?? [];
  // Words with a space before each, so that a word that begins with "wait" is found by looking for " wait".
  const haystack = (...texts) => ` ${texts.flatMap(words).flatMap((w) => [w, ...w.split(/[.,’'&-]/u).slice(1)]).join(" ")}`;

  let entries = null;
  let hits = [];
  let shown = 0;

  const load = () => {
    const data = JSON.parse(byId("index").textContent);
    const article = ([title, publisher, date, address, themes]) => ({ title, publisher, date, address, themes });
    const articles = data.articles.map(article);
    const names = articles.map((a) => haystack(a.title, a.publisher));
    return [
      ...articles.map((a, i) => ({ kind: "article", article: a, note: a.themes, main: names[i], rest: haystack(a.themes) })),
      ...data.figures.map(([i, before, mark, after]) => ({
        kind: "figure", article: articles[i], parts: [before, mark, after], main: haystack(before + mark + after), rest: names[i],
      })),
      ...data.passages.map(([i, theme, framing, before, mark, after]) => ({
        kind: "passage", article: articles[i], parts: [before, mark, after], note: `${theme}, as ${framing}`,
        main: haystack(before + mark + after), rest: names[i] + haystack(theme, framing),
      })),
    ];
  };

  const score = (entry, wanted, phrase) => {
    let total = 0;
    for (const word of wanted) {
      if (entry.main.includes(word)) total += 2;
      else if (entry.rest.includes(word)) total += 1;
      else return 0;
    }
    return total + (entry.main.includes(phrase) ? 3 : 0) + (entry.kind === "article" ? 0.5 : 0);
  };

  const search = () => {
    const wanted = words(query.value).map((word) => ` ${word}`);
    hits = [];
    if (wanted.length) {
      entries ??= load();
      const kind = form.elements.kind.value;
      const phrase = wanted.join("");
      hits = entries
        .filter((entry) => kind === "all" || entry.kind === kind)
        .map((entry, place) => ({ entry, place, score: score(entry, wanted, phrase) }))
        .filter((hit) => hit.score > 0)
        .sort((a, b) => b.score - a.score || a.place - b.place);
    }
    shown = 0;
    results.replaceChildren();
    showMore();
    found.textContent = wanted.length ? summary() : "";
  };

  const summary = () => {
    if (!hits.length) return "Nothing found. Try fewer words or the beginning of a word.";
    const count = (kind) => hits.filter((hit) => hit.entry.kind === kind).length;
    const parts = ["article", "figure", "passage"].map((kind) => [count(kind), kind]).filter(([number]) => number);
    return `Found ${parts.map(([number, kind]) => `${number} ${kind}${number === 1 ? "" : "s"}`).join(", ")}.`;
  };

  const make = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };

  const link = (article) => {
    const title = make("bdi", "", article.title);
    if (!/^https?:\/\//i.test(article.address)) return title;
    const anchor = make("a", "", title);
    anchor.href = article.address;
    anchor.rel = "noopener noreferrer";
    return anchor;
  };

  const item = ({ kind, article, parts, note }) => {
    const element = make("li", "result", make("p", "tag", note && kind === "passage" ? `${kind}: ${note}` : kind));
    if (parts) {
      const passage = make("p", "passage", parts[0], make("mark", "", parts[1]), parts[2]);
      passage.dir = "auto";
      element.append(passage);
    }
    const byline = make("span", "byline", make("bdi", "", `${article.publisher || "unknown publisher"}, ${article.date}`));
    element.append(make("p", "source", link(article), " ", byline));
    if (kind === "article" && note) element.append(make("p", "note", note));
    return element;
  };

  const showMore = () => {
    const next = hits.slice(shown, shown + STEP).map((hit) => item(hit.entry));
    results.append(...next);
    shown += next.length;
    more.hidden = shown >= hits.length;
    return next[0];
  };

  let pending = 0;
  const soon = () => {
    clearTimeout(pending);
    pending = setTimeout(search, 120);
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(pending); search(); });
  form.addEventListener("change", (event) => { if (event.target.name === "kind") search(); });
  query.addEventListener("input", soon);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { query.value = ""; clearTimeout(pending); search(); }
  });
  more.addEventListener("click", () => {
    const first = showMore();
    if (first) { first.tabIndex = -1; first.focus(); }
  });
})();
