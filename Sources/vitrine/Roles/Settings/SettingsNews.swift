import Logging
import Publication

/// What a node's feed of settings has to say, as log lines.
enum SettingsNews {
    static func log(to logger: Logger) -> @Sendable (FeedNews) -> Void {
        { news in
            switch news {
            case .lost(let source, let reason):
                logger.warning(
                    "settings: the origin is away; what was served last stays in force",
                    metadata: ["origin": "\(source)", "reason": "\(reason)"]
                )
            case .regained(let source, let milliseconds):
                var metadata: Logger.Metadata = ["origin": "\(source)"]
                if let milliseconds { metadata["awayMilliseconds"] = "\(milliseconds)" }
                logger.notice("settings: the origin is there again", metadata: metadata)
            case .cannotLoad(let app, let number, let reason):
                logger.error(
                    "settings: a release cannot be loaded; the one before it stays in force",
                    metadata: ["app": "\(app.text)", "number": "\(number)", "reason": "\(reason)"]
                )
            case .loaded(let app, let number):
                logger.notice(
                    "settings: the release that could not be loaded is served now",
                    metadata: ["app": "\(app.text)", "number": "\(number)"]
                )
            }
        }
    }
}
