package import ObjectStorage
import Synchronization

/// Publishes settings: checks and compiles a features file, stores its records, and makes it the next number of the
/// app's pointer log.
///
/// **Promises.** The records are stored first and the number last, by put-if-absent: whatever is cut off leaves the
/// old number in force, whole. Of several publishers that began with the same number one wins and the others get
/// `conflict` with the winner's entry. What has errors changes nothing.
///
/// **Costs.** One compilation (CPU-bound, off the caller's executor) and about one round trip per record and three
/// more.
///
/// **May fail** with `PublicationError`. After `storage` the number may be there or come a moment later; publishing
/// again with the expected number tells.
package final class SettingsPublisher: Sendable {
    /// Checks and compiles the bytes of a features file.
    ///
    /// - Throws: `invalidDocument` with every error and warning.
    package typealias Compiling = @Sendable ([UInt8]) throws(PublicationError) -> CompiledRelease

    package let archive: SettingsArchive
    let compile: Compiling
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    /// Fills in random bytes for keys and nonces; must be unpredictable.
    let random: @Sendable (_ count: Int) -> [UInt8]
    /// Called after every change of an app: a new number, or new keys.
    let changed: @Sendable (AppName) -> Void
    let limits: PublicationLimits

    package init(
        store: any ObjectStore,
        compile: @escaping Compiling,
        limits: PublicationLimits = PublicationLimits(),
        now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (_ count: Int) -> [UInt8],
        changed: @escaping @Sendable (AppName) -> Void = { _ in }
    ) {
        archive = SettingsArchive(store: store)
        self.compile = compile
        self.limits = limits
        self.now = now
        self.random = random
        self.changed = changed
    }
}
