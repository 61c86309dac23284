import DeliveryTypes

/// The value of `Vitrine-Settings`: a structured field item (RFC 9651), the app's name, with parameters.
package enum ReleaseField {
    /// The field's value for an answer.
    ///
    /// `partition`: Whose specialised tables answered.
    /// `isIncomplete`: Whether something known of the user came too late.
    /// `now`: Milliseconds since 1970.
    package static func value(
        of app: ServedApp,
        partition: String? = nil,
        isIncomplete: Bool = false,
        now: Int64
    ) -> String {
        var text = quoted(app.name) + ";number=\(app.number);record=" + quoted(String(app.engine.record.hex.prefix(16)))
        if let partition { text += ";partition=" + quoted(partition) }
        if let since = app.silentSinceMilliseconds { text += ";last-good=\(max(0, now - since) / 1_000)" }
        if isIncomplete { text += ";user-state=incomplete" }
        return text
    }

    /// A structured field's string: printable ASCII; everything else is percent-encoded.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "%"), 0..<0x20, 0x7F...:
                out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            default: out.unicodeScalars.append(UnicodeScalar(byte))
            }
        }
        return out + "\""
    }
}
