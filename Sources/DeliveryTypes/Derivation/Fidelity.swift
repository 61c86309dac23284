/// How much of a picture an encoder left: what decides whether a rendition is good enough to be a parent.
///
/// Qualities of different formats are put on the scale of JPEG's: equal grades harm a child made from them equally. The
/// constants were measured (`docs/decisions/0016-derivation.md`); they are for stills written by the render workers.
struct Fidelity: Hashable, Sendable {
    /// 1…100 as JPEG's quality; 101 is without loss.
    let grade: Int

    static let lossless = 101
    /// The least grade of a parent, and from `farRatio` on, where more pixels become one.
    static let gradeMin = 65
    static let farGradeMin = 50
    static let farRatio = 2.0
    /// By how much the child's grade may exceed the parent's.
    static let gainMax = 15
    static let farGainMax = 25

    /// - Returns: `nil` for formats that are no parents and no children (palettes, formats that are not written).
    init?(_ format: ImageFormat, quality: Int?) {
        guard format != .png else {
            grade = Self.lossless
            return
        }
        guard let quality, let scale = Self.scales[format] else { return nil }
        grade = Self.interpolated(Double(min(max(quality, 1), 100)), scale)
    }

    /// Whether a child of this fidelity may be made from a parent that is `ratio` times as large.
    func suffices(for child: Fidelity, ratio: Double) -> Bool {
        // Who asks for no loss is not given another's.
        guard child.grade < Self.lossless else { return grade == Self.lossless }
        let isFar = ratio >= Self.farRatio
        return grade >= (isFar ? Self.farGradeMin : Self.gradeMin)
            && child.grade <= grade + (isFar ? Self.farGainMax : Self.gainMax)
    }

    /// Whether libvips 8.14 reads all that is written of rights into a format: EXIF and XMP.
    static func carriesRights(_ format: ImageFormat) -> Bool { format == .jpeg || format == .webp || format == .png }

    /// Roughly how long the decoder takes for a pixel, relative to JPEG's.
    static func decodingCost(_ format: ImageFormat) -> Double {
        switch format {
        case .jpeg: 1
        case .webp: 1.3
        case .png: 2.5
        case .jxl: 3
        default: 3.5
        }
    }

    /// Corresponding qualities: the format's own, JPEG's.
    private static let scales: [ImageFormat: [(own: Double, grade: Double)]] = [
        .jpeg: [(1, 1), (100, 100)],
        .webp: [(1, 1), (60, 50), (70, 60), (79, 74), (90, 90), (100, 100)],
        .avif: [(1, 1), (45, 30), (60, 65), (75, 83), (90, 95), (100, 100)],
        .jxl: [(1, 1), (60, 40), (77, 62), (90, 88), (100, 100)],
    ]

    private static func interpolated(_ quality: Double, _ scale: [(own: Double, grade: Double)]) -> Int {
        guard let upper = scale.firstIndex(where: { $0.own >= quality }), upper > 0 else { return 1 }
        let (from, to) = (scale[upper - 1], scale[upper])
        let share = (quality - from.own) / (to.own - from.own)
        return Int((from.grade + share * (to.grade - from.grade)).rounded())
    }
}
