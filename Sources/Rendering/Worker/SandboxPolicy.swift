/// What a worker gives up, and when.
package struct SandboxPolicy: Codable, Equatable, Sendable {
    package struct Identity: Codable, Equatable, Sendable {
        package var user: UInt32
        package var group: UInt32

        package init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }

        /// Debian's `nobody` and `nogroup`.
        package static let nobody = Identity(user: 65_534, group: 65_534)
    }

    /// Who a worker becomes if it was started by root; `nil` stays root.
    package var identity: Identity? = .nobody
    /// What else can be read while libraries, modules and fonts are loaded; threads started meanwhile keep this right.
    package var readableWhilePreparing = [
        "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
        "/sys/devices/system/cpu", "/dev/null", "/dev/urandom",
    ]
    /// What can be read afterwards: fonts and fontconfig's files.
    package var readable = [
        "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig",
    ]
    /// Bytes of private writable memory.
    package var memoryMax = 1 << 30
    package var openFilesMax = 128
    package var usesLandlock = true
    package var usesSeccomp = true
    /// Refuse to work unless everything above took effect.
    package var isRequired = false

    package init() {}
}
