// The option segments of a rendition's URL as a flat model, and back.
//
// What the controls can show becomes a field of the model. Everything else (options without a control, arguments a
// control cannot express, typing mistakes) is kept word for word in `rest` and sent on, so that the server judges it.
// parse(format(model)) gives the same model.

export const defaults = Object.freeze({
  rt: "fit", w: 0, h: 0, el: false, ex: false, exar: false, dpr: 1, z: 1,
  g: "ce", gx: 0, gy: 0, cw: 0, ch: 0, t: null,
  ar: true, rot: 0, flh: false, flv: false, bl: 0, sh: 0, pix: 0,
  bg: "", pdt: 0, pdr: 0, pdb: 0, pdl: 0,
  text: "", textSize: 24, textColor: "000000", textGravity: "ce", textX: 0, textY: 0, textOpacity: 1,
  format: "", q: 0, aq: "", aqTarget: null, mb: 0, sm: true,
  rest: Object.freeze([]),
});

const resizings = ["fit", "fill", "fill-down", "force", "auto"];
const anchors = ["ce", "no", "so", "ea", "we", "noea", "nowe", "soea", "sowe"];
const formats = { jpg: "jpeg", jpeg: "jpeg", png: "png", webp: "webp", avif: "avif", jxl: "jxl", gif: "gif" };
const suggestedTargets = { dssim: 0.02, size: 40000 };

const number = (word, { least = 0, most = Infinity, whole = false } = {}) => {
  if (!/^-?\d+(\.\d+)?$/.test(word)) return undefined;
  const value = Number(word);
  return value < least || value > most || (whole && !Number.isInteger(value)) ? undefined : value;
};
const whole = (word) => number(word, { whole: true });
const bool = (word) => (/^(1|t|true)$/i.test(word) ? true : /^(0|f|false)$/i.test(word) ? false : undefined);
const oneOf = (list) => (word) => (list.includes(word) ? word : undefined);
const offset = (word) => number(word, { least: -Infinity });

function hexColor(word) {
  const long = /^[0-9a-f]{3}$/i.test(word) ? word.replace(/./g, "$&$&") : word;
  return /^[0-9a-f]{6}$/i.test(long) ? long.toLowerCase() : undefined;
}

