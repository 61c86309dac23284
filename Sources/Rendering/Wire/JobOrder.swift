import DeliveryTypes

/// One job as it travels to a worker; the sources travel as descriptors, in this order.
struct JobOrder: Codable, Equatable, Sendable {
    var number: UInt64
    var job: RenderJob
    /// Sizes in bytes.
    var sources: [Int]
}
