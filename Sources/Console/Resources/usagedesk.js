// Usage as the server tells it to this page: the same paths that anybody with the token may ask.

export class UsageDesk {
  #service;

  constructor(service) { this.#service = service; }

  /// What a person has to know to send a first event from a shell.
  get origin() { return location.origin; }
  get needsToken() { return !this.#service.state.unsafe; }

  /// The way of events through their stages, and the run at work.
  state() { return this.#ask("state"); }

  /// The newest runs, the newest first.
  async runs(limit) { return (await this.#ask(`runs?limit=${limit}`)).runs; }

  /// Identities whose copies disagree: `{ total, rows }`.
  quarantine() { return this.#ask("quarantine"); }

  /// A page of creators: `{ period, from, to, periods, count, creators, next, asOf }`.
  creators({ period, search, sort, after, limit }) {
    const query = new URLSearchParams({ sort, limit });
    if (period) query.set("period", period);
    if (search) query.set("search", search);
    if (after) query.set("after", after);
    return this.#ask(`creators?${query}`);
  }

  /// One creator's days by content type.
  creator(id, from, to) { return this.#ask(`creators/${encodeURIComponent(id)}?${new URLSearchParams({ from, to })}`); }

  async #ask(path) { return JSON.parse(await this.#service.text(`/v1/usage/${path}`)); }
}
