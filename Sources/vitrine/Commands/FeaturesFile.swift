import Foundation
import Publication

/// Reads what an author wrote.
enum FeaturesFile {
    /// The bytes of the file; `-` is standard input.
    ///
    /// - Throws: `CommandFailure` if there are none, or too many.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let found = path == "-" ? standardInput() : FileManager.default.contents(atPath: path)
        guard let data = found else { throw CommandFailure(message: "\(path) cannot be read") }
        guard data.count <= SettingsAdmin.bodyBytesMax else {
            throw CommandFailure(message: "\(path) has more than \(SettingsAdmin.bodyBytesMax) bytes")
        }
        guard !data.isEmpty else { throw CommandFailure(message: "\(path) is empty") }
        return Array(data)
    }

    /// No more than one byte above the limit is kept.
    private static func standardInput() -> Data? {
        var data = Data()
        while data.count <= SettingsAdmin.bodyBytesMax {
            // A broken pipe is the end of what comes; what is missing shows when the text is read.
            guard let piece = try? FileHandle.standardInput.read(upToCount: 1 << 20), !piece.isEmpty else { break }
            data.append(piece)
        }
        return data
    }
}
