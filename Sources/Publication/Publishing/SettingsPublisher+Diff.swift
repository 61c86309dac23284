import DeliveryTypes
import JSON

extension SettingsPublisher {
    /// What changed from one number of the app to another; `from` 0 stands for nothing at all.
    ///
    /// - Throws: `unknownNumber`; `gone` if one of the features files was swept; `damaged`, `storage` or `cancelled`.
    package func diff(
        of app: AppName,
        from old: Int,
        to new: Int
    ) async throws(PublicationError) -> SettingsDiff {
        let before = old == 0 ? nil : try await source(old, of: app)
        let after = try await source(new, of: app)
        guard let diff = await Self.compared(before, after) else {
            throw .damaged("number \(old) or \(new) of \(app)", reason: "its features file is no JSON object")
        }
        return diff
    }

    /// The features file of a number, as it was published.
    ///
    /// - Throws: `unknownNumber`; `gone` if it was swept; `damaged`, `storage` or `cancelled`.
    package func source(_ number: Int, of app: AppName) async throws(PublicationError) -> [UInt8] {
        let entry = try await archive.entry(number, of: app)
        guard let features = try await features(of: entry) else { throw .gone(app, number) }
        return features
    }

    /// `nil` if it was swept.
    func features(of entry: PublishedEntry) async throws(PublicationError) -> [UInt8]? {
        guard let named = try await references(of: entry.manifest) else { return nil }
        return try await archive.record(named.source)
    }

    /// What the features file would change; `nil` if the old one is gone or damaged: that keeps nobody from
    /// publishing.
    func diff(
        from base: PublishedEntry?,
        to features: [UInt8]
    ) async throws(PublicationError) -> SettingsDiff? {
        guard let base else { return await Self.compared(nil, features) }
        do throws(PublicationError) {
            guard let old = try await self.features(of: base) else { return nil }
            return await Self.compared(old, features)
        } catch .damaged {
            return nil
        } catch {
            throw error
        }
    }

    /// `nil` if one of them is no JSON object.
    @concurrent
    private static func compared(_ old: [UInt8]?, _ new: [UInt8]) async -> SettingsDiff? {
        let parser = JSONParser()
        do throws(JSONError) {
            let before = try old.map { (bytes: [UInt8]) throws(JSONError) in try parser.value(from: bytes) }
            let after = try parser.value(from: new)
            return SettingsDiff(from: before ?? .object(JSONObject()), to: after)
        } catch {
            return nil
        }
    }
}
