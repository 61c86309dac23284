import DeliveryTypes
import FoundationEssentials
import NIOCore
import ObjectStorage
import Originals
import Synchronization
import Testing
import VitrineTesting

struct IngestTests {
    private static let picture = Array("a picture of a lake".utf8)

    @Test("an upload becomes its bytes and a record, under its hash")
    func stored() async throws {
        let fixture = try await OriginalStoreFixture()
        let outcome = try await fixture.originals.ingest(
            pieces(of: Self.picture, count: 5),
            declaredLength: Self.picture.count,
            attributes: IngestAttributes(owner: "o1", visibility: .private, filename: "../lake.jpg")
        ) { picture in
            let staged = try Data(contentsOf: URL(filePath: picture.path))
            #expect(staged == Data(Self.picture))
            #expect(picture.size == Self.picture.count)
            return OriginalStoreFixture.facts
        }
        let id = OriginalStoreFixture.id(of: Self.picture)
        #expect(!outcome.existed && outcome.differences.isEmpty)
        let original = outcome.original
        #expect(original.id == id && original.facts.bytes == Self.picture.count)
        #expect(original.owner == "o1" && original.visibility == .private && original.filename == "lake.jpg")
        #expect(original.created == Date(timeIntervalSince1970: 1_790_000_000))
        let hex = id.hex
        let stem = "store/originals/\(hex.prefix(4))/\(hex.dropFirst(4).prefix(2))/\(hex)"
        #expect(try fixture.files() == [stem + ".jpg", stem + ".json"])
        #expect(try await fixture.originals.find(id) == original)
        #expect(try await fixture.neighbour().find(id) == original)
        let opened = try await fixture.originals.open(id)
        #expect(try await Array(opened.object.body.collect(upTo: 100).readableBytesView) == Self.picture)
        let part = try await fixture.originals.open(id, range: 2..<9).object
        #expect(try await String(buffer: part.body.collect(upTo: 100)) == "picture")
        #expect(try await fixture.originals.localFile(id) == fixture.folder.path(of: stem + ".jpg"))
    }

    @Test("the same bytes twice are one original, which is inspected once")
    func twice() async throws {
        let fixture = try await OriginalStoreFixture()
        let first = try await fixture.ingest(Self.picture)
        fixture.time.advance(seconds: 100)
        let second = try await fixture.originals.ingest(pieces(of: Self.picture)) { _ in throw TestFailure() }
        #expect(second.existed && second.differences.isEmpty)
        #expect(second.original == first.original)
        #expect(try fixture.files().count == 2)
    }

    @Test("a later upload changes neither owner nor visibility, and is told so")
    func differences() async throws {
        let fixture = try await OriginalStoreFixture()
        let secret = IngestAttributes(owner: "a", visibility: .private, filename: "x.jpg")
        let first = try await fixture.ingest(Self.picture, secret)
        let open = IngestAttributes(owner: "b", visibility: .public, filename: "y.jpg")
        let second = try await fixture.ingest(Self.picture, open)
        #expect(second.existed)
        #expect(second.differences == [.owner, .visibility, .filename])
        #expect(second.original == first.original)
        #expect(try await fixture.neighbour().find(first.original.id).visibility == .private)
        let third = try await fixture.ingest(Self.picture, secret)
        #expect(third.differences.isEmpty)
    }

