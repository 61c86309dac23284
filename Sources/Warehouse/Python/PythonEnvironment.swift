import FoundationEssentials
import Glibc

/// An environment of Python packages below `DATA/usage`, made when it is first needed.
///
/// **Promises.** `ensure` returns the path of an interpreter that has all packages of the list. An environment counts
/// only when its mark is there, which is written last; whatever a crash left is removed and made anew. One process
/// makes it, others wait for it. **Costs** a start of Python when it is there, a minute or two and some 500 MB when it
/// has to be made. **Fails** with `missing` and a remedy when Python, venv, pip or the package index are not there,
/// and with `disk`.
///
/// It is made in its final place: its programs name the interpreter by that path, so it cannot be renamed afterwards.
package struct PythonEnvironment: Sendable {
    package let requirements: Requirements
    /// Absolute.
    package let folder: String
    private let lockPath: String
    /// The environment of the programs that are run.
    private let variables: [String: String]
    private let control: ToolControl
    private let clock: any Clock<Duration>

    /// How often it is looked whether another process has finished.
    static let look: Duration = .milliseconds(200)

    /// `root` is `DATA/usage`; `variables` is this process's environment.
    package init(
        _ requirements: Requirements,
        root: String,
        variables: [String: String],
        control: ToolControl,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.requirements = requirements
        folder = root + "/" + requirements.folderName
        lockPath = root + "/python.lock"
        self.variables = Interpreter.variables(from: variables)
        self.control = control
        self.clock = clock
    }

    /// The interpreter's path, whether or not it is there.
    package var python: String { folder + "/bin/python" }

    /// Whether it is there and whole.
    package func isWhole() async throws(WarehouseError) -> Bool { try await state() == .whole }

    /// Makes the environment if it is not there.
    ///
    /// `tell` hears what is being done, in words, and may be called on any thread.
    ///
    /// - Returns: The interpreter's path.
    package func ensure(_ tell: @escaping @Sendable (String) -> Void) async throws(WarehouseError) -> String {
        if try await state() == .whole { return python }
        try makeFolder()
        let lock = try await waitForLock(tell)
        defer { withExtendedLifetime(lock) {} }
        switch try await state() {
        case .whole: return python
        case .absent: break
        case .broken(let reason):
            tell("making the Python environment anew: \(reason)")
            try await remove()
        }
        try await make(tell)
        return python
    }

    private func state() async throws(WarehouseError) -> EnvironmentState {
        let path = folder
        let (exists, mark) = try await Blocking.run { () throws(WarehouseError) -> (Bool, EnvironmentMark?) in
            let bytes = FileManager.default.contents(atPath: path + "/" + EnvironmentMark.fileName)
            // What is no mark is none.
            let mark = bytes.flatMap { try? JSONDecoder().decode(EnvironmentMark.self, from: $0) }
            return (FileManager.default.fileExists(atPath: path), mark)
        }
        var interpreter: String?
        if mark != nil {
            interpreter = try await Interpreter.answer(
                of: python,
                to: Interpreter.versionProbe,
                environment: variables,
                control: control
            )
        }
        return EnvironmentState.judge(
            exists: exists,
            mark: mark,
            requirements: requirements.digest,
            folder: folder,
            interpreter: interpreter
        )
    }

    private func makeFolder() throws(WarehouseError) {
        let root = String(lockPath.prefix(upTo: lockPath.lastIndex(of: "/") ?? lockPath.endIndex))
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        } catch {
            throw WarehouseError(.disk, "\(root) cannot be made: \(error)", remedy: "choose a folder with --data")
        }
    }

    private func waitForLock(_ tell: @Sendable (String) -> Void) async throws(WarehouseError) -> FileLock {
        var isFirst = true
        while true {
            if let lock = try FileLock.take(lockPath) { return lock }
            if isFirst { tell("another process is making the Python environment; waiting for it") }
            isFirst = false
            if control.signal != nil { throw .stopped }
            do { try await clock.sleep(for: Self.look) } catch { throw .stopped }
        }
    }

    private func remove() async throws(WarehouseError) {
        let path = folder
        try await Blocking.run { () throws(WarehouseError) in
            do {
                // The mark goes first: a removal that is cut off leaves nothing that looks whole.
                let mark = path + "/" + EnvironmentMark.fileName
                if FileManager.default.fileExists(atPath: mark) { try FileManager.default.removeItem(atPath: mark) }
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw WarehouseError(.disk, "\(path) cannot be removed: \(error)", remedy: "remove it by hand")
            }
        }
    }

    private func make(_ tell: @escaping @Sendable (String) -> Void) async throws(WarehouseError) {
        guard let maker = Interpreter.find("python3", searchPath: variables["PATH"]) else {
            throw WarehouseError(.missing, "there is no python3 on the search path", remedy: Interpreter.remedy)
        }
        if let fault = try await Interpreter.fault(of: maker, environment: variables, control: control) { throw fault }
        tell("making a Python environment at \(folder), once")
        let errors = Collected()
        let made = try await run(maker, ["-m", "venv", folder]) { _, bytes in errors.append(bytes) }
        guard made.isSuccess else {
            let last = errors.text.split(separator: "\n").last.map(String.init) ?? "\(made)"
            throw WarehouseError(.missing, "\(maker) -m venv failed: \(last)", remedy: Interpreter.remedy)
        }
        try await install(tell)
        guard
            let version = try await Interpreter.answer(
                of: python,
                to: Interpreter.versionProbe,
                environment: variables,
                control: control
            )
        else { throw WarehouseError(.failed, "\(python) was made and does not run") }
        try await mark(version)
        tell("the Python environment is ready")
    }

    private func install(_ tell: @escaping @Sendable (String) -> Void) async throws(WarehouseError) {
        let lists = requirements.files.flatMap { ["-r", $0] }
        let call = ["-m", "pip", "install", "--retries", "2", "--progress-bar", "off"] + lists
        let reading = PipReading()
        let ending = try await run(python, call) { stream, bytes in
            for text in reading.take(stream, bytes) { tell(text) }
        }
        guard ending.isSuccess else {
            throw reading.failure(again: ([python] + call).joined(separator: " "))
        }
    }

    private func mark(_ version: String) async throws(WarehouseError) {
        let mark = EnvironmentMark(requirements: requirements.digest, python: version, folder: folder)
        let path = folder + "/" + EnvironmentMark.fileName
        try await Blocking.run { () throws(WarehouseError) in
            // Everything that was installed is on the disk before the mark says so.
            sync()
            do {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                try encoder.encode(mark).write(to: URL(filePath: path), options: .atomic)
            } catch {
                throw WarehouseError(.disk, "\(path) cannot be written: \(error)")
            }
        }
    }

    private func run(
        _ executable: String,
        _ arguments: [String],
        take: @escaping @Sendable (ToolRunner.Stream, ArraySlice<UInt8>) -> Void
    ) async throws(WarehouseError) -> ToolEnding {
        let command = ToolCommand(executable, arguments, environment: variables, folder: "/")
        let ending = try await ToolRunner.run(command, control: control, take: take)
        if control.signal != nil { throw .stopped }
        return ending
    }
}
