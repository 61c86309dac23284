package import NIOCore

/// The bytes of a stored object, pulled piece by piece; meant to be read once.
///
/// What is not pulled is not read from disk or network. Dropping the sequence gives back the file or connection
/// behind it. Fewer bytes than the object's range never end the sequence quietly: that throws.
package struct ObjectBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = ObjectStoreError
    /// Gives the next piece, and `nil` after the last.
    package typealias NextPiece = () async throws(ObjectStoreError) -> ByteBuffer?

    private let begin: @Sendable () -> NextPiece

    /// - Parameter begin: Called once by every reading; what it returns is called by one task at a time.
    package init(reading begin: @escaping @Sendable () -> NextPiece) {
        self.begin = begin
    }

    /// The pieces of `source`, its errors turned into the store's.
    package init<Source: AsyncSequence & Sendable>(
        _ source: Source,
        mappingErrors failure: @escaping @Sendable (any Error) -> ObjectStoreError
    ) where Source.Element == ByteBuffer {
        self.init {
            var iterator = source.makeAsyncIterator()
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                do {
                    return try await iterator.next(isolation: #isolation)
                } catch {
                    throw failure(error)
                }
            }
        }
    }

    /// Bytes that are in memory already.
    package init(_ buffer: ByteBuffer) {
        self.init {
            var rest: ByteBuffer? = buffer.readableBytes > 0 ? buffer : nil
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                defer { rest = nil }
                return rest
            }
        }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let nextPiece: NextPiece

        package mutating func next() async throws(ObjectStoreError) -> ByteBuffer? {
            try await nextPiece()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ObjectStoreError) -> ByteBuffer? {
            try await nextPiece()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(nextPiece: begin()) }

    /// All bytes in one buffer.
    ///
    /// - Throws: `ObjectStoreError.tooLarge` as soon as there are more than `limit` bytes.
    package func collect(upTo limit: Int) async throws(ObjectStoreError) -> ByteBuffer {
        var iterator = makeAsyncIterator()
        guard var all = try await iterator.next() else { return ByteBuffer() }
        if all.readableBytes > limit { throw .tooLarge(limit: limit) }
        while var piece = try await iterator.next() {
            if all.readableBytes + piece.readableBytes > limit { throw .tooLarge(limit: limit) }
            all.writeBuffer(&piece)
        }
        return all
    }
}
