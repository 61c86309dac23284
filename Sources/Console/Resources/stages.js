// The way of events from the first acknowledgement to the service database: where they wait, and for how long.

import { make, say } from "./elements.js";
import { count, rounded, span } from "./units.js";

/// Seconds from which on waiting is worth a look.
const patience = { ship: 60, count: 900, export: 900, unload: 300 };
const names = {
  intake: "Taken in", ship: "In the store", count: "Counted", export: "Exported", unload: "Served",
};

export class Stages {
  element = make("ol", { id: "usage-stages", class: "flow", "aria-label": "From intake to the service database" });
  #parts = new Map();

  constructor() {
    for (const [name, title] of Object.entries(names)) {
      const part = {
        dot: make("span", { class: "dot", "aria-hidden": "true" }), value: make("strong"),
        detail: make("small", { class: "quiet" }), problem: make("p", { class: "fault", hidden: true }),
      };
      part.item = make("li", { id: `usage-stage-${name}` },
        make("span", { class: "station" }, part.dot, title), part.value, part.detail, part.problem);
      this.#parts.set(name, part);
      this.element.append(part.item);
    }
  }

  show({ stages, intake, unload, newest }) {
    const { accepted, refused, isFull } = intake;
    this.#say("intake", accepted > 0 ? `${count(accepted)} ${accepted === 1 ? "event" : "events"}` : "nothing yet",
      refused > 0 ? `${count(refused)} refused, since the start` : "since the start of this node",
      isFull ? "There is no room for more until some were shipped." : "", isFull);
    for (const { name, lagSeconds, waiting, problem } of stages) {
      const isLate = lagSeconds > patience[name];
      const isNothing = !newest && !(waiting > 0) && !(lagSeconds > 0);
      const isIdle = lagSeconds === undefined || isNothing;
      const words = newest && lagSeconds === undefined ? "not looked at yet" : idle[name];
      this.#say(name, isIdle ? words : lagSeconds > 0 ? `${span(lagSeconds)} behind` : "up to date",
        detail(name, { waiting, unload, newest, lagSeconds }), problem ?? "", isLate || Boolean(problem), isIdle);
    }
  }

  #say(name, value, detail, problem, isAlarm, isIdle = false) {
    const part = this.#parts.get(name);
    part.value.textContent = value;
    part.detail.textContent = detail;
    part.detail.title = detail;
    say(part.problem, problem);
    part.item.className = isAlarm ? "late" : isIdle ? "idle" : "";
    part.dot.className = isAlarm ? "dot down" : "dot";
  }
}

const idle = { ship: "nothing yet", count: "not counted here", export: "no run yet", unload: "nothing yet" };

function detail(name, { waiting, unload, newest, lagSeconds }) {
  if (name === "ship") return waiting > 0 ? segments(waiting, "on this disk") : "nothing waits on this disk";
  if (name === "count") {
    if (lagSeconds === undefined) return newest ? "" : "vitrine usage run";
    return waiting > 0 ? segments(waiting, "to count") : "no segment waits";
  }
  if (name === "export") {
    if (!newest) return "";
    return unload?.seen > 0 ? `export ${count(unload.seen)}, run ${count(newest.run)}` : `run ${count(newest.run)}`;
  }
  if (!unload) return "";
  if (waiting > 0) return `${count(unload.backlogRows)} rows wait, ${rounded(unload.rate)} rows/s allowed`;
  return unload.applied > 0 ? `export ${count(unload.applied)} applied` : "no export yet";
}

function segments(number, where) { return number === 1 ? `1 segment ${where}` : `${count(number)} segments ${where}`; }
