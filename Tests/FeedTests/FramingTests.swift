import DeliveryTypes
import Publication
import Testing
import VitrineTesting

@Suite("Lines of changes")
struct FramingTests {
    private static let app =
        "{\"app\":{\"keys\":[{\"expires\":1795219200000,\"kind\":\"client\",\"sha256\":\""
        + String(repeating: "ab", count: 32) + "\"}],\"keysNumber\":2,\"manifest\":\""
        + String(repeating: "0f", count: 32)
        + "\",\"name\":\"shop\",\"number\":7,\"published\":1795219100000},\"type\":\"app\"}\n"

    private func sample() throws -> SourcedApp {
        SourcedApp(
            name: try #require(AppName("shop")),
            number: 7,
            manifest: ContentDigest(bytes: [UInt8](repeating: 0x0f, count: 32)),
            published: 1_795_219_100_000,
            keysNumber: 2,
            keys: [
                SourcedKey(
                    kind: .client,
                    sha256: ContentDigest(bytes: [UInt8](repeating: 0xab, count: 32)),
                    expires: 1_795_219_200_000
                )
            ]
        )
    }

    @Test("events are written as documented and read back")
    func golden() throws {
        let app = try sample()
        #expect(String(decoding: try PeerLine(.app(app)).encoded(), as: UTF8.self) == Self.app)
        #expect(String(decoding: try PeerLine(.heartbeat).encoded(), as: UTF8.self) == "{\"type\":\"heartbeat\"}\n")
        let snapshot = SettingsSnapshot(apps: [app])
        let events = [SourceEvent.snapshot(snapshot), .app(app), .heartbeat]
        let lines = try events.map { String(decoding: try PeerLine($0).encoded(), as: UTF8.self) }
        try Golden.expect(lines.joined(), "settings-peer.ndjson")
        for event in [SourceEvent.app(app), .heartbeat, .snapshot(snapshot)] {
            #expect(try PeerLine.event(Array(try PeerLine(event).encoded().dropLast())) == event)
        }
        #expect(try SettingsSnapshot(decoding: try snapshot.encoded(), from: "test") == snapshot)
    }

    @Test("a line of an unknown type is passed over; one that lies about its type is an error")
    func unknown() throws {
        #expect(try PeerLine.event(Array("{\"type\":\"weather\",\"sun\":true}".utf8)) == nil)
        for text in ["{\"type\":\"app\"}", "{\"type\":\"snapshot\"}", "{}", "[]", "", "{\"type\":\"app\",\"app\":{}}"] {
            #expect(throws: PublicationError.self) { try PeerLine.event(Array(text.utf8)) }
        }
        let wrong = [
            Self.app.replacing("\"shop\"", with: "\"../x\""), Self.app.replacing("\"number\":7", with: "\"number\":0"),
            Self.app.replacing("0f0f0f", with: "0f0f"),
        ]
        for text in wrong { #expect(throws: PublicationError.self) { try PeerLine.event(Array(text.utf8)) } }
    }

    @Test("however a stream is cut into pieces, the lines are the same", arguments: 0..<50)
    func pieces(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var lines: [[UInt8]] = []
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 0..<20, using: &generator) {
            let line = generator.bytes(Int.random(in: 0..<40, using: &generator)).filter { $0 != 0x0a }
            stream += line + [0x0a]
            if !line.isEmpty { lines.append(line) }
        }
        let rest = generator.bytes(5).filter { $0 != 0x0a }
        stream += rest
        var cutter = LineCutter(bytesMax: 40)
        var cut: [[UInt8]] = []
        while !stream.isEmpty {
            let count = min(stream.count, Int.random(in: 1...15, using: &generator))
            cut += try cutter.cut(stream.prefix(count))
            stream.removeFirst(count)
        }
        #expect(cut == lines, "seed \(seed)")
        #expect(cutter.isWithinLine == !rest.isEmpty, "seed \(seed)")
    }

    @Test("a line that is too long ends the stream, however it comes")
    func longLine() throws {
        var cutter = LineCutter(bytesMax: 8)
        #expect(try cutter.cut(Array("12345678\n12345".utf8)).count == 1)
        #expect(throws: PublicationError.self) { try cutter.cut(Array("67890".utf8)) }
    }

    @Test("a mutated line is refused or read as something that can be; never more", arguments: 0..<20)
    func mutations(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 1_000)
        let lines = [
            Array(Self.app.utf8.dropLast()),
            Array(try PeerLine(.snapshot(SettingsSnapshot(apps: [try sample()]))).encoded().dropLast()),
        ]
        for _ in 0..<200 {
            var line = lines[Int.random(in: 0..<2, using: &generator)]
            for _ in 0..<Int.random(in: 1..<4, using: &generator) {
                let index = Int.random(in: 0..<line.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: line[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: line.remove(at: index)
                default: line.insert(line[Int.random(in: 0..<line.count, using: &generator)], at: index)
                }
            }
            guard let event = try? PeerLine.event(line) else { continue }  // Refused: as good as it gets.
            let apps: [SourcedApp] =
                switch event {
                case .app(let app): [app]
                case .snapshot(let snapshot): snapshot.apps
                case .heartbeat: []
                }
            for app in apps { #expect(app.number > 0 && AppName(app.name.text) != nil, "seed \(seed)") }
            // What can be read can be written, and is read the same.
            #expect(try PeerLine.event(Array(try PeerLine(event).encoded().dropLast())) == event, "seed \(seed)")
        }
    }

    @Test("what a node has written down is refused when any byte of it is another, or when it ends early")
    func keptApp() throws {
        let kept = KeptApp(app: try sample(), records: [ContentDigest(of: [1])])
        let bytes = try kept.encoded()
        #expect(try KeptApp(decoding: bytes, from: "test") == kept)
        try Golden.expect(String(decoding: bytes, as: UTF8.self), "settings-shelf.txt")
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x01
            #expect(throws: PublicationError.self, "byte \(index)") { try KeptApp(decoding: damaged, from: "test") }
            #expect(throws: PublicationError.self, "\(index) bytes") {
                try KeptApp(decoding: Array(bytes.prefix(index)), from: "test")
            }
        }
    }

    @Test("pauses double up to the longest, cut by at most a half")
    func backoff() {
        let backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
        #expect(backoff.pause(after: 1, random: 0) == .milliseconds(100))
        #expect(backoff.pause(after: 3, random: 0) == .milliseconds(400))
        #expect(backoff.pause(after: 3, random: 0.5) == .milliseconds(300))
        #expect(backoff.pause(after: 1_000_000, random: 0) == .seconds(5))
        #expect(backoff.pause(after: 0, random: 7) == .milliseconds(50))
    }
}
