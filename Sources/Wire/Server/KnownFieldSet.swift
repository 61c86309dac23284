/// A set of known fields in one word, so that one `AND` asks for many of them.
package struct KnownFieldSet: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    @inline(__always)
    package init(_ field: KnownField) { rawValue = 1 << UInt32(field.rawValue) }

    package init(_ fields: [KnownField]) {
        rawValue = fields.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }
}
