import DeliveryTypes
import NIOCore
package import ObjectStorage

/// Publishes settings: checks and compiles a features file, stores its records, and makes it the next number of the
/// app's pointer log.
///
/// **Promises.** The records are stored first and the number last, by put-if-absent: whatever is cut off leaves the
/// old number in force, whole. Of several publishers that began with the same number one wins and the others get
/// `conflict` with the winner's entry. What has errors changes nothing. Every number tells its author, its time and
/// what it changed, for good.
///
/// **Costs.** One compilation (CPU-bound, off the caller's executor) and about one round trip per record and five
/// more. The features files of the new and the old number and all records are in memory meanwhile.
///
/// **May fail** with `PublicationError`. After `storage` or `cancelled` the number may be there or come a moment
/// later; publishing again with the expected number tells.
package final class SettingsPublisher: Sendable {
    package let archive: SettingsArchive
    let format: ReleaseFormat
    let limits: PublicationLimits
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    let random: @Sendable (_ count: Int) -> [UInt8]
    let changed: @Sendable (AppName) -> Void
    let gate = PublishGate()

    var store: any ObjectStore { archive.store }

    /// A publisher of what is to be stored in `store`.
    ///
    /// `now` gives milliseconds since 1970, `random` so many unpredictable bytes for keys and nonces; `changed` is
    /// called after every change of an app: a new number, or other keys.
    package init(
        store: any ObjectStore,
        format: ReleaseFormat,
        limits: PublicationLimits = PublicationLimits(),
        now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (_ count: Int) -> [UInt8],
        changed: @escaping @Sendable (AppName) -> Void = { _ in }
    ) {
        archive = SettingsArchive(store: store)
        self.format = format
        self.limits = limits
        self.now = now
        self.random = random
        self.changed = changed
    }

    /// Publishes the bytes of a features file.
    ///
    /// - Throws: `invalidRequest` or `invalidDocument`; `conflict` if the expected number is not in force or somebody
    ///   else was faster; `storage`, `damaged` or `cancelled`. Nothing is changed but after the last three.
    package func publish(
        _ features: [UInt8],
        _ request: PublishRequest
    ) async throws(PublicationError) -> PublishOutcome {
        try limits.check(request)
        guard features.count <= limits.documentBytesMax else {
            throw .invalidRequest("a features file has at most \(limits.documentBytesMax) bytes")
        }
        let base = try await base(request)
        let release = try await Self.compiled(features, format)
        var warnings = release.warnings
        let diff = try await diff(from: base, to: features)
        if diff == nil {
            warnings.append(
                PublicationIssue(
                    severity: .warning,
                    message: "the features file of number \(base?.number ?? 0) is not there any more or damaged, so "
                        + "what this publish changes is not known"
                )
            )
        }
        let entry = entry(request, after: base, manifest: release.manifest, rollbackOf: nil, diff: diff)
        var outcome = PublishOutcome(
            entry: entry,
            isDryRun: request.isDryRun,
            newKeys: [],
            warnings: warnings,
            diff: diff
        )
        if request.isDryRun { return outcome }
        try await gate.run { () async throws(PublicationError) in
            try await keep(release.records)
            try await append(entry, to: request.app)
            changed(request.app)
            // A sweep of another process may have come between; what it took is stored again.
            try await keep(release.records, onlyMissing: true)
        }
        let (keys, warning) = await firstKeys(of: request.app, author: request.author)
        outcome.newKeys = keys
        if let warning { outcome.warnings.append(warning) }
        if !keys.isEmpty { changed(request.app) }
        return outcome
    }

    // MARK: Steps shared with the other verbs

    /// The entry in force, if it is the expected one.
    func base(_ request: PublishRequest) async throws(PublicationError) -> PublishedEntry? {
        let base = try await archive.latest(of: request.app)
        if let expected = request.expected, expected != base?.number ?? 0 {
            throw .conflict(app: request.app, expected: expected, latest: base)
        }
        return base
    }

    func entry(
        _ request: PublishRequest,
        after base: PublishedEntry?,
        manifest: ContentDigest,
        rollbackOf: Int?,
        diff: SettingsDiff?
    ) -> PublishedEntry {
        PublishedEntry(
            number: (base?.number ?? 0) + 1,
            manifest: manifest,
            author: request.author,
            published: now(),
            comment: request.comment,
            rollbackOf: rollbackOf,
            summary: diff?.summary ?? DiffSummary(),
            nonce: nonce()
        )
    }

    func nonce() -> String { random(16).hexDigits }

    /// Makes the entry the app's next number.
    func append(_ entry: PublishedEntry, to app: AppName) async throws(PublicationError) {
        let log = SettingsKeys.log(of: app, in: store)
        let bytes = ByteBuffer(bytes: try entry.encoded())
        let outcome: AppendOutcome
        do throws(ObjectStoreError) {
            outcome = try await log.append(bytes, as: entry.number)
        } catch {
            throw PublicationError(error)
        }
        guard case .taken(let standing) = outcome else { return }
        let winner = try PublishedEntry(
            decoding: Array(standing.readableBytesView),
            number: entry.number,
            from: log.key(entry.number).text
        )
        throw .conflict(app: app, expected: entry.number - 1, latest: winner)
    }

    @concurrent
    private static func compiled(
        _ features: [UInt8],
        _ format: ReleaseFormat
    ) async throws(PublicationError) -> CompiledRelease {
        try format.compile(features)
    }
}
