package import HTTPTypes

extension HTTPField.Name {
    /// A field name known to be valid at the time of writing.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }

    package static let acceptCH = known("Accept-CH")
    package static let clientWidth = known("Sec-CH-Width")
    package static let clientDPR = known("Sec-CH-DPR")
    package static let legacyDPR = known("DPR")
    package static let legacyWidth = known("Width")
    package static let contentDPR = known("Content-DPR")
    package static let saveData = known("Save-Data")
    package static let serverTiming = known("Server-Timing")
    package static let secFetchSite = known("Sec-Fetch-Site")
}
