import Caching
import NIOCore

/// How far a usage log was forwarded: the file `forwarded` in the log's folder, written in place.
///
/// It saves sending again after a restart and is nothing that anybody relies on: a mark that is missing or damaged
/// stands for the log's begin. 20 bytes: the segment's number (4), the offset in it (8), both little-endian, four bytes
/// that stay zero, and the CRC-32C of the bytes before (4).
struct ForwardingMark {
    static let name = "forwarded"
    private static let bytes = 20

    let files: any SegmentFiles

    /// Blocks.
    func load() -> UsagePosition? {
        do throws(DiskFailure) {
            guard try files.names().contains(Self.name) else { return nil }
            let read = Array(try files.open(Self.name).read(Self.bytes, at: 0).readableBytesView)
            guard read.count == Self.bytes,
                Self.number(read[16..<20]) == UInt64(CRC32C.checksum(of: read[..<16])), Self.number(read[12..<16]) == 0
            else { return nil }
            return UsagePosition(
                segment: UInt32(truncatingIfNeeded: Self.number(read[0..<4])),
                offset: Int(truncatingIfNeeded: Self.number(read[4..<12]))
            )
        } catch {
            return nil
        }
    }

    /// Blocks; not synchronised, since an older mark is as good.
    func save(_ position: UsagePosition) throws(DiskFailure) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: position.segment)
        bytes.append(littleEndian: Int64(position.offset))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: CRC32C.checksum(of: bytes))
        let exists = try files.names().contains(Self.name)
        let file = exists ? try files.open(Self.name) : try files.create(Self.name)
        _ = try file.write([ByteBuffer(bytes: bytes)], at: 0)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
