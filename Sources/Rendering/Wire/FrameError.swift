/// The other side broke the protocol.
enum FrameError: Error, Equatable, Sendable {
    case malformed
    case tooLarge
    /// A correct message at the wrong moment.
    case unexpected
}
