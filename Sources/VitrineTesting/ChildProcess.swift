package import Foundation

/// A program of this package that a test started, with its standard output on a pipe.
package struct ChildProcess {
    package let process = Process()
    private let output = Pipe()

    /// Starts the executable target `name`, which stands beside the running test program.
    package init(_ name: String, _ arguments: [String]) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: own).deletingLastPathComponent().appending(path: name)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        // So that the pipe ends with the child.
        try output.fileHandleForWriting.close()
    }

    /// The next lines that it says, at most `count`; fewer if it ends.
    ///
    /// A line that it did not end is left out.
    package func lines(_ count: Int) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        while lines.count < count {
            guard let byte = output.fileHandleForReading.readData(ofLength: 1).first else { break }
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
            } else {
                line.append(byte)
            }
        }
        return lines
    }
}
