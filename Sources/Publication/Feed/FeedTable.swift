import DeliveryTypes

/// What a feed knows, serves and loads, without clock, network or disk: events in, decisions out.
///
/// For each app the newest number wins. A number below one that was seen is refused (a source that lags behind, or a
/// log that was put back): it is counted, and what is served stays. While something loads, newer numbers replace each
/// other, so that of many publishes in quick succession only the last is loaded. A second load of the same app may run
/// beside a slow one; a third may not. What fails rests before it is tried again, unless there is something newer.
package struct FeedTable: Sendable {
    /// What a load has to bring.
    package struct Load: Hashable, Sendable {
        package var app: SourcedApp
        /// Names the attempt.
        package var ticket: Int
        /// Whether the change was told while watching, so that its age says how fast changes spread.
        package var isPushed: Bool
    }

    /// What to do about something learned.
    package enum Consequence: Hashable, Sendable {
        /// It was known.
        case nothing
        /// The release is the one that is served; only its number or the keys are others: no load is needed.
        case relabel(SourcedApp)
        /// There is something to load: see `takeLoads`.
        case load
        /// The number is lower than one seen before, or is said to be another release.
        case refused
    }

    package struct Row: Sendable {
        /// The newest that the source told.
        package var wanted: SourcedApp
        /// What is served; `nil` as long as nothing is.
        package var live: SourcedApp?
        /// Failed loads in a row.
        package var failures = 0
        /// Why the last load failed; `nil` after one that did not.
        package var failure: String?
        var isPushed = false
        /// The manifests that are being loaded, by ticket.
        var loading: [Int: ContentDigest] = [:]
        /// Set after a failure, until its rest is over: the ticket of the failed load.
        var rests: Int?
    }

    /// Loads of one app at once.
    package static let loadsPerApp = 2
    /// Loads at once.
    package let loadsMax: Int

    package private(set) var rows: [AppName: Row] = [:]
    /// Numbers that were refused.
    package private(set) var refusals = 0
    private var lastTicket = 0
    private var running = 0

    package init(loadsMax: Int = 4) { self.loadsMax = loadsMax }

    /// Whether the newest of every app is served.
    package var isCurrent: Bool { rows.values.allSatisfy { $0.live?.manifest == $0.wanted.manifest } }

    /// The source has told of an app.
    package mutating func learn(_ told: SourcedApp, isPushed: Bool) -> Consequence {
        guard var row = rows[told.name] else {
            rows[told.name] = Row(wanted: told, isPushed: isPushed)
            return .load
        }
        guard told != row.wanted else { return .nothing }
        if told.number < row.wanted.number
            || (told.number == row.wanted.number && told.manifest != row.wanted.manifest)
        {
            refusals += 1
            return .refused
        }
        var news = told
        if told.keysNumber < row.wanted.keysNumber {
            // The keys lag behind: those in force stay.
            refusals += 1
            news.keysNumber = row.wanted.keysNumber
            news.keys = row.wanted.keys
        }
        if news.manifest != row.wanted.manifest {
            // Something new deserves its chance at once.
            row.rests = nil
            row.failures = 0
            row.isPushed = isPushed
        }
        row.wanted = news
        let isServed = row.live?.manifest == news.manifest
        if isServed { row.live = news }
        rows[news.name] = row
        return isServed ? .relabel(news) : .load
    }

    /// An app is served from disk, before the source has told anything.
    package mutating func restored(_ app: SourcedApp) {
        rows[app.name] = Row(wanted: app, live: app)
    }

    /// The loads to begin now; each is to be answered by `succeeded` or `failed`.
    package mutating func takeLoads() -> [Load] {
        var loads: [Load] = []
        for name in rows.keys.sorted() {
            guard running < loadsMax, var row = rows[name] else { continue }
            let isNeeded =
                row.live?.manifest != row.wanted.manifest && row.rests == nil
                && row.loading.count < Self.loadsPerApp && !row.loading.values.contains(row.wanted.manifest)
            guard isNeeded else { continue }
            lastTicket += 1
            running += 1
            row.loading[lastTicket] = row.wanted.manifest
            rows[name] = row
            loads.append(Load(app: row.wanted, ticket: lastTicket, isPushed: row.isPushed))
        }
        return loads
    }

    /// A load has brought its release.
    ///
    /// - Returns: as what to serve it: with the newest keys and, if the release is still the newest, its newest number.
    ///   `nil` if something newer is served already.
    package mutating func succeeded(_ load: Load) -> SourcedApp? {
        guard var row = rows[load.app.name], row.loading.removeValue(forKey: load.ticket) != nil else { return nil }
        defer { rows[load.app.name] = row }
        running -= 1
        if let live = row.live, live.number >= load.app.number { return nil }
        var served = load.app.manifest == row.wanted.manifest ? row.wanted : load.app
        served.keysNumber = row.wanted.keysNumber
        served.keys = row.wanted.keys
        row.live = served
        if served.number == row.wanted.number {
            row.failures = 0
            row.failure = nil
            row.rests = nil
        }
        return served
    }

    /// A load has failed.
    ///
    /// - Returns: how many have failed in a row, if it is to be tried again after a rest: call `rested` then. `nil` if
    ///   there is something newer to load instead, or it is served already.
    package mutating func failed(_ load: Load, because reason: String) -> Int? {
        guard var row = rows[load.app.name], row.loading.removeValue(forKey: load.ticket) != nil else { return nil }
        defer { rows[load.app.name] = row }
        running -= 1
        guard row.wanted.manifest == load.app.manifest, row.live?.manifest != load.app.manifest else { return nil }
        row.failures += 1
        row.failure = reason
        row.rests = load.ticket
        return row.failures
    }

    /// A rest after the failure of `load` is over: it may be tried again.
    package mutating func rested(_ load: Load) {
        guard rows[load.app.name]?.rests == load.ticket else { return }
        rows[load.app.name]?.rests = nil
    }
}
