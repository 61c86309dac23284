// JSON that keeps how numbers were written: apps get `1.0`, so people should not read `1`.

/// An object's members of which each is read when it is asked for: reading all with their spelling takes a second.
export class Members {
  #text;
  #spans;

  /// `text` is well-formed; the object's brace is the first one behind `from`.
  constructor(text, from = 0) {
    this.#text = text;
    this.#spans = spansOfMembers(text, from);
  }

  /// A member as it was written; `undefined` if there is none.
  value(name) {
    const span = this.#spans.get(name);
    return span && parsed(this.#text.slice(...span));
  }

  /// The members of a member.
  inside(name) {
    const span = this.#spans.get(name);
    return span && this.#text.slice(...span).trimStart().startsWith("{") ? new Members(this.#text, span[0]) : null;
  }
}

/// Where each member's value begins and ends; of members with the same name the last one counts.
function spansOfMembers(text, from) {
  const spans = new Map();
  for (let end = text.indexOf("{", from); text[end] !== "}";) {
    const open = text.indexOf('"', end);
    if (open < 0 || text.slice(end + 1, open).trim() !== "") break;
    const close = endOfString(text, open);
    const colon = text.indexOf(":", close);
    end = endOfValue(text, colon + 1);
    spans.set(JSON.parse(text.slice(open, close + 1)), [colon + 1, end]);
  }
  return spans;
}

/// The comma or brace behind a value.
function endOfValue(text, from) {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    switch (text[index]) {
      case '"': index = endOfString(text, index); break;
      case "{": case "[": depth += 1; break;
      case "}": case "]":
        if (depth === 0) return index;
        depth -= 1;
        break;
      case ",": if (depth === 0) return index;
    }
  }
  return text.length;
}

/// The quotation mark that closes a string, whose first one is at `open`.
function endOfString(text, open) {
  for (let close = open + 1;; close++) {
    close = text.indexOf('"', close);
    if (close < 0) return text.length;
    let slashes = 0;
    while (text[close - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return close;
  }
}

/// What a JSON text says. Numbers that JavaScript would write otherwise stay raw, where the browser knows how.
function parsed(text) {
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
