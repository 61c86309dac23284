package import DeliveryTypes
package import ObjectStorage

/// Where publication keeps its objects.
///
///     settings/apps/APP/log/00000000000000000001.json    the pointer log: PublishedEntry
///     settings/apps/APP/keys/00000000000000000001.json   the key log: KeysEntry
///     settings/records/AA/AABB…                          records and manifests, by content hash
package enum SettingsKeys {
    package static let records = prefix("settings/records/")
    package static let apps = prefix("settings/apps/")

    /// Where the record with the digest is.
    package static func record(_ digest: ContentDigest) -> ObjectKey {
        let hex = digest.hex
        return key("\(records.text)\(hex.prefix(2))/\(hex)")
    }

    /// The digest in a record's key; `nil` if it is no record's key.
    package static func digest(ofRecord key: ObjectKey) -> ContentDigest? {
        guard let digest = ContentDigest(hex: key.name), record(digest) == key else { return nil }
        return digest
    }

    package static func log(of app: AppName, in store: any ObjectStore) -> NumberedLog {
        NumberedLog(store: store, folder: prefix("\(apps.text)\(app)/log/"))
    }

    package static func keys(of app: AppName, in store: any ObjectStore) -> NumberedLog {
        NumberedLog(store: store, folder: prefix("\(apps.text)\(app)/keys/"))
    }

    /// The app of a key below `apps`; `nil` for anything else.
    package static func app(of key: ObjectKey) -> AppName? {
        let segments = key.segments
        guard segments.count == 5, segments[0] == "settings", segments[1] == "apps" else { return nil }
        return AppName(segments[2])
    }

    /// The greatest key that any object of the app can have, to list on behind it.
    package static func end(of app: AppName) -> ObjectKey { key("\(apps.text)\(app)/~") }

    private static func key(_ text: String) -> ObjectKey {
        do {
            return try ObjectKey(text)
        } catch {
            // Names of apps and hexadecimal digits break no rule of keys.
            preconditionFailure("\(error)")
        }
    }

    private static func prefix(_ text: String) -> ObjectPrefix {
        do {
            return try ObjectPrefix(text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
