/// Why the disk tier did not do what it was asked.
///
/// None of them is a reason to fail a request: all mean "not cached".
package enum DiskTierError: Error, Hashable, Sendable {
    /// Another process has the folder; trying again helps only after it ended.
    case held(folder: String)
    /// The caller's fault: the settings contradict each other.
    case invalidSettings(reason: String)
    /// More reads wait than may.
    case overloaded
    /// The disk failed.
    ///
    /// A later try may help.
    case failed(DiskFailure)
    /// The tier was shut down.
    case closed
}

extension DiskTierError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .held(let folder): "another process uses the cache folder \(folder)"
        case .invalidSettings(let reason): "the disk tier cannot be so: \(reason)"
        case .overloaded: "too many reads wait for the disk"
        case .failed(let failure): "the cache disk failed (\(failure))"
        case .closed: "the disk tier was shut down"
        }
    }
}
