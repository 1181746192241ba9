// The filters and the way from an address to what is shown.

const NAMES = { theme: "Themes", publisher: "Publishers", sector: "Sectors", framing: "Framings" };
const MOST_CHOICES = 200;

const go = (changes) => { location.hash = addressOf(changes); };

const choicesOf = (name) => {
  if (name === "theme") return THEMES.map((theme) => [theme[0], theme[1]]);
  if (name === "framing") return FRAMINGS.map((framing) => [framing, framing]);
  const [names, codes, unknown] = name === "publisher" ? [PUBLISHERS, articles.publisher, "publisher not known"] : [SECTORS, articles.sector, "sector not known"];
  const many = new Uint32Array(names.length);
  for (let a = 0; a < COUNT; a += 1) many[codes[a]] += 1;
  return names.map((value, code) => [value ?? "", `${value === null ? unknown : plain(value, 80)} (${number(many[code])})`, many[code]])
    .filter((choice) => choice[2]).sort((a, b) => b[2] - a[2] || a[1].localeCompare(b[1]));
};

const labelOf = (name, value) => (name === "theme" ? THEMES.find((theme) => theme[0] === value)?.[1] : name === "framing" ? value : plain(value, 80)) || (value ? plain(value, 80) : `${name} not known`);

const showChoices = (name, choices, wanted) => {
  const sought = folded(wanted);
  const chosen = new Set(state[name]);
  const list = byId(`choices-${name}`);
  if (list.contains(document.activeElement)) {  // somebody is choosing: nothing moves under the hand
    for (const box of list.querySelectorAll("input")) box.checked = chosen.has(box.value);
    return;
  }
  const fitting = choices.filter(([value, label]) => chosen.has(value) || folded(label).includes(sought));
  fitting.sort((a, b) => Number(chosen.has(b[0])) - Number(chosen.has(a[0])));
  const boxes = fitting.slice(0, MOST_CHOICES).map(([value, label]) => {
    const box = make("input", "");
    Object.assign(box, { type: "checkbox", name, value, checked: chosen.has(value) });
    return make("label", "", box, " ", own(label));
  });
  if (fitting.length > MOST_CHOICES) boxes.push(make("p", "note", `${number(fitting.length - MOST_CHOICES)} more: type a part of the name.`));
  list.replaceChildren(...boxes);
};

const makeFilter = (name) => {
  const choices = choicesOf(name);
  const list = make("div", "choices");
  list.id = `choices-${name}`;
  grouped(list, NAMES[name]);
  const sought = make("input", "narrow");
  Object.assign(sought, { type: "search", placeholder: "Part of the name" });
  sought.setAttribute("aria-label", `Narrow the list of ${NAMES[name].toLowerCase()}`);
  sought.addEventListener("input", () => showChoices(name, choices, sought.value));
  const element = make("details", "filter", make("summary", ""), make("div", "panel", choices.length > 25 ? sought : null, list));
  element.id = `filter-${name}`;
  list.addEventListener("change", (event) => {
    const value = event.target.value;
    go({ [name]: event.target.checked ? [...state[name], value] : state[name].filter((one) => one !== value) });
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary").focus();
  });
  element.refresh = () => {
    const many = state[name].length;
    element.querySelector("summary").textContent = many ? `${NAMES[name]}: ${number(many)}` : NAMES[name];
    element.classList.toggle("on", many > 0);
    showChoices(name, choices, sought.value);
  };
  return element;
};

const makeYears = () => {
  const known = [...new Set(years)].filter(Boolean).sort((a, b) => a - b);
  return YEARS.map((name) => {
    const choice = make("select", "");
    choice.id = `filter-${name}`;
    choice.append(new Option(name === "from" ? "from any year" : "to any year", ""), ...known.map((year) => new Option(`${name} ${year}`, year)));
    choice.setAttribute("aria-label", name === "from" ? "From year" : "To year");
    choice.addEventListener("change", () => go({ [name]: choice.value ? Number(choice.value) : null }));
    choice.refresh = () => { choice.value = state[name] && known.includes(state[name]) ? String(state[name]) : ""; };
    return choice;
  });
};

const showChips = (selection) => {
  const chip = (text, changes) => {
    const link = linkTo(changes, "chip", text, make("span", "cross", " ×"));
    link.setAttribute("aria-label", `Take away the filter: ${text}`);
    return link;
  };
  const chips = LISTS.flatMap((name) => state[name].map((value) => chip(labelOf(name, value), { [name]: state[name].filter((one) => one !== value) })));
  for (const name of YEARS) if (state[name]) chips.push(chip(`${name} ${state[name]}`, { [name]: null }));
  if (chips.length) chips.push(linkTo({ theme: [], publisher: [], sector: [], framing: [], from: null, to: null }, "clear", "Clear all"));
  byId("chips").replaceChildren(...chips.flatMap((one) => [one, " "]));
  byId("chosen").textContent = isFiltered()
    ? `${counted(selection.count, "article")} of ${number(COUNT)} · ${counted(selection.mentions.length, "coded passage")} · ${counted(selection.figures.length, "figure")}`
    : `All ${counted(COUNT, "article")} · ${counted(mentions.length, "coded passage")} · ${counted(figures.length, "figure")}`;
};

