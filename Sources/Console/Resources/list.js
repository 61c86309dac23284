// A list of thousands of rows of which only the visible ones exist; the arrow keys move in it.

import { make } from "./elements.js";

const spare = 6;

export class LongList {
  element;
  #rowHeight;
  #draw;
  #choose;
  #items = [];
  #sheet = make("div", { role: "presentation" });
  #rows = new Map();
  #chosen = -1;
  #frame = 0;

  /// `draw(item)` gives a row's children, `onChoose(item)` is told of clicks and keys; `rowHeight` is in pixels.
  constructor({ id, label, rowHeight, draw, onChoose }) {
    this.#rowHeight = rowHeight;
    this.#draw = draw;
    this.#choose = onChoose;
    const role = { role: "listbox", tabindex: 0, "aria-label": label };
    this.element = make("div", { id, class: "long-list", ...role }, this.#sheet);
    this.element.addEventListener("scroll", () => this.#soon(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => {
      const row = event.target.closest("[data-index]");
      if (row) this.#pick(Number(row.dataset.index));
    });
    new ResizeObserver(() => this.#soon()).observe(this.element);
  }

  /// Shows other items; the chosen one stays chosen if it is among them.
  show(items, { keepsPlace = false } = {}) {
    const chosen = this.#items[this.#chosen];
    this.#items = items;
    this.#chosen = chosen ? items.findIndex((item) => item.name === chosen.name) : -1;
    this.#sheet.style.height = `${items.length * this.#rowHeight}px`;
    if (!keepsPlace) this.element.scrollTop = 0;
    this.redraw();
  }

  /// Draws the visible rows anew: what they say has changed.
  redraw() {
    this.#rows.clear();
    this.#sheet.replaceChildren();
    this.#paint();
  }

  /// Chooses the item of this name and scrolls to it; false if it is not in the list.
  choose(name) {
    const index = this.#items.findIndex((item) => item.name === name);
    if (index >= 0) this.#pick(index);
    return index >= 0;
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const height = this.element.clientHeight;
    const first = Math.max(0, Math.floor(this.element.scrollTop / this.#rowHeight) - spare);
    const last = Math.min(this.#items.length, Math.ceil((this.element.scrollTop + height) / this.#rowHeight) + spare);
    for (const [index, row] of this.#rows) {
      if (index >= first && index < last) continue;
      row.remove();
      this.#rows.delete(index);
    }
    const fresh = [];
    for (let index = first; index < last; index++) if (!this.#rows.has(index)) fresh.push(this.#row(index));
    this.#sheet.append(...fresh);
  }

  #row(index) {
    const row = make("div", {
      id: `${this.element.id}-${index}`, class: "long-row", role: "option", "data-index": index,
      "aria-selected": `${index === this.#chosen}`, "aria-posinset": index + 1, "aria-setsize": this.#items.length,
    }, ...this.#draw(this.#items[index]));
    row.style.transform = `translateY(${index * this.#rowHeight}px)`;
    row.style.height = `${this.#rowHeight}px`;
    this.#rows.set(index, row);
    return row;
  }

  #pick(index) {
    this.#rows.get(this.#chosen)?.setAttribute("aria-selected", "false");
    this.#chosen = index;
    const top = index * this.#rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    if (top + this.#rowHeight > scrollTop + clientHeight) {
      this.element.scrollTop = top + this.#rowHeight - clientHeight;
    }
    this.#paint();
    this.#rows.get(index)?.setAttribute("aria-selected", "true");
    this.element.setAttribute("aria-activedescendant", `${this.element.id}-${index}`);
    this.#choose(this.#items[index]);
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (move === undefined || this.#items.length === 0) return;
    event.preventDefault();
    this.#pick(Math.min(this.#items.length - 1, Math.max(0, this.#chosen + move)));
  }
}
