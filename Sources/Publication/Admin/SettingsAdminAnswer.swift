package import HTTPTypes

/// What the admin interface answers, for whoever writes it to the network.
package struct SettingsAdminAnswer: Sendable {
    package var status: HTTPResponse.Status
    /// Of the body; also `cache-control: no-store` belongs on every answer.
    package var mediaType: String
    package var body: [UInt8]
    /// The methods that the path takes, for the field `Allow` of a 405; else `nil`.
    package var allow: String?

    init(_ status: HTTPResponse.Status, mediaType: String = "application/json", body: [UInt8], allow: String? = nil) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
        self.allow = allow
    }
}
