import DeliveryTypes
import Edge
import Telemetry

/// The figures of derived renditions for `/metrics`.
enum DerivationFigures {
    static func write(_ book: DerivationBook, to text: inout PrometheusText) {
        let score = book.score
        text.metric("vitrine_derivation_known", .gauge, help: "Stored renditions that others may be made from.") {
            $0.add(Double(book.count))
        }
        text.metric("vitrine_derivation_refused_total", .counter, help: "Stored renditions not used, by reason.") {
            for (reason, count) in book.refused.sorted(by: { $0.key < $1.key }) {
                $0.add(Double(count), labels: [("reason", reason)])
            }
        }
        text.metric("vitrine_derivation_similarity", .histogram, help: "SSIM of derived and direct renditions.") {
            // The last bound of the audit is that of everything.
            $0.add(
                counts: score.histogram + [0],
                sum: score.similaritySum,
                buckets: HistogramBuckets(DerivationAudit.bounds)
            )
        }
        text.metric("vitrine_derivation_uncompared_total", .counter, help: "Chosen comparisons that failed.") {
            $0.add(Double(score.failures))
        }
    }
}
