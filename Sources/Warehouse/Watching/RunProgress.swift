import FoundationEssentials
import HTTPSemantics
import JSON

/// What `progress.json` says: how far the run at work is, or how the last one ended.
package struct RunProgress: Equatable, Sendable {
    package enum Ending: String, Sendable {
        case succeeded
        case failed
        /// The process was killed: the file says that it is at work, and nobody has the run's lock.
        case interrupted
    }

    /// What the run does, such as `run`.
    package var verb: String
    /// The number of its process.
    package var process: Int32
    /// Milliseconds since 1970.
    package var started: Int64
    /// When this was written, in milliseconds since 1970.
    package var at: Int64
    package var step: UsageProgress
    /// `nil` while it is at work.
    package var ending: Ending?
    package var error: String?
    package var remedy: String?

    static let bytesMax = 64 << 10

    init(verb: String, process: Int32, started: Int64, at: Int64, step: UsageProgress) {
        self.verb = verb
        self.process = process
        self.started = started
        self.at = at
        self.step = step
    }

    /// `nil` for anything that no run has written.
    package init?(_ text: [UInt8]) {
        // Whatever is wrong with it, it is no progress.
        guard let value = try? JSONParser(limits: JSONLimits(bytesMax: Self.bytesMax)).value(from: text),
            let verb = value["verb"]?.string?.text,
            let process = value["process"]?.double.flatMap({ Int32(exactly: $0) }),
            let started = value["started"]?.double.flatMap({ Int64(exactly: $0) }),
            let at = value["at"]?.double.flatMap({ Int64(exactly: $0) }),
            case .progress(let step) = value["step"].map({ ProjectLine($0.stringified) })
        else { return nil }
        self.init(verb: ProjectLine.clean(verb), process: process, started: started, at: at, step: step)
        if let text = value["ending"]?.string?.text {
            guard let ending = Ending(rawValue: text) else { return nil }
            self.ending = ending
        }
        error = value["error"]?.string.map { ProjectLine.clean($0.text) }
        remedy = value["remedy"]?.string.map { ProjectLine.clean($0.text) }
    }

    /// What the file at `folders.progress` says; `nil` without one.
    ///
    /// Blocks. A file that says that a run is at work is only believed while somebody has the run's lock.
    package static func read(_ folders: UsageFolders) -> RunProgress? {
        guard let text = BoundedFile.read(folders.progress, bytesMax: bytesMax),
            var progress = RunProgress(text)
        else { return nil }
        // A lock that nobody may look at is taken for held: the file is as good as it was.
        if progress.ending == nil, (try? FileLock.isHeld(folders.runLock)) == false {
            // It may have ended between the two looks.
            if let again = BoundedFile.read(folders.progress, bytesMax: bytesMax).flatMap({ RunProgress($0) }) {
                progress = again
            }
            if progress.ending == nil { progress.ending = .interrupted }
        }
        return progress
    }

    /// One JSON object.
    package var json: String {
        var members = [
            "\"version\":1", "\"verb\":" + JSONText.quoted(verb), "\"process\":\(process)", "\"started\":\(started)",
            "\"at\":\(at)", "\"step\":" + step.json,
        ]
        if let ending { members.append("\"ending\":\"\(ending.rawValue)\"") }
        if let error { members.append("\"error\":" + JSONText.quoted(error)) }
        if let remedy { members.append("\"remedy\":" + JSONText.quoted(remedy)) }
        return "{" + members.joined(separator: ",") + "}"
    }
}
