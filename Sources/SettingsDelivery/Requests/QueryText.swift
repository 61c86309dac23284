/// The parameters of a request's query.
package enum QueryText {
    /// The first value of a parameter, decoded (`+` is a space); `nil` when it is not there or cannot be decoded.
    package static func value(_ name: String, of path: String) -> String? {
        let query = path.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0].elementsEqual(name.utf8) else { continue }
            guard parts.count == 2 else { return "" }
            let text = String(decoding: parts[1].map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }, as: UTF8.self)
            return SettingsPath.decoded(Substring(text).utf8)
        }
        return nil
    }
}
