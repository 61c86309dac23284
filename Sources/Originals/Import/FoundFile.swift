/// A file that a walk came upon.
struct FoundFile: Hashable, Sendable {
    /// As the walk's root was written, with the way from there.
    var path: String
    /// Bytes.
    var size: Int
    var modifiedMilliseconds: Int
}
