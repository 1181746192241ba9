// Parts that sections are made of: elements, passages, tables with their CSV, charts whose bars are links. All text goes in
// as text, never as HTML.

const byId = (id) => document.getElementById(id);

const make = (name, className, ...children) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const own = (text, lang) => {
  const element = make("bdi", "", text);
  if (lang && lang !== "en" && /^[a-z]{2,3}$/.test(lang)) element.lang = lang;
  return element;
};

const linkTo = (changes, className, ...children) => {
  const anchor = make("a", className, ...children);
  anchor.href = addressOf(changes);
  return anchor;
};

const outside = (url, ...children) => {
  const anchor = make("a", "outside", ...children);
  anchor.href = url;
  anchor.rel = "noopener noreferrer";
  return anchor;
};

const button = (text, className, act) => {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
};

const publisherName = (code) => plain(PUBLISHERS[code], 80) || "unknown publisher";
const dayOf = (place) => (articles.day[place] === UNDATED ? null : articles.day[place]);
const dateShown = (place) => published(dayOf(place), articles.exactness[place]);
const isoDate = (place) => (dayOf(place) === null ? "" : dateOf(dayOf(place)).toISOString().slice(0, [10, 4, 7, 10][articles.exactness[place]]));
const titleOf = (one) => plain(one.title, 200) || plain(one.url, 120);

/** Where something stands: a link to the article's page here, its publisher and day, and its address on the web. */
const source = (one, paragraph) => {
  const title = linkTo({ article: one.id, p: paragraph ? String(paragraph) : "" }, "", own(titleOf(one), one.language));
  const byline = make("span", "byline", own(`${publisherName(articles.publisher[one.place])}, ${dateShown(one.place)}`));
  const url = webAddress(one.url);
  if (url) {
    const original = outside(url, "original");
    original.setAttribute("aria-label", `Original of ${titleOf(one)}`);
    byline.append(" · ", original);
  }
  return make("p", "source", title, byline);
};

const passage = ([before, mark, after], lang) => {
  const element = make("p", "passage", before, make("mark", "", mark), after);
  element.dir = "auto";
  if (lang && lang !== "en" && /^[a-z]{2,3}$/.test(lang)) element.lang = lang;
  return element;
};

/** The sentence of a finding with its telling words marked. */
const sentence = (one, paragraph, start, end, from, to) => {
  const text = one.texts.get(paragraph)?.[2] ?? "";
  return excerpt(cut(text, from, to), start - from, end - from);
};

