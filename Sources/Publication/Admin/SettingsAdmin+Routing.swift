import HTTPTypes

extension SettingsAdmin {
    enum Place {
        case apps
        case sweep
        case app(AppName)
        case rollback(AppName)
        case log(AppName)
        case entry(AppName, Int)
        case diff(AppName)
        /// `nil` for the number in force.
        case source(AppName, Int?)
        case keys(AppName)
        case rotate(AppName)
    }

    struct Route {
        var place: Place
        var methods: [HTTPRequest.Method]
        /// Names that the query may have.
        var parameters: Set<String> = []
    }

    /// `nil` for a path that is not of this interface.
    ///
    /// - Throws: `invalidRequest` for what cannot be an app's name or a number.
    static func route(_ segments: [String]) throws(PublicationError) -> Route? {
        guard let first = segments.first else { return Route(place: .apps, methods: [.get]) }
        if first == "sweep" {
            guard segments.count == 1 else { return nil }
            return Route(place: .sweep, methods: [.post], parameters: ["grace", "keep", "dry-run", "author"])
        }
        guard let app = AppName(first) else {
            throw .invalidRequest(
                "the name of an app has 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a-z or 0-9"
            )
        }
        let publishing: Set<String> = ["dry-run", "expect", "comment", "author"]
        switch segments.dropFirst().joined(separator: "/") {
        case "":
            return Route(place: .app(app), methods: [.get, .post, .put], parameters: publishing)
        case "rollback":
            return Route(place: .rollback(app), methods: [.post], parameters: publishing.union(["to"]))
        case "log": return Route(place: .log(app), methods: [.get], parameters: ["before", "limit"])
        case "diff": return Route(place: .diff(app), methods: [.get], parameters: ["from", "to"])
        case "source": return Route(place: .source(app, nil), methods: [.get])
        case "keys": return Route(place: .keys(app), methods: [.get])
        case "keys/rotate":
            return Route(place: .rotate(app), methods: [.post], parameters: ["kind", "grace", "author"])
        default:
            guard segments.count == 3, segments[1] == "log" || segments[1] == "source" else { return nil }
            guard let number = Int(segments[2]), number > 0 else {
                throw .invalidRequest("a number of a log is a whole number from 1")
            }
            let place = segments[1] == "log" ? Place.entry(app, number) : Place.source(app, number)
            return Route(place: place, methods: [.get])
        }
    }
}
