import DeliveryTypes

extension RenderingError: CustomStringConvertible {
    /// One clause for a person, without a full stop.
    package var description: String {
        switch self {
        case .failed(let failure): failure.message
        case .overloaded: "too many pictures wait to be rendered"
        case .deadlineExceeded: "rendering took too long"
        case .workerCrashed: "the picture broke its render worker"
        case .shuttingDown: "the render workers are shutting down"
        case .cancelled: "cancelled"
        }
    }
}
