/// A piece that only one request has: `,"name":value` with its placeholders filled in.
struct MadePiece: Sendable {
    /// Among the dynamic settings.
    let place: Int
    let text: [UInt8]
}
