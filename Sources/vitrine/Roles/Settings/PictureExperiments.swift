import DeliveryTypes
import Edge
import HTTPTypes
import JSON
import Publication
import ServiceLifecycle
import Settings
import SettingsDelivery

/// Runs the picture experiment that a setting describes: its value is `{"format":"avif","quality":50}`, both optional.
///
/// A viewer's attributes are `id`, the viewer cookie's value, and `userAgent`. The experiment runs while the setting
/// has rules, and changes with each publish of its app.
struct PictureExperiments: Service {
    let experiment: SettingsConfiguration.PictureExperiment
    let cookie: String
    let node: SettingsNode
    let trial: PictureTrial

    func run() async throws {
        let changes = node.feed.changes()
        look()
        await cancelWhenGracefulShutdown {
            for await app in changes where app.name.text == experiment.app { look() }
        }
    }

    /// Follows what the app's release says.
    private func look() {
        guard let live = node.feed.app(named: experiment.app), let app = node.directory.app(named: experiment.app),
            let position = live.release.position(of: ExactString(experiment.setting)),
            live.release.tables.document.features[position].isRuled
        else { return trial.run(nil, mark: "none") }
        let texts = live.release.candidateTexts(of: position)
        let formats = Set(texts.compactMap { Self.look(of: $0).format }).sorted { $0.rawValue < $1.rawValue }
        trial.run(assignment(app, formats), mark: "\(live.manifest.hex)")
    }

    private func assignment(_ app: ServedApp, _ formats: [ImageFormat]) -> PictureTrial.Assignment {
        let setting = experiment.setting
        let cookie = cookie
        return { request in
            guard let viewer = Self.cookie(cookie, of: request) else { return nil }
            var attributes = JSONObject()
            attributes["id"] = .string(ExactString(viewer))
            if let agent = request.headerFields[.userAgent] { attributes["userAgent"] = .string(ExactString(agent)) }
            let found = app.engine.flag(
                ExactString(setting),
                SettingsRequest(attributes: attributes),
                UserKnowledge(),
                now: WallClockTime.milliseconds()
            )
            guard let found else { return nil }
            let look = found.flag.value.map { Self.look(of: $0) }
            let exposure = found.exposures.last
            var arm = PictureArm(
                experiment: exposure?.experiment.text ?? setting,
                variation: exposure?.variation.text ?? found.flag.variant.text,
                unit: exposure.map { .init(attribute: $0.attribute.text, value: $0.unit.text) },
                format: look?.format,
                quality: look?.quality,
                formatsOfAllArms: formats
            )
            arm.app = app.name
            return arm
        }
    }

    /// What a value of the setting says; what it says wrongly, it does not say.
    private static func look(of text: [UInt8]) -> (format: ImageFormat?, quality: Int?) {
        // The publisher has checked the text; any value that is no object changes nothing.
        guard let value = try? JSONParser().value(from: text) else { return (nil, nil) }
        let name = value["format"]?.string?.text
        let format = name.flatMap { ImageFormat(name: $0) }
        let quality = value["quality"]?.double.flatMap { Int(exactly: $0) }
        return (format.flatMap { $0.isWritable ? $0 : nil }, quality.flatMap { (1...100).contains($0) ? $0 : nil })
    }

    /// The value of a cookie (RFC 6265 §4.2); `nil` without it, or with an empty one.
    static func cookie(_ name: String, of request: HTTPRequest) -> String? {
        for line in request.headerFields[values: .cookie] {
            for pair in line.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
                var value = parts[1]
                while value.last == " " { value.removeLast() }
                if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
                return value.isEmpty || value.utf8.count > 256 ? nil : String(value)
            }
        }
        return nil
    }
}
