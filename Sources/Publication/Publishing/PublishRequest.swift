/// What to publish, and what to write beside it.
package struct PublishRequest: Sendable {
    package var app: AppName
    /// Whoever publishes; 1 to 256 bytes without control characters.
    package var author: String
    /// Why; at most 2,048 bytes.
    package var comment: String?
    /// The number that must be in force (0: none), else nothing is published; `nil` for whichever is when it begins.
    package var expected: Int?
    /// Does everything but storing.
    package var isDryRun: Bool

    package init(
        app: AppName,
        author: String,
        comment: String? = nil,
        expected: Int? = nil,
        isDryRun: Bool = false
    ) {
        self.app = app
        self.author = author
        self.comment = comment
        self.expected = expected
        self.isDryRun = isDryRun
    }
}
