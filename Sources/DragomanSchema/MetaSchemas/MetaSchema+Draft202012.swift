// SPDX-License-Identifier: Apache-2.0
// What a schema of draft 2020-12 looks like: one document for each vocabulary.

extension MetaSchema {
    static let draft202012 = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://json-schema.org/draft/2020-12/schema",
          "$vocabulary": {
            "https://json-schema.org/draft/2020-12/vocab/core": true,
            "https://json-schema.org/draft/2020-12/vocab/applicator": true,
            "https://json-schema.org/draft/2020-12/vocab/unevaluated": true,
            "https://json-schema.org/draft/2020-12/vocab/validation": true,
            "https://json-schema.org/draft/2020-12/vocab/meta-data": true,
            "https://json-schema.org/draft/2020-12/vocab/format-annotation": true,
            "https://json-schema.org/draft/2020-12/vocab/content": true
          },
          "$dynamicAnchor": "meta",
          "allOf": [
            { "$ref": "meta/core" },
            { "$ref": "meta/applicator" },
            { "$ref": "meta/unevaluated" },
            { "$ref": "meta/validation" },
            { "$ref": "meta/meta-data" },
            { "$ref": "meta/format-annotation" },
            { "$ref": "meta/content" }
          ],
          "type": ["object", "boolean"],
          "properties": {
            "definitions": {
              "type": "object",
              "additionalProperties": { "$dynamicRef": "#meta" },
              "deprecated": true,
              "default": {}
            },
            "dependencies": {
              "type": "object",
              "additionalProperties": {
                "anyOf": [
                  { "$dynamicRef": "#meta" },
                  { "$ref": "meta/validation#/$defs/stringArray" }
                ]
              },
              "deprecated": true,
              "default": {}
            },
            "$recursiveAnchor": {
              "$ref": "meta/core#/$defs/anchorString", "deprecated": true
            },
            "$recursiveRef": {
              "$ref": "meta/core#/$defs/uriReferenceString", "deprecated": true
            }
          }
        }
        """#

    private static func part(_ name: String, _ body: String) -> String {
        #"{"$schema":"https://json-schema.org/draft/2020-12/schema","#
            + #""$id":"https://json-schema.org/draft/2020-12/meta/\#(name)","#
            + #""$vocabulary":{"https://json-schema.org/draft/2020-12/vocab/\#(name)":true},"#
            + #""$dynamicAnchor":"meta","type":["object","boolean"],"# + body + "}"
    }

    static let parts202012: [String: String] = [
        "core": part("core", core202012),
        "applicator": part("applicator", applicator202012),
        "unevaluated": part("unevaluated", unevaluated202012),
        "validation": part("validation", validation201909),
        "meta-data": part("meta-data", metaData),
        "format-annotation": part("format-annotation", format202012),
        "format-assertion": part("format-assertion", format202012),
        "content": part("content", content202012),
    ]

    private static let format202012 = #""properties":{"format":{"type":"string"}}"#

    private static let core202012 = #"""
        "properties": {
          "$id": { "$ref": "#/$defs/uriReferenceString", "pattern": "^[^#]*#?$" },
          "$schema": { "$ref": "#/$defs/uriString" },
          "$ref": { "$ref": "#/$defs/uriReferenceString" },
          "$anchor": { "$ref": "#/$defs/anchorString" },
          "$dynamicRef": { "$ref": "#/$defs/uriReferenceString" },
          "$dynamicAnchor": { "$ref": "#/$defs/anchorString" },
          "$vocabulary": {
            "type": "object",
            "propertyNames": { "$ref": "#/$defs/uriString" },
            "additionalProperties": { "type": "boolean" }
          },
          "$comment": { "type": "string" },
          "$defs": { "type": "object", "additionalProperties": { "$dynamicRef": "#meta" } }
        },
        "$defs": {
          "anchorString": { "type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$" },
          "uriString": { "type": "string", "format": "uri" },
          "uriReferenceString": { "type": "string", "format": "uri-reference" }
        }
        """#

    private static let applicator202012 = #"""
        "properties": {
          "prefixItems": { "$ref": "#/$defs/schemaArray" },
          "items": { "$dynamicRef": "#meta" },
          "contains": { "$dynamicRef": "#meta" },
          "additionalProperties": { "$dynamicRef": "#meta" },
          "properties": {
            "type": "object", "additionalProperties": { "$dynamicRef": "#meta" }, "default": {}
          },
          "patternProperties": {
            "type": "object",
            "additionalProperties": { "$dynamicRef": "#meta" },
            "propertyNames": { "format": "regex" },
            "default": {}
          },
          "dependentSchemas": {
            "type": "object", "additionalProperties": { "$dynamicRef": "#meta" }, "default": {}
          },
          "propertyNames": { "$dynamicRef": "#meta" },
          "if": { "$dynamicRef": "#meta" },
          "then": { "$dynamicRef": "#meta" },
          "else": { "$dynamicRef": "#meta" },
          "allOf": { "$ref": "#/$defs/schemaArray" },
          "anyOf": { "$ref": "#/$defs/schemaArray" },
          "oneOf": { "$ref": "#/$defs/schemaArray" },
          "not": { "$dynamicRef": "#meta" }
        },
        "$defs": {
          "schemaArray": { "type": "array", "minItems": 1, "items": { "$dynamicRef": "#meta" } }
        }
        """#

    private static let unevaluated202012 = #"""
        "properties": {
          "unevaluatedItems": { "$dynamicRef": "#meta" },
          "unevaluatedProperties": { "$dynamicRef": "#meta" }
        }
        """#

    private static let content202012 = #"""
        "properties": {
          "contentEncoding": { "type": "string" },
          "contentMediaType": { "type": "string" },
          "contentSchema": { "$dynamicRef": "#meta" }
        }
        """#
}
