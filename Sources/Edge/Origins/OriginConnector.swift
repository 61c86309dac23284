package import HTTPTypes

/// Where the edge gets what it does not have: an upstream over the network, or the origin role in this process.
package protocol OriginConnector: Sendable {
    /// Sends a request and hands the answer to `sink`; returns after the answer's end.
    ///
    /// - Throws: what went wrong before or in the middle of the answer; `sink` has then not seen an end.
    func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure)
}
