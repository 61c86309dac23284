/// What an uploader says about a picture.
package struct IngestAttributes: Hashable, Sendable {
    /// Whoever is paid for its uses; at most `ownerBytesMax` bytes, no control characters.
    package var owner: String?
    package var visibility: Visibility
    /// Without folders, without control characters, at most 255 bytes; `nil` if nothing is left.
    package var filename: String?

    package static let ownerBytesMax = 256

    /// Takes any `filename`, and keeps its last segment.
    package init(owner: String? = nil, visibility: Visibility = .public, filename: String? = nil) {
        self.owner = owner
        self.visibility = visibility
        self.filename = filename.flatMap(Self.cleaned)
    }

    func check() throws(OriginalsError) {
        guard let owner else { return }
        if owner.isEmpty || owner.utf8.count > Self.ownerBytesMax {
            throw .invalidAttribute("an owner has 1 to \(Self.ownerBytesMax) bytes")
        }
        if owner.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw .invalidAttribute("an owner has no control characters")
        }
    }

    private static func cleaned(_ filename: String) -> String? {
        let last = filename.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        var kept = ""
        for character in last {
            let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            if isControl { continue }
            if kept.utf8.count + character.utf8.count > 255 { break }
            kept.append(character)
        }
        return kept.isEmpty || kept == "." || kept == ".." ? nil : kept
    }
}
