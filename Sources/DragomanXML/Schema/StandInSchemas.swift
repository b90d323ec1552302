// SPDX-License-Identifier: Apache-2.0
// Standard namespaces that contracts import by the address of a file with a DOCTYPE, or of no file
// that they bring: tables of our own, used only where the contract has no file that can be read.

enum StandInSchemas {
    static let signature = "http://www.w3.org/2000/09/xmldsig#"
    static let encryption = "http://www.w3.org/2001/04/xmlenc#"
    private static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    private static let envelope11 = "http://schemas.xmlsoap.org/soap/envelope/"
    private static let envelope12 = "http://www.w3.org/2003/05/soap-envelope"
    private static let mime = "http://www.w3.org/2005/05/xmlmime"
    private static let include = "http://www.w3.org/2004/08/xop/include"
    private static let link = "http://www.w3.org/1999/xlink"
    /// Of DIME attachments.
    private static let reference = "http://schemas.xmlsoap.org/ws/2002/04/reference/"
    private static let attachments = "http://ws-i.org/profiles/basic/1.1/xsd"

    private static let texts: [String: String] = [
        signature: SignatureSchema.text, encryption: EncryptionSchema.text,
        exclusive: exclusiveText, envelope11: envelope11Text, envelope12: envelope12Text,
        mime: mimeText, include: includeText, link: linkText, attachments: attachmentsText,
        reference: "<xs:attribute name=\"location\" type=\"xs:anyURI\"/>",
        SecuritySchemas.utility: SecuritySchemas.utilityText,
        SecuritySchemas.extension: SecuritySchemas.extensionText,
    ]

    static func has(_ namespace: String) -> Bool { texts[namespace] != nil }

    static func load(_ namespace: String, to set: SchemaSet) {
        guard let text = texts[namespace] else { return }
        BuiltInSchemas.load(BuiltInSchemas.schema(namespace, text), namespace, to: set)
    }

    private static let exclusiveText = """
        <xs:element name="InclusiveNamespaces" type="t:InclusiveNamespaces"/>
        <xs:complexType name="InclusiveNamespaces">
          <xs:attribute name="PrefixList" type="xs:NMTOKENS"/></xs:complexType>
        """

    private static let bags = """
        <xs:element name="Header" type="t:Header"/><xs:element name="Body" type="t:Body"/>
        <xs:element name="Envelope" type="t:Envelope"/><xs:element name="Fault" type="t:Fault"/>
        <xs:attribute name="encodingStyle" type="xs:anyURI"/>
        <xs:complexType name="Header"><xs:sequence>
          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence><xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>
        <xs:complexType name="Body"><xs:sequence>
          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence><xs:anyAttribute namespace="##any" processContents="lax"/></xs:complexType>
        """

    private static let envelope11Text = """
        \(bags)
        <xs:attribute name="mustUnderstand"><xs:simpleType><xs:restriction base="xs:boolean">
          <xs:pattern value="0|1"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="actor" type="xs:anyURI"/>
        <xs:attributeGroup name="encodingStyle"><xs:attribute ref="t:encodingStyle"/>
          </xs:attributeGroup>
        <xs:complexType name="Envelope"><xs:sequence>
          <xs:element ref="t:Header" minOccurs="0"/><xs:element ref="t:Body"/>
          <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence><xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>
        <xs:complexType name="Fault"><xs:sequence>
          <xs:element name="faultcode" type="xs:QName" form="unqualified"/>
          <xs:element name="faultstring" type="xs:string" form="unqualified"/>
          <xs:element name="faultactor" type="xs:anyURI" minOccurs="0" form="unqualified"/>
          <xs:element name="detail" type="t:detail" minOccurs="0" form="unqualified"/>
          </xs:sequence></xs:complexType>
        <xs:complexType name="detail"><xs:sequence>
          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence><xs:anyAttribute namespace="##any" processContents="lax"/></xs:complexType>
        """

