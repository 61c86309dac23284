package import Hummingbird
package import Logging

/// What one request carries through the origin's routes.
package struct OriginContext: RequestContext {
    /// What a context is made from.
    package struct Source: RequestContextSource {
        package let logger: Logger

        package init(logger: Logger) { self.logger = logger }
    }

    package var coreContext: CoreRequestContextStorage

    package init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
