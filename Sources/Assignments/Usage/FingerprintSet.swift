/// A set of 64-bit fingerprints: an open table with linear probing, at most three quarters full.
struct FingerprintSet: Sendable {
    /// 0 is an empty place; its own fingerprint is kept as 1.
    private var places: [UInt64] = []
    private(set) var count = 0

    private static let placesMin = 16

    func contains(_ fingerprint: UInt64) -> Bool {
        guard !places.isEmpty else { return false }
        return places[place(of: max(fingerprint, 1))] != 0
    }

    /// Whether it was not in the set before.
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        if (count + 1) * 4 > places.count * 3 { grow() }
        let fingerprint = max(fingerprint, 1)
        let place = place(of: fingerprint)
        guard places[place] == 0 else { return false }
        places[place] = fingerprint
        count += 1
        return true
    }

    /// Whether it was in the set.
    @discardableResult
    mutating func remove(_ fingerprint: UInt64) -> Bool {
        guard !places.isEmpty else { return false }
        var hole = place(of: max(fingerprint, 1))
        guard places[hole] != 0 else { return false }
        let mask = places.count - 1
        var next = (hole + 1) & mask
        // Those behind move up unless that would put them before the place where a search for them begins.
        while places[next] != 0 {
            let home = Int(truncatingIfNeeded: places[next]) & mask
            if (next - home) & mask >= (next - hole) & mask {
                places[hole] = places[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        places[hole] = 0
        count -= 1
        return true
    }

    /// Where a fingerprint is, or would be.
    private func place(of fingerprint: UInt64) -> Int {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: fingerprint) & mask
        while places[place] != 0, places[place] != fingerprint { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = places
        places = [UInt64](repeating: 0, count: max(Self.placesMin, old.count * 2))
        for fingerprint in old where fingerprint != 0 { places[place(of: fingerprint)] = fingerprint }
    }
}
