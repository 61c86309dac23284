/// The header of one job on its way to a worker; the job's text is the message's body, and the sources travel as
/// descriptors, in this order.
struct JobOrder: Codable, Equatable, Sendable {
    var number: UInt64
    /// Sizes in bytes.
    var sources: [Int]
}
