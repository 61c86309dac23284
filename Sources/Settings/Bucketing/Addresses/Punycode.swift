/// Labels beyond ASCII in ASCII (RFC 3492).
enum Punycode {
    static func encoded(_ label: String) -> String? {
        let scalars = label.unicodeScalars.map(\.value)
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        if basic > 0 { output.append(0x2D) }
        var next: UInt32 = 0x80
        var delta: UInt32 = 0
        var bias: UInt32 = 72
        var handled = basic
        while handled < scalars.count {
            guard let least = scalars.filter({ $0 >= next }).min() else { return nil }
            let (step, overflows) = (least - next).multipliedReportingOverflow(by: UInt32(handled + 1))
            if overflows || delta > UInt32.max - step { return nil }
            delta += step
            next = least
            for scalar in scalars {
                if scalar < next { delta += 1 }
                if scalar == next {
                    append(delta, bias, to: &output)
                    bias = adapted(delta, UInt32(handled + 1), isFirst: handled == basic)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ delta: UInt32, _ bias: UInt32, to output: inout [UInt8]) {
        var rest = delta
        var place: UInt32 = 36
        while true {
            let threshold = place <= bias ? 1 : min(place - bias, 26)
            if rest < threshold { break }
            output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            place += 36
        }
        output.append(digit(rest))
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        UInt8(value < 26 ? 0x61 + value : 0x16 + value)
    }

    private static func adapted(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var rest = isFirst ? delta / 700 : delta / 2
        rest += rest / count
        var steps: UInt32 = 0
        while rest > 455 {
            rest /= 35
            steps += 36
        }
        return steps + 36 * rest / (rest + 38)
    }
}
