import Testing
import VitrineTesting

@testable import Wire

@Suite("ConnectionTable")
struct ConnectionTableTests {
    private let one = UpstreamTarget(host: "one.test", port: 80)
    private let two = UpstreamTarget(host: "two.test", port: 80)

    private func table(
        perTarget: Int = 2,
        all: Int = 3,
        waitingPerTarget: Int = 2,
        waiting: Int = 3
    ) -> ConnectionTable {
        var limits = UpstreamLimits()
        limits.connectionsPerTarget = perTarget
        limits.connections = all
        limits.waitingPerTarget = waitingPerTarget
        limits.waiting = waiting
        return ConnectionTable(limits: limits)
    }

    @Test("slots are given up to the bounds, then requests wait, then they are refused")
    func bounds() {
        var table = table()
        #expect(table.lease(one, ticket: 1, isFresh: false).0 == .connect(1))
        #expect(table.lease(one, ticket: 2, isFresh: false).0 == .connect(2))
        #expect(table.lease(one, ticket: 3, isFresh: false).0 == .wait)
        #expect(table.lease(two, ticket: 4, isFresh: false).0 == .connect(3))
        #expect(table.lease(two, ticket: 5, isFresh: false).0 == .wait)
        #expect(table.lease(one, ticket: 6, isFresh: false).0 == .wait)
        #expect(table.lease(one, ticket: 7, isFresh: false).0 == .refused)
        #expect(table.lease(two, ticket: 8, isFresh: false).0 == .refused)
        #expect(table.count == 3 && table.waitingCount == 3)
    }

