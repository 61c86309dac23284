/// Which surface a path belongs to.
///
/// Names in a path are percent-decoded once (RFC 3986 §2.1); a path whose decoding is not UTF-8 belongs to none.
package enum SettingsPath: Hashable, Sendable {
    /// `/v1/settings/{app or key}`
    case document(app: String)
    /// `/v1/settings/{app or key}/dictionary/{sha256}`
    case dictionary(app: String, digest: String)
    /// `/ofrep/v1/evaluate/flags`
    case flags
    /// `/ofrep/v1/evaluate/flags/{key}`; the rest of the path is the flag's name, slashes included.
    case flag(String)
    /// `/ofrep/v1/events/{channel}`
    case flagEvents(channel: String)
    /// `/api/features/{key}`
    case features(key: String)
    /// `/api/eval/{key}`
    case remote(key: String)
    /// `/sub/{key}`
    case subscription(key: String)

    /// The methods the path takes besides OPTIONS.
    package var methods: String {
        switch self {
        case .document, .flags, .flag, .remote: "POST"
        case .dictionary, .features, .flagEvents, .subscription: "GET, HEAD"
        }
    }

    /// - Parameter path: a request's path, with or without a query.
    package init?(_ path: String) {
        let path = path.prefix { $0 != "?" }
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.count >= 3, segments[0].isEmpty else { return nil }
        switch (String(segments[1]), segments.count) {
        case ("v1", 4) where segments[2].elementsEqual("settings".utf8):
            guard let app = Self.decoded(segments[3]), !app.isEmpty else { return nil }
            self = .document(app: app)
        case ("v1", 6)
        where segments[2].elementsEqual("settings".utf8) && segments[4].elementsEqual("dictionary".utf8):
            guard let app = Self.decoded(segments[3]), let digest = Self.decoded(segments[5]), !app.isEmpty else {
                return nil
            }
            self = .dictionary(app: app, digest: digest)
        case ("ofrep", 4...):
            guard let found = Self.openFeature(segments) else { return nil }
            self = found
        case ("api", 4):
            guard let key = Self.decoded(segments[3]), !key.isEmpty else { return nil }
            switch String(segments[2]) {
            case "features": self = .features(key: key)
            case "eval": self = .remote(key: key)
            default: return nil
            }
        case ("sub", 3):
            guard let key = Self.decoded(segments[2]), !key.isEmpty else { return nil }
            self = .subscription(key: key)
        default: return nil
        }
    }

    private static func openFeature(_ segments: [Substring.UTF8View.SubSequence]) -> SettingsPath? {
        guard segments[2].elementsEqual("v1".utf8) else { return nil }
        if segments[3].elementsEqual("events".utf8), segments.count == 5 {
            return decoded(segments[4]).flatMap { $0.isEmpty ? nil : .flagEvents(channel: $0) }
        }
        guard segments.count >= 5, segments[3].elementsEqual("evaluate".utf8), segments[4].elementsEqual("flags".utf8)
        else { return nil }
        let names = segments[5...].map { decoded($0) }
        guard names.allSatisfy({ $0 != nil }) else { return nil }
        let name = names.compactMap(\.self).joined(separator: "/")
        return name.isEmpty ? .flags : .flag(name)
    }

    /// The text behind percent-encoding; `nil` for broken escapes and for what is not UTF-8.
    static func decoded(_ segment: Substring.UTF8View.SubSequence) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segment.count)
        var iterator = segment.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexadecimal), let low = iterator.next().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
