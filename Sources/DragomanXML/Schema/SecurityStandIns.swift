// SPDX-License-Identifier: Apache-2.0
// XML Signature, XML Encryption and WS-Security as tables: what contracts import by address, and
// of which the W3C's own files have a DOCTYPE.

/// http://www.w3.org/TR/2002/REC-xmldsig-core-20020212
enum SignatureSchema {
    private static let anyOther = """
        <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
        """
    private static let id = "<xs:attribute name=\"Id\" type=\"xs:ID\"/>"
    private static let algorithm = """
        <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        """

    /// Each of these elements has the type of its name with `Type` behind it.
    private static let elements = [
        "Signature", "SignatureValue", "SignedInfo", "CanonicalizationMethod", "SignatureMethod",
        "Reference", "Transforms", "Transform", "DigestMethod", "DigestValue", "KeyInfo",
        "KeyValue", "RetrievalMethod", "X509Data", "PGPData", "SPKIData", "Object", "Manifest",
        "SignatureProperties", "SignatureProperty", "DSAKeyValue", "RSAKeyValue",
    ].map { "<xs:element name=\"\($0)\" type=\"t:\($0)Type\"/>" }.joined()

    static let text = elements + signing + referring + keys + objects

    private static let signing = """
        <xs:element name="KeyName" type="xs:string"/><xs:element name="MgmtData" type="xs:string"/>
        <xs:simpleType name="CryptoBinary"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:simpleType name="DigestValueType"><xs:restriction base="xs:base64Binary"/>
          </xs:simpleType>
        <xs:simpleType name="HMACOutputLengthType"><xs:restriction base="xs:integer"/>
          </xs:simpleType>
        <xs:complexType name="SignatureType"><xs:sequence>
          <xs:element ref="t:SignedInfo"/><xs:element ref="t:SignatureValue"/>
          <xs:element ref="t:KeyInfo" minOccurs="0"/>
          <xs:element ref="t:Object" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>\(id)
          </xs:complexType>
        <xs:complexType name="SignatureValueType"><xs:simpleContent>
          <xs:extension base="xs:base64Binary">\(id)</xs:extension></xs:simpleContent>
          </xs:complexType>
        <xs:complexType name="SignedInfoType"><xs:sequence>
          <xs:element ref="t:CanonicalizationMethod"/><xs:element ref="t:SignatureMethod"/>
          <xs:element ref="t:Reference" maxOccurs="unbounded"/></xs:sequence>\(id)
          </xs:complexType>
        <xs:complexType name="CanonicalizationMethodType" mixed="true"><xs:sequence>
          <xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          \(algorithm)</xs:complexType>
        <xs:complexType name="SignatureMethodType" mixed="true"><xs:sequence>
          <xs:element name="HMACOutputLength" type="t:HMACOutputLengthType" minOccurs="0"/>
          <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          \(algorithm)</xs:complexType>
        """

    private static let referring = """
        <xs:complexType name="ReferenceType"><xs:sequence>
          <xs:element ref="t:Transforms" minOccurs="0"/><xs:element ref="t:DigestMethod"/>
          <xs:element ref="t:DigestValue"/></xs:sequence>\(id)
          <xs:attribute name="URI" type="xs:anyURI"/><xs:attribute name="Type" type="xs:anyURI"/>
          </xs:complexType>
        <xs:complexType name="TransformsType"><xs:sequence>
          <xs:element ref="t:Transform" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
        <xs:complexType name="TransformType" mixed="true">
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:any namespace="##other" processContents="lax"/>
            <xs:element name="XPath" type="xs:string"/></xs:choice>\(algorithm)</xs:complexType>
        <xs:complexType name="DigestMethodType" mixed="true"><xs:sequence>\(anyOther)
          </xs:sequence>\(algorithm)</xs:complexType>
        """

