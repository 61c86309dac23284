/// A request head as offsets into the received bytes (RFC 9112 §3 and §5), checked while it is parsed.
///
/// There is one for each connection and its storage is used again for each request, so it is valid only until the
/// shortcut returns. Parsing goes on where it stopped when more bytes come.
package final class RequestHead {
    /// The two methods a cache answers, and all others.
    package enum Method: Sendable {
        case get
        case head
        case other
    }

    /// The four forms of RFC 9112 §3.2.
    package enum TargetForm: Sendable {
        case origin
        case absolute
        case authority
        case asterisk
    }

    private var scanner: HeadScanner
    /// What the method is.
    package private(set) var method = Method.other
    /// The method's name.
    package private(set) var methodName = 0..<0
    /// The request target as it was sent; its form is `targetForm`.
    package private(set) var target = 0..<0
    /// The target's form.
    package private(set) var targetForm = TargetForm.origin
    /// Path and query; empty when an absolute target has no path (then it is `/`), and for CONNECT.
    package private(set) var path = 0..<0
    /// Host and port: those of an absolute target, else the Host field's; empty when HTTP/1.0 sent none.
    package private(set) var host = 0..<0
    /// The scheme of an absolute target; else empty.
    package private(set) var scheme = 0..<0
    /// HTTP/1.1, not HTTP/1.0.
    package private(set) var isVersion11 = true
    /// Whether the client lets the connection stay open (RFC 9112 §9.3).
    package private(set) var keepsAlive = true
    /// How the body is delimited.
    package private(set) var framing = BodyFraming.length(0)
    /// Whether the client waits for `100 Continue` (RFC 9110 §10.1.1).
    package private(set) var expectsContinue = false
    /// Which known fields are there.
    package private(set) var present: KnownFieldSet = []
    /// Which known fields have more than one line.
    package private(set) var repeated: KnownFieldSet = []
    private var firstLine = SIMD32<UInt8>()

    package init(limits: HeadScanner.Limits) {
        precondition(limits.fields <= 256)
        scanner = HeadScanner(limits: limits)
    }

    /// All field lines in their order.
    package var fields: [FieldLine] { scanner.fields }

    /// How many bytes the head takes, with the empty line.
    package var length: Int { scanner.length }

    /// Whether no byte of the head has come, or nothing but an empty line before it.
    package var isAtBeginning: Bool { scanner.isAtBeginning }

    /// Whether the request has no body.
    @inline(__always)
    package var hasNoBody: Bool { framing == .length(0) }

    /// Where the value of the field's first line stands; `nil` when the field is not there.
    @inline(__always)
    package func value(of field: KnownField) -> Range<Int>? {
        guard present.contains(KnownFieldSet(field)) else { return nil }
        return scanner.fields[Int(firstLine[Int(field.rawValue)])].value
    }

    /// Begins with the next head.
    package func reset() {
        scanner.reset()
        present = []
        repeated = []
        isVersion11 = true
        keepsAlive = true
        framing = .length(0)
        expectsContinue = false
    }

    /// Parses on; says whether the head is complete and in order.
    ///
    /// `bytes` are all from the head's first byte on. Throws the fault for which the request is to be refused.
    package func parse(_ bytes: Span<UInt8>) throws(MessageFault) -> Bool {
        guard try scanner.scan(bytes) else { return false }
        try readStartLine(bytes)
        try readFields(bytes)
        return true
    }

    // MARK: Start line

    private func readStartLine(_ bytes: Span<UInt8>) throws(MessageFault) {
        let line = scanner.startLine
        var index = line.lowerBound
        while index < line.upperBound, Octet.isToken(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == Octet.space else { throw .startLine }
        methodName = line.lowerBound..<index
        let start = index + 1
        index = start
        while index < line.upperBound, Octet.isTarget(bytes[index]) { index += 1 }
        guard index < line.upperBound, bytes[index] == Octet.space else {
            throw index < line.upperBound ? .target : .startLine
        }
        guard index > start else { throw .startLine }
        target = start..<index
        try readVersion(bytes, (index + 1)..<line.upperBound)
        method = Self.method(bytes, methodName)
        try readTarget(bytes)
    }

    private func readVersion(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) {
        let start = range.lowerBound
        guard range.count == 8, bytes[start] == 0x48, bytes[start + 1] == 0x54, bytes[start + 2] == 0x54,
            bytes[start + 3] == 0x50, bytes[start + 4] == 0x2F, Octet.isDigit(bytes[start + 5]),
            bytes[start + 6] == 0x2E, Octet.isDigit(bytes[start + 7])
        else { throw .startLine }
        guard bytes[start + 5] == 0x31, bytes[start + 7] <= 0x31 else { throw .version }
        isVersion11 = bytes[start + 7] == 0x31
    }

    private static func method(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Method {
        let start = name.lowerBound
        if name.count == 3, bytes[start] == 0x47, bytes[start + 1] == 0x45, bytes[start + 2] == 0x54 { return .get }
        if name.count == 4, bytes[start] == 0x48, bytes[start + 1] == 0x45, bytes[start + 2] == 0x41,
            bytes[start + 3] == 0x44
        {
            return .head
        }
        return .other
    }

    private func readTarget(_ bytes: Span<UInt8>) throws(MessageFault) {
        scheme = 0..<0
        host = 0..<0
        path = target
        let isConnect =
            methodName.count == 7 && bytes.text(methodName) == "CONNECT"
        if isConnect {
            guard HostName.isValid(bytes, target, needsPort: true) else { throw .target }
            targetForm = .authority
            host = target
            path = target.upperBound..<target.upperBound
        } else if bytes[target.lowerBound] == 0x2F {
            targetForm = .origin
        } else if target.count == 1, bytes[target.lowerBound] == 0x2A {
            guard methodName.count == 7, bytes.text(methodName) == "OPTIONS" else { throw .target }
            targetForm = .asterisk
        } else {
            try readAbsoluteTarget(bytes)
        }
    }

    private func readAbsoluteTarget(_ bytes: Span<UInt8>) throws(MessageFault) {
        var index = target.lowerBound
        guard bytes[index] | 0x20 >= 0x61, bytes[index] | 0x20 <= 0x7A else { throw .target }
        while index < target.upperBound, bytes[index] != Octet.colon, bytes[index] != 0x2F { index += 1 }
        guard index + 3 < target.upperBound, bytes[index] == Octet.colon, bytes[index + 1] == 0x2F,
            bytes[index + 2] == 0x2F
        else { throw .target }
        scheme = target.lowerBound..<index
        guard bytes.matches("http", in: scheme) || bytes.matches("https", in: scheme) else { throw .target }
        let start = index + 3
        index = start
        while index < target.upperBound, bytes[index] != 0x2F, bytes[index] != 0x3F { index += 1 }
        host = start..<index
        guard HostName.isValid(bytes, host) else { throw .target }
        // A query without a path would need a slash that is not there.
        guard index == target.upperBound || bytes[index] == 0x2F else { throw .target }
        path = index..<target.upperBound
        targetForm = .absolute
    }

    // MARK: Fields

    private func readFields(_ bytes: Span<UInt8>) throws(MessageFault) {
        var closes = false
        var staysOpen = false
        var framingFields = MessageFraming()
        for index in scanner.fields.indices {
            let line = scanner.fields[index]
            guard let field = KnownField.find(bytes, line.name) else { continue }
            let bit = KnownFieldSet(field)
            if present.contains(bit) {
                repeated.formUnion(bit)
            } else {
                present.formUnion(bit)
                firstLine[Int(field.rawValue)] = UInt8(truncatingIfNeeded: index)
            }
            switch field {
            case .connection: readConnection(bytes, line.value, closes: &closes, staysOpen: &staysOpen)
            case .contentLength: try framingFields.addContentLength(bytes, line.value)
            case .transferEncoding: try framingFields.addTransferEncoding(bytes, line.value)
            case .expect: expectsContinue = bytes.matches("100-continue", in: line.value)
            default: break
            }
        }
        keepsAlive = !closes && (isVersion11 || staysOpen)
        if !framingFields.isSilent { framing = try framingFields.ofRequest(isVersion11: isVersion11) }
        if !isVersion11 || hasNoBody { expectsContinue = false }
        try readHost(bytes)
    }

    private func readConnection(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        closes: inout Bool,
        staysOpen: inout Bool
    ) {
        var position = value.lowerBound
        while let element = bytes.nextListElement(from: &position, to: value.upperBound) {
            if bytes.matches("close", in: element) { closes = true }
            if bytes.matches("keep-alive", in: element) { staysOpen = true }
        }
    }

    /// Checks Host, and takes it as the authority unless the target has one (RFC 9112 §3.2.2).
    private func readHost(_ bytes: Span<UInt8>) throws(MessageFault) {
        guard let value = value(of: .host) else {
            if isVersion11 { throw .host }
            return
        }
        guard !repeated.contains(KnownFieldSet(.host)), HostName.isValid(bytes, value) else { throw .host }
        if targetForm == .origin || targetForm == .asterisk { host = value }
    }
}
