import HTTPSemantics
package import HTTPTypes

/// The admin interface of publication: HTTP in, JSON out, without knowing what server is around it.
///
///     GET  /admin/settings                      the apps and what is in force
///     GET  /admin/settings/APP                  one app: keys, last publishes
///     POST /admin/settings/APP                  publish the body (PUT is the same); dry-run, expect, comment, author
///     POST /admin/settings/APP/rollback         to; dry-run, expect, comment, author
///     GET  /admin/settings/APP/log[/N]          the audit trail: before, limit; one number with its diff
///     GET  /admin/settings/APP/diff             from, to
///     GET  /admin/settings/APP/source[/N]       the features file as it was published
///     GET  /admin/settings/APP/keys             kinds, hints, times
///     POST /admin/settings/APP/keys/rotate      kind, grace (seconds), author
///     POST /admin/settings/sweep                grace (seconds), keep, dry-run
///
/// **Promises** an answer to every request for a path below `/admin/settings` that is in this list, errors as problem
/// documents; whoever mounts it has checked that the caller is allowed to. **Costs** what the publisher's verbs cost.
package struct SettingsAdmin: Sendable {
    /// The longest body, in bytes; the server around refuses more.
    package static let bodyBytesMax = 64 << 20
    package static let root = "/admin/settings"
    /// Entries on one page of the log.
    static let logPageMax = 100
    /// Publishes that an app's state shows.
    static let shownPublishes = 20
    /// The longest grace time of a sweep: ten years, in seconds.
    static let sweepGraceSecondsMax = 3650 * 86_400
    /// No app can be called so: the path is taken.
    static let reservedNames = AppName.reserved

    let publisher: SettingsPublisher

    package init(publisher: SettingsPublisher) { self.publisher = publisher }

    /// Answers a request; `nil` if the path is not one of this interface.
    ///
    /// `path` is without query, as sent; `query` is what is behind the `?`, or empty. `author` is whoever asks, where
    /// the query names nobody.
    package func answer(
        method: HTTPRequest.Method,
        path: String,
        query: String,
        body: [UInt8],
        author: String
    ) async -> SettingsAdminAnswer? {
        guard path == Self.root || path.hasPrefix(Self.root + "/") else { return nil }
        let segments = path.dropFirst(Self.root.count).split(separator: "/").map(String.init)
        do throws(PublicationError) {
            let query = try AdminQuery(query)
            let call = AdminCall(
                method: method,
                query: query,
                body: body,
                author: query["author"] ?? author
            )
            guard let route = try Self.route(segments) else { return nil }
            guard route.methods.contains(method) else {
                let allow = route.methods.map(\.rawValue).joined(separator: ", ")
                let problem = ProblemDocument(
                    "method",
                    status: .methodNotAllowed,
                    title: "Method not allowed",
                    detail: "This path takes \(allow)."
                )
                var answer = Self.answer(problem)
                answer.allow = allow
                return answer
            }
            try query.requireOnly(route.parameters)
            return try await answer(call, route.place)
        } catch {
            return AdminProblem.answer(error)
        }
    }

    static func answer(_ problem: ProblemDocument) -> SettingsAdminAnswer {
        SettingsAdminAnswer(problem.status, mediaType: "application/problem+json", body: Array(problem.json.utf8))
    }

    private func answer(_ call: AdminCall, _ place: Place) async throws(PublicationError) -> SettingsAdminAnswer {
        switch place {
        case .apps: try await apps()
        case .sweep: try await sweep(call)
        case .app(let app): call.method == .get ? try await state(of: app) : try await publish(call, app)
        case .rollback(let app): try await rollBack(call, app)
        case .log(let app): try await log(call, app)
        case .entry(let app, let number): try await entry(number, of: app)
        case .diff(let app): try await diff(call, app)
        case .source(let app, let number): try await source(number, of: app)
        case .keys(let app): try await keys(of: app)
        case .rotate(let app): try await rotate(call, app)
        }
    }
}
