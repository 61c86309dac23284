package import JSON

/// The difference between the document a client holds and the one it should have.
package struct Delta: Sendable, Equatable {
    /// One JSON object of the settings that are new or have another value now.
    package let changed: [UInt8]
    /// The names that no longer exist.
    package let removed: [ExactString]
    /// How many settings `changed` has.
    package let changedCount: Int

    /// `{"changed":{…},"removed":[…]}`.
    package var bytes: [UInt8] {
        var bytes = Array(#"{"changed":"#.utf8)
        bytes += changed
        bytes += Array(#","removed":["#.utf8)
        for (index, name) in removed.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.string(name, into: &bytes)
        }
        bytes += Array("]}".utf8)
        return bytes
    }
}
