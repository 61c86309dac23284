// The page: gallery, controls and preview, joined. The address bar keeps what is shown (`#/ID/options@format`).

import { Comparison } from "./comparison.js";
import { Controls } from "./controls.js";
import { EdgePanel } from "./edge.js";
import { byId, say } from "./elements.js";
import { FocusPicker } from "./focus.js";
import { Gallery, expiry } from "./gallery.js";
import { format, parse, path } from "./options.js";
import { Passport } from "./passport.js";
import { Preview } from "./preview.js";
import { Problem, Service } from "./service.js";
import { SettingsPanel } from "./settings.js";
import { bytes, formatName, pixels } from "./units.js";
import { UsagePanel } from "./usage.js";

const firstOptions = "rs:fit:640:480";
const focusOptions = parse("rs:fit:640:480/q:70");

class Page {
  #service;
  #original = null;
  #controls = new Controls((model) => this.#render(model));
  #focus = new FocusPicker((point) => this.#controls.change(point));
  #gallery;
  #preview;
  #comparison;
  #passport;
  #edge;
  #settings;
  #usage;

  constructor(service) {
    this.#service = service;
    this.#preview = new Preview(service);
    this.#passport = new Passport(service);
    this.#comparison = new Comparison(service, (format) => this.#controls.change({ format }));
    this.#gallery = new Gallery(service, (original) => this.#work(original));
    this.#edge = new EdgePanel(service);
    this.#settings = new SettingsPanel(service);
    this.#usage = new UsagePanel(service);
    this.#header();
    addEventListener("hashchange", () => this.#fromAddress());
  }

  async open() {
    if (this.#service.needsToken) return this.#askForToken();
    const { origin = true, edge, usage } = this.#service.state;
    try {
      if (origin) await this.#gallery.load();
      if (edge) await this.#edge.open();
      if (edge) await this.#settings.open();
      if (usage) await this.#usage.open();
    } catch (problem) {
      if (problem.status !== 401 && problem.status !== 403) throw problem;
      return this.#askForToken(this.#service.token ? problem : null);
    }
    if (!origin) return this.#withoutOrigin();
    this.#controls.set(parse(firstOptions));
    const [newest] = this.#gallery.originals;
    if (!this.#fromAddress() && newest) await this.#gallery.choose(newest.id);
  }

  #header() {
    const { unsafe, version } = this.#service.state;
    byId("version").textContent = version ?? "";
    say(byId("mode"), unsafe ? "Demo: unsigned URLs" : "");
  }

  /// An edge in front of a foreign origin has no pictures of its own to work on.
  #withoutOrigin() {
    byId("originals").hidden = true;
    byId("workbench").hidden = true;
  }

  #askForToken(problem) {
    const form = byId("access");
    form.hidden = false;
    byId("rooms").hidden = true;
    say(byId("access-problem"), problem ? problem.message : "");
    this.#service.token = "";
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#service.token = byId("token").value.trim();
      form.hidden = true;
      byId("rooms").hidden = false;
      byId("token").value = "";
      this.open().catch(broken);
    };
    byId("token").focus();
  }

  /// Puts an original on the workbench.
  async #work(original) {
    this.#original = original;
    const name = original.filename || original.id.slice(0, 10);
    const nature = `${formatName(original.format)} ${pixels(original.width, original.height)}`;
    byId("source-name").textContent = `of ${name}, ${nature}, ${bytes(original.bytes)}`;
    this.#passport.show(original, expiry(original));
    this.#render(this.#controls.model);
    try {
      const [url] = await this.#service.urls([path(focusOptions, original.id, expiry(original))]);
      this.#focus.source(url, original);
    } catch (problem) {
      fail(problem);
    }
  }

  async #render(model) {
    this.#focus.show(model);
    const original = this.#original;
    if (!original) return;
    const extra = expiry(original);
    history.replaceState(null, "", `#/${original.id}/${format(model)}`);
    this.#comparison.about(model, original, extra);
    try {
      const shown = await this.#preview.show(model, original, extra);
      if (!shown) return;
      fail(null);
      this.#controls.complain(null);
      this.#snippets(shown, model, original);
    } catch (problem) {
      fail(problem);
      this.#controls.complain(problem);
    }
  }

  #snippets({ url, width, height, mediaType }, model, original) {
    const full = new URL(url, location.href).href;
    const side = (pixels) => Math.round(pixels / model.dpr);
    const stem = (original.filename ?? original.id.slice(0, 10)).replace(/\.[^.]*$/, "").replace(/[^\w-]+/g, "-");
    const extension = formatName(mediaType) === "JPEG" ? "jpg" : mediaType.replace(/^image\/|[;+].*$/g, "");
    const accept = model.format ? "" : " -H 'Accept: image/avif,image/webp,*/*'";
    byId("snippet-url").textContent = full;
    const quoted = full.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    const size = width ? ` width="${side(width)}" height="${side(height)}"` : "";
    byId("snippet-html").textContent = `<img src="${quoted}"${size} alt="">`;
    byId("snippet-curl").textContent = `curl${accept} -o ${stem}.${extension} '${full.replaceAll("'", "%27")}'`;
  }

  /// Takes picture and options from the address bar; false when it names none.
  #fromAddress() {
    const found = /^#\/([0-9a-f]{64})\/(.*)$/.exec(location.hash);
    if (!found) return false;
    this.#controls.set(parse(decoded(found[2])));
    this.#gallery.choose(found[1]).catch(broken);
    return true;
  }
}

function decoded(text) {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

function fail(problem) {
  say(byId("problem"), problem?.message);
}

function broken(error) {
  fail(error instanceof Problem ? error : new Problem({ title: "This page is broken", detail: String(error) }));
}

document.addEventListener("click", async (event) => {
  const source = event.target.closest?.("[data-copy]")?.dataset.copy;
  if (!source) return;
  const element = byId(source);
  try {
    await navigator.clipboard.writeText(element.textContent);
    byId("copied").textContent = "Copied";
    event.target.closest("button").classList.add("done");
    setTimeout(() => event.target.closest("button").classList.remove("done"), 1500);
  } catch {
    // Without the right to the clipboard (plain HTTP on a foreign host) the text is selected, ready to copy by hand.
    getSelection().selectAllChildren(element);
  }
});

try {
  await new Page(await Service.reached()).open();
} catch (error) {
  broken(error);
}
