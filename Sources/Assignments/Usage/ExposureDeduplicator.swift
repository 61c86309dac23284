import JSON
import Synchronization

/// Remembers which exposures were reported: each unit once per experiment, variation and window.
///
/// **Promises.** Windows are aligned to 1970 (a window of a day is a day of UTC), so that all nodes make the same event
/// id of the same exposure. A unit that changes its variation within a window is reported with each: analyses need to
/// see that. At least the last `fingerprintsMax` / 2 exposures are remembered until their window ends; beyond that the
/// oldest are forgotten, and reported again with the same ids. **Costs** 22 bytes per fingerprint at most, one lock per
/// request. **Fails** never: two exposures are taken for one with a probability of some n / 2⁶⁴ under a secret hash.
package final class ExposureDeduplicator: Sendable {
    private let table: Mutex<ExposureTable>
    private let windowMilliseconds: Int64

    /// - Parameters:
    ///   - window: At least a second.
    ///   - fingerprintsMax: At least 2.
    ///   - armsMax: Arms that are counted, of all apps together.
    ///   - armsPerAppMax: Arms of one app that are counted.
    package init(
        window: Duration = .seconds(86_400),
        fingerprintsMax: Int = 1 << 20,
        armsMax: Int = 20_000,
        armsPerAppMax: Int = 2_000
    ) {
        precondition(window >= .seconds(1))
        windowMilliseconds = window.components.seconds * 1_000
        table = Mutex(
            ExposureTable(fingerprintsMax: fingerprintsMax, armsMax: armsMax, armsPerAppMax: armsPerAppMax)
        )
    }

    /// Which window a time is in.
    package func window(at milliseconds: Int64) -> Int64 {
        let (windows, rest) = milliseconds.quotientAndRemainder(dividingBy: windowMilliseconds)
        return rest < 0 ? windows - 1 : windows
    }

    /// Those of one request's exposures that were not reported yet, and are to be now.
    package func admit(_ exposures: [Exposure], app: String, timeMilliseconds: Int64) -> [Exposure] {
        guard !exposures.isEmpty else { return [] }
        let window = window(at: timeMilliseconds)
        let fingerprints = Self.fingerprints(of: exposures, app: app, window: window)
        return table.withLock { table in
            zip(exposures, fingerprints).compactMap { exposure, fingerprint in
                table.admit(fingerprint, arm: exposure.arm(app: app), window: window) ? exposure : nil
            }
        }
    }

    /// An exposure that was admitted could not be reported: the unit's next one is admitted again.
    package func withdraw(_ exposure: Exposure, app: String, timeMilliseconds: Int64) {
        let window = window(at: timeMilliseconds)
        let fingerprints = Self.fingerprints(of: [exposure], app: app, window: window)
        table.withLock { $0.withdraw(fingerprints[0], arm: exposure.arm(app: app)) }
    }

    /// What was seen on this node since it started, of one app or of all; sorted by app, experiment and variation.
    package func counts(app: String? = nil) -> [ExposureCount] {
        let arms = table.withLock { $0.arms }
        return arms.compactMap { arm, counts in
            guard app.map({ $0.utf8.elementsEqual(arm.app.utf8) }) ?? true else { return nil }
            return ExposureCount(
                app: arm.app,
                experiment: arm.experiment,
                variation: arm.variation,
                exposures: counts.exposures,
                units: counts.units
            )
        }
        .sorted { ($0.app, $0.experiment, $0.variation) < ($1.app, $1.experiment, $1.variation) }
    }

    package var statistics: ExposureStatistics {
        table.withLock { table in
            ExposureStatistics(
                remembered: table.count,
                forgottenEarly: table.forgottenEarly,
                arms: table.arms.count,
                uncounted: table.uncounted
            )
        }
    }

    /// Hashes under the process's own secret, by code units: exposures that differ in one are different.
    private static func fingerprints(of exposures: [Exposure], app: String, window: Int64) -> [UInt64] {
        var seed = Hasher()
        seed.combine(window)
        for byte in app.utf8 { seed.combine(byte) }
        var unitSeed = seed
        var last: Exposure?
        return exposures.map { exposure in
            if last?.unit != exposure.unit || last?.attribute != exposure.attribute {
                unitSeed = seed
                unitSeed.combine(units: exposure.attribute)
                unitSeed.combine(units: exposure.unit)
                last = exposure
            }
            var hasher = unitSeed
            hasher.combine(units: exposure.experiment)
            hasher.combine(units: exposure.variation)
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }
}

extension Hasher {
    /// Combines the code units and an end that none of them is.
    fileprivate mutating func combine(units text: ExactString) {
        text.forEachUnit { combine($0) }
        combine(UInt32.max)
    }
}

extension Exposure {
    fileprivate func arm(app: String) -> ExposureTable.Arm {
        ExposureTable.Arm(app: app, experiment: experiment, variation: variation)
    }
}
