/// What `UserStates` knows and has to do: a state machine without clock, task or I/O.
///
/// A user's state is what the store says, with what is being written and what waits to be written on top. A look-up
/// gets it from the cache or holds a ticket for those states that have to be read; reads and writes are taken by
/// `nextRead` and `nextWrite` and answered by `finishRead` and `finishWrite`. While a user is being forgotten nothing
/// of it is cached, recorded or written. Times are milliseconds since 1970.
struct UserStateTable: Sendable {
    typealias Ticket = UInt64

    /// What the store said.
    enum Reading: Sendable {
        /// `nil`: there is no state.
        case state(UserState?)
        case failed
    }

    private struct Read: Sendable {
        var tickets: Set<Ticket>
        /// When it was taken from the queue; `nil` if it waits there.
        var sequence: Int?
        /// The user was forgotten meanwhile: what is read counts for nothing.
        var isVoid = false
    }

    private struct Waiter: Sendable {
        var left: Int
        var found: [UserKey: UserState?] = [:]
        var isComplete = true
        /// Its time is over.
        var isExpired = false
    }

    private let settings: UserStatesSettings
    private var cache: UserStateCache
    private var reads: [UserKey: Read] = [:]
    private var readQueue = KeyQueue()
    private var readsUnderWay = 0
    private var waiters: [Ticket: Waiter] = [:]
    private var waiting: [UserKey: UserStateChange] = [:]
    private var writeQueue = KeyQueue()
    private var writing: [UserKey: UserStateChange] = [:]
    private var failed: [UserKey] = []
    private var forgetting: [UserKey: Int] = [:]
    private var sequence = 0
    private var isClosed = false
    private var lastTicket: Ticket = 0
    private var counts = UserStatesStatistics()

    init(settings: UserStatesSettings) {
        self.settings = settings
        cache = UserStateCache(budgetBytes: settings.budgetBytes)
    }

    var statistics: UserStatesStatistics {
        var statistics = counts
        statistics.entries = cache.count
        statistics.usedBytes = cache.usedBytes
        statistics.waiting = waiting.count + writing.count
        return statistics
    }

    /// Whether nothing waits to be written and nothing is being written.
    var isWritten: Bool { waiting.isEmpty && writing.isEmpty }
}

// MARK: Looking up
extension UserStateTable {
    /// What is known of `keys` at once, and a ticket to wait with if that is not all; call `redeem` for that one.
    mutating func lookUp(_ keys: [UserKey], at now: Int64) -> (known: UserStateLookup, ticket: Ticket?) {
        var lookup = UserStateLookup(states: [], isComplete: true)
        var missing: Set<UserKey> = []
        for key in keys {
            let entry = cache.find(key)
            lookup.states.append(entry.map(\.state) ?? unwritten(key))
            if let entry, isFresh(entry, at: now) {
                counts.hits += 1
            } else {
                counts.misses += 1
                missing.insert(key)
            }
        }
        guard !missing.isEmpty else { return (lookup, nil) }
        lookup.isComplete = false
        lastTicket += 1
        var waiter = Waiter(left: 0)
        for key in missing {
            if reads[key] == nil {
                guard reads.count < settings.loadsMax else {
                    waiter.isComplete = false
                    continue
                }
                reads[key] = Read(tickets: [], isVoid: forgetting[key] != nil)
                readQueue.append(key)
            }
            reads[key]?.tickets.insert(lastTicket)
            waiter.left += 1
        }
        if waiter.left == 0 {
            counts.late += missing.count
            return (lookup, nil)
        }
        waiters[lastTicket] = waiter
        return (lookup, lastTicket)
    }

    /// Whether a ticket's states have all been read, its time is over, or it is not known any more.
    func isOver(_ ticket: Ticket) -> Bool { waiters[ticket].map { $0.left == 0 || $0.isExpired } ?? true }

    /// A ticket's time is over.
    mutating func expire(_ ticket: Ticket) { waiters[ticket]?.isExpired = true }

