import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import ObjectStorage
import Originals
import Rendering

/// Finds the bytes behind a source reference and checks who may have them.
struct SourceLoader: Sendable {
    struct Loaded: Sendable {
        var bytes: SharedBytes
        /// What a remote source said about itself; `nil` for originals.
        var facts: SourceFacts?
    }

    private let parts: OriginParts

    init(_ parts: OriginParts) { self.parts = parts }

    /// Checks that a source exists (as far as that is cheap) and may be delivered.
    ///
    /// `expires` is the expiry of the signed URL; a private original needs one.
    func resolve(_ reference: SourceReference, expires: Int64?) async throws -> SourceAccess {
        guard case .original(let id) = reference else {
            return SourceAccess(reference: reference, original: nil, tenant: TenantID("sources"))
        }
        let original = try await parts.originals.find(id)
        if original.visibility == .private, expires == nil {
            throw ProblemDocument(
                "private-original",
                status: .forbidden,
                title: "A private original",
                detail: "Private originals are delivered only by signed URLs that expire; add exp:TIME and sign again."
            )
        }
        return SourceAccess(reference: reference, original: original, tenant: TenantID(original.owner ?? "public"))
    }

    func load(_ access: SourceAccess, limits: FetchLimits) async throws -> Loaded {
        if case .original(let id) = access.reference {
            guard access.original?.facts.bytes ?? 0 <= limits.bytesMax else {
                throw SourceError.tooLarge(limit: limits.bytesMax)
            }
            return Loaded(bytes: try await bytes(of: id), facts: nil)
        }
        let fetched = try await parts.fetcher.fetch(access.reference, limits: limits)
        return Loaded(bytes: fetched.bytes, facts: fetched.facts)
    }

    /// An original's bytes: its file where the store is a folder, else a copy in memory outside the heap.
    func bytes(of id: ContentDigest) async throws -> SharedBytes {
        if let path = try await parts.originals.localFile(id) { return try SharedBytes(openingFile: path) }
        let (original, object) = try await parts.originals.open(id)
        let writer = try SharedBytesWriter(limit: original.facts.bytes)
        for try await piece in object.body { try writer.append(piece) }
        return try writer.finish()
    }

    /// A text that changes whenever the bytes of any source do; `nil` when only fetching can tell.
    func identity(of access: SourceAccess, others: [SourceReference]) -> String? {
        var identity: [String] = []
        for reference in [access.reference] + others {
            guard case .original(let id) = reference else { return nil }
            identity.append(id.hex)
        }
        return identity.joined(separator: "+")
    }
}
