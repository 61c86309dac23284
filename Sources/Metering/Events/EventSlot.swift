/// The attributes and members of `data` that are read by name.
///
/// The members of `data` stand in the order of their names' bytes, as content is hashed.
enum EventSlot: Int, CaseIterable {
    case id, source, type, time, specversion, datacontenttype, traceparent
    case action, brandID, contentID, contentType, country, creatorID, plan, templateID, userID

    static let ofData: [EventSlot] = [
        .action, .brandID, .contentID, .contentType, .country, .creatorID, .plan, .templateID, .userID,
    ]
    /// Those of `data` that a use must have.
    static let required: [EventSlot] = [.contentID, .contentType, .creatorID, .userID, .action]
    /// The columns 9 to 17 of a line, in order.
    static let columns: [EventSlot] = [
        .contentID, .contentType, .creatorID, .userID, .action, .brandID, .templateID, .country, .plan,
    ]

    var name: String {
        switch self {
        case .id: "id"
        case .source: "source"
        case .type: "type"
        case .time: "time"
        case .specversion: "specversion"
        case .datacontenttype: "datacontenttype"
        case .traceparent: "traceparent"
        case .action: "action"
        case .brandID: "brand_id"
        case .contentID: "content_id"
        case .contentType: "content_type"
        case .country: "country"
        case .creatorID: "creator_id"
        case .plan: "plan"
        case .templateID: "template_id"
        case .userID: "user_id"
        }
    }

    /// The names' bytes, by slot.
    static let names: [[UInt8]] = allCases.map { Array($0.name.utf8) }
    /// `"name":`, by slot.
    static let labels: [[UInt8]] = allCases.map { Array("\"\($0.name)\":".utf8) }

    /// The slot of an attribute; length and first letters choose, one comparison decides.
    @inline(__always)
    static func attribute(_ bytes: Span<UInt8>, _ key: Range<Int>) -> EventSlot? {
        let start = key.lowerBound
        let candidate: EventSlot
        switch key.count {
        case 2: candidate = .id
        case 4: candidate = bytes[start + 1] == UInt8(ascii: "i") ? .time : .type
        case 6: candidate = .source
        case 11: candidate = bytes[start] == UInt8(ascii: "s") ? .specversion : .traceparent
        case 15: candidate = .datacontenttype
        default: return nil
        }
        return equals(bytes, key, names[candidate.rawValue]) ? candidate : nil
    }

    /// The slot of a member of `data`.
    @inline(__always)
    static func member(_ bytes: Span<UInt8>, _ key: Range<Int>) -> EventSlot? {
        let start = key.lowerBound
        let candidate: EventSlot
        switch key.count {
        case 4: candidate = .plan
        case 6: candidate = .action
        case 7: candidate = bytes[start] == UInt8(ascii: "u") ? .userID : .country
        case 8: candidate = .brandID
        case 10: candidate = bytes[start + 1] == UInt8(ascii: "r") ? .creatorID : .contentID
        case 11: candidate = .templateID
        case 12: candidate = .contentType
        default: return nil
        }
        return equals(bytes, key, names[candidate.rawValue]) ? candidate : nil
    }

    @inline(__always)
    static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: [UInt8]) -> Bool {
        guard range.count == name.count else { return false }
        var index = range.lowerBound
        for byte in name {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
