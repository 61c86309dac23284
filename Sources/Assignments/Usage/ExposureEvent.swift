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
        bytes.reserveCapacity(320)
        Self.add(ExactString(context.app), to: &bytes)
        Self.add(exposure.experiment, to: &bytes)
        Self.add(exposure.attribute, to: &bytes)
        Self.add(exposure.unit, to: &bytes)
        Self.add(exposure.variation, to: &bytes)
        bytes.append(littleEndian: window)
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for byte in SHA256.hash(data: bytes).prefix(16) {
            digits.append(Self.digits[Int(byte >> 4)])
            digits.append(Self.digits[Int(byte & 15)])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Appends a text's length in units and its units.
    private static func add(_ part: ExactString, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(littleEndian: UInt32(0))
        var count: UInt32 = 0
        part.forEachUnit { unit in
            bytes.append(UInt8(truncatingIfNeeded: unit))
            bytes.append(UInt8(truncatingIfNeeded: unit >> 8))
            count &+= 1
        }
        for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: count >> UInt32(8 * byte)) }
    }

    /// - Throws: `AssignmentsError.invalidEvent` if a name is longer than an event may have it.
    package func usageEvent(node: String, naming: UnitNaming) throws(AssignmentsError) -> UsageEvent {
        var data: [UInt8] = []
        data.reserveCapacity(256)
        func add(_ name: String, _ text: ExactString) {
            data.append(UInt8(ascii: data.isEmpty ? "{" : ","))
            data.append(UInt8(ascii: "\""))
            data += name.utf8
            data.append(UInt8(ascii: "\""))
            data.append(UInt8(ascii: ":"))
            JSONWriter.string(text, into: &data)
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
            data: String(decoding: data, as: UTF8.self),
            isJSON: true
        )
    }
}
