// SPDX-License-Identifier: Apache-2.0
// Contracts whose policies ask for security, as WCF, CXF and Metro write them: what import says,
// and that what it suggests is a configuration.

import Foundation
import Testing

@Suite("Import of policies", .serialized)
struct ImportPolicyTests {
    private static let head = """
        <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:p" targetNamespace="urn:p"
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
            xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"
            xmlns:wsp15="http://www.w3.org/ns/ws-policy"
            xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
            xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
            xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"
            xmlns:h="http://schemas.microsoft.com/ws/06/2004/policy/http">
          <types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:p">
            <xs:element name="Ask" type="xs:string"/>
          </xs:schema></types>
          <message name="M"><wsp:PolicyReference URI="#on-message"/>
            <part name="body" element="t:Ask"/></message>
          <wsp:Policy u:Id="on-message"><sp:RequiredElements/></wsp:Policy>
        """

    /// `port`, `binding`, `operation` and `input`: what stands in each.
    private static func contract(
        _ policies: String, port: String = "", binding: String = "", input: String = "",
        attribute: String = ""
    ) -> String {
        head + """
            \(policies)
            <portType name="Desk"\(attribute)><operation name="Ask"><input message="t:M"/>
              <output message="t:M"/></operation></portType>
            <binding name="Desk" type="t:Desk">\(binding)
              <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
              <operation name="Ask"><soap:operation soapAction="urn:ask"/>
                <input>\(input)<soap:body use="literal"/></input>
                <output><soap:body use="literal"/></output></operation>
            </binding>
            <service name="Desk">
              <wsp:Policy><wsp:All><sp:RequiredParts/><sp:Unheard wsp:Optional="1"/></wsp:All></wsp:Policy>
              <port name="Desk" binding="t:Desk">\(port)
              <soap:address location="https://desk.internal/soap"/></port></service>
            </definitions>
            """
    }

    /// The report, the suggested upstream as gateway.yaml has it, and whether check takes it.
    private func imported(
        _ contract: String
    ) throws -> (report: String, settings: String, check: String) {
        let folder = try TemporaryFolder()
        try folder.write(contract, to: "desk.wsdl")
        let into = folder.path + "/api"
        let made = try RunningProcess.run(
            Project.binary, ["import", folder.path + "/desk.wsdl", "--into", into])
        #expect(made.code == 0, "\(made.errors)")
        let report = made.output + made.errors
        let mapping = try String(contentsOfFile: into + "/mappings/desk.yaml", encoding: .utf8)
        let comments = mapping.split(separator: "\n").filter { $0.hasPrefix("#   ") }
            .map { $0.dropFirst(2) }
        guard !comments.isEmpty else { return (report, "", "") }
        var yaml = comments.joined(separator: "\n")
        yaml = yaml.replacingOccurrences(
            of: "    desk:\n", with: "    desk:\n      url: https://desk.internal/soap\n")
        yaml = yaml.split(separator: "\n").map { String($0.dropFirst(2)) }.joined(separator: "\n")
        try folder.write("listen: 127.0.0.1:0\n" + yaml + "\n", to: "api/gateway.yaml")
        let script = """
            cd '\(into)' && for n in me backend; do openssl req -x509 -nodes -days 2 -subj /CN=$n \
              -addext subjectKeyIdentifier=hash -newkey rsa:2048 -keyout $n.key -out $n.pem; done
            echo '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>' >assertion.xml
            DESK_PASSWORD=x '\(Project.binary)' check --config gateway.yaml
            """
        let check = try RunningProcess.run("sh", ["-c", script])
        return (report, yaml, check.code == 0 ? "fine" : check.output + check.errors + yaml)
    }

