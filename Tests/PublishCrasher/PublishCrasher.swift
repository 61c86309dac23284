import Foundation
import ObjectStorage
import Publication
import Synchronization
import VitrineTesting

/// Publishes settings into a folder until it is killed: by its parent, or by itself before a given step.
///
///     PublishCrasher FOLDER step N      one publish of the app `shop`, SIGKILL before the N-th step of the file
///                                       store; exit 0 if there are fewer
///     PublishCrasher FOLDER loop SEED   publishes without end; one line on standard output per number
@main
struct PublishCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let number = UInt64(arguments[3]), let app = AppName("shop") else { exit(64) }
        switch arguments[2] {
        case "step":
            let publisher = try await publisher(arguments[1], seed: number, faults: killing(atStep: Int(number)))
            _ = try await publisher.publish(
                LineFormat.features(["a": "2"]),
                PublishRequest(app: app, author: "crasher")
            )
        case "loop":
            let publisher = try await publisher(arguments[1], seed: number, faults: .none)
            for value in 0... {
                let outcome = try await publisher.publish(
                    LineFormat.features(["a": "\(value)", "b": "\"\(String(repeating: "x", count: 50_000))\""]),
                    PublishRequest(app: app, author: "crasher")
                )
                FileHandle.standardOutput.write(Data("\(outcome.entry.number)\n".utf8))
            }
        default: exit(64)
        }
    }

    private static func publisher(
        _ folder: String,
        seed: UInt64,
        faults: FileFaults
    ) async throws -> SettingsPublisher {
        let random = Mutex(SeededGenerator(seed: seed))
        return SettingsPublisher(
            store: try await FileObjectStore.open(path: folder, faults: faults),
            format: LineFormat.format,
            now: { 1_790_000_000_000 },
            random: { count in random.withLock { $0.bytes(count) } }
        )
    }

    /// Has this process kill itself before a step of the file store.
    private static func killing(atStep last: Int) -> FileFaults {
        let steps = Mutex(0)
        return FileFaults { _ in
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            if step == last { kill(getpid(), SIGKILL) }
            return nil
        }
    }
}
