/// A document that clients may hold and answers may refer to (RFC 9842).
package struct SettingsDictionary: Sendable {
    /// SHA-256 in lowercase hexadecimal.
    package let digest: String
    package let bytes: [UInt8]

    package init(digest: String, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}
