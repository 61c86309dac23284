// Targeting conditions in words, and the attributes that they look at.

import { isObject, lineOf, plain } from "./authored.js";

const shownMembers = 6;
const depthMax = 12;

/// Operators with one operand, in words before it.
const comparisons = {
  $eq: "is", $ne: "is not", $lt: "<", $lte: "≤", $gt: ">", $gte: "≥",
  $veq: "is version", $vne: "is not version", $vlt: "is before version", $vlte: "is at most version",
  $vgt: "is after version", $vgte: "is at least version",
};

const lists = {
  $in: "is one of", $nin: "is none of", $ini: "is, in any case, one of", $nini: "is, in any case, none of",
  $all: "has all of", $alli: "has, in any case, all of",
};

/// What has to hold, one sentence for each part; nothing for a condition that always does.
export function conditionLines(condition) {
  return isObject(condition) ? parts(condition, 0) : [];
}

function parts(condition, depth) {
  if (depth > depthMax) return ["…"];
  return Object.entries(condition).flatMap(([key, value]) => {
    switch (key) {
      case "$and": return branches(value).flatMap((branch) => parts(branch, depth + 1));
      case "$or": return branches(value).length > 0 ? [joined(branches(value), " or ", depth)] : [];
      case "$nor": return [`none of: ${joined(branches(value), "; ", depth)}`];
      case "$not": return [`not (${all(value, depth)})`];
      default: return tests(key, value, depth);
    }
  });
}

const branches = (value) => Array.isArray(value) ? value.filter(isObject) : [];
const all = (value, depth) => isObject(value) ? parts(value, depth + 1).join(" and ") || "anything" : lineOf(value);

function joined(list, word, depth) {
  return list.map((branch) => {
    const inner = parts(branch, depth + 1).join(" and ") || "anything";
    return list.length > 1 ? `(${inner})` : inner;
  }).join(word);
}

const isOperators = (value) => isObject(value) && Object.keys(value).length > 0
  && Object.keys(value).every((key) => key.startsWith("$"));

/// What is asked of one attribute.
function tests(path, value, depth) {
  if (value === null) return [`${path} is missing or null`];
  if (!isOperators(value)) return [`${path} is ${lineOf(value, 120)}`];
  return Object.entries(value).map(([operator, operand]) => `${path} ${test(operator, operand, depth)}`.trim());
}

function test(operator, operand, depth) {
  if (comparisons[operator]) return `${comparisons[operator]} ${lineOf(operand, 120)}`;
  if (lists[operator]) return `${lists[operator]} ${members(operand)}`;
  switch (operator) {
    case "$exists": return operand ? "is there" : "is not there";
    case "$type": return `is of type ${operand}`;
    case "$size": return `has a size that ${nested(operand, depth)}`;
    case "$elemMatch": return `has an element that ${nested(operand, depth)}`;
    case "$not": return `is not so that it ${nested(operand, depth)}`;
    case "$regex": return `matches /${operand}/`;
    case "$regexi": return `matches /${operand}/i`;
    case "$inGroup": return `is in the group ${operand}`;
    case "$notInGroup": return `is not in the group ${operand}`;
    default: return `${operator} ${lineOf(operand, 120)}`;
  }
}

function nested(operand, depth) {
  if (isOperators(operand)) return tests("", operand, depth + 1).join(" and ");
  return isObject(operand) ? `has ${all(operand, depth)}` : `is ${lineOf(operand, 120)}`;
}

function members(operand) {
  if (!Array.isArray(operand)) return lineOf(operand, 120);
  const shown = operand.slice(0, shownMembers).map((member) => lineOf(member, 40)).join(", ");
  const rest = operand.length - shownMembers;
  return rest > 0 ? `${shown} and ${rest.toLocaleString("en")} more` : shown || "nothing";
}

/// Calls `visit(path, values)` for each attribute that a condition tests, with the values it is compared to.
export function eachAttribute(condition, visit, depth = 0) {
  if (!isObject(condition) || depth > depthMax) return;
  for (const [key, value] of Object.entries(condition)) {
    if (key === "$and" || key === "$or" || key === "$nor") {
      for (const branch of branches(value)) eachAttribute(branch, visit, depth + 1);
    } else if (key === "$not") {
      eachAttribute(value, visit, depth + 1);
    } else {
      visit(key, operands(value));
    }
  }
}

function operands(value) {
  if (!isOperators(value)) return isScalar(value) ? [value] : [];
  return Object.entries(value).flatMap(([operator, operand]) => {
    if (operator in lists && Array.isArray(operand)) return operand.slice(0, 20).filter(isScalar);
    return operator in comparisons && isScalar(operand) ? [operand] : [];
  });
}

const isScalar = (value) => ["string", "number", "boolean"].includes(typeof plain(value));
