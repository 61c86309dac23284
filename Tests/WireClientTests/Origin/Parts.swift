import NIOCore

/// A request's body as an async sequence, given in parts.
struct Parts: AsyncSequence, Sendable {
    struct Broken: Error {}

    private let texts: [String]
    private let fails: Bool
    private let gate: Gate?

    /// - Parameters:
    ///   - texts: the parts.
    ///   - fails: whether it throws instead of ending.
    ///   - gate: opened before the first part comes.
    init(_ texts: [String], fails: Bool = false, after gate: Gate? = nil) {
        self.texts = texts
        self.fails = fails
        self.gate = gate
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(texts: texts[...], fails: fails, gate: gate) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var texts: ArraySlice<String>
        fileprivate let fails: Bool
        fileprivate let gate: Gate?

        mutating func next() async throws -> ByteBuffer? {
            await gate?.wait()
            if let text = texts.popFirst() { return ByteBuffer(string: text) }
            if fails { throw Broken() }
            return nil
        }
    }
}
