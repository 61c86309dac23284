import DeliveryTypes
import NIOCore
import ObjectStorage

extension SettingsPublisher {
    /// The longest grace time of a rotated key: 400 days.
    package static let graceMillisecondsMax: Int64 = 400 * 86_400_000
    /// How often a rotation begins again because another one was faster.
    private static let attemptsMax = 8

    /// Makes a new key of a kind, in force at once; the others of the kind stay in force for the grace time.
    ///
    /// - Throws: `unknownApp` if nothing was published; `invalidRequest` for a grace time out of bounds, or if too many
    ///   keys are still in force; `damaged`, `storage` or `cancelled`.
    package func rotate(
        _ app: AppName,
        _ kind: KeyKind,
        graceMilliseconds: Int64,
        author: String
    ) async throws(PublicationError) -> FreshKey {
        try limits.check(author: author)
        guard (0...Self.graceMillisecondsMax).contains(graceMilliseconds) else {
            throw .invalidRequest("a grace time is 0 to 400 days")
        }
        guard try await archive.latestNumber(of: app) > 0 else { throw .unknownApp(app) }
        for _ in 0..<Self.attemptsMax {
            let old = try await archive.keys(of: app)
            let moment = now()
            let (fresh, stored) = newKey(kind, at: moment)
            var keys = (old?.keys ?? []).filter { $0.isValid(at: moment) }
            for index in keys.indices where keys[index].kind == kind {
                keys[index].expires = min(keys[index].expires ?? .max, moment + graceMilliseconds)
            }
            keys = [stored] + keys.filter { $0.isValid(at: moment) }
            guard keys.count <= limits.keysMax else {
                throw .invalidRequest("\(keys.count - 1) keys of \(app) are still in force; \(limits.keysMax) may be")
            }
            if try await append(keys, after: old, of: app, author: author, at: moment) {
                changed(app)
                return fresh
            }
        }
        throw .storage(.unavailable(retryable: true, cause: KeysAreContended()))
    }

    /// Makes the app's keys if it has none; else none.
    ///
    /// The release is published either way, so what fails is a warning.
    func firstKeys(of app: AppName, author: String) async -> (keys: [FreshKey], warning: PublicationIssue?) {
        do throws(PublicationError) {
            guard try await archive.keys(of: app) == nil else { return ([], nil) }
            let moment = now()
            let keys = KeyKind.allCases.map { newKey($0, at: moment) }
            let isFirst = try await append(keys.map(\.stored), after: nil, of: app, author: author, at: moment)
            // Otherwise another publisher made them, and tells them.
            return (isFirst ? keys.map(\.fresh) : [], nil)
        } catch {
            let warning = PublicationIssue(
                severity: .warning,
                message: "the release is published, but the app's keys could not be made (\(error)); the next publish "
                    + "makes them, or: vitrine settings keys --app \(app) --rotate client"
            )
            return ([], warning)
        }
    }

    private func newKey(_ kind: KeyKind, at moment: Int64) -> (fresh: FreshKey, stored: AppKey) {
        let text = kind.prefix + random(16).hexDigits
        let stored = AppKey(
            kind: kind,
            sha256: ContentDigest(of: Array(text.utf8)),
            hint: String(text.prefix(AppKey.hintLength)),
            created: moment,
            expires: nil
        )
        return (FreshKey(kind: kind, text: text), stored)
    }

    /// Whether the keys are the app's now; otherwise somebody else has changed them since `old`.
    private func append(
        _ keys: [AppKey],
        after old: KeysEntry?,
        of app: AppName,
        author: String,
        at moment: Int64
    ) async throws(PublicationError) -> Bool {
        let number = (old?.number ?? 0) + 1
        let entry = KeysEntry(number: number, keys: keys, author: author, changed: moment, nonce: nonce())
        let bytes = ByteBuffer(bytes: try entry.encoded())
        do throws(ObjectStoreError) {
            return try await SettingsKeys.keys(of: app, in: store).append(bytes, as: number) == .appended
        } catch {
            throw PublicationError(error)
        }
    }

    private struct KeysAreContended: Error, CustomStringConvertible {
        var description: String { "others keep changing the keys" }
    }
}
