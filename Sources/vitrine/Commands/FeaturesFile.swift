import FoundationEssentials
import Publication

/// Reads what an author wrote.
enum FeaturesFile {
    /// The bytes of the file; `-` is standard input.
    ///
    /// - Throws: `CommandFailure` if there are none, or too many.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path == "-" ? "/dev/stdin" : path) else {
            throw CommandFailure(message: "\(path) cannot be read")
        }
        guard data.count <= SettingsAdmin.bodyBytesMax else {
            throw CommandFailure(message: "\(path) has more than \(SettingsAdmin.bodyBytesMax) bytes")
        }
        guard !data.isEmpty else { throw CommandFailure(message: "\(path) is empty") }
        return Array(data)
    }
}
