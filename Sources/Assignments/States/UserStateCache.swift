import Caching

/// Users' states in memory under a budget of bytes; also that a user has none.
struct UserStateCache: Sendable {
    struct Entry: Sendable {
        let key: UserKey
        /// `nil`: the user has none.
        var state: UserState?
        /// When the store said so: milliseconds since 1970.
        var readMilliseconds: Int64
        /// Greater when the store said so later.
        var sequence: Int
    }

    private var entries: [UInt64: Entry] = [:]
    private var policy: SIEVEPolicy
    /// Reused from call to call.
    private var evicted: [UInt64] = []

    private static let absentBytes = 192

    init(budgetBytes: Int) {
        policy = SIEVEPolicy(budget: max(1, budgetBytes), seed: UInt64(bitPattern: Int64(Hasher().finalize())))
    }

    var count: Int { entries.count }
    var usedBytes: Int { policy.usedBytes }

    /// Counts as a use of the entry.
    mutating func find(_ key: UserKey) -> Entry? {
        let id = Self.id(key)
        guard let entry = entries[id], entry.key == key else { return nil }
        policy.recordHit(id)
        return entry
    }

    /// An entry without counting a use.
    func peek(_ key: UserKey) -> Entry? {
        guard let entry = entries[Self.id(key)], entry.key == key else { return nil }
        return entry
    }

    mutating func insert(_ entry: Entry) {
        let id = Self.id(entry.key)
        entries[id] = entry
        evicted.removeAll(keepingCapacity: true)
        policy.admit(id, size: entry.state?.footprint ?? Self.absentBytes, cost: 1, evicted: &evicted)
        for victim in evicted { entries[victim] = nil }
    }

    mutating func remove(_ key: UserKey) {
        guard peek(key) != nil else { return }
        entries[Self.id(key)] = nil
        policy.remove(Self.id(key))
    }

    private static func id(_ key: UserKey) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
