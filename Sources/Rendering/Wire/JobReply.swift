import DeliveryTypes

/// A worker's answer to one job; an encoded rendition follows as the message's body.
struct JobReply: Codable, Equatable, Sendable {
    var number: UInt64
    var head: RenderResult.Head?
    var failure: RenderFailure?
    /// User and system time of all threads.
    var cpuMicroseconds: Int
}
