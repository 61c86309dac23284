import JSON

extension CreatorUsage {
    /// `{"creator","days":[{"day","contentType","uses","amount"}],"payouts":[{"period","uses","amount","status"}],
    /// "asOf"}`; amounts are strings, as many programs read numbers inexactly.
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
        func string(_ text: String) { JSONWriter.string(ExactString(text), into: &bytes) }
        raw("{\"creator\":")
        string(creator)
        raw(",\"days\":[")
        for (index, day) in days.enumerated() {
            raw("\(index > 0 ? "," : ""){\"day\":\"\(day.day)\",\"contentType\":")
            string(day.contentType)
            raw(",\"uses\":\(day.uses),\"amount\":\"\(day.amount.text)\"}")
        }
        raw("],\"payouts\":[")
        for (index, payout) in payouts.enumerated() {
            raw("\(index > 0 ? "," : ""){\"period\":\"\(payout.period)\",\"uses\":\(payout.uses)")
            raw(",\"amount\":\"\(payout.amount.text)\",\"status\":")
            string(payout.status)
            raw("}")
        }
        raw("],\"asOf\":\(asOf)}\n")
        return bytes
    }
}
