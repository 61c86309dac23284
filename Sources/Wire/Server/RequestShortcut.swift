/// Answers requests right where they are parsed: on the event loop, without a task, a string or an allocation.
///
/// One lives on each event loop and is used from that loop only. It is asked for each request that has no body, when
/// its turn has come (nothing overtakes an earlier response on the same connection).
package protocol RequestShortcut: AnyObject {
    /// Answers a request, or leaves it to the `RequestHandler`.
    ///
    /// To answer, write the head and the body with `connection.write(_:)` and return `true`. The head must say
    /// `Connection: close` or `keep-alive` as `connection.persistence` asks; after `.close` the server closes. To leave
    /// it, write nothing and return `false`. Neither `head` nor `bytes` may be kept.
    ///
    /// `bytes` begin with the request head; all ranges in `head` are offsets into them.
    func answer(_ head: RequestHead, bytes: Span<UInt8>, on connection: ServerConnection) -> Bool
}
