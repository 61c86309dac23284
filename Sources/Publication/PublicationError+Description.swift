extension PublicationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidRequest(let text): return text
        case .invalidDocument(let issues):
            let errors = issues.filter { $0.severity == .error }
            let first = errors.first.map { ", the first being: " + $0.text } ?? ""
            return "the features file has \(errors.count) error\(errors.count == 1 ? "" : "s"); nothing was published"
                + first
        case .conflict(let app, let expected, let latest):
            guard let latest else {
                return "nothing is published for \(app), but number \(expected) was expected; nothing was changed"
            }
            return "number \(latest.number) of \(app), by \(latest.author), is in force and not \(expected); nothing "
                + "was changed: look at the difference and publish again"
        case .unknownApp(let app): return "nothing was ever published for \(app)"
        case .unknownNumber(let app, let number): return "\(app) has no number \(number)"
        case .gone(let app, let number):
            return "the records of number \(number) of \(app) were swept; publish its features file again"
        case .damaged(let name, let reason): return "\(name) is damaged: \(reason)"
        case .storage(let error):
            return "the store failed: \(error); if this was a publish, look at the log before you repeat it"
        case .unreachable(let text): return text
        case .cancelled: return "the request was cancelled; if this was a publish, it may have happened"
        }
    }
}
