/// Why bytes are not a stored response; either way the entry is to be dropped and fetched anew.
package enum StoredResponseError: Error, Hashable, Sendable {
    /// Written by another version of the format.
    case unknownVersion
    /// Cut short, damaged or beyond a limit.
    case malformed
}
