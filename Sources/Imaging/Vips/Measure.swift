import CVips

/// What a job costs.
enum Measure {
    /// CPU time of the process so far, libvips's threads included.
    static var cpuMicroseconds: Int { Int(vt_cpu_microseconds()) }

    /// libvips's objects that are alive; the same after every job.
    static var liveObjects: Int { Int(vt_live_objects()) }

    /// Bytes of pixels that libvips holds; 0 after every job.
    static var heldBytes: Int { vt_held_bytes() }
}
