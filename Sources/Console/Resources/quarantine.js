// Identities whose copies disagree: they are not counted until somebody looked, and this is where to look.

import { make, say, settled } from "./elements.js";
import { count } from "./units.js";

const pageSize = 12;
const searchPause = 150;
const reasons = { content: "contents differ", day: "days differ" };
/// Fields in words.
const fields = {
  type: "event type", occurred_us: "occurred", content_id: "content", content_type: "content type",
  creator_id: "creator", user_id: "user", brand_id: "brand", template_id: "template", extra: "further attributes",
};

export class Quarantine {
  element;
  #desk;
  #rows = [];
  #total = 0;
  #shown = pageSize;
  #search = make("input", {
    id: "quarantine-search", type: "search", placeholder: "Find an id, a source or a value", hidden: true,
    "aria-label": "Find in the quarantine", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
  });
  #count = make("p", { id: "quarantine-count", class: "quiet", role: "status" });
  #none = make("p", { id: "quarantine-none", class: "quiet" }, "No copies disagree: nothing is held back.");
  #note = make("p", { class: "setting-note", hidden: true },
    "A sender used one id for different events. None of their copies is counted. Correct the sender; the events stay "
    + "here as evidence.");
  #problem = make("p", { class: "problem", role: "alert", hidden: true });
  #list = make("ul", { id: "quarantine", class: "held" });
  #more = make("button", { type: "button", id: "quarantine-more", hidden: true }, "More");

  constructor(desk) {
    this.#desk = desk;
    this.element = make("section", { class: "card", "aria-labelledby": "quarantine-title" },
      make("div", { class: "line" }, make("h3", { id: "quarantine-title" }, "Quarantine"), this.#count),
      this.#problem, this.#none, this.#note, this.#search, this.#list, this.#more);
    this.#search.addEventListener("input", settled(() => this.#paint(true), searchPause));
    this.#more.addEventListener("click", () => {
      this.#shown += pageSize * 4;
      this.#paint(false);
    });
  }

  async load() {
    try {
      const { total, rows } = await this.#desk.quarantine();
      this.#rows = rows.map((row) => ({ ...row, text: JSON.stringify(row).toLowerCase() }));
      this.#total = total;
      this.#none.hidden = total > 0;
      this.#note.hidden = total === 0;
      this.#search.hidden = total === 0;
      this.#paint(true);
      say(this.#problem, "");
    } catch (problem) {
      say(this.#problem, problem.message);
    }
  }

  #paint(isNew) {
    if (isNew) this.#shown = pageSize;
    const words = this.#search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.#rows.filter(({ text }) => words.every((word) => text.includes(word)));
    this.#list.replaceChildren(...found.slice(0, this.#shown).map(item));
    this.#more.hidden = found.length <= this.#shown;
    const all = this.#total === 1 ? "1 identity" : `${count(this.#total)} identities`;
    const newest = this.#total > this.#rows.length ? `, the newest ${count(this.#rows.length)} here` : "";
    this.#count.textContent = this.#total === 0 ? ""
      : words.length > 0 ? `${count(found.length)} of ${all}` : all + newest;
  }
}

function item(row) {
  const { source, id, reason, copies, different, differs, lastReceived } = row;
  const what = differs.map((name) => fields[name] ?? name).join(", ") || "what is not kept in columns";
  return make("li", {}, make("details", { "data-id": id },
    make("summary", {},
      make("span", { class: "who" }, make("code", {}, id), " ", make("small", { class: "quiet" }, source)),
      make("span", { class: "tag alarm" }, reasons[reason] ?? reason)),
    make("p", { class: "quiet" }, `${count(copies)} copies with ${count(different)} contents; they differ in ${what}. `
      + `The last one came on ${utc(lastReceived)}.`),
    comparison(row)));
}

/// What differs, side by side.
function comparison({ contents, differs, different }) {
  const names = differs.length > 0 ? differs : Object.keys(contents[0]?.values ?? {});
  const head = contents.map(({ received, copies }, place) => make("th", { scope: "col" },
    place === 0 ? "First received" : "Then", copies > 1 ? ` (${count(copies)} copies)` : "", make("br"),
    make("small", { class: "quiet" }, utc(received))));
  const body = names.map((name) => make("tr", {}, make("th", { scope: "row" }, fields[name] ?? name),
    ...contents.map(({ values }) => make("td", {}, shown(name, values[name])))));
  const place = contents.map(({ node, segment, line }) =>
    make("td", { class: "quiet" }, `${node}, ${segment}, ${line}`));
  return make("div", { class: "scroll" }, make("table", { class: "sides" },
    make("thead", {}, make("tr", {}, make("td"), ...head)),
    make("tbody", {}, ...body, make("tr", {}, make("th", { scope: "row" }, "node, segment, line"), ...place))),
  different > contents.length ? make("p", { class: "quiet" }, `and ${count(different - contents.length)} more`) : "");
}

function shown(name, value) {
  if (value === undefined || value === "") return make("span", { class: "quiet" }, "absent");
  if (name !== "occurred_us") return make("code", {}, `${value}`);
  return make("code", {}, utc(value));
}

/// A moment in microseconds since 1970, by the clock that days are counted by.
function utc(microseconds) {
  return new Date(microseconds / 1000).toISOString().replace("T", " ").replace(/(\.000)?Z$/, " UTC");
}
