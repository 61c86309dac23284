import FoundationEssentials
import Glibc

/// Whether a folder exists, or can be made, and files can be written in it.
enum FolderCheck {
    static func finding(_ name: String, _ path: String) -> DoctorCommand.Finding {
        let probe = path + "/.doctor-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: probe, contents: Data([1])) else {
                throw CommandFailure(message: "cannot create files")
            }
            try FileManager.default.removeItem(atPath: probe)
            return DoctorCommand.Finding(name: name, isGood: true, detail: path)
        } catch {
            let reason = (error as? CommandFailure)?.message ?? "\(error)"
            return DoctorCommand.Finding(
                name: name,
                isGood: false,
                detail: "\(path): \(reason)",
                remedy: "choose a writable folder with --data"
            )
        }
    }
}
