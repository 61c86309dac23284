import FoundationEssentials
import Warehouse

/// What the commands of `vitrine usage` have in common: folders, the project and its Python.
struct UsageDesk: Sendable {
    static let flags = [
        (name: "python", help: "Interpreter that has the project's packages. Default: an environment made below DATA."),
        (name: "warehouse", help: "Folder of the project. Default: the one that this program carries."),
    ]
    static let engineFlags = [
        (name: "engine", help: "duckdb, or spark past one machine [duckdb]."),
        (name: "memory", help: "Memory that the engine may use, such as 2GB [2GB]."),
        (name: "threads", help: "Threads that the engine may use [2]."),
    ]
    static let formatFlag = (name: "format", help: "csv or json [csv].")
    static let limitFlag = (name: "limit", help: "At most so many lines.")
    static let parameters: Set<String> = [
        "data", "store", "node", "s3-endpoint", "s3-region", "s3-access-key", "s3-secret-key", "s3-path-style",
    ]
    /// Another run is at work: EX_TEMPFAIL of sysexits.h.
    static let busyExitCode: Int32 = 75

    let configuration: UsagePlaces
    let folders: UsageFolders
    let engine: ProjectCall.Engine
    let control = ToolControl()
    /// This process's environment.
    let variables = ProcessInfo.processInfo.environment
    private let own: [String: String]

    /// - Throws: `CommandFailure` with exit code 64 for a wrong call.
    init(_ flags: FlagParser, _ parameters: ResolvedParameters, operands: ClosedRange<Int>, usage: String) throws {
        guard operands.contains(flags.operands.count) else {
            throw CommandFailure(message: "usage: vitrine \(usage)", exitCode: 64)
        }
        own = flags.own
        configuration = try UsagePlaces(parameters)
        folders = UsageFolders(data: configuration.dataFolder, current: FileManager.default.currentDirectoryPath)
        let name = flags.own["engine"] ?? ProjectCall.Engine.duckdb.rawValue
        guard let engine = ProjectCall.Engine(rawValue: name) else {
            throw CommandFailure(message: "--engine \"\(name)\" is neither duckdb nor spark", exitCode: 64)
        }
        self.engine = engine
    }

    /// The engine, its memory and its threads, for the project.
    var engineArguments: [String] {
        var arguments = ["--engine", engine.rawValue]
        for name in ["memory", "threads"] {
            if let value = own[name] { arguments += ["--" + name, value] }
        }
        return arguments
    }

    /// `--limit`, for the project.
    func limit() throws(CommandFailure) -> [String] {
        guard let text = own["limit"] else { return [] }
        guard let number = Int(text), number > 0 else {
            throw CommandFailure(message: "--limit is a whole number from 1", exitCode: 64)
        }
        return ["--limit", String(number)]
    }

    func isOn(_ name: String) -> Bool { own[name] != nil }

    /// `--from` and `--to`; `nil` without them.
    ///
    /// - Throws: `CommandFailure` with exit code 64 for what are no days in order, or none where they are needed.
    func days(needed: Bool) throws(CommandFailure) -> (from: String, to: String)? {
        guard let from = own["from"] else {
            if needed || own["to"] != nil { throw CommandFailure(message: "--from DAY is missing", exitCode: 64) }
            return nil
        }
        let to = own["to"] ?? from
        guard let first = CalendarDay(from), let last = CalendarDay(to) else {
            let wrong = CalendarDay(from) == nil ? from : to
            throw CommandFailure(message: "\"\(wrong)\" is no day, YYYY-MM-DD", exitCode: 64)
        }
        guard first <= last else { throw CommandFailure(message: "--to is before --from", exitCode: 64) }
        return (from, to)
    }

    /// A flag with one of a few values, the first by default.
    func choice(_ name: String, of choices: [String]) throws(CommandFailure) -> String {
        let value = own[name] ?? choices[0]
        guard choices.contains(value) else {
            throw CommandFailure(
                message: "--\(name) \"\(value)\" is not one of \(choices.joined(separator: ", "))",
                exitCode: 64
            )
        }
        return value
    }

    /// - Throws: `CommandFailure` with exit code 64 for what is no month.
    static func period(_ text: String) throws(CommandFailure) -> String {
        guard CalendarDay.isPeriod(text) else {
            throw CommandFailure(message: "\"\(text)\" is no month, YYYY-MM", exitCode: 64)
        }
        return text
    }

    /// The project's folder: `--warehouse`, or the program's own copy, written out when it is first needed.
    func project() async throws -> String {
        guard let given = own["warehouse"] else {
            return try await WarehouseProject.embedded.unpack(below: folders.root, unique: UUID().uuidString)
        }
        let path = given.hasPrefix("/") ? given : FileManager.default.currentDirectoryPath + "/" + given
        guard FileManager.default.fileExists(atPath: path + "/vitrine_warehouse/__main__.py") else {
            throw CommandFailure(
                message: "--warehouse \(given) is not the project: it has no vitrine_warehouse",
                exitCode: 64
            )
        }
        return path
    }

    /// The lists of packages that the engine needs.
    func requirements(_ project: String) throws -> Requirements {
        var files = [project + "/" + WarehouseProject.requirements.all]
        if engine == .spark { files.append(project + "/" + WarehouseProject.requirements.spark) }
        let contents = try files.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(message: "\(path) cannot be read")
            }
            return Array(data)
        }
        return Requirements(files: files, contents: contents)
    }

    func environment(_ project: String) throws -> PythonEnvironment {
        PythonEnvironment(try requirements(project), root: folders.root, variables: variables, control: control)
    }

    /// What calls the project: with `--python`, or an environment that is made when it is first needed.
    func call(_ tell: @escaping @Sendable (String) -> Void) async throws -> ProjectCall {
        let project = try await project()
        if let given = own["python"] {
            guard let python = Interpreter.find(given, searchPath: variables["PATH"]) else {
                throw CommandFailure(message: "--python \(given) is no program that can be run", exitCode: 64)
            }
            let whole = python.hasPrefix("/") ? python : FileManager.default.currentDirectoryPath + "/" + python
            return ProjectCall(python: whole, project: project, root: folders.warehouse)
        }
        let python = try await environment(project).ensure(tell)
        return ProjectCall(python: python, project: project, root: folders.warehouse)
    }
}
