package import HTTPTypes

/// What browsers want to see before pages of other origins may ask for settings (WHATWG Fetch §3.2).
///
/// Keys of clients are public, and no cookie counts here, so every origin may ask.
package enum CrossOrigin {
    /// Fields that a page may read.
    static let exposed =
        "ETag, Retry-After, Vitrine-State, Vitrine-Delta, Vitrine-Settings, X-SSE-Support, Content-Encoding"
    static let allowed =
        "Content-Type, X-API-Key, Authorization, If-None-Match, Vitrine-State, Cache-Control, Last-Event-ID, "
        + "traceparent"

    /// Adds what every answer carries.
    package static func mark(_ fields: inout HTTPFields) {
        fields[.accessControlAllowOrigin] = "*"
        fields[.accessControlExposeHeaders] = exposed
    }

    /// The answer to a preflight (an OPTIONS request).
    package static func preflight(_ request: HTTPRequest, methods: String) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.accessControlAllowOrigin] = "*"
        fields[.accessControlAllowMethods] = methods + ", OPTIONS"
        let asked = request.headerFields[.accessControlRequestHeaders]
        fields[.accessControlAllowHeaders] = asked.flatMap { isListOfNames($0) ? $0 : nil } ?? allowed
        fields[.accessControlMaxAge] = "7200"
        fields[.vary] = "Access-Control-Request-Headers"
        fields[.allow] = methods + ", OPTIONS"
        return HTTPResponse(status: .noContent, headerFields: fields)
    }

    /// Whether the text is a list of field names and not too long to be repeated.
    private static func isListOfNames(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1_024
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ","),
                    UInt8(ascii: " "):
                    true
                default: false
                }
            }
    }
}
