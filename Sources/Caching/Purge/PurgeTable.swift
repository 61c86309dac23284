/// Which stored responses have been purged, decided when they are looked up: a purge costs O(1) however much is stored.
///
/// Each purge gets the next sequence number and is remembered under what it names; a response remembers the number
/// that was current when its fetch *began*, so that a fetch under way during a purge is caught too. A look-up compares
/// one number as long as nothing was purged since the last one, else as many table entries as the response has tags
/// and the table has lengths of prefixes. The table is bounded: when it is full, the older half of the rules is
/// replaced by "everything born before them", which purges more than was asked for, never less.
package struct PurgeTable: Sendable {
    /// The latest purge of each mode under one name; 0 for none.
    private struct Marks {
        var soft: UInt64 = 0
        var hard: UInt64 = 0

        mutating func set(_ mode: PurgeMode, _ sequence: UInt64) {
            switch mode {
            case .soft: soft = max(soft, sequence)
            case .hard: hard = max(hard, sequence)
            }
        }

        func verdict(bornSequence: UInt64) -> PurgeVerdict {
            if hard > bornSequence { return .gone }
            return soft > bornSequence ? .stale : .live
        }
    }

    /// The number of the latest purge; grows with each.
    package private(set) var sequence: UInt64
    package let rulesMax: Int
    private var urls: [String: Marks] = [:]
    private var tags: [String: Marks] = [:]
    private var prefixes: [String: Marks] = [:]
    /// Number of prefixes by their length in bytes.
    private var prefixLengths: [Int: Int] = [:]
    private var everything = Marks()

    /// `sequence`: where counting starts; greater than that of anything stored earlier (the caller uses the
    ///   wall clock in microseconds, so that a lost log loses rules but never confuses numbers).
    package init(sequence: UInt64 = 0, rulesMax: Int = 100_000) {
        precondition(rulesMax >= 2)
        self.sequence = sequence
        self.rulesMax = rulesMax
    }

    /// Rules that are remembered one by one.
    package var count: Int { urls.count + tags.count + prefixes.count }

    /// Remembers a purge; returns its sequence number.
    ///
    /// `floor`: the number is at least this; time in microseconds keeps numbers of several runs in order.
    @discardableResult
    package mutating func purge(_ scope: PurgeScope, _ mode: PurgeMode, floor: UInt64 = 0) -> UInt64 {
        sequence = max(sequence + 1, floor)
        switch scope {
        case .url(let url): urls[url, default: Marks()].set(mode, sequence)
        case .tag(let tag): tags[tag, default: Marks()].set(mode, sequence)
        case .everything: everything.set(mode, sequence)
        case .prefix(let prefix):
            if prefixes[prefix] == nil { prefixLengths[prefix.utf8.count, default: 0] += 1 }
            prefixes[prefix, default: Marks()].set(mode, sequence)
        }
        if count > rulesMax { forgetOlderHalf() }
        return sequence
    }

    /// What the purges so far mean for a response.
    package func verdict(for subject: PurgeSubject) -> PurgeVerdict {
        let born = subject.bornSequence
        guard sequence > born else { return .live }
        var verdict = everything.verdict(bornSequence: born)
        if let marks = urls[subject.url] { verdict = max(verdict, marks.verdict(bornSequence: born)) }
        for tag in subject.tags {
            guard let marks = tags[tag] else { continue }
            verdict = max(verdict, marks.verdict(bornSequence: born))
        }
        if !prefixes.isEmpty, verdict != .gone {
            verdict = max(verdict, verdictOfPrefixes(subject.url, bornSequence: born))
        }
        return verdict
    }

    private func verdictOfPrefixes(_ url: String, bornSequence: UInt64) -> PurgeVerdict {
        var verdict = PurgeVerdict.live
        let bytes = url.utf8
        for length in prefixLengths.keys where length <= bytes.count {
            // Rules and URLs are ASCII, so that a cut never splits a character.
            guard let marks = prefixes[String(decoding: bytes.prefix(length), as: UTF8.self)] else { continue }
            verdict = max(verdict, marks.verdict(bornSequence: bornSequence))
        }
        return verdict
    }

    /// Replaces the older half of the rules by one that covers them all.
    private mutating func forgetOlderHalf() {
        let all = [urls, tags, prefixes].flatMap { $0.values.map { max($0.soft, $0.hard) } }.sorted()
        let limit = all[all.count / 2]
        everything.hard = max(everything.hard, limit)
        urls = urls.filter { max($0.value.soft, $0.value.hard) > limit }
        tags = tags.filter { max($0.value.soft, $0.value.hard) > limit }
        prefixes = prefixes.filter { max($0.value.soft, $0.value.hard) > limit }
        prefixLengths = [:]
        for prefix in prefixes.keys { prefixLengths[prefix.utf8.count, default: 0] += 1 }
    }
}
