import JSON
import Synchronization

/// Makes the bytes of documents by copying pieces of text: one pass, nothing is parsed or serialised.
///
/// The document is one JSON object: settings without rules first, then the others, both in authored order, every
/// setting once. A setting without a value is `null`.
package struct Assembler: Sendable {
    package let evaluated: Evaluated
    /// The document's exact length in bytes.
    package let byteCount: Int
    /// Pieces that are made for this request, in order: texts with placeholders filled in.
    private let made: [MadePiece]
    /// Whether nothing is forced, so that the constant block can be copied whole.
    private let isPlain: Bool

    package init(_ evaluated: Evaluated) {
        self.evaluated = evaluated
        let table = evaluated.release.table
        let templates = evaluated.release.templates
        var made: [MadePiece] = []
        isPlain = evaluated.forced.isEmpty
        guard isPlain else {
            self.made = []
            byteCount = Self.forcedDocument(evaluated).count
            return
        }
        var count = table.head.count + 1 - (table.skipsFirstComma && !table.dynamic.isEmpty ? 1 : 0)
        for piece in evaluated.chosen { count += Int(table.pieces[Int(piece)].count) }
        for place in evaluated.release.templatePlaces {
            let piece = evaluated.chosen[place]
            guard let template = templates[piece] else { continue }
            let setting = table.dynamic[place]
            let text = template.filled(table.value(Int(piece), of: setting), with: evaluated.placeholders)
            let prefix = Int(table.pieces[table.nullPiece(setting)].count) - 4
            made.append(MadePiece(place: place, text: table.pieces[Int(piece)].bytes().prefix(prefix) + text))
            count += prefix + text.count - Int(table.pieces[Int(piece)].count)
        }
        self.made = made
        byteCount = count
    }

    /// Appends the document.
    ///
    /// For NIO's `buffer.writeWithOutputRawSpan(minimumWritableBytes: assembler.byteCount)`.
    ///
    /// - Precondition: `output` has room for `byteCount` bytes.
    package func write(to output: inout OutputRawSpan) {
        precondition(output.freeCapacity >= byteCount, "no room for the document")
        // SAFETY: the closure writes `byteCount` bytes from the first free one on, for which there is room.
        unsafe output.withUnsafeMutableBytes { bytes, initialised in
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[initialised...])
            initialised += unsafe copy(to: free)
        }
    }

    /// The document as an array.
    package func bytes() -> [UInt8] {
        // SAFETY: `copy` initialises as many bytes as it says, at most the capacity.
        unsafe Array(unsafeUninitializedCapacity: byteCount) { buffer, initialised in
            initialised = unsafe copy(to: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// - Returns: the bytes written: `byteCount`.
    // SAFETY: `byteCount` was summed up from the very pieces that are copied, and the room was checked.
    private func copy(to room: UnsafeMutableRawBufferPointer) -> Int {
        precondition(room.count >= byteCount)
        guard isPlain else {
            let document = Self.forcedDocument(evaluated)
            unsafe room.copyBytes(from: document)
            return document.count
        }
        guard var target = room.baseAddress else { return 0 }
        let table = evaluated.release.table
        // SAFETY: as above, for all copies here; the segments that own the pieces belong to the release.
        unsafe table.head.withUnsafeBytes { head in
            if let start = head.baseAddress { unsafe target.copyMemory(from: start, byteCount: head.count) }
        }
        unsafe target += table.head.count
        var skipped = table.skipsFirstComma ? 1 : 0
        var next = 0
        // SAFETY: `chosen` are indices of pieces; their texts add up to what there is room for.
        unsafe table.pieces.withUnsafeBufferPointer { pieces in
            unsafe evaluated.chosen.withUnsafeBufferPointer { chosen in
                for place in chosen.indices {
                    if next < made.count, made[next].place == place {
                        let text = made[next].text[skipped...]
                        // SAFETY: as above.
                        unsafe UnsafeMutableRawBufferPointer(start: target, count: text.count).copyBytes(from: text)
                        unsafe target += text.count
                        next += 1
                    } else {
                        let piece = unsafe pieces[Int(chosen[place])]
                        let count = Int(piece.count) - skipped
                        unsafe target.copyMemory(from: piece.start + skipped, byteCount: count)
                        // SAFETY: as above.
                        unsafe target += count
                    }
                    skipped = 0
                }
            }
        }
        // SAFETY: the last of the `byteCount` bytes.
        unsafe target.storeBytes(of: UInt8(ascii: "}"), as: UInt8.self)
        return byteCount
    }

    /// The document with forced values, setting by setting: for tools, not for speed.
    private static func forcedDocument(_ evaluated: Evaluated) -> [UInt8] {
        let shapes = evaluated.release.outline.shapes
        let order = shapes.indices.filter { !shapes[$0].isDynamic } + evaluated.release.table.dynamic
        return object(evaluated, of: order)
    }

    /// An object of some settings.
    static func object(_ evaluated: Evaluated, of settings: [Int]) -> [UInt8] {
        let release = evaluated.release
        var bytes = [UInt8(ascii: "{")]
        for setting in settings {
            let skipped = bytes.count == 1 ? 1 : 0
            if evaluated.forced[setting] != nil || release.outline.shapes[setting].hasPlaceholders {
                bytes += PieceTable.prefix(release.names[setting])[skipped...]
                bytes += evaluated.value(of: setting)
            } else {
                bytes += release.table.pieces[Int(evaluated.piece(of: setting))].bytes(from: skipped)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The document in pieces that were compressed at publish time: a body for `Content-Encoding: zstd` or `gzip`,
    /// larger than one compressed now, for next to no CPU.
    ///
    /// - Parameters:
    ///   - coding: which of the records to use.
    ///   - compress: makes a frame of its own for each piece that only this request has (placeholders).
    /// - Returns: the body; `nil` when the record is not attached or values are forced.
    package func packed(_ coding: PackedCoding, compress: ([UInt8]) -> [UInt8]) -> [UInt8]? {
        guard isPlain else { return nil }
        guard let packed = evaluated.release.attachments.withLock({ $0.packed[coding] }) else { return nil }
        let table = evaluated.release.table
        let frames = zip(table.dynamic, evaluated.chosen).map { setting, piece in
            Int(piece) - table.firstPieces[setting]
        }
        return packed.document(
            frames,
            made: Dictionary(
                uniqueKeysWithValues: made.map { piece in
                    (piece.place, compress(Array(piece.text[(table.skipsFirstComma && piece.place == 0 ? 1 : 0)...])))
                }
            )
        )
    }
}
