import DeliveryTypes
import FoundationEssentials
import Imaging
import Origin

extension OriginSettings {
    init(reading reader: inout ParameterReader) {
        self.init()
        do throws(PresetsError) {
            presets = try Presets(reader.list("presets"))
        } catch {
            reader.complain("presets", "cannot be used: \(error)")
        }
        readLimits(&reader)
        readDefaults(&reader)
        negotiated = reader.list("negotiate").compactMap { name in
            let format = ImageFormat(name: name)
            if format?.isWritable != true { reader.complain("negotiate", "names \"\(name)\", which is not written") }
            return format
        }
        followsClientHints = reader.switched("client-hints")
        maxAgeSeconds = reader.duration("max-age").components.seconds
        logsAccess = reader.switched("access-log")
        engine = engineText()
        if let text = reader.text("watermark"), !text.isEmpty {
            do throws(TransformationError) {
                watermark = try SourceReference(parsing: text)
            } catch {
                reader.complain("watermark", "cannot be used: \(error.reason)")
            }
        }
    }

    /// Everything besides URL and sources that a rendition's bytes depend on.
    private func engineText() -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Plain values of our own always encode; were one not to, the version alone would stand.
        let defaults = (try? encoder.encode(defaults)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let limits = (try? encoder.encode(limits)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return "vitrine \(Vitrine.version) libvips \(ImagingEngine.libraryVersion) \(defaults) \(limits)"
    }

    private mutating func readLimits(_ reader: inout ParameterReader) {
        limits.sourcePixelsMax = Int(reader.number("max-src-resolution") * 1_000_000)
        limits.sourceBytesMax = reader.bytes("max-src-file-size")
        limits.framesMax = reader.integer("max-animation-frames")
        limits.framePixelsMax = Int(reader.number("max-animation-frame-resolution") * 1_000_000)
        limits.animationPixelsMax = Int(reader.number("max-animation-resolution") * 1_000_000)
        limits.resultSideMax = reader.integer("max-result-dimension")
        uploadBytesMax = reader.bytes("max-upload-size")
    }

    private mutating func readDefaults(_ reader: inout ParameterReader) {
        defaults.quality = reader.integer("quality")
        defaults.formatQuality = [:]
        for pair in reader.list("format-quality") {
            let parts = pair.split(separator: "=")
            guard parts.count == 2, let format = ImageFormat(name: parts[0]), let quality = Int(parts[1]),
                (1...100).contains(quality)
            else {
                reader.complain("format-quality", "has \"\(pair)\", which is not FORMAT=1…100")
                continue
            }
            defaults.formatQuality[format] = quality
        }
        defaults.stripMetadata = reader.switched("strip-metadata")
        defaults.keepCopyright = reader.switched("keep-copyright")
        defaults.stripColorProfile = reader.switched("strip-color-profile")
        defaults.avifEffort = reader.integer("avif-effort")
        defaults.jxlEffort = reader.integer("jxl-effort")
        defaults.webpEffort = reader.integer("webp-effort")
        defaults.progressiveJPEG = reader.switched("progressive-jpeg")
    }
}
