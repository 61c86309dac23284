/// The attributes and members of `data` that are read by name.
///
/// The members of `data` stand in the order of their names' bytes, as content is hashed.
enum EventSlot: Int, CaseIterable {
    /// What was found of each; as many as there are.
    typealias Texts = InlineArray<16, EventText>

    case id, source, type, time, specversion, datacontenttype, traceparent
    case action, brandID, contentID, contentType, country, creatorID, plan, templateID, userID

    static let ofData: [EventSlot] = [
        .action, .brandID, .contentID, .contentType, .country, .creatorID, .plan, .templateID, .userID,
    ]
    /// The same, by their numbers.
    @inline(__always)
    static var dataNumbers: ClosedRange<Int> { EventSlot.action.rawValue...EventSlot.userID.rawValue }
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

    /// The slot of an attribute: the length chooses, one comparison decides.
    @inline(__always)
    static func attribute(_ bytes: Span<UInt8>, _ key: Range<Int>) -> EventSlot? {
        let start = key.lowerBound
        switch key.count {
        case 2: return bytes.has("id", at: start) ? .id : nil
        case 4: return bytes.has("type", at: start) ? .type : bytes.has("time", at: start) ? .time : nil
        case 6: return bytes.has("source", at: start) ? .source : nil
        case 11:
            if bytes.has("specversion", at: start) { return .specversion }
            return bytes.has("traceparent", at: start) ? .traceparent : nil
        case 15: return bytes.has("datacontenttype", at: start) ? .datacontenttype : nil
        default: return nil
        }
    }

    /// The slot of a member of `data`.
    @inline(__always)
    static func member(_ bytes: Span<UInt8>, _ key: Range<Int>) -> EventSlot? {
        let start = key.lowerBound
        switch key.count {
        case 4: return bytes.has("plan", at: start) ? .plan : nil
        case 6: return bytes.has("action", at: start) ? .action : nil
        case 7: return bytes.has("user_id", at: start) ? .userID : bytes.has("country", at: start) ? .country : nil
        case 8: return bytes.has("brand_id", at: start) ? .brandID : nil
        case 10:
            if bytes.has("content_id", at: start) { return .contentID }
            return bytes.has("creator_id", at: start) ? .creatorID : nil
        case 11: return bytes.has("template_id", at: start) ? .templateID : nil
        case 12: return bytes.has("content_type", at: start) ? .contentType : nil
        default: return nil
        }
    }
}
