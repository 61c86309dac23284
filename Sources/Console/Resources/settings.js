// The panel about settings and experiments: what this node serves, what was published, and who would get what.

import { AppTable, KeyList, appRows } from "./apps.js";
import { SettingsBrowser } from "./browser.js";
import { SettingsDesk } from "./desk.js";
import { byId, make, say } from "./elements.js";
import { Exposures, PictureArms, Shadow } from "./experiments.js";
import { Publishes } from "./publishes.js";
import { ago, count, milliseconds } from "./units.js";

const interval = 3000;
const places = { store: "the store of this process" };

export class SettingsPanel {
  #desk;
  #node = null;
  #published = null;
  #chosen = null;
  #state = null;
  #signature = "";
  #loaded = "";
  #timer = null;
  #isSeen = false;
  #apps = new AppTable((name) => this.#choose(name));
  #keys = new KeyList();
  #browser;
  #publishes;
  #exposures = new Exposures();
  #arms = new PictureArms();
  #shadow = new Shadow();

  constructor(service) {
    this.#desk = new SettingsDesk(service);
    this.#browser = new SettingsBrowser(this.#desk);
    this.#publishes = new Publishes(this.#desk, (name) => this.#browser.open(name), () => this.#refresh());
    byId("settings-parts").append(
      make("div", { class: "panels" }, this.#apps.element, this.#keys.element), this.#browser.element,
      make("div", { class: "panels" }, this.#publishes.element,
        make("div", { class: "stack" }, this.#exposures.element, this.#shadow.element)), this.#arms.element);
    byId("settings-live").addEventListener("change", () => this.#again());
    document.addEventListener("visibilitychange", () => this.#again());
    new IntersectionObserver(([entry]) => this.#seen(entry.isIntersecting), { rootMargin: "300px" })
      .observe(byId("settings"));
  }

  /// Shows the panel, and keeps it up to date while it is in view; throws `Problem` when the node does not answer.
  async open() {
    this.#node = await this.#desk.node();
    this.#showNode();
    byId("settings").hidden = false;
  }

  #seen(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen && this.#loaded === "") this.#refresh();
    else this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    if (document.hidden || !this.#isSeen || !byId("settings-live").checked) return;
    this.#timer = setTimeout(() => this.#refresh(), interval);
  }

  async #refresh() {
    clearTimeout(this.#timer);
    try {
      this.#node = await this.#desk.node();
      const signature = JSON.stringify(this.#node.apps.map(({ app, wantedNumber }) => [app, wantedNumber]));
      if (signature !== this.#signature) {
        this.#published = await this.#desk.apps();
        this.#signature = signature;
      }
      this.#showNode();
      await this.#load();
      await this.#figures();
      say(byId("settings-problem"), "");
    } catch (problem) {
      say(byId("settings-problem"), problem.message);
    }
    this.#again();
  }

  #showNode() {
    const { feed, source, sourceFailure, loads, failedLoads, streams, ...times } = this.#node;
    const rows = appRows(this.#node, this.#published);
    if (!rows.some(({ name }) => name === this.#chosen)) this.#chosen = rows[0]?.name ?? null;
    this.#apps.show(rows, this.#chosen);
    byId("settings-parts").hidden = rows.length === 0;
    byId("settings-node").textContent = rows.length === 0
      ? "Nothing is published. Begin with: vitrine settings publish --app NAME features.json"
      : `from ${places[source] ?? source ?? "this node’s disk"}; figures of this node since it started`;
    say(byId("settings-stale"), feed.state !== "last-good" ? "" : staleText(feed.since, sourceFailure));
    const last = times.lastPropagationMilliseconds;
    const longest = times.longestPropagationMilliseconds;
    const feeds = { current: "current", "last-good": "last good", empty: "empty" };
    const chosen = rows.find(({ name }) => name === this.#chosen);
    byId("settings-facts").replaceChildren(
      fact("state", "Settings are", feeds[feed.state] ?? feed.state,
        sourceFailure ?? (source ? "hears of changes" : "nobody tells of changes")),
      fact("apps", "Apps", count(rows.length), chosen ? `${chosen.name} below` : ""),
      fact("count", "Settings", chosen?.settings === undefined ? "–" : count(chosen.settings),
        chosen ? `of ${chosen.name}` : ""),
      fact("loads", "Releases loaded", count(loads), failedLoads > 0 ? `${count(failedLoads)} failed` : "none failed"),
      fact("propagation", "From publish to live", last === null ? "–" : milliseconds(last),
        longest === null ? "none yet" : `longest ${milliseconds(longest)}`),
      fact("streams", "Open event streams", count(streams), "of clients that wait for changes"));
  }

  async #choose(name) {
    if (name === this.#chosen) return;
    this.#chosen = name;
    await this.#refresh();
  }

  /// Loads what depends on the app and its number, if either is another one.
  async #load() {
    const app = this.#chosen;
    const number = appRows(this.#node, this.#published).find(({ name }) => name === app)?.wanted ?? 0;
    const wanted = `${app} ${number}`;
    if (app === null || wanted === this.#loaded) return;
    const known = this.#published?.some((row) => row.app === app) ?? false;
    const state = known ? await this.#desk.app(app) : null;
    const source = state ? await this.#desk.source(app, state.latest.number) : null;
    if (app !== this.#chosen) return;
    this.#loaded = wanted;
    this.#state = state;
    this.#keys.show(state?.keys ?? null);
    this.#publishes.show(app, state);
    this.#browser.show(app, source);
  }

  async #figures() {
    const app = this.#chosen;
    if (app === null) return;
    const [exposures, arms, shadow] = await Promise.all([
      this.#desk.exposures(app), this.#desk.arms(), this.#desk.shadow(),
    ]);
    if (app !== this.#chosen) return;
    this.#exposures.show(exposures);
    this.#arms.show(arms);
    this.#shadow.show(shadow);
  }
}

function staleText(since, failure) {
  const time = since === null || since === undefined ? "" : `, ${ago(since)}`;
  const reason = failure ? ` (${failure})` : "";
  return `This node has lost its source${time}${reason}. It serves the last good settings that it has.`;
}

function fact(id, name, value, detail) {
  return make("div", { id: `settings-${id}` }, make("dt", {}, name), make("dd", {}, value),
    make("dd", { class: "quiet", title: detail }, detail));
}
