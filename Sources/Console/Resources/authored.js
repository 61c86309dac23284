// JSON that keeps how numbers were written: apps get `1.0`, so people should not read `1`.

/// What a JSON text says. Numbers that JavaScript would write otherwise stay raw, where the browser knows how.
export function parsed(text) {
  return JSON.rawJSON ? JSON.parse(text, keeping) : JSON.parse(text);
}

function keeping(_, value, { source } = {}) {
  return typeof value === "number" && source !== undefined && source !== `${value}` ? JSON.rawJSON(source) : value;
}

/// A value to compute with: raw numbers become numbers, everything else stays.
export function plain(value) {
  return JSON.rawJSON && JSON.isRawJSON(value) ? Number(value.rawJSON) : value;
}

/// A value as text in one line, `…` behind the first `longest` characters.
export function lineOf(value, longest = Infinity) {
  const text = JSON.stringify(value) ?? "–";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/// A value as text, indented.
export const indented = (value) => JSON.stringify(value, null, 2) ?? "–";

/// Whether it is an object with members: no list, no raw number.
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && typeof plain(value) === "object";
}
