// The audit trail of an app: who published what, the difference on demand, and the way back.

import { timeOf } from "./apps.js";
import { make, say } from "./elements.js";
import { count, moment } from "./units.js";

const shownChanges = 100;
const firstShown = 6;

export class Publishes {
  element;
  #desk;
  #open;
  #changed;
  #app = null;
  #latest = 0;
  #shown = firstShown;
  #items = new Map();
  #list = make("ol", { id: "publishes", class: "publishes" });
  #more = make("button", { id: "publishes-more", type: "button", hidden: true }, "Older");
  #done = make("p", { id: "rollback-result", class: "note", role: "status", hidden: true });
  #problem = make("p", { id: "publishes-problem", class: "problem", role: "alert", hidden: true });
  #dialog = make("dialog", { id: "rollback-dialog", "aria-labelledby": "rollback-title" });

  /// `onOpen(name)` looks at a setting; `onChange()` is called after a roll-back.
  constructor(desk, onOpen, onChange) {
    this.#desk = desk;
    this.#open = onOpen;
    this.#changed = onChange;
    this.element = make("section", { class: "card", "aria-labelledby": "publishes-title" },
      make("h3", { id: "publishes-title" }, "Last publishes"), this.#done, this.#problem, this.#list, this.#more,
      this.#dialog);
    this.#more.addEventListener("click", () => this.#older());
  }

  /// `state` is `null` away from the origin, which alone knows what was published.
  show(app, state) {
    this.element.hidden = state === null;
    if (app !== this.#app) {
      this.#items.clear();
      this.#shown = firstShown;
      say(this.#done, "");
      say(this.#problem, "");
    }
    this.#app = app;
    this.#latest = state?.latest.number ?? 0;
    for (const item of this.#items.values()) item.mark(this.#latest);
    this.#add(state?.publishes ?? []);
  }

  #add(entries) {
    for (const entry of entries) {
      if (this.#items.has(entry.number)) continue;
      const item = new Publish(entry, {
        diff: () => this.#desk.publish(this.#app, entry.number), open: this.#open, back: () => this.#ask(entry),
      });
      item.mark(this.#latest);
      this.#items.set(entry.number, item);
    }
    const known = [...this.#items.keys()].sort((one, other) => other - one);
    const numbers = known.slice(0, this.#shown);
    const elements = numbers.map((number) => this.#items.get(number).element);
    if (elements.some((element, index) => this.#list.children[index] !== element)
      || elements.length !== this.#list.children.length) this.#list.replaceChildren(...elements);
    this.#more.hidden = numbers.length === 0 || numbers.at(-1) <= 1;
  }

  async #older() {
    this.#more.disabled = true;
    try {
      const isKnown = this.#items.size > this.#shown;
      const oldest = Math.min(...this.#items.keys());
      const entries = isKnown ? [] : (await this.#desk.publishes(this.#app, oldest)).entries;
      this.#shown = isKnown ? this.#items.size : this.#items.size + entries.length;
      this.#add(entries);
      say(this.#problem, "");
    } catch (problem) {
      say(this.#problem, problem.message);
    }
    this.#more.disabled = false;
  }

  /// Asks whether it is meant so; the roll-back itself is refused if somebody else published meanwhile.
  #ask(entry) {
    const [app, latest] = [this.#app, this.#latest];
    const comment = make("input", {
      id: "rollback-comment", type: "text", maxlength: 200, placeholder: "Why, for the log",
    });
    const go = make("button", { id: "rollback-confirm", class: "primary" }, `Roll back to ${entry.number}`);
    const stay = make("button", { type: "button" }, "Cancel");
    const form = make("form", { autocomplete: "off" },
      make("h3", { id: "rollback-title" }, `Roll ${app} back to number ${entry.number}?`),
      make("p", {}, `A new number, ${latest + 1}, will name the release of ${entry.number}, which ${entry.author} `
        + `published on ${moment(entry.published)}. Number ${latest} stays in the log.`),
      make("label", { for: "rollback-comment" }, "Comment"), comment,
      make("div", { class: "buttons" }, go, stay));
    stay.addEventListener("click", () => this.#dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      go.disabled = true;
      await this.#back(app, entry.number, latest, comment.value.trim());
      this.#dialog.close();
    });
    this.#dialog.replaceChildren(form);
    this.#dialog.showModal();
    stay.focus();
  }

  async #back(app, to, expected, comment) {
    say(this.#done, "");
    say(this.#problem, "");
    try {
      const { number } = await this.#desk.rollBack(app, to, expected, comment);
      say(this.#done, `Number ${number} is in force; it names the release of ${to}.`);
    } catch (problem) {
      say(this.#problem, problem.message);
    }
    await this.#changed();
  }
}

/// One entry of the log.
class Publish {
  element;
  #entry;
  #acts;
  #chip = make("span", { class: "chip" }, "in force");
  #back = make("button", { type: "button", class: "back" }, "Roll back");
  #diff = make("div", { class: "diff", hidden: true });
  #shown = make("button", { type: "button", class: "plain show-diff", "aria-expanded": "false" }, "Diff");

  constructor(entry, acts) {
    this.#entry = entry;
    this.#acts = acts;
    const { number, author, published, comment, rollbackOf, summary } = entry;
    this.#back.setAttribute("aria-label", `Roll back to ${number}`);
    this.#shown.setAttribute("aria-label", `Difference of ${number} to the number before`);
    this.#shown.addEventListener("click", () => this.#toggle());
    this.#back.addEventListener("click", () => acts.back());
    const told = [summaryText(summary)];
    if (rollbackOf !== undefined) told.unshift(`rolls back to ${rollbackOf}`);
    this.element = make("li", { "data-number": number },
      make("strong", { class: "number" }, `${number}`),
      make("div", { class: "entry" },
        make("p", {}, author, " ", make("small", { class: "quiet" }, timeOf(published))),
        comment ? make("p", { class: "comment" }, comment) : "",
        make("small", { class: "quiet" }, told.join("; "), " "), this.#shown),
      make("div", { class: "acts" }, this.#chip, this.#back), this.#diff);
  }

  mark(latest) {
    const isInForce = this.#entry.number === latest;
    this.#chip.hidden = !isInForce;
    this.#back.hidden = isInForce;
  }

  async #toggle() {
    const isOpen = this.#diff.hidden;
    this.#diff.hidden = !isOpen;
    this.#shown.setAttribute("aria-expanded", `${isOpen}`);
    if (!isOpen || this.#diff.childElementCount > 0) return;
    this.#shown.setAttribute("aria-busy", "true");
    try {
      const { diff, fault } = await this.#acts.diff();
      this.#diff.replaceChildren(...(diff ? diffParts(diff, this.#acts.open) : [make("p", { class: "quiet" }, fault)]));
    } catch (problem) {
      this.#diff.hidden = true;
      this.#shown.setAttribute("aria-expanded", "false");
      this.element.append(make("p", { class: "problem", role: "alert" }, problem.message));
    }
    this.#shown.removeAttribute("aria-busy");
  }
}

function summaryText({ added, removed, changed, rules, groups }) {
  const parts = [[added, "added"], [removed, "removed"], [changed, "changed"]].filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`);
  if (rules > 0) parts.push(rules === 1 ? "1 rule" : `${count(rules)} rules`);
  if (groups > 0) parts.push(groups === 1 ? "1 group" : `${count(groups)} groups`);
  return parts.join(", ") || "nothing differs";
}

function diffParts({ added, removed, changed, groups, members, truncated }, open) {
  const kinds = [["Changed", "~", changed], ["Added", "+", added], ["Removed", "−", removed]];
  const parts = kinds.filter(([, , changes]) => changes.length > 0).flatMap(([word, sign, changes]) => [
    make("h4", {}, `${word} (${count(changes.length)})`),
    changeList(changes, sign, sign === "−" ? null : open),
  ]);
  if (groups.length > 0) parts.push(make("p", {}, `Groups: ${groups.join(", ")}`));
  if (members.length > 0) parts.push(make("p", {}, `Of the app: ${members.join(", ")}`));
  if (truncated) parts.push(make("p", { class: "quiet" }, "There are more changes than the server tells."));
  return parts.length > 0 ? parts : [make("p", { class: "quiet" }, "Nothing differs.")];
}

function changeList(changes, sign, open) {
  const list = make("ul", {}, ...changes.slice(0, shownChanges).map((change) => changeItem(change, sign, open)));
  if (changes.length > shownChanges) {
    const all = make("button", { type: "button", class: "plain" }, `All ${count(changes.length)}`);
    all.addEventListener("click", () => list.replaceChildren(...changes.map((one) => changeItem(one, sign, open))));
    list.append(make("li", {}, all));
  }
  return list;
}

function changeItem(change, sign, open) {
  const { name, oldDefault, newDefault, rulesAdded, rulesRemoved, rulesChanged, reordered, members } = change;
  const label = open ? make("button", { type: "button", class: "plain name" }, name)
    : make("span", { class: "name" }, name);
  if (open) label.addEventListener("click", () => open(name));
  const item = make("li", {}, make("span", { class: "sign" }, sign), label);
  if (oldDefault !== newDefault) {
    if (oldDefault !== undefined) item.append(make("del", {}, oldDefault));
    if (newDefault !== undefined) item.append(make("ins", {}, newDefault));
  }
  const rules = [[rulesAdded, "added"], [rulesRemoved, "removed"], [rulesChanged, "changed"]]
    .filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  if (reordered) rules.push("in another order");
  if (rules.length > 0) item.append(make("small", { class: "quiet" }, `rules: ${rules.join(", ")}`));
  const others = members.filter((member) => member !== "rules" && member !== "defaultValue");
  if (others.length > 0 && sign === "~") item.append(make("small", { class: "quiet" }, others.join(", ")));
  return item;
}
