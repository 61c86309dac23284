/// A failure that several requests share: any error, carried through a collapsed rendering.
struct RenditionFailure: Error, Sendable {
    let cause: any Error

    /// Runs the work and wraps what it throws.
    static func carrying<Value>(_ work: () async throws -> Value) async throws(RenditionFailure) -> Value {
        do {
            return try await work()
        } catch {
            throw RenditionFailure(cause: error)
        }
    }
}