let shownFor = null;
let finished = Promise.resolve();
let controls = [];

const filtersKey = () => JSON.stringify([...LISTS, ...YEARS].map((name) => state[name]).concat(state.sort));
let selection = null;

const failed = (error) => {
  byId("trouble").hidden = false;
  byId("trouble").textContent = `${error.message} The page may have been made anew since it was opened: load it again. If it was copied, its folder has to be copied with it.`;
};

const quoting = async (counts, turn) => {
  for (const step of [() => showFigures(selection), () => showCompared(selection), () => showPassages(selection, counts), () => showSaid(selection), () => showNew(selection)]) {
    await new Promise((resolve) => { setTimeout(resolve); });  // what is there can be seen and used meanwhile
    if (turn !== shownFor) return;
    await step();
  }
};

const showFindings = () => {
  if (shownFor === filtersKey()) return;
  const turn = (shownFor = filtersKey());
  selection = select(state);
  const counts = tally(selection);
  showTime(selection, counts);
  showPublishers(selection, counts);
  showFraming(counts);
  byId("findings").setAttribute("aria-busy", "true");
  finished = quoting(counts, turn).catch(failed).then(() => {
    if (turn === shownFor) byId("findings").setAttribute("aria-busy", "false");
  });
};

const goTo = async () => {
  const section = state.at && byId(state.at);
  if (!section) return;
  const heading = section.querySelector("h2") ?? section;
  heading.tabIndex = -1;
  section.scrollIntoView({ behavior: "instant" });
  heading.focus({ preventScroll: true });
  await finished;
  if (byId(state.at) === section && document.activeElement === heading) section.scrollIntoView({ behavior: "instant" });
};

const show = () => {
  for (const control of controls) control.refresh();
  const reading = Boolean(state.article);
  byId("findings").hidden = reading;
  byId("article").hidden = !reading;
  showFindings();
  showChips(selection);
  for (const link of document.querySelectorAll(".contents a")) link.href = addressOf({ at: link.dataset.at });
  byId("query").value = state.q;
  const kind = document.querySelector(`input[name=kind][value="${CSS.escape(state.kind)}"]`) ?? document.querySelector("input[name=kind]");
  kind.checked = true;
  byId("sort").value = state.sort === "newest" ? "newest" : "";
  if (reading) showArticle(state.article, state.p).catch(failed);
  else goTo();
};

const nextSearch = () => `${filtersKey()}|${state.q}|${state.kind}`;
let lastSearch = null;
const renew = () => {
  show();
  if (nextSearch() === lastSearch) return;
  lastSearch = nextSearch();
  search(selection).catch(failed);
};

/** The table of the sources stands in the page; its CSV is made from it. */
const sourcesCsv = () => {
  const cells = (row) => [...row.cells].map((cell) => collapsed(cell.textContent).trim());
  const [head] = document.querySelectorAll("#sources thead tr");
  if (!head) return;
  fill("sources-csv", csvButton("sources", "health of the sources", cells(head), () => [...document.querySelectorAll("#sources tbody tr")].map(cells)));
};

const start = () => {
  sourcesCsv();
  controls = [...LISTS.filter((name) => name !== "sector" || SECTORS.length > 1).map(makeFilter), ...makeYears()];
  byId("filters").prepend(...controls);
  byId("tool").hidden = false;
  document.addEventListener("click", (event) => {
    for (const one of document.querySelectorAll("details.filter[open]")) if (!one.contains(event.target)) one.open = false;
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash && isAddress(location.hash)) goTo();
  });
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
  window.addEventListener("hashchange", () => {
    if (!isAddress(location.hash)) return;
    state = parsed(location.hash);
    renew();
  });
  const [form, query] = [byId("search-form"), byId("query")];
  const seek = () => history.replaceState(null, "", addressOf({ q: query.value.trim(), kind: form.elements.kind.value }));
  const now = () => { seek(); state = parsed(location.hash); renew(); };
  let pending = 0;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(pending); now(); });
  form.addEventListener("change", (event) => { if (event.target.name === "kind") now(); });
  query.addEventListener("input", () => { clearTimeout(pending); pending = setTimeout(now, 250); });
  query.addEventListener("keydown", (event) => { if (event.key === "Escape") { query.value = ""; clearTimeout(pending); now(); } });
  byId("sort").addEventListener("change", (event) => go({ sort: event.target.value, at: "passages" }));
  renew();
};

start();