    @Test("the youngest idle connection is used first, the oldest goes first")
    func order() {
        var table = table(perTarget: 3)
        for ticket in 1...3 { _ = table.lease(one, ticket: UInt64(ticket), isFresh: false) }
        for id in [2, 1, 3] as [UInt64] { #expect(table.release(id) == ConnectionTable.Outcome()) }
        #expect(table.idleCount == 3)
        let (lease, outcome) = table.lease(two, ticket: 4, isFresh: false)
        #expect(lease == .connect(4) && outcome.closing == [2])
        #expect(table.lease(one, ticket: 5, isFresh: false).0 == .reuse(3))
        #expect(table.lease(one, ticket: 6, isFresh: false).0 == .reuse(1))
    }

    @Test("a fresh connection takes the place of an idle one at the bound")
    func fresh() {
        var table = table(perTarget: 1)
        _ = table.lease(one, ticket: 1, isFresh: false)
        _ = table.release(1)
        let (lease, outcome) = table.lease(one, ticket: 2, isFresh: true)
        #expect(lease == .connect(2) && outcome.closing == [1] && table.count == 1)
    }

    @Test("a released connection goes to the request that has waited longest for its target")
    func handOver() {
        var table = table(perTarget: 1)
        _ = table.lease(one, ticket: 1, isFresh: false)
        _ = table.lease(one, ticket: 2, isFresh: false)
        _ = table.lease(one, ticket: 3, isFresh: false)
        #expect(table.release(1).grants == [ConnectionTable.Grant(ticket: 2, lease: .reuse(1))])
        #expect(table.close(1).grants == [ConnectionTable.Grant(ticket: 3, lease: .connect(2))])
        #expect(table.waitingCount == 0)
    }

    @Test("a busy target does not starve the others at the bound of all")
    func fairness() {
        var table = table(perTarget: 1, all: 1)
        _ = table.lease(one, ticket: 1, isFresh: false)
        _ = table.lease(two, ticket: 2, isFresh: false)
        _ = table.lease(one, ticket: 3, isFresh: false)
        let outcome = table.release(1)
        #expect(outcome.closing == [1])
        #expect(outcome.grants == [ConnectionTable.Grant(ticket: 2, lease: .connect(2))])
    }

    @Test("one that waits for a fresh connection is not given a used one")
    func freshWaiter() {
        var table = table(perTarget: 1)
        _ = table.lease(one, ticket: 1, isFresh: false)
        #expect(table.lease(one, ticket: 2, isFresh: true).0 == .wait)
        let outcome = table.release(1)
        #expect(outcome.closing == [1] && outcome.grants == [ConnectionTable.Grant(ticket: 2, lease: .connect(2))])
    }

    @Test("an idle connection expires, a busy one does not; ends count once")
    func expiry() {
        var table = table()
        _ = table.lease(one, ticket: 1, isFresh: false)
        let busy = table.expire(1)
        _ = table.release(1)
        let idle = table.expire(1)
        #expect(!busy && idle && !table.contains(1))
        let again = table.expire(1)
        #expect(!again && table.close(1) == ConnectionTable.Outcome())
        #expect(table.count == 0 && table.idleCount == 0)
    }

    @Test("one that no longer waits is given nothing")
    func abandoned() {
        var table = table(perTarget: 1)
        _ = table.lease(one, ticket: 1, isFresh: false)
        _ = table.lease(one, ticket: 2, isFresh: false)
        let first = table.abandon(2, of: one)
        let second = table.abandon(2, of: one)
        #expect(first && !second)
        #expect(table.release(1) == ConnectionTable.Outcome() && table.idleCount == 1)
    }

    /// What the outside knows: who holds which slot, who waits, what is idle.
    private struct Model {
        var busy: Set<UInt64> = []
        var idle: Set<UInt64> = []
        var waiting: [UInt64: UpstreamTarget] = [:]
        var targets: [UInt64: UpstreamTarget] = [:]

        mutating func take(_ lease: ConnectionTable.Lease, ticket: UInt64, for target: UpstreamTarget) -> Bool {
            switch lease {
            case .reuse(let id):
                guard idle.remove(id) != nil || busy.contains(id), targets[id] == target else { return false }
                busy.insert(id)
            case .connect(let id):
                guard targets[id] == nil else { return false }
                targets[id] = target
                busy.insert(id)
            case .wait: waiting[ticket] = target
            case .refused: break
            }
            return true
        }

        mutating func take(_ outcome: ConnectionTable.Outcome) -> Bool {
            for id in outcome.closing {
                guard idle.remove(id) != nil || busy.remove(id) != nil else { return false }
            }
            for grant in outcome.grants {
                guard let target = waiting.removeValue(forKey: grant.ticket),
                    take(grant.lease, ticket: grant.ticket, for: target)
                else { return false }
            }
            return true
        }
    }

    @Test("random events keep the bounds and the books (model, seed 5)")
    func model() {
        var random = SeededGenerator(seed: 5)
        let targets = (0..<4).map { UpstreamTarget(host: "\($0).test", port: 80) }
        var table = table(perTarget: 3, all: 7, waitingPerTarget: 4, waiting: 9)
        var model = Model()
        for step in 1...20_000 {
            let ticket = UInt64(step)
            var isSound = true
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let target = targets[Int.random(in: 0..<4, using: &random)]
                let isFresh = Int.random(in: 0..<4, using: &random) == 0
                let (lease, outcome) = table.lease(target, ticket: ticket, isFresh: isFresh)
                isSound = model.take(outcome) && model.take(lease, ticket: ticket, for: target)
            case 4..<7:
                guard let id = model.busy.sorted().randomElement(using: &random) else { continue }
                let outcome = table.release(id)
                let isKept = !outcome.closing.contains(id) && !outcome.grants.contains { $0.lease == .reuse(id) }
                if isKept {
                    model.busy.remove(id)
                    model.idle.insert(id)
                }
                isSound = model.take(outcome)
            case 7:
                guard let id = (model.busy.union(model.idle)).sorted().randomElement(using: &random) else { continue }
                model.busy.remove(id)
                model.idle.remove(id)
                isSound = model.take(table.close(id))
            case 8:
                guard let id = model.idle.sorted().randomElement(using: &random) else { continue }
                isSound = table.expire(id)
                model.idle.remove(id)
            default:
                guard let ticket = model.waiting.keys.sorted().randomElement(using: &random),
                    let target = model.waiting.removeValue(forKey: ticket)
                else { continue }
                isSound = table.abandon(ticket, of: target)
            }
            #expect(isSound, "step \(step)")
            check(table, model, targets, step)
        }
    }

    private func check(_ table: ConnectionTable, _ model: Model, _ targets: [UpstreamTarget], _ step: Int) {
        #expect(table.count == model.busy.count + model.idle.count && table.count <= 7, "step \(step)")
        #expect(table.idleCount == model.idle.count, "step \(step)")
        #expect(table.waitingCount == model.waiting.count && table.waitingCount <= 9, "step \(step)")
        for target in targets {
            let held = model.busy.union(model.idle).filter { model.targets[$0] == target }.count
            #expect(held <= 3, "step \(step)")
            // Nobody waits while there is room.
            if model.waiting.values.contains(target) { #expect(held == 3 || table.count == 7, "step \(step)") }
        }
    }
}
