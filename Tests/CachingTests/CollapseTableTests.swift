import Caching
import Testing

@Suite("Collapse table")
struct CollapseTableTests {
    private let limits = CollapseTable<String>.Limits(
        followersMax: 2,
        permitLifetime: .seconds(10),
        patience: .seconds(15)
    )

    @Test("the first asker leads, the next follow, one more is turned away")
    func order() {
        var table = CollapseTable<String>(limits: limits)
        #expect(table.join("a", ticket: 1, at: .zero) == .lead)
        #expect(table.join("a", ticket: 2, at: .seconds(1)) == .follow(wakeUp: .seconds(10)))
        #expect(table.join("a", ticket: 3, at: .seconds(2)) == .follow(wakeUp: .seconds(10)))
        #expect(table.join("a", ticket: 4, at: .seconds(2)) == .turnedAway)
        #expect(table.join("b", ticket: 5, at: .seconds(2)) == .lead)
        #expect(table.finish("a", ticket: 1) == [2, 3])
        #expect(table.count == 1)
    }

    @Test("a dropped permit goes to the follower that waited longest")
    func drop() {
        var table = CollapseTable<String>(limits: limits)
        _ = table.join("a", ticket: 1, at: .zero)
        _ = table.join("a", ticket: 2, at: .zero)
        _ = table.join("a", ticket: 3, at: .zero)
        #expect(table.drop("a", ticket: 1, at: .seconds(1)) == 2)
        #expect(table.finish("a", ticket: 1) == [])
        #expect(table.drop("a", ticket: 2, at: .seconds(1)) == 3)
        #expect(table.drop("a", ticket: 3, at: .seconds(1)) == nil)
        #expect(table.count == 0)
    }

    @Test("a stale permit is taken over, and the old leader's value still releases everybody")
    func takeOver() {
        var table = CollapseTable<String>(limits: limits)
        _ = table.join("a", ticket: 1, at: .zero)
        _ = table.join("a", ticket: 2, at: .seconds(1))
        #expect(table.timerFired("a", ticket: 2, at: .seconds(10)) == .lead)
        #expect(table.join("a", ticket: 3, at: .seconds(11)) == .follow(wakeUp: .seconds(20)))
        #expect(table.finish("a", ticket: 1) == [3])
        #expect(table.finish("a", ticket: 2) == [])
        #expect(table.count == 0)
    }

    @Test("a stale leader's failure leaves the followers with the new leader")
    func staleFailure() {
        var table = CollapseTable<String>(limits: limits)
        _ = table.join("a", ticket: 1, at: .zero)
        #expect(table.join("a", ticket: 2, at: .seconds(10)) == .lead)
        _ = table.join("a", ticket: 3, at: .seconds(11))
        #expect(table.finish("a", ticket: 1, isFailure: true) == [])
        #expect(table.finish("a", ticket: 2, isFailure: true) == [3])
    }

    @Test("a follower gives up when its patience is over")
    func patience() {
        var table = CollapseTable<String>(limits: limits)
        _ = table.join("a", ticket: 1, at: .zero)
        _ = table.join("a", ticket: 2, at: .seconds(1))
        _ = table.join("a", ticket: 3, at: .seconds(9))
        #expect(table.timerFired("a", ticket: 3, at: .seconds(10)) == .lead)
        #expect(table.timerFired("a", ticket: 2, at: .seconds(10)) == .wait(wakeUp: .seconds(16)))
        #expect(table.timerFired("a", ticket: 2, at: .seconds(16)) == .giveUp)
        #expect(table.timerFired("a", ticket: 2, at: .seconds(17)) == .nothing)
        #expect(table.finish("a", ticket: 3) == [])
    }

    @Test("a follower that left is not released")
    func leave() {
        var table = CollapseTable<String>(limits: limits)
        _ = table.join("a", ticket: 1, at: .zero)
        _ = table.join("a", ticket: 2, at: .zero)
        let wasWaiting = table.leave("a", ticket: 2)
        let again = table.leave("a", ticket: 2)
        #expect(wasWaiting && !again)
        #expect(table.finish("a", ticket: 1) == [])
    }

