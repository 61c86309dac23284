/// Where an origin offers its settings to other nodes (docs/formats/settings-peer.md).
package enum PeerPaths {
    package static let prefix = "/v1/peer/settings/"
    package static let snapshot = prefix + "snapshot"
    package static let changes = prefix + "changes"
    /// The digest in 64 hexadecimal digits follows.
    package static let records = prefix + "records/"

    /// The longest line of changes, and the longest snapshot, in bytes: some 10,000 apps with a few keys each.
    package static let lineBytesMax = 16 << 20
    package static let lineMediaType = "application/x-ndjson"
}
