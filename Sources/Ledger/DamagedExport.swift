/// What is wrong with an export, and where.
package struct DamagedExport: Hashable, Sendable {
    package var number: Int64
    /// The part, or `manifest.json`.
    package var file: String
    /// From 1, with the header; `nil` where no one line is at fault.
    package var line: Int?
    package var reason: String

    package init(number: Int64, file: String, line: Int? = nil, reason: String) {
        self.number = number
        self.file = file
        self.line = line
        self.reason = reason
    }
}

extension DamagedExport: CustomStringConvertible {
    package var description: String {
        "export \(number) is damaged: \(file)" + (line.map { ", line \($0)" } ?? "") + ": \(reason)"
    }
}
