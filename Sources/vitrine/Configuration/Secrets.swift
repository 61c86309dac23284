import FoundationEssentials
import Glibc

/// Keys, salts and tokens that the server made for itself because none were configured.
///
/// They live in `DATA/secrets.json`, readable by the owner only, so that a first start is safe without any set-up and
/// `vitrine url` on the same machine signs with the same key.
struct Secrets: Codable, Sendable {
    /// Hex, 32 random bytes each; the first pair signs.
    var keys: [String]
    var salts: [String]
    /// Bearer tokens.
    var tokens: [String]

    /// Reads the file, or creates it with fresh secrets.
    ///
    /// - Throws: `ConfigurationError` when the file can be neither read nor created.
    static func loadOrCreate(folder: String) throws(ConfigurationError) -> Secrets {
        let path = folder + "/secrets.json"
        if let found = try load(path: path) { return found }
        let fresh = Secrets(keys: [randomHex()], salts: [randomHex()], tokens: [randomHex()])
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let temporary = path + ".\(getpid())"
            guard
                FileManager.default.createFile(
                    atPath: temporary,
                    contents: try encoder.encode(fresh),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw ConfigurationError(problems: ["cannot write \(temporary)"]) }
            // SAFETY: both strings live for the duration of the call, which keeps no pointer.
            let linked = unsafe link(temporary, path)
            let reason = errno
            // SAFETY: as above.
            _ = unsafe unlink(temporary)
            if linked != 0, reason != EEXIST {
                throw ConfigurationError(problems: ["cannot create \(path): errno \(reason)"])
            }
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(problems: ["cannot create \(path): \(error)"])
        }
        guard let secrets = try load(path: path) else { throw ConfigurationError(problems: ["cannot read \(path)"]) }
        return secrets
    }

    /// - Returns: `nil` when there is no such file.
    static func load(path: String) throws(ConfigurationError) -> Secrets? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(Secrets.self, from: data)
        } catch {
            throw ConfigurationError(problems: ["\(path) is not a secrets file; move it away to have a new one made"])
        }
    }

    private static func randomHex() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in
            let byte = UInt8.random(in: 0...255, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
