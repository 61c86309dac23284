import DeliveryTypes

/// The JSON objects of the admin interface; docs/operations/settings.md lists their members.
enum AdminViews {
    struct Apps: Encodable {
        var apps: [App]
    }

    /// One row of the list of apps.
    struct App: Encodable {
        var app: String
        /// `nil` if nothing was published, or if the entry cannot be read: `fault` says why.
        var latest: PublishedEntry?
        var fault: String?
    }

    /// All about one app.
    struct State: Encodable {
        var app: String
        var latest: PublishedEntry
        var keys: [Key]
        /// Newest first.
        var publishes: [PublishedEntry]
    }

    struct Key: Encodable {
        var kind: KeyKind
        var hint: String
        var created: Int64
        var expires: Int64?
        var isValid: Bool
    }

    struct Keys: Encodable {
        var app: String
        var keys: [Key]
    }

    struct Fresh: Encodable {
        var app: String
        var kind: KeyKind
        var key: String
    }

    /// A publish or a roll-back.
    struct Outcome: Encodable {
        var app: String
        var number: Int
        var entry: PublishedEntry
        var dryRun: Bool
        var first: Bool
        var clientKey: String?
        var serverKey: String?
        var warnings: [PublicationIssue]
        var diff: Diff?
    }

    struct Log: Encodable {
        var app: String
        /// Newest first.
        var entries: [PublishedEntry]
        /// What `before` is to be for the next page; `nil` after the last.
        var next: Int?
    }

    struct Entry: Encodable {
        var app: String
        var entry: PublishedEntry
        /// `nil` if a features file was swept: `fault` says so.
        var diff: Diff?
        var fault: String?
    }

    struct Diff: Encodable {
        static let changesMax = 1000

        var summary: DiffSummary
        var added: [Change]
        var removed: [Change]
        var changed: [Change]
        var groups: [String]
        var members: [String]
        /// Whether there are more changes than are told.
        var truncated: Bool

        init(_ diff: SettingsDiff) {
            summary = diff.summary
            added = diff.added.prefix(Self.changesMax).map(Change.init)
            removed = diff.removed.prefix(Self.changesMax).map(Change.init)
            changed = diff.changed.prefix(Self.changesMax).map(Change.init)
            groups = Array(diff.groups.prefix(Self.changesMax))
            members = Array(diff.members.prefix(Self.changesMax))
            let counts = [diff.added.count, diff.removed.count, diff.changed.count, diff.groups.count]
            truncated = (counts + [diff.members.count]).contains { $0 > Self.changesMax }
        }
    }

    struct Change: Encodable {
        var name: String
        /// Texts of JSON values, cut to 200 bytes.
        var oldDefault: String?
        var newDefault: String?
        var rulesAdded: Int
        var rulesRemoved: Int
        var rulesChanged: Int
        var reordered: Bool
        var members: [String]

        init(_ change: SettingChange) {
            name = change.name
            oldDefault = change.oldDefault
            newDefault = change.newDefault
            rulesAdded = change.rulesAdded
            rulesRemoved = change.rulesRemoved
            rulesChanged = change.rulesChanged
            reordered = change.isReordered
            members = change.members
        }
    }

    struct Compared: Encodable {
        var app: String
        var from: Int
        var to: Int
        var diff: Diff
    }

    struct Sweep: Encodable {
        var dryRun: Bool
        var apps: Int
        var records: Int
        var bytes: Int
        var inUse: Int
        var young: Int
        var swept: Int
        var sweptBytes: Int

        init(_ report: SweepReport) {
            dryRun = report.isDryRun
            apps = report.apps
            records = report.records
            bytes = report.bytes
            inUse = report.inUse
            young = report.young
            swept = report.swept
            sweptBytes = report.sweptBytes
        }
    }

    /// A problem document with the members that settings add.
    struct Problem: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var issues: [PublicationIssue]?
        /// The entry that is in force instead of the expected one.
        var latest: PublishedEntry?
    }
}
