/// Remembers which exposures were reported, so that each unit is reported once per experiment, variation and window.
///
/// **Promises.** Windows are aligned to the clock (a window of a day is a day of UTC), so that all nodes make the same
/// event id of the same exposure. Never forgets within a window as long as no more than `fingerprintsMax` exposures
/// are new in it; beyond that the older half is forgotten, and exposures of those units are reported again. **Costs**
/// up to 32 bytes per fingerprint. **Fails** never: two exposures are taken for one with a probability of n / 2⁶⁴.
package final class ExposureDeduplicator: Sendable {
    package init(window: Duration = .seconds(86_400), fingerprintsMax: Int = 1 << 20, armsMax: Int = 20_000) {
        fatalError()
    }

    /// What was seen on this node since it started, by app, experiment and variation; sorted by these.
    package func counts(app: String? = nil) -> [ExposureCount] { fatalError() }
}
