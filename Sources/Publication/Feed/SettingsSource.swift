package import DeliveryTypes

/// Where a feed learns what is in force and gets the records: the object store itself, or an origin over HTTP.
///
/// **Promises** what is in force to its best knowledge; records as bytes that nobody has checked.
///
/// **May fail** with `PublicationError`; asking again later is right for all of its cases.
package protocol SettingsSource: Sendable {
    /// A word for logs: `store`, or the origin's address.
    var name: String { get }

    /// Everything in force now. For polling; `watch` needs no call of this.
    func snapshot() async throws(PublicationError) -> SettingsSnapshot

    /// Tells `receive` everything in force, then each change when it happens, and that there is none every few seconds.
    ///
    /// `receive` is called by one task at a time and must not block.
    ///
    /// - Throws: when the source can't be watched (any longer), `cancelled` when the task is. Never returns.
    func watch(_ receive: @Sendable (SourceEvent) -> Void) async throws(PublicationError)

    /// The bytes of the record with the digest, unchecked.
    ///
    /// - Parameters:
    ///   - digest: the record's name.
    ///   - bytesMax: with more bytes it is an error.
    /// - Returns: the bytes; `nil` if the source does not have the record.
    /// - Throws: when the source can't be asked, or the record is longer.
    func record(_ digest: ContentDigest, bytesMax: Int) async throws(PublicationError) -> [UInt8]?
}