    private static let keys = """
        <xs:complexType name="KeyInfoType" mixed="true"><xs:choice maxOccurs="unbounded">
          <xs:element ref="t:KeyName"/><xs:element ref="t:KeyValue"/>
          <xs:element ref="t:RetrievalMethod"/><xs:element ref="t:X509Data"/>
          <xs:element ref="t:PGPData"/><xs:element ref="t:SPKIData"/>
          <xs:element ref="t:MgmtData"/><xs:any processContents="lax" namespace="##other"/>
          </xs:choice>\(id)</xs:complexType>
        <xs:complexType name="KeyValueType" mixed="true"><xs:choice>
          <xs:element ref="t:DSAKeyValue"/><xs:element ref="t:RSAKeyValue"/>
          <xs:any namespace="##other" processContents="lax"/></xs:choice></xs:complexType>
        <xs:complexType name="RetrievalMethodType"><xs:sequence>
          <xs:element ref="t:Transforms" minOccurs="0"/></xs:sequence>
          <xs:attribute name="URI" type="xs:anyURI"/><xs:attribute name="Type" type="xs:anyURI"/>
          </xs:complexType>
        <xs:complexType name="X509DataType"><xs:sequence maxOccurs="unbounded"><xs:choice>
          <xs:element name="X509IssuerSerial" type="t:X509IssuerSerialType"/>
          <xs:element name="X509SKI" type="xs:base64Binary"/>
          <xs:element name="X509SubjectName" type="xs:string"/>
          <xs:element name="X509Certificate" type="xs:base64Binary"/>
          <xs:element name="X509CRL" type="xs:base64Binary"/>
          <xs:any namespace="##other" processContents="lax"/></xs:choice></xs:sequence>
          </xs:complexType>
        <xs:complexType name="X509IssuerSerialType"><xs:sequence>
          <xs:element name="X509IssuerName" type="xs:string"/>
          <xs:element name="X509SerialNumber" type="xs:integer"/></xs:sequence></xs:complexType>
        <xs:complexType name="PGPDataType"><xs:choice>
          <xs:sequence><xs:element name="PGPKeyID" type="xs:base64Binary"/>
            <xs:element name="PGPKeyPacket" type="xs:base64Binary" minOccurs="0"/>\(anyOther)
            </xs:sequence>
          <xs:sequence><xs:element name="PGPKeyPacket" type="xs:base64Binary"/>\(anyOther)
            </xs:sequence></xs:choice></xs:complexType>
        <xs:complexType name="SPKIDataType"><xs:sequence maxOccurs="unbounded">
          <xs:element name="SPKISexp" type="xs:base64Binary"/>
          <xs:any namespace="##other" processContents="lax" minOccurs="0"/></xs:sequence>
          </xs:complexType>
        <xs:complexType name="DSAKeyValueType"><xs:sequence>
          <xs:sequence minOccurs="0"><xs:element name="P" type="t:CryptoBinary"/>
            <xs:element name="Q" type="t:CryptoBinary"/></xs:sequence>
          <xs:element name="G" type="t:CryptoBinary" minOccurs="0"/>
          <xs:element name="Y" type="t:CryptoBinary"/>
          <xs:element name="J" type="t:CryptoBinary" minOccurs="0"/>
          <xs:sequence minOccurs="0"><xs:element name="Seed" type="t:CryptoBinary"/>
            <xs:element name="PgenCounter" type="t:CryptoBinary"/></xs:sequence></xs:sequence>
          </xs:complexType>
        <xs:complexType name="RSAKeyValueType"><xs:sequence>
          <xs:element name="Modulus" type="t:CryptoBinary"/>
          <xs:element name="Exponent" type="t:CryptoBinary"/></xs:sequence></xs:complexType>
        """

    private static let objects = """
        <xs:complexType name="ObjectType" mixed="true">
          <xs:sequence minOccurs="0" maxOccurs="unbounded">
            <xs:any namespace="##any" processContents="lax"/></xs:sequence>\(id)
          <xs:attribute name="MimeType" type="xs:string"/>
          <xs:attribute name="Encoding" type="xs:anyURI"/></xs:complexType>
        <xs:complexType name="ManifestType"><xs:sequence>
          <xs:element ref="t:Reference" maxOccurs="unbounded"/></xs:sequence>\(id)
          </xs:complexType>
        <xs:complexType name="SignaturePropertiesType"><xs:sequence>
          <xs:element ref="t:SignatureProperty" maxOccurs="unbounded"/></xs:sequence>\(id)
          </xs:complexType>
        <xs:complexType name="SignaturePropertyType" mixed="true">
          <xs:choice maxOccurs="unbounded"><xs:any namespace="##other" processContents="lax"/>
            </xs:choice>
          <xs:attribute name="Target" type="xs:anyURI" use="required"/>\(id)</xs:complexType>
        """
}

