// What the server knows about an original: the answer of `/info/…`, with its placeholder painted.

import { paint } from "./blurhash.js";
import { byId, make, say } from "./elements.js";
import { path, parse } from "./options.js";
import { bytes, formatName, megapixels, pixels } from "./units.js";

const question = parse("bh:4:3/th:1/dc:1");

export class Passport {
  #service;
  #list = byId("info");
  #canvas = byId("blurhash");
  #problem = byId("info-problem");
  #running = null;

  constructor(service) {
    this.#service = service;
  }

  async show(original, extra) {
    this.#running?.abort();
    const { signal } = this.#running = new AbortController();
    try {
      const information = await this.#service.information(path(question, original.id, extra), signal);
      signal.throwIfAborted();
      say(this.#problem, "");
      this.#tell(information, original);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#list.replaceChildren();
      say(this.#problem, error.message);
    }
  }

  #tell(information, original) {
    const { width, height, format, frames = 1, orientation = 1, alpha, blurhash, thumbhash } = information;
    const color = information.dominant_color;
    const rows = [
      ["Id", original.id],
      ["Size", `${pixels(width, height)}, ${megapixels(width, height)}`],
      ["Format", formatName(format)],
      ["Bytes", bytes(information.bytes ?? original.bytes)],
      ["Orientation", orientation === 1 ? "upright" : `EXIF ${orientation}, turned upright in renditions`],
      ["Frames", frames],
      ["Alpha", alpha === undefined ? "–" : alpha ? "yes" : "no"],
      ["Visibility", original.visibility ?? "public"],
      ["BlurHash", blurhash ?? "–"],
      ["ThumbHash", thumbhash ?? "–"],
    ];
    this.#list.replaceChildren(...rows.map(([name, value]) => row(name, String(value))));
    if (color) this.#list.append(row("Main colour", swatch(color), color));
    this.#canvas.hidden = !blurhash;
    if (blurhash) paint(blurhash, this.#canvas);
  }
}

function row(name, ...value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
}

function swatch(color) {
  const sample = make("span", { class: "swatch" });
  sample.style.backgroundColor = color;
  return sample;
}
