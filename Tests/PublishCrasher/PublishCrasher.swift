import ObjectStorage
import Publication

/// Publishes settings into a folder until it kills itself.
@main
struct PublishCrasher {
    static func main() async throws {
        _ = try await FileObjectStore.open(path: CommandLine.arguments[1])
    }
}
