/// Who asks an S3 service.
///
/// Printing it, reflecting on it or interpolating it shows the key's name only.
package struct S3Credentials: Sendable, Equatable {
    package let accessKey: String
    let secretKey: String
    /// Of temporary credentials; `nil` for lasting ones.
    let sessionToken: String?

    package init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; `nil` if one of the first two is
    /// missing or empty.
    package init?(environment: [String: String]) {
        guard let accessKey = environment["AWS_ACCESS_KEY_ID"], !accessKey.isEmpty,
            let secretKey = environment["AWS_SECRET_ACCESS_KEY"], !secretKey.isEmpty
        else { return nil }
        let token = environment["AWS_SESSION_TOKEN"] ?? ""
        self.init(accessKey: accessKey, secretKey: secretKey, sessionToken: token.isEmpty ? nil : token)
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "S3Credentials(\(accessKey), redacted)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey]) }
}
