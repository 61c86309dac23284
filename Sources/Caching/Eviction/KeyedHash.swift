/// Hashes 64-bit ids under a secret key, so that who chooses ids cannot choose their places in a table.
///
/// Two rounds of the folded 64 × 64 → 128-bit multiplication of wyhash (Wang Yi, 2019) with key words from SplitMix64.
struct KeyedHash: Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    init(seed: UInt64) {
        first = Self.mixed(seed &+ 0x9e37_79b9_7f4a_7c15)
        second = Self.mixed(seed &+ 0x3c6e_f372_fe94_f82a) | 1
        third = Self.mixed(seed &+ 0xdaa6_6d2c_7ddf_743f) | 1
    }

    @inline(__always)
    func callAsFunction(_ id: UInt64) -> UInt64 {
        let once = Self.folded(id ^ first, second)
        return Self.folded(once ^ id, third)
    }

    @inline(__always)
    private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The output function of SplitMix64 (Steele, Lea and Flood, 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
