import FoundationEssentials
import Testing
import VitrineTesting
import Warehouse

@Suite("Asking a collector")
struct CollectorDoorTests {
    private let folder: TemporaryFolder
    private let door: CollectorDoor
    private var path: String { folder.path(of: "collector") }

    init() throws {
        folder = try TemporaryFolder()
        door = CollectorDoor(folder: folder.path(of: "collector"))
    }

    /// A collector that has the folder.
    private func take() throws -> FileLock {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try #require(try FileLock.take(path + "/lock"))
    }

    private func requests() throws -> [String] {
        guard FileManager.default.fileExists(atPath: path + "/requests") else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path + "/requests")
    }

    @Test("a folder that is not there is absent, and stays so")
    func absent() async throws {
        #expect(try door.occupancy() == .absent)
        #expect(try await door.ask(name: "a") == .free)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a free folder is not asked")
    func free() async throws {
        let lock = try take()
        #expect(try door.occupancy() == .taken)
        withExtendedLifetime(lock) {}
        let other = CollectorDoor(folder: folder.path(of: "other"))
        try FileManager.default.createDirectory(atPath: folder.path(of: "other"), withIntermediateDirectories: true)
        #expect(try other.occupancy() == .free)
        #expect(try await other.ask(name: "a") == .free)
    }

    @Test("the answer is there when the collector has removed the request")
    func shipped() async throws {
        let lock = try take()
        async let answer = door.ask(name: "mine")
        while try requests().isEmpty { await Task.yield() }
        #expect(try requests() == ["mine"])
        try FileManager.default.removeItem(atPath: path + "/requests/mine")
        #expect(try await answer == .shipped)
        withExtendedLifetime(lock) {}
    }

    @Test("a collector that ends meanwhile leaves the folder to who asks")
    func ended() async throws {
        var lock: FileLock? = try take()
        #expect(lock != nil)
        async let answer = door.ask(name: "mine")
        while try requests().isEmpty { await Task.yield() }
        lock = nil
        #expect(try await answer == .free)
        #expect(try requests().isEmpty)
    }

    @Test("a collector that does not answer is named, and the request withdrawn")
    func silent() async throws {
        let lock = try take()
        let error = await #expect(throws: WarehouseError.self) {
            _ = try await door.ask(name: "mine", patience: .milliseconds(50))
        }
        #expect(error?.code == .store && error?.reason.contains(path) == true && error?.remedy != nil)
        #expect(try requests().isEmpty)
        withExtendedLifetime(lock) {}
    }
}
