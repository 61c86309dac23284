// One setting in full: its rules in words and, beside them, what became of each for the user at hand.

import { indented, isObject, lineOf, plain } from "./authored.js";
import { conditionLines } from "./conditions.js";
import { make } from "./elements.js";
import { isExperiment } from "./features.js";
import { moment, percent } from "./units.js";

/// Where a value came from, in words.
export const sources = {
  defaultValue: "default", force: "rule", experiment: "experiment", override: "override",
  prerequisite: "prerequisite", cyclicPrerequisite: "circular prerequisite", unknownFeature: "unknown",
};

/// Elements that tell all about a setting; `outcome` is what the server said of it, if it was asked.
export function settingDetail(setting, outcome) {
  const parts = [make("h4", { id: "setting-name" }, setting.name)];
  if (setting.owner) parts.push(make("p", { class: "quiet" }, `Owner: ${setting.owner}`));
  if (outcome) parts.push(verdict(outcome));
  if (setting.isKilled) parts.push(note("alarm", "Kill switch: the rules do not count, everybody gets the default."));
  if (setting.schedule) parts.push(note("", `The rules count ${scheduleText(setting.schedule)}.`));
  if (setting.hasPlaceholders) parts.push(note("", "{{attribute}} in its texts is filled in for each user."));
  if (setting.isNameOnly) return [...parts, make("p", { class: "quiet" }, "The rules are known where the origin is.")];
  parts.push(make("p", { class: "label" }, "Default"), valueBox(setting.default));
  const rules = setting.rules.map((rule, index) => ruleItem(rule, index, outcome));
  if (rules.length > 0) return [...parts, make("ol", { class: "rules" }, ...rules)];
  return [...parts, make("p", { class: "quiet" }, "No rules: everybody gets the default.")];
}

function verdict(outcome) {
  const source = sources[outcome.source] ?? outcome.source;
  const rule = outcome.rule === undefined ? "" : ` ${plain(outcome.rule)}`;
  const arm = outcome.variation === undefined ? "" : `, variation ${outcome.variation}`;
  const origin = outcome.source === "experiment" ? `experiment in rule${rule}${arm}` : `${source}${rule}`;
  return make("div", { class: "verdict-box" },
    make("p", {}, "This user gets, from ", make("strong", {}, origin), ":"), valueBox(outcome.value));
}

const note = (kind, text) => make("p", { class: `setting-note ${kind}` }, text);
const valueBox = (value) => make("pre", { class: "value", tabindex: 0 }, clipped(indented(value)));
const clipped = (text) => text.length > 20_000 ? `${text.slice(0, 20_000)}\n… ${text.length} characters` : text;

function ruleItem(rule, index, outcome) {
  const words = outcome?.rules[index];
  const text = words === undefined ? "not reached" : readable(words);
  const state = outcome && { text, matched: words === "matched" };
  const isOver = outcome && !state.matched;
  const head = make("div", { class: "rule-head" }, make("strong", {}, `${index + 1}. ${title(rule)}`),
    state ? make("span", { class: state.matched ? "chip" : "quiet" }, state.text) : "");
  const item = make("li", { class: isOver ? "over" : state ? "matched" : "" }, head);
  if (rule["x-kill"] === true) item.append(note("alarm", "Kill switch: this rule does not count."));
  if (isObject(rule["x-schedule"])) item.append(note("", `Counts ${scheduleText(rule["x-schedule"])}.`));
  const lines = ruleLines(rule);
  if (lines.length > 0) item.append(make("ul", { class: "lines" }, ...lines.map((line) => make("li", {}, line))));
  if (isExperiment(rule)) item.append(armTable(rule, outcome && state.matched ? outcome.variation : undefined));
  else if (Object.hasOwn(rule, "force")) item.append(valueBox(rule.force));
  return item;
}

/// "notInNamespace" as "not in namespace".
const readable = (words) => words.replace(/: [a-z]\w*$/, (name) => name.replace(/[A-Z]+/g, " $&").toLowerCase());

