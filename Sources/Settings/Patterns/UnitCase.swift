/// How JavaScript ignores case without the `u` flag (ECMA-262 Canonicalize): each unit's upper-case one, where there is
/// exactly one and ASCII stays apart from what is not.
enum UnitCase {
    private static let table: [UInt16] = (UInt16(0)...0xFFFF).map(computed)

    @inline(__always)
    static func canonical(_ unit: UInt16) -> UInt16 {
        if unit < 128 { return unit >= 0x61 && unit <= 0x7A ? unit - 32 : unit }
        return table[Int(unit)]
    }

    private static func computed(_ unit: UInt16) -> UInt16 {
        guard let scalar = UnicodeScalar(unit) else { return unit }
        if unit < 128 { return canonical(unit) }
        let upper = scalar.properties.uppercaseMapping.utf16
        guard upper.count == 1, let only = upper.first, only >= 128 else { return unit }
        return only
    }
}
