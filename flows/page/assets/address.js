// The address: all that a reader has chosen stands behind the # of the page's address, so that a view can be sent on.

const LISTS = ["theme", "publisher", "sector", "framing"];
const YEARS = ["from", "to"];
const WORDS = ["q", "kind", "sort", "article", "p", "at"];

/** What an address chooses; unknown names are left aside. */
const parsed = (hash) => {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = {};
  for (const name of LISTS) state[name] = [...new Set(given.getAll(name))];
  for (const name of YEARS) state[name] = /^\d{4}$/.test(given.get(name) ?? "") ? Number(given.get(name)) : null;
  for (const name of WORDS) state[name] = given.get(name) ?? "";
  return state;
};

const formatted = (state) => {
  const given = new URLSearchParams();
  for (const name of LISTS) for (const value of state[name]) given.append(name, value);
  for (const name of [...YEARS, ...WORDS]) if (state[name]) given.set(name, state[name]);
  return `#${given}`;
};

/** Whether a hash is an address of ours, and not merely a place in the page such as #main. */
const isAddress = (hash) => hash === "" || hash === "#" || hash.includes("=");

let state = parsed(isAddress(location.hash) ? location.hash : "");

/** The address that keeps what is chosen but for `changes`; an article or a place is not kept unless it is named. */
const addressOf = (changes) => formatted({ ...state, article: "", p: "", at: "", ...changes });

const isFiltered = () => LISTS.some((name) => state[name].length) || YEARS.some((name) => state[name]);
