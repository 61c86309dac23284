package import HTTPSemantics
package import HTTPTypes

/// What `EventRoutes` is made of.
package struct EventParts: Sendable {
    /// Where valid events go.
    package var sink: any EventSink
    package var limits: EventLimits
    package var metrics: IntakeMetrics
    package var received: ReceivedClock
    /// Time since some moment, which never steps back: measures how long events take to be acknowledged.
    package var uptime: @Sendable () -> Duration
    /// What a request is answered that may not send events; `nil` for one that may.
    package var denial: @Sendable (HTTPRequest) -> ProblemDocument?

    package init(
        sink: any EventSink,
        limits: EventLimits = EventLimits(),
        metrics: IntakeMetrics = IntakeMetrics(),
        received: ReceivedClock,
        uptime: @escaping @Sendable () -> Duration,
        denial: @escaping @Sendable (HTTPRequest) -> ProblemDocument?
    ) {
        self.sink = sink
        self.limits = limits
        self.metrics = metrics
        self.received = received
        self.uptime = uptime
        self.denial = denial
    }
}
