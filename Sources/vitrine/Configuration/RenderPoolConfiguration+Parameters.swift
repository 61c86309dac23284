import Rendering

extension RenderPoolConfiguration {
    init(reading reader: inout ParameterReader) {
        self.init()
        let wanted = reader.integer("workers")
        if wanted > 0 { workerCount = wanted }
        queueMax = reader.integer("queue")
        waitLimit = reader.duration("queue-deadline")
        executionLimit = reader.duration("render-deadline")
        jobsPerWorker = reader.integer("worker-jobs")
        sandbox.memoryMax = reader.bytes("worker-memory")
    }
}
