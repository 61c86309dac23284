import DeliveryTypes
import Glibc
import JSON

/// The pieces of the settings of one values record, in memory of their own: for every line `,"name":value`, and for
/// every setting `,"name":null` behind its lines.
///
/// Never changed once made, and shared by all releases that have the same record for the same settings.
// SAFETY: the memory is filled before anyone else has the object, and only read afterwards.
@safe
final class PieceSegment: @unchecked Sendable {
    /// The values record.
    let digest: ContentDigest
    /// What of the metadata decides the pieces: names and numbers of lines.
    let signature: Fingerprint
    /// Where each piece starts, and the end of the last one.
    let starts: [UInt32]
    // SAFETY: allocated and filled by the initialiser, only read afterwards, freed by `deinit`.
    private let memory: UnsafeMutableRawPointer

    var count: Int { starts.count - 1 }

    /// - Parameters:
    ///   - record: the values record.
    ///   - names: of the settings, as `,"name":`.
    ///   - shapes: of the same settings.
    /// - Throws: `ReleaseError.damaged` when the record does not have one line, not empty, for each value.
    init(_ record: SettingsRecord, names: ArraySlice<[UInt8]>, shapes: ArraySlice<SettingShape>) throws(ReleaseError) {
        let lines = shapes.reduce(0) { $0 + $1.lines }
        let nameBytes = zip(names, shapes).reduce(0) { $0 + $1.0.count * ($1.1.lines + 1) + 4 }
        let size = nameBytes + record.bytes.count - lines
        guard size >= 0, size < Int(UInt32.max) else { throw .damaged(.values, "lines are missing") }
        digest = record.digest
        signature = Self.signature(names: names, shapes: shapes)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 16)
        var starts: [UInt32] = []
        starts.reserveCapacity(lines + names.count + 1)
        // SAFETY: the memory has `size` bytes; `fill` checks before each copy.
        let isWhole = unsafe Self.fill(memory, size, record.bytes, names, shapes, &starts)
        unsafe self.memory = memory
        self.starts = starts
        // The object is complete here, so throwing frees the memory.
        guard isWhole else { throw .damaged(.values, "not one line for each value") }
    }

    deinit {
        // SAFETY: allocated by the initialiser, and nobody has the object any more.
        unsafe memory.deallocate()
    }

    /// Where a piece is, for as long as the segment lives.
    func piece(_ index: Int) -> Piece {
        // SAFETY: `starts` are offsets within the memory, ascending.
        unsafe Piece(start: UnsafeRawPointer(memory + Int(starts[index])), count: starts[index + 1] - starts[index])
    }

    static func signature(names: ArraySlice<[UInt8]>, shapes: ArraySlice<SettingShape>) -> Fingerprint {
        var fingerprint = Fingerprint()
        for (name, shape) in zip(names, shapes) {
            fingerprint.combine(UInt64(shape.lines))
            fingerprint.combine(name)
        }
        return fingerprint
    }

    /// - Returns: whether the record was used up exactly, and with it the memory.
    // SAFETY: every copy is preceded by a check that source and target have the bytes.
    private static func fill(
        _ memory: UnsafeMutableRawPointer,
        _ size: Int,
        _ bytes: [UInt8],
        _ names: ArraySlice<[UInt8]>,
        _ shapes: ArraySlice<SettingShape>,
        _ starts: inout [UInt32]
    ) -> Bool {
        // SAFETY: as above; the buffers live during the closures.
        unsafe bytes.withUnsafeBytes { source in
            var read = 0
            var written = 0
            for (name, shape) in zip(names, shapes) {
                for line in 0...shape.lines {
                    starts.append(UInt32(written))
                    guard written + name.count <= size else { return false }
                    unsafe name.withUnsafeBytes { name in
                        guard let start = name.baseAddress else { return }
                        unsafe (memory + written).copyMemory(from: start, byteCount: name.count)
                    }
                    written += name.count
                    if line == shape.lines {
                        guard written + 4 <= size else { return false }
                        // `null`, little-endian.
                        // SAFETY: four bytes, for which there is room.
                        unsafe (memory + written).storeBytes(of: UInt32(0x6C6C_756E).littleEndian, as: UInt32.self)
                        written += 4
                        continue
                    }
                    // SAFETY: the line ends within the source, and there is room for it.
                    guard read < source.count,
                        let start = unsafe source.baseAddress.map({ unsafe $0 + read }),
                        let end = unsafe memchr(start, 0x0A, source.count - read)
                    else { return false }
                    let length = unsafe UnsafeRawPointer(end) - start
                    guard length > 0, written + length <= size else { return false }
                    unsafe (memory + written).copyMemory(from: start, byteCount: length)
                    written += length
                    read += length + 1
                }
            }
            starts.append(UInt32(written))
            return read == source.count && written == size
        }
    }
}
