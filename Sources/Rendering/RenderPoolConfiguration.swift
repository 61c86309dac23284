import CProcess

/// How many workers there are, what they may use and how long things may take.
package struct RenderPoolConfiguration: Sendable {
    /// How a worker process is started.
    package struct Command: Sendable {
        package var executable = "/proc/self/exe"
        package var arguments = ["render-worker"]
        /// The worker's whole environment, except that `LD_LIBRARY_PATH` is handed on.
        package var environment = Command.standardEnvironment

        package init() {}

        /// What every worker gets.
        ///
        /// Heap in one arena (half the memory at no cost), one libvips thread per operation, no temporary files of
        /// libvips, no crash reports by the Swift runtime (they would start a program). Which loaders may run is the
        /// program's own affair: `VIPS_BLOCK_UNTRUSTED` would block JPEG XL output too.
        package static let standardEnvironment = [
            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent",
            "MALLOC_ARENA_MAX": "1", "VIPS_CONCURRENCY": "1",
            "VIPS_DISC_THRESHOLD": "64g", "SWIFT_BACKTRACE": "enable=no", "OMP_NUM_THREADS": "1",
        ]
    }

    package var command = Command()
    /// Processes that work at the same time; by default one for each processor.
    package var workerCount = RenderPoolConfiguration.processors
    /// Jobs that may wait for a worker.
    package var queueMax = 64
    /// How long a job waits for a worker unless it says otherwise.
    package var waitLimit: Duration = .seconds(20)
    /// How long one job may keep a worker; then the worker is killed.
    package var executionLimit: Duration = .seconds(30)
    /// How long a worker may take to get ready.
    package var startLimit: Duration = .seconds(30)
    /// A worker is replaced after so many jobs.
    package var jobsPerWorker = 2_000
    /// A worker that keeps more private memory than this after a job is replaced, bytes.
    package var residentBytesMax = 128 << 20
    /// Whether a job whose worker died is tried once more.
    package var retriesCrashes = true
    /// Largest encoded result, bytes.
    package var resultBytesMax = 128 << 20
    /// How long `run` lets jobs end after a graceful shutdown began.
    package var drainLimit: Duration = .seconds(20)
    package var sandbox = SandboxPolicy()

    package init() {}

    /// The processors that this process may use.
    package static var processors: Int { max(1, Int(cprocess_processors())) }

    var machineSettings: PoolMachine.Settings {
        var settings = PoolMachine.Settings()
        settings.workers = max(1, workerCount)
        settings.queueMax = max(0, queueMax)
        settings.executionLimit = executionLimit
        settings.startLimit = startLimit
        settings.jobsPerWorker = max(1, jobsPerWorker)
        settings.residentMax = residentBytesMax
        settings.retriesMax = retriesCrashes ? 1 : 0
        return settings
    }
}
