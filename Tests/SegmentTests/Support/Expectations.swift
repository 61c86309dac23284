import Metering
import ObjectStorage
import Testing

/// A store that does not answer.
struct Away: Error, CustomStringConvertible {
    var description: String { "away" }

    static var error: ObjectStoreError { .unavailable(retryable: true, cause: Away()) }
}

/// Expects an error by its description.
func expect(
    _ description: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws(MeteringError) -> Void
) async {
    do throws(MeteringError) {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch {
        #expect(error.description == description, sourceLocation: sourceLocation)
    }
}
