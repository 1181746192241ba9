// Words: how texts of articles, numbers, days and periods are shown. Nothing here touches the document.

const UNPRINTABLE = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const MONTHS = "January February March April May June July August September October November December".split(" ");

/** The text with what no browser shows replaced and white space collapsed. */
const collapsed = (text) => (text ?? "").replace(UNPRINTABLE, "\ufffd").replace(/\s+/g, " ");

/** The same, trimmed and of at most `limit` characters. */
const plain = (text, limit = 300) => {
  const shown = collapsed(text).trim();
  return shown.length <= limit ? shown : `${shown.slice(0, limit - 1).trimEnd()}…`;
};

/** The code points from `start` to `end`: offsets are counted as the warehouse counts them. */
const cut = (text, start, end) =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);

/** A sentence in three parts with the code points from `start` to `end` in the middle, shortened to about `limit`. */
const excerpt = (sentence, start, end, limit = 420) => {
  const mark = plain(cut(sentence, start, end), limit / 2);
  let before = collapsed(cut(sentence, 0, start)).trimStart();
  let after = collapsed(cut(sentence, end, undefined)).trimEnd();
  const room = limit - mark.length;
  if (before.length + after.length > room) {
    const share = Math.max(room - after.length, Math.floor(room / 2));
    if (before.length > share) before = `…${before.slice(before.length - share).replace(/^\S*\s/, "")}`;
    const rest = Math.max(room - before.length, Math.floor(room / 2));
    if (after.length > rest) after = `${after.slice(0, rest).replace(/\s\S*$/, "")}…`;
  }
  return [before, mark, after];
};

/** The address if it is one of the web that a page may link to, else null. */
const webAddress = (url) => {
  try {
    const parts = new URL(url);
    return /^https?:$/.test(parts.protocol) && parts.hostname ? url : null;
  } catch {
    return null;
  }
};

/** A number with thousands separated. The browser's own way takes a tenth of a millisecond each, and there are thousands. */
const number = (value) => (Number.isSafeInteger(value)
  ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ",")
  : value.toLocaleString("en-GB"));
const counted = (many, one, more = `${one}s`) => `${number(many)} ${many === 1 ? one : more}`;
const percent = (share) => (share > 0 && share < 0.01 ? "<1%" : `${Math.round(share * 100)}%`);

/** A theme's name within a sentence: its first letter small, unless it begins with an abbreviation. */
const within = (label) => (/^.[a-z]/.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

const dateOf = (days) => new Date(days * 86400000);
const wordedDay = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;

/** A day of publication, no more exact than it is known: 1 year, 2 month, 3 day. */
const published = (days, exactness) => {
  if (days === null) return "undated";
  const date = dateOf(days);
  if (exactness === 1) return String(date.getUTCFullYear());
  return exactness === 2 ? `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}` : wordedDay(date);
};

/** A period from its first to its last day (ISO): 2019, 2014–15 (a financial year), March 2020, since 3 March 2020. */
const period = (first, last) => {
  const [start, end] = [first, last].map((text) => text && new Date(`${text}T00:00:00Z`));
  if (!start || !end) return start ? `since ${wordedDay(start)}` : end ? `until ${wordedDay(end)}` : "";
  const after = new Date(end.getTime() + 86400000);
  const [begun, over] = [start, after].map((date) => [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]);
  if (begun[1] === over[1] && begun[2] === over[2] && over[0] > begun[0]) {
    const years = over[0] - begun[0];
    if (begun[1] === 0 && begun[2] === 1) return years === 1 ? `${begun[0]}` : `${begun[0]}–${over[0] - 1}`;
    if (years === 1 && begun[1] === 3 && begun[2] === 1) return `${begun[0]}–${String(over[0] % 100).padStart(2, "0")}`;
  }
  if (first === last) return wordedDay(start);
  if (begun[2] === 1 && over[2] === 1) {
    const [from, to] = [start, end].map((date) => `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
    return from === to ? from : `${from} to ${to}`;
  }
  return `${wordedDay(start)} to ${wordedDay(end)}`;
};

/** A number in three figures with its scale, such as 6.91bn, 12,300, 6.3. */
const shortNumber = (value) => {
  if (value < 0) return `−${shortNumber(-value)}`;
  for (const [scale, letter] of [[1e12, "tn"], [1e9, "bn"], [1e6, "m"]]) {
    if (value >= scale) {
      const scaled = value / scale;
      return (scaled < 999.5 ? String(Number(scaled.toPrecision(3))) : number(Math.round(scaled))) + letter;
    }
  }
  return value >= 1000 ? number(Math.round(value)) : String(Number(value.toPrecision(4)));
};

const QUALIFIERS = { about: "about ", at_least: "at least ", at_most: "at most " };

/** A value with its unit and qualifier; `worded` is [sign before, one, many, per] of the unit. */
const quantity = (value, worded, qualifier) => {
  const [sign, one, many, per] = worded ?? ["", "", "", ""];
  const size = shortNumber(Math.abs(value));
  const noun = value === 1 ? one : many;
  const shown = `${value < 0 ? "−" : ""}${sign}${size}${noun && noun !== "%" ? " " : ""}${noun}`;
  return (QUALIFIERS[qualifier] ?? "") + shown + per;
};
