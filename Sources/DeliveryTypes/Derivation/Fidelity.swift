/// How faithful a rendition in a format and quality is, as far as derivation needs to know: the constants behind it
/// were measured (`docs/decisions/0016-derivation.md`).
struct Fidelity: Hashable, Sendable {
    let format: ImageFormat
    /// On the scale of JPEG's quality, 1…100; above 100 is without loss.
    let grade: Int

    static let lossless = 101

    /// - Returns: `nil` for formats that are no parents and no children.
    init?(_ format: ImageFormat, quality: Int?) {
        self.format = format
        switch format {
        case .png: grade = Self.lossless
        case .jpeg, .webp, .jxl, .avif:
            guard let quality else { return nil }
            grade = quality
        case .gif, .heic, .tiff, .bmp, .svg: return nil
        }
    }

    var isFine: Bool { grade >= 40 }

    func suffices(for child: Fidelity) -> Bool {
        if child.grade == Self.lossless { return grade == Self.lossless }
        return grade >= 50
    }

    /// Whether the rights that are written into a format can be read out of it again.
    static func carriesRights(_ format: ImageFormat) -> Bool { true }
}