/// http://www.w3.org/TR/2002/REC-xmlenc-core-20021210
enum EncryptionSchema {
    static let text = """
        <xs:import namespace="\(StandInSchemas.signature)"/>
        <xs:element name="EncryptedData" type="t:EncryptedDataType"/>
        <xs:element name="EncryptedKey" type="t:EncryptedKeyType"/>
        <xs:element name="CipherData" type="t:CipherDataType"/>
        <xs:element name="CipherReference" type="t:CipherReferenceType"/>
        <xs:element name="AgreementMethod" type="t:AgreementMethodType"/>
        <xs:element name="EncryptionProperties" type="t:EncryptionPropertiesType"/>
        <xs:element name="EncryptionProperty" type="t:EncryptionPropertyType"/>
        <xs:element name="ReferenceList"><xs:complexType><xs:choice maxOccurs="unbounded">
          <xs:element name="DataReference" type="t:ReferenceType"/>
          <xs:element name="KeyReference" type="t:ReferenceType"/></xs:choice></xs:complexType>
          </xs:element>
        <xs:complexType name="EncryptedType" abstract="true"><xs:sequence>
          <xs:element name="EncryptionMethod" type="t:EncryptionMethodType" minOccurs="0"/>
          <xs:element xmlns:ds="\(StandInSchemas.signature)" ref="ds:KeyInfo" minOccurs="0"/>
          <xs:element ref="t:CipherData"/>
          <xs:element ref="t:EncryptionProperties" minOccurs="0"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/><xs:attribute name="Type" type="xs:anyURI"/>
          <xs:attribute name="MimeType" type="xs:string"/>
          <xs:attribute name="Encoding" type="xs:anyURI"/></xs:complexType>
        <xs:simpleType name="KeySizeType"><xs:restriction base="xs:integer"/></xs:simpleType>
        <xs:complexType name="EncryptionMethodType" mixed="true"><xs:sequence>
          <xs:element name="KeySize" type="t:KeySizeType" minOccurs="0"/>
          <xs:element name="OAEPparams" type="xs:base64Binary" minOccurs="0"/>
          <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:complexType name="CipherDataType"><xs:choice>
          <xs:element name="CipherValue" type="xs:base64Binary"/>
          <xs:element ref="t:CipherReference"/></xs:choice></xs:complexType>
        <xs:complexType name="CipherReferenceType"><xs:choice>
          <xs:element name="Transforms" type="t:TransformsType" minOccurs="0"/></xs:choice>
          <xs:attribute name="URI" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:complexType name="TransformsType"><xs:sequence>
          <xs:element xmlns:ds="\(StandInSchemas.signature)" ref="ds:Transform"
            maxOccurs="unbounded"/></xs:sequence></xs:complexType>
        <xs:complexType name="EncryptedDataType"><xs:complexContent>
          <xs:extension base="t:EncryptedType"/></xs:complexContent></xs:complexType>
        <xs:complexType name="EncryptedKeyType"><xs:complexContent>
          <xs:extension base="t:EncryptedType"><xs:sequence>
            <xs:element ref="t:ReferenceList" minOccurs="0"/>
            <xs:element name="CarriedKeyName" type="xs:string" minOccurs="0"/></xs:sequence>
            <xs:attribute name="Recipient" type="xs:string"/></xs:extension></xs:complexContent>
          </xs:complexType>
        <xs:complexType name="AgreementMethodType" mixed="true"><xs:sequence>
          <xs:element name="KA-Nonce" type="xs:base64Binary" minOccurs="0"/>
          <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element xmlns:ds="\(StandInSchemas.signature)" name="OriginatorKeyInfo"
            type="ds:KeyInfoType" minOccurs="0"/>
          <xs:element xmlns:ds="\(StandInSchemas.signature)" name="RecipientKeyInfo"
            type="ds:KeyInfoType" minOccurs="0"/></xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:complexType name="ReferenceType"><xs:sequence>
          <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="URI" type="xs:anyURI" use="required"/></xs:complexType>
        <xs:complexType name="EncryptionPropertiesType"><xs:sequence>
          <xs:element ref="t:EncryptionProperty" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/></xs:complexType>
        <xs:complexType name="EncryptionPropertyType" mixed="true">
          <xs:choice maxOccurs="unbounded"><xs:any namespace="##other" processContents="lax"/>
            </xs:choice><xs:attribute name="Target" type="xs:anyURI"/>
          <xs:attribute name="Id" type="xs:ID"/>
          <xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace"/></xs:complexType>
        """
}

/// OASIS WS-Security 2004 (SOAP Message Security 1.0 and 1.1): both files import the W3C's.
enum SecuritySchemas {
    private static let base = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"
    static let utility = base + "utility-1.0.xsd"
    static let `extension` = base + "secext-1.0.xsd"

