import ObjectStorage
import Testing
import VitrineTesting

struct ConformanceTests {
    @Test("memory keeps the promises of a store", arguments: ObjectStoreConformance.behaviours)
    func memory(_ behaviour: ObjectStoreConformance) async throws {
        try await behaviour.check(MemoryObjectStore())
    }

    @Test("a folder keeps the promises of a store", arguments: ObjectStoreConformance.behaviours)
    func file(_ behaviour: ObjectStoreConformance) async throws {
        let folder = try TemporaryFolder()
        try await behaviour.check(FileObjectStore.open(path: folder.path(of: "store")))
        let left = try folder.files().filter { $0.hasPrefix("store/.tmp/") }
        #expect(left.isEmpty, "nothing is left in .tmp")
    }
}
