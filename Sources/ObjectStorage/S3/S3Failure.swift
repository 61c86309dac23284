/// An answer of an S3 service that is no success, or none at all.
package struct S3Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// `nil` if there was no answer.
    package let status: Int?
    /// S3's own, such as `NoSuchKey`; empty if there was none.
    package let code: String
    /// For the operator's log: what the service said, cut off, or what broke.
    package let message: String
    /// Whether the request, if it changes something, may have done so all the same.
    let isAmbiguous: Bool
    let isRetryable: Bool

    static let messageMax = 500

    /// An answer with an error document, or with something else.
    init(status: Int, body: [UInt8]) {
        let document = S3Document.failure(body)
        self.status = status
        code = document?.code ?? ""
        message = String((document?.message ?? "").prefix(Self.messageMax))
        isAmbiguous = status >= 500
        isRetryable = S3RetryPlan.isRetryable(status: status, code: document?.code ?? "")
    }

    /// No proper answer; the request may have arrived.
    init(noAnswer message: String, isRetryable: Bool = true) {
        status = nil
        code = ""
        self.message = message
        isAmbiguous = true
        self.isRetryable = isRetryable
    }

    package var description: String {
        let what = [status.map { "status \($0)" }, code.isEmpty ? nil : code, message.isEmpty ? nil : message]
        return "S3: " + what.compactMap(\.self).joined(separator: ", ")
    }

    /// What a caller is told who asked for `key`.
    func storeError(for key: ObjectKey?) -> ObjectStoreError {
        switch (status, code) {
        case (404?, "NoSuchBucket"), (404?, "NoSuchUpload"): .unavailable(retryable: false, cause: self)
        case (404?, _): key.map { .notFound($0) } ?? .unavailable(retryable: false, cause: self)
        case (401?, _), (403?, _): .accessDenied(cause: self)
        case (507?, _), (_, "QuotaExceeded"): .full(cause: self)
        default: .unavailable(retryable: isRetryable, cause: self)
        }
    }
}
