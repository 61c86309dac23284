import HTTPTypes

/// The head of one response, with what it says about its body and its connection.
struct ResponseHead: Sendable {
    /// Content-Length stands in it at most once.
    let response: HTTPResponse
    let framing: BodyFraming
    /// Whether the connection may be used again after the message.
    let keepsAlive: Bool
    /// For how long the upstream says it keeps an idle connection (`Keep-Alive: timeout=`), in seconds; a hint only.
    let idleSeconds: Int64?

    /// Reads a head that a scan has found complete.
    init(_ bytes: Span<UInt8>, _ scanner: HeadScanner, isToHead: Bool) throws(MessageFault) {
        let (isVersion11, status) = try Self.statusLine(bytes, scanner.startLine)
        var fields = HTTPFields()
        fields.reserveCapacity(scanner.fields.count)
        var stated = MessageFraming()
        var lengthFields = 0
        var saysClose = false
        var saysKeepAlive = false
        var idleSeconds: Int64?
        for line in scanner.fields {
            guard let field = HTTPField(bytes, line: line) else { throw .fieldName }
            switch field.name {
            case .contentLength:
                try stated.addContentLength(bytes, line.value)
                lengthFields += 1
            case .transferEncoding:
                try stated.addTransferEncoding(bytes, line.value)
            case .connection:
                var position = line.value.lowerBound
                while let option = bytes.nextListElement(from: &position, to: line.value.upperBound) {
                    saysClose = saysClose || bytes.matches("close", in: option)
                    saysKeepAlive = saysKeepAlive || bytes.matches("keep-alive", in: option)
                }
            case Self.keepAlive:
                idleSeconds = Self.timeout(in: field.value)
            default: break
            }
            fields.append(field)
        }
        framing = try stated.ofResponse(status: status.code, isToHead: isToHead, isVersion11: isVersion11)
        // 1xx and 204 have no body whatever they say; one that says something may be followed by bytes that are none.
        let isDoubtful = (status.code < 200 || status.code == 204) && !stated.isSilent && stated.statedLength != 0
        keepsAlive = framing != .untilClose && !saysClose && (isVersion11 || saysKeepAlive) && !isDoubtful
        if lengthFields > 0, let length = stated.statedLength { fields[.contentLength] = String(length) }
        self.idleSeconds = idleSeconds
        response = HTTPResponse(status: status, headerFields: fields)
    }

    private static func isProtocol(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        var index = start
        for letter in "HTTP/".utf8 {
            if bytes[index] != letter { return false }
            index += 1
        }
        return true
    }

    private static let keepAlive = HTTPField.Name("Keep-Alive")

    /// The number of `timeout=5, max=100`; `nil` without one.
    private static func timeout(in value: String) -> Int64? {
        for element in value.split(separator: ",") {
            let parameter = element.drop { $0 == " " || $0 == "\t" }
            guard parameter.lowercased().hasPrefix("timeout=") else { continue }
            let digits = parameter.dropFirst(8).prefix { $0.isASCII && $0.isNumber }
            return Int64(digits.prefix(9))
        }
        return nil
    }

    private static func statusLine(
        _ bytes: Span<UInt8>,
        _ line: Range<Int>
    ) throws(MessageFault) -> (isVersion11: Bool, HTTPResponse.Status) {
        let start = line.lowerBound
        guard line.count >= 12, isProtocol(bytes, at: start), Octet.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), Octet.isDigit(bytes[start + 7]), bytes[start + 8] == Octet.space
        else { throw .startLine }
        let minor = bytes[start + 7]
        guard bytes[start + 5] == UInt8(ascii: "1"), minor == UInt8(ascii: "0") || minor == UInt8(ascii: "1") else {
            throw .version
        }
        var code = 0
        for index in (start + 9)..<(start + 12) {
            guard Octet.isDigit(bytes[index]) else { throw .startLine }
            code = code * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        guard code >= 100 else { throw .startLine }
        var reason = ""
        if line.count > 12 {
            let text = (start + 13)..<line.upperBound
            guard bytes[start + 12] == Octet.space, bytes.isFieldValue(text) else { throw .startLine }
            reason = bytes.text(text)
        }
        return (minor == UInt8(ascii: "1"), HTTPResponse.Status(code: code, reasonPhrase: reason))
    }
}
