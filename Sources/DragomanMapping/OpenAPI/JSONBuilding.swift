// SPDX-License-Identifier: Apache-2.0
// JSON written as it reads: objects and arrays as closures, members by name.

internal import DragomanDocument

extension Document {
    func object(_ body: () -> Void) {
        beginObject()
        body()
        endObject()
    }

    func array(_ body: () -> Void) {
        beginArray()
        body()
        endArray()
    }

    func member(_ name: String, _ value: String) {
        key(name)
        append(string: value)
    }

    func member(_ name: String, _ value: Bool) {
        key(name)
        append(value)
    }

    func member(_ name: String, object body: () -> Void) {
        key(name)
        object(body)
    }

    func member(_ name: String, array body: () -> Void) {
        key(name)
        array(body)
    }
}
