import Glibc

/// How many files and connections this process may have open.
enum FileDescriptorLimit {
    /// The limit that a process may give itself.
    static var hard: Int {
        var limit = rlimit()
        // SAFETY: the call fills in the structure that it is given.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: limit.rlim_max)
    }

    /// Takes as much as the system lets us: connections are what a server is for.
    static func raise() {
        var limit = rlimit()
        // SAFETY: both calls read or fill in the structure that they are given.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // What cannot be raised stays as it was; `vitrine doctor` says what is too little.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
