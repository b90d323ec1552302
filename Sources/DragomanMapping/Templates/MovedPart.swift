// SPDX-License-Identifier: Apache-2.0
// What a template moves whole into the objects that it makes: so that it can be said of a
// parameter that another one asks for it.

internal import DragomanDocument

/// A member of a template's object that is an object itself.
struct MovedPart {
    let name: String
    /// Members that are a whole value from a slot, by name.
    var references: [(name: String, slot: Int)] = []
    /// The part has a member whatever the request holds.
    var isAlways = false
}

extension TemplateProgram {
    /// The parts of an object, where it is plain which of them come to be: no conditions, no
    /// computed members.
    var movedParts: [MovedPart] {
        var parts: [MovedPart] = []
        var depth = 0
        for step in instructions {
            let name = step.key >= 0 ? texts[Int(step.key)].string : ""
            switch step.operation {
            case .beginObject, .beginArray:
                if depth == 1 { parts.append(MovedPart(name: name)) }
                if depth == 2 { parts[parts.count - 1].isAlways = true }
                depth += 1
            case .endObject, .endArray: depth -= 1
            case .reference where depth == 2:
                let reference = references[Int(step.a)]
                guard reference.stepCount == 0 else { return [] }
                parts[parts.count - 1].references.append((name, reference.slot))
            case .null, .true, .false, .string, .constant:
                if depth == 2 { parts[parts.count - 1].isAlways = true }
            case .reference: break
            case .expression, .interpolation, .spread, .unless, .jump, .forEach: return []
            }
        }
        return parts
    }
}
