import JSON

/// Which exposures were reported, and how many of each arm: a state machine without clock or lock.
///
/// Two generations of fingerprints: when the younger one is half of what may be kept, or a new window begins, the
/// older one is forgotten and the younger takes its place. Each is split into shards so that no single insertion
/// rebuilds a large table.
struct ExposureTable: Sendable {
    struct Arm: Hashable, Sendable {
        var app: String
        var experiment: ExactString
        var variation: ExactString

        static func == (left: Arm, right: Arm) -> Bool {
            left.experiment == right.experiment && left.variation == right.variation
                && left.app.utf8.elementsEqual(right.app.utf8)
        }
    }

    struct Counts: Hashable, Sendable {
        var exposures = 0
        var units = 0
    }

    private struct Generation: Sendable {
        var shards = [FingerprintSet](repeating: FingerprintSet(), count: 64)
        var count = 0
    }

    private let fingerprintsMax: Int
    private let armsMax: Int
    private let armsPerAppMax: Int
    private var younger = Generation()
    private var older = Generation()
    private var newestWindow = Int64.min
    private var armsOfApp: [String: Int] = [:]
    private(set) var arms: [Arm: Counts] = [:]
    /// Exposures of arms that had no room in the table.
    private(set) var uncounted = 0
    /// Fingerprints that were forgotten although their window was not over.
    private(set) var forgottenEarly = 0

    init(fingerprintsMax: Int, armsMax: Int, armsPerAppMax: Int) {
        precondition(fingerprintsMax >= 2 && armsMax >= 0 && armsPerAppMax >= 0)
        self.fingerprintsMax = fingerprintsMax
        self.armsMax = armsMax
        self.armsPerAppMax = armsPerAppMax
    }

    /// Fingerprints that are remembered.
    var count: Int { younger.count + older.count }

    /// An exposure was made; whether it is the first of its fingerprint.
    mutating func admit(_ fingerprint: UInt64, arm: Arm, window: Int64) -> Bool {
        let isNew = insert(fingerprint, window: window)
        if let place = arms.index(forKey: arm) {
            arms.values[place].exposures += 1
            if isNew { arms.values[place].units += 1 }
        } else if arms.count < armsMax, armsOfApp[arm.app, default: 0] < armsPerAppMax {
            armsOfApp[arm.app, default: 0] += 1
            arms[arm] = Counts(exposures: 1, units: isNew ? 1 : 0)
        } else {
            uncounted += 1
        }
        return isNew
    }

    /// An exposure could not be reported: the unit's next one is new again.
    mutating func withdraw(_ fingerprint: UInt64, arm: Arm) {
        let shard = Self.shard(of: fingerprint)
        if younger.shards[shard].remove(fingerprint) {
            younger.count -= 1
        } else if older.shards[shard].remove(fingerprint) {
            older.count -= 1
        } else {
            return
        }
        if let place = arms.index(forKey: arm) { arms.values[place].units -= 1 }
    }

    private mutating func insert(_ fingerprint: UInt64, window: Int64) -> Bool {
        if window > newestWindow {
            newestWindow = window
            turn()
        }
        let shard = Self.shard(of: fingerprint)
        if older.shards[shard].contains(fingerprint) || younger.shards[shard].contains(fingerprint) { return false }
        if younger.count >= fingerprintsMax / 2 {
            forgottenEarly += older.count
            turn()
        }
        _ = younger.shards[shard].insert(fingerprint)
        younger.count += 1
        return true
    }

    private mutating func turn() {
        older = younger
        younger = Generation()
    }

    /// By the highest bits; the tables use the lowest.
    private static func shard(of fingerprint: UInt64) -> Int { Int(fingerprint >> 58) }
}
