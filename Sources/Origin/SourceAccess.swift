import DeliveryTypes
import Originals

/// A source that this request may use: found, and allowed to be delivered.
struct SourceAccess: Sendable {
    var reference: SourceReference
    /// The record of a stored original; `nil` for other sources.
    var original: Original?
    /// Whose work it is, for fairness between tenants.
    var tenant: TenantID

    /// Whether answers must not be kept by shared caches.
    var isPrivate: Bool { original?.visibility == .private }
}

extension Original {
    /// The uploaded file's name without its extension, for the names of renditions.
    var stem: String? {
        guard let filename, let dot = filename.lastIndex(of: "."), dot != filename.startIndex else { return filename }
        return String(filename[..<dot])
    }
}
