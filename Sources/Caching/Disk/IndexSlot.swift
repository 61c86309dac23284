/// Where a record is: 32 bytes for each in the index.
struct IndexSlot: Equatable, Sendable {
    var key: EntryKey
    /// The segment's number, at least 1; 0 marks an empty slot of a table.
    var segment: UInt32
    /// Where the record begins in the file, in units of eight bytes.
    private var place: UInt32
    private var body: UInt32
    /// Name and metadata together; the highest bit says whether the record was hit.
    private var named: UInt32

    private static let hitBit: UInt32 = 1 << 31

    static let empty = IndexSlot(key: EntryKey(high: 0, low: 0), segment: 0, offset: 0, namedBytes: 0, bodyBytes: 0)

    init(key: EntryKey, segment: UInt32, offset: Int, namedBytes: Int, bodyBytes: Int) {
        self.key = key
        self.segment = segment
        place = UInt32(offset / 8)
        body = UInt32(bodyBytes)
        named = UInt32(namedBytes)
    }

    var offset: Int { Int(place) * 8 }
    var bodyBytes: Int { Int(body) }
    var namedBytes: Int { Int(named & ~Self.hitBit) }
    var recordBytes: Int { RecordHead.recordBytes(namedBytes: namedBytes, bodyBytes: bodyBytes) }
    var isEmpty: Bool { segment == 0 }

    var isHit: Bool {
        get { named & Self.hitBit != 0 }
        set { named = newValue ? named | Self.hitBit : named & ~Self.hitBit }
    }

    func isSamePlace(as other: IndexSlot) -> Bool { segment == other.segment && place == other.place }
}
