/// What a reader accepts, in bytes.
struct FrameLimits: Sendable {
    var headerMax: Int
    var bodyMax: Int

    /// Jobs carry texts and layers, but no pictures.
    static let toWorker = FrameLimits(headerMax: 64 << 10, bodyMax: 1 << 20)
}
