// All settings of an app beside the one that is looked at, and what a user would get.

import { Members, lineOf } from "./authored.js";
import { AttributeForm } from "./attributes.js";
import { make, settled } from "./elements.js";
import { namedSettings, readFeatures } from "./features.js";
import { LongList } from "./list.js";
import { settingDetail, sources } from "./rules.js";
import { count, milliseconds } from "./units.js";

const rowHeight = 56;

/// What the list can be narrowed to: a test of a setting and of what it is for the user at hand.
const filters = {
  all: ["All", () => true],
  ruled: ["With rules", ({ rules }) => rules.length > 0],
  experiment: ["With experiments", ({ experiments }) => experiments > 0],
  schedule: ["With a schedule", ({ hasSchedule }) => hasSchedule],
  killed: ["With a kill switch on", ({ isKilled, hasKilledRule }) => isKilled || hasKilledRule],
  changed: ["Not default for this user", (_, outcome) => outcome !== undefined && outcome.source !== "defaultValue"],
  arms: ["In an experiment for this user", (_, outcome) => outcome?.source === "experiment"],
};

export class SettingsBrowser {
  element;
  #desk;
  #app = null;
  #settings = [];
  #full = () => null;
  #outcomes = null;
  #authored = null;
  #chosen = null;
  #asked = null;
  #title = make("h3", { id: "browser-title" }, "Settings");
  #search = make("input", {
    id: "setting-search", type: "search", placeholder: "Name, owner, experiment", "aria-label": "Search settings",
    spellcheck: "false",
  });
  #filter = make("select", { id: "setting-filter", "aria-label": "Which settings" },
    ...Object.entries(filters).map(([value, [text]]) => make("option", { value }, text)));
  #count = make("p", { id: "setting-count", class: "quiet", role: "status" });
  #detail = make("div", { id: "setting", class: "detail", role: "region", "aria-label": "Setting", tabindex: 0 });
  #form = new AttributeForm((text) => this.#evaluate(text), () => this.#clear());
  #list = new LongList({
    id: "setting-list", label: "Settings", rowHeight,
    draw: (setting) => this.#row(setting),
    onChoose: (setting) => this.#look(setting),
  });

  constructor(desk) {
    this.#desk = desk;
    this.element = make("section", { class: "card browser", "aria-labelledby": "browser-title" },
      this.#title,
      make("div", { class: "panes" }, this.#form.element,
        make("div", { class: "pane" }, make("div", { class: "find" }, this.#search, this.#filter), this.#count,
          this.#list.element),
        this.#detail));
    this.#search.addEventListener("input", settled(() => this.#narrow(), 80));
    this.#filter.addEventListener("change", () => this.#narrow());
  }

  /// Shows an app's settings; `text` is its features file, or `null` where that is not known.
  show(app, text) {
    const isOther = app !== this.#app;
    if (isOther) {
      this.#clear();
      this.#widen();
    }
    this.#app = app;
    const { settings, attributes, full } = readFeatures(text);
    this.#settings = settings;
    this.#full = full;
    this.#title.textContent = `Settings of ${app}`;
    this.#form.offer(attributes.length > 0 ? attributes : [{ path: "id", values: new Set() }]);
    this.#narrow(!isOther);
    const same = this.#chosen && settings.find(({ name }) => name === this.#chosen.name);
    this.#look(isOther ? null : same);
    // What was shown of a user was by the rules of before.
    if (this.#outcomes) this.#evaluate(this.#asked);
  }

  /// Looks at the setting of a name, whatever the list was narrowed to.
  open(name) {
    if (!this.#settings.some((setting) => setting.name === name)) return;
    if (!this.#list.choose(name)) {
      this.#widen();
      this.#narrow();
      this.#list.choose(name);
    }
    this.element.scrollIntoView({ block: "start" });
  }

  #widen() {
    this.#search.value = "";
    this.#filter.value = "all";
  }

  /// Whether the features file is unknown, so that there are at most names.
  get #knowsNames() { return this.#settings.every(({ isNameOnly }) => isNameOnly); }

  #narrow(keepsPlace = false) {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [, test] = filters[this.#filter.value];
    const found = this.#settings.filter((setting) => words.every((word) => setting.words.includes(word))
      && test(setting, this.#outcomes?.get(setting.name)));
    this.#list.show(found, { keepsPlace });
    const all = this.#settings.length;
    const shown = found.length === all ? `${count(all)} settings` : `${count(found.length)} of ${count(all)}`;
    this.#count.textContent = all === 0 ? "The rules are known where the origin is; evaluate to see values." : shown;
  }

  #row(setting) {
    const outcome = this.#outcomes?.get(setting.name);
    const chips = [];
    if (setting.isKilled) chips.push(make("span", { class: "tag alarm" }, "killed"));
    if (setting.hasSchedule) chips.push(make("span", { class: "tag" }, "scheduled"));
    if (setting.experiments > 0) chips.push(make("span", { class: "tag" }, "experiment"));
    if (outcome) {
      const source = sources[outcome.source] ?? outcome.source;
      const rule = outcome.rule === undefined || outcome.source === "experiment" ? "" : ` ${outcome.rule}`;
      const arm = outcome.variation === undefined ? "" : ` ${outcome.variation}`;
      chips.push(make("span", { class: `tag source ${outcome.source}` }, `${source}${rule}${arm}`));
    } else if (setting.rules.length > 0) {
      const number = setting.rules.length;
      chips.push(make("span", { class: "tag quiet" }, number === 1 ? "1 rule" : `${number} rules`));
    }
    const value = outcome ? this.#told(setting).value : this.#full(setting.name)?.default;
    return [
      make("span", { class: "row-name", title: setting.name }, setting.name), make("span", { class: "tags" }, ...chips),
      make("span", { class: "row-value" }, setting.isNameOnly && !outcome ? "" : lineOf(value, 160)),
      make("span", { class: "row-owner" }, setting.owner),
    ];
  }

  /// What a setting is for the user at hand, its value as authored.
  #told(setting) { return this.#authored?.value(setting.name); }

  #look(setting) {
    this.#chosen = setting ?? null;
    if (setting) {
      const full = this.#full(setting.name) ?? setting;
      this.#detail.replaceChildren(...settingDetail(full, this.#told(setting)));
    } else {
      this.#detail.replaceChildren(make("p", { class: "quiet" }, "Choose a setting to see its rules."));
    }
    this.#detail.scrollTop = 0;
  }

  async #evaluate(text) {
    const app = this.#app;
    this.#asked = text;
    this.#form.busy(true);
    try {
      const begun = performance.now();
      const answer = await this.#desk.evaluate(app, text);
      const elapsed = performance.now() - begun;
      if (app !== this.#app || text !== this.#asked) return;
      this.#outcomes = new Map(Object.entries(JSON.parse(answer)));
      this.#authored = new Members(answer);
      if (this.#knowsNames) this.#settings = namedSettings([...this.#outcomes.keys()]);
      this.#form.say(`${this.#summary()}, in ${milliseconds(elapsed)}.`);
    } catch (problem) {
      if (app !== this.#app) return;
      this.#outcomes = this.#authored = null;
      this.#form.say("", problem.message);
    } finally {
      this.#form.busy(false);
    }
    this.#narrow(true);
    if (this.#chosen) this.#look(this.#chosen);
  }

  /// How many values come from where.
  #summary() {
    const numbers = new Map();
    for (const { source } of this.#outcomes.values()) numbers.set(source, (numbers.get(source) ?? 0) + 1);
    return [...numbers].sort(([, one], [, other]) => other - one)
      .map(([source, number]) => `${sources[source] ?? source} ${count(number)}`).join(", ");
  }

  #clear() {
    this.#outcomes = this.#authored = null;
    this.#asked = null;
    this.#form.say("");
    if (this.#knowsNames) this.#settings = [];
    this.#narrow(true);
    this.#look(this.#chosen);
  }
}
