// SPDX-License-Identifier: Apache-2.0
// Namespaces whose schemas everybody imports and nobody ships: tables of our own, so that nothing
// needs to be fetched.

internal import DragomanDocument

enum BuiltInSchemas {
    /// Makes the namespace's declarations known where they are built in.
    /// - Returns: whether they are.
    static func provide(_ namespace: String, to set: SchemaSet) -> Bool {
        switch namespace {
        case XMLNamespace.schema, XMLNamespace.instance, XMLNamespace.soapEncoding,
            XMLNamespace.soap12Encoding, XMLNamespace.wsdl:
            set.builtInNamespaces.insert(namespace)
            if namespace == XMLNamespace.soapEncoding || namespace == XMLNamespace.soap12Encoding {
                load(soapEncoding(namespace), namespace, to: set)
            }
            return true
        case XMLNamespace.xml: load(xml, namespace, to: set)
        case addressing: load(addressingSchema(addressing), namespace, to: set)
        case submittedAddressing: load(submittedSchema, namespace, to: set)
        case apache: load(apacheMap, namespace, to: set)
        default: return false
        }
        return true
    }

    /// Whether what the contract itself declares in the namespace stands in place of our table.
    static func givesWay(_ namespace: String) -> Bool {
        isTable(namespace) || StandInSchemas.has(namespace)
    }

    /// Namespaces that are declared here as their standards do; what a contract's own file of one
    /// declares besides, or otherwise, holds.
    static func isTable(_ namespace: String) -> Bool {
        namespace == XMLNamespace.xml || namespace == addressing
            || namespace == submittedAddressing || namespace == apache
    }

    static let addressing = "http://www.w3.org/2005/08/addressing"
    /// What was submitted to the W3C before, which contracts of that time still use.
    private static let submittedAddressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
    /// Apache SOAP's and Axis' own types, which contracts use without declaring them.
    static let apache = "http://xml.apache.org/xml-soap"

    private static let apacheMap = schema(
        apache,
        """
        <xs:complexType name="mapItem"><xs:sequence>
          <xs:element name="key" nillable="true" form="unqualified"/>
          <xs:element name="value" nillable="true" form="unqualified"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="Map"><xs:sequence>
          <xs:element name="item" type="t:mapItem" minOccurs="0" maxOccurs="unbounded"
            form="unqualified"/></xs:sequence></xs:complexType>
        <xs:complexType name="Vector"><xs:sequence>
          <xs:element name="item" nillable="true" minOccurs="0" maxOccurs="unbounded"
            form="unqualified"/></xs:sequence></xs:complexType>
        """)

    static func load(_ text: String, _ namespace: String, to set: SchemaSet) {
        set.builtInNamespaces.insert(namespace)
        let file = "built-in:\(namespace)"
        guard set.loaded.insert(SchemaSet.LoadedKey(document: file, namespace: "")).inserted
        else { return }
        do throws(ContractProblem) {
            let root = try XMLTreeReader.read(Array(text.utf8), file: file)
            set.load(root, file: file, into: nil, isBuiltIn: true)
        } catch {
            set.problems.add(error)
        }
    }

    static func schema(_ namespace: String, _ body: String) -> String {
        // The prefix xml is declared everywhere, and its namespace may have no other.
        let prefix = namespace == XMLNamespace.xml ? "" : " xmlns:t=\"\(namespace)\""
        return """
            <xs:schema xmlns:xs="\(XMLNamespace.schema)"\(prefix)
                targetNamespace="\(namespace)" elementFormDefault="qualified">\(body)</xs:schema>
            """
    }

    private static let xml = schema(
        XMLNamespace.xml,
        """
        <xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language">
          <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/>
          </xs:restriction></xs:simpleType></xs:union></xs:simpleType></xs:attribute>
        <xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName">
          <xs:enumeration value="default"/><xs:enumeration value="preserve"/>
          </xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="base" type="xs:anyURI"/>
        <xs:attribute name="id" type="xs:ID"/>
        <xs:attributeGroup name="specialAttrs">
          <xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/>
          <xs:attribute ref="xml:base"/><xs:attribute ref="xml:id"/></xs:attributeGroup>
        """)

    /// soapenc:T of a built-in T is xs:T by `SchemaSet.builtInType`; here is the rest.
    private static func soapEncoding(_ namespace: String) -> String {
        schema(
            namespace,
            """
            <xs:attribute name="arrayType" type="xs:string"/>
            <xs:attribute name="offset" type="xs:string"/>
            <xs:attribute name="position" type="xs:string"/>
            <xs:attribute name="root" type="xs:boolean"/>
            <xs:attribute name="encodingStyle" type="xs:anyURI"/>
            <xs:attribute name="itemType" type="xs:string"/>
            <xs:attribute name="arraySize" type="xs:string"/>
            <xs:attribute name="id" type="xs:ID"/>
            <xs:attributeGroup name="commonAttributes"/>
            <xs:attributeGroup name="arrayAttributes"/>
            <xs:attributeGroup name="arrayMemberAttributes"/>
            <xs:complexType name="Array"><xs:sequence>
              <xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded"
                processContents="lax"/></xs:sequence></xs:complexType>
            <xs:complexType name="Struct"><xs:sequence>
              <xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded"
                processContents="lax"/></xs:sequence></xs:complexType>
            <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
            <xs:element name="Array" type="t:Array"/><xs:element name="Struct" type="t:Struct"/>
            """)
    }

