// What creators are paid: a searchable page of them with their days, and one creator's days by content type.

import { make, say, settled } from "./elements.js";
import { sparkline } from "./sparkline.js";
import { amount, count, monthName } from "./units.js";

const firstSize = 15;
const pageSize = 50;
const mostAtOnce = 200;
const searchPause = 250;

export class Payouts {
  element;
  #desk;
  #period = "";
  #after = null;
  /// As many as are shown already, where the same are asked for again.
  #first = firstSize;
  #asOf = -1;
  #open = new Map();
  #ticket = 0;
  #span = null;
  #search = make("input", {
    id: "creator-search", type: "search", placeholder: "Find a creator", maxlength: 200,
    "aria-label": "Find a creator by a part of the id", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
  });
  #months = make("select", { id: "creator-month", "aria-label": "Month" });
  #sort = make("select", { id: "creator-sort", "aria-label": "Order" },
    make("option", { value: "amount" }, "Most first"), make("option", { value: "id" }, "By id"));
  #count = make("p", { id: "creator-count", class: "quiet", role: "status" });
  #none = make("p", { id: "creators-none", class: "quiet", hidden: true });
  #problem = make("p", { id: "creators-problem", class: "problem", role: "alert", hidden: true });
  #body = make("tbody");
  #table;
  #more = make("button", { type: "button", id: "creators-more", hidden: true }, "More");

  constructor(desk) {
    this.#desk = desk;
    const head = make("tr", {}, make("th", { scope: "col" }, "Creator"), make("th", { scope: "col" }, "Uses by day"),
      make("th", { scope: "col" }, "Uses"), make("th", { scope: "col" }, "Amount"));
    this.#table = make("div", { class: "scroll" },
      make("table", { id: "creators" }, make("thead", {}, head), this.#body));
    this.element = make("section", { class: "card payouts", "aria-labelledby": "payouts-title" },
      make("div", { class: "line" }, make("h3", { id: "payouts-title" }, "Payouts"), this.#count),
      make("div", { class: "find" }, this.#search, this.#months, this.#sort), this.#problem, this.#none, this.#table,
      this.#more);
    this.#search.addEventListener("input", settled(() => this.#begin(), searchPause));
    this.#sort.addEventListener("change", () => this.#begin());
    this.#months.addEventListener("change", () => {
      this.#period = this.#months.value;
      this.#begin();
    });
    this.#more.addEventListener("click", () => this.#load(this.#after));
  }

  /// Loads again if exports were applied since; at first in any case.
  async refresh(applied) {
    if (applied === this.#asOf) return;
    this.#asOf = applied;
    const shown = this.#body.querySelectorAll("tr[data-creator]").length;
    this.#first = Math.min(mostAtOnce, Math.max(firstSize, shown));
    await this.#load(null);
  }

  #begin() {
    this.#first = firstSize;
    return this.#load(null);
  }

  async #load(after) {
    const ticket = ++this.#ticket;
    this.#more.disabled = true;
    try {
      const page = await this.#desk.creators({
        period: this.#period, search: this.#search.value.trim(), sort: this.#sort.value, after,
        limit: after === null ? this.#first : pageSize,
      });
      // A later question has been asked meanwhile.
      if (ticket !== this.#ticket) return;
      this.#show(page, after === null);
      say(this.#problem, "");
    } catch (problem) {
      if (ticket === this.#ticket) say(this.#problem, problem.message);
    }
    this.#more.disabled = false;
  }

  #show({ period, from, to, periods, count: all, creators, next }, isFirst) {
    this.#span = from ? { from, to } : null;
    this.#offer(periods, period);
    const known = this.#body.querySelectorAll("tr[data-creator]").length;
    const wasOpen = new Set(this.#open.keys());
    if (isFirst) {
      this.#open.clear();
      this.#body.replaceChildren();
    }
    for (const creator of creators) {
      const row = this.#row(creator);
      this.#body.append(row);
      // What was open stays open, with what is new.
      if (isFirst && wasOpen.has(creator.creator)) this.#toggle(creator.creator, row);
    }
    this.#after = next;
    this.#more.hidden = next === null;
    const shown = (isFirst ? 0 : known) + creators.length;
    this.#table.hidden = shown === 0;
    const isSearch = this.#search.value.trim() !== "";
    this.#count.textContent = all === null ? "" : shown === 0 && !isSearch ? ""
      : isSearch ? `${count(shown)}${next ? " or more" : ""} of ${count(all)}`
        : all === 1 ? "1 creator" : `${count(all)} creators`;
    say(this.#none, shown > 0 ? "" : periods.length === 0
      ? "Nothing is paid yet. Payouts appear some seconds after the first run that counts uses."
      : isSearch ? "No creator’s id has this in it." : "Nothing is paid in this month.");
  }

  #offer(periods, period) {
    const wanted = period && !periods.includes(period) ? [period, ...periods] : periods;
    const offered = [...this.#months.options].map(({ value }) => value);
    if (wanted.length !== offered.length || wanted.some((month, place) => month !== offered[place])) {
      this.#months.replaceChildren(...wanted.map((month) => make("option", { value: month }, monthName(month))));
    }
    this.#months.hidden = wanted.length === 0;
    if (period) this.#months.value = period;
  }

  #row({ creator, uses, amount: paid, status, days: each }) {
    const name = make("button", {
      type: "button", class: "plain", "aria-expanded": "false", title: `${creator}: by day and content type`,
    }, creator);
    const values = new Map(each.map(({ day, uses }) => [day, uses]));
    const closed = status && status !== "open" ? make("span", { class: "tag" }, status) : "";
    const row = make("tr", { "data-creator": creator },
      make("th", { scope: "row" }, name, closed),
      make("td", { class: "days" }, this.#span ? sparkline(values, this.#span.from, this.#span.to) : ""),
      make("td", {}, count(uses)), make("td", { class: "amount" }, amount(paid)));
    name.addEventListener("click", () => this.#toggle(creator, row));
    return row;
  }

  async #toggle(creator, row) {
    const name = row.querySelector("button");
    const open = this.#open.get(creator);
    if (open) {
      open.remove();
      this.#open.delete(creator);
      name.setAttribute("aria-expanded", "false");
      return;
    }
    const cell = make("td", { colspan: 4 }, make("p", { class: "quiet" }, "Loading…"));
    const detail = make("tr", { class: "behind" }, cell);
    this.#open.set(creator, detail);
    row.after(detail);
    name.setAttribute("aria-expanded", "true");
    try {
      const { from, to } = this.#span;
      const found = await this.#desk.creator(creator, from, to);
      cell.replaceChildren(byType(found.days), dayTable(creator, found.days));
    } catch (problem) {
      cell.replaceChildren(make("p", { class: "problem", role: "alert" }, problem.message));
    }
  }
}

/// The sums of each content type, the largest first.
function byType(rows) {
  const sums = new Map();
  for (const { contentType, uses } of rows) sums.set(contentType, (sums.get(contentType) ?? 0) + uses);
  const all = [...sums.values()].reduce((sum, uses) => sum + uses, 0);
  const list = [...sums].sort(([, one], [, other]) => other - one).slice(0, 12);
  return make("ul", { class: "types" }, ...list.map(([type, uses]) => {
    const bar = make("i");
    bar.style.width = `${100 * uses / Math.max(1, all)}%`;
    return make("li", {}, make("span", {}, type), make("span", {}, count(uses)), bar);
  }));
}

function dayTable(creator, rows) {
  if (rows.length === 0) return make("p", { class: "quiet" }, "No uses in this month; what is paid are corrections.");
  const head = ["Day", "Content type", "Uses", "Amount"].map((text) => make("th", { scope: "col" }, text));
  let before = "";
  const body = [...rows].reverse().map(({ day, contentType, uses, amount: paid }) => {
    const isNew = day !== before;
    before = day;
    return make("tr", { class: isNew ? "day" : "" }, make("th", { scope: "row" }, isNew ? day : make("span",
      { class: "visually-hidden" }, day)), make("td", {}, contentType), make("td", {}, count(uses)),
    make("td", {}, amount(paid)));
  });
  return make("div", { class: "scroll each", tabindex: 0, role: "region", "aria-label": `Days of ${creator}` },
    make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}
