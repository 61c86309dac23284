import FoundationEssentials
import Warehouse

/// What `vitrine usage run` needs of a machine: a Python that makes environments.
enum UsageCheck {
    /// Serving needs no Python: where nothing was ever collected, a missing one is only mentioned.
    static func findings(dataFolder: String) async throws -> [DoctorCommand.Finding] {
        let folders = UsageFolders(
            data: dataFolder,
            current: FileManager.default.currentDirectoryPath
        )
        let variables = ProcessInfo.processInfo.environment
        let isNeeded = FileManager.default.fileExists(atPath: folders.root)
        guard let python = Interpreter.find("python3", searchPath: variables["PATH"]) else {
            return [
                DoctorCommand.Finding(
                    name: "usage python",
                    isGood: !isNeeded,
                    detail: "there is no python3; vitrine usage run needs one",
                    remedy: Interpreter.remedy
                )
            ]
        }
        do throws(WarehouseError) {
            let fault = try await Interpreter.fault(
                of: python,
                environment: Interpreter.variables(from: variables),
                control: ToolControl()
            )
            return [
                DoctorCommand.Finding(
                    name: "usage python",
                    isGood: fault == nil || !isNeeded,
                    detail: fault?.reason ?? "\(python) can make the environment of vitrine usage run",
                    remedy: fault?.remedy ?? ""
                )
            ]
        } catch {
            return [DoctorCommand.Finding(name: "usage python", isGood: false, detail: error.reason)]
        }
    }
}
