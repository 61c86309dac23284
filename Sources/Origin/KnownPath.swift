import HTTPTypes

/// Which methods a path takes, for 405 with `Allow` instead of 404 (RFC 9110 section 15.5.6).
package enum KnownPath {
    /// `nil` where there is nothing, whatever the method.
    package static func methods(of path: String) -> String? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        switch segments.first {
        case "img", "info": return "GET, HEAD"
        case "health", "ready": return segments.count == 1 ? "GET, HEAD" : nil
        case "sign": return segments.count == 1 ? "POST" : nil
        case "originals":
            switch segments.count {
            case 1: return "GET, POST"
            case 2: return "GET, HEAD, DELETE"
            case 4: return segments[2] == "visibility" ? "PUT" : nil
            default: return nil
            }
        case nil: return "GET, HEAD"
        default: return nil
        }
    }
}