    private static let envelope12Text = """
        <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
        \(bags)
        <xs:attribute name="mustUnderstand" type="xs:boolean" default="0"/>
        <xs:attribute name="relay" type="xs:boolean" default="0"/>
        <xs:attribute name="role" type="xs:anyURI"/>
        <xs:complexType name="Envelope"><xs:sequence>
          <xs:element ref="t:Header" minOccurs="0"/><xs:element ref="t:Body"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType>
        <xs:complexType name="Fault"><xs:sequence>
          <xs:element name="Code" type="t:faultcode"/>
          <xs:element name="Reason" type="t:faultreason"/>
          <xs:element name="Node" type="xs:anyURI" minOccurs="0"/>
          <xs:element name="Role" type="xs:anyURI" minOccurs="0"/>
          <xs:element name="Detail" type="t:detail" minOccurs="0"/></xs:sequence></xs:complexType>
        <xs:complexType name="faultcode"><xs:sequence>
          <xs:element name="Value" type="xs:QName"/>
          <xs:element name="Subcode" type="t:subcode" minOccurs="0"/></xs:sequence>
          </xs:complexType>
        <xs:complexType name="subcode"><xs:sequence>
          <xs:element name="Value" type="xs:QName"/>
          <xs:element name="Subcode" type="t:subcode" minOccurs="0"/></xs:sequence>
          </xs:complexType>
        <xs:complexType name="faultreason"><xs:sequence>
          <xs:element name="Text" type="t:reasontext" maxOccurs="unbounded"/></xs:sequence>
          </xs:complexType>
        <xs:complexType name="reasontext"><xs:simpleContent><xs:extension base="xs:string">
          <xs:attribute ref="xml:lang" use="required"/></xs:extension></xs:simpleContent>
          </xs:complexType>
        <xs:complexType name="detail"><xs:sequence>
          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence><xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>
        """

    private static let mimeText = """
        <xs:attribute name="contentType"><xs:simpleType><xs:restriction base="xs:string">
          <xs:minLength value="3"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="expectedContentTypes" type="xs:string"/>
        <xs:complexType name="base64Binary"><xs:simpleContent>
          <xs:extension base="xs:base64Binary"><xs:attribute ref="t:contentType"/>
          </xs:extension></xs:simpleContent></xs:complexType>
        <xs:complexType name="hexBinary"><xs:simpleContent>
          <xs:extension base="xs:hexBinary"><xs:attribute ref="t:contentType"/>
          </xs:extension></xs:simpleContent></xs:complexType>
        """

    private static let includeText = """
        <xs:element name="Include" type="t:Include"/>
        <xs:complexType name="Include"><xs:sequence>
          <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="href" type="xs:anyURI" use="required"/>
          <xs:anyAttribute namespace="##other"/></xs:complexType>
        """

    private static let linkText = """
        <xs:attribute name="type" type="xs:string"/>
        <xs:attribute name="href" type="xs:anyURI"/>
        <xs:attribute name="role" type="xs:anyURI"/>
        <xs:attribute name="arcrole" type="xs:anyURI"/>
        <xs:attribute name="title" type="xs:string"/>
        <xs:attribute name="label" type="xs:string"/>
        <xs:attribute name="from" type="xs:string"/>
        <xs:attribute name="to" type="xs:string"/>
        <xs:attribute name="show" type="xs:token"/><xs:attribute name="actuate" type="xs:token"/>
        \(simpleLink("simpleLink"))\(simpleLink("simpleAttrs"))
        """

    /// The XLink of W3C and of OGC call it by different names.
    private static func simpleLink(_ name: String) -> String {
        """
        <xs:attributeGroup name="\(name)">
          <xs:attribute ref="t:type"/><xs:attribute ref="t:href"/>
          <xs:attribute ref="t:role"/><xs:attribute ref="t:arcrole"/>
          <xs:attribute ref="t:title"/><xs:attribute ref="t:show"/>
          <xs:attribute ref="t:actuate"/></xs:attributeGroup>
        """
    }

    private static let attachmentsText = """
        <xs:simpleType name="swaRef"><xs:restriction base="xs:anyURI"/></xs:simpleType>
        """
}
