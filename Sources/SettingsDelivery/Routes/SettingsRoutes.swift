import HTTPSemantics
import HTTPTypes
package import JSON
import NIOCore
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
package final class SettingsRoutes: Sendable {
    package let parts: SettingsParts
    /// The event streams; to be driven by an ``EventService``.
    package let hub: EventHub

    package init(_ parts: SettingsParts) {
        self.parts = parts
        hub = EventHub(
            limits: parts.limits,
            source: DirectoryEvents(directory: parts.directory, limits: parts.limits)
        )
    }

    /// Whether a request's path is one of the surfaces'.
    package static func owns(_ path: String) -> Bool { SettingsPath(path) != nil }

    /// What a request would get, setting by setting, and why: a JSON object by name.
    ///
    /// `only` names one setting; without it all are told.
    /// Nothing is recorded of the user. CPU work: not for an event loop.
    @concurrent
    package func explain(
        _ request: SettingsRequest,
        of app: ServedApp,
        only: ExactString?,
        now: Int64
    ) async -> [UInt8] {
        let user = await KnownUser(request, of: app, in: parts.states)
        return app.engine.explain(user.completing(request), user.knowledge, only: only, now: now)
    }

    /// Answers a request of one of the surfaces; `nil` when its path is not theirs.
    ///
    /// Evaluating and assembling are work of up to some milliseconds on the caller's thread: not for an event loop.
    @concurrent
    package func answer(_ exchange: Exchange) async -> SettingsAnswer? {
        guard let place = exchange.request.path.flatMap({ SettingsPath($0) }) else { return nil }
        if exchange.request.method == .options {
            return SettingsAnswer(
                head: CrossOrigin.preflight(exchange.request, methods: place.methods),
                body: .bytes(ByteBuffer())
            )
        }
        let draft = ShadowDraft(parts.shadow, exchange.request)
        let call = SettingsCall(exchange: exchange, place: place, parts: parts, hub: hub, draft: draft)
        var answer: SettingsAnswer
        do throws(SettingsProblem) {
            answer = try await call.answer()
        } catch {
            answer = call.refusal(error)
        }
        CrossOrigin.mark(&answer.head.headerFields)
        draft?.offer(exchange.request, status: answer.head.status.code)
        return answer
    }
}
