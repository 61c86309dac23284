import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore

/// Everything that this node has stored: memory over disk, with the indexes that lead to it and the purges that end it.
///
/// What it gives is complete, was stored under exactly the name asked for and has not been purged; whether it may be
/// used is decided by `ResponsePolicy`.
final class ResponseStore: Sendable {
    /// What is stored for a request.
    struct Found: Sendable {
        var response: CachedResponse
        /// Softly purged: to be treated as stale.
        var isPurgedSoftly: Bool
        /// Which tier had it.
        var tier: Tier

        /// What to do with a request; a softly purged response counts as stale.
        func decision(for policy: RequestPolicy, at nowMilliseconds: Int64) -> CachingDecision {
            let decision = response.policy.decision(for: policy, at: nowMilliseconds)
            guard isPurgedSoftly, decision == .serve else { return decision }
            if nowMilliseconds < response.policy.staleWhileRevalidateUntilMilliseconds { return .serveAndRevalidate }
            return response.policy.flags.contains(.canValidate) && policy.flags.contains(.isGet)
                ? .validate(.stale) : .forward(.stale)
        }
    }

    enum Tier: String, Sendable {
        case memory, disk
    }

    /// One name in the store, and its hash.
    struct Key: Hashable, Sendable {
        var name: String
        var entry: EntryKey

        init(_ name: String) {
            self.name = name
            entry = EntryKey(of: name.utf8)
        }

        /// Where the known part of a representation is kept while the whole is not.
        static func part(of place: Place) -> Key { Key(place.name + "\npart") }
    }

    /// Where a request's response is, or would be.
    struct Place: Sendable {
        var resource: Key
        /// The variant's keys, best first; the resource's own where there are no variants; never empty.
        var keys: [Key]
        /// Whether variants of the resource are known.
        var hasVariants: Bool

        /// What requests that may share an answer have in common.
        var name: String { keys[0].name }
    }

    let memory: MemoryTier
    let disk: DiskTier?
    let front: FrontIndex
    let board: PurgeBoard
    let derivations: DerivationBook?
    private let varying: VaryBook

    init(
        memory: MemoryTier,
        disk: DiskTier?,
        front: FrontIndex,
        board: PurgeBoard,
        derivations: DerivationBook? = nil
    ) {
        self.derivations = derivations
        self.memory = memory
        self.disk = disk
        self.front = front
        self.board = board
        varying = VaryBook()
    }

    // MARK: Finding

    /// Where the response to a request is; reads the rule of its variants from disk if need be.
    func place(of name: ResourceName, _ request: HTTPRequest) async -> Place {
        let resource = Key(name.text)
        var rule = varying.rule(for: resource.entry)
        if rule == nil, memory.peek(resource.entry) == nil, let disk, disk.find(resource.entry) != nil {
            if case .variants(let stored)? = await read(resource)?.record {
                varying.set(stored, for: resource.entry)
                rule = stored
            }
        }
        return place(resource, rule?.lookupKeys(for: request) ?? [])
    }

    /// Where a new response belongs, given its own `Vary`.
    func place(for name: ResourceName, _ request: HTTPRequest, response: HTTPResponse, rule: VaryRule) -> Place {
        let keys = rule == .none ? [] : rule.storageKeys(for: request, response: response)
        return place(Key(name.text), keys)
    }

    private func place(_ resource: Key, _ secondary: [String]) -> Place {
        guard !secondary.isEmpty else { return Place(resource: resource, keys: [resource], hasVariants: false) }
        let keys = secondary.map { Key(resource.name + "\n" + $0) }
        return Place(resource: resource, keys: keys, hasVariants: true)
    }

    /// What is stored at a place for a request, and was not purged; for a range, also a part of the representation.
    func find(_ place: Place, request: HTTPRequest) async -> Found? {
        for key in place.keys {
            if let found = await find(key) { return found }
        }
        guard request.method == .get, request.headerFields.contains(.range) else { return nil }
        return await find(Key.part(of: place))
    }

    /// Whether a resource, or a variant of it, may be stored here; for a name's own key.
    func mayHold(_ resource: EntryKey) -> Bool {
        varying.rule(for: resource) != nil || memory.peek(resource) != nil || disk?.find(resource) != nil
    }

