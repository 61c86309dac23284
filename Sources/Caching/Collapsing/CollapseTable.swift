/// Who works and who waits when several ask for the same thing at once: a state machine without clock, task or I/O.
///
/// The first asker of a key becomes its leader and holds the permit; later ones follow. A leader ends its turn with
/// `finish` (all followers are released with its result) or `drop` (it was cancelled: the follower that waited
/// longest is promoted). A permit older than `permitLifetime` is stale: the next asker, or a follower whose timer
/// fires, takes the lead over while the old leader goes on; whichever finishes first releases everybody. Times are
/// durations since one fixed, arbitrary start and never go backwards.
package struct CollapseTable<Key: Hashable & Sendable>: Sendable {
    /// Names one call; given by the shell, never used twice.
    package typealias Ticket = UInt64

    package struct Limits: Hashable, Sendable {
        /// Followers of one key; a further asker is turned away.
        package var followersMax: Int
        /// Age at which a leader is taken for stuck.
        package var permitLifetime: Duration
        /// How long a follower waits in all.
        package var patience: Duration

        package init(
            followersMax: Int = 1024,
            permitLifetime: Duration = .seconds(10),
            patience: Duration = .seconds(30)
        ) {
            precondition(followersMax >= 0 && permitLifetime > .zero && patience > .zero)
            self.followersMax = followersMax
            self.permitLifetime = permitLifetime
            self.patience = patience
        }
    }

    package enum Joined: Hashable, Sendable {
        /// Do the work, then call `finish` or `drop`.
        case lead
        /// Wait; call `timerFired` at this time unless released before.
        case follow(wakeUp: Duration)
        case turnedAway
    }

    package enum TimerAction: Hashable, Sendable {
        /// The permit is stale: the follower leads now.
        case lead
        case wait(wakeUp: Duration)
        /// Patience is over; the follower is no longer in the table.
        case giveUp
        /// Already released or promoted.
        case nothing
    }

    private struct Follower {
        let ticket: Ticket
        let joined: Duration
    }

    private struct Entry {
        /// The ticket that holds the permit, and since when.
        var leader: Ticket
        var since: Duration
        /// Leaders whose permit went stale and who still work.
        var stale: Set<Ticket> = []
        /// In order of arrival.
        var followers: [Follower] = []
    }

    package let limits: Limits
    private var entries: [Key: Entry] = [:]

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Keys with work under way.
    package var count: Int { entries.count }

    /// Somebody asks for a key.
    package mutating func join(_ key: Key, ticket: Ticket, at now: Duration) -> Joined {
        guard var entry = entries[key] else {
            entries[key] = Entry(leader: ticket, since: now)
            return .lead
        }
        if now - entry.since >= limits.permitLifetime {
            takeOver(&entry, ticket: ticket, at: now)
            entries[key] = entry
            return .lead
        }
        guard entry.followers.count < limits.followersMax else { return .turnedAway }
        let follower = Follower(ticket: ticket, joined: now)
        entry.followers.append(follower)
        entries[key] = entry
        return .follow(wakeUp: wakeUp(of: follower, in: entry))
    }

    /// A leader has a result that all shall share: returns the tickets to release with it, in order of arrival.
    ///
    /// Empty when another leader of the key was faster. A stale leader's failure is its own: pass `isFailure` so that
    /// the followers stay with the new leader.
    package mutating func finish(_ key: Key, ticket: Ticket, isFailure: Bool = false) -> [Ticket] {
        guard var entry = entries[key] else { return [] }
        if entry.stale.remove(ticket) != nil {
            guard !isFailure else {
                entries[key] = entry
                return []
            }
        } else if entry.leader != ticket {
            return []
        }
        entries[key] = nil
        return entry.followers.map(\.ticket)
    }

    /// A leader ends without a result to share: returns the follower that leads now, `nil` if nobody does.
    package mutating func drop(_ key: Key, ticket: Ticket, at now: Duration) -> Ticket? {
        guard var entry = entries[key] else { return nil }
        if entry.stale.remove(ticket) != nil {
            entries[key] = entry
            return nil
        }
        guard entry.leader == ticket else { return nil }
        guard !entry.followers.isEmpty else {
            entries[key] = nil
            return nil
        }
        entry.leader = entry.followers.removeFirst().ticket
        entry.since = now
        entries[key] = entry
        return entry.leader
    }

    /// A follower does not want the result any more.
    ///
    /// `true` if it was still waiting.
    package mutating func leave(_ key: Key, ticket: Ticket) -> Bool {
        guard let index = entries[key]?.followers.firstIndex(where: { $0.ticket == ticket }) else { return false }
        entries[key]?.followers.remove(at: index)
        return true
    }

    /// The time that a follower was told to come back at has come.
    package mutating func timerFired(_ key: Key, ticket: Ticket, at now: Duration) -> TimerAction {
        guard var entry = entries[key],
            let index = entry.followers.firstIndex(where: { $0.ticket == ticket })
        else { return .nothing }
        let follower = entry.followers[index]
        if now - follower.joined >= limits.patience {
            entry.followers.remove(at: index)
            entries[key] = entry
            return .giveUp
        }
        if now - entry.since >= limits.permitLifetime {
            entry.followers.remove(at: index)
            takeOver(&entry, ticket: ticket, at: now)
            entries[key] = entry
            return .lead
        }
        return .wait(wakeUp: wakeUp(of: follower, in: entry))
    }

    private func takeOver(_ entry: inout Entry, ticket: Ticket, at now: Duration) {
        entry.stale.insert(entry.leader)
        entry.leader = ticket
        entry.since = now
    }

    private func wakeUp(of follower: Follower, in entry: Entry) -> Duration {
        min(follower.joined + limits.patience, entry.since + limits.permitLifetime)
    }
}
