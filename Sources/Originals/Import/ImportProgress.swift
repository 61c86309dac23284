/// How far an import has come.
package struct ImportProgress: Hashable, Sendable {
    /// Files of any kind, and their bytes, as counted before the import began; they may have changed since.
    package var filesTotal = 0
    package var bytesTotal = 0
    package var filesDone = 0
    package var bytesDone = 0
    package var stored = 0
    package var existed = 0
    package var skipped = 0
    package var failed = 0

    package init() {}

    mutating func add(_ status: ImportResult.Status, bytes: Int) {
        filesDone += 1
        bytesDone += bytes
        switch status {
        case .stored: stored += 1
        case .existed: existed += 1
        case .skipped: skipped += 1
        case .failed: failed += 1
        }
    }
}
