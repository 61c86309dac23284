// Who the user is that settings are evaluated for: a JSON object, and fields for what the rules ask for most.

import { isObject, plain } from "./authored.js";
import { make, say, settled } from "./elements.js";

const firstUser = { id: "user-1" };

export class AttributeForm {
  element;
  #text = make("textarea", {
    id: "attributes", rows: 9, spellcheck: "false", autocapitalize: "off", "aria-label": "Attributes as JSON",
    "aria-describedby": "attributes-problem",
  });
  #fields = make("div", { id: "quick-fields", class: "quick" });
  #problem = make("p", { id: "attributes-problem", class: "problem", role: "alert", hidden: true });
  #result = make("p", { id: "evaluated", class: "quiet", role: "status" });
  #button = make("button", { id: "evaluate", class: "primary" }, "Evaluate");
  #inputs = [];

  /// `onEvaluate(text)` gets a JSON object's text; `onClear()` is called when the answer is to be put away.
  constructor(onEvaluate, onClear) {
    const another = make("button", { id: "another-user", type: "button" }, "Other user");
    const clear = make("button", { id: "evaluate-clear", type: "button", class: "plain" }, "Clear");
    this.element = make("form", { id: "user", class: "user", autocomplete: "off" },
      make("p", { class: "label" }, "What would this user get?"), this.#fields, this.#text,
      make("div", { class: "buttons" }, this.#button, another, clear), this.#problem, this.#result);
    this.#write(firstUser);
    this.#text.addEventListener("input", settled(() => this.#read(), 200));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#read()) onEvaluate(this.#text.value);
    });
    another.addEventListener("click", () => {
      const user = this.#read();
      if (!user) return;
      this.#write({ ...user, id: `user-${Math.random().toString(36).slice(2, 8)}` });
      this.#read();
      onEvaluate(this.#text.value);
    });
    clear.addEventListener("click", () => {
      this.say("");
      onClear();
    });
  }

  get text() { return this.#text.value; }

  /// Fields for the attributes that this app's rules ask for.
  offer(attributes) {
    const wanted = attributes.map(({ path }) => path).join("\n");
    if (this.#fields.dataset.paths === wanted) return;
    this.#fields.dataset.paths = wanted;
    this.#inputs = attributes.map((attribute, index) => this.#field(attribute, index));
    this.#fields.replaceChildren(...this.#inputs.map(({ label }) => label));
    this.#read();
  }

  busy(isBusy) {
    this.#button.disabled = isBusy;
    this.#button.setAttribute("aria-busy", `${isBusy}`);
  }

  say(result, problem = "") {
    this.#result.textContent = result;
    say(this.#problem, problem);
  }

  #field({ path, values }, index) {
    const known = [...values];
    const list = make("datalist", { id: `quick-values-${index}` },
      ...known.map((value) => make("option", { value: `${value}` })));
    const input = make("input", { type: "text", list: list.id, "data-path": path, spellcheck: "false" });
    const label = make("label", {}, make("span", { title: path }, path), input, list);
    input.addEventListener("input", () => {
      const user = this.#read();
      if (!user) return;
      assign(user, path, read(input.value, known));
      this.#write(user);
    });
    return { path, input, label };
  }

  /// The attributes, or `null` with a complaint; the fields follow the text.
  #read() {
    let user = null;
    try {
      user = JSON.parse(this.#text.value);
      if (!isObject(user)) throw new SyntaxError("this is not an object, which begins with {");
      say(this.#problem, "");
      this.#text.removeAttribute("aria-invalid");
    } catch (error) {
      say(this.#problem, `Attributes are a JSON object: ${error.message}`);
      this.#text.setAttribute("aria-invalid", "true");
      return null;
    }
    for (const { path, input } of this.#inputs) {
      if (input === document.activeElement) continue;
      const value = member(user, path);
      input.value = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
    }
    return user;
  }

  #write(user) { this.#text.value = JSON.stringify(user, null, 2); }
}

/// What a field says, as what the rules compare it to: numbers and truth values where those are known.
function read(text, known) {
  if (text === "") return undefined;
  const isOf = (type) => known.length > 0 && known.every((value) => typeof plain(value) === type);
  if (isOf("number") && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  if ((isOf("boolean") || known.length === 0) && (text === "true" || text === "false")) return text === "true";
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch { /* Not JSON, or not yet. */ }
  }
  return text;
}

function member(object, path) {
  let value = object;
  for (const name of path.split(".")) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/// Sets what a dotted path leads to, or takes it away.
function assign(object, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let place = object;
  for (const name of names) {
    if (!Object.hasOwn(place, name) || !isObject(place[name])) {
      if (value === undefined) return;
      Object.defineProperty(place, name, { value: {}, configurable: true, enumerable: true, writable: true });
    }
    place = place[name];
  }
  if (value === undefined) delete place[last];
  else Object.defineProperty(place, last, { value, configurable: true, enumerable: true, writable: true });
}
