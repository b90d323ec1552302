// SPDX-License-Identifier: Apache-2.0
// A contract of ours with what the SOAP tests need: both versions, headers, faults, one-way, rpc.

enum OrdersWSDL {
    static let text = """
        <?xml version="1.0"?>
        <definitions name="Orders" targetNamespace="urn:orders" xmlns:t="urn:orders"
            xmlns="http://schemas.xmlsoap.org/wsdl/"
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
            xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
            xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <documentation>Takes orders. And more.</documentation>
          <types>
            <xs:schema targetNamespace="urn:orders" elementFormDefault="qualified">
              <xs:complexType name="Line">
                <xs:sequence>
                  <xs:element name="Item" type="xs:string"/>
                  <xs:element name="Qty" type="xs:int" minOccurs="0"/>
                </xs:sequence>
              </xs:complexType>
              <xs:element name="PlaceOrder"><xs:complexType><xs:sequence>
                <xs:element name="Number" type="xs:string"/>
                <xs:element name="Line" type="t:Line" minOccurs="0" maxOccurs="unbounded"/>
              </xs:sequence></xs:complexType></xs:element>
              <xs:element name="PlaceOrderResponse"><xs:complexType><xs:sequence>
                <xs:element name="Id" type="xs:long"/>
                <xs:element name="Total" type="xs:decimal" minOccurs="0"/>
              </xs:sequence></xs:complexType></xs:element>
              <xs:element name="GetOrder"><xs:complexType><xs:sequence>
                <xs:element name="Id" type="xs:long"/>
                <xs:element name="Field" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
              </xs:sequence><xs:attribute name="verbose" type="xs:boolean"/>
              </xs:complexType></xs:element>
              <xs:element name="GetOrderResponse" type="xs:string" nillable="true"/>
              <xs:element name="Ping" type="xs:string"/>
              <xs:element name="Auth"><xs:complexType><xs:sequence>
                <xs:element name="UserName" type="xs:string"/>
                <xs:element name="Pin" type="xs:int" minOccurs="0"/>
              </xs:sequence></xs:complexType></xs:element>
              <xs:element name="Trace" type="xs:string"/>
              <xs:element name="OrderNotFound"><xs:complexType><xs:sequence>
                <xs:element name="id" type="xs:long"/>
              </xs:sequence></xs:complexType></xs:element>
            </xs:schema>
          </types>
          <message name="PlaceIn"><part name="body" element="t:PlaceOrder"/></message>
          <message name="PlaceOut"><part name="body" element="t:PlaceOrderResponse"/></message>
          <message name="GetIn"><part name="body" element="t:GetOrder"/></message>
          <message name="GetOut"><part name="body" element="t:GetOrderResponse"/></message>
          <message name="PingIn"><part name="body" element="t:Ping"/></message>
          <message name="AuthHeader"><part name="Auth" element="t:Auth"/></message>
          <message name="TraceHeader"><part name="Trace" element="t:Trace"/></message>
          <message name="NotFound"><part name="fault" element="t:OrderNotFound"/></message>
          <message name="AddIn">
            <part name="a" type="xs:int"/><part name="b" type="xs:int"/></message>
          <message name="AddOut"><part name="sum" type="xs:int"/></message>
          <message name="Nothing"/>
          <message name="Two">
            <part name="first" element="t:Ping"/><part name="second" element="t:Trace"/></message>
          <portType name="OrdersPort">
            <operation name="PlaceOrder">
              <documentation>Places an order. It is kept for a year.</documentation>
              <input message="t:PlaceIn"/><output message="t:PlaceOut"/>
              <fault name="NotFound" message="t:NotFound"/>
            </operation>
            <operation name="GetOrder">
              <input message="t:GetIn"/><output message="t:GetOut"/>
              <fault name="NotFound" message="t:NotFound"/>
            </operation>
            <operation name="Ping"><input message="t:PingIn"/></operation>
            <operation name="Add">
              <input message="t:AddIn"/><output message="t:AddOut"/></operation>
            <operation name="Reset">
              <input message="t:Nothing"/><output message="t:Nothing"/></operation>
            <operation name="Both"><input message="t:Two"/><output message="t:Two"/></operation>
            <operation name="Notify"><output message="t:PingIn"/></operation>
          </portType>
          \(binding("Orders11", "soap", "http://schemas.xmlsoap.org/soap/http"))
          \(binding("Orders12", "soap12", "http://schemas.xmlsoap.org/soap/http"))
          <service name="OrderService">
            <port name="Orders11" binding="t:Orders11">
              <soap:address location="http://orders.example:8080/soap"/></port>
            <port name="Orders12" binding="t:Orders12">
              <soap12:address location="http://orders.example:8080/soap12"/></port>
          </service>
        </definitions>
        """

    private static func binding(_ name: String, _ soap: String, _ transport: String) -> String {
        func operation(_ name: String, _ style: String = "document", header: String = "")
            -> String
        {
            let space = style == "rpc" ? " namespace=\"urn:rpc\"" : ""
            return """
                <operation name="\(name)">
                  <\(soap):operation soapAction="urn:orders:\(name)" style="\(style)"/>
                  <input>\(header)<\(soap):body use="literal"\(space)/></input>
                  <output>\(header.isEmpty ? "" : trace)
                    <\(soap):body use="literal"\(space)/></output>
                  <fault name="NotFound"><\(soap):fault name="NotFound" use="literal"/></fault>
                </operation>
                """
        }
        let auth = "<\(soap):header message=\"t:AuthHeader\" part=\"Auth\" use=\"literal\"/>"
        let trace = "<\(soap):header message=\"t:TraceHeader\" part=\"Trace\" use=\"literal\"/>"
        return """
            <binding name="\(name)" type="t:OrdersPort">
              <\(soap):binding style="document" transport="\(transport)"/>
              \(operation("PlaceOrder", header: auth + trace))
              \(operation("GetOrder"))
              \(operation("Ping"))
              \(operation("Add", "rpc"))
              \(operation("Reset"))
              \(operation("Both"))
              \(operation("Notify"))
            </binding>
            """
    }
}
