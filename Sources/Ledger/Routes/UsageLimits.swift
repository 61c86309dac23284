/// What a question about usage may ask for.
package struct UsageLimits: Hashable, Sendable {
    /// Bytes of a creator's id, decoded.
    package var idBytes = 256
    /// Days of one question.
    package var days = 366
    /// Days before the last one, where the question does not say from when on.
    package var daysByDefault = 30
    /// Days and content types of one answer.
    package var rows = 10_000
    /// Creators of one page of the list, and where the question does not say.
    package var creators = 200
    package var creatorsByDefault = 50
    /// Days and content types behind one page of the list.
    package var listRows = 100_000
    /// Questions that are answered at the same time.
    package var questions = 64
    /// What a client is told to wait while the database is away, in seconds.
    package var retryAfterSeconds = 5

    package init() {}
}
