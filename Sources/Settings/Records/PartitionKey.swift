package import JSON

/// The part of an audience that a specialised metadata record is for.
///
/// `nil` means any: the record holds for every value of that attribute.
package struct PartitionKey: Hashable, Sendable {
    /// The value of the attribute `platform`.
    package let platform: ExactString?
    /// The value of the attribute `country`.
    package let country: ExactString?

    package init(platform: ExactString?, country: ExactString?) {
        self.platform = platform
        self.country = country
    }
}
