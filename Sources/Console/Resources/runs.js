// The history of runs, and how far the one at work is.

import { make, say } from "./elements.js";
import { ago, count, moment, rounded, span } from "./units.js";

const firstShown = 8;
const mostShown = 100;
/// What a run does, in order, and what it is called.
const steps = {
  begin: "Starting", python: "Preparing Python", seal: "Sealing segments", fetch: "Fetching segments",
  land: "Landing segments", guard: "Looking for copies that disagree", model: "Building the tables",
  test: "Testing the tables", export: "Exporting what changed", done: "Done",
};
const order = Object.keys(steps);

/// The run at work: a bar, and what it does.
export class Progress {
  element = make("section", { id: "usage-progress", class: "card work", hidden: true, "aria-label": "Run at work" });
  #title = make("strong");
  #detail = make("span", { class: "quiet" });
  #bar = make("progress", { max: 100, value: 0, "aria-label": "Progress of the run" });

  constructor() {
    this.element.append(make("p", {}, this.#title, " ", this.#detail), this.#bar);
  }

  /// Whether a run is at work.
  show(progress) {
    const isAtWork = progress !== undefined && progress.ending === undefined;
    this.element.hidden = !isAtWork;
    if (!isAtWork) return false;
    const { stage, done, of, rows, detail } = progress.step;
    this.#title.textContent = steps[stage] ?? stage;
    const told = [];
    if (of > 0) told.push(`${count(done ?? 0)} of ${count(of)}`);
    if (rows > 0) told.push(`${count(rows)} lines`);
    if (detail) told.push(detail);
    told.push(`for ${span(Math.max(0, (progress.at - progress.started) / 1000))}`);
    this.#detail.textContent = told.join(", ");
    const place = Math.max(0, order.indexOf(stage));
    const part = of > 0 ? Math.min(1, (done ?? 0) / of) : 0;
    this.#bar.value = Math.round(100 * (place + part) / (order.length - 1));
    return true;
  }
}

export class Runs {
  element;
  #desk;
  #shown = firstShown;
  #body = make("tbody");
  #none = make("p", { class: "quiet" },
    "No run has been here. Count with ", make("code", {}, "vitrine usage run"),
    ", on this machine with the same --data.");
  #more = make("button", { type: "button", id: "runs-more", hidden: true }, "Older");
  #problem = make("p", { class: "problem", role: "alert", hidden: true });
  #table;

  constructor(desk) {
    this.#desk = desk;
    const head = ["Run", "Began", "Took", "Lines", "Lines/s"].map((text) => make("th", { scope: "col" }, text));
    this.#table = make("div", { class: "scroll" },
      make("table", { id: "runs" }, make("thead", {}, make("tr", {}, ...head)), this.#body));
    this.element = make("section", { class: "card", "aria-labelledby": "runs-title" },
      make("h3", { id: "runs-title" }, "Runs"), this.#none, this.#problem, this.#table, this.#more);
    this.#more.addEventListener("click", () => {
      this.#shown = mostShown;
      this.load();
    });
  }

  async load() {
    try {
      const runs = await this.#desk.runs(this.#shown);
      this.#none.hidden = runs.length > 0;
      this.#table.hidden = runs.length === 0;
      this.#more.hidden = this.#shown === mostShown || runs.length < this.#shown || runs.at(-1).run <= 1;
      this.#body.replaceChildren(...runs.flatMap(rows));
      say(this.#problem, "");
    } catch (problem) {
      say(this.#problem, problem.message);
    }
  }
}

function rows(run) {
  const { run: number, status, what, started, seconds, rows, landed, rowsPerSecond, error, remedy, counts } = run;
  const title = counts ? Object.entries(counts).map(([name, value]) => `${name} ${count(value)}`).join(", ") : "";
  const lines = Math.max(rows ?? 0, landed ?? 0);
  const kind = status === "running" ? "tag" : "tag alarm";
  const tag = status === "succeeded" ? "" : make("span", { class: kind }, status);
  const name = what === "run" ? "" : make("small", { class: "quiet" }, ` ${what} `);
  const list = [make("tr", { "data-run": number, class: status, title },
    make("th", { scope: "row" }, `${number}`, name, " ", tag),
    make("td", { title: started ? moment(started) : "" }, started ? ago(started) : "–"),
    make("td", {}, seconds === undefined ? "–" : took(seconds)),
    make("td", {}, lines > 0 ? count(lines) : "–"),
    make("td", {}, rowsPerSecond ? rounded(rowsPerSecond) : "–"))];
  if (error) {
    list.push(make("tr", { class: "reason" }, make("td", { colspan: 5 },
      make("p", { class: "fault" }, error), remedy ? make("p", {}, `→ ${remedy}`) : "")));
  }
  return list;
}

function took(seconds) { return seconds < 90 ? `${rounded(seconds)} s` : span(seconds); }
