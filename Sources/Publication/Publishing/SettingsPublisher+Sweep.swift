import DeliveryTypes
import FoundationEssentials
import ObjectStorage

extension SettingsPublisher {
    /// Records are removed so many at a time; publishes of this process come in between.
    private static let batchMax = 64

    /// Removes the records that nobody points to any more, as `plan` says.
    ///
    /// Those stay that the number in force, the latest ones or one that was in force until lately names. The logs stay
    /// too: they are the audit trail.
    ///
    /// A publish of this process is never in the middle of a batch. One of another process that comes to name an old
    /// record during the milliseconds between the last look and the removal stores it again.
    ///
    /// - Throws: `damaged` if a manifest in use cannot be read, before anything was removed; `storage` or `cancelled`
    ///   at any time.
    package func sweep(_ plan: SweepPlan) async throws(PublicationError) -> SweepReport {
        guard plan.keep >= 1, plan.graceMilliseconds >= 0 else {
            throw .invalidRequest("a sweep keeps at least one number of each app, and has no negative grace time")
        }
        var report = SweepReport()
        report.isDryRun = plan.isDryRun
        var uses = RecordUses()
        try await update(&uses, plan)
        report.apps = uses.latest.count
        var after: ObjectKey?
        repeat {
            let from = after
            let page: ObjectPage
            do throws(ObjectStoreError) {
                page = try await store.list(prefix: SettingsKeys.records, after: from, limit: 1000)
            } catch {
                throw PublicationError(error)
            }
            var candidates: [ObjectMetadata] = []
            for object in page.objects {
                guard let digest = SettingsKeys.digest(ofRecord: object.key) else { continue }
                report.records += 1
                report.bytes += object.size
                if uses.digests.contains(digest) {
                    report.inUse += 1
                } else if isYoung(object, plan) {
                    report.young += 1
                } else {
                    candidates.append(object)
                }
            }
            try await remove(candidates, &uses, plan, &report)
            after = page.next
        } while after != nil
        return report
    }

    /// What the apps' logs named when they were last read.
    private struct RecordUses {
        var digests: Set<ContentDigest> = []
        /// The highest number seen, by app.
        var latest: [AppName: Int] = [:]
    }

    private func isYoung(_ object: ObjectMetadata, _ plan: SweepPlan) -> Bool {
        let age = Double(now()) - object.modified.timeIntervalSince1970 * 1000
        return age < Double(plan.graceMilliseconds)
    }

    private func remove(
        _ candidates: [ObjectMetadata],
        _ uses: inout RecordUses,
        _ plan: SweepPlan,
        _ report: inout SweepReport
    ) async throws(PublicationError) {
        var rest = candidates[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.batchMax)
            rest = rest.dropFirst(Self.batchMax)
            if plan.isDryRun {
                report.swept += batch.count
                report.sweptBytes += batch.reduce(0) { $0 + $1.size }
                continue
            }
            var current = uses
            var batchReport = report
            try await gate.run { () async throws(PublicationError) in
                try await update(&current, plan)
                try await remove(batch, current, plan, &batchReport)
            }
            uses = current
            report = batchReport
        }
    }

    private func remove(
        _ batch: ArraySlice<ObjectMetadata>,
        _ uses: RecordUses,
        _ plan: SweepPlan,
        _ report: inout SweepReport
    ) async throws(PublicationError) {
        for object in batch {
            guard let digest = SettingsKeys.digest(ofRecord: object.key) else { continue }
            if uses.digests.contains(digest) {
                report.inUse += 1
                continue
            }
            do throws(ObjectStoreError) {
                // It may have been stored again since it was listed.
                if isYoung(try await store.head(object.key), plan) {
                    report.young += 1
                    continue
                }
                try await store.delete(object.key)
                report.swept += 1
                report.sweptBytes += object.size
            } catch {
                if case .notFound = error { continue }
                throw PublicationError(error)
            }
        }
    }

    /// Reads what the logs have that `uses` has not.
    private func update(_ uses: inout RecordUses, _ plan: SweepPlan) async throws(PublicationError) {
        for app in try await archive.apps() {
            let known = uses.latest[app] ?? 0
            let latest = try await archive.latestNumber(of: app, after: known)
            uses.latest[app] = latest
            var number = latest
            var supersededAt = Int64.max
            while number > known {
                let isKept = latest - number < plan.keep || now() - supersededAt < plan.graceMilliseconds
                guard isKept || number == latest else { break }
                let entry = try await archive.entry(number, of: app)
                supersededAt = entry.published
                number -= 1
                if let named = try await references(of: entry.manifest) {
                    uses.digests.formUnion([entry.manifest] + named.records)
                } else if entry.number == latest {
                    throw .damaged(
                        SettingsKeys.record(entry.manifest).text,
                        reason: "the manifest of \(app)'s latest number is not there"
                    )
                }
            }
        }
    }
}
