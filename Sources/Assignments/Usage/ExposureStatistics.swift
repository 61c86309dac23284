/// What an `ExposureDeduplicator` holds and has let go.
package struct ExposureStatistics: Hashable, Sendable {
    /// Fingerprints in memory.
    package var remembered: Int
    /// Fingerprints that were forgotten before their window ended: their exposures may be reported again.
    package var forgottenEarly: Int
    /// Arms that are counted.
    package var arms: Int
    /// Exposures of arms that had no room in the table of counts.
    package var uncounted: Int
}
