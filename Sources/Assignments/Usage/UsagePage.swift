/// Some events of a `LocalUsageLog`, in the order in which they were written.
package struct UsagePage: Sendable {
    package var events: [UsageEvent]
    /// Where to read on.
    ///
    /// Equal to where the reading began if there is nothing more for now.
    package var next: UsagePosition
    /// Lines that were damaged and are left out.
    package var damagedLines: Int
}
