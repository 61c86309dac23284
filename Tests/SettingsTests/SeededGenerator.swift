/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The bytes with some of them changed, removed, doubled or taken from `alphabet`.
    mutating func mutated(_ bytes: [UInt8], alphabet: String) -> [UInt8] {
        var result = bytes
        let letters = Array(alphabet.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let place = Int.random(in: 0...result.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0 where place < result.count: result.remove(at: place)
            case 1 where place < result.count: result[place] = letters.randomElement(using: &self) ?? 0
            case 2: result.insert(letters.randomElement(using: &self) ?? 0, at: place)
            case 3 where place < result.count: result[place] = UInt8.random(in: 0...255, using: &self)
            default: result.append(contentsOf: result.prefix(place).suffix(12))
            }
        }
        return result
    }

    mutating func mutated(_ text: String, alphabet: String) -> String {
        String(decoding: mutated(Array(text.utf8), alphabet: alphabet), as: UTF8.self)
    }
}
