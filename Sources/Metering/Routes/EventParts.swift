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
    /// Throws what a request is answered that may not send events.
    package var authorize: @Sendable (HTTPRequest) throws(ProblemDocument) -> Void

    package init(
        sink: any EventSink,
        limits: EventLimits = EventLimits(),
        metrics: IntakeMetrics = IntakeMetrics(),
        received: ReceivedClock,
        uptime: @escaping @Sendable () -> Duration,
        authorize: @escaping @Sendable (HTTPRequest) throws(ProblemDocument) -> Void
    ) {
        self.sink = sink
        self.limits = limits
        self.metrics = metrics
        self.received = received
        self.uptime = uptime
        self.authorize = authorize
    }
}