/** A cell of a CSV file: a text that a spreadsheet would take for a formula is led by an apostrophe. */
const csvCell = (value) => {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) && !/^[+-][\d.,]+%?$/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvText = (head, rows) => `\ufeff${[head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

const save = (name, text) => {
  const anchor = make("a", "");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  anchor.download = `${name}.csv`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
};

/** A button that saves a table; `rows` may be a function that gathers them, and may take its time. */
const csvButton = (name, what, head, rows) => {
  const element = button("CSV", "csv", async () => {
    element.disabled = true;
    try {
      save(name, csvText(head, typeof rows === "function" ? await rows() : rows));
    } finally {
      element.disabled = false;
    }
  });
  element.setAttribute("aria-label", `Save as CSV: ${what}`);
  return element;
};

const scroll = (label, table) => {
  const element = make("div", "scroll", table);
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  element.tabIndex = 0;
  return element;
};

/** A table of texts and elements; columns named in `numbers` are aligned as such. */
const table = (caption, head, rows, numbers = []) => {
  const th = (name, scope, place) => {
    const cell = make("th", numbers.includes(place) ? "number" : "", name);
    cell.scope = scope;
    return cell;
  };
  const body = rows.map((row) => make("tr", "", th(row[0], "row"), ...row.slice(1).map((cell, place) =>
    make("td", numbers.includes(place + 1) ? "" : "words", cell))));
  return make("table", "", make("caption", "unseen", caption),
    make("thead", "", make("tr", "", ...head.map((name, place) => th(name, "col", place)))), make("tbody", "", ...body));
};

/** The numbers of a chart as a table to open, with its CSV. */
const numbersTable = (name, caption, head, rows, shown = rows) => {
  const places = head.map((_, place) => place).slice(1);
  return make("div", "below", make("details", "numbers", make("summary", "", "The numbers as a table"),
    scroll(caption, table(caption, head, shown, places))), csvButton(name, caption, head, rows));
};

/** One stop for the keyboard among many links: arrows, Home and End go from one to the next, up and down in a table. */
const roving = (group, links) => {
  links.forEach((link, place) => { link.tabIndex = place ? -1 : 0; });
  const beside = (link, step) => {
    const cell = link.closest("td");
    const next = (row) => (step < 0 ? row?.previousElementSibling : row?.nextElementSibling);
    let row = next(cell?.parentElement);
    while (row && !row.cells[cell.cellIndex].querySelector("a")) row = next(row);
    return row?.cells[cell.cellIndex].querySelector("a");
  };
  group.addEventListener("keydown", (event) => {
    const here = links.indexOf(document.activeElement);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const upright = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -here, End: links.length - 1 - here }[event.key];
    if (step === undefined && !(upright && links[here].closest("td"))) return;
    event.preventDefault();
    const next = upright ? beside(links[here], upright) : links[here + step];
    if (!next) return;
    links[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
};

const grouped = (element, label) => {
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  return element;
};

/** Columns by year, each a link; `bars` as {year, value, shown, described, few, to}. The highest has its number. */
const columns = (label, bars, top) => {
  const highest = bars.reduce((best, bar) => (bar.value >= best.value ? bar : best), bars[0]);
  const links = bars.map((bar, place) => {
    const ink = make("span", bar.few ? "ink few" : "ink");
    ink.style.height = `${(100 * bar.value) / top}%`;
    const link = linkTo(bar.to, "column", ink);
    link.setAttribute("aria-label", bar.described);
    link.title = bar.described;
    if (bar === highest && bar.value) {
      const side = place < bars.length / 4 ? "left" : place >= (3 * bars.length) / 4 ? "right" : "middle";
      const shown = make("span", `top ${side}`, bar.shown);
      shown.style.bottom = ink.style.height;
      link.append(shown);
    }
    return link;
  });
  const chart = grouped(make("div", "columns", ...links), label);
  roving(chart, links);
  const ends = bars.length > 1 ? [bars[0].year, bars.at(-1).year] : [bars[0].year];
  return make("div", "chart", chart, make("p", "axis", ...ends.map((year) => make("span", "", String(year)))));
};

/** A bar divided into shares, each a link that has its number where there is room. */
const stack = (label, parts) => {
  const links = parts.filter((part) => part.share > 0).map((part) => {
    const link = linkTo(part.to, part.name, part.share >= 0.1 ? make("span", "", percent(part.share)) : null);
    link.style.flexGrow = String(part.share);
    link.setAttribute("aria-label", part.described);
    link.title = part.described;
    return link;
  });
  const bar = grouped(make("div", "stack", ...links), label);
  roving(bar, links);
  return bar;
};

/** Horizontal bars from zero with their labels and numbers in columns of their own, so that none collides. */
const bars = (rows) => {
  const most = Math.max(...rows.map((row) => Math.abs(row.value)), 1e-12);
  return make("ul", "bars", ...rows.map((row) => {
    const ink = make("span", "ink");
    ink.style.width = `${(100 * Math.abs(row.value)) / most}%`;
    const link = linkTo(row.to, "", make("span", "what", row.label), make("span", "track", ink), make("strong", "", row.shown));
    return make("li", "", link);
  }));
};

/** A list that shows some entries and a button for more; `entry(item)` may take its time and give null. */
const longList = async (place, list, items, step, entry) => {
  let shown = 0;
  const more = button("", "more", async () => {
    const first = await next();
    if (first) { first.tabIndex = -1; first.focus(); }
  });
  const next = async () => {
    const made = (await Promise.all(items.slice(shown, shown + step).map(entry))).filter(Boolean);
    shown += step;
    list.append(...made);
    more.hidden = shown >= items.length;
    more.textContent = `Show more (${number(Math.max(0, items.length - shown))} left)`;
    return made[0];
  };
  await next();
  place.replaceChildren(list, more);
};
