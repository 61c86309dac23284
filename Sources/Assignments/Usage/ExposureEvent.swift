import Crypto
import DeliveryTypes
import JSON

/// An exposure on its way into the usage log: the event of type `vitrine.exposure`.
///
/// The event's `id` is the first 16 bytes of the SHA-256 of app, experiment, attribute, unit, variation and window,
/// each behind its length, in hexadecimal: the same exposure has the same id on every node and after every restart.
package struct ExposureEvent: Sendable {
    package static let type = "vitrine.exposure"

    package var exposure: Exposure
    package var context: ExposureContext
    /// Which window the exposure is in: whole windows since 1970.
    package var window: Int64

    package init(exposure: Exposure, context: ExposureContext, window: Int64) {
        self.exposure = exposure
        self.context = context
        self.window = window
    }

    /// 32 lower-case hexadecimal digits.
    package var id: String {
        var bytes: [UInt8] = []
        let parts = [
            ExactString(context.app), exposure.experiment, exposure.attribute, exposure.unit, exposure.variation,
        ]
        for part in parts {
            let units = part.units
            bytes.append(littleEndian: UInt32(clamping: units.count))
            for unit in units { bytes.append(littleEndian: unit) }
        }
        bytes.append(littleEndian: window)
        return String(ContentDigest(bytes: Array(SHA256.hash(data: bytes))).hex.prefix(32))
    }

    /// - Throws: `AssignmentsError.invalidEvent` if a name is longer than an event may have it.
    package func usageEvent(node: String, naming: UnitNaming) throws(AssignmentsError) -> UsageEvent {
        var data: [UInt8] = []
        var separator = "{"
        func add(_ name: String, _ text: ExactString) {
            data += "\(separator)\"\(name)\":".utf8
            JSONWriter.string(text, into: &data)
            separator = ","
        }
        add("experiment", exposure.experiment)
        add("variation", exposure.variation)
        add("attribute", exposure.attribute)
        switch naming {
        case .plain: add("unit", exposure.unit)
        case .hashed: add("unitHash", ExactString(naming.name(of: exposure)))
        }
        add("record", ExactString(context.record.hex))
        data.append(UInt8(ascii: "}"))
        return try UsageEvent(
            id: id,
            source: "/apps/\(context.app)/experiments",
            type: Self.type,
            timeMilliseconds: context.timeMilliseconds,
            tenant: context.app,
            node: node,
            subject: exposure.experiment.text,
            traceparent: context.traceparent,
            data: String(decoding: data, as: UTF8.self)
        )
    }
}
