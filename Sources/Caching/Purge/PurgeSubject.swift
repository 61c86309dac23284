/// What a purge can recognise a stored response by.
package struct PurgeSubject: Hashable, Sendable {
    /// The purge sequence when its fetch began: only later purges concern it.
    package var bornSequence: UInt64
    /// `scheme://host/path?query` as it was asked for.
    package var url: String
    package var tags: [String]

    package init(bornSequence: UInt64, url: String, tags: [String]) {
        self.bornSequence = bornSequence
        self.url = url
        self.tags = tags
    }
}
