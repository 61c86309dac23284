import Telemetry

/// Writes metrics of one sample each under a shared prefix.
struct FigureWriter {
    let prefix: String
    var text: PrometheusText

    mutating func gauge(_ name: String, _ value: some BinaryInteger, _ help: String) {
        text.metric(prefix + name, .gauge, help: help) { $0.add(Double(value)) }
    }

    mutating func total(_ name: String, _ value: some BinaryInteger, _ help: String) {
        text.metric(prefix + name, .counter, help: help) { $0.add(Double(value)) }
    }
}
