import DeliveryTypes
import Testing

@testable import Rendering

@Suite struct FairQueueTests {
    private let a = TenantID("a")
    private let b = TenantID("b")
    private let c = TenantID("c")

    @Test("tenants take turns, each in its own order")
    func turns() {
        var queue = FairQueue()
        for (number, tenant) in [a, a, a, b, c, b].enumerated() {
            queue.append(JobID(number: UInt64(number)), for: tenant)
        }
        var order: [UInt64] = []
        while let job = queue.popFirst() { order.append(job.number) }
        #expect(order == [0, 3, 4, 1, 5, 2])
    }

    @Test("a job that is put back comes first")
    func putBack() {
        var queue = FairQueue()
        queue.append(JobID(number: 1), for: a)
        queue.append(JobID(number: 2), for: b)
        queue.append(JobID(number: 3), for: b)
        queue.putBack(JobID(number: 0), for: b)
        #expect(queue.popFirst() == JobID(number: 0))
        #expect(queue.popFirst() == JobID(number: 1))
    }

    @Test("the newest job of the tenant with the most gives way, on a tie the one who came last")
    func givesWay() {
        var queue = FairQueue()
        queue.append(JobID(number: 0), for: a)
        queue.append(JobID(number: 1), for: a)
        queue.append(JobID(number: 2), for: b)
        #expect(queue.newestOfLongest(preferring: b) == JobID(number: 1))
        queue.append(JobID(number: 3), for: b)
        #expect(queue.newestOfLongest(preferring: b) == JobID(number: 3))
    }

    @Test("does what a naive copy does", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var queue = FairQueue()
        var naive: [(job: JobID, tenant: TenantID)] = []
        for number in 0..<5_000 {
            let tenant = [a, b, c][Int.random(in: 0..<3, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                queue.append(JobID(number: UInt64(number)), for: tenant)
                naive.append((JobID(number: UInt64(number)), tenant))
            case 2:
                guard let job = queue.popFirst() else { break }
                let index = naive.firstIndex { $0.job == job }
                guard let index else {
                    Issue.record("job \(job) out of nowhere, seed \(seed)")
                    return
                }
                let isFirst = !naive[..<index].contains { $0.tenant == naive[index].tenant }
                #expect(isFirst, "not the tenant's first, seed \(seed)")
                naive.remove(at: index)
            default:
                guard let victim = naive.randomElement(using: &random) else { break }
                let removals = (0..<2).map { _ in queue.remove(victim.job, of: victim.tenant) }
                #expect(removals == [true, false])
                naive.removeAll { $0.job == victim.job }
            }
            #expect(queue.count == naive.count)
            #expect(Set(queue.jobs) == Set(naive.map(\.job)))
        }
    }
}
