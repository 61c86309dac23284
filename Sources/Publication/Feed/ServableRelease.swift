package import Settings

/// What a feed has to know of a release: which records it takes, and how they become something to serve.
///
/// `LoadedRelease` is the one that nodes serve.
package protocol ServableRelease: AnyObject, Sendable {
    /// The table of contents.
    associatedtype Contents: Sendable
    /// What is kept of a release that has been replaced, for deltas.
    associatedtype Outline: Sendable

    /// Reads a manifest.
    ///
    /// - Throws: `damaged` if it is none.
    static func contents(of manifest: SettingsRecord) throws(PublicationError) -> Contents

    /// The records without which the release can't be served, as far as `previous` does not have them.
    static func needed(for contents: Contents, having previous: Self?) -> [RecordReference]

    /// The records that can be attached later.
    static func attachable(of contents: Contents) -> [RecordReference]

    /// All records that a node serves from: what it keeps on its disk.
    static func kept(of contents: Contents) -> [RecordReference]

    /// Makes a release; CPU work.
    ///
    /// - Parameters:
    ///   - contents: of its manifest.
    ///   - records: those that `needed` asked for.
    ///   - previous: the same as for `needed`.
    /// - Returns: a release that can be served.
    /// - Throws: `damaged` if the records don't fit each other.
    static func load(
        _ contents: Contents,
        records: [SettingsRecord],
        reusing previous: Self?
    ) throws(PublicationError) -> Self

    var outline: Outline { get }

    /// Adds an attachable record; CPU work.
    ///
    /// - Throws: `damaged` if it doesn't fit the others.
    func add(_ record: SettingsRecord) throws(PublicationError)

    /// Prepares what requests have asked for since the last call, to answer their like faster; CPU work.
    func prepare()
}
