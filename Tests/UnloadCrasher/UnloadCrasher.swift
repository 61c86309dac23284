import Glibc
import Ledger
import Synchronization

/// Takes exports in and applies them until its parent, or it itself, kills it.
///
///     UnloadCrasher LOCATION EXPORTS [STAGE NUMBER]
///
/// Says each step of the queue in one line, after it was made, and `idle` when there is nothing to apply. With a stage
/// and a number it sends itself SIGKILL at the
/// stage's so many-th time, from 1, before it says it.
@main
struct UnloadCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 || arguments.count == 5 else { exit(64) }
        let last = arguments.count == 5 ? LedgerStage(rawValue: arguments[3]) : nil
        let number = arguments.count == 5 ? Int(arguments[4]) ?? 0 : 0
        let seen = Atomic(0)
        let database = try await ServiceDatabaseLocation(arguments[1]).open(connections: 2) { stage in
            if stage == last, seen.wrappingAdd(1, ordering: .relaxed).newValue == number {
                kill(getpid(), SIGKILL)
            }
            say("\(stage.rawValue)\n")
        }
        // As fast as it goes.
        let pace = PaceSettings(
            share: 1,
            latencyGoal: .seconds(60),
            floor: 1_000_000,
            ceiling: 1_000_000,
            initial: 1_000_000,
            firstPause: .milliseconds(10),
            longestPause: .milliseconds(100)
        )
        let service = UnloadService(
            database: SayingDatabase(database: database, say: { say($0) }),
            folder: ExportFolder(path: arguments[2]),
            settings: UnloadSettings(pace: pace, batchRows: 5, scanInterval: .milliseconds(10)),
            random: { 0 }
        )
        await service.run()
    }

    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        // SAFETY: the pointer is used for the call only, with the array's own count.
        let count = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
        guard count == bytes.count else { exit(1) }
    }
}
