import Assignments
import Logging
import ServiceLifecycle

/// Hands deliveries on until the last one is on the disk, and says so when that failed.
struct DeliveryService: Service {
    let recorder: DeliveryRecorder
    let logger: Logger

    func run() async throws {
        await recorder.run()
        let lost = recorder.statistics.requestsLost
        if lost > 0 {
            logger.error("deliveries could not be kept: the usage log failed", metadata: ["requests": "\(lost)"])
        }
    }
}
