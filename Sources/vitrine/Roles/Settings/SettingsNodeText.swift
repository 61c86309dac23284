import DeliveryTypes
import HTTPSemantics
import Publication
import Settings
import SettingsDelivery

/// What a node serves of settings, as JSON for operators and the page.
enum SettingsNodeText {
    static func text(_ node: SettingsNode) -> String {
        let status = node.feed.status
        let live = Dictionary(node.feed.apps.map { ($0.name, $0) }) { first, _ in first }
        let apps = status.apps.map { app in
            var text = "{\"app\":\(JSONText.quoted(app.name.text)),\"wantedNumber\":\(app.wantedNumber)"
            if let number = app.number { text += ",\"number\":\(number)" }
            if let manifest = app.manifest { text += ",\"record\":\"\(manifest.hex)\"" }
            if let failure = app.failure { text += ",\"failure\":\(JSONText.quoted(failure))" }
            if let live = live[app.name] {
                text += ",\"settings\":\(live.release.names.count),\"published\":\(live.publishedMilliseconds)"
                text += ",\"loaded\":\(live.loadedMilliseconds),\"fromDisk\":\(live.isFromDisk)"
            }
            return text + "}"
        }
        let figures = status.figures
        var text = "{\"feed\":\(node.stateText),\"source\":\(quoted(status.source))"
        text += ",\"sourceFailure\":\(quoted(status.sourceFailure))"
        text += ",\"apps\":[\(apps.joined(separator: ","))]"
        text += ",\"loads\":\(figures.loads),\"failedLoads\":\(figures.failedLoads)"
        text += ",\"propagations\":\(figures.propagations)"
        text += ",\"lastPropagationMilliseconds\":\(number(figures.lastPropagationMilliseconds))"
        text += ",\"longestPropagationMilliseconds\":\(number(figures.longestPropagationMilliseconds))"
        text += ",\"streams\":\(node.routes.hub.subscribers)}\n"
        return text
    }

    private static func quoted(_ text: String?) -> String { text.map(JSONText.quoted) ?? "null" }

    private static func number(_ value: Int64?) -> String { value.map(String.init) ?? "null" }
}