    /// Gives a ticket back: what was known when it was given, with what was read since.
    mutating func redeem(_ ticket: Ticket, keys: [UserKey], known: UserStateLookup) -> UserStateLookup {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return known }
        counts.late += waiter.left
        var lookup = known
        lookup.isComplete = waiter.left == 0 && waiter.isComplete
        for (index, key) in keys.enumerated() {
            if let found = waiter.found[key] { lookup.states[index] = found }
            if waiter.left > 0 { reads[key]?.tickets.remove(ticket) }
        }
        return lookup
    }

    /// The next state to read; `nil` if none waits, or as many are under way as may be.
    mutating func nextRead() -> UserKey? {
        guard readsUnderWay < settings.readersMax, let key = readQueue.popFirst() else { return nil }
        readsUnderWay += 1
        sequence += 1
        reads[key]?.sequence = sequence
        reads[key]?.isVoid = forgetting[key] != nil
        counts.reads += 1
        return key
    }

    /// The store has answered: the tickets that are over now.
    mutating func finishRead(_ key: UserKey, _ reading: Reading, at now: Int64) -> [Ticket] {
        readsUnderWay -= 1
        guard let read = reads.removeValue(forKey: key), let begun = read.sequence else { return [] }
        var found: UserState?
        var isKnown = true
        switch reading {
        case .failed:
            counts.readFailures += 1
            isKnown = false
        case .state(let stored):
            if let entry = cache.peek(key), entry.sequence > begun {
                // What was written after the reading had begun is younger than what was read.
                found = entry.state
            } else if read.isVoid || forgetting[key] != nil {
                found = unwritten(key)
            } else {
                found = adding(to: stored, unwrittenOf: key)
                cache.insert(.init(key: key, state: found, readMilliseconds: now, sequence: begun))
            }
        }
        return read.tickets.filter { ticket in
            waiters[ticket]?.left -= 1
            if isKnown { waiters[ticket]?.found[key] = .some(found) } else { waiters[ticket]?.isComplete = false }
            return isOver(ticket)
        }
    }

    mutating func countDamage() { counts.damaged += 1 }

    private func isFresh(_ entry: UserStateCache.Entry, at now: Int64) -> Bool {
        let age = now - entry.readMilliseconds
        return age >= 0 && age < (entry.state == nil ? settings.absentAgeMilliseconds : settings.ageMilliseconds)
    }

    private func unwritten(_ key: UserKey) -> UserState? { adding(to: nil, unwrittenOf: key) }

    private func adding(to stored: UserState?, unwrittenOf key: UserKey) -> UserState? {
        var state = stored
        for change in [writing[key], waiting[key]] {
            guard let change else { continue }
            var sum = state ?? UserState()
            sum.merge(change)
            state = sum
        }
        return state
    }
}

// MARK: Recording and writing
extension UserStateTable {
    /// Takes a change; `false` if it is lost.
    mutating func record(_ change: UserStateChange, for key: UserKey) -> Bool {
        guard forgetting[key] == nil else { return false }
        if change.isEmpty { return true }
        var entry = cache.peek(key)
        var state = entry?.state ?? UserState()
        // What the cache has is stored or will be.
        guard state.merge(change) || entry == nil else { return true }
        if waiting[key] == nil {
            guard waiting.count < settings.changesMax, !isClosed else {
                counts.lost += 1
                return false
            }
            waiting[key] = change
            writeQueue.append(key)
        } else {
            waiting[key]?.merge(change)
        }
        if entry != nil {
            entry?.state = state
            if let entry { cache.insert(entry) }
        }
        return true
    }

    /// The next change to write; `nil` if none waits that may be written now.
    mutating func nextWrite() -> (UserKey, UserStateChange)? {
        var passed: [UserKey] = []
        defer { for key in passed { writeQueue.append(key) } }
        while let key = writeQueue.popFirst() {
            // Whoever writes it now asks again when that is done.
            guard writing[key] == nil else {
                passed.append(key)
                continue
            }
            guard let change = waiting.removeValue(forKey: key) else { continue }
            writing[key] = change
            return (key, change)
        }
        return nil
    }

    /// A change is written, and `state` is what the store has now.
    mutating func finishWrite(_ key: UserKey, state: UserState, at now: Int64) {
        writing[key] = nil
        counts.writes += 1
        guard forgetting[key] == nil else { return }
        sequence += 1
        let sum = adding(to: state, unwrittenOf: key)
        cache.insert(.init(key: key, state: sum, readMilliseconds: now, sequence: sequence))
    }

    /// A change could not be written: it waits again, behind `retryFailed`, unless the user is being forgotten.
    mutating func failWrite(_ key: UserKey, isLost: Bool) {
        counts.writeFailures += 1
        guard let change = writing.removeValue(forKey: key), forgetting[key] == nil else { return }
        if isLost {
            counts.lost += 1
            return
        }
        let isQueued = waiting[key] != nil
        var sum = change
        if let later = waiting[key] { sum.merge(later) }
        waiting[key] = sum
        if !isQueued { failed.append(key) }
    }

    /// Lets what has failed be written again; whether there was anything.
    mutating func retryFailed() -> Bool {
        defer { failed = [] }
        for key in failed { writeQueue.append(key) }
        return !failed.isEmpty
    }

    /// Gives up what is not written, and takes no more.
    mutating func giveUp() {
        isClosed = true
        counts.lost += waiting.count
        waiting = [:]
        writeQueue = KeyQueue()
        failed = []
    }
}

// MARK: Forgetting
extension UserStateTable {
    /// Drops all of a user here, and keeps it out until `endForgetting`.
    mutating func beginForgetting(_ key: UserKey) {
        forgetting[key, default: 0] += 1
        drop(key)
    }

    /// Whether a write of the user is under way, which has to end before the store is told.
    func isWriting(_ key: UserKey) -> Bool { writing[key] != nil }

    mutating func endForgetting(_ key: UserKey) {
        drop(key)
        let left = (forgetting[key] ?? 1) - 1
        forgetting[key] = left > 0 ? left : nil
    }

    private mutating func drop(_ key: UserKey) {
        cache.remove(key)
        reads[key]?.isVoid = true
        if waiting.removeValue(forKey: key) != nil {
            writeQueue.remove(key)
            failed.removeAll { $0 == key }
        }
    }
}
