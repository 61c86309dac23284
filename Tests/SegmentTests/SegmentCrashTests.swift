import Foundation
import Glibc
import Metering
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A segment store and kill -9")
struct SegmentCrashTests {
    /// What the crasher's writers were told, of one round.
    private struct Told {
        var round: Int
        /// The last line of each writer.
        var last: [Int: Int] = [:]

        init(round: Int, lines: [String]) throws {
            self.round = round
            for line in lines {
                let numbers = line.split(separator: " ").compactMap { Int($0) }
                try #require(numbers.count == 2, "\(line)")
                last[numbers[1]] = numbers[0]
            }
        }
    }

    /// Ships what the crashes have left, and looks at everything that is in the store.
    private func check(_ folder: TemporaryFolder, _ told: [Told]) async throws {
        let objects = try await FileObjectStore.open(path: folder.path(of: "store"))
        let store = try await SegmentStore.open(
            folder: folder.path(of: "collector"),
            node: "crasher",
            store: objects,
            newNode: { "unused" }
        )
        try await store.sealAndShip()
        #expect(store.statistics.stuck == [])
        await store.close()
        let shipped = try await Shipped.read("crasher", from: objects)
        #expect(shipped.strays == [])
        var next: [String: Int] = [:]
        for id in shipped.ids {
            let parts = id.split(separator: ".")
            let writer = "\(parts[0]).\(parts[1])"
            #expect(Int(parts[2]) == next[writer, default: 0], "\(id)")
            next[writer, default: 0] += 1
        }
        for told in told {
            for (writer, last) in told.last { #expect(next["\(told.round).\(writer)", default: 0] > last) }
        }
    }

    @Test("at a step ships every acknowledged line once and in order", arguments: SegmentSteps.Step.allCases)
    func steps(step: SegmentSteps.Step) async throws {
        let folder = try TemporaryFolder()
        var told: [Told] = []
        for (round, count) in [1, 2, 3, 7].enumerated() {
            let child = try crasher(folder, round: round, writers: 3, [step.rawValue, String(count)])
            told.append(try Told(round: round, lines: child.lines(.max)))
            child.process.waitUntilExit()
            #expect(child.process.terminationReason == .uncaughtSignal)
            #expect(child.process.terminationStatus == SIGKILL)
        }
        try await check(folder, told)
    }

    @Test("at any instant ships every acknowledged line once and in order", arguments: [1, 4, 16])
    func instants(writers: Int) async throws {
        let folder = try TemporaryFolder()
        var told: [Told] = []
        for (round, lines) in [1, 7, 40, 150, 400].enumerated() {
            let child = try crasher(folder, round: round, writers: writers)
            // It goes on while the last of these lines is read, so the signal meets it anywhere.
            let first = child.lines(lines)
            kill(child.process.processIdentifier, SIGKILL)
            child.process.waitUntilExit()
            told.append(try Told(round: round, lines: first + child.lines(.max)))
        }
        #expect(told.reduce(0) { $0 + $1.last.values.reduce(0, +) } > 1_000)
        try await check(folder, told)
    }

    private func crasher(
        _ folder: TemporaryFolder,
        round: Int,
        writers: Int,
        _ more: [String] = []
    ) throws -> ChildProcess {
        let paths = [folder.path(of: "collector"), folder.path(of: "store")]
        return try ChildProcess("SegmentCrasher", paths + [String(round), String(writers)] + more)
    }
}
