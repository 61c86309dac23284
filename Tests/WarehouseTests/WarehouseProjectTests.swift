import FoundationEssentials
import Testing
import VitrineTesting
import Warehouse

@Suite("The project in the binary")
struct WarehouseProjectTests {
    private let files = [
        WarehouseFile(path: "a.txt", bytes: Array("one".utf8)), WarehouseFile(path: "deep/er/b.sql", bytes: []),
        WarehouseFile(path: "deep/c.bin", bytes: [0, 255, 10, 0]),
    ]

    @Test("every file of the folder warehouse is in the binary, byte for byte")
    func embedded() throws {
        let root = String(#filePath.split(separator: "/Tests/WarehouseTests/")[0]) + "/warehouse"
        let kept = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            let isFolder = FileManager.default.contents(atPath: root + "/" + path) == nil
            let isMade = path.contains("__pycache__") || path.hasPrefix("tests/")
            return !isFolder && !isMade && !path.hasSuffix(".pyc") && path != ".user.yml"
        }
        let carried = WarehouseProject.embedded.files
        #expect(carried.map(\.path).sorted() == kept.sorted(), "run scripts/embed-warehouse")
        for file in carried {
            let bytes = FileManager.default.contents(atPath: root + "/" + file.path).map { Array($0) }
            #expect(file.bytes == bytes, "\(file.path)")
        }
        #expect(carried.contains { $0.path == WarehouseProject.requirements.all && !$0.bytes.isEmpty })
    }

    @Test("it is written out whole, folders and empty files included")
    func unpack() async throws {
        let place = try TemporaryFolder()
        let project = WarehouseProject(files: files)
        let folder = try await project.unpack(below: place.path, unique: "1")
        #expect(folder == place.path + "/" + project.folderName)
        #expect(try place.files() == files.map { project.folderName + "/" + $0.path }.sorted())
        for file in files {
            #expect(FileManager.default.contents(atPath: folder + "/" + file.path) == Data(file.bytes))
        }
    }

    @Test("a second time nothing is written, and what the project itself made stays")
    func again() async throws {
        let place = try TemporaryFolder()
        let project = WarehouseProject(files: files)
        let folder = try await project.unpack(below: place.path, unique: "1")
        try place.write([1], to: project.folderName + "/target/made")
        #expect(try await project.unpack(below: place.path, unique: "2") == folder)
        #expect(FileManager.default.fileExists(atPath: folder + "/target/made"))
    }

    @Test("an edited or half copy is put right", arguments: ["edited", "half"])
    func edited(what: String) async throws {
        let place = try TemporaryFolder()
        let project = WarehouseProject(files: files)
        let folder = try await project.unpack(below: place.path, unique: "1")
        if what == "edited" {
            try place.write(Array("two".utf8), to: project.folderName + "/a.txt")
        } else {
            try FileManager.default.removeItem(atPath: folder + "/deep")
        }
        _ = try await project.unpack(below: place.path, unique: "2")
        #expect(try place.files() == files.map { project.folderName + "/" + $0.path }.sorted())
        #expect(FileManager.default.contents(atPath: folder + "/a.txt") == Data("one".utf8))
    }

    @Test("many at once write one copy")
    func together() async throws {
        let place = try TemporaryFolder()
        let project = WarehouseProject(files: files)
        let folders = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<8 { group.addTask { try await project.unpack(below: place.path, unique: "\(number)") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(folders.count == 1)
        #expect(try place.files() == files.map { project.folderName + "/" + $0.path }.sorted())
    }

    @Test("another path, another byte or another cut is another project")
    func digests() {
        let all = [
            files, Array(files.dropLast()),
            [WarehouseFile(path: "a.txt", bytes: Array("onf".utf8))] + files.dropFirst(),
            [WarehouseFile(path: "a.txtone", bytes: [])] + files.dropFirst(),
        ]
        #expect(Set(all.map { WarehouseProject(files: $0).digest }).count == all.count)
    }
}