    /// What is stored under a key and was not purged.
    func find(_ key: Key) async -> Found? {
        if let response = memory.response(for: key.entry), response.name == key.name {
            return check(response, tier: .memory)
        }
        guard let disk, disk.find(key.entry) != nil, let read = await read(key),
            case .response(let stored, let subject, let maker)? = read.record
        else { return nil }
        let response = CachedResponse(
            key: key.entry,
            name: key.name,
            stored: stored,
            body: read.body,
            subject: subject,
            costMilliseconds: read.costMilliseconds,
            maker: maker
        )
        let found = check(response, tier: .disk)
        if found != nil { keepInMemory(response) }
        return found
    }

    private func check(_ response: CachedResponse, tier: Tier) -> Found? {
        switch board.verdict(for: response) {
        case .live: return Found(response: response, isPurgedSoftly: false, tier: tier)
        case .stale: return Found(response: response, isPurgedSoftly: true, tier: tier)
        case .gone:
            remove(response)
            return nil
        }
    }

    private func read(_ key: Key) async -> (record: StoredRecord?, body: ByteBuffer, costMilliseconds: Float)? {
        do throws(DiskTierError) {
            guard let record = try await disk?.read(key.entry, name: key.name) else { return nil }
            return (StoredRecord(decoding: record.metadata), record.body, record.costMilliseconds)
        } catch {
            // A disk that fails means "not stored"; its statistics tell.
            return nil
        }
    }

    // MARK: Storing

    /// Stores a response at its place in all tiers: `make` makes it for each of the place's keys.
    @discardableResult
    func store(
        at place: Place,
        rule: VaryRule,
        nowMilliseconds: Int64,
        _ make: (Key) -> CachedResponse
    ) -> CachedResponse {
        if place.hasVariants {
            varying.set(rule, for: place.resource.entry)
            if let old = memory.peek(place.resource.entry) { memory.remove(old) }
            if let record = record(rule, of: place, nowMilliseconds) { disk?.store(record) }
        } else {
            varying.set(nil, for: place.resource.entry)
        }
        let responses = place.keys.map { make($0) }
        for response in responses { store(response, nowMilliseconds: nowMilliseconds) }
        return responses[0]
    }

    /// Stores a response under its own key.
    func store(_ response: CachedResponse, nowMilliseconds: Int64) {
        keepInMemory(response)
        guard let disk else { return }
        guard let metadata = StoredRecord.response(response.stored, response.subject, response.maker).encoded else {
            disk.remove(response.key)
            return
        }
        let isAccepted = disk.store(
            DiskRecord(
                key: response.key,
                name: response.name,
                metadata: metadata,
                body: response.body,
                costMilliseconds: response.costMilliseconds,
                storedMilliseconds: nowMilliseconds
            )
        )
        // What could not be replaced must not come back after the new one has left the memory.
        if !isAccepted { disk.remove(response.key) }
    }

    private func record(_ rule: VaryRule, of place: Place, _ nowMilliseconds: Int64) -> DiskRecord? {
        guard let metadata = StoredRecord.variants(rule).encoded else { return nil }
        return DiskRecord(
            key: place.resource.entry,
            name: place.resource.name,
            metadata: metadata,
            body: ByteBuffer(),
            costMilliseconds: 0,
            storedMilliseconds: nowMilliseconds
        )
    }

    private func keepInMemory(_ response: CachedResponse) {
        for evicted in memory.insert(response).evicted {
            front.forget(evicted.key)
            derivations?.forget(evicted.key)
        }
        // The one that was replaced, and this one if it was not taken.
        front.forget(response.key)
    }

    func isOnDisk(_ resource: EntryKey) -> Bool { disk?.find(resource) != nil }

    /// Forgets a resource on disk, and the way to its variants there.
    func removeFromDisk(_ resource: EntryKey) { disk?.remove(resource) }

    /// Forgets one response in all tiers.
    func remove(_ response: CachedResponse) {
        memory.remove(response)
        front.forget(response.key)
        derivations?.forget(response.key)
        disk?.remove(response.key)
    }
}
