/// What a sweep saw and did.
package struct SweepReport: Hashable, Sendable {
    package var isDryRun = false
    package var apps = 0
    /// All records, and their bytes.
    package var records = 0
    package var bytes = 0
    /// Records that a kept number names.
    package var inUse = 0
    /// Records that no kept number names, but that are too young to go.
    package var young = 0
    /// Records that were removed, or would be; and their bytes.
    package var swept = 0
    package var sweptBytes = 0
}