    @Test("messages signed and encrypted by certificates (CXF, Metro), referred to in parts")
    func asymmetric() throws {
        let token = { (use: String, more: String) in
            """
            <sp:\(use)><wsp:Policy><sp:X509Token sp:IncludeToken="x"><wsp:Policy>
              <sp:WssX509V3Token10/>\(more)</wsp:Policy></sp:X509Token></wsp:Policy></sp:\(use)>
            """
        }
        let result = try imported(
            Self.contract(
                """
                <wsp:Policy u:Id="bind"><wsp:ExactlyOne><wsp:All>
                  <wsaw:UsingAddressing/>
                  <sp:AsymmetricBinding><wsp:Policy>
                    \(token("InitiatorToken", ""))
                    \(token("RecipientToken", "<sp:RequireThumbprintReference/>"))
                    <sp:AlgorithmSuite><wsp:Policy><sp:Basic128Sha256Rsa15/></wsp:Policy>
                    </sp:AlgorithmSuite>
                    <sp:Layout><wsp:Policy><sp:Strict/></wsp:Policy></sp:Layout>
                    <sp:IncludeTimestamp/><sp:EncryptSignature/>
                  </wsp:Policy></sp:AsymmetricBinding>
                  <sp:SignedEncryptedSupportingTokens><wsp:Policy><sp:UsernameToken><wsp:Policy>
                    <sp:HashPassword/></wsp:Policy></sp:UsernameToken></wsp:Policy>
                  </sp:SignedEncryptedSupportingTokens>
                </wsp:All></wsp:ExactlyOne></wsp:Policy>
                <wsp:Policy u:Id="in"><sp:SignedParts><sp:Body/>
                  <sp:Header Name="To" Namespace="http://www.w3.org/2005/08/addressing"/>
                  </sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts></wsp:Policy>
                """, binding: ##"<wsp:PolicyReference URI="#bind"/>"##,
                input: ##"<wsp:PolicyReference URI="#in"/>"##))
        #expect(result.check == "fine")
        #expect(
            result.report.contains("asks for a Timestamp, a UsernameToken, a signature, encryption")
        )
        #expect(result.report.contains("bears WS-Addressing's headers"))
        #expect(!result.report.contains("not carried"), "\(result.report)")
        for line in [
            "timestamp: 5m",
            "username: { name: me, password: { env: DESK_PASSWORD }, type: digest }",
            "sign: { certificate: me.pem, key: me.key, parts: [body, timestamp, username, addressing] }",
            "encrypt: { certificate: backend.pem, parts: [body, username, signature], "
                + "algorithm: aes128-cbc, key_transport: rsa-1_5, key_identifier: thumbprint }",
            "decrypt: { key: me.key, allow_rsa_1_5: true }",
            "verify: { certificate: backend.pem }",
        ] { #expect(result.settings.contains(line), "\(result.settings)") }
    }

    @Test("HTTPS with a user name (WCF), by the first alternative that is carried")
    func transport() throws {
        let result = try imported(
            Self.contract(
                """
                <wsp15:Policy xml:id="all"><wsp15:ExactlyOne>
                  <wsp15:All><sp:SymmetricBinding/></wsp15:All>
                  <wsp15:All>
                    <sp:TransportBinding><wsp15:Policy><sp:TransportToken><wsp15:Policy>
                      <sp:HttpsToken RequireClientCertificate="true"/></wsp15:Policy>
                    </sp:TransportToken><sp:AlgorithmSuite><wsp15:Policy><sp:Basic256/>
                    </wsp15:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/></wsp15:Policy>
                    </sp:TransportBinding>
                    <wsp15:PolicyReference URI="#user"/>
                    <sp:EndorsingSupportingTokens wsp15:Optional="true"><wsp15:Policy>
                      <sp:IssuedToken/></wsp15:Policy></sp:EndorsingSupportingTokens>
                  </wsp15:All>
                </wsp15:ExactlyOne></wsp15:Policy>
                <wsp15:Policy u:Id="user"><sp:SignedSupportingTokens><wsp15:Policy>
                  <sp:UsernameToken/></wsp15:Policy></sp:SignedSupportingTokens>
                  <wsp15:PolicyReference URI="#all"/></wsp15:Policy>
                """, attribute: ##" wsp15:PolicyURIs="#all urn:gone""##))
        #expect(result.check == "fine")
        #expect(result.report.contains("asks for HTTPS, a client certificate, a Timestamp, a User"))
        #expect(result.report.contains("refers to urn:gone, which the contract does not have"))
        #expect(!result.report.contains("not carried"), "\(result.report)")
        #expect(result.settings.contains("tls: { certificate: me.pem, key: me.key }"))
        #expect(!result.settings.contains("sign:"))
    }

    @Test("policies of services and messages", arguments: ["service", "message"])
    func places(_ place: String) throws {
        let policy = "<wsp:Policy><sp:KerberosToken/></wsp:Policy>"
        let text = Self.contract("")
        let result = try imported(
            place == "service"
                ? text.replacingOccurrences(
                    of: #"<service name="Desk">"#, with: #"<service name="Desk">\#(policy)"#)
                : text.replacingOccurrences(
                    of: #"<message name="M">"#, with: #"<message name="M">\#(policy)"#))
        #expect(result.report.contains("asks for KerberosToken, which is not carried"))
    }

    @Test("what is not carried is named; what is optional is not asked for")
    func uncarried() throws {
        let result = try imported(
            Self.contract(
                """
                <wsp:Policy u:Id="p"><wsp:ExactlyOne><wsp:All>
                  <sp:SymmetricBinding><wsp:Policy><sp:ProtectionToken/></wsp:Policy>
                  </sp:SymmetricBinding><sp:SignedParts><sp:Body/></sp:SignedParts>
                  <h:NegotiateAuthentication/>
                  <wsp:ExactlyOne><wsp:All><sp:IncludeTimestamp/></wsp:All><wsp:All/>
                  </wsp:ExactlyOne>
                </wsp:All></wsp:ExactlyOne></wsp:Policy>
                """, port: ##"<wsp:PolicyReference URI="#p"/>"##))
        #expect(
            result.report.contains(
                "asks for SymmetricBinding, NegotiateAuthentication, which is not carried"))
        #expect(result.settings.isEmpty)
        let basic = try imported(
            Self.contract(
                #"<wsp:Policy Name="urn:basic"><h:BasicAuthentication/></wsp:Policy>"#,
                binding: #"<wsp:PolicyReference URI="urn:basic"/>"#))
        #expect(basic.check == "fine")
        #expect(basic.settings.contains("credentials: { basic: { username: me"))
    }

    @Test(
        "contracts of the suites",
        .enabled(if: Contracts.hasSuites, "the suites are absent"),
        arguments: [
            (
                "kdsoap/dwservice_12_wsdl/DWService_12.wsdl",
                "asks for SymmetricBinding"
            ),
            (
                "cxf/testutils/src/main/resources/wsdl/greeter_control.wsdl",
                "bears WS-Addressing's headers"
            ),
        ])
    func suites(_ path: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        let made = try RunningProcess.run(
            Project.binary,
            [
                "import", "\(Contracts.suites)/wsdl/\(path)", "--into", folder.path + "/api", "-I",
                "\(Contracts.suites)/wsdl/catalog",
            ])
        let report = made.output + made.errors
        #expect(report.contains(words), "\(path): \(report)")
    }
}
