import FoundationEssentials
import Warehouse

/// One run: seal, fetch, count.
struct UsageRun: Sendable {
    let desk: UsageDesk
    private(set) var display: UsageDisplay
    /// What the project does in the end: `run`, or another of its verbs that counts.
    var verb = "run"
    /// For that verb.
    var arguments: [String] = []
    /// Looks at all segments, not only at those that follow the counted ones.
    var isFull = false
    /// Says what it would do, and changes nothing.
    var isDry = false
    /// From the start of one run to the start of the next; `nil` for a single run.
    var beat: Duration?

    init(desk: UsageDesk, display: UsageDisplay) {
        self.desk = desk
        self.display = display
    }

    /// - Throws: `CommandFailure`.
    func heedingSignals() async throws {
        do {
            try await UsageSignals.heed(desk.control) {
                if isDry { return try await describe() }
                guard let beat else { return try await perform() }
                try await UsageBeat(length: beat, control: desk.control).run(isJSON: display.isJSON) { display in
                    var run = self
                    run.display = display
                    try await run.perform()
                }
            }
            display.finish()
        } catch {
            display.fail(error)
            throw error
        }
    }

    /// Without its catalogue the project knows of no segment, whatever marks are left.
    private var needsEverything: Bool { isFull || !FileManager.default.fileExists(atPath: desk.folders.catalog) }

    private func perform() async throws {
        let lock = try await Self.lock(desk.folders)
        defer { withExtendedLifetime(lock) {} }
        let display = display
        let file = ProgressFile(
            path: desk.folders.progress,
            verb: verb,
            process: ProcessInfo.processInfo.processIdentifier,
            milliseconds: WallClockTime.milliseconds
        )
        display.tell(file)
        let call = try await desk.call { display.show(UsageProgress("python", detail: $0)) }
        try await UsageStore.with(desk.configuration.store) { store in
            let places = desk.configuration
            let seal = UsageSeal(
                folders: desk.folders,
                node: places.node,
                settings: places.segments,
                store: store.store
            )
            let outcome = try await seal.run()
            display.show(UsageProgress("seal", done: 1, of: 1, detail: outcome.rawValue))
            let fetch = SegmentFetch(store: store.store, folders: desk.folders)
            let plan = try await fetch.plan(everything: needsEverything)
            display.show(UsageProgress("fetch", done: 0, of: plan.missing.count, rows: 0))
            try await fetch.run(plan) { progress in
                display.show(UsageProgress("fetch", done: progress.done, of: progress.of, rows: progress.lines))
            }
        }
        try await count(call)
        file.end(nil)
        display.finish()
        if !display.isJSON { try sayOutcome() }
    }

    /// What a run would do, changing nothing.
    private func describe() async throws {
        let door = CollectorDoor(folder: desk.folders.collector)
        let collector =
            switch try door.occupancy() {
            case .absent: "nothing was ever collected here"
            case .free: "no collector runs: the run would seal and ship what is left on this machine"
            case .taken: "a collector runs: the run would ask it to seal and ship"
            }
        let plan = try await UsageStore.with(desk.configuration.store) { store in
            try await SegmentFetch(store: store.store, folders: desk.folders).plan(everything: needsEverything)
        }
        display.show(UsageProgress("seal", detail: collector))
        display.show(UsageProgress("fetch", done: 0, of: plan.missing.count, rows: plan.lines))
        if !display.isJSON {
            display.finish()
            Terminal.say("collector: \(collector)")
            Terminal.say(
                "segments:  \(plan.missing.count) to count, \(UsageProgress.grouped(plan.lines)) lines, "
                    + "\(UsageProgress.grouped(plan.bytes)) bytes; all are in a row"
            )
        }
    }

    private func count(_ call: ProjectCall) async throws {
        let output = ProjectOutput(python: call.python)
        let display = display
        let command = call.command(verb, arguments, variables: desk.variables)
        let ending = try await ToolRunner.run(command, control: desk.control) { stream, bytes in
            for (line, progress) in output.take(stream, bytes) { display.show(progress, line: line) }
        }
        if let failure = output.failure(ending) { throw failure }
    }

    private func sayOutcome() throws {
        guard let last = try RunRecord.latest(in: desk.folders.runs) else { return }
        for line in last.lines { Terminal.say(line) }
    }

    /// How often the lock is tried for.
    private static let looks = 3

    /// - Throws: `busy` if another run is at work.
    private static func lock(_ folders: UsageFolders) async throws(WarehouseError) -> FileLock {
        do {
            try FileManager.default.createDirectory(atPath: folders.warehouse, withIntermediateDirectories: true)
        } catch {
            throw WarehouseError(
                .disk,
                "\(folders.warehouse) cannot be made: \(error)",
                remedy: "choose another --data"
            )
        }
        // Whoever only looks whether a run is at work holds the lock for an instant.
        for _ in 0..<looks {
            if let lock = try FileLock.take(folders.runLock) { return lock }
            // A signal that comes now ends the run at its next step.
            try? await ContinuousClock().sleep(for: .milliseconds(20))
        }
        guard let lock = try FileLock.take(folders.runLock) else {
            throw WarehouseError(
                .busy,
                "another run is at work on \(folders.root)",
                remedy: "wait for it; vitrine usage status shows how far it is"
            )
        }
        return lock
    }
}
