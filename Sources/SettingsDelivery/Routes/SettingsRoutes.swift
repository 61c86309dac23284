package import Wire

/// Settings and experiments over HTTP: four surfaces over one evaluator.
///
/// - `/v1/settings/{app}`: attributes in, the whole document out, or what changed since the client's state token;
/// - `/ofrep/v1/evaluate/flags`: OpenFeature's remote evaluation, version 0.3.0;
/// - `/api/features/{key}`, `/api/eval/{key}`, `/sub/{key}`: what GrowthBook's clients ask;
/// - event streams for the two last.
///
/// A request costs one parse of its body, one evaluation and one copy of the answer; a 304 costs no assembly. No
/// request waits for another or for the origin; user state is waited for briefly and then done without. A bad request
/// gets a problem document (RFC 9457), or what the protocol at that path prescribes.
package struct SettingsRoutes: Sendable {
    package init() {}

    /// Answers a request of one of the surfaces; `nil` when its path is not theirs.
    package func answer(_ exchange: Exchange) async -> SettingsAnswer? { nil }
}
