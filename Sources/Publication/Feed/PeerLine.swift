/// One line of the stream of changes: JSON with the members of one event (docs/formats/settings-peer.md).
///
/// Members that a reader does not know are ignored, and so are lines whose `type` it does not know: a newer origin may
/// say more.
package struct PeerLine: Sendable, Codable {
    private var type: String
    private var snapshot: SettingsSnapshot?
    private var app: SourcedApp?

    package init(_ event: SourceEvent) {
        switch event {
        case .snapshot(let snapshot):
            type = "snapshot"
            self.snapshot = snapshot
        case .app(let app):
            type = "app"
            self.app = app
        case .heartbeat:
            type = "heartbeat"
        }
    }

    /// What the line says; `nil` for what this version does not know.
    ///
    /// - Throws: `damaged` for anything but a JSON object with the members of its type.
    package static func event(_ line: [UInt8]) throws(PublicationError) -> SourceEvent? {
        let read = try StoredJSON.decode(Self.self, from: line, name: "a line of changes")
        switch read.type {
        case "snapshot":
            guard let snapshot = read.snapshot, snapshot.version == SettingsSnapshot.formatVersion,
                snapshot.apps.count <= SettingsSnapshot.appsMax
            else { throw .damaged("a line of changes", reason: "its snapshot is missing or of another version") }
            return .snapshot(snapshot)
        case "app":
            guard let app = read.app else { throw .damaged("a line of changes", reason: "its app is missing") }
            return .app(app)
        case "heartbeat":
            return .heartbeat
        default:
            return nil
        }
    }

    /// The line with its line feed.
    package func encoded() throws(PublicationError) -> [UInt8] { try StoredJSON.encode(self) }
}
