import ObjectStorage

/// The key of a manifest: `usage/manifests/NODE/NUMBER.json`, the number with 20 digits.
struct ManifestName: Hashable, Sendable {
    var node: String
    var number: Int

    init(node: String, number: Int) {
        self.node = node
        self.number = number
    }

    /// `nil` for any other key.
    init?(_ key: ObjectKey) {
        let parts = key.segments
        guard parts.count == 4, parts[0] == "usage", parts[1] == "manifests", Self.isNode(parts[2]),
            parts[3].hasSuffix(".json")
        else { return nil }
        let digits = parts[3].dropLast(5)
        guard digits.utf8.count == 20, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits), number > 0
        else { return nil }
        node = String(parts[2])
        self.number = number
    }

    var digits: String { Self.digits(number) }

    var text: String { StoredSegment.manifestsPrefix + node + "/" + digits + ".json" }

    static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 20 - text.utf8.count)) + text
    }

    /// 1 to 64 letters, digits, `.`, `_` and `-`, first a letter or digit.
    private static func isNode(_ name: Substring) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first, isAlphanumeric(first) else {
            return false
        }
        return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
