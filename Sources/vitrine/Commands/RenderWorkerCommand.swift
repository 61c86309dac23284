import ArgumentParser
import DeliveryTypes
import Imaging
import Rendering

/// `vitrine render-worker`, the sandboxed process that decodes pictures: started by the server, not by people.
struct RenderWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render-worker",
        abstract: "Decode pictures for a server (started by it).",
        shouldDisplay: false
    )

    func run() throws {
        // SAFETY: the worker hands over buffers that are valid during the call, which is what the engine asks for.
        unsafe RenderWorker.main(
            perform: { (job, sources) throws(RenderFailure) in try unsafe ImagingEngine.perform(job, sources: sources)
            },
            prepare: { try ImagingEngine.start() }
        )
    }
}
