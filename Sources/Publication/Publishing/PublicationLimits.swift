/// Bounds of publication.
package struct PublicationLimits: Sendable {
    /// The longest features file, in bytes.
    package var documentBytesMax = 64 << 20
    /// The longest author, in bytes of UTF-8.
    package var authorBytesMax = 256
    /// The longest comment, in bytes of UTF-8.
    package var commentBytesMax = 2048
    /// The most keys of one app that are in force, those in their grace time among them.
    package var keysMax = 32
    /// A record that stands already is written again by a publish if it is older, in milliseconds: so that no sweep
    /// takes it for forgotten.
    package var refreshAfterMilliseconds: Int64 = 3_600_000

    package init() {}

    func check(_ request: PublishRequest) throws(PublicationError) {
        try check(author: request.author)
        if let comment = request.comment {
            guard comment.utf8.count <= commentBytesMax else {
                throw .invalidRequest("a comment has at most \(commentBytesMax) bytes")
            }
            guard !Self.hasControls(comment, allowing: [0x0a, 0x09]) else {
                throw .invalidRequest("a comment has no control characters but tabs and line feeds")
            }
        }
        if let expected = request.expected, expected < 0 {
            throw .invalidRequest("the expected number is 0 (none) or more")
        }
    }

    func check(author: String) throws(PublicationError) {
        guard (1...authorBytesMax).contains(author.utf8.count), !Self.hasControls(author, allowing: []) else {
            throw .invalidRequest("an author has 1 to \(authorBytesMax) bytes and no control characters")
        }
    }

    private static func hasControls(_ text: String, allowing allowed: Set<UInt8>) -> Bool {
        text.utf8.contains { ($0 < 0x20 || $0 == 0x7f) && !allowed.contains($0) }
    }
}
