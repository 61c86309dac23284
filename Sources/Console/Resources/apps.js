// The apps whose settings this node serves, and the keys of one.

import { make } from "./elements.js";
import { ago, count, milliseconds, moment } from "./units.js";

export class AppTable {
  element;
  #body = make("tbody");
  #rows = new Map();
  #chosen = null;
  #scroller;
  #choose;

  /// `onChoose(name)` is told which app to look at.
  constructor(onChoose) {
    this.#choose = onChoose;
    const head = ["App", "In force", "Served here", "Record", "Published", "Live", "Settings"];
    const cells = head.map((text) => make("th", { scope: "col" }, text));
    this.#scroller = make("div", { class: "scroll apps" },
      make("table", { id: "apps" }, make("thead", {}, make("tr", {}, ...cells)), this.#body));
    this.element = make("section", { class: "card", "aria-labelledby": "apps-title" },
      make("h3", { id: "apps-title" }, "Apps"), this.#scroller);
  }

  /// `apps` are rows of `appRows`. Rows stay what they are, so that nobody's focus or click gets lost.
  show(apps, chosen) {
    for (const app of apps) {
      if (!this.#rows.has(app.name)) this.#rows.set(app.name, this.#row(app.name));
      this.#fill(this.#rows.get(app.name), app, app.name === chosen);
    }
    const rows = apps.map(({ name }) => this.#rows.get(name).row);
    if (rows.length !== this.#body.rows.length || rows.some((row, index) => row !== this.#body.rows[index])) {
      this.#body.replaceChildren(...rows);
    }
    if (chosen === this.#chosen) return;
    this.#chosen = chosen;
    this.#reveal(this.#rows.get(chosen)?.row);
  }

  /// Scrolls the table, not the page, to a row.
  #reveal(row) {
    if (!row) return;
    const [shown, box] = [row.getBoundingClientRect(), this.#scroller.getBoundingClientRect()];
    if (shown.top >= box.top + shown.height && shown.bottom <= box.bottom) return;
    this.#scroller.scrollTop += shown.top - box.top - box.height / 2;
  }

  #row(name) {
    const button = make("button", { type: "button", class: "plain", title: name }, name);
    button.addEventListener("click", () => this.#choose(name));
    const cells = Array.from({ length: 6 }, () => make("td"));
    return { row: make("tr", { "data-app": name }, make("th", { scope: "row" }, button), ...cells), button, cells };
  }

  #fill({ row, button, cells }, app, isChosen) {
    row.classList.toggle("chosen", isChosen);
    button.setAttribute("aria-pressed", `${isChosen}`);
    const { published, loaded } = app;
    const { text, detail, isWell } = standing(app);
    const [wanted, served, record, when, delay, settings] = cells;
    wanted.textContent = app.wanted ? `${app.wanted}` : "–";
    served.className = "standing";
    served.title = detail;
    served.replaceChildren(make("span", { class: isWell ? "dot" : "dot down" }), text);
    record.replaceChildren(app.record ? make("code", { title: app.record }, app.record.slice(0, 12)) : "–");
    when.replaceChildren(published === undefined ? "–" : timeOf(published));
    delay.replaceChildren(published === undefined || loaded === undefined ? "–" : loadedText(app));
    settings.textContent = app.settings === undefined ? "–" : count(app.settings);
  }
}

/// What the node serves and what was published, as one row per app. `published` is `null` away from the origin.
export function appRows(node, published) {
  const rows = new Map();
  for (const { app, latest, fault } of published ?? []) {
    rows.set(app, { name: app, wanted: latest?.number, record: latest?.manifest, published: latest?.published, fault });
  }
  for (const app of node.apps) {
    const row = rows.get(app.app) ?? { name: app.app };
    rows.set(app.app, Object.assign(row, {
      wanted: Math.max(row.wanted ?? 0, app.wantedNumber), served: app.number, failure: app.failure,
      record: app.record ?? row.record, published: app.published ?? row.published, loaded: app.loaded,
      fromDisk: app.fromDisk, settings: app.settings,
    }));
  }
  return [...rows.values()].sort((one, other) => one.name < other.name ? -1 : 1);
}

function standing({ served, wanted, failure, fault, fromDisk }) {
  const from = fromDisk ? " from disk" : "";
  const detail = failure ?? fault ?? "";
  if (fault && served === undefined) return { text: "damaged", detail, isWell: false };
  if (served === undefined) return { text: failure ? "fails" : "loading", detail, isWell: false };
  if (failure) return { text: `${served}${from}, ${wanted} failed`, detail, isWell: false };
  if (served < wanted) return { text: `${served}${from}, loading ${wanted}`, detail, isWell: true };
  return { text: `${served}${from}`, detail, isWell: true };
}

function loadedText({ published, loaded, fromDisk }) {
  const after = loaded - published;
  const isSoon = !fromDisk && after >= 0 && after < 600_000;
  return make("time", { datetime: new Date(loaded).toISOString(), title: moment(loaded) },
    isSoon ? `${milliseconds(after)} later` : ago(loaded));
}

/// How long ago a moment was; the moment itself is the tooltip.
export function timeOf(time) {
  return make("time", { datetime: new Date(time).toISOString(), title: moment(time) }, ago(time));
}

export class KeyList {
  element;
  #list = make("ul", { id: "keys", class: "keys" });

  constructor() {
    this.element = make("section", { class: "card", "aria-labelledby": "keys-title" },
      make("h3", { id: "keys-title" }, "Keys"), this.#list);
  }

  /// `keys` is `null` away from the origin, which alone knows them.
  show(keys) {
    this.element.hidden = keys === null;
    const items = (keys ?? []).map((key) => make("li", { class: key.isValid ? "" : "over" },
      make("span", { class: "tag" }, key.kind), make("code", {}, `${key.hint}…`),
      make("small", { class: "quiet" }, "made ", timeOf(key.created), ...expiry(key))));
    this.#list.replaceChildren(...items);
  }
}

function expiry({ expires, isValid }) {
  if (expires === undefined) return [];
  return [isValid ? ", valid until " : ", no longer valid since ",
    make("time", { datetime: new Date(expires).toISOString() }, moment(expires))];
}
