// Settings as the server tells them to this page: the paths of its admin interface, below "/page".

const json = { "Content-Type": "application/json" };

export class SettingsDesk {
  #service;

  constructor(service) { this.#service = service; }

  /// What this node serves, from where, and how fresh.
  node() { return this.#ask("/settings/node"); }

  /// All apps and what is in force; `null` where no origin is in the process, which alone knows of publishes.
  async apps() { return this.#service.state.origin === false ? null : (await this.#ask("/settings")).apps; }

  /// One app's keys and last publishes.
  app(app) { return this.#ask(`/settings/${app}`); }

  /// Publishes with a lower number than `before`, newest first, and where to go on.
  publishes(app, before) { return this.#ask(`/settings/${app}/log?before=${before}&limit=20`); }

  /// One publish with its difference to the one before.
  publish(app, number) { return this.#ask(`/settings/${app}/log/${number}`); }

  /// A features file's text as it was published; `null` if it was swept.
  async source(app, number) {
    try {
      return await this.#ask(`/settings/${app}/source/${number}`, {}, (text) => text);
    } catch (problem) {
      if (problem.status === 410) return null;
      throw problem;
    }
  }

  /// Has a new number name an older release; refused when another number than `expect` is in force.
  rollBack(app, to, expect, comment) {
    const query = new URLSearchParams({ to, expect });
    if (comment) query.set("comment", comment);
    // The server reads "+" as itself.
    return this.#ask(`/settings/${app}/rollback?${`${query}`.replaceAll("+", "%20")}`, { method: "POST" });
  }

  /// The text of what somebody gets, and why, setting by setting; `text` is a JSON object of attributes.
  evaluate(app, text) {
    const options = { method: "POST", headers: json, body: text };
    return this.#ask(`/settings/${app}/evaluate`, options, (answer) => answer);
  }

  async exposures(app) { return (await this.#ask(`/settings/${app}/exposures`)).exposures; }
  async arms() { return (await this.#ask("/pictures/arms")).arms; }

  /// `null` without a shadow measurement.
  shadow() { return this.#ask("/shadow"); }

  async #ask(path, options, read = JSON.parse) {
    return read(await this.#service.text(`/page${path}`, options));
  }
}
