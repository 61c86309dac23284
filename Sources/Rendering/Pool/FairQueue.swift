import DeliveryTypes

/// Jobs waiting for a worker: first in, first out for each tenant, and the tenants take turns.
///
/// Costs are linear in the number of waiting jobs, which the pool bounds to some dozens.
struct FairQueue: Sendable {
    /// Tenants with waiting jobs, whose turn is next first.
    private var turns: [TenantID] = []
    private var waiting: [TenantID: [JobID]] = [:]
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Every waiting job, in no particular order.
    var jobs: some Sequence<JobID> { waiting.values.joined() }

    mutating func append(_ job: JobID, for tenant: TenantID) {
        if waiting[tenant] == nil { turns.append(tenant) }
        waiting[tenant, default: []].append(job)
        count += 1
    }

    /// Puts a job that already had its turn before all others.
    mutating func putBack(_ job: JobID, for tenant: TenantID) {
        turns.removeAll { $0 == tenant }
        turns.insert(tenant, at: 0)
        waiting[tenant, default: []].insert(job, at: 0)
        count += 1
    }

    /// The next job; its tenant goes to the end of the line.
    mutating func popFirst() -> JobID? {
        guard let tenant = turns.first, let job = waiting[tenant]?.removeFirst() else { return nil }
        turns.removeFirst()
        count -= 1
        if waiting[tenant]?.isEmpty == true {
            waiting[tenant] = nil
        } else {
            turns.append(tenant)
        }
        return job
    }

    /// Takes a job out; `false` if it does not wait here.
    @discardableResult
    mutating func remove(_ job: JobID, of tenant: TenantID) -> Bool {
        guard let index = waiting[tenant]?.firstIndex(of: job) else { return false }
        waiting[tenant]?.remove(at: index)
        count -= 1
        if waiting[tenant]?.isEmpty == true {
            waiting[tenant] = nil
            turns.removeAll { $0 == tenant }
        }
        return true
    }

    /// Who has to give way when there are too many: the newest job of the tenant with the most of them.
    ///
    /// On a tie it is `tenant`, who came last. So nobody can fill the queue for the others.
    func newestOfLongest(preferring tenant: TenantID) -> JobID? {
        var longest = tenant
        for candidate in turns where length(candidate) > length(longest) { longest = candidate }
        return waiting[longest]?.last
    }

    private func length(_ tenant: TenantID) -> Int { waiting[tenant]?.count ?? 0 }
}
