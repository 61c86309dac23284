/// What became of an upload.
package struct IngestOutcome: Hashable, Sendable {
    /// What the upload said otherwise than the record that was there first.
    package enum Difference: String, Hashable, Sendable {
        case owner
        case visibility
        case filename
    }

    /// The record that stands: the first uploader's.
    ///
    /// It may be another owner's and private, so show a later uploader no more of it than the facts of the bytes.
    package var original: Original
    /// Whether the same bytes were stored already.
    package var existed: Bool
    /// Empty unless `existed`.
    ///
    /// Nothing of what differs was taken over: the same bytes sent by another never make a
    /// private original public, nor a public one private, nor change who is paid.
    package var differences: Set<Difference>

    init(original: Original, existed: Bool, attributes: IngestAttributes) {
        self.original = original
        self.existed = existed
        differences = []
        guard existed else { return }
        if attributes.owner != original.owner { differences.insert(.owner) }
        if attributes.visibility != original.visibility { differences.insert(.visibility) }
        if let filename = attributes.filename, filename != original.filename { differences.insert(.filename) }
    }
}
