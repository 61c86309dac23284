import HTTPSemantics

/// How far a run is: one line of its progress.
package struct UsageProgress: Equatable, Sendable {
    /// What is being done.
    ///
    /// `seal`, `fetch` and `python` come from the binary; `land`, `guard`, `model`, `test`, `export` and `done` from
    /// the project. Others are shown as they are.
    package var stage: String
    /// How many of `of` steps are done; `nil` where nobody counts.
    package var done: Int?
    package var of: Int?
    package var rows: Int?
    /// Since the run began.
    package var seconds: Double?
    /// What is being done, for people.
    package var detail: String?

    package init(
        _ stage: String,
        done: Int? = nil,
        of: Int? = nil,
        rows: Int? = nil,
        seconds: Double? = nil,
        detail: String? = nil
    ) {
        self.stage = stage
        self.done = done
        self.of = of
        self.rows = rows
        self.seconds = seconds
        self.detail = detail
    }

    /// One JSON object without a line end, members that are `nil` left out.
    package var json: String {
        var members = ["\"stage\":" + JSONText.quoted(stage)]
        if let done { members.append("\"done\":\(done)") }
        if let of { members.append("\"of\":\(of)") }
        if let rows { members.append("\"rows\":\(rows)") }
        if let seconds { members.append("\"seconds\":\(Double(Int(seconds * 1000)) / 1000)") }
        if let detail { members.append("\"detail\":" + JSONText.quoted(detail)) }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// For one line of a terminal, at most `width` columns.
    package func text(width: Int = 200) -> String {
        var text = stage + String(repeating: " ", count: max(0, 7 - stage.count))
        if let done, let of, of > 0 {
            text += "\(Self.grouped(done))/\(Self.grouped(of)) (\(min(100, done * 100 / of)) %)  "
        } else if let done {
            text += "\(Self.grouped(done))  "
        }
        if let rows, rows > 0 { text += "\(Self.grouped(rows)) rows  " }
        if let seconds { text += "\(Double(Int(seconds * 10)) / 10) s  " }
        if let detail { text += detail }
        while text.last == " " { text.removeLast() }
        return String(text.prefix(max(1, width)))
    }

    /// `1,234,567`.
    package static func grouped(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }
}
