import Caching
import NIOCore

/// What an earlier process has left in a node's folder.
struct SegmentRecovery {
    struct Found: Sendable {
        /// In the order of their numbers.
        var closed: [ClosedSegment] = []
        /// In the order of their numbers.
        var sealed: [SealedSegment] = []
        /// What cannot be sealed or shipped.
        var stuck: [StuckSegment] = []
        /// The greatest number that is or was used; 0 if there are no traces of any.
        var greatest: UInt64 = 0
        /// The number of the next segment.
        var next: UInt64 = 1
        /// Parts of that number without lines.
        var empty: [UInt32] = []
        /// Bytes of a torn end of the newest segment, if that has no lines.
        var bytesCut = 0
        /// `received_us` of the newest line, as far as this disk tells; `nil` if it does not.
        var received: Int64?

        fileprivate mutating func note(_ time: Int64?) {
            if let time { received = max(received ?? time, time) }
        }
    }

    let home: NodeFolder

    /// Blocks; reads names, manifests and the newest segment that is not sealed.
    ///
    /// - Throws: `disk`, `full`.
    func run() throws(MeteringError) -> Found {
        var found = Found()
        let (openNames, sealedNames) = try meteringErrors { () throws(DiskFailure) in
            (
                try home.open.names().compactMap(SegmentName.init),
                try home.sealed.names().compactMap(SegmentName.init)
            )
        }
        found.greatest = (openNames + sealedNames).map(\.number).max() ?? 0
        var parts = Self.parts(openNames)
        let shipped = Self.shipped(sealedNames)
        if let newest = shipped.max() {
            let note = try meteringErrors { () throws(DiskFailure) in
                try home.sealed.open(SegmentName.shipped(newest).text).read(ShippedNote.bytesMax, at: 0)
            }
            found.note(ShippedNote.received(note))
        }
        try removeShipped(shipped, sealedNames, &parts)
        for case .manifest(let number) in sealedNames where !shipped.contains(number) {
            try take(manifestOf: number, &parts, into: &found)
        }
        let known = Set(found.sealed.map(\.number) + found.stuck.map(\.number))
        for case .body(let number) in sealedNames
        where !shipped.contains(number) && parts[number] == nil && !known.contains(number) {
            found.stuck.append(lost(number, "its manifest is missing"))
        }
        found.next = found.greatest + 1
        for (number, numbered) in parts.sorted(by: { $0.key < $1.key }) {
            try take(numbered, of: number, isNewest: number == parts.keys.max(), into: &found)
        }
        found.sealed.sort { $0.number < $1.number }
        return found
    }

    private static func parts(_ names: [SegmentName]) -> [UInt64: [UInt32]] {
        var parts: [UInt64: [UInt32]] = [:]
        for case .part(let number, let part) in names { parts[number, default: []].append(part) }
        return parts.mapValues { $0.sorted() }
    }

    private static func shipped(_ names: [SegmentName]) -> Set<UInt64> {
        var shipped: Set<UInt64> = []
        for case .shipped(let number) in names { shipped.insert(number) }
        return shipped
    }

    /// Finishes what shipping had begun to remove; the newest note stays.
    private func removeShipped(
        _ shipped: Set<UInt64>,
        _ names: [SegmentName],
        _ parts: inout [UInt64: [UInt32]]
    ) throws(MeteringError) {
        let newest = shipped.max()
        for name in names where shipped.contains(name.number) {
            if name == .shipped(newest ?? 0) { continue }
            try meteringErrors { () throws(DiskFailure) in try home.sealed.remove(name.text) }
        }
        for number in shipped { try remove(&parts, of: number) }
    }

    private func remove(_ parts: inout [UInt64: [UInt32]], of number: UInt64) throws(MeteringError) {
        let left = parts.removeValue(forKey: number) ?? []
        try meteringErrors { () throws(DiskFailure) in
            for part in left { try home.open.remove(SegmentName.part(number, part).text) }
        }
    }

    /// A manifest that is whole was written after its body was on the disk: the lines as they came are not needed.
    private func take(
        manifestOf number: UInt64,
        _ parts: inout [UInt64: [UInt32]],
        into found: inout Found
    ) throws(MeteringError) {
        let manifest = try meteringErrors { () throws(DiskFailure) in
            try home.sealed.open(SegmentName.manifest(number).text).read(LocalManifest.bytesMax + 1, at: 0)
        }
        if let manifest = LocalManifest.decoded(manifest), manifest.number == number {
            try remove(&parts, of: number)
            found.note(manifest.received?.upperBound)
            found.sealed.append(SealedSegment(home: home, manifest: manifest))
        } else if parts[number] == nil {
            found.stuck.append(lost(number, "its manifest is damaged"))
        }
    }

    private func lost(_ number: UInt64, _ reason: String) -> StuckSegment {
        let segment = ClosedSegment(home: home, number: number, parts: [], bytes: 0)
        return StuckSegment(segment: segment, error: .damaged(segment: segment.name, reason: reason))
    }

    private func take(
        _ parts: [UInt32],
        of number: UInt64,
        isNewest: Bool,
        into found: inout Found
    ) throws(MeteringError) {
        let segment = ClosedSegment(
            home: home,
            number: number,
            parts: parts.map { ClosedSegment.Part(part: $0, end: nil) },
            bytes: try meteringErrors { () throws(DiskFailure) in
                var bytes = 0
                for part in parts { bytes += try home.open.open(SegmentName.part(number, part).text).size() }
                return bytes
            }
        )
        if isNewest {
            var reading = SegmentReading(segment)
            let (facts, isWhole) = try facts(&reading)
            if number == found.greatest, isWhole, facts.bytes == 0 {
                found.next = number
                found.empty = parts
                found.bytesCut = reading.bytesCut
                return
            }
            found.note(facts.received?.upperBound)
        }
        found.closed.append(segment)
    }

    /// What the segment's lines say, up to what cannot be read: that is named when it is sealed.
    private func facts(_ reading: inout SegmentReading) throws(MeteringError) -> (LineFacts, isWhole: Bool) {
        var facts = LineFacts()
        do throws(MeteringError) {
            while let lines = try reading.lines() { facts.add(lines.readableBytesUInt8Span) }
            return (facts, true)
        } catch {
            if case .damaged = error { return (facts, false) }
            guard facts.bytes > 0 else { throw error }
            return (facts, false)
        }
    }
}
