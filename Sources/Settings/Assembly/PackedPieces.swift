import DeliveryTypes

/// The pieces of a release, each compressed on its own at publish time (`docs/formats/settings-packed.md`).
///
/// The first is `{` with the constant settings, the last `}`; between them, for each dynamic setting in order, its
/// pieces in order and that of its `null`.
final class PackedPieces: Sendable {
    private static let magic = Array("VSPACK1\n".utf8)

    /// The record's.
    let digest: ContentDigest
    private let bytes: [UInt8]
    /// Where each frame starts; one more at the end.
    private let starts: [UInt32]
    /// The frame of each dynamic setting's first piece.
    let firstFrames: [Int]

    /// The numbers of pieces a release's packed record has, for each dynamic setting.
    static func count(_ table: PieceTable) -> [Int] {
        table.dynamic.map { table.firstPieces[$0 + 1] - table.firstPieces[$0] }
    }

    /// Compresses all pieces.
    static func record(_ table: PieceTable, _ compress: ([UInt8]) -> [UInt8]) -> SettingsRecord {
        var frames = [compress(table.head)]
        for setting in table.dynamic {
            let skipped = table.skipsFirstComma && setting == table.dynamic.first ? 1 : 0
            for piece in table.firstPieces[setting]..<table.firstPieces[setting + 1] {
                frames.append(compress(table.pieces[piece].bytes(from: skipped)))
            }
        }
        frames.append(compress([UInt8(ascii: "}")]))
        var bytes = magic
        append(UInt32(frames.count), to: &bytes)
        for frame in frames { append(UInt32(frame.count), to: &bytes) }
        for frame in frames { bytes += frame }
        return SettingsRecord(.packed, bytes: bytes)
    }

    /// - Parameters:
    ///   - record: the packed record.
    ///   - counts: of each dynamic setting's pieces.
    /// - Throws: `ReleaseError.damaged` when the record has not as many frames as that.
    init(_ record: SettingsRecord, count counts: [Int]) throws(ReleaseError) {
        let frames = counts.reduce(2, +)
        bytes = record.bytes
        digest = record.digest
        let table = Self.magic.count + 4
        guard bytes.starts(with: Self.magic), bytes.count >= table + frames * 4,
            Self.number(bytes, Self.magic.count) == frames
        else { throw .damaged(.packed, "frames") }
        var start = table + frames * 4
        var starts = [UInt32(start)]
        starts.reserveCapacity(frames + 1)
        for frame in 0..<frames {
            start += Self.number(bytes, table + frame * 4)
            guard start <= bytes.count else { throw .damaged(.packed, "the length of a frame") }
            starts.append(UInt32(start))
        }
        guard start == bytes.count else { throw .damaged(.packed, "bytes after the last frame") }
        self.starts = starts
        var first = 1
        firstFrames = counts.map { count in
            defer { first += count }
            return first
        }
    }

    /// The frames of a document.
    ///
    /// - Parameters:
    ///   - frames: for each dynamic setting the piece, counted from its first.
    ///   - made: frames to take instead, by place among the dynamic settings.
    /// - Returns: the frames in a row.
    func document(_ frames: [Int], made: [Int: [UInt8]]) -> [UInt8] {
        var document: [UInt8] = []
        document.reserveCapacity(zip(firstFrames, frames).reduce(64 << 10) { $0 + size($1.0 + $1.1) })
        document += frame(0)
        for (place, first) in firstFrames.enumerated() {
            if let made = made[place] {
                document += made
            } else {
                document += frame(first + frames[place])
            }
        }
        document += frame(starts.count - 2)
        return document
    }

    private func size(_ frame: Int) -> Int { Int(starts[frame + 1] - starts[frame]) }

    private func frame(_ index: Int) -> ArraySlice<UInt8> { bytes[Int(starts[index])..<Int(starts[index + 1])] }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number &>> shift)) }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
