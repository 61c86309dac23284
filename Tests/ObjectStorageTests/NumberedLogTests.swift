import NIOCore
import ObjectStorage
import Synchronization
import Testing
import VitrineTesting

@Suite("The numbered log")
struct NumberedLogTests {
    enum Place: CaseIterable, Sendable {
        case memory
        case folder

        func store(_ folder: TemporaryFolder) async throws -> any ObjectStore {
            switch self {
            case .memory: MemoryObjectStore()
            case .folder: try await FileObjectStore.open(path: folder.path)
            }
        }
    }

    struct Lost: Error {}

    private func log(_ store: any ObjectStore) throws -> NumberedLog {
        NumberedLog(store: store, folder: try ObjectPrefix("settings/apps/shop/log/"))
    }

    private func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("numbers begin with 1 and follow each other", arguments: Place.allCases)
    func appends(_ place: Place) async throws {
        let folder = try TemporaryFolder()
        let log = try log(try await place.store(folder))
        #expect(try await log.latest() == 0)
        for number in 1...5 {
            #expect(try await log.append(bytes("entry \(number)"), as: number) == .appended)
            #expect(try await log.latest() == number)
            #expect(try await log.latest(after: number - 1) == number)
            #expect(try await log.entry(number) == bytes("entry \(number)"))
        }
        #expect(try await log.latest(after: 5) == 5)
        await #expect(throws: ObjectStoreError.self) { _ = try await log.entry(6) }
    }

    @Test("of many that append one number one wins, and the others are told what stands", arguments: Place.allCases)
    func race(_ place: Place) async throws {
        let folder = try TemporaryFolder()
        let log = try log(try await place.store(folder))
        for number in 1...8 {
            let outcomes = try await withThrowingTaskGroup(of: (Int, AppendOutcome).self) { group in
                for writer in 0..<12 {
                    group.addTask { (writer, try await log.append(bytes("\(number) of \(writer)"), as: number)) }
                }
                var all: [(Int, AppendOutcome)] = []
                for try await outcome in group { all.append(outcome) }
                return all
            }
            let winners = outcomes.filter { $0.1 == .appended }
            #expect(winners.count == 1)
            let standing = bytes("\(number) of \(winners[0].0)")
            #expect(outcomes.filter { $0.1 == .taken(by: standing) }.count == 11)
            #expect(try await log.entry(number) == standing)
            #expect(try await log.latest() == number)
        }
    }

    @Test("the latest number is found whatever the log's length", arguments: [1, 2, 999, 1000, 1001, 2023, 2024, 4100])
    func longLogs(_ count: Int) async throws {
        let store = MemoryObjectStore()
        let log = try log(store)
        for number in 1...count { try await store.put(.bytes(bytes("x")), at: log.key(number)) }
        // Neighbours in the order of keys are none of the log's.
        try await store.put(.bytes(bytes("x")), at: ObjectKey("settings/apps/shop/keys/00000000000000009999.json"))
        try await store.put(.bytes(bytes("x")), at: ObjectKey("settings/apps/shop2/log/00000000000000009999.json"))
        for known in Set([0, 1, count / 2, count - 1, count]) {
            #expect(try await log.latest(after: known) == count, "known \(known)")
        }
    }

    @Test("a long log costs a few dozen listings at most")
    func galloping() async throws {
        let inner = MemoryObjectStore()
        let listings = Mutex(0)
        let store = HookedObjectStore(inner) { call throws(ObjectStoreError) in
            if call.verb == .list { listings.withLock { $0 += 1 } }
        }
        let log = try log(store)
        for number in 1...6000 { try await inner.put(.bytes(bytes("x")), at: log.key(number)) }
        #expect(try await log.latest() == 6000)
        #expect(listings.withLock { $0 } <= 24)
        listings.withLock { $0 = 0 }
        #expect(try await log.latest(after: 5990) == 6000)
        #expect(listings.withLock { $0 } == 1)
    }

    @Test("an append whose answer is lost counts as what it was", arguments: Place.allCases)
    func lostAnswers(_ place: Place) async throws {
        let folder = try TemporaryFolder()
        let inner = try await place.store(folder)
        for (number, isRetryable) in [(1, true), (2, false)] {
            let store = HookedObjectStore(inner) { call throws(ObjectStoreError) in
                if call.verb == .putIfAbsent { throw .unavailable(retryable: isRetryable, cause: Lost()) }
            }
            // The hook above runs after the verb.
            let lossy = HookedObjectStore(
                inner,
                after: { call throws(ObjectStoreError) in
                    if call.verb == .putIfAbsent { throw .unavailable(retryable: isRetryable, cause: Lost()) }
                }
            )
            await #expect(throws: ObjectStoreError.self, "never stored, and said so") {
                _ = try await log(store).append(bytes("a\(number)"), as: number)
            }
            #expect(try await log(inner).latest() == number - 1)
            #expect(try await log(lossy).append(bytes("b\(number)"), as: number) == .appended)
            #expect(try await log(lossy).append(bytes("c\(number)"), as: number) == .taken(by: bytes("b\(number)")))
            #expect(try await log(inner).entry(number) == bytes("b\(number)"))
        }
    }

    @Test("an entry has at most so many bytes")
    func limit() async throws {
        let log = NumberedLog(store: MemoryObjectStore(), folder: try ObjectPrefix("log/"), entryBytesMax: 10)
        await #expect(throws: ObjectStoreError.self) {
            _ = try await log.append(bytes("eleven byte"), as: 1)
        }
        #expect(try await log.append(bytes("ten bytes!"), as: 1) == .appended)
        #expect(try await log.latest() == 1)
    }

    @Test("keys sort as numbers, and only the log's own keys have one")
    func keys() throws {
        let log = try log(MemoryObjectStore())
        #expect(log.key(9) < log.key(10))
        #expect(log.key(999_999) < log.key(NumberedLog.numberMax))
        for number in [1, 10, NumberedLog.numberMax] { #expect(log.number(of: log.key(number)) == number) }
        for text in [
            "settings/apps/shop/log/00000000000000000000.json", "settings/apps/shop/log/1.json",
            "settings/apps/shop/log/0000000000000000001a.json", "settings/apps/shop/log/+0000000000000000001.json",
            "settings/apps/shop/keys/00000000000000000001.json", "settings/apps/shop/log/00000000000000000001.txt",
        ] {
            #expect(log.number(of: try ObjectKey(text)) == nil, "\(text)")
        }
    }
}
