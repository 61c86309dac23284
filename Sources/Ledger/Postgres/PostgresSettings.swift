/// How the connections to PostgreSQL behave.
package struct PostgresSettings: Hashable, Sendable {
    /// Connections, and so threads, at most.
    package var connections = 4
    /// Calls that wait for a connection at most.
    package var waitingMax = 256
    /// For a connection to come about.
    package var connectDeadline = Duration.seconds(5)
    /// For reading, the wait for a connection included.
    package var readDeadline = Duration.seconds(5)
    /// For applying a batch.
    package var unloadDeadline = Duration.seconds(30)
    /// For each statement of taking an export in.
    package var enqueueDeadline = Duration.seconds(60)
    /// For all of a migration.
    package var migrateDeadline = Duration.seconds(120)
    /// How long a cancelled statement may take to end before its connection is given up.
    package var cancelGrace = Duration.seconds(2)
    /// After a connection did not come about, how long nobody tries again.
    package var refusalPause = Duration.milliseconds(250)

    package init() {}
}
