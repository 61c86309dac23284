/// Which request targets are pictures', for those who count: the access log's reader and the counter decide alike.
package enum PictureTarget {
    /// As much of a target as a line of the access log has.
    static let bytesMax = 1_024
    private static let prefix = Array("img/".utf8)

    /// Whether the path begins with `/img/`; further slashes before it do not matter, as in a redacted line.
    static func isPicture(_ target: some Sequence<UInt8>) -> Bool {
        var matched = 0
        for (index, byte) in target.enumerated() {
            if index >= bytesMax { return false }
            if matched == 0, byte == UInt8(ascii: "/") { continue }
            guard byte == prefix[matched] else { return false }
            matched += 1
            if matched == prefix.count { return true }
        }
        return false
    }

    /// Answers that deliver a picture, a part of one, or that it is still good.
    package static func isDelivery(status: Int) -> Bool { status == 200 || status == 206 || status == 304 }
}