    @Test("fifty simultaneous uploads of the same bytes all succeed and are one original")
    func simultaneous() async throws {
        let fixture = try await OriginalStoreFixture()
        let neighbour = try await fixture.neighbour()
        var random = SeededGenerator(seed: 2)
        let bytes = random.bytes(300_000)
        let outcomes = try await withThrowingTaskGroup(of: IngestOutcome.self) { group in
            for number in 0..<50 {
                let originals = number.isMultiple(of: 2) ? fixture.originals : neighbour
                group.addTask {
                    try await originals.ingest(pieces(of: bytes, count: 60_000)) { _ in OriginalStoreFixture.facts }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 50)
        #expect(outcomes.count { !$0.existed } == 1)
        #expect(Set(outcomes.map(\.original)).count == 1)
        #expect(try fixture.files().count == 2)
        let opened = try await fixture.originals.open(OriginalStoreFixture.id(of: bytes))
        #expect(try await Array(opened.object.body.collect(upTo: 400_000).readableBytesView) == bytes)
    }

    @Test("more bytes than the limit are refused before the stream ends, and nothing is left")
    func tooLarge() async throws {
        var limits = OriginalStoreLimits()
        limits.bytesMax = 3_000_000
        let fixture = try await OriginalStoreFixture(limits: limits)
        let given = Mutex(0)
        // It would never end.
        let endless = AsyncStream<ByteBuffer>(unfolding: {
            given.withLock { $0 += 1 }
            return ByteBuffer(repeating: 7, count: 100_000)
        })
        let error = try await originalsError {
            _ = try await fixture.originals.ingest(endless) { _ in OriginalStoreFixture.facts }
        }
        guard case .tooLarge(limit: 3_000_000) = error else { throw error }
        #expect(given.withLock { $0 } == 31)
        let announced = try await originalsError {
            _ = try await fixture.originals.ingest(endless, declaredLength: 3_000_001) { _ in
                OriginalStoreFixture.facts
            }
        }
        guard case .tooLarge = announced else { throw announced }
        #expect(given.withLock { $0 } == 31, "an announced length is refused before anything is read")
        #expect(try fixture.files() == [])
    }

    @Test("a length other than the announced one is refused, and nothing is left", arguments: [18, 20, 0])
    func lengthMismatch(_ declared: Int) async throws {
        let fixture = try await OriginalStoreFixture()
        let error = try await originalsError {
            _ = try await fixture.originals.ingest(pieces(of: Self.picture), declaredLength: declared) { _ in
                OriginalStoreFixture.facts
            }
        }
        guard case .lengthMismatch(declared, received: 19) = error else { throw error }
        #expect(try fixture.files() == [])
    }

    @Test("no bytes are no picture")
    func empty() async throws {
        let fixture = try await OriginalStoreFixture()
        let error = try await originalsError { _ = try await fixture.ingest([]) }
        guard case .empty = error else { throw error }
        #expect(try fixture.files() == [])
    }

    @Test("a stream that breaks off leaves nothing, and its error is carried")
    func interrupted() async throws {
        let fixture = try await OriginalStoreFixture()
        let broken = pieces(of: [UInt8](repeating: 1, count: 2_000_000), count: 65_536, failure: TestFailure())
        let error = try await originalsError {
            _ = try await fixture.originals.ingest(broken) { _ in OriginalStoreFixture.facts }
        }
        guard case .interrupted(let cause) = error else { throw error }
        #expect(cause as? TestFailure == TestFailure())
        #expect(try fixture.files() == [])
    }

    @Test("what the inspection refuses is not stored, and its error is carried")
    func refused() async throws {
        let fixture = try await OriginalStoreFixture()
        let error = try await originalsError {
            _ = try await fixture.originals.ingest(pieces(of: Self.picture)) { _ in
                throw RenderFailure(.unsupportedSource, "not a picture")
            }
        }
        guard case .inspection(let cause) = error else { throw error }
        #expect((cause as? RenderFailure)?.code == .unsupportedSource)
        #expect(try fixture.files() == [])
        #expect(try await fixture.ingest(Self.picture).existed == false)
    }

    @Test("a cancelled upload leaves nothing")
    func cancelled() async throws {
        let fixture = try await OriginalStoreFixture()
        let (stream, uploader) = AsyncStream<ByteBuffer>.makeStream()
        let (begun, hasBegun) = AsyncStream<Void>.makeStream()
        let originals = fixture.originals
        // This test waits for it below.
        let task = Task {
            try await originalsError {
                let bytes = stream.map { piece in
                    hasBegun.yield()
                    return piece
                }
                _ = try await originals.ingest(bytes) { _ in OriginalStoreFixture.facts }
            }
        }
        uploader.yield(ByteBuffer(repeating: 1, count: 1_500_000))
        for await _ in begun { break }
        task.cancel()
        let error = try await task.value
        guard case .cancelled = error else { throw error }
        #expect(try fixture.files() == [])
    }

    @Test("a cancellation during the inspection leaves nothing")
    func cancelledInspection() async throws {
        let fixture = try await OriginalStoreFixture()
        let originals = fixture.originals
        let (begun, hasBegun) = AsyncStream<Void>.makeStream()
        // This test waits for it below.
        let task = Task {
            try await originalsError {
                _ = try await originals.ingest(pieces(of: Self.picture)) { _ in
                    hasBegun.yield()
                    // Waits for the cancellation, which comes from below.
                    while !Task.isCancelled { await Task.yield() }
                    throw CancellationError()
                }
            }
        }
        for await _ in begun { break }
        task.cancel()
        let error = try await task.value
        guard case .cancelled = error else { throw error }
        #expect(try fixture.files() == [])
    }

    @Test("an owner that cannot be kept is refused", arguments: ["", "a\nb", String(repeating: "x", count: 257)])
    func invalidOwner(_ owner: String) async throws {
        let fixture = try await OriginalStoreFixture()
        let error = try await originalsError { _ = try await fixture.ingest([1], IngestAttributes(owner: owner)) }
        guard case .invalidAttribute = error else { throw error }
    }

    @Test(
        "a file name loses its folders and control characters",
        arguments: [
            ("a.jpg", "a.jpg"), ("/etc/a.jpg", "a.jpg"), ("C:\\x\\a.jpg", "a.jpg"), ("a\r\n.jpg", "a.jpg"), ("..", nil),
            ("", nil), ("dir/", "dir"),
        ] as [(String, String?)]
    )
    func filename(_ given: String, _ kept: String?) {
        #expect(IngestAttributes(filename: given).filename == kept)
        let long = IngestAttributes(filename: String(repeating: "\u{e9}", count: 300)).filename
        #expect(long?.utf8.count == 254)
    }
}
