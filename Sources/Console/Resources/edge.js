// The panel about the edge: what the cache does at this moment, and a form to purge.

import { byId, make, say } from "./elements.js";
import { ago, bytes, count, milliseconds, percent, rounded, span } from "./units.js";

const interval = 2000;
const shownTop = 12;
const shownPurges = 8;

/// What became of a request, in words, in the order of the table.
const outcomes = {
  "hit": "hit", "hit-memory": "hit, ordinary path", "hit-disk": "hit on disk",
  "stale-revalidating": "stale, renewed behind", "stale-error": "stale, origin failed",
  "collapsed": "shared another’s fetch", "derived": "made from a larger one", "validated": "confirmed by origin",
  "miss": "fetched and stored", "passed": "passed on, not stored", "method": "other method",
  "failed": "failed", "shed": "turned away", "gone": "viewer left",
};

const scopes = {
  url: "https://host/path", prefix: "https://host/folder/", tag: "original:… or one of Surrogate-Key",
};

export class EdgePanel {
  #service;
  #timer = null;
  #rows = new Map();

  constructor(service) {
    this.#service = service;
    byId("purge-scope").addEventListener("change", () => this.#scope());
    byId("purge").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#purge();
    });
    byId("edge-live").addEventListener("change", () => this.#again());
    document.addEventListener("visibilitychange", () => this.#again());
    this.#scope();
  }

  /// Shows the panel, and keeps it up to date; throws `Problem` when the first figures cannot be had.
  async open() {
    this.#show(await this.#service.edge());
    byId("edge").hidden = false;
    this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    if (document.hidden || !byId("edge-live").checked) return;
    this.#timer = setTimeout(() => this.#refresh(), interval);
  }

  async #refresh() {
    try {
      this.#show(await this.#service.edge());
      say(byId("edge-problem"), "");
    } catch (problem) {
      say(byId("edge-problem"), problem.message);
    }
    this.#again();
  }

