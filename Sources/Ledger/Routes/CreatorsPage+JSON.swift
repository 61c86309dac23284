import JSON

extension CreatorsPage {
    /// `{"period","from","to","periods":[…],"count","creators":[{"creator","uses","amount","status",
    /// "days":[{"day","uses","amount"}]}],"next","asOf"}`; amounts are strings, what there is not is `null`.
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
        func string(_ text: String?) {
            guard let text else { return raw("null") }
            JSONWriter.string(ExactString(text), into: &bytes)
        }
        raw("{\"period\":")
        string(period?.description)
        raw(",\"from\":")
        string(from?.description)
        raw(",\"to\":")
        string(to?.description)
        raw(",\"periods\":[" + periods.map { "\"\($0)\"" }.joined(separator: ",") + "]")
        raw(",\"count\":\(count.map(String.init) ?? "null"),\"creators\":[")
        for (index, creator) in creators.enumerated() {
            raw("\(index > 0 ? "," : ""){\"creator\":")
            string(creator.creator)
            raw(",\"uses\":\(creator.uses),\"amount\":\"\(creator.amount.text)\",\"status\":")
            string(creator.status)
            raw(",\"days\":[")
            for (index, day) in creator.days.enumerated() {
                raw("\(index > 0 ? "," : ""){\"day\":\"\(day.day)\",\"uses\":\(day.uses)")
                raw(",\"amount\":\"\(day.amount.text)\"}")
            }
            raw("]}")
        }
        raw("],\"next\":")
        string(next?.text)
        raw(",\"asOf\":\(asOf)}\n")
        return bytes
    }
}
