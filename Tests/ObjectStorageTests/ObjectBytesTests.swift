import NIOCore
import ObjectStorage
import Testing

struct ObjectBytesTests {
    private struct Broken: Error {}

    @Test("the errors of a wrapped sequence become the store's")
    func mappedErrors() async throws {
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        continuation.yield(ByteBuffer(bytes: [1, 2]))
        continuation.finish(throwing: Broken())
        let bytes = ObjectBytes(stream) { .unavailable(retryable: true, cause: $0) }
        var iterator = bytes.makeAsyncIterator()
        #expect(try await iterator.next() == ByteBuffer(bytes: [1, 2]))
        let error = await #expect(throws: ObjectStoreError.self) { try await iterator.next() }
        guard case .unavailable(retryable: true, let cause) = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(cause is Broken)
    }
}
