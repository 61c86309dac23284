import Logging

/// The metadata of one event, the nearest source winning: the event's own, then the provider's, then the logger's.
struct LogFields {
    private(set) var merged: Logger.Metadata

    init(handler: Logger.Metadata, provider: Logger.MetadataProvider?, event: Logger.Metadata?) {
        merged = handler
        if let provided = provider?.get(), !provided.isEmpty {
            merged.merge(provided) { _, nearer in nearer }
        }
        if let event, !event.isEmpty {
            merged.merge(event) { _, nearer in nearer }
        }
    }

    /// Takes out an entry that the line shows in a place of its own.
    mutating func take(_ key: String) -> String? {
        merged.removeValue(forKey: key)?.description
    }
}
