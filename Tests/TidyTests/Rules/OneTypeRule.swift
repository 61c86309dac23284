/// One type per file in `Sources`, the file named for it; `Type+Aspect.swift` extends; no type has its module's name.
///
/// Types inside types and private ones do not count.
struct OneTypeRule: FileRule {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let module = file.module else { return [] }
        let types = TypeDeclaration.all(in: file.tokens).filter { $0.depth == 0 && !$0.isPrivate }
        var found: [Violation] = []
        for extra in types.dropFirst() {
            found.append(Violation(file, line: extra.line, "a second type, \(extra.name); give it a file"))
        }
        if let first = types.first, first.name != file.name {
            found.append(Violation(file, line: first.line, "the file is not named for its type \(first.name)"))
        }
        if types.isEmpty, !file.name.contains("+"), file.name != "main" {
            found.append(Violation(file, "no type here; an extension file is named Type+Aspect.swift"))
        }
        for type in types where type.name == module {
            found.append(Violation(file, line: type.line, "a type with its module's name hides the module"))
        }
        return found
    }
}
