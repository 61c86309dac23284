/// The content of events as most are: of nothing but what is read by name, and without escapes.
extension EventReader {
    /// The same as ``contentHash(_:occurred:)``, which says what it is of; `room` is for what is hashed.
    func plainContentHash(_ bytes: Span<UInt8>, occurred: Int64, _ room: inout [UInt8]) -> Int64 {
        room.removeAll(keepingCapacity: true)
        room.append(addingCapacity: contentBytesMax) { (content: inout OutputSpan<UInt8>) in
            content.append("{")
            if data == .object {
                content.append(#""data":{"#)
                appendData(bytes, to: &content)
                content.append("},")
            }
            append(#""id":""#, .id, bytes, to: &content)
            append(#""source":""#, .source, bytes, to: &content)
            if slots[EventSlot.time.rawValue].isText {
                content.append(#""time":"#)
                EventNumber.append(occurred, to: &content)
                content.append(",")
            }
            append(#""type":""#, .type, bytes, to: &content)
            content.removeLast(1)
            content.append("}")
        }
        return HashWords(of: room.span).first
    }

    /// In the order of the names' bytes.
    private func appendData(_ bytes: Span<UInt8>, to content: inout OutputSpan<UInt8>) {
        let start = content.count
        append(#""action":""#, .action, bytes, to: &content)
        append(#""brand_id":""#, .brandID, bytes, to: &content)
        append(#""content_id":""#, .contentID, bytes, to: &content)
        append(#""content_type":""#, .contentType, bytes, to: &content)
        append(#""country":""#, .country, bytes, to: &content)
        append(#""creator_id":""#, .creatorID, bytes, to: &content)
        append(#""plan":""#, .plan, bytes, to: &content)
        append(#""template_id":""#, .templateID, bytes, to: &content)
        append(#""user_id":""#, .userID, bytes, to: &content)
        // The comma behind the last.
        if content.count > start { content.removeLast(1) }
    }

    /// A member and a comma; nothing for one that is not there.
    @inline(__always)
    private func append(
        _ label: StaticString,
        _ slot: EventSlot,
        _ bytes: Span<UInt8>,
        to content: inout OutputSpan<UInt8>
    ) {
        let text = slots[slot.rawValue]
        guard text.isText else { return }
        content.append(label)
        content.append(bytes, text.range)
        content.append("\",")
    }

    private var contentBytesMax: Int {
        var bytes = 0
        // Longer than any name with its quotes, its colon and a comma.
        for number in slots.indices { bytes += slots[number].count + 24 }
        return bytes + EventNumber.digitsMax
    }
}
