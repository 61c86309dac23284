// The option form: controls and the free text line show one model, and either may change it.

import { byId, say, settled } from "./elements.js";
import { defaults, fieldsOf, format, parse } from "./options.js";

const waitMilliseconds = 140;
const emptyWhenDefault = new Set([
  "w", "h", "dpr", "z", "q", "mb", "bl", "sh", "pix", "cw", "ch", "pdt", "pdr", "pdb", "pdl",
  "textSize", "textOpacity", "textX", "textY",
]);

export class Controls {
  #form = byId("controls");
  #line = byId("options");
  #problem = byId("option-problem");
  #model = parse("");
  #announce;

  /// `onChange(model)` is called when the model has changed and typing has paused.
  constructor(onChange) {
    this.#announce = settled(() => onChange(this.model), waitMilliseconds);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", (event) => this.#edited(event.target));
    this.#form.addEventListener("click", (event) => {
      const recipe = event.target.dataset?.recipe;
      if (recipe) this.change({ ...parse(recipe), format: this.#model.format });
    });
    this.#line.addEventListener("blur", () => { this.#line.value = format(this.#model); });
    this.#line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#line.value = format(this.#model);
    });
    this.#show();
  }

  get model() { return { ...this.#model }; }

  /// Replaces some or all fields, as if a person had set them.
  change(fields) {
    this.set(fields);
    this.#announce();
  }

  /// Replaces some or all fields without a word to anybody.
  set(fields) {
    this.#model = { ...this.#model, ...fields };
    this.#show();
  }

  /// Shows the server's complaint beside the line and marks the control it speaks of; `null` takes it back.
  complain(problem) {
    for (const marked of this.#form.querySelectorAll("[aria-invalid]")) marked.removeAttribute("aria-invalid");
    const option = problem?.option;
    say(this.#problem, option ? `“${option}” was refused. ${problem.detail}` : "");
    if (!option) return;
    this.#line.setAttribute("aria-invalid", "true");
    for (const name of fieldsOf(option)) {
      this.#form.querySelector(`[name="${name}"]`)?.setAttribute("aria-invalid", "true");
    }
  }

  #edited(control) {
    if (control === this.#line) {
      this.#model = parse(control.value);
      this.#show({ keepLine: true });
    } else {
      const name = control.name || control.dataset.for;
      if (!name) return;
      const value = this.#read(control, name);
      if (value === undefined) return;
      this.#model[name] = value;
      this.#entail(name, control);
      this.#show({ keep: control });
    }
    this.#announce();
  }

  /// What one choice means for others: an offset has no sense as a focus point, a target belongs to its method.
  #entail(name, control) {
    const model = this.#model;
    if (name === "g") [model.gx, model.gy] = model.g === "fp" ? [0.5, 0.5] : [0, 0];
    if (name === "aq") model.aqTarget = null;
    if (name === "aq" && model.aq) model.q = 0;
    if (control.type === "range" && name === "q") model.aq = "";
  }

  #read(control, name) {
    switch (control.type) {
      case "checkbox": return control.checked;
      case "radio": return name === "rot" ? Number(control.value) : control.value;
      case "color": return control.value.slice(1);
      case "number":
      case "range": {
        if (control.validity.badInput) return undefined;
        const value = control.value === "" ? defaults[name] : Number(control.value);
        const impossible = value === 0 && ["dpr", "z"].includes(name);
        return impossible ? defaults[name] : value;
      }
      default:
        return name === "bg" && !control.validity.valid ? undefined : control.value;
    }
  }

  #show({ keep, keepLine = false } = {}) {
    const model = this.#model;
    const isPoint = model.g === "fp";
    for (const control of this.#form.elements) {
      if (control === keep || !(control.name in model) || control.name === "rest") continue;
      const value = model[control.name];
      const isPlace = ["gx", "gy"].includes(control.name);
      if (control.type === "checkbox") control.checked = value;
      else if (control.type === "radio") control.checked = control.value === String(value);
      else if (control.type === "color") control.value = `#${value}`;
      else if (value === null) control.value = "";
      else if (emptyWhenDefault.has(control.name) && value === defaults[control.name]) control.value = "";
      else if (isPlace && !isPoint && value === 0) control.value = "";
      else control.value = value;
      if (isPlace) control.disabled = model.g === "sm";
    }
    for (const control of this.#form.querySelectorAll("[data-for]")) {
      if (control === keep) continue;
      const value = model[control.dataset.for];
      if (control.type === "color") control.value = value ? `#${value}` : "#ffffff";
      else control.value = value;
    }
    byId("aq").nextElementSibling.disabled = !model.aq;
    for (const group of this.#form.querySelectorAll("details")) {
      const names = [...group.querySelectorAll("[name]")].map((control) => control.name);
      group.toggleAttribute("data-changed", names.some((name) => model[name] !== defaults[name]));
    }
    if (!keepLine) this.#line.value = format(model);
  }
}
