/// The features as a client with local evaluation gets them.
package struct SDKText: Sendable {
    /// JSON text.
    package let bytes: [UInt8]
    /// Since when the text has been what it is: milliseconds since 1970.
    package let sinceMilliseconds: Int64
    /// When a schedule will change it; `nil` for never.
    package let untilMilliseconds: Int64?

    package init(bytes: [UInt8], sinceMilliseconds: Int64, untilMilliseconds: Int64?) {
        self.bytes = bytes
        self.sinceMilliseconds = sinceMilliseconds
        self.untilMilliseconds = untilMilliseconds
    }
}
