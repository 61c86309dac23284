/// A seed, hashed as far as it goes.
struct SeedRow: Sendable {
    /// Into ``RuleTables/seedUnits``.
    let units: Range<Int32>
    /// FNV-1a after the seed's units.
    let state: UInt32
    /// A number, added to a number: JavaScript's sum then has no characters.
    let isNumeric: Bool
}
