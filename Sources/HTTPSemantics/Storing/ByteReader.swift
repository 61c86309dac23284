/// Reads numbers, big-endian, and texts from the front of bytes that may end too early.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self
    ) throws(StoredResponseError) -> Integer {
        try bytes(Integer.bitWidth / 8).reduce(0) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
    }

    mutating func bytes(_ count: Int) throws(StoredResponseError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw .malformed }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// UTF-8 of `count` bytes.
    mutating func text(_ count: Int) throws(StoredResponseError) -> String {
        guard let text = String(validating: try bytes(count), as: UTF8.self) else { throw .malformed }
        return text
    }
}
