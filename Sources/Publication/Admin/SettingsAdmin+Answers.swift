import HTTPTypes
import ObjectStorage

extension SettingsAdmin {
    func apps() async throws(PublicationError) -> SettingsAdminAnswer {
        var rows: [AdminViews.App] = []
        for app in try await publisher.archive.apps() {
            var row = AdminViews.App(app: app.text, latest: nil, fault: nil)
            do throws(PublicationError) {
                row.latest = try await publisher.archive.latest(of: app)
            } catch .damaged(let name, let reason) {
                row.fault = "\(name) is damaged: \(reason)"
            } catch {
                throw error
            }
            rows.append(row)
        }
        return try json(AdminViews.Apps(apps: rows))
    }

    func state(of app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        guard let latest = try await publisher.archive.latest(of: app) else { throw .unknownApp(app) }
        let publishes = try await entries(of: app, before: latest.number, limit: Self.shownPublishes - 1)
        return try json(
            AdminViews.State(
                app: app.text,
                latest: latest,
                keys: try await keyViews(of: app),
                publishes: [latest] + publishes
            )
        )
    }

    func publish(_ call: AdminCall, _ app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        guard !Self.reservedNames.contains(app.text) else {
            throw .invalidRequest("no app can be called \(app): the path is taken")
        }
        guard !call.body.isEmpty else { throw .invalidRequest("the body is empty; send the features file") }
        let outcome = try await publisher.publish(call.body, try request(call, app))
        return try answer(outcome, app)
    }

    func rollBack(_ call: AdminCall, _ app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        let number = try call.query.number("to", in: Self.numbers)
        return try answer(try await publisher.rollBack(try request(call, app), to: number), app)
    }

    func log(_ call: AdminCall, _ app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        let before = try call.query.number("before", in: Self.numbers)
        let limit = try call.query.number("limit", in: 1...Self.logPageMax) ?? Self.shownPublishes
        let latest = try await publisher.archive.latestNumber(of: app)
        guard latest > 0 else { throw .unknownApp(app) }
        let from = min(before ?? .max, latest + 1)
        let entries = try await entries(of: app, before: from, limit: limit)
        let next = entries.last.flatMap { $0.number > 1 ? $0.number : nil }
        return try json(AdminViews.Log(app: app.text, entries: entries, next: next))
    }

    func entry(_ number: Int, of app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        var view = AdminViews.Entry(app: app.text, entry: try await publisher.archive.entry(number, of: app))
        do throws(PublicationError) {
            view.diff = AdminViews.Diff(try await publisher.diff(of: app, from: number - 1, to: number))
        } catch {
            switch error {
            // The entry is worth showing all the same.
            case .gone, .damaged: view.fault = error.description
            default: throw error
            }
        }
        return try json(view)
    }

    func diff(_ call: AdminCall, _ app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        let latest = try await publisher.archive.latestNumber(of: app)
        guard latest > 0 else { throw .unknownApp(app) }
        let to = try call.query.number("to", in: Self.numbers) ?? latest
        let from = try call.query.number("from", in: 0...Self.numbers.upperBound) ?? to - 1
        let diff = try await publisher.diff(of: app, from: from, to: to)
        return try json(AdminViews.Compared(app: app.text, from: from, to: to, diff: AdminViews.Diff(diff)))
    }

    func source(_ number: Int?, of app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        var wanted = number ?? 0
        if number == nil { wanted = try await publisher.archive.latestNumber(of: app) }
        guard wanted > 0 else { throw .unknownApp(app) }
        return SettingsAdminAnswer(.ok, body: try await publisher.source(wanted, of: app))
    }

    func keys(of app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        guard try await publisher.archive.latestNumber(of: app) > 0 else { throw .unknownApp(app) }
        return try json(AdminViews.Keys(app: app.text, keys: try await keyViews(of: app)))
    }

    func rotate(_ call: AdminCall, _ app: AppName) async throws(PublicationError) -> SettingsAdminAnswer {
        guard let kind = call.query["kind"].flatMap(KeyKind.init(rawValue:)) else {
            throw .invalidRequest("kind is client or server")
        }
        let longest = Int(SettingsPublisher.graceMillisecondsMax / 1000)
        let grace = try call.query.number("grace", in: 0...longest) ?? 0
        let key = try await publisher.rotate(app, kind, graceMilliseconds: Int64(grace) * 1000, author: call.author)
        return try json(AdminViews.Fresh(app: app.text, kind: kind, key: key.text), status: .created)
    }

    func sweep(_ call: AdminCall) async throws(PublicationError) -> SettingsAdminAnswer {
        var plan = SweepPlan(isDryRun: try call.query.flag("dry-run"))
        if let grace = try call.query.number("grace", in: 0...Self.sweepGraceSecondsMax) {
            plan.graceMilliseconds = Int64(grace) * 1000
        }
        if let keep = try call.query.number("keep", in: 1...1_000_000) { plan.keep = keep }
        return try json(AdminViews.Sweep(try await publisher.sweep(plan)))
    }

    // MARK: Parts of answers

    private static let numbers = 1...NumberedLog.numberMax - 1

    private func request(_ call: AdminCall, _ app: AppName) throws(PublicationError) -> PublishRequest {
        PublishRequest(
            app: app,
            author: call.author,
            comment: call.query["comment"].flatMap { $0.isEmpty ? nil : $0 },
            expected: try call.query.number("expect", in: 0...Self.numbers.upperBound),
            isDryRun: try call.query.flag("dry-run")
        )
    }

    private func answer(_ outcome: PublishOutcome, _ app: AppName) throws(PublicationError) -> SettingsAdminAnswer {
        let view = AdminViews.Outcome(
            app: app.text,
            number: outcome.entry.number,
            entry: outcome.entry,
            dryRun: outcome.isDryRun,
            first: outcome.isFirst,
            clientKey: outcome.newKeys.first { $0.kind == .client }?.text,
            serverKey: outcome.newKeys.first { $0.kind == .server }?.text,
            warnings: outcome.warnings,
            diff: outcome.diff.map(AdminViews.Diff.init)
        )
        return try json(view, status: outcome.isDryRun ? .ok : .created)
    }

    /// The entries with a lower number than `before`, newest first.
    private func entries(
        of app: AppName,
        before: Int,
        limit: Int
    ) async throws(PublicationError) -> [PublishedEntry] {
        var entries: [PublishedEntry] = []
        for number in (max(1, before - limit)..<max(1, before)).reversed() {
            entries.append(try await publisher.archive.entry(number, of: app))
        }
        return entries
    }

    private func keyViews(of app: AppName) async throws(PublicationError) -> [AdminViews.Key] {
        let moment = publisher.now()
        return (try await publisher.archive.keys(of: app)?.keys ?? []).map { key in
            AdminViews.Key(
                kind: key.kind,
                hint: key.hint,
                created: key.created,
                expires: key.expires,
                isValid: key.isValid(at: moment)
            )
        }
    }

    private func json(
        _ view: some Encodable,
        status: HTTPResponse.Status = .ok
    ) throws(PublicationError) -> SettingsAdminAnswer {
        SettingsAdminAnswer(status, body: try StoredJSON.encode(view))
    }
}
