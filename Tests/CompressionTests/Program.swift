import Foundation

/// A program of the system, which reads its standard input.
enum Program {
    static func path(_ name: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }.first(
            where: FileManager.default.isExecutableFile
        )
    }

    static func has(_ name: String) -> Bool { path(name) != nil }

    /// What it writes to standard output; `nil` if it fails.
    static func output(_ name: String, _ arguments: [String], input: [UInt8]) throws -> [UInt8]? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "compression-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left over at worst.
        let source = folder.appending(path: "input")
        let target = folder.appending(path: "output")
        try Data(input).write(to: source)
        try Data().write(to: target)
        let process = Process()
        process.executableURL = URL(filePath: path(name) ?? "/nonexistent")
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: target)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return Array(try Data(contentsOf: target))
    }
}