  #show(state) {
    const { node, minute, total } = state;
    byId("edge-node").textContent = `${node}, up ${span(total.seconds)}; figures of the last minute`;
    this.#figure("hits", share(minute.hitShare), `${share(total.hitShare)} in all`);
    this.#figure("hit-bytes", share(minute.hitByteShare), `${share(total.hitByteShare)} in all`);
    const rate = minute.seconds > 0 ? minute.requests / minute.seconds : 0;
    this.#figure("rate", `${rounded(rate)} /s`, `${count(total.requests)} in all`);
    this.#figure("saved", bytes(minute.savedBytes), `${bytes(total.savedBytes)} in all`);
    this.#figure("derived", share(minute.derivedShare), `${share(total.derivedShare)} in all`);
    const { running, waiting, runningMax } = state.upstream;
    this.#figure("queue", waiting > 0 ? `${running} + ${waiting} waiting` : `${running}`, `${runningMax} at once`);
    this.#outcomes(minute, total);
    this.#unstored(state.unstored);
    this.#tiers(state);
    this.#upstream(state);
    this.#top(state.top);
    this.#purges(state.purges);
  }

  #figure(name, text, detail) {
    byId(`edge-${name}`).textContent = text;
    byId(`edge-${name}-all`).textContent = detail;
  }

  #outcomes(minute, total) {
    const body = byId("outcomes").tBodies[0];
    for (const name of Object.keys(outcomes)) {
      const all = total.outcomes.find(({ outcome }) => outcome === name);
      if (!all) continue;
      const lately = minute.outcomes.find(({ outcome }) => outcome === name);
      if (!this.#rows.has(name)) this.#rows.set(name, this.#row(name));
      const [recent, bar, ever, sent, mean, slow] = this.#rows.get(name).cells;
      recent.textContent = count(lately?.requests ?? 0);
      bar.firstElementChild.style.width = `${100 * (lately?.requests ?? 0) / Math.max(1, minute.requests)}%`;
      ever.textContent = count(all.requests);
      sent.textContent = bytes(all.bytes);
      mean.textContent = time(all.meanMilliseconds);
      slow.textContent = time(all.p95Milliseconds);
    }
    const wanted = Object.keys(outcomes).filter((name) => this.#rows.has(name));
    if (body.rows.length !== wanted.length) body.replaceChildren(...wanted.map((name) => this.#rows.get(name).row));
  }

  #row(name) {
    const cells = Array.from({ length: 6 }, () => make("td"));
    cells[1].className = "bar";
    cells[1].append(make("span"));
    return { row: make("tr", { class: name }, make("th", { scope: "row" }, outcomes[name]), ...cells), cells };
  }

  #unstored(reasons) {
    const list = Object.entries(reasons).sort(([, one], [, other]) => other - one);
    const text = list.map(([reason, number]) => `${reason} ${count(number)}`).join(", ");
    say(byId("unstored"), text && `Not stored, by reason: ${text}`);
  }

  #tiers({ memory, disk }) {
    const tiers = [["Memory", memory]];
    if (disk) tiers.push(["Disk", disk]);
    byId("tiers").replaceChildren(...tiers.map(([name, tier]) => {
      const fill = make("meter", {
        min: 0, max: Math.max(1, tier.budgetBytes), value: tier.usedBytes, "aria-label": `${name}, bytes used`,
      });
      const state = tier.isDegraded ? make("span", { class: "warning" }, "fails, memory alone is used") : "";
      const evicted = tier.evictions > 0 ? `, ${count(tier.evictions)} evicted` : "";
      return make("div", { class: "tier" },
        make("span", {}, name), make("span", {}, `${bytes(tier.usedBytes)} of ${bytes(tier.budgetBytes)}`), fill,
        make("small", { class: "quiet" }, `${count(tier.entries)} responses${evicted} `, state));
    }));
  }

  #upstream({ upstream, peers }) {
    const { connections, idleConnections, failures = {}, refused } = upstream;
    const parts = [];
    if (connections === undefined) parts.push("In this process; no connections.");
    else parts.push(`${count(connections)} connections, ${count(idleConnections)} of them idle.`);
    if (refused > 0) parts.push(`${count(refused)} requests turned away.`);
    const kinds = Object.entries(failures).map(([kind, number]) => `${kind.replaceAll("_", " ")} ${count(number)}`);
    if (kinds.length > 0) parts.push(`Failures: ${kinds.join(", ")}.`);
    byId("pool").textContent = parts.join(" ");
    byId("peers").hidden = peers.length === 0;
    byId("peer-list").replaceChildren(...peers.map((peer) => make("li", {},
      make("span", { class: peer.restsMilliseconds === undefined ? "dot" : "dot down" }),
      make("span", {}, peer.node, make("small", { class: "quiet" }, ` ${peer.url}`)),
      make("small", { class: "quiet" }, standing(peer)))));
  }

  #top(all) {
    const list = all.slice(0, shownTop);
    byId("top-none").hidden = list.length > 0;
    const most = Math.max(1, ...list.map(({ count }) => count));
    byId("top").replaceChildren(...list.map(({ url, count: number }) => {
      const link = make("button", { type: "button", class: "plain", title: `${url}: put into the purge form` },
        shortened(url));
      link.addEventListener("click", () => {
        byId("purge-scope").value = "url";
        this.#scope();
        byId("purge-value").value = url;
        byId("purge-value").focus();
      });
      const bar = make("i");
      bar.style.width = `${100 * number / most}%`;
      return make("li", {}, link, make("span", {}, count(number)), bar);
    }));
  }

  #purges(list) {
    byId("purges").replaceChildren(...list.slice(0, shownPurges).map((purge) => make("li", {},
      make("time", { datetime: new Date(purge.milliseconds).toISOString() }, ago(purge.milliseconds)),
      make("span", { title: `${purge.value} (${purge.author})` }, purge.value || "everything"),
      make("small", { class: "quiet" }, `${purge.scope}, ${purge.mode}`))));
  }

  #scope() {
    const scope = byId("purge-scope").value;
    const value = byId("purge-value");
    value.disabled = scope === "everything";
    value.required = !value.disabled;
    value.placeholder = scopes[scope] ?? "";
    if (value.disabled) value.value = "";
  }

  async #purge() {
    const scope = byId("purge-scope").value;
    const text = byId("purge-value").value.trim();
    if (scope === "everything" && !confirm("Purge every stored response?")) return;
    const value = scope !== "tag" && text.startsWith("/") ? location.origin + text : text;
    const order = { mode: byId("purge-soft").checked ? "soft" : "hard" };
    order[scope] = scope === "everything" ? true : value;
    const button = byId("purge").querySelector("button");
    button.disabled = true;
    say(byId("purge-result"), "");
    say(byId("purge-problem"), "");
    try {
      const { complete, nodes } = await this.#service.purge(order);
      const lost = nodes.filter(({ done }) => !done).map(({ node, reason }) => `${node}: ${reason}`);
      const everywhere = nodes.length === 1 ? "this node" : `${nodes.length} nodes`;
      if (complete) say(byId("purge-result"), `Purged on ${everywhere}.`);
      else say(byId("purge-problem"), `Purged here, but not everywhere. ${lost.join("; ")}`);
    } catch (problem) {
      say(byId("purge-problem"), problem.message);
    }
    button.disabled = false;
    clearTimeout(this.#timer);
    await this.#refresh();
  }
}

/// A URL without what is the same in all: this server's own name, most of an original's hash.
function shortened(url) {
  const own = `http://${location.host}/`;
  const path = url.startsWith(own) ? url.slice(own.length - 1) : url.replace(/^http:\/\//, "");
  return path.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1…");
}

const share = (value) => value === undefined ? "–" : percent(value);
const time = (value) => value === undefined ? "–" : milliseconds(value);

function standing({ isOurselves, restsMilliseconds, load, failuresInRow }) {
  if (isOurselves) return "this node";
  if (restsMilliseconds !== undefined) return `rests ${span(restsMilliseconds / 1000)}, ${failuresInRow} failures`;
  return load > 0 ? `${count(load)} under way` : "well";
}
