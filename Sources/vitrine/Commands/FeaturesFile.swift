import FoundationEssentials
import Glibc
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
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while data.count <= SettingsAdmin.bodyBytesMax {
            // SAFETY: the kernel writes at most the buffer's count during the call.
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            data.append(contentsOf: piece[..<count])
        }
        return data
    }
}
