/// Takes what XMP says of rights and authors out of a packet and leaves everything else (places, devices, history).
///
/// No XML parser: the wanted elements are copied as they are, between their start and end tags, into a new packet;
/// what is not well-formed enough to be found, or is large, is left out.
enum CopyrightPacket {
    /// Bytes of one kept element.
    static let elementMax = 4_096

    private static let elements = [
        "dc:rights", "dc:creator", "dc:publisher", "dc:contributor", "xmpRights:Marked", "xmpRights:WebStatement",
        "xmpRights:UsageTerms", "xmpRights:Owner", "cc:license", "cc:attributionName", "cc:attributionURL",
    ]

    private static let head = """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" \
        xmlns:cc="http://creativecommons.org/ns#">
        """
    private static let tail = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"

    /// - Returns: a packet of rights only; `nil` when nothing of the kind is said.
    static func packet(from xmp: [UInt8]) -> [UInt8]? {
        let bytes = xmp[...]
        let kept = elements.compactMap { element(Array($0.utf8), in: bytes) }
        guard !kept.isEmpty else { return nil }
        return Array(head.utf8) + kept.flatMap(\.self) + Array(tail.utf8)
    }

    /// `<name …>…</name>`, as it is written.
    private static func element(_ name: [UInt8], in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let closing = Array("</".utf8) + name + Array(">".utf8)
        guard let start = find(Array("<".utf8) + name, in: bytes),
            let next = bytes[start...].dropFirst(name.count + 1).first,
            next == UInt8(ascii: ">") || next == UInt8(ascii: " "),
            let end = find(closing, in: bytes[start...].prefix(elementMax))
        else { return nil }
        let whole = bytes[start..<(end + closing.count)]
        // Only the vocabulary of containers may be inside, so that nothing else rides along.
        return isPlain(whole, name) ? whole : nil
    }

    private static func isPlain(_ element: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
        let text = String(decoding: element, as: UTF8.self)
        let allowed = ["rdf:Alt", "rdf:Bag", "rdf:Seq", "rdf:li", String(decoding: name, as: UTF8.self)]
        return text.split(separator: "<").allSatisfy { part in
            let tag = part.hasPrefix("/") ? part.dropFirst() : part
            return allowed.contains { tag.hasPrefix($0) }
        }
    }

    private static func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - needle.count)).first { place in
            bytes[place] == needle[0] && bytes[place..<(place + needle.count)].elementsEqual(needle)
        }
    }
}
