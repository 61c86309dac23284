package import HTTPTypes

/// What may be done with a response and until when; computed once when it arrives.
///
/// All times are milliseconds since 1970 by this node's clock; 0 stands for "never". A hit is a comparison with
/// ``freshUntilMilliseconds``; everything else is precomputed. Whole seconds of `Date` and `Age` are respected, so a
/// response is never served as fresh after the time its origin gave.
package struct ResponsePolicy: Hashable, Sendable {
    package var storability: Storability
    package var flags: Flags
    /// When the response head had arrived.
    package var responseMilliseconds: Int64
    /// The corrected initial age (RFC 9111 section 4.2.3), in milliseconds.
    package var ageAtResponseMilliseconds: Int64
    /// The first moment it is stale; 0 if it is never fresh: `no-cache`, or no explicit freshness.
    package var freshUntilMilliseconds: Int64
    /// End of the time it may be served while it is validated (RFC 5861 section 3); 0 for never.
    package var staleWhileRevalidateUntilMilliseconds: Int64
    /// End of the time it may be served instead of an error (RFC 5861 section 4); 0 for never.
    package var staleIfErrorUntilMilliseconds: Int64
    /// End of the time it may be served when the upstream cannot be reached (RFC 9111 section 4.2.4); 0 for never.
    package var graceUntilMilliseconds: Int64

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Stale use is prohibited: `must-revalidate`, `proxy-revalidate`, `no-cache` or an applicable `s-maxage`.
        package static let prohibitsStale = Flags(rawValue: 1)
        /// Never fresh, though a lifetime may be given: `no-cache`.
        package static let noCache = Flags(rawValue: 2)
        /// A 2xx with `ETag` or `Last-Modified`.
        package static let canValidate = Flags(rawValue: 4)
        /// `max-age`, `s-maxage` or `Expires` was given.
        package static let isExplicit = Flags(rawValue: 8)
        /// Freshness is a guess from `Last-Modified`; only with ``CachingSettings/heuristicPercent``.
        package static let isHeuristic = Flags(rawValue: 16)
        package static let immutable = Flags(rawValue: 32)
        /// A 206: answers ranges only.
        package static let isPartial = Flags(rawValue: 64)
        /// A targeted field counted instead of `Cache-Control`.
        package static let isTargeted = Flags(rawValue: 128)
    }

    /// Decides for a response.
    ///
    /// `request` is the request as the client sent it; the times are when the request went out and when the response
    /// head had arrived, in milliseconds since 1970.
    package init(
        request: HTTPRequest,
        response: HTTPResponse,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64,
        settings: CachingSettings = CachingSettings()
    ) {
        let fields = response.headerFields
        let control = EffectiveControl(fields: fields, settings: settings)
        let directives = control.directives
        let date = HTTPDate(first: fields[values: .date], nowMilliseconds: responseMilliseconds)
        let dateSeconds = date?.secondsSince1970 ?? responseMilliseconds / 1_000
        let age = Self.initialAge(
            fields,
            dateSeconds: dateSeconds,
            requestMilliseconds: requestMilliseconds,
            responseMilliseconds: responseMilliseconds
        )
        self.responseMilliseconds = responseMilliseconds
        ageAtResponseMilliseconds = age
        flags = Self.flags(response, control)
        var lifetime = Self.explicitLifetime(fields, control, dateSeconds: dateSeconds, now: responseMilliseconds)
        if lifetime != nil { flags.insert(.isExplicit) }
        if lifetime == nil {
            lifetime = Self.heuristicLifetime(response, control, dateSeconds: dateSeconds, settings: settings)
            if lifetime != nil { flags.insert(.isHeuristic) }
        }
        let isNeverFresh = flags.contains(.noCache) || lifetime == nil
        let end = responseMilliseconds + (lifetime ?? 0) * 1_000 - age
        freshUntilMilliseconds = isNeverFresh ? 0 : max(end, 0)
        let windows = StaleWindows(flags: flags, directives: directives, lifetimeEnd: lifetime == nil ? nil : end)
        staleWhileRevalidateUntilMilliseconds = windows.whileRevalidate
        staleIfErrorUntilMilliseconds = windows.ifError
        graceUntilMilliseconds = windows.grace(settings.graceMilliseconds, from: max(end, responseMilliseconds))
        storability = .store
        let isUseful =
            freshUntilMilliseconds > responseMilliseconds || windows.whileRevalidate > responseMilliseconds
            || windows.ifError > responseMilliseconds || flags.contains(.canValidate)
        if let refusal = Self.refusal(request, response, directives, settings: settings) {
            storability = .no(refusal)
        } else if !isUseful || !Self.isPermitted(response, directives, flags) {
            storability = .no(.useless)
        }
    }

    /// A policy put together again, by a decoder.
    init(
        storability: Storability,
        flags: Flags,
        responseMilliseconds: Int64,
        ageAtResponseMilliseconds: Int64,
        freshUntilMilliseconds: Int64,
        staleWhileRevalidateUntilMilliseconds: Int64,
        staleIfErrorUntilMilliseconds: Int64,
        graceUntilMilliseconds: Int64
    ) {
        self.storability = storability
        self.flags = flags
        self.responseMilliseconds = responseMilliseconds
        self.ageAtResponseMilliseconds = ageAtResponseMilliseconds
        self.freshUntilMilliseconds = freshUntilMilliseconds
        self.staleWhileRevalidateUntilMilliseconds = staleWhileRevalidateUntilMilliseconds
        self.staleIfErrorUntilMilliseconds = staleIfErrorUntilMilliseconds
        self.graceUntilMilliseconds = graceUntilMilliseconds
    }
}