function base64url(text) {
  const binary = String.fromCodePoint(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64url(word) {
  if (!/^[\w-]+=*$/.test(word)) return undefined;
  try {
    const binary = atob(word.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (byte) => byte.codePointAt(0)));
  } catch {
    return undefined;
  }
}

/// Reads `words` by position into fields: an empty or absent word leaves its field alone.
/// Gives undefined when there are too many words or one does not fit.
const positional = (...fields) => (words) => {
  if (words.length > fields.length || words.every((word) => word === "")) return undefined;
  const found = {};
  for (const [index, word] of words.entries()) {
    if (word === "") continue;
    const [name, read] = fields[index];
    const value = read(word);
    if (value === undefined) return undefined;
    found[name] = value;
  }
  return found;
};

const size = [["w", whole], ["h", whole], ["el", bool], ["ex", bool]];

function gravity(words) {
  const [kind, x = "", y = ""] = words;
  if (words.length > 3) return undefined;
  if (kind === "sm") return x === "" && y === "" ? { g: "sm", gx: 0, gy: 0 } : undefined;
  if (kind !== "fp" && !anchors.includes(kind)) return undefined;
  if (kind === "fp" && (x === "" || y === "")) return undefined;
  const place = kind === "fp" ? (word) => number(word, { most: 1 }) : offset;
  const gx = x === "" ? 0 : place(x);
  const gy = y === "" ? 0 : place(y);
  return gx === undefined || gy === undefined ? undefined : { g: kind, gx, gy };
}

function padding(words) {
  if (words.length > 4) return undefined;
  const [top, right = "", bottom = "", left = ""] = words;
  const pdt = top === "" ? 0 : whole(top);
  const pdr = right === "" ? pdt : whole(right);
  const pdb = bottom === "" ? pdt : whole(bottom);
  const pdl = left === "" ? pdr : whole(left);
  return [pdt, pdr, pdb, pdl].includes(undefined) ? undefined : { pdt, pdr, pdb, pdl };
}

function background(words) {
  if (words.length === 1) {
    const bg = words[0] === "" ? "" : hexColor(words[0]);
    return bg === undefined ? undefined : { bg };
  }
  const channels = words.map((word) => number(word, { most: 255, whole: true }));
  if (channels.length !== 3 || channels.includes(undefined)) return undefined;
  return { bg: channels.map((channel) => channel.toString(16).padStart(2, "0")).join("") };
}

function zoom(words) {
  const factors = words.map((word) => number(word, { least: Number.MIN_VALUE }));
  if (factors.length > 2 || factors.includes(undefined) || new Set(factors).size !== 1) return undefined;
  return { z: factors[0] };
}

function trim(words) {
  const t = words.length === 1 ? number(words[0]) : undefined;
  return t === undefined ? undefined : { t };
}

const textLayer = positional(["text", fromBase64url], ["textSize", (word) => number(word, { least: Number.MIN_VALUE })],
  ["textColor", hexColor], ["textGravity", oneOf(anchors)], ["textX", offset], ["textY", offset],
  ["textOpacity", (word) => number(word, { most: 1 })]);

const readers = new Map();
const option = (names, read) => names.forEach((name) => readers.set(name, read));
option(["resize", "rs"], positional(["rt", oneOf(resizings)], ...size));
option(["size", "s"], positional(...size));
option(["resizing_type", "rt"], positional(["rt", oneOf(resizings)]));
option(["width", "w"], positional(["w", whole]));
option(["height", "h"], positional(["h", whole]));
option(["enlarge", "el"], positional(["el", bool]));
option(["extend", "ex"], positional(["ex", bool]));
option(["extend_aspect_ratio", "extend_ar", "exar"], positional(["exar", bool]));
option(["dpr"], positional(["dpr", (word) => number(word, { least: Number.MIN_VALUE })]));
option(["zoom", "z"], zoom);
option(["gravity", "g"], gravity);
option(["crop", "c"], positional(["cw", number], ["ch", number]));
option(["trim", "t"], trim);
option(["padding", "pd"], padding);
option(["text", "txt"], (words) => (words[0] === "" ? undefined : textLayer(words)));
option(["auto_rotate", "ar"], positional(["ar", bool]));
option(["rotate", "rot"], positional(["rot", (word) => (whole(word) % 90 === 0 ? whole(word) % 360 : undefined)]));
option(["flip", "fl"], positional(["flh", bool], ["flv", bool]));
option(["background", "bg"], background);
option(["blur", "bl"], positional(["bl", number]));
option(["sharpen", "sh"], positional(["sh", number]));
option(["pixelate", "pix"], positional(["pix", whole]));
option(["quality", "q"], positional(["q", (word) => number(word, { most: 100, whole: true })]));
option(["autoquality", "aq"], positional(["aq", oneOf(["dssim", "size"])], ["aqTarget", number]));
option(["max_bytes", "mb"], positional(["mb", whole]));
option(["strip_metadata", "sm"], positional(["sm", bool]));
option(["format", "f", "ext"], positional(["format", (word) => formats[word.toLowerCase()]]));

/// The model for a line of option segments. A whole URL or path of a rendition may be given too.
export function parse(line) {
  const { options, extension } = unwrapped(line.trim());
  const model = { ...defaults, rest: [] };
  const segments = options.split("/").filter((segment) => segment !== "");
  for (const segment of segments) {
    const [name, ...words] = segment.split(":");
    const found = words.length > 0 ? readers.get(name)?.(words) : undefined;
    const isSecondText = found?.text !== undefined && model.text !== "";
    if (found && !isSecondText) Object.assign(model, found);
    else model.rest.push(segment);
  }
  if (extension) {
    const format = formats[extension.toLowerCase()];
    if (format) model.format = format;
    else model.rest.push(`f:${extension}`);
  }
  return model;
}

function unwrapped(line) {
  const path = line.replace(/^https?:\/\/[^/]*/, "");
  const url = /^\/img\/[^/]*\/(.*?)\/?plain\/[^@]*(?:@(\w+))?$/.exec(path);
  if (url) return { options: url[1], extension: url[2] };
  const [, options, extension] = /^(.*?)(?:@(\w+))?$/s.exec(line);
  return { options, extension };
}

/// The shortest segments that say what the model says, in a fixed order; the format is not among them.
export function segments(model) {
  const list = [];
  const say = (condition, segment) => { if (condition) list.push(segment()); };
  const differs = (...names) => names.some((name) => model[name] !== defaults[name]);
  const flag = (name) => (model[name] ? "1" : "0");

  if (model.w || model.h) list.push(`rs:${model.rt}:${model.w}:${model.h}`);
  else say(differs("rt"), () => `rt:${model.rt}`);
  say(differs("el"), () => "el:1");
  say(differs("ex"), () => "ex:1");
  say(differs("exar"), () => "exar:1");
  say(differs("z"), () => `z:${model.z}`);
  say(differs("dpr"), () => `dpr:${model.dpr}`);
  say(differs("cw", "ch"), () => `c:${model.cw}:${model.ch}`);
  say(differs("t"), () => `t:${model.t}`);
  if (model.g === "sm") list.push("g:sm");
  else say(differs("g", "gx", "gy"), () => gravitySegment(model));
  say(differs("ar"), () => `ar:${flag("ar")}`);
  say(differs("rot"), () => `rot:${model.rot}`);
  say(differs("flh", "flv"), () => `fl:${flag("flh")}:${flag("flv")}`);
  say(differs("bg"), () => `bg:${model.bg}`);
  say(differs("bl"), () => `bl:${model.bl}`);
  say(differs("sh"), () => `sh:${model.sh}`);
  say(differs("pix"), () => `pix:${model.pix}`);
  say(differs("pdt", "pdr", "pdb", "pdl"), () => `pd:${model.pdt}:${model.pdr}:${model.pdb}:${model.pdl}`);
  say(model.text !== "", () => textSegment(model));
  say(differs("sm"), () => `sm:${flag("sm")}`);
  say(differs("q"), () => `q:${model.q}`);
  say(model.aq !== "", () => `aq:${model.aq}:${model.aqTarget ?? suggestedTargets[model.aq]}`);
  say(differs("mb"), () => `mb:${model.mb}`);
  return [...list, ...model.rest];
}

function gravitySegment({ g, gx, gy }) {
  return g === "fp" || gx || gy ? `g:${g}:${gx}:${gy}` : `g:${g}`;
}

function textSegment(model) {
  const words = [base64url(model.text)];
  for (const name of ["textSize", "textColor", "textGravity", "textX", "textY", "textOpacity"]) {
    words.push(model[name] === defaults[name] ? "" : model[name]);
  }
  while (words.at(-1) === "") words.pop();
  return `txt:${words.join(":")}`;
}

/// One line for people: segments and, when a format is asked for, "@format".
export function format(model) {
  return segments(model).join("/") + (model.format ? `@${model.format}` : "");
}

/// The part of the URL that is signed: options and source, percent-encoded where a path needs it.
export function path(model, id, extra = []) {
  const written = [...extra, ...segments(model)].map(encoded);
  const extension = model.format ? `@${model.format}` : "";
  return `/${[...written, "plain", `original://${id}`].join("/")}${extension}`;
}

/// Escapes what may not stand in a path; escapes that are already there stay as they are.
function encoded(segment) {
  return encodeURI(segment).replace(/%25(?=[0-9a-fA-F]{2})/g, "%").replace(/[?#]/g, encodeURIComponent);
}

/// The fields an option sets, so that a complaint about it can be shown beside its control.
export function fieldsOf(name) {
  const table = {
    rs: ["w", "h"], s: ["w", "h"], resize: ["w", "h"], size: ["w", "h"], width: ["w"], height: ["h"], quality: ["q"],
    aq: ["aq", "aqTarget"], autoquality: ["aq", "aqTarget"], blur: ["bl"], sharpen: ["sh"], pixelate: ["pix"],
    c: ["cw", "ch"], crop: ["cw", "ch"], trim: ["t"], pd: ["pdt"], padding: ["pdt"], background: ["bg"],
    max_bytes: ["mb"], text: ["text"], txt: ["text"], zoom: ["z"], g: ["gx", "gy"], gravity: ["gx", "gy"],
  };
  return table[name] ?? (name in defaults && name !== "rest" ? [name] : []);
}
