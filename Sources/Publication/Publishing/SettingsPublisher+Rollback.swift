import DeliveryTypes

extension SettingsPublisher {
    /// Makes an old number's release the next number: `number`, or the latest one before the one in force that names
    /// another release.
    ///
    /// - Throws: `unknownApp`, `unknownNumber` or `invalidRequest`; `gone` if the number's records were swept;
    ///   otherwise as `publish`.
    package func rollBack(
        _ request: PublishRequest,
        to number: Int?
    ) async throws(PublicationError) -> PublishOutcome {
        try limits.check(request)
        guard let base = try await base(request) else { throw .unknownApp(request.app) }
        let old = try await target(of: request.app, number, before: base)
        guard let named = try await references(of: old.manifest),
            try await !isMissing(anyOf: named.records)
        else { throw .gone(request.app, old.number) }
        let source = try await features(of: old)
        var diff: SettingsDiff?
        if let source { diff = try await self.diff(from: base, to: source) }
        let entry = entry(request, after: base, manifest: old.manifest, rollbackOf: old.number, diff: diff)
        let outcome = PublishOutcome(
            entry: entry,
            isDryRun: request.isDryRun,
            newKeys: [],
            warnings: [],
            diff: diff
        )
        if request.isDryRun { return outcome }
        try await gate.run { () async throws(PublicationError) in
            // Swept since they were looked at?
            guard try await !isMissing(anyOf: [old.manifest] + named.records) else {
                throw .gone(request.app, old.number)
            }
            try await append(entry, to: request.app)
        }
        changed(request.app)
        return outcome
    }

    private func target(
        of app: AppName,
        _ number: Int?,
        before base: PublishedEntry
    ) async throws(PublicationError) -> PublishedEntry {
        if let number {
            guard number != base.number else {
                throw .invalidRequest("number \(number) of \(app) is in force already")
            }
            guard number > 0, number < base.number else { throw .unknownNumber(app, number) }
            return try await archive.entry(number, of: app)
        }
        var candidate = base.number - 1
        while candidate > 0 {
            let entry = try await archive.entry(candidate, of: app)
            if entry.manifest != base.manifest { return entry }
            candidate -= 1
        }
        throw .invalidRequest("\(app) has no earlier release to roll back to")
    }
}
