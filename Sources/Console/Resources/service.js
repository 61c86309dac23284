// The server's HTTP surface as the page uses it. Failures arrive as `Problem`, whatever their cause.

/// What went wrong, in the words of RFC 9457: a title for everybody, details for those who can act on them.
export class Problem extends Error {
  constructor({ title, detail = "", status = 0, option = null }) {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { title, detail, status, option });
  }

  static async from(response) {
    return Problem.reading(response.status, response.headers.get("Content-Type"), await response.text());
  }

  static reading(status, mediaType, body) {
    if (/json/.test(mediaType ?? "")) {
      try {
        const { title, detail, option } = JSON.parse(body);
        if (title) return new Problem({ title, detail, status, option: option ?? named(detail) });
      } catch { /* Not JSON after all: the status has to do. */ }
    }
    return new Problem({ title: `The server answered ${status}`, status });
  }
}

/// The option that a sentence speaks of: its first word in quotation marks, up to a colon.
function named(detail = "") {
  return /["“'‘`]([a-z_]+)(?::[^"”'’`]*)?["”'’`]/i.exec(detail)?.[1] ?? null;
}

const accepted = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const tokenKey = "vitrine.token";
const rememberedSignatures = 2000;
const signsPerRequest = 100;

export class Service {
  #signed = new Map();

  /// Learns how the server wants to be spoken to; takes a token from the address bar and removes it there.
  static async reached() {
    const service = new Service();
    const handed = /^#token=(.+)$/.exec(location.hash);
    if (handed) {
      service.token = decodeURIComponent(handed[1]);
      history.replaceState(null, "", location.pathname + location.search);
    }
    service.state = await service.#json("/page/state");
    return service;
  }

  get token() { return sessionStorage.getItem(tokenKey) ?? ""; }
  set token(value) {
    this.#signed.clear();
    if (value) sessionStorage.setItem(tokenKey, value);
    else sessionStorage.removeItem(tokenKey);
  }

  get needsToken() { return !this.state.unsafe && !this.token; }

  originals(after) {
    const cursor = after ? `&after=${encodeURIComponent(after)}` : "";
    return this.#json(`/originals?limit=50${cursor}`);
  }

  /// Sends a file; `onProgress` gets shares in 0…1. XMLHttpRequest, because fetch does not tell how far it has come.
  upload(file, onProgress) {
    const query = new URLSearchParams({ filename: file.name, visibility: "public" });
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `/originals?${query}`);
      if (this.token) request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      };
      request.onerror = () => reject(new Problem({
        title: "The upload broke off",
        detail: "The server could not be reached, or it closed the connection.",
      }));
      request.onload = () => {
        const answer = [request.status, request.getResponseHeader("Content-Type"), request.responseText];
        if (request.status !== 200 && request.status !== 201) return reject(Problem.reading(...answer));
        try {
          resolve(JSON.parse(request.responseText));
        } catch {
          reject(new Problem({ title: "The server's answer is not JSON", status: request.status }));
        }
      };
      request.send(file);
    });
  }

  /// URLs for unsigned paths ("/rs:fit:300:300/plain/original://…"), in their order. `kind` is "img" or "info".
  async urls(paths, kind = "img", signal) {
    if (this.state.unsafe) return paths.map((path) => `/${kind}/unsafe${path}`);
    const unknown = [...new Set(paths.filter((path) => !this.#signed.has(kind + path)))];
    for (let from = 0; from < unknown.length; from += signsPerRequest) {
      const some = unknown.slice(from, from + signsPerRequest);
      const { urls } = await this.#json("/sign", {
        method: "POST", signal,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ paths: some, kind }),
      });
      some.forEach((path, index) => this.#signed.set(kind + path, urls[index]));
    }
    const found = paths.map((path) => this.#signed.get(kind + path));
    for (const key of this.#signed.keys()) {
      if (this.#signed.size <= rememberedSignatures) break;
      this.#signed.delete(key);
    }
    return found;
  }

  /// The edge's figures.
  edge() { return this.#json("/page/edge"); }

  /// Has all nodes forget responses: `{ url | prefix | tag | everything, mode }`.
  purge(order) {
    return this.#json("/page/purge", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(order),
    });
  }

  /// The text that a path of the server answers, asked for with the token.
  async text(url, options = {}) { return (await this.#authorised(url, options)).text(); }

  async information(path, signal) {
    const [url] = await this.urls([path], "info", signal);
    return this.#json(url, { signal });
  }

  /// Asks for a rendition as an <img> would; gives the bytes and what the headers say about them.
  async rendition(url, { signal, cache = "default" } = {}) {
    const begun = performance.now();
    const response = await this.#send(url, { signal, cache, headers: { Accept: accepted } });
    const blob = await response.blob();
    const elapsed = performance.now() - begun;
    return {
      blob, elapsed,
      mediaType: response.headers.get("Content-Type") ?? blob.type,
      cacheStatus: response.headers.get("Cache-Status") ?? "",
      steps: serverTiming(response.headers.get("Server-Timing") ?? ""),
      fromBrowser: cache === "default" && cameFromBrowser(response.url, begun),
    };
  }

  async #json(url, options = {}) { return (await this.#authorised(url, options)).json(); }

  #authorised(url, options) {
    const headers = this.token ? { ...options.headers, Authorization: `Bearer ${this.token}` } : options.headers;
    return this.#send(url, { ...options, headers });
  }

  async #send(url, options) {
    let response;
    try {
      response = await fetch(url, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem({
        title: "The server could not be reached",
        detail: "It may be restarting; try again in a moment.",
      });
    }
    if (!response.ok) throw await Problem.from(response);
    return response;
  }
}

/// `[{ name, duration }]` in milliseconds, from a Server-Timing header; entries without a duration are left out.
export function serverTiming(header) {
  return header.split(",").flatMap((entry) => {
    const [name, ...parameters] = entry.trim().split(/\s*;\s*/);
    const duration = parameters.map((parameter) => /^dur=(\d+(?:\.\d+)?)$/.exec(parameter)?.[1]).find(Boolean);
    return duration === undefined ? [] : [{ name, duration: Number(duration) }];
  });
}

/// The server's whole time in milliseconds: its "total", or else the sum of its steps; `null` when it tells none.
export function serverTotal(steps) {
  if (steps.length === 0) return null;
  return steps.find((step) => step.name === "total")?.duration ?? steps.reduce((sum, step) => sum + step.duration, 0);
}

function cameFromBrowser(url, since) {
  const entry = performance.getEntriesByName(url).findLast((entry) => entry.startTime >= since - 1);
  performance.clearResourceTimings();
  return entry ? entry.transferSize === 0 && entry.encodedBodySize > 0 : false;
}
