package import HTTPTypes
package import Wire

/// How much is duplicated, and to whom.
package struct ShadowSettings: Sendable {
    /// The second endpoint.
    package var target: UpstreamTarget
    /// The share of requests that is duplicated, in [0, 1].
    package var share: Double
    /// Requests that wait, at most; one more is dropped.
    package var queueMax = 64
    /// Bytes of requests and live answers that wait or are compared, at most.
    package var bytesMax = 64 << 20
    /// Requests under way to the second endpoint at a time.
    package var concurrencyMax = 4
    /// How long one may take, from sending to the answer's last byte.
    package var patience = Duration.seconds(5)
    /// An answer of the second endpoint is read up to here, bytes.
    package var answerBytesMax = 16 << 20
    /// Names of settings that differ which are counted one by one; the others are counted together.
    package var namesMax = 200
    /// The request fields that are passed on; all others, keys and cookies too, stay here unless they are added.
    package var fields: [HTTPField.Name] = [.accept, .acceptLanguage, .contentType, .userAgent]

    /// - Precondition: `share` is in [0, 1].
    package init(target: UpstreamTarget, share: Double) {
        precondition((0...1).contains(share), "a share is in [0, 1]")
        self.target = target
        self.share = share
    }
}
