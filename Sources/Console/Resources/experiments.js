// What experiments have shown so far: exposures, what pictures cost in each arm, and the second endpoint's answers.

import { make } from "./elements.js";
import { bytes, count, milliseconds, percent } from "./units.js";

/// A card with a heading and a body that is replaced as a whole.
class Card {
  element;
  body = make("div");

  constructor(id, title) {
    this.body.id = id;
    this.element = make("section", { class: "card", "aria-labelledby": `${id}-title` },
      make("h3", { id: `${id}-title` }, title), this.body);
  }
}

const head = (text) => make("th", { scope: "col" }, text);
const heads = (...texts) => make("thead", {}, make("tr", {}, ...texts.map(head)));
const none = (text) => make("p", { class: "quiet" }, text);
const scroll = (table) => make("div", { class: "scroll" }, table);

export class Exposures extends Card {
  constructor() { super("exposures", "Exposures"); }

  /// `rows`: `{ experiment, variation, exposures, units }`, as this node saw them.
  show(rows) {
    if (rows.length === 0) return this.body.replaceChildren(none("Nobody was in an experiment yet, on this node."));
    const groups = Map.groupBy(rows, ({ experiment }) => experiment);
    this.body.replaceChildren(scroll(make("table", { class: "exposures" },
      heads("Experiment, arm", "Users", "Share", "Exposures"),
      ...[...groups].map(([experiment, arms]) => group(experiment, arms)))));
  }
}

function group(experiment, arms) {
  const all = arms.reduce((sum, { units }) => sum + units, 0);
  const sorted = arms.toSorted((one, other) => one.variation.localeCompare(other.variation, "en", { numeric: true }));
  return make("tbody", { "data-experiment": experiment },
    make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: 4, title: experiment }, experiment)),
    ...sorted.map(({ variation, exposures, units }) => {
      const fill = make("span");
      fill.style.width = `${100 * units / Math.max(1, all)}%`;
      return make("tr", {}, make("th", { scope: "row" }, variation), make("td", {}, count(units)),
        make("td", { class: "bar", title: percent(units / Math.max(1, all)) }, fill), make("td", {}, count(exposures)));
    }));
}

export class PictureArms extends Card {
  constructor() { super("picture-arms", "Picture experiments"); }

  /// `rows`: `{ experiment, variation, hits, misses }`; hidden while there are none.
  show(rows) {
    this.element.hidden = rows.length === 0;
    const groups = Map.groupBy(rows, ({ experiment }) => experiment);
    this.body.replaceChildren(scroll(make("table", { class: "picture-arms" },
      heads("Arm", "Cache", "Pictures", "Bytes", "Each", "Mean", "Half within", "95\u00a0% within"),
      ...[...groups].map(([experiment, arms]) => make("tbody", { "data-experiment": experiment },
        make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: 8 }, experiment)),
        ...arms.flatMap(({ variation, hits, misses }) => [
          figures(variation, "hits", hits), figures("", "misses", misses),
        ]))))));
  }
}

function figures(variation, kind, { pictures, bytes: sum, meanBytes, ...times }) {
  const { meanMilliseconds, p50Milliseconds, p95Milliseconds } = times;
  return make("tr", {}, variation === "" ? make("td") : make("th", { scope: "row" }, variation),
    make("td", {}, kind), make("td", {}, count(pictures)), make("td", {}, bytes(sum)),
    make("td", {}, meanBytes === null ? "–" : bytes(Math.round(meanBytes))),
    ...[meanMilliseconds, p50Milliseconds, p95Milliseconds].map((time) => make("td", {}, duration(time))));
}

export class Shadow extends Card {
  constructor() { super("shadow", "Shadow measurement"); }

  /// `report` is `null` without a second endpoint; then this is hidden.
  show(report) {
    this.element.hidden = report === null;
    if (report === null) return;
    const { offered, drawn, dropped, failed, equal, statusDiffers, contentDiffers, notComparable } = report;
    const answered = equal + statusDiffers + contentDiffers + notComparable;
    const same = answered === 0 ? "No answer yet."
      : `${percent(equal / answered)} of ${count(answered)} answers are the same.`;
    const parts = [make("p", {}, `${count(drawn)} of ${count(offered)} requests went to the second endpoint, too. `,
      make("strong", { class: statusDiffers + contentDiffers > 0 ? "warning" : "" }, same))];
    const kinds = [[contentDiffers, "other settings"], [statusDiffers, "another status"],
      [notComparable, "not comparable"], [failed, "failed"], [dropped, "dropped for want of room"]];
    const told = kinds.filter(([number]) => number > 0).map(([number, word]) => `${word} ${count(number)}`);
    if (told.length > 0) parts.push(make("p", { class: "quiet" }, `${told.join(", ")}.`));
    parts.push(scroll(make("table", {}, heads("Latency", "Half", "90\u00a0%", "99\u00a0%", "Longest"),
      make("tbody", {}, latencies("this node", report.live), latencies("second", report.shadow)))));
    parts.push(...differences(report));
    this.body.replaceChildren(...parts);
  }
}

function latencies(name, { count: number, p50, p90, p99, max }) {
  return make("tr", {}, make("th", { scope: "row" }, name),
    ...[p50, p90, p99, max].map((time) => make("td", {}, number > 0 ? duration(time) : "–")));
}

function differences({ settings, otherSettings }) {
  if (settings.length === 0) return [];
  const items = settings.slice(0, 20).map(({ name, times }) => make("li", {},
    make("code", {}, name), make("small", { class: "quiet" }, times === 1 ? " once" : ` ${count(times)} times`)));
  const rest = settings.slice(20).reduce((sum, { times }) => sum + times, otherSettings);
  if (rest > 0) items.push(make("li", { class: "quiet" }, `others ${count(rest)} times`));
  return [make("h4", {}, "Settings that differ"), make("ul", { class: "differing" }, ...items)];
}

/// Milliseconds, to the hundredth where a tenth would say nothing.
function duration(value) {
  if (value === null || value === undefined) return "–";
  return value < 1 ? `${value.toFixed(2)} ms` : milliseconds(value);
}
