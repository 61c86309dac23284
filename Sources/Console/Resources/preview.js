// The rendition in its frame, and the facts about how it came.

import { byId, say } from "./elements.js";
import { path } from "./options.js";
import { serverTotal } from "./service.js";
import { bytes, formatName, megapixels, milliseconds, percent, pixels } from "./units.js";

const standIn = "webp";
const nothingDrawn = { objectUrl: null, width: 0, height: 0 };
const facts = ["format", "size", "bytes", "time", "server", "cache"];
const details = ["type", "megapixels", "share", "origin", "steps", "cache-detail"];
const cacheWords = { "uri-miss": "Miss", "vary-miss": "Miss", miss: "Miss", bypass: "Bypass", stale: "Stale" };

export class Preview {
  #service;
  #picture = byId("preview");
  #busy = byId("busy");
  #frame = byId("frame");
  #running = null;
  #shownUrl = null;

  constructor(service) {
    this.#service = service;
    const fit = byId("fit-frame");
    fit.checked = matchMedia("(max-width: 820px)").matches;
    const apply = () => this.#frame.classList.toggle("fit", fit.checked);
    fit.addEventListener("change", apply);
    apply();
  }

  /// Shows a rendition and gives `{ url, width, height, mediaType }`; `null` when a newer call overtook this one.
  /// Throws `Problem` and leaves the former picture standing, dimmed.
  async show(model, original, extra) {
    this.#running?.abort();
    const run = this.#running = new AbortController();
    const { signal } = run;
    this.#busy.hidden = false;
    try {
      const [url] = await this.#service.urls([path(model, original.id, extra)], "img", signal);
      const rendition = await this.#service.rendition(url, { signal });
      const picture = await this.#drawable(rendition, model, original, extra, signal);
      signal.throwIfAborted();
      this.#put(picture, model.dpr);
      this.#tell(rendition, picture, original);
      return { url, ...picture, mediaType: rendition.mediaType };
    } catch (error) {
      if (error.name === "AbortError") return null;
      this.#fail();
      throw error;
    } finally {
      if (this.#running === run) this.#busy.hidden = true;
    }
  }

  /// A decoded picture of the rendition. Where this browser cannot draw the format, the same as WebP stands in.
  async #drawable(rendition, model, original, extra, signal) {
    const decoded = await decodedPicture(rendition.blob);
    if (decoded) return { ...decoded, note: "" };
    const name = formatName(rendition.mediaType);
    const standing = path({ ...model, format: standIn, q: 0, aq: "", mb: 0 }, original.id, extra);
    const [url] = await this.#service.urls([standing], "img", signal);
    const stand = await this.#service.rendition(url, { signal });
    const drawn = await decodedPicture(stand.blob);
    if (!drawn) return { ...nothingDrawn, note: `This browser cannot draw ${name}.` };
    const note = `This browser cannot draw ${name}: the picture is the same rendition as ${formatName(standIn)}, `
      + `the facts are about ${name}.`;
    return { ...drawn, note };
  }

  #put({ objectUrl, width, height }, pixelRatio) {
    const former = this.#shownUrl;
    this.#shownUrl = objectUrl;
    byId("empty").hidden = true;
    this.#picture.hidden = objectUrl === null;
    this.#frame.classList.remove("stale");
    if (objectUrl) {
      this.#picture.src = objectUrl;
      this.#picture.width = Math.round(width / pixelRatio);
      this.#picture.height = Math.round(height / pixelRatio);
      this.#picture.alt = `Rendition, ${width} by ${height} pixels`;
    }
    if (former) URL.revokeObjectURL(former);
  }

  #tell(rendition, { width, height, note }, original) {
    const { blob, elapsed, mediaType, steps, cacheStatus, fromBrowser } = rendition;
    const parts = steps.filter((step) => step.name !== "total");
    const server = serverTotal(steps);
    const set = (id, text) => { byId(id).textContent = text; byId(id).title = text; };
    set("fact-format", formatName(mediaType));
    set("fact-type", mediaType);
    set("fact-size", width ? pixels(width, height) : "–");
    set("fact-megapixels", width ? megapixels(width, height) : "");
    set("fact-bytes", bytes(blob.size));
    set("fact-share", original.bytes ? `${percent(blob.size / original.bytes)} of original` : "");
    set("fact-time", milliseconds(elapsed));
    set("fact-origin", fromBrowser ? "from this browser’s cache" : "request to last byte");
    set("fact-server", server === null ? "–" : milliseconds(server));
    const list = parts.map((step) => `${step.name} ${milliseconds(step.duration)}`).join(" · ");
    set("fact-steps", fromBrowser ? "when it was made" : list);
    set("fact-cache", fromBrowser ? "Browser" : cacheWord(cacheStatus));
    set("fact-cache-detail", cacheStatus);
    say(byId("note"), note);
    byId("result").textContent =
      `${formatName(mediaType)}, ${width} by ${height} pixels, ${bytes(blob.size)}, ${milliseconds(elapsed)}`;
  }

  #fail() {
    this.#frame.classList.add("stale");
    for (const fact of facts) byId(`fact-${fact}`).textContent = "–";
    for (const detail of details) byId(`fact-${detail}`).textContent = "";
    say(byId("note"), "");
    byId("result").textContent = "";
  }
}

/// `{ objectUrl, width, height }`, or `null` when this browser cannot decode the bytes.
async function decodedPicture(blob) {
  const objectUrl = URL.createObjectURL(blob);
  const picture = new Image();
  picture.src = objectUrl;
  try {
    await picture.decode();
  } catch {
    URL.revokeObjectURL(objectUrl);
    return null;
  }
  return { objectUrl, width: picture.naturalWidth, height: picture.naturalHeight };
}

/// One word for a Cache-Status field (RFC 9211); the last member is the cache nearest to this browser.
export function cacheWord(header) {
  const nearest = header.split(",").at(-1);
  if (/;\s*hit\b/.test(nearest)) return "Hit";
  if (/;\s*collapsed\b/.test(nearest)) return "Joined";
  const forwarded = /;\s*fwd=([\w-]+)/.exec(nearest)?.[1];
  if (!forwarded) return "–";
  return /;\s*stored\b/.test(nearest) ? "Miss, stored" : cacheWords[forwarded] ?? forwarded;
}
