import FoundationEssentials
import Glibc
import Synchronization
import Testing
import VitrineTesting
import Warehouse

@Suite("The Python environment")
struct PythonEnvironmentTests {
    @Test("it is made once, and told step by step")
    func once() async throws {
        let fake = try FakePython()
        let environment = fake.environment()
        #expect(try await environment.isWhole() == false)
        let told = Mutex<[String]>([])
        let python = try await environment.ensure { text in told.withLock { $0.append(text) } }
        #expect(python == environment.folder + "/bin/python")
        let texts = told.withLock { $0 }
        #expect(texts.contains("collecting alpha") && texts.contains("installing 2 packages"))
        #expect(texts.first?.contains(environment.folder) == true)
        told.withLock { $0 = [] }
        _ = try await fake.environment().ensure { text in told.withLock { $0.append(text) } }
        #expect(told.withLock { $0 }.isEmpty && fake.makings() == 1)
        #expect(try await fake.environment().isWhole())
    }

    @Test("another list of packages is another environment")
    func otherList() async throws {
        let fake = try FakePython()
        let first = try await fake.environment("alpha==1\n").ensure { _ in }
        let second = try await fake.environment("alpha==2\n").ensure { _ in }
        #expect(first != second && fake.makings() == 2)
    }

    @Test("of two that start at once, one makes it and both have it")
    func together() async throws {
        let fake = try FakePython(pip: "sleep 0.3")
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try await fake.environment().ensure { _ in } } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths.count == 1 && fake.makings() == 1)
    }

    @Test("a half one is made anew", arguments: ["no mark", "half a mark", "moved", "other Python", "no Python"])
    func half(what: String) async throws {
        let fake = try FakePython()
        let environment = fake.environment()
        _ = try await environment.ensure { _ in }
        let mark = environment.folder + "/vitrine.json"
        switch what {
        case "no mark": try FileManager.default.removeItem(atPath: mark)
        case "half a mark": #expect(FileManager.default.createFile(atPath: mark, contents: Data("{\"ver".utf8)))
        case "moved":
            let text = String(decoding: try #require(FileManager.default.contents(atPath: mark)), as: UTF8.self)
            let moved = text.replacing(environment.folder, with: "/elsewhere")
            #expect(FileManager.default.createFile(atPath: mark, contents: Data(moved.utf8)))
        case "other Python": try fake.say("3.12.1")
        default: try FileManager.default.removeItem(atPath: environment.folder + "/bin/python")
        }
        #expect(try await environment.isWhole() == false)
        let told = Mutex<[String]>([])
        _ = try await fake.environment().ensure { text in told.withLock { $0.append(text) } }
        #expect(fake.makings() == 2)
        #expect(told.withLock { $0 }.first?.hasPrefix("making the Python environment anew") == true)
        #expect(try await environment.isWhole())
    }

    @Test("what fails leaves nothing that looks whole")
    func failing() async throws {
        let fake = try FakePython(pip: "echo 'ERROR: No matching distribution found for alpha==1' >&2; exit 1")
        let error = await #expect(throws: WarehouseError.self) { _ = try await fake.environment().ensure { _ in } }
        #expect(error?.code == .missing && error?.reason.contains("alpha==1") == true && error?.remedy != nil)
        #expect(try await fake.environment().isWhole() == false)
    }

    @Test("a stop in the middle ends it, and the next start makes it anew")
    func interrupted() async throws {
        let fake = try FakePython(
            pip: "echo Collecting alpha; [ -e \"$self.again\" ] || { touch \"$self.again\"; sleep 60; }"
        )
        let control = ToolControl()
        let error = await #expect(throws: WarehouseError.self) {
            _ = try await fake.environment(control: control).ensure { text in
                if text == "collecting alpha" { control.stop(SIGTERM) }
            }
        }
        #expect(error?.code == .stopped)
        #expect(try await fake.environment().isWhole() == false)
        // The half one is removed with the file that makes it slow; another one beside it makes the next quick.
        let quick = try FakePython()
        let next = PythonEnvironment(
            fake.environment().requirements,
            root: fake.data.path + "/usage",
            variables: ["PATH": quick.folder.path + "/bin:/usr/bin:/bin"],
            control: ToolControl()
        )
        _ = try await next.ensure { _ in }
        #expect(try await next.isWhole() && quick.makings() == 1)
    }

    @Test("without Python, with an old one or one without venv, the remedy is told")
    func noPython() async throws {
        let fake = try FakePython()
        let none = PythonEnvironment(
            fake.environment().requirements,
            root: fake.data.path + "/usage",
            variables: ["PATH": fake.data.path],
            control: ToolControl()
        )
        let missing = await #expect(throws: WarehouseError.self) { _ = try await none.ensure { _ in } }
        #expect(missing?.code == .missing && missing?.remedy?.contains("apt-get install python3") == true)
        try fake.say("3.8.2")
        let old = await #expect(throws: WarehouseError.self) { _ = try await fake.environment().ensure { _ in } }
        #expect(old?.code == .missing && old?.reason.contains("3.8.2") == true)
        try fake.say("3.11.7")
        try fake.folder.write([], to: "no-venv")
        let bare = await #expect(throws: WarehouseError.self) { _ = try await fake.environment().ensure { _ in } }
        #expect(bare?.code == .missing && bare?.reason.contains("venv") == true)
        #expect(fake.makings() == 0)
    }
}
