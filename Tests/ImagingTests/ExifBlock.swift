/// A hand-made EXIF block (CIPA DC-008, TIFF structure, big-endian) and XMP packet, put into a JPEG.
struct ExifBlock {
    var orientation: Int?
    var copyright: String?
    var artist: String?
    /// Adds a GPS directory that holds a latitude of 51° 28' 40".
    var hasPosition = false

    /// What the GPS directory's coordinates look like: three rationals.
    static let latitude = [51, 1, 28, 1, 40, 1].flatMap { Samples.big($0) }

    private struct Entry {
        var tag: Int
        var type: UInt8
        var count: Int
        var value: [UInt8]
    }

    /// `jpeg` with this block after its first marker.
    func inserted(into jpeg: [UInt8]) -> [UInt8] {
        Array(jpeg.prefix(2)) + Self.segment(Array("Exif\0\0".utf8) + tiff) + jpeg.dropFirst(2)
    }

    /// `jpeg` with an XMP packet after its first marker.
    static func insertedXMP(_ packet: String, into jpeg: [UInt8]) -> [UInt8] {
        Array(jpeg.prefix(2)) + segment(Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(packet.utf8))
            + jpeg.dropFirst(2)
    }

    private static func segment(_ payload: [UInt8]) -> [UInt8] {
        [0xFF, 0xE1] + Samples.big(payload.count + 2).suffix(2) + payload
    }

    private var tiff: [UInt8] {
        var entries: [Entry] = []
        if let orientation {
            entries.append(Entry(tag: 0x0112, type: 3, count: 1, value: [0, UInt8(orientation), 0, 0]))
        }
        if let artist { entries.append(Self.text(0x013B, artist)) }
        if let copyright { entries.append(Self.text(0x8298, copyright)) }
        let start = 8
        let size = 2 + 12 * (entries.count + (hasPosition ? 1 : 0)) + 4
        let far = entries.filter { $0.value.count > 4 }.reduce(0) { $0 + $1.value.count }
        if hasPosition {
            entries.append(Entry(tag: 0x8825, type: 4, count: 1, value: Samples.big(start + size + far)))
        }
        var bytes = Array("MM".utf8) + [0, 42] + Samples.big(start)
        bytes += Self.directory(entries, at: start)
        guard hasPosition else { return bytes }
        let position = [
            Entry(tag: 1, type: 2, count: 2, value: Array("N\0\0\0".utf8)),
            Entry(tag: 2, type: 5, count: 3, value: Self.latitude),
        ]
        return bytes + Self.directory(position, at: bytes.count)
    }

    private static func text(_ tag: Int, _ text: String) -> Entry {
        let value = Array(text.utf8) + [0]
        return Entry(
            tag: tag,
            type: 2,
            count: value.count,
            value: value.count < 4 ? Array((value + [0, 0]).prefix(4)) : value
        )
    }

    /// A directory with its far values behind it.
    private static func directory(_ entries: [Entry], at start: Int) -> [UInt8] {
        var near = Samples.big(entries.count).suffix(2) + []
        var far: [UInt8] = []
        let farStart = start + 2 + 12 * entries.count + 4
        for entry in entries {
            near += Samples.big(entry.tag).suffix(2) + [0, entry.type] + Samples.big(entry.count)
            if entry.value.count <= 4 {
                near += entry.value
            } else {
                near += Samples.big(farStart + far.count)
                far += entry.value
            }
        }
        return near + Samples.big(0) + far
    }
}
