extension Node {
    private static let entryBytesMax = 512
    private static let hostBytesMax = 253

    /// The nodes of a list as people write it: entries separated by commas or white space, none is fine.
    ///
    /// - Throws: `FleetError.badPeer`, `.duplicateID`, `.duplicateAddress` or `.tooManyNodes`.
    package static func list(_ text: String) throws(FleetError) -> [Node] {
        var nodes: [Node] = []
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            nodes.append(try Node(peer: String(entry)))
        }
        try check(nodes)
        return nodes
    }

    /// - Throws: `FleetError.duplicateID`, `.duplicateAddress` or `.tooManyNodes`.
    static func check(_ nodes: [Node]) throws(FleetError) {
        guard nodes.count <= Ownership.nodesMax else {
            throw .tooManyNodes(count: nodes.count, max: Ownership.nodesMax)
        }
        var ids: Set<String> = []
        var authorities: Set<String> = []
        for node in nodes {
            guard ids.insert(node.id).inserted else { throw .duplicateID(node.id) }
            guard authorities.insert(node.authority).inserted else { throw .duplicateAddress(node.authority) }
        }
    }

    /// One entry: `edge-b=http://10.0.0.2:8080`, the same without an id, either with `;weight=3` behind.
    ///
    /// Without a port it is 80 or 443; without an id, `host:port` is the id.
    /// - Throws: `FleetError.badPeer`.
    package init(peer entry: String) throws(FleetError) {
        func failure(_ problem: FleetError.Problem) -> FleetError { .badPeer(entry: entry, problem) }
        guard entry.utf8.count <= Self.entryBytesMax else { throw failure(.tooLong) }
        var rest = Substring(entry)
        var weight = 1
        if let semicolon = rest.firstIndex(of: ";") {
            let parameter = rest[rest.index(after: semicolon)...]
            guard parameter.hasPrefix("weight=") else { throw failure(.badParameter) }
            guard let number = Self.number(parameter.dropFirst(7), in: Self.weights) else { throw failure(.badWeight) }
            weight = number
            rest = rest[..<semicolon]
        }
        var id: String?
        if let equals = rest.firstIndex(of: "="), !rest[..<equals].contains(":") {
            guard equals != rest.startIndex else { throw failure(.missingID) }
            id = String(rest[..<equals])
            guard rest[..<equals].utf8.count <= Self.idBytesMax, rest[..<equals].utf8.allSatisfy(Self.isIDByte) else {
                throw failure(.badID)
            }
            rest = rest[rest.index(after: equals)...]
        }
        guard let colon = rest.firstIndex(of: ":"), let scheme = Scheme(rawValue: rest[..<colon].lowercased()),
            rest[colon...].hasPrefix("://")
        else { throw failure(.badScheme) }
        var address = rest[colon...].dropFirst(3)
        if address.hasSuffix("/") { address.removeLast() }
        guard !address.contains(where: { "/?#@\\".contains($0) }) else { throw failure(.notABareURL) }
        let (host, port) = Self.split(address)
        guard let host = Self.host(host) else { throw failure(.badHost) }
        var number = scheme == .http ? 80 : 443
        if let port {
            guard let given = Self.number(port, in: 1...65_535) else { throw failure(.badPort) }
            number = given
        }
        self.init(id: id, scheme: scheme, host: host, port: number, weight: weight)
    }

    /// Host, still in its brackets, and port.
    private static func split(_ address: Substring) -> (host: Substring, port: Substring?) {
        let nameEnd = address.hasPrefix("[") ? address.firstIndex(of: "]") ?? address.startIndex : address.startIndex
        guard let colon = address[nameEnd...].firstIndex(of: ":") else { return (address, nil) }
        return (address[..<colon], address[address.index(after: colon)...])
    }

    /// In lower case and without brackets; `nil` if it is none.
    private static func host(_ text: Substring) -> String? {
        let lower = text.lowercased()
        if lower.hasPrefix("[") {
            guard lower.hasSuffix("]") else { return nil }
            let inside = String(lower.dropFirst().dropLast())
            guard !inside.contains("%"), case .v6 = NetworkAddress(inside) else { return nil }
            return inside
        }
        let labels = lower.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !lower.isEmpty, lower.utf8.count <= hostBytesMax, let last = labels.last,
            labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isHostByte) })
        else { return nil }
        // What ends in a number is meant as an IPv4 address.
        if last.allSatisfy(isDigit) {
            guard case .v4 = NetworkAddress(lower) else { return nil }
        }
        return lower
    }

    /// Digits only, no sign.
    private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy(isDigit), let number = Int(text),
            range.contains(number)
        else { return nil }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || (0x41...0x5a).contains(byte) || byte == UInt8(ascii: ".")
    }
}
