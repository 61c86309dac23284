package import DeliveryTypes
package import JSON
package import Settings
import Synchronization

/// A loaded release as the surfaces see it.
package final class ReleaseEngine: SettingsEngine {
    /// Fetches a record's bytes, unchecked; `nil` when they cannot be had.
    package typealias Fetch = @Sendable (RecordReference) async -> [UInt8]?

    private struct Extras: Sendable {
        var dictionary: SettingsDictionary?
        var payload: SDKPayload?
        var text: SDKText?
    }

    package let release: LoadedRelease
    package let publishedMilliseconds: Int64
    /// Releases before this one that deltas may begin with.
    let earlier: [ReleaseOutline]
    let arms: CandidateArms
    /// When schedules change something, ascending: milliseconds since 1970.
    private let boundaries: [Int64]
    private let fetch: Fetch
    private let extras = Mutex(Extras())

    package init(
        _ release: LoadedRelease,
        publishedMilliseconds: Int64,
        earlier: [ReleaseOutline] = [],
        fetch: @escaping Fetch
    ) {
        self.release = release
        self.publishedMilliseconds = publishedMilliseconds
        self.earlier = earlier
        self.fetch = fetch
        arms = CandidateArms(release.tables.document)
        let schedules = release.tables.document.features.flatMap { [$0.schedule] + $0.rules.map(\.schedule) }
        boundaries = Set(schedules.compactMap(\.self).flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
    }

    package var record: ContentDigest { release.digest }
    package var rememberedAttributes: [ExactString] { release.tables.document.options.remembered }
    package var dictionary: SettingsDictionary? { extras.withLock { $0.dictionary } }

    package var stickyAttributes: [ExactString] {
        release.tables.needsStickyDocuments ? release.tables.stickyAttributes : []
    }

    package func stateSince(_ now: Int64) -> Int64 { boundaries.last { $0 <= now } ?? 0 }

    /// Fetches the dictionary, so that answers can refer to it.
    package func fetchDictionary() async {
        let reference = release.manifest.dictionary
        guard dictionary == nil, let bytes = await fetch(reference),
            let record = SettingsRecord(reference, bytes: bytes)
        else { return }
        extras.withLock { $0.dictionary = SettingsDictionary(digest: record.digest.hex, bytes: record.bytes) }
    }

    // MARK: Evaluating

    package func evaluate(
        _ request: SettingsRequest,
        _ known: UserKnowledge,
        now: Int64
    ) -> any SettingsEvaluation {
        ReleaseEvaluation(engine: self, evaluated: release.evaluate(context(request, known, now)))
    }

    package func flag(
        _ name: ExactString,
        _ request: SettingsRequest,
        _ known: UserKnowledge,
        now: Int64
    ) -> SingleEvaluation? {
        guard let setting = release.position(of: name) else { return nil }
        let context = context(request, known, now)
        let single = release.single(name, context)
        let value = release.text(of: single.outcome, name, context)
        return SingleEvaluation(
            flag: arms.flag(name, setting, single.outcome, value: value, now: now),
            exposures: single.assignments.map { ExperimentExposure($0) },
            newAssignments: (single.sticky?.toStore ?? []).map { StoredAssignments($0) }
        )
    }

    func context(_ request: SettingsRequest, _ known: UserKnowledge, _ now: Int64) -> EvaluationContext {
        var context = EvaluationContext(attributes: request.attributes, nowMilliseconds: now)
        context.url = request.url
        context.forcedVariations = request.forcedVariations
        context.forcedFeatures = request.forcedFeatures
        context.qaMode = request.qaMode
        context.isEnabled = request.isEnabled
        if let assignments = known.assignments {
            context.sticky = StickyDocuments(
                assignments.map { stored in
                    StickyDocument(
                        attributeName: stored.attribute,
                        attributeValue: stored.value,
                        assignments: stored.assignments
                    )
                }
            )
        }
        return context
    }

    // MARK: Rules for those who may see them

    package func payloadAtHand(_ now: Int64) -> SDKText? {
        extras.withLock { extras in
            if let text = extras.text, text.sinceMilliseconds <= now, text.untilMilliseconds.map({ now < $0 }) ?? true {
                return text
            }
            return nil
        }
    }

    @concurrent
    package func payload(at now: Int64) async -> SDKText? {
        if let text = payloadAtHand(now) { return text }
        guard let payload = await payload() else { return nil }
        let text = SDKText(
            bytes: payload.body(at: now),
            sinceMilliseconds: stateSince(now),
            untilMilliseconds: payload.validUntil(from: now)
        )
        extras.withLock { $0.text = text }
        return text
    }

    private func payload() async -> SDKPayload? {
        if let payload = extras.withLock({ $0.payload }) { return payload }
        let reference = release.manifest.source
        guard let bytes = await fetch(reference), let record = SettingsRecord(reference, bytes: bytes) else {
            return nil
        }
        do throws(ReleaseError) {
            let payload = try SDKPayload(source: record)
            extras.withLock { $0.payload = payload }
            return payload
        } catch {
            // The text was compiled when it was published; if it cannot be read now, there is nothing to send.
            return nil
        }
    }
}
