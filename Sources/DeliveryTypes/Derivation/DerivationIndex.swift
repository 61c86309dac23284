/// Which renditions of which picture are in a cache, so that a missing one can be made from a larger one.
///
/// A plain value beside the cache, told of every rendition that comes and goes; `Entry` is the cache's name for it. It
/// is bounded on its own, so that a forgotten `remove` costs a useless suggestion, never memory. Every verb looks at
/// the renditions of one source only (`renditionsPerSourceMax`), with some microseconds for each.
///
/// Being here says nothing of freshness: `isUsable` is asked before a parent is suggested.
package struct DerivationIndex<Entry: Hashable & Sendable>: Sendable {
    /// Beyond this the cheapest of a source is forgotten: the small ones can be parent to the fewest.
    package let renditionsPerSourceMax: Int
    /// Beyond this the one that came first is forgotten.
    package let entriesMax: Int
    package let derivation: Derivation

    /// Renditions of one source, by rising cost.
    private var families: [SourceReference: [Member]] = [:]
    private var members: [Entry: Place] = [:]
    /// Entries as they came; those that went since are skipped.
    private var arrivals: [(entry: Entry, number: UInt64)] = []
    private var arrivalsHead = 0
    private var nextNumber: UInt64 = 0

    private struct Member: Sendable {
        var entry: Entry
        var rendition: CachedRendition
        /// How much work it is to decode, in pixels of a JPEG.
        var cost: Double { Double(rendition.size.area) * Fidelity.decodingCost(rendition.format) }
    }

    private struct Place: Sendable {
        var source: SourceReference
        var number: UInt64
    }

    package init(derivation: Derivation, renditionsPerSourceMax: Int = 16, entriesMax: Int = 100_000) {
        precondition(renditionsPerSourceMax > 0 && entriesMax > 0, "an index holds something")
        self.derivation = derivation
        self.renditionsPerSourceMax = renditionsPerSourceMax
        self.entriesMax = entriesMax
    }

    /// Entries that are kept in mind.
    package var count: Int { members.count }

    /// Sources that have at least one of them.
    package var sourceCount: Int { families.count }

    package func contains(_ entry: Entry) -> Bool { members[entry] != nil }

    /// Takes note of a rendition that is in the cache now.
    ///
    /// - Returns: the entries that can be made again from others in the cache, and so should leave it before them: the
    ///   new one if it has a parent, and its own children. A hint for an eviction policy (`demote`).
    package mutating func insert(_ entry: Entry, _ rendition: CachedRendition) -> [Entry] {
        remove(entry)
        guard derivation.concerns(rendition) else { return [] }
        let relatives = families[rendition.source] ?? []
        let new = Member(entry: entry, rendition: rendition)
        var demoted = relatives.filter { isChild($0, of: new) }.map(\.entry)
        if relatives.contains(where: { isChild(new, of: $0) }) { demoted.append(entry) }
        add(new)
        return demoted
    }

    /// Forgets an entry that has left the cache; others may have to be made from the original now.
    package mutating func remove(_ entry: Entry) {
        guard let place = members.removeValue(forKey: entry) else { return }
        families[place.source]?.removeAll { $0.entry == entry }
        if families[place.source]?.isEmpty == true { families[place.source] = nil }
        dropStaleArrivals()
    }

    /// Looks for the rendition that is cheapest to decode among those from which `child` can be made.
    ///
    /// Whether an entry is still there and fresh, `isUsable` says; it is asked about suitable ones only.
    package func search(
        for child: WantedRendition,
        where isUsable: (Entry) -> Bool = { _ in true }
    ) -> DerivationSearch<Entry> {
        guard let family = families[child.source] else { return .nothingCached }
        var reason: DerivationRefusal?
        var wasStale = false
        for member in family {
            do throws(DerivationRefusal) {
                let plan = try derivation.plan(for: child, from: member.rendition)
                if isUsable(member.entry) { return .parent(member.entry, plan) }
                wasStale = true
            } catch {
                reason = error
            }
        }
        if wasStale { return .stale }
        return reason.map { .refused($0) } ?? .nothingCached
    }

    /// The cached renditions that could be made from this one, the cheapest to decode first.
    package func children(of parent: Entry) -> [Entry] {
        guard let place = members[parent], let family = families[place.source],
            let member = family.first(where: { $0.entry == parent })
        else { return [] }
        return family.filter { isChild($0, of: member) }.map(\.entry)
    }

    private func isChild(_ child: Member, of parent: Member) -> Bool {
        guard child.entry != parent.entry else { return false }
        do throws(DerivationRefusal) {
            _ = try derivation.plan(for: child.rendition.wanted, from: parent.rendition)
            return true
        } catch {
            return false
        }
    }

    // MARK: Bounds

    private mutating func add(_ new: Member) {
        let source = new.rendition.source
        if members.count >= entriesMax { forgetFirst() }
        var family = families[source] ?? []
        if family.count >= renditionsPerSourceMax {
            guard family[0].cost < new.cost else { return }
            remove(family[0].entry)
            family.removeFirst()
        }
        let place = family.firstIndex { $0.cost > new.cost } ?? family.endIndex
        family.insert(new, at: place)
        families[source] = family
        members[new.entry] = Place(source: source, number: nextNumber)
        arrivals.append((new.entry, nextNumber))
        nextNumber += 1
    }

    private mutating func forgetFirst() {
        while arrivalsHead < arrivals.count {
            let first = arrivals[arrivalsHead]
            arrivalsHead += 1
            guard members[first.entry]?.number == first.number else { continue }
            return remove(first.entry)
        }
    }

    /// Keeps the queue within a factor of the living.
    private mutating func dropStaleArrivals() {
        guard arrivals.count > 2 * members.count + 64 else { return }
        arrivals = arrivals[arrivalsHead...].filter { members[$0.entry]?.number == $0.number }
        arrivalsHead = 0
    }
}
