import FoundationEssentials

/// The folder into which the warehouse puts its exports.
package struct ExportFolder: Hashable, Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// The numbers of the exports that are there, ascending; none if there is no folder yet.
    ///
    /// Names that are not all digits are passed over: those are exports that are being written.
    ///
    /// - Throws: `folder`.
    package func numbers() throws(LedgerError) -> [Int64] { try names().map(\.number) }

    /// The export of a number; `nil` if there is none.
    ///
    /// - Throws: `folder` or `damaged`.
    package func export(_ number: Int64) throws(LedgerError) -> UsageExport? {
        guard let name = try names().first(where: { $0.number == number })?.name else { return nil }
        let folder = "\(path)/\(name)"
        let manifest = try PartFile.whole(
            UsageExport.manifestName,
            of: number,
            in: folder,
            bytesMax: ExportLimits.manifestBytes
        )
        return try UsageExport(manifest: manifest, number: number, folder: folder)
    }

    private func names() throws(LedgerError) -> [(number: Int64, name: String)] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            throw .folder(reason: "\(path): \(error)")
        }
        let found = names.compactMap { name -> (number: Int64, name: String)? in
            guard name.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
            return Int64(name).map { (number: $0, name: name) }
        }
        let sorted = found.sorted { $0.number < $1.number }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.number == second.number {
            throw .folder(reason: "\(path) has export \(first.number) twice")
        }
        return sorted
    }
}
