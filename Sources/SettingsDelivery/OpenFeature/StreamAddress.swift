package import HTTPTypes
import JSON

/// Where a provider finds the event stream: a whole URL, or only its path where the node does not know its address.
package struct StreamAddress: Equatable, Sendable {
    /// Scheme and authority, such as `https://settings.example.com`; `nil` when unknown.
    package let origin: String?
    package let path: String

    package init(origin: String?, path: String) {
        self.origin = origin
        self.path = path
    }

    /// The address for the one who sent `request`.
    ///
    /// `publicOrigin`: The address under which the node is known; without it, the one the request was sent to.
    package init(channel: String, publicOrigin: String?, request: HTTPRequest) {
        let path = "/ofrep/v1/events/" + channel
        if let publicOrigin {
            self.init(origin: publicOrigin, path: path)
        } else if let authority = request.authority, Self.isAuthority(authority) {
            let isSecure = request.headerFields[.xForwardedProto]?.lowercased() == "https"
            self.init(origin: (isSecure ? "https" : request.scheme ?? "http") + "://" + authority, path: path)
        } else {
            self.init(origin: nil, path: path)
        }
    }

    /// Writes the member `url` or `endpoint`, of which exactly one may be there.
    package func write(into bytes: inout [UInt8]) {
        if let origin {
            bytes.append(contentsOf: #""url":"#.utf8)
            JSONWriter.string(ExactString(origin + path), into: &bytes)
        } else {
            bytes.append(contentsOf: #""endpoint":{"requestUri":"#.utf8)
            JSONWriter.string(ExactString(path), into: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}
