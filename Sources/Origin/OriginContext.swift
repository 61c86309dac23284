package import Hummingbird
import Logging
package import NIOCore

/// What one request carries through the origin's routes.
package struct OriginContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection, for its addresses.
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
