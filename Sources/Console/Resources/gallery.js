// The originals as a row of tiles, the way in for new ones, and the progress of those that are on their way.

import { byId, make, say } from "./elements.js";
import { parse, path } from "./options.js";
import { formatName, pixels } from "./units.js";

const thumbnail = parse("rs:fill:264:198/q:70");

export class Gallery {
  #service;
  #onChoose;
  #list = byId("gallery");
  #problem = byId("gallery-problem");
  #tiles = new Map();
  #chosen = null;
  #more = null;

  constructor(service, onChoose) {
    this.#service = service;
    this.#onChoose = onChoose;
    this.#acceptFiles();
  }

  get originals() { return [...this.#tiles.values()].map((tile) => tile.original); }

  /// Fetches the next page of originals; throws `Problem`.
  async load(after) {
    const { originals, next } = await this.#service.originals(after);
    this.#more?.remove();
    const fresh = originals
      .filter((original) => !this.#tiles.has(original.id))
      .sort((one, other) => other.created.localeCompare(one.created));
    for (const original of fresh) this.#list.append(this.#tile(original));
    if (next) this.#list.append(this.#moreButton(next));
    this.#count();
    await this.#thumbnails(fresh);
  }

  /// Puts an original on the workbench, after asking for it where it is on none of the pages fetched so far.
  /// Throws `Problem` when the server does not have it.
  async choose(id) {
    if (!this.#tiles.has(id)) {
      const { width, height, format, bytes } = await this.#service.information(path(parse(""), id));
      await this.#show({ id, width, height, format, bytes, filename: null, visibility: "public" });
    }
    const tile = this.#tiles.get(id);
    this.#tiles.get(this.#chosen)?.button.setAttribute("aria-pressed", "false");
    this.#chosen = id;
    tile.button.setAttribute("aria-pressed", "true");
    this.#onChoose(tile.original);
  }

  /// A tile in front of the others.
  async #show(original) {
    this.#list.firstElementChild.after(this.#tile(original));
    this.#count();
    await this.#thumbnails([original]);
  }

  #tile(original) {
    const name = original.filename || `${original.id.slice(0, 10)}…`;
    const picture = make("img", { alt: "", width: 132, height: 99, loading: "lazy", decoding: "async" });
    picture.addEventListener("error", () => picture.classList.add("broken"));
    const button = make("button", { type: "button", class: "tile", "aria-pressed": "false", title: name },
      picture, caption(name, `${formatName(original.format)} ${pixels(original.width, original.height)}`));
    button.addEventListener("click", () => this.choose(original.id));
    this.#tiles.set(original.id, { original, button, picture });
    return make("li", {}, button);
  }

  async #thumbnails(originals) {
    const paths = originals.map((original) => path(thumbnail, original.id, expiry(original)));
    const urls = await this.#service.urls(paths);
    originals.forEach(({ id }, index) => { this.#tiles.get(id).picture.src = urls[index]; });
  }

  #moreButton(next) {
    const button = make("button", { type: "button", class: "tile more" }, "Show more");
    button.addEventListener("click", () => this.load(next).catch((problem) => say(this.#problem, problem.message)));
    this.#more = make("li", {}, button);
    return this.#more;
  }

  #count() {
    const count = this.#tiles.size;
    const hasMore = this.#more?.isConnected ?? false;
    byId("originals-count").textContent = count === 0 ? "none yet" : `${count}${hasMore ? "+" : ""}`;
  }

  #acceptFiles() {
    const input = byId("file");
    const veil = byId("veil");
    const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
    input.addEventListener("change", () => {
      this.#add([...input.files]);
      input.value = "";
    });
    document.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      veil.hidden = false;
    });
    document.addEventListener("dragleave", (event) => { if (event.relatedTarget === null) veil.hidden = true; });
    document.addEventListener("drop", (event) => {
      veil.hidden = true;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#add([...event.dataTransfer.files]);
    });
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) this.#add(files);
    });
  }

  /// Uploads one after the other; the first that succeeds is put on the workbench.
  async #add(files) {
    say(this.#problem, "");
    let first = true;
    const refused = [];
    for (const file of files) {
      try {
        const id = await this.#send(file);
        if (first) await this.choose(id);
        first = false;
      } catch (problem) {
        refused.push(`${file.name}: ${problem.message}`);
      }
    }
    say(this.#problem, refused.join("\n"));
  }

  async #send(file) {
    const bar = make("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
    const place = make("li", {}, make("div", { class: "tile sending" }, bar, caption(file.name, "on its way")));
    this.#list.firstElementChild.after(place);
    try {
      const answer = await this.#service.upload(file, (share) => { bar.value = share; });
      byId("upload-status").textContent = answer.existed ? `${file.name} was already here` : `${file.name} is stored`;
      if (!this.#tiles.has(answer.id)) await this.#show({ visibility: "public", ...answer, filename: file.name });
      return answer.id;
    } finally {
      place.remove();
    }
  }
}

const caption = (name, detail) => make("span", { class: "caption" }, name, make("small", {}, detail));

/// Private originals are only served until a stated time: the end of the next full hour.
export function expiry(original) {
  if (original.visibility !== "private") return [];
  const hour = 3600;
  return [`exp:${(Math.floor(Date.now() / 1000 / hour) + 2) * hour}`];
}
