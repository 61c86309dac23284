package import JSON

/// Tells authors what is wrong with a project before it is published.
///
/// An error is what makes a setting meaningless or what the reference SDK throws at; what it merely ignores is a
/// warning. Every issue names the setting, the rule and the field, and says what to do. Nothing here fails.
package struct Validation: Sendable {
    package let limits: AuthoringLimits
    var issues: [AuthoringIssue] = []

    package init(limits: AuthoringLimits = AuthoringLimits()) {
        self.limits = limits
    }

    /// The issues of a text's project, duplicate keys included.
    package func issues(in document: JSONDocument) -> [AuthoringIssue] {
        var validation = self
        for duplicate in document.duplicates { validation.add(duplicate) }
        validation.check(document.root)
        return Array(validation.issues.prefix(limits.issuesMax))
    }

    /// The issues of a project.
    package func issues(in root: JSONValue) -> [AuthoringIssue] {
        var validation = self
        validation.check(root)
        return Array(validation.issues.prefix(limits.issuesMax))
    }

    private mutating func add(_ duplicate: DuplicateMember) {
        let isFeature = duplicate.path.count >= 2 && duplicate.path[0] == "features"
        let isRule = isFeature && duplicate.path.count >= 4 && duplicate.path[2] == "rules"
        let rule = isRule ? Int(duplicate.path[3].text) : nil
        let outer = rule != nil ? 4 : isFeature ? 2 : 0
        let path = (duplicate.path.dropFirst(outer) + [duplicate.key]).map(\.text)
        issues.append(
            AuthoringIssue(
                severity: .error,
                feature: isFeature ? duplicate.path[1] : nil,
                rule: rule,
                field: path.joined(separator: "."),
                message: "the key \"\(duplicate.key.text)\" is there twice (line \(duplicate.line)); keep one of them."
            )
        )
    }

    private mutating func check(_ root: JSONValue) {
        guard case .object(let project) = root else {
            error("the project is no JSON object; write {\"features\": {…}}.")
            return
        }
        guard case .object(let features)? = project["features"] else {
            error("there is no object \"features\"; write {\"features\": {…}}.", field: "features")
            return
        }
        if let groups = project["savedGroups"] {
            guard case .object(let groups) = groups else {
                return error("saved groups are an object of lists.", field: "savedGroups")
            }
            for group in groups.members where group.value.array == nil {
                error("a saved group is a list of values.", field: "savedGroups.\(group.key.text)")
            }
        }
        if let bandits = project["contextualBandits"], bandits.object == nil {
            error("contextual bandits are an object.", field: "contextualBandits")
        }
        checkOptions(project)
        if features.count > limits.settingsMax {
            error(
                "\(features.count) settings are more than \(limits.settingsMax); split the project.",
                field: "features"
            )
            return
        }
        let document = FeaturesDocument(authored: root)
        for feature in document.features {
            if issues.count >= limits.issuesMax { break }
            var checker = FeatureValidation(feature: feature, document: document, limits: limits)
            checker.check()
            issues += checker.issues
        }
        checkPrerequisites(document)
    }

    private mutating func checkOptions(_ project: JSONObject) {
        if let sticky = project["x-sticky"], sticky.bool == nil {
            error("x-sticky is true or false.", field: "x-sticky")
        }
        for name in ["x-remember", "x-platforms", "x-countries"] {
            guard let list = project[ExactString(name)] else { continue }
            if !(list.array?.allSatisfy { $0.string != nil } ?? false) {
                error("\(name) is a list of texts.", field: name)
            }
        }
    }

    private mutating func checkPrerequisites(_ document: FeaturesDocument) {
        let graph = PrerequisiteGraph(document)
        if let cycle = graph.cycle {
            let names = (cycle + [cycle[0]]).map { document.features[$0].key.text }.joined(separator: " → ")
            issues.append(
                AuthoringIssue(
                    severity: .error,
                    feature: document.features[cycle[0]].key,
                    rule: nil,
                    field: "parentConditions",
                    message: "prerequisites in a circle (\(names)); take one of them out."
                )
            )
        }
        for (index, depth) in graph.depths.enumerated() where depth > limits.prerequisiteDepthMax {
            issues.append(
                AuthoringIssue(
                    severity: .error,
                    feature: document.features[index].key,
                    rule: nil,
                    field: "parentConditions",
                    message: "prerequisites of prerequisites \(depth) deep; at most \(limits.prerequisiteDepthMax)."
                )
            )
        }
    }

    private mutating func error(_ message: String, field: String? = nil) {
        issues.append(AuthoringIssue(severity: .error, feature: nil, rule: nil, field: field, message: message))
    }
}
