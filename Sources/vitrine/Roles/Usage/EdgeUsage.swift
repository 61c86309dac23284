import Assignments
import Edge
import Logging
import Metering
import NIOPosix
import ServiceLifecycle
import Wire

/// What an edge reports of its own, wired by hand: deliveries of pictures into the usage log, and the log's events,
/// exposures among them, to a collector.
struct EdgeUsage: Sendable {
    let counter: DeliveryCounter
    let recorder: DeliveryRecorder
    let forwarder: UsageForwarder
    private let pool: UpstreamPool?
    private let logger: Logger

    /// `nil` where no collector is known: then nobody wants deliveries, and exposures stay in the log.
    ///
    /// `token` is shown to a collector elsewhere.
    init?(
        _ configuration: UsageConfiguration,
        log: LocalUsageLog,
        node: String,
        collector: CollectorNode?,
        token: String?,
        group: MultiThreadedEventLoopGroup,
        logger: Logger
    ) throws {
        let place: UsageCollector.Place
        if let collector {
            pool = nil
            place = .here(collector.own)
        } else if let target = configuration.collector {
            let pool = try UpstreamPool(group: group)
            self.pool = pool
            place = .elsewhere(RemoteCollector(pool: pool, target: target, token: token))
        } else {
            return nil
        }
        counter = DeliveryCounter()
        var settings = DeliveryRecorderSettings(node: node, boot: UInt64.random(in: 0...UInt64.max))
        settings.window = configuration.deliveryWindow
        recorder = DeliveryRecorder(source: DeliveryTap(counter: counter), sink: log, settings: settings)
        forwarder = UsageForwarder(log: log, destination: UsageCollector(place, logger: logger))
        self.logger = logger
    }

    /// Behind what closes the log and before whatever writes into it: so all of that is forwarded in the end.
    var forwarding: [ServiceGroupConfiguration.ServiceConfiguration] {
        let connections = pool.map { [ServiceGroupConfiguration.ServiceConfiguration(service: PoolCleanUp(pool: $0))] }
        return (connections ?? []) + [.init(service: forwarder)]
    }

    /// Before the listeners, so that it stops after the last delivery.
    var counting: ServiceGroupConfiguration.ServiceConfiguration {
        .init(service: DeliveryService(recorder: recorder, logger: logger))
    }
}
