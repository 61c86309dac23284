package import Wire

/// A request's content on its way from the viewer to the origin.
package struct ForwardedBody: Sendable {
    package let content: RequestBody
    /// Bytes in all; `nil` when only its end tells.
    package let length: Int64?

    /// `nil` for a request without content.
    package init?(_ exchange: Exchange) {
        guard !exchange.hasNoBody else { return nil }
        content = exchange.body
        if case .length(let bytes) = exchange.framing { length = bytes } else { length = nil }
    }
}
