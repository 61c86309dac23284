/// What caches know of status codes.
enum StatusClass {
    /// Statuses that may be stored without explicit freshness (RFC 9110 section 15.1), to be validated before each use.
    static func isHeuristicallyCacheable(_ code: Int) -> Bool {
        [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501].contains(code)
    }

    /// Statuses whose caching rules are known, for `must-understand` (RFC 9111 section 5.2.2.3): those registered.
    static func isUnderstood(_ code: Int) -> Bool {
        switch code {
        case 200...206, 300...303, 305, 307, 308, 400...417, 421, 422, 425, 426, 428, 429, 431, 451, 500...505, 511:
            true
        default: false
        }
    }

    /// Final statuses that say something about the resource, whatever the request's range and preconditions: 304, 412
    /// and 416 speak of one request only.
    static func isStorable(_ code: Int) -> Bool {
        (200...599).contains(code) && code != 304 && code != 412 && code != 416
    }
}