    @Test("agrees with a naive list of calls", arguments: [1, 2, 3, 20_251_121] as [UInt64])
    func model(seed: UInt64) {
        var model = CollapseModel(limits: limits)
        var table = CollapseTable<String>(limits: limits)
        var random = SplitMix(state: seed)
        var now = Duration.zero
        for step in 0..<20_000 {
            now += .milliseconds(Int(random.next() % 1500))
            let key = ["a", "b", "c"][Int(random.next() % 3)]
            let ticket = UInt64(step) - min(UInt64(step), random.next() % 12)
            switch random.next() % 8 {
            case 0...3:
                let fresh = UInt64(step) + 1_000_000
                #expect(table.join(key, ticket: fresh, at: now) == model.join(key, fresh, now), "seed \(seed)")
            case 4:
                let isFailure = random.next() % 2 == 0
                let ticket = model.anyLeader(of: key, random.next()) ?? ticket
                let released = table.finish(key, ticket: ticket, isFailure: isFailure)
                #expect(released == model.finish(key, ticket, isFailure), "seed \(seed)")
            case 5:
                let ticket = model.anyLeader(of: key, random.next()) ?? ticket
                #expect(table.drop(key, ticket: ticket, at: now) == model.drop(key, ticket, now), "seed \(seed)")
            case 6:
                let ticket = model.anyFollower(of: key, random.next()) ?? ticket
                #expect(table.leave(key, ticket: ticket) == model.leave(key, ticket), "seed \(seed)")
            default:
                let ticket = model.anyFollower(of: key, random.next()) ?? ticket
                let action = table.timerFired(key, ticket: ticket, at: now)
                #expect(action == model.timerFired(key, ticket, now), "seed \(seed)")
            }
            #expect(table.count == Set(model.calls.map(\.key)).count, "seed \(seed)")
        }
    }
}

/// The table's rules over a flat list of calls, searched from the start each time.
private struct CollapseModel {
    enum Part {
        case leads
        case isStale
        case follows
    }

    struct Call {
        let key: String
        let ticket: UInt64
        var part: Part
        let joined: Duration
        var leadsSince: Duration
    }

    let limits: CollapseTable<String>.Limits
    var calls: [Call] = []

    init(limits: CollapseTable<String>.Limits) {
        self.limits = limits
    }

    func anyLeader(of key: String, _ random: UInt64) -> UInt64? {
        let leaders = calls.filter { $0.key == key && $0.part != .follows }
        return leaders.isEmpty ? nil : leaders[Int(random % UInt64(leaders.count))].ticket
    }

    func anyFollower(of key: String, _ random: UInt64) -> UInt64? {
        let followers = calls.filter { $0.key == key && $0.part == .follows }
        return followers.isEmpty ? nil : followers[Int(random % UInt64(followers.count))].ticket
    }

    private func index(_ key: String, _ ticket: UInt64) -> Int? {
        calls.firstIndex { $0.key == key && $0.ticket == ticket }
    }

    private func leader(of key: String) -> Int? {
        calls.firstIndex { $0.key == key && $0.part == .leads }
    }

    mutating func join(_ key: String, _ ticket: UInt64, _ now: Duration) -> CollapseTable<String>.Joined {
        guard let leader = leader(of: key) else {
            calls.append(Call(key: key, ticket: ticket, part: .leads, joined: now, leadsSince: now))
            return .lead
        }
        if calls[leader].leadsSince + limits.permitLifetime <= now {
            calls[leader].part = .isStale
            calls.append(Call(key: key, ticket: ticket, part: .leads, joined: now, leadsSince: now))
            return .lead
        }
        if calls.count(where: { $0.key == key && $0.part == .follows }) == limits.followersMax { return .turnedAway }
        calls.append(Call(key: key, ticket: ticket, part: .follows, joined: now, leadsSince: .zero))
        return .follow(wakeUp: min(now + limits.patience, calls[leader].leadsSince + limits.permitLifetime))
    }

    mutating func finish(_ key: String, _ ticket: UInt64, _ isFailure: Bool) -> [UInt64] {
        guard let index = index(key, ticket), calls[index].part != .follows else { return [] }
        if calls[index].part == .isStale, isFailure {
            calls.remove(at: index)
            return []
        }
        let released = calls.filter { $0.key == key && $0.part == .follows }.map(\.ticket)
        calls.removeAll { $0.key == key }
        return released
    }

    mutating func drop(_ key: String, _ ticket: UInt64, _ now: Duration) -> UInt64? {
        guard let index = index(key, ticket), calls[index].part != .follows else { return nil }
        let wasStale = calls[index].part == .isStale
        calls.remove(at: index)
        if wasStale { return nil }
        guard let next = calls.firstIndex(where: { $0.key == key && $0.part == .follows }) else {
            calls.removeAll { $0.key == key }
            return nil
        }
        calls[next].part = .leads
        calls[next].leadsSince = now
        return calls[next].ticket
    }

    mutating func leave(_ key: String, _ ticket: UInt64) -> Bool {
        guard let index = index(key, ticket), calls[index].part == .follows else { return false }
        calls.remove(at: index)
        return true
    }

    mutating func timerFired(_ key: String, _ ticket: UInt64, _ now: Duration) -> CollapseTable<String>.TimerAction {
        guard let index = index(key, ticket), calls[index].part == .follows, let leader = leader(of: key) else {
            return .nothing
        }
        let call = calls[index]
        if call.joined + limits.patience <= now {
            calls.remove(at: index)
            return .giveUp
        }
        if calls[leader].leadsSince + limits.permitLifetime <= now {
            calls[leader].part = .isStale
            calls[index].part = .leads
            calls[index].leadsSince = now
            return .lead
        }
        return .wait(wakeUp: min(call.joined + limits.patience, calls[leader].leadsSince + limits.permitLifetime))
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
