// The part of GrowthBook's rules that the benchmark's project uses: conditions, coverage, experiments, namespaces,
// filters and prerequisites. Written for this comparison; what the project does not use is left out.

function fnv32a(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

export function bucket(seed, value, version) {
  if (version === 2) return (fnv32a(fnv32a(seed + value) + "") % 10000) / 10000;
  return (fnv32a(value + seed) % 1000) / 1000;
}

function at(attributes, path) {
  let current = attributes;
  for (const part of path.split(".")) {
    if (current === null || typeof current !== "object" || !(part in current)) return null;
    current = current[part];
  }
  return current;
}

function paddedVersion(text) {
  const parts = String(text).replace(/(^v|\+.*$)/g, "").split(/[-.]/);
  if (parts.length === 3) parts.push("~");
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, " ") : part)).join("-");
}

const patterns = new Map();
function pattern(text) {
  if (!patterns.has(text)) patterns.set(text, new RegExp(text));
  return patterns.get(text);
}

function isIn(actual, list) {
  return Array.isArray(actual) ? actual.some((item) => list.includes(item)) : list.includes(actual);
}

function test(operator, actual, expected, groups) {
  switch (operator) {
    case "$eq": return actual === expected;
    case "$ne": return actual !== expected;
    case "$lt": return actual < expected;
    case "$lte": return actual <= expected;
    case "$gt": return actual > expected;
    case "$gte": return actual >= expected;
    case "$vgt": return paddedVersion(actual) > paddedVersion(expected);
    case "$vgte": return paddedVersion(actual) >= paddedVersion(expected);
    case "$exists": return expected ? actual != null : actual == null;
    case "$in": return isIn(actual, expected);
    case "$nin": return !isIn(actual, expected);
    case "$inGroup": return isIn(actual, groups[expected] || []);
    case "$notInGroup": return !isIn(actual, groups[expected] || []);
    case "$regex": return pattern(expected).test(actual);
    case "$size": return Array.isArray(actual) && testValue(expected, actual.length, groups);
    case "$all": return Array.isArray(actual) && expected.every((each) => actual.includes(each));
    case "$elemMatch":
      return Array.isArray(actual) && actual.some((item) => Object.keys(expected).every((key) => key.startsWith("$"))
        ? testValue(expected, item, groups) : matches(expected, item, groups));
    default: throw new Error("the project does not use " + operator);
  }
}

function testValue(expected, actual, groups) {
  if (expected === null) return actual == null;
  if (typeof expected !== "object") return actual === expected;
  if (Array.isArray(expected)) return JSON.stringify(actual) === JSON.stringify(expected);
  for (const operator in expected) if (!test(operator, actual, expected[operator], groups)) return false;
  return true;
}

export function matches(condition, attributes, groups) {
  for (const key in condition) {
    const part = condition[key];
    const holds = key === "$or" ? part.some((each) => matches(each, attributes, groups))
      : key === "$nor" ? !part.some((each) => matches(each, attributes, groups))
      : key === "$and" ? part.every((each) => matches(each, attributes, groups))
      : key === "$not" ? !matches(part, attributes, groups)
      : testValue(part, at(attributes, key), groups);
    if (!holds) return false;
  }
  return true;
}

function rangesOf(rule) {
  if (rule.ranges) return rule.ranges;
  const coverage = rule.coverage ?? 1;
  let start = 0;
  return (rule.weights ?? rule.variations.map(() => 1 / rule.variations.length)).map((weight) => {
    const range = [start, start + coverage * weight];
    start += weight;
    return range;
  });
}

// Which value a setting has for a user: 0 is the default, then the rules' values in their order.
// `holds(rule)` says whether the rule's condition holds; `parent(name)` gives another setting's value.
export function choice(rules, attributes, now, holds, parent) {
  let candidate = 1;
  for (const rule of rules) {
    const first = candidate;
    candidate += rule.variations ? rule.variations.length : 1;
    const schedule = rule["x-schedule"];
    if (schedule && !(Date.parse(schedule.from) <= now && now < Date.parse(schedule.until))) continue;
    const parents = rule.parentConditions || [];
    const failed = parents.find((each) => !testValue(each.condition.value, parent(each.id), {}));
    if (failed) {
      if (failed.gate) return -1;
      continue;
    }
    if (rule.filters && rule.filters.some((filter) => {
      const position = bucket(filter.seed, attributes[filter.attribute] + "", filter.hashVersion);
      return !filter.ranges.some(([low, high]) => position >= low && position < high);
    })) continue;
    if (!holds(rule)) continue;
    if (!rule.variations) {
      if (rule.coverage === undefined) return first;
      const position = bucket(rule.seed ?? rule.setting, attributes[rule.hashAttribute] + "", rule.hashVersion ?? 1);
      if (position <= rule.coverage) return first;
      continue;
    }
    const unit = attributes[rule.hashAttribute] + "";
    if (rule.namespace && !rule.filters) {
      const [space, low, high] = rule.namespace;
      const position = bucket("__" + space, unit, 1);
      if (position < low || position >= high) continue;
    }
    const position = bucket(rule.seed, unit, rule.hashVersion ?? 1);
    const variation = rangesOf(rule).findIndex(([low, high]) => position >= low && position < high);
    if (variation >= 0) return first + variation;
  }
  return 0;
}
