import NIOCore
package import ObjectStorage

/// What every `ObjectStore` promises, as checks to run against each implementation.
///
///     @Test(arguments: ObjectStoreConformance.behaviours)
///     func keepsThePromise(_ behaviour: ObjectStoreConformance) async throws {
///         try await behaviour.check(store)  // a new, empty store
///     }
package struct ObjectStoreConformance: Sendable, CustomStringConvertible {
    package var description: String
    /// Takes a new, empty store; throws `ConformanceFailure` where the promise is broken.
    package var check: @Sendable (any ObjectStore) async throws -> Void

    init(_ description: String, check: @escaping @Sendable (any ObjectStore) async throws -> Void) {
        self.description = description
        self.check = check
    }

    package static let behaviours = reading + writing + listing
}

/// Runs `body`, which must throw; the error.
func failure(
    _ text: String,
    file: String = #fileID,
    line: Int = #line,
    of body: () async throws(ObjectStoreError) -> Void
) async throws -> ObjectStoreError {
    do throws(ObjectStoreError) {
        try await body()
    } catch {
        return error
    }
    throw ConformanceFailure("\(text): no error was thrown", file: file, line: line)
}

func requireNotFound(
    _ key: ObjectKey,
    file: String = #fileID,
    line: Int = #line,
    of body: () async throws(ObjectStoreError) -> Void
) async throws {
    let error = try await failure("not found", file: file, line: line, of: body)
    guard case .notFound(let missing) = error, missing == key else {
        throw ConformanceFailure("\(error) is not notFound(\(key))", file: file, line: line)
    }
}

extension ObjectStore {
    /// The bytes of an object.
    func bytes(_ text: String, range: Range<Int>? = nil) async throws -> [UInt8] {
        let stored = try await get(ObjectKey(text), range: range)
        return Array(try await stored.body.collect(upTo: 64 << 20).readableBytesView)
    }

    func put(_ bytes: [UInt8], _ text: String) async throws {
        try await put(.bytes(ByteBuffer(bytes: bytes)), at: ObjectKey(text))
    }

    /// The keys of all pages.
    func keys(_ prefix: String, pagesOf limit: Int) async throws -> [String] {
        var keys: [String] = []
        var after: ObjectKey?
        repeat {
            let page = try await list(
                prefix: prefix.isEmpty ? .all : ObjectPrefix(prefix),
                after: after,
                limit: limit
            )
            try require(page.objects.count <= limit, "a page has at most \(limit) objects")
            keys += page.objects.map(\.key.text)
            after = page.next
        } while after != nil
        return keys
    }
}
