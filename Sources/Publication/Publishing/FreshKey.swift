/// A key as its holder uses it; stored nowhere.
package struct FreshKey: Hashable, Sendable {
    package var kind: KeyKind
    /// `vc_` or `vs_` and 32 hexadecimal digits: 128 random bits.
    package var text: String
}
