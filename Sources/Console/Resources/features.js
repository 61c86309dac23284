// A features file in the shape in which this page shows it.

import { Members, isObject, plain } from "./authored.js";
import { eachAttribute } from "./conditions.js";

const quickFields = 8;
const suggestions = 24;

/// The settings of a features file, the attributes that its rules ask for most, and `full(name)`: a setting whose
/// numbers are spelt as authored. The text is `null` where it is not known.
export function readFeatures(text) {
  const document = JSON.parse(text ?? "{}");
  const features = isObject(document.features) ? document.features : {};
  const authored = text === null ? null : new Members(text).inside("features");
  const seen = new Map();
  const settings = Object.entries(features).map(([name, source]) => {
    const setting = read(name, isObject(source) ? source : {});
    for (const rule of setting.rules) note(rule, seen);
    return setting;
  });
  const attributes = [...seen.values()].sort((one, other) => other.uses - one.uses).slice(0, quickFields);
  const full = (name) => {
    const source = authored?.value(name);
    return source === undefined ? null : read(name, isObject(source) ? source : {});
  };
  return { settings, attributes, full };
}

/// Settings of which only the names are known.
export function namedSettings(names) {
  return names.map((name) => ({ ...read(name, {}), isNameOnly: true }));
}

function read(name, source) {
  const rules = (Array.isArray(source.rules) ? source.rules : []).map((rule) => isObject(rule) ? rule : {});
  const experiments = rules.filter(isExperiment);
  const owner = typeof source["x-owner"] === "string" ? source["x-owner"] : "";
  const words = [name, owner, ...experiments.map((rule) => rule.key ?? ""), ...rules.map((rule) => rule.id ?? "")];
  return {
    name, owner, rules,
    default: source.defaultValue ?? null,
    isKilled: source["x-kill"] === true,
    schedule: isObject(source["x-schedule"]) ? source["x-schedule"] : null,
    hasPlaceholders: source["x-placeholders"] === true,
    experiments: experiments.length,
    hasKilledRule: rules.some((rule) => rule["x-kill"] === true),
    hasSchedule: isObject(source["x-schedule"]) || rules.some((rule) => isObject(rule["x-schedule"])),
    words: words.join("\n").toLowerCase(),
  };
}

export const isExperiment = (rule) => Array.isArray(rule.variations) && !Object.hasOwn(rule, "force");

/// Counts the attributes that a rule needs.
function note(rule, seen) {
  const visit = (path, values) => {
    let attribute = seen.get(path);
    if (!attribute) seen.set(path, attribute = { path, uses: 0, values: new Set() });
    attribute.uses += 1;
    for (const value of values) if (attribute.values.size < suggestions) attribute.values.add(plain(value));
  };
  eachAttribute(rule.condition, visit);
  const isShared = isExperiment(rule) || plain(rule.coverage) < 1 || Array.isArray(rule.range);
  if (isShared) visit(typeof rule.hashAttribute === "string" ? rule.hashAttribute : "id", []);
}
