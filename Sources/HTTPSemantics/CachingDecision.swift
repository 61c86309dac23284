/// What a shared cache does with a request, given what it has stored.
///
/// This module is the one place that knows HTTP's rules: RFC 9110 (semantics), 9111 (caching), 9112 §2–6 (messages, as
/// far as they are pure), 9213 (targeted cache control), 5861 (stale responses), 8246 (immutable), 8586 (loops) and
/// 9211 (`Cache-Status`). It holds no clock, does no I/O and never traps on what came from the network: times are
/// milliseconds since 1970 and passed in. A ``ResponsePolicy`` is computed once when a response arrives, so that a hit
/// compares one integer.
package enum CachingDecision: Hashable, Sendable {
    /// Answer from the store.
    case serve
    /// Answer from the store although it is stale, and validate in the background (RFC 5861 section 3).
    case serveAndRevalidate
    /// Ask upstream whether the stored response is still good, by ``ConditionalFetch``.
    case validate(ForwardReason)
    /// Ask upstream for a response.
    case forward(ForwardReason)
    /// 504: `only-if-cached`, and nothing stored will do (RFC 9111 section 5.2.1.7).
    case gatewayTimeout
}
