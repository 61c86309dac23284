import JSON

/// The features as an SDK with local evaluation wants them: rules included, so for server keys only.
///
/// What SDKs do not know is resolved: killed and unscheduled rules are left out, `x-` keys too. Templates of values
/// with placeholders stay as they are written. Making one reads the whole authored text, some hundred milliseconds for
/// 10 MB: keep it, and keep `body` until `validUntil`.
package struct SDKPayload: Sendable {
    private let document: FeaturesDocument

    /// - Parameter source: the record of the authored text.
    /// - Throws: `ReleaseError.damaged` when it is not a JSON text.
    package init(source: SettingsRecord) throws(ReleaseError) {
        do throws(JSONError) {
            document = FeaturesDocument(authored: try JSONParser().value(from: source.bytes))
        } catch {
            throw .damaged(.source, error.description)
        }
    }

    /// `{"status":200,"features":{…},"experiments":[],"savedGroups":{…}}`, numbers in authored spelling.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: a JSON text.
    package func body(at now: Int64) -> [UInt8] {
        var features = JSONObject()
        features.reserveCapacity(document.features.count)
        for feature in document.features { features[feature.key] = Self.resolved(feature, now) }
        var root = JSONObject()
        root["status"] = .number(200)
        root["features"] = .object(features)
        root["experiments"] = .array([])
        root["savedGroups"] = .object(document.savedGroups)
        root["contextualBandits"] = document.root["contextualBandits"]
        var bytes: [UInt8] = []
        JSONWriter.authored(.object(root), into: &bytes)
        return bytes
    }

    /// When a schedule next changes what `body` gives, in milliseconds since 1970; `nil` for never.
    package func validUntil(from now: Int64) -> Int64? {
        document.features.flatMap { feature in
            ([feature.schedule] + feature.rules.map(\.schedule)).compactMap { $0?.nextChange(after: now) }
        }.min()
    }

    private static func resolved(_ feature: AuthoredFeature, _ now: Int64) -> JSONValue {
        guard case .object(var source) = feature.source else { return feature.source }
        removeOwn(&source)
        if feature.isKilled || feature.schedule?.contains(now) == false {
            source["rules"] = nil
        } else if case .array(let rules) = source["rules"] {
            source["rules"] = .array(
                zip(rules, feature.rules).compactMap { rule, authored in
                    if authored.isKilled || authored.schedule?.contains(now) == false { return nil }
                    guard case .object(var object) = rule else { return rule }
                    removeOwn(&object)
                    return .object(object)
                }
            )
        }
        return .object(source)
    }

    private static func removeOwn(_ object: inout JSONObject) {
        for member in object.members where member.key.text.hasPrefix("x-") { object[member.key] = nil }
    }
}
