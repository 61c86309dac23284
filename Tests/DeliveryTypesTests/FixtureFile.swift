import FoundationEssentials

/// Text files of the repository, found from this source file.
enum FixtureFile {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Non-empty lines that are not comments (`#`).
    static func lines(_ path: String) throws -> [String] {
        try text(path).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    static func text(_ path: String) throws -> String {
        let data = try Data(contentsOf: repository.appending(path: path))
        return String(decoding: data, as: UTF8.self)
    }
}
