import FoundationEssentials

/// The file that makes an environment whole: written last, after everything that was installed is on the disk.
struct EnvironmentMark: Codable, Equatable {
    static let fileName = "vitrine.json"

    /// Of this file's form.
    var version = 1
    /// `Requirements.digest`.
    var requirements: String
    /// `3.11.7`; the packages are for `3.11`.
    var python: String
    /// Where the environment was made: its programs name this path, so a moved one is of no use.
    var folder: String
}
