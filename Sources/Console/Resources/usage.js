// The panel about usage: events on their way to being counted, what creators are paid, and what is held back.

import { byId, make, say } from "./elements.js";
import { Payouts } from "./payouts.js";
import { Quarantine } from "./quarantine.js";
import { Progress, Runs } from "./runs.js";
import { Stages } from "./stages.js";
import { UsageDesk } from "./usagedesk.js";
import { ago, count, rounded, span } from "./units.js";

const interval = 2500;
const intervalAtWork = 1000;
const shownDays = 7;

export class UsagePanel {
  #desk;
  #timer = null;
  #isSeen = false;
  #isLoaded = false;
  #newest = "";
  #counted = null;
  #stages = new Stages();
  #progress = new Progress();
  #payouts;
  #runs;
  #quarantine;
  #reconciled = make("section", { id: "reconciliation", class: "card", hidden: true, "aria-label": "Reconciliation" });

  constructor(service) {
    this.#desk = new UsageDesk(service);
    this.#payouts = new Payouts(this.#desk);
    this.#runs = new Runs(this.#desk);
    this.#quarantine = new Quarantine(this.#desk);
    byId("usage-parts").append(this.#progress.element, make("div", { class: "panels" }, this.#payouts.element,
      make("div", { class: "stack" }, this.#runs.element, this.#reconciled)), this.#quarantine.element);
    byId("usage-stages-place").append(this.#stages.element);
    byId("usage-live").addEventListener("change", () => this.#again(0));
    document.addEventListener("visibilitychange", () => this.#again(0));
    new IntersectionObserver(([entry]) => this.#seen(entry.isIntersecting), { rootMargin: "300px" })
      .observe(byId("usage"));
  }

  /// Shows the panel, and keeps it up to date while it is in view; throws `Problem` when the node does not answer.
  async open() {
    this.#show(await this.#desk.state());
    byId("usage").hidden = false;
  }

  #seen(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen && !this.#isLoaded) this.#refresh();
    else this.#again(interval);
  }

  #again(pause) {
    clearTimeout(this.#timer);
    if (document.hidden || !this.#isSeen || !byId("usage-live").checked) return;
    this.#timer = setTimeout(() => this.#refresh(), pause);
  }

  async #refresh() {
    clearTimeout(this.#timer);
    let isAtWork = false;
    try {
      const state = await this.#desk.state();
      isAtWork = this.#show(state);
      await this.#load(state);
      this.#isLoaded = true;
      say(byId("usage-problem"), "");
    } catch (problem) {
      say(byId("usage-problem"), problem.message);
    }
    this.#again(isAtWork ? intervalAtWork : interval);
  }

  /// Asks for what has changed since, and only for that.
  async #load({ newest, last, unload }) {
    const run = newest ? `${newest.run} ${newest.status}` : "";
    const tasks = [this.#payouts.refresh(unload?.applied ?? 0)];
    if (run !== this.#newest || !this.#isLoaded) tasks.push(this.#runs.load());
    const counted = last?.run ?? 0;
    if (counted !== this.#counted) tasks.push(this.#quarantine.load());
    this.#newest = run;
    this.#counted = counted;
    await Promise.all(tasks);
  }

  #show(state) {
    const { node, intake, counts, progress, newest, last, quarantined, reconciliation } = state;
    byId("usage-node").textContent = last?.started
      ? `collector ${node}; last counted ${ago(last.started)}` : `collector ${node}; nothing was counted here yet`;
    this.#stages.show(state);
    const isAtWork = this.#progress.show(progress);
    say(byId("usage-failed"), isAtWork ? "" : failure(progress, last));
    this.#begin(intake, newest, isAtWork);
    const has = counts.lines !== undefined || counts.events !== undefined;
    byId("usage-facts").hidden = !has;
    if (has) this.#facts(counts, quarantined, last);
    this.#reconcile(reconciliation);
    return isAtWork;
  }

  #facts(counts, quarantined, last) {
    const { lines, usage_lines: events, duplicates, late, quarantined: held, uses, merged, capped, unrated } = counts;
    const whole = events ?? counts.events ?? lines ?? 0;
    const share = (part) => part > 0 && whole > 0 ? `${rounded(100 * part / whole)} % of them` : "none of them";
    const others = lines > whole ? `${count(lines - whole)} others, not paid` : "all of them are usage events";
    const not = [[merged, "merged"], [capped, "capped"], [unrated, "without a rate"]].filter(([number]) => number > 0)
      .map(([number, word]) => `${count(number)} ${word}`).join(", ");
    byId("usage-facts").replaceChildren(
      fact("events", "Usage events", count(whole), others),
      fact("uses", "Uses", count(uses ?? 0), not || "every event is one"),
      fact("duplicates", "Duplicates", duplicates === undefined ? "–" : count(duplicates), share(duplicates)),
      fact("late", "Late", late === undefined ? "–" : count(late), "came a day later, or more"),
      fact("held", "In quarantine", held === undefined ? "–" : count(held),
        quarantined > 0 ? `of ${count(quarantined)} ${quarantined === 1 ? "identity" : "identities"}` : "nothing"),
      fact("run", "Last run", last?.seconds === undefined ? "–" : last.seconds < 90 ? `${rounded(last.seconds)} s`
        : span(last.seconds), last?.rowsPerSecond ? `${rounded(last.rowsPerSecond)} lines/s` : last?.status ?? ""));
  }

  /// What to do where nothing was done yet.
  #begin(intake, newest, isAtWork) {
    const isEmpty = intake.accepted === 0 && !newest;
    byId("usage-begin").hidden = Boolean(newest) || isAtWork;
    byId("usage-curl").hidden = !isEmpty;
    byId("usage-count").hidden = isEmpty;
    byId("usage-parts").hidden = !newest && !isAtWork;
    if (isEmpty && byId("snippet-usage").textContent === "") byId("snippet-usage").textContent = this.#curl();
  }

  #curl() {
    const event = {
      specversion: "1.0", id: "1", source: "/editor", type: "com.vitrine.usage.v1",
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      data: { content_id: "c1", content_type: "picture", creator_id: "ada", user_id: "u1", action: "export" },
    };
    const token = this.#desk.needsToken ? ' -H "Authorization: Bearer $VITRINE_TOKEN"' : "";
    return `curl ${this.#desk.origin}/v1/events -H 'Content-Type: application/cloudevents+json'${token} -d '`
      + `${JSON.stringify(event)}'`;
  }

  #reconcile(days) {
    this.#reconciled.hidden = !days;
    if (!days) return;
    const text = JSON.stringify(days);
    if (this.#reconciled.dataset.text === text) return;
    this.#reconciled.dataset.text = text;
    const wrong = days.filter(({ difference }) => difference !== 0).length;
    const verdict = wrong === 0 ? "equal to the last request" : wrong === 1 ? "1 day differs"
      : `${count(wrong)} days differ`;
    const head = ["Day", "Access log", "Counted", "Difference"].map((word) => make("th", { scope: "col" }, word));
    const newest = [...days].sort((one, other) => other.day.localeCompare(one.day)).slice(0, shownDays);
    const rows = newest.map(({ day, log, counted, difference }) =>
      make("tr", { class: difference === 0 ? "" : "differs" }, make("th", { scope: "row" }, day),
        make("td", {}, count(log)), make("td", {}, count(counted)), make("td", {}, difference === 0 ? "0"
          : `${difference > 0 ? "+" : "−"}${count(Math.abs(difference))}`)));
    this.#reconciled.replaceChildren(make("div", { class: "line" }, make("h3", {}, "Deliveries against the access log"),
      make("span", { class: wrong > 0 ? "tag alarm" : "tag" }, verdict)),
    make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...rows))));
  }
}

/// Why the last run was nothing, with what helps; empty if all is well.
function failure(progress, last) {
  if (progress?.ending === "failed") return told(progress);
  if (progress?.ending === "interrupted") {
    const remedy = "vitrine usage run goes on where it was.";
    return `The last run was interrupted ${ago(progress.at)}. Nothing is lost.\n→ ${remedy}`;
  }
  return !progress && last?.status === "failed" ? told(last) : "";
}

function told({ error = "it did not say why", remedy }) {
  return `The last run failed: ${error}${remedy ? `\n→ ${remedy}` : ""}`;
}

function fact(id, name, value, detail) {
  return make("div", { id: `usage-fact-${id}` }, make("dt", {}, name), make("dd", {}, value),
    make("dd", { class: "quiet", title: detail }, detail));
}
