import DeliveryTypes
import JSON

/// Where the text of everything a release can say is: a piece for each line of each setting, and one for its `null`.
struct PieceTable: Sendable {
    /// They own the memory the pieces are in.
    let segments: [PieceSegment]
    let pieces: [Piece]
    /// The piece that each setting's pieces begin with; one more at the end.
    let firstPieces: [Int]
    /// The settings that are not constant, in authored order.
    let dynamic: [Int]
    /// `{` and the constant settings.
    let head: [UInt8]
    /// Whether the first dynamic setting follows the brace, so that its comma is left out.
    let skipsFirstComma: Bool

    /// - Throws: `ReleaseError.missing` or `.damaged`.
    init(
        _ metadata: MetadataRecord,
        values: [RecordReference],
        records: [ContentDigest: SettingsRecord],
        reusing previous: PieceTable?
    ) throws(ReleaseError) {
        guard values.count == metadata.segments.count else { throw .damaged(.manifest, "values") }
        let names = metadata.names.map(Self.prefix)
        let shapes = metadata.shapes
        var known: [ContentDigest: PieceSegment] = [:]
        for segment in previous?.segments ?? [] { known[segment.digest] = segment }
        var segments: [PieceSegment] = []
        var pieces: [Piece] = []
        pieces.reserveCapacity(metadata.digests.count + shapes.count)
        var setting = 0
        for (reference, count) in zip(values, metadata.segments) {
            let range = setting..<setting + count
            let segment: PieceSegment
            if let same = known[reference.digest],
                same.signature == PieceSegment.signature(names: names[range], shapes: shapes[range])
            {
                segment = same
            } else {
                guard let record = records[reference.digest] else { throw .missing(reference.digest) }
                segment = try PieceSegment(record, names: names[range], shapes: shapes[range])
            }
            for index in 0..<segment.count { pieces.append(segment.piece(index)) }
            segments.append(segment)
            setting += count
        }
        var firstPieces: [Int] = []
        var piece = 0
        for shape in shapes {
            firstPieces.append(piece)
            piece += shape.lines + 1
        }
        firstPieces.append(piece)
        dynamic = shapes.indices.filter { shapes[$0].isDynamic }
        var head = [UInt8(ascii: "{")]
        for setting in shapes.indices where !shapes[setting].isDynamic {
            head += pieces[firstPieces[setting]].bytes(from: head.count == 1 ? 1 : 0)
        }
        self.head = head
        skipsFirstComma = head.count == 1
        self.segments = segments
        self.pieces = pieces
        self.firstPieces = firstPieces
    }

    /// `,"name":`.
    static func prefix(_ name: ExactString) -> [UInt8] {
        var bytes = [UInt8(ascii: ",")]
        JSONWriter.string(name, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        return bytes
    }

    /// The piece for a setting that has no value.
    @inline(__always)
    func nullPiece(_ setting: Int) -> Int { firstPieces[setting + 1] - 1 }

    /// The text of a piece's value alone.
    func value(_ piece: Int, of setting: Int) -> [UInt8] {
        // The `null` piece tells the length of the prefix.
        let prefix = Int(pieces[nullPiece(setting)].count) - 4
        return pieces[piece].bytes(from: prefix)
    }
}