    private static func addressingSchema(_ namespace: String) -> String {
        let any = """
            <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
            """
        let other = """
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
            """
        let attributes = "<xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/>"
        func bag(_ name: String) -> String {
            """
            <xs:element name="\(name)" type="t:\(name)Type"/>
            <xs:complexType name="\(name)Type"><xs:sequence>\(any)</xs:sequence>\(attributes)
            </xs:complexType>
            """
        }
        func uri(_ name: String) -> String {
            "<xs:element name=\"\(name)\" type=\"t:AttributedURIType\"/>"
        }
        return schema(
            namespace,
            """
            <xs:element name="EndpointReference" type="t:EndpointReferenceType"/>
            <xs:complexType name="EndpointReferenceType"><xs:sequence>
              <xs:element name="Address" type="t:AttributedURIType"/>
              <xs:element ref="t:ReferenceParameters" minOccurs="0"/>
              <xs:element ref="t:Metadata" minOccurs="0"/>\(other)</xs:sequence>\(attributes)
            </xs:complexType>
            \(bag("ReferenceParameters"))\(bag("Metadata"))
            \(uri("MessageID"))\(uri("To"))\(uri("Action"))
            <xs:element name="RelatesTo" type="t:RelatesToType"/>
            <xs:complexType name="RelatesToType"><xs:simpleContent>
              <xs:extension base="xs:anyURI"><xs:attribute name="RelationshipType"
                type="xs:anyURI" default="\(namespace)/reply"/>\(attributes)</xs:extension>
              </xs:simpleContent></xs:complexType>
            <xs:element name="ReplyTo" type="t:EndpointReferenceType"/>
            <xs:element name="From" type="t:EndpointReferenceType"/>
            <xs:element name="FaultTo" type="t:EndpointReferenceType"/>
            <xs:complexType name="AttributedURIType"><xs:simpleContent>
              <xs:extension base="xs:anyURI">\(attributes)</xs:extension></xs:simpleContent>
            </xs:complexType>
            <xs:complexType name="AttributedQNameType"><xs:simpleContent>
              <xs:extension base="xs:QName">\(attributes)</xs:extension></xs:simpleContent>
            </xs:complexType>
            <xs:element name="ProblemHeaderQName" type="t:AttributedQNameType"/>
            <xs:element name="ProblemIRI" type="t:AttributedURIType"/>
            <xs:attribute name="IsReferenceParameter" type="xs:boolean"/>
            """)
    }

    private static let submittedSchema: String = {
        let attributes = "<xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/>"
        func bag(_ name: String) -> String {
            """
            <xs:complexType name="\(name)Type"><xs:sequence>
              <xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            </xs:complexType>
            """
        }
        func simple(_ name: String, _ base: String, _ more: String = "") -> String {
            """
            <xs:complexType name="\(name)"><xs:simpleContent><xs:extension base="\(base)">\(more)
              \(attributes)</xs:extension></xs:simpleContent></xs:complexType>
            """
        }
        let endpoints = ["EndpointReference", "From", "ReplyTo", "FaultTo"]
        let addresses = ["MessageID", "To", "Action"]
        let elements =
            endpoints.map { "<xs:element name=\"\($0)\" type=\"t:EndpointReferenceType\"/>" }
            + addresses.map { "<xs:element name=\"\($0)\" type=\"t:AttributedURI\"/>" }
        return schema(
            submittedAddressing,
            """
            \(elements.joined())
            <xs:element name="RelatesTo" type="t:Relationship"/>
            <xs:element name="ReplyAfter" type="t:ReplyAfterType"/>
            <xs:element name="RetryAfter" type="t:ReplyAfterType"/>
            <xs:complexType name="EndpointReferenceType"><xs:sequence>
              <xs:element name="Address" type="t:AttributedURI"/>
              <xs:element name="ReferenceProperties" type="t:ReferencePropertiesType"
                minOccurs="0"/>
              <xs:element name="ReferenceParameters" type="t:ReferenceParametersType"
                minOccurs="0"/>
              <xs:element name="PortType" type="t:AttributedQName" minOccurs="0"/>
              <xs:element name="ServiceName" type="t:ServiceNameType" minOccurs="0"/>
              <xs:any namespace="##other" processContents="lax" minOccurs="0"
                maxOccurs="unbounded"/></xs:sequence>\(attributes)</xs:complexType>
            \(bag("ReferenceProperties"))\(bag("ReferenceParameters"))
            \(simple("AttributedURI", "xs:anyURI"))\(simple("AttributedQName", "xs:QName"))
            \(simple("ReplyAfterType", "xs:nonNegativeInteger"))
            \(simple(
                "ServiceNameType", "xs:QName", "<xs:attribute name=\"PortName\" type=\"xs:NCName\"/>"))
            \(simple(
                "Relationship", "xs:anyURI",
                "<xs:attribute name=\"RelationshipType\" type=\"xs:QName\"/>"))
            <xs:attribute name="Action" type="xs:anyURI"/>
            """)
    }()
}