    static let utilityText = """
        <xs:attribute name="Id" type="xs:ID"/>
        <xs:attributeGroup name="commonAtts"><xs:attribute ref="t:Id"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/></xs:attributeGroup>
        <xs:simpleType name="tTimestampFault"><xs:restriction base="xs:QName">
          <xs:enumeration value="t:MessageExpired"/></xs:restriction></xs:simpleType>
        <xs:complexType name="AttributedDateTime"><xs:simpleContent>
          <xs:extension base="xs:string"><xs:attributeGroup ref="t:commonAtts"/></xs:extension>
          </xs:simpleContent></xs:complexType>
        <xs:complexType name="AttributedURI"><xs:simpleContent>
          <xs:extension base="xs:anyURI"><xs:attributeGroup ref="t:commonAtts"/></xs:extension>
          </xs:simpleContent></xs:complexType>
        <xs:complexType name="TimestampType"><xs:sequence>
          <xs:element ref="t:Created" minOccurs="0"/><xs:element ref="t:Expires" minOccurs="0"/>
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:any namespace="##other" processContents="lax"/></xs:choice></xs:sequence>
          <xs:attributeGroup ref="t:commonAtts"/></xs:complexType>
        <xs:element name="Timestamp" type="t:TimestampType"/>
        <xs:element name="Created" type="t:AttributedDateTime"/>
        <xs:element name="Expires" type="t:AttributedDateTime"/>
        """

    private static let common = """
        <xs:attribute xmlns:wsu="\(utility)" ref="wsu:Id"/>
        <xs:anyAttribute namespace="##other" processContents="lax"/>
        """
    private static let anything = """
        <xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
        """

    private static func text(_ name: String, _ base: String, _ attributes: String) -> String {
        """
        <xs:complexType name="\(name)"><xs:simpleContent><xs:extension base="\(base)">\(attributes)
          </xs:extension></xs:simpleContent></xs:complexType>
        """
    }

    private static func uri(_ name: String) -> String {
        "<xs:attribute name=\"\(name)\" type=\"xs:anyURI\"/>"
    }

    static let extensionText = """
        <xs:import namespace="\(utility)"/><xs:import namespace="\(StandInSchemas.signature)"/>
        <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
        \(text("AttributedString", "xs:string", common))
        \(text("PasswordString", "t:AttributedString", uri("Type")))
        \(text("EncodedString", "t:AttributedString", uri("EncodingType")))
        \(text("BinarySecurityTokenType", "t:EncodedString", uri("ValueType")))
        \(text("KeyIdentifierType", "t:EncodedString", uri("ValueType")))
        <xs:simpleType name="tUsage"><xs:list itemType="xs:anyURI"/></xs:simpleType>
        <xs:attribute name="Usage" type="t:tUsage"/>
        <xs:complexType name="UsernameTokenType"><xs:sequence>
          <xs:element name="Username" type="t:AttributedString"/>\(anything)</xs:sequence>\(common)
          </xs:complexType>
        <xs:complexType name="ReferenceType">\(uri("URI"))\(uri("ValueType"))
          <xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType>
        <xs:complexType name="EmbeddedType"><xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:any processContents="lax"/></xs:choice>\(uri("ValueType"))\(common)
          </xs:complexType>
        <xs:complexType name="SecurityTokenReferenceType">
          <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:any processContents="lax"/>
            </xs:choice><xs:attribute ref="t:Usage"/>\(common)</xs:complexType>
        <xs:complexType name="SecurityHeaderType"><xs:sequence>\(anything)</xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType>
        <xs:complexType name="TransformationParametersType"><xs:sequence>\(anything)
          </xs:sequence><xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>
        <xs:element name="UsernameToken" type="t:UsernameTokenType"/>
        <xs:element name="BinarySecurityToken" type="t:BinarySecurityTokenType"/>
        <xs:element name="Reference" type="t:ReferenceType"/>
        <xs:element name="Embedded" type="t:EmbeddedType"/>
        <xs:element name="KeyIdentifier" type="t:KeyIdentifierType"/>
        <xs:element name="SecurityTokenReference" type="t:SecurityTokenReferenceType"/>
        <xs:element name="Security" type="t:SecurityHeaderType"/>
        <xs:element name="TransformationParameters" type="t:TransformationParametersType"/>
        <xs:element name="Password" type="t:PasswordString"/>
        <xs:element name="Nonce" type="t:EncodedString"/>
        """
}