function title(rule) {
  if (Object.hasOwn(rule, "force")) return plain(rule.coverage) < 1 ? "Share of users" : "Value";
  if (!isExperiment(rule)) return "Prerequisite";
  return `Experiment ${rule.key ?? ""}${rule.name ? ` (${rule.name})` : ""}`;
}

/// Everything that narrows a rule, a sentence each.
function ruleLines(rule) {
  const lines = conditionLines(rule.condition);
  for (const parent of Array.isArray(rule.parentConditions) ? rule.parentConditions.filter(isObject) : []) {
    const wanted = conditionLines(parent.condition).join(" and ").replaceAll(/\bvalue\b/g, "its value");
    lines.push(`${parent.gate ? "gated by" : "needs"} the setting ${parent.id}: ${wanted || "any value"}`);
  }
  const by = lineOf(rule.hashAttribute ?? "id").replaceAll('"', "");
  if (Array.isArray(rule.range)) lines.push(`users whose ${by} falls into ${percentSpan(rule.range)}`);
  else if (rule.coverage !== undefined) lines.push(`${share(rule.coverage)} of users, by ${by}`);
  else if (isExperiment(rule)) lines.push(`all users, by ${by}`);
  if (rule.fallbackAttribute) lines.push(`by ${rule.fallbackAttribute} where there is no ${by}`);
  if (Array.isArray(rule.namespace)) {
    lines.push(`namespace ${rule.namespace[0]}, ${percentSpan(rule.namespace.slice(1))}`);
  }
  for (const filter of Array.isArray(rule.filters) ? rule.filters.filter(isObject) : []) {
    const ranges = Array.isArray(filter.ranges) ? filter.ranges.map(percentSpan).join(", ") : "nobody";
    lines.push(`only where ${filter.attribute ?? "id"} falls into ${ranges} of ${filter.seed ?? "the filter"}`);
  }
  if (rule.seed !== undefined) lines.push(`seed ${lineOf(rule.seed)}`);
  if (rule.phase !== undefined) lines.push(`phase ${lineOf(rule.phase)}`);
  if (rule.disableStickyBucketing === true) lines.push("assignments are not kept");
  if (rule.minBucketVersion !== undefined) {
    lines.push(`assignments from version ${lineOf(rule.minBucketVersion)} on are kept`);
  }
  if (rule.id) lines.push(`rule id ${lineOf(rule.id)}`);
  return lines;
}

/// An experiment's arms: weight, share of all users, value.
function armTable(rule, chosen) {
  const arms = rule.variations;
  const coverage = plain(rule.coverage) ?? 1;
  const rows = arms.map((value, index) => {
    const meta = Array.isArray(rule.meta) ? rule.meta[index] ?? {} : {};
    const key = `${meta.key ?? index}`;
    const range = Array.isArray(rule.ranges) ? rule.ranges[index] : undefined;
    const weight = Array.isArray(rule.weights) ? plain(rule.weights[index]) : 1 / arms.length;
    const all = Array.isArray(range) ? plain(range[1]) - plain(range[0]) : weight * coverage;
    return make("tr", { class: `${chosen}` === key ? "best" : "" },
      make("th", { scope: "row" }, meta.name ? `${key} ${meta.name}` : key),
      make("td", {}, Array.isArray(range) ? "–" : share(weight)), make("td", {}, share(all)),
      make("td", { class: "arm-value", title: lineOf(value, 2000) }, lineOf(value, 120)));
  });
  const head = ["Arm", "Weight", "Of all", "Value"].map((text) => make("th", { scope: "col" }, text));
  return make("div", { class: "scroll" },
    make("table", { class: "arms" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
}

function share(value) {
  const number = plain(value);
  return typeof number === "number" && Number.isFinite(number) ? percent(number) : "?";
}

const percentSpan = (range) => Array.isArray(range) ? `${share(range[0])} to ${share(range[1])}` : "nothing";

function scheduleText({ from, until }) {
  const time = (text) => Number.isNaN(Date.parse(text)) ? lineOf(text) : moment(Date.parse(text));
  return [from && `from ${time(from)}`, until && `until ${time(until)}`].filter(Boolean).join(" ") || "always";
}
