/// The hash functions of this module; `Ownership` promises that they never change (see `docs/formats/ownership.md`).
enum Mixing {
    /// Spreads every input bit over all output bits: Stafford's thirteenth variant of MurmurHash3's finaliser, which
    /// SplitMix64 uses too.
    ///
    /// A bijection; not for secrets.
    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Both halves of a key, mixed under a seed.
    @inline(__always)
    static func mixed(_ key: (high: UInt64, low: UInt64), seed: UInt64) -> UInt64 {
        mixed(key.low ^ mixed(key.high ^ seed))
    }

    /// A text's seed: FNV-1a of 64 bits over its UTF-8, mixed once.
    static func seed(of text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return mixed(hash)
    }
}
