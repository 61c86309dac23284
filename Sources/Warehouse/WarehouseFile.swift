/// A file of the project that counts.
package struct WarehouseFile: Equatable, Sendable {
    /// Below the project's folder, `/`-separated.
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
