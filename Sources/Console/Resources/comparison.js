// The same rendition in several formats, in one table.

import { byId, make } from "./elements.js";
import { path } from "./options.js";
import { serverTotal } from "./service.js";
import { bytes, formatName, milliseconds } from "./units.js";

const candidates = ["jpeg", "webp", "avif", "jxl"];

export class Comparison {
  #service;
  #onUse;
  #button = byId("compare");
  #note = byId("compare-note");
  #body = byId("comparison").tBodies[0];
  #subject = null;
  #running = null;

  /// `onUse(format)` is called when a person picks a row.
  constructor(service, onUse) {
    this.#service = service;
    this.#onUse = onUse;
    this.#button.addEventListener("click", () => this.#compare());
    this.#rows(() => ["–", "", "–", "–"]);
  }

  /// What the next comparison is about; rows of the last one no longer hold.
  about(model, original, extra) {
    this.#subject = { model, original, extra };
    this.#button.disabled = false;
    this.#running?.abort();
    if (this.#body.dataset.filled) {
      this.#body.parentElement.classList.add("stale");
      this.#note.textContent = "The options have changed since; compare again.";
    }
  }

  async #compare() {
    this.#running?.abort();
    const { signal } = this.#running = new AbortController();
    const { model, original, extra } = this.#subject;
    const cells = this.#rows(() => ["…", "", "…", "…"]);
    this.#body.parentElement.classList.remove("stale");
    this.#body.dataset.filled = "yes";
    const isFixed = model.q || model.aq;
    this.#note.textContent = isFixed
      ? "At the quality that the options ask for."
      : "At each format’s own default quality.";
    this.#button.setAttribute("aria-busy", "true");
    const sizes = new Map();
    try {
      for (const format of this.#formats) {
        const found = await this.#measure({ ...model, format }, original, extra, signal);
        this.#fill(cells.get(format), found);
        if (found.size) sizes.set(format, found.size);
        this.#weigh(cells, sizes);
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      if (this.#running.signal === signal) {
        this.#button.removeAttribute("aria-busy");
        this.#settle();
      }
    }
  }

  get #formats() {
    const offered = this.#service.state.formats;
    return offered?.length ? candidates.filter((format) => offered.includes(format)) : candidates;
  }

  async #measure(model, original, extra, signal) {
    try {
      const [url] = await this.#service.urls([path(model, original.id, extra)], "img", signal);
      const { blob, elapsed, steps } = await this.#service.rendition(url, { signal, cache: "reload" });
      return { size: blob.size, elapsed, server: serverTotal(steps) };
    } catch (error) {
      if (error.name === "AbortError") throw error;
      return { problem: error.message };
    }
  }

  #fill(row, { size, elapsed, server, problem }) {
    const [weight, , time, own] = row;
    weight.textContent = problem ?? bytes(size);
    weight.title = problem ?? `${size} bytes`;
    time.textContent = problem ? "–" : milliseconds(elapsed);
    own.textContent = problem || server === null ? "–" : milliseconds(server);
  }

  #weigh(cells, sizes) {
    const heaviest = Math.max(...sizes.values());
    const lightest = Math.min(...sizes.values());
    for (const [format, size] of sizes) {
      const [weight, bar] = cells.get(format);
      weight.parentElement.classList.toggle("best", size === lightest && sizes.size > 1);
      bar.firstElementChild.style.width = `${100 * size / heaviest}%`;
    }
  }

  /// Rows that an interrupted comparison did not reach say so.
  #settle() {
    for (const cell of this.#body.querySelectorAll("td")) if (cell.textContent === "…") cell.textContent = "–";
  }

  #rows(texts) {
    const rows = new Map();
    this.#body.replaceChildren();
    for (const format of this.#formats) {
      const name = formatName(format);
      const use = make("button", { type: "button", class: "plain", title: `Use ${name}` }, name);
      use.addEventListener("click", () => this.#onUse(format));
      const [weight, , time, own] = texts().map((text) => make("td", {}, text));
      const bar = make("td", { class: "bar" }, make("span"));
      rows.set(format, [weight, bar, time, own]);
      this.#body.append(make("tr", {}, make("th", { scope: "row" }, use), weight, bar, time, own));
    }
    return rows;
  }
}
