// The same document from Node, in four ways, on a free port of loopback: node peer.mjs FOLDER
//
//   POST /parse      parses the features file for every request, as a function without memory must
//   POST /cached     keeps the parsed file; evaluates and serialises
//   POST /splice     keeps each value's text; evaluates and joins texts
//   POST /memo       the same, with each distinct condition evaluated once per request
//
// Answers are uncompressed. The first line of output is the port.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { choice, matches } from "./rules.mjs";

const source = readFileSync(process.argv[2] + "/features.json");
const project = JSON.parse(source);
prepare(project);

function prepare({ features }) {
  for (const name in features) for (const rule of features[name].rules || []) rule.setting = name;
}

function valuesOf(feature) {
  return [feature.defaultValue, ...(feature.rules || []).flatMap((rule) => rule.variations || [rule.force])];
}

// Every value as the text it was authored in, and every distinct condition under a number.
const numbers = new Map();
const table = Object.entries(project.features).map(([name, feature]) => ({
  name,
  rules: feature.rules || [],
  head: Buffer.from((JSON.stringify(name) + ":")),
  texts: valuesOf(feature).map((value) => Buffer.from(JSON.stringify(value))),
}));
for (const { rules } of table) {
  for (const rule of rules) {
    if (!rule.condition) continue;
    const text = JSON.stringify(rule.condition);
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    rule.number = numbers.get(text);
  }
}

function chooser({ features, savedGroups }, attributes, memo) {
  const now = Date.now();
  const holds = (rule) => {
    if (!rule.condition) return true;
    if (!memo) return matches(rule.condition, attributes, savedGroups);
    if (memo[rule.number] === 0) memo[rule.number] = matches(rule.condition, attributes, savedGroups) ? 1 : 2;
    return memo[rule.number] === 1;
  };
  const parent = (name) => {
    const feature = features[name];
    return valuesOf(feature)[choice(feature.rules || [], attributes, now, holds, parent)];
  };
  return (rules) => choice(rules, attributes, now, holds, parent);
}

function document(parsed, attributes) {
  const choose = chooser(parsed, attributes, null);
  const answer = {};
  for (const name in parsed.features) {
    const feature = parsed.features[name];
    const place = choose(feature.rules || []);
    answer[name] = place < 0 ? null : place === 0 ? feature.defaultValue : valuesOf(feature)[place];
  }
  return Buffer.from(JSON.stringify(answer));
}

const [open, comma, close, nothing] = ["{", ",", "}", "null"].map((text) => Buffer.from(text));

function spliced(attributes, memo) {
  const choose = chooser(project, attributes, memo);
  const pieces = [open];
  for (const { rules, head, texts } of table) {
    if (pieces.length > 1) pieces.push(comma);
    const place = rules.length ? choose(rules) : 0;
    pieces.push(head, place < 0 ? nothing : texts[place]);
  }
  pieces.push(close);
  return Buffer.concat(pieces);
}

const ways = {
  "/parse": (attributes) => {
    const parsed = JSON.parse(source);
    prepare(parsed);
    return document(parsed, attributes);
  },
  "/cached": (attributes) => document(project, attributes),
  "/splice": (attributes) => spliced(attributes, null),
  "/memo": (attributes) => spliced(attributes, new Uint8Array(numbers.size)),
};

createServer((request, response) => {
  const way = ways[request.url];
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    if (!way) return response.writeHead(404).end();
    const body = way(JSON.parse(Buffer.concat(parts)));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
