package import DeliveryTypes
import JSON

/// What is known of a shipped segment: the object that says it is there.
package struct SegmentManifest: Hashable, Sendable {
    package var node: String
    /// From 1 on; the segments of a node have no gap.
    package var number: UInt64
    /// SHA-256 of the object's bytes.
    package var sha256: ContentDigest
    /// Of the object.
    package var bytes: Int
    package var lines: Int
    /// Of the lines, before they were compressed.
    package var rawBytes: Int
    /// `received_us` of the first and the last line, microseconds since 1970; `nil` if there are no lines.
    package var received: ClosedRange<Int64>?
    /// The first and the last day on which an event of it occurred, in UTC, such as `2026-11-21`; `nil` as above.
    package var firstOccurredDay: String?
    package var lastOccurredDay: String?

    /// Manifests are shorter, in bytes.
    package static let bytesMax = 4_096

    package init(
        node: String,
        number: UInt64,
        sha256: ContentDigest,
        bytes: Int,
        lines: Int,
        rawBytes: Int,
        received: ClosedRange<Int64>?,
        firstOccurredDay: String?,
        lastOccurredDay: String?
    ) {
        self.node = node
        self.number = number
        self.sha256 = sha256
        self.bytes = bytes
        self.lines = lines
        self.rawBytes = rawBytes
        self.received = received
        self.firstOccurredDay = firstOccurredDay
        self.lastOccurredDay = lastOccurredDay
    }

    /// Where the compressed lines are.
    package var objectKeyText: String {
        "usage/segments/\(node)/\(SegmentName.digits(number))-\(sha256.hex).csv.zst"
    }

    package static func prefixText(node: String) -> String { "usage/manifests/\(node)/" }

    /// Where the manifest of a number is.
    package static func keyText(node: String, number: UInt64) -> String {
        "\(prefixText(node: node))\(SegmentName.digits(number)).json"
    }

    /// One line of JSON without its line feed, always the same for the same manifest.
    package var json: [UInt8] {
        var object = JSONObject()
        object["version"] = 1
        object["node"] = .text(node)
        object["number"] = .number(Int(clamping: number))
        object["object"] = .text(objectKeyText)
        object["sha256"] = .text(sha256.hex)
        object["bytes"] = .number(bytes)
        object["lines"] = .number(lines)
        object["rawBytes"] = .number(rawBytes)
        object["firstReceived"] = received.map { .number(Int($0.lowerBound)) } ?? .null
        object["lastReceived"] = received.map { .number(Int($0.upperBound)) } ?? .null
        object["firstOccurredDay"] = firstOccurredDay.map { .text($0) } ?? .null
        object["lastOccurredDay"] = lastOccurredDay.map { .text($0) } ?? .null
        return JSONValue.object(object).stringified
    }
}

extension SegmentManifest {
    /// A manifest as it was written; `nil` for anything else, also of another version.
    package init?(json bytes: [UInt8]) {
        // Whatever is wrong with the text, it is no manifest.
        guard bytes.count <= Self.bytesMax, let root = try? JSONParser().value(from: bytes),
            root["version"]?.double == 1,
            let node = root["node"]?.string?.wellFormed, NodeName.isValid(node),
            let number = Self.integer(root["number"]), number > 0,
            let hex = root["sha256"]?.string?.wellFormed, let sha256 = ContentDigest(hex: hex),
            let size = Self.integer(root["bytes"]), let lines = Self.integer(root["lines"]),
            let rawBytes = Self.integer(root["rawBytes"])
        else { return nil }
        var received: ClosedRange<Int64>?
        if let first = Self.integer(root["firstReceived"]), let last = Self.integer(root["lastReceived"]), first <= last
        {
            received = Int64(first)...Int64(last)
        }
        self.init(
            node: node,
            number: UInt64(number),
            sha256: sha256,
            bytes: size,
            lines: lines,
            rawBytes: rawBytes,
            received: received,
            firstOccurredDay: root["firstOccurredDay"]?.string?.wellFormed,
            lastOccurredDay: root["lastOccurredDay"]?.string?.wellFormed
        )
        guard root["object"]?.string?.wellFormed == objectKeyText else { return nil }
    }

    private static func integer(_ value: JSONValue?) -> Int? {
        value?.double.flatMap { Int(exactly: $0) }
    }
}
