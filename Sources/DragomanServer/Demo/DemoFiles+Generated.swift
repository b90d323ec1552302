// SPDX-License-Identifier: Apache-2.0
// The sample's files as Swift; made by .ci/embed, never edited.

extension DemoFiles {
    static let texts: [(String, String)] = [
        (
            "gateway.yaml",
            ###"""
            # yaml-language-server: $schema=schemas/dragoman/gateway.schema.json
            # The sample shop. `make run` starts its backends too, and puts their addresses in place of these.
            listen: 127.0.0.1:8080
            admin: 127.0.0.1:9901
            upstreams:
              orders:
                url: http://127.0.0.1:50051
                timeout: 2s
              stock:
                url: http://127.0.0.1:8082/stock
              catalogue:
                url: http://127.0.0.1:8083

            """###
        ),
        (
            "mappings/catalogue.yaml",
            ###"""
            # yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json
            # The catalogue speaks JSON already, over HTTP/2; its bytes pass as they are.
            service: catalogue
            backend:
              http: {}
            routes:
              GET /catalogue: { summary: All items }
              GET /catalogue/{item}: { summary: One item }

            """###
        ),
        (
            "mappings/orders.yaml",
            ###"""
            # yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json
            # Orders are a gRPC service. Its google.api.http annotations are routes already (`annotated:
            # keep`); placing an order has a stricter schema and a nicer answer than the contract's own.
            service: orders
            backend:
              grpc: { contract: shop/orders.binpb }
            json: { enums: short }
            annotated: keep
            routes:
              POST /orders:
                summary: Place an order
                call: PlaceOrder
                accepts: shop/new-order.schema.json
                request:
                  order: ${body}
                status: 201
                headers: { Location: "/orders/${reply.id}" }
                examples:
                  - name: an order with one line
                    request:
                      path: /orders
                      body: { customer: Ada, lines: [{ sku: ABC-1234, quantity: 2 }] }
                    sends: { order: { customer: Ada, lines: [{ sku: ABC-1234, quantity: 2 }] } }
                    receives: { id: o1, customer: Ada, status: STATUS_PLACED }
                    responds:
                      status: 201
                      headers: { Location: /orders/o1 }
                      body: { id: o1, customer: Ada, status: PLACED }
                  - name: an order needs a line
                    request: { path: /orders, body: { customer: Ada, lines: [] } }
                    responds: { status: 400 }

            """###
        ),
        (
            "mappings/stock.yaml",
            ###"""
            # yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json
            # Stock is a SOAP service from long ago. What clients see of it is ours to say.
            service: stock
            backend:
              soap: { contract: shop/stock.wsdl }
            routes:
              GET /stock/{item}:
                summary: How many pieces there are
                call: CheckStock
                request:
                  Item: ${path.item}
                response:
                  item: ${reply.Item}
                  available: ${reply.Available}
                  nextDelivery: ${reply.NextDelivery}
                  shelves: ${reply.Shelf}
                examples:
                  - name: two shelves
                    request: { path: /stock/ABC-1234 }
                    sends: |
                      <CheckStock xmlns="urn:shop:stock"><Item>ABC-1234</Item></CheckStock>
                    receives: |
                      <CheckStockResponse xmlns="urn:shop:stock" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                        <Item>ABC-1234</Item><Available>7</Available><NextDelivery xsi:nil="true"/>
                        <Shelf hall="A"><Place>12</Place><Pieces>4</Pieces></Shelf>
                        <Shelf hall="B"><Place>3</Place><Pieces>3</Pieces></Shelf>
                      </CheckStockResponse>
                    responds:
                      status: 200
                      body:
                        item: ABC-1234
                        available: 7
                        nextDelivery: null
                        shelves:
                          - { hall: A, Place: "12", Pieces: 4 }
                          - { hall: B, Place: "3", Pieces: 3 }
                  - name: nobody knows it
                    request: { path: /stock/XXX-0000 }
                    receives: |
                      <soap:Fault xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
                        <faultcode>soap:Client</faultcode><faultstring>Unknown item</faultstring>
                        <detail><UnknownItem xmlns="urn:shop:stock"><Item>XXX-0000</Item></UnknownItem></detail>
                      </soap:Fault>
                    responds:
                      status: 404
                      body:
                        type: https://shop.example/problems/unknown-item
                        title: There is no such item
                        status: 404
                        detail: Unknown item
                        item: XXX-0000
                        fault:
                          code: Client
                          reason: Unknown item
                          detail: { UnknownItem: { Item: XXX-0000 } }
              POST /stock/{item}/reservations:
                summary: Put pieces aside
                call: Reserve
                request:
                  Item: ${path.item}
                  Pieces: ${body.pieces}
                  Note: ${body.note}
                status: 201
                response:
                  reservation: ${reply.Reservation}
                  until: ${reply.Until}
                examples:
                  - name: three pieces
                    request: { path: /stock/ABC-1234/reservations, body: { pieces: 3, note: for Ada } }
                    sends: |
                      <Reserve xmlns="urn:shop:stock">
                        <Item>ABC-1234</Item><Pieces>3</Pieces><Note>for Ada</Note>
                      </Reserve>
                    receives: |
                      <ReserveResponse xmlns="urn:shop:stock">
                        <Reservation>r1</Reservation><Until>2026-11-22T12:00:00Z</Until>
                      </ReserveResponse>
                    responds:
                      status: 201
                      body: { reservation: r1, until: "2026-11-22T12:00:00Z" }
            errors:
              - when: ${has(fault.detail.UnknownItem)}
                status: 404
                type: https://shop.example/problems/unknown-item
                title: There is no such item
                detail: ${fault.reason}
                members:
                  item: ${fault.detail.UnknownItem.Item}

            """###
        ),
        (
            "schemas/shop/new-order.schema.json",
            ###"""
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "An order to be placed",
              "type": "object",
              "required": ["customer", "lines"],
              "additionalProperties": false,
              "properties": {
                "customer": { "type": "string", "minLength": 1, "maxLength": 100 },
                "lines": {
                  "type": "array",
                  "minItems": 1,
                  "maxItems": 50,
                  "items": {
                    "type": "object",
                    "required": ["sku", "quantity"],
                    "additionalProperties": false,
                    "properties": {
                      "sku": { "type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$" },
                      "quantity": { "type": "integer", "minimum": 1 }
                    }
                  }
                },
                "labels": { "type": "object", "additionalProperties": { "type": "string" } }
              }
            }

            """###
        ),
        (
            "schemas/shop/stock.wsdl",
            ###"""
            <?xml version="1.0" encoding="UTF-8"?>
            <wsdl:definitions name="Stock" targetNamespace="urn:shop:stock"
                xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
                xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:s="urn:shop:stock">
              <wsdl:types>
                <xs:schema targetNamespace="urn:shop:stock" elementFormDefault="qualified">
                  <xs:simpleType name="ItemNumber">
                    <xs:restriction base="xs:string">
                      <xs:pattern value="[A-Z]{3}-[0-9]{4}"/>
                    </xs:restriction>
                  </xs:simpleType>
                  <xs:complexType name="Shelf">
                    <xs:sequence>
                      <xs:element name="Place" type="xs:string"/>
                      <xs:element name="Pieces" type="xs:int"/>
                    </xs:sequence>
                    <xs:attribute name="hall" type="xs:string" use="required"/>
                  </xs:complexType>
                  <xs:element name="CheckStock">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Item" type="s:ItemNumber"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                  <xs:element name="CheckStockResponse">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Item" type="s:ItemNumber"/>
                        <xs:element name="Available" type="xs:int"/>
                        <xs:element name="Weight" type="xs:decimal" minOccurs="0"/>
                        <xs:element name="NextDelivery" type="xs:date" nillable="true"/>
                        <xs:element name="Shelf" type="s:Shelf" minOccurs="0" maxOccurs="unbounded"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                  <xs:element name="Reserve">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Item" type="s:ItemNumber"/>
                        <xs:element name="Pieces">
                          <xs:simpleType>
                            <xs:restriction base="xs:int">
                              <xs:minInclusive value="1"/>
                              <xs:maxInclusive value="1000"/>
                            </xs:restriction>
                          </xs:simpleType>
                        </xs:element>
                        <xs:element name="Note" type="xs:string" minOccurs="0"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                  <xs:element name="ReserveResponse">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Reservation" type="xs:string"/>
                        <xs:element name="Until" type="xs:dateTime"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                  <xs:element name="UnknownItem">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Item" type="xs:string"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                  <xs:element name="OutOfStock">
                    <xs:complexType>
                      <xs:sequence>
                        <xs:element name="Item" type="xs:string"/>
                        <xs:element name="Available" type="xs:int"/>
                      </xs:sequence>
                    </xs:complexType>
                  </xs:element>
                </xs:schema>
              </wsdl:types>
              <wsdl:message name="CheckStockIn"><wsdl:part name="parameters" element="s:CheckStock"/></wsdl:message>
              <wsdl:message name="CheckStockOut"><wsdl:part name="parameters" element="s:CheckStockResponse"/></wsdl:message>
              <wsdl:message name="ReserveIn"><wsdl:part name="parameters" element="s:Reserve"/></wsdl:message>
              <wsdl:message name="ReserveOut"><wsdl:part name="parameters" element="s:ReserveResponse"/></wsdl:message>
              <wsdl:message name="UnknownItemFault"><wsdl:part name="fault" element="s:UnknownItem"/></wsdl:message>
              <wsdl:message name="OutOfStockFault"><wsdl:part name="fault" element="s:OutOfStock"/></wsdl:message>
              <wsdl:portType name="StockPort">
                <wsdl:operation name="CheckStock">
                  <wsdl:documentation>How many pieces of an item there are, and where they lie.</wsdl:documentation>
                  <wsdl:input message="s:CheckStockIn"/>
                  <wsdl:output message="s:CheckStockOut"/>
                  <wsdl:fault name="UnknownItem" message="s:UnknownItemFault"/>
                </wsdl:operation>
                <wsdl:operation name="Reserve">
                  <wsdl:documentation>Puts pieces aside for a day.</wsdl:documentation>
                  <wsdl:input message="s:ReserveIn"/>
                  <wsdl:output message="s:ReserveOut"/>
                  <wsdl:fault name="UnknownItem" message="s:UnknownItemFault"/>
                  <wsdl:fault name="OutOfStock" message="s:OutOfStockFault"/>
                </wsdl:operation>
              </wsdl:portType>
              <wsdl:binding name="StockSoap" type="s:StockPort">
                <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
                <wsdl:operation name="CheckStock">
                  <soap:operation soapAction="urn:shop:stock/CheckStock"/>
                  <wsdl:input><soap:body use="literal"/></wsdl:input>
                  <wsdl:output><soap:body use="literal"/></wsdl:output>
                  <wsdl:fault name="UnknownItem"><soap:fault name="UnknownItem" use="literal"/></wsdl:fault>
                </wsdl:operation>
                <wsdl:operation name="Reserve">
                  <soap:operation soapAction="urn:shop:stock/Reserve"/>
                  <wsdl:input><soap:body use="literal"/></wsdl:input>
                  <wsdl:output><soap:body use="literal"/></wsdl:output>
                  <wsdl:fault name="UnknownItem"><soap:fault name="UnknownItem" use="literal"/></wsdl:fault>
                  <wsdl:fault name="OutOfStock"><soap:fault name="OutOfStock" use="literal"/></wsdl:fault>
                </wsdl:operation>
              </wsdl:binding>
              <wsdl:service name="Stock">
                <wsdl:port name="StockSoap" binding="s:StockSoap">
                  <soap:address location="http://127.0.0.1:8082/stock"/>
                </wsdl:port>
              </wsdl:service>
            </wsdl:definitions>

            """###
        ),
    ]

    static let binaries: [(String, String)] = [
        (
            "schemas/shop/orders.binpb",
            ###"""
            CqkFChVnb29nbGUvYXBpL2h0dHAucHJvdG8SCmdvb2dsZS5hcGkieQoESHR0cBIqCgVydWxlcxgBIAMoCzIULmdv
            b2dsZS5hcGkuSHR0cFJ1bGVSBXJ1bGVzEkUKH2Z1bGx5X2RlY29kZV9yZXNlcnZlZF9leHBhbnNpb24YAiABKAhS
            HGZ1bGx5RGVjb2RlUmVzZXJ2ZWRFeHBhbnNpb24i2gIKCEh0dHBSdWxlEhoKCHNlbGVjdG9yGAEgASgJUghzZWxl
            Y3RvchISCgNnZXQYAiABKAlIAFIDZ2V0EhIKA3B1dBgDIAEoCUgAUgNwdXQSFAoEcG9zdBgEIAEoCUgAUgRwb3N0
            EhgKBmRlbGV0ZRgFIAEoCUgAUgZkZWxldGUSFgoFcGF0Y2gYBiABKAlIAFIFcGF0Y2gSNwoGY3VzdG9tGAggASgL
            Mh0uZ29vZ2xlLmFwaS5DdXN0b21IdHRwUGF0dGVybkgAUgZjdXN0b20SEgoEYm9keRgHIAEoCVIEYm9keRIjCg1y
            ZXNwb25zZV9ib2R5GAwgASgJUgxyZXNwb25zZUJvZHkSRQoTYWRkaXRpb25hbF9iaW5kaW5ncxgLIAMoCzIULmdv
            b2dsZS5hcGkuSHR0cFJ1bGVSEmFkZGl0aW9uYWxCaW5kaW5nc0IJCgdwYXR0ZXJuIjsKEUN1c3RvbUh0dHBQYXR0
            ZXJuEhIKBGtpbmQYASABKAlSBGtpbmQSEgoEcGF0aBgCIAEoCVIEcGF0aEJnCg5jb20uZ29vZ2xlLmFwaUIJSHR0
            cFByb3RvUAFaQWdvb2dsZS5nb2xhbmcub3JnL2dlbnByb3RvL2dvb2dsZWFwaXMvYXBpL2Fubm90YXRpb25zO2Fu
            bm90YXRpb25zogIER0FQSWIGcHJvdG8zCvM7CiBnb29nbGUvcHJvdG9idWYvZGVzY3JpcHRvci5wcm90bxIPZ29v
            Z2xlLnByb3RvYnVmIk0KEUZpbGVEZXNjcmlwdG9yU2V0EjgKBGZpbGUYASADKAsyJC5nb29nbGUucHJvdG9idWYu
            RmlsZURlc2NyaXB0b3JQcm90b1IEZmlsZSLkBAoTRmlsZURlc2NyaXB0b3JQcm90bxISCgRuYW1lGAEgASgJUgRu
            YW1lEhgKB3BhY2thZ2UYAiABKAlSB3BhY2thZ2USHgoKZGVwZW5kZW5jeRgDIAMoCVIKZGVwZW5kZW5jeRIrChFw
            dWJsaWNfZGVwZW5kZW5jeRgKIAMoBVIQcHVibGljRGVwZW5kZW5jeRInCg93ZWFrX2RlcGVuZGVuY3kYCyADKAVS
            DndlYWtEZXBlbmRlbmN5EkMKDG1lc3NhZ2VfdHlwZRgEIAMoCzIgLmdvb2dsZS5wcm90b2J1Zi5EZXNjcmlwdG9y
            UHJvdG9SC21lc3NhZ2VUeXBlEkEKCWVudW1fdHlwZRgFIAMoCzIkLmdvb2dsZS5wcm90b2J1Zi5FbnVtRGVzY3Jp
            cHRvclByb3RvUghlbnVtVHlwZRJBCgdzZXJ2aWNlGAYgAygLMicuZ29vZ2xlLnByb3RvYnVmLlNlcnZpY2VEZXNj
            cmlwdG9yUHJvdG9SB3NlcnZpY2USQwoJZXh0ZW5zaW9uGAcgAygLMiUuZ29vZ2xlLnByb3RvYnVmLkZpZWxkRGVz
            Y3JpcHRvclByb3RvUglleHRlbnNpb24SNgoHb3B0aW9ucxgIIAEoCzIcLmdvb2dsZS5wcm90b2J1Zi5GaWxlT3B0
            aW9uc1IHb3B0aW9ucxJJChBzb3VyY2VfY29kZV9pbmZvGAkgASgLMh8uZ29vZ2xlLnByb3RvYnVmLlNvdXJjZUNv
            ZGVJbmZvUg5zb3VyY2VDb2RlSW5mbxIWCgZzeW50YXgYDCABKAlSBnN5bnRheCK5BgoPRGVzY3JpcHRvclByb3Rv
            EhIKBG5hbWUYASABKAlSBG5hbWUSOwoFZmllbGQYAiADKAsyJS5nb29nbGUucHJvdG9idWYuRmllbGREZXNjcmlw
            dG9yUHJvdG9SBWZpZWxkEkMKCWV4dGVuc2lvbhgGIAMoCzIlLmdvb2dsZS5wcm90b2J1Zi5GaWVsZERlc2NyaXB0
            b3JQcm90b1IJZXh0ZW5zaW9uEkEKC25lc3RlZF90eXBlGAMgAygLMiAuZ29vZ2xlLnByb3RvYnVmLkRlc2NyaXB0
            b3JQcm90b1IKbmVzdGVkVHlwZRJBCgllbnVtX3R5cGUYBCADKAsyJC5nb29nbGUucHJvdG9idWYuRW51bURlc2Ny
            aXB0b3JQcm90b1IIZW51bVR5cGUSWAoPZXh0ZW5zaW9uX3JhbmdlGAUgAygLMi8uZ29vZ2xlLnByb3RvYnVmLkRl
            c2NyaXB0b3JQcm90by5FeHRlbnNpb25SYW5nZVIOZXh0ZW5zaW9uUmFuZ2USRAoKb25lb2ZfZGVjbBgIIAMoCzIl
            Lmdvb2dsZS5wcm90b2J1Zi5PbmVvZkRlc2NyaXB0b3JQcm90b1IJb25lb2ZEZWNsEjkKB29wdGlvbnMYByABKAsy
            Hy5nb29nbGUucHJvdG9idWYuTWVzc2FnZU9wdGlvbnNSB29wdGlvbnMSVQoOcmVzZXJ2ZWRfcmFuZ2UYCSADKAsy
            Li5nb29nbGUucHJvdG9idWYuRGVzY3JpcHRvclByb3RvLlJlc2VydmVkUmFuZ2VSDXJlc2VydmVkUmFuZ2USIwoN
            cmVzZXJ2ZWRfbmFtZRgKIAMoCVIMcmVzZXJ2ZWROYW1lGnoKDkV4dGVuc2lvblJhbmdlEhQKBXN0YXJ0GAEgASgF
            UgVzdGFydBIQCgNlbmQYAiABKAVSA2VuZBJACgdvcHRpb25zGAMgASgLMiYuZ29vZ2xlLnByb3RvYnVmLkV4dGVu
            c2lvblJhbmdlT3B0aW9uc1IHb3B0aW9ucxo3Cg1SZXNlcnZlZFJhbmdlEhQKBXN0YXJ0GAEgASgFUgVzdGFydBIQ
            CgNlbmQYAiABKAVSA2VuZCJ8ChVFeHRlbnNpb25SYW5nZU9wdGlvbnMSWAoUdW5pbnRlcnByZXRlZF9vcHRpb24Y
            5wcgAygLMiQuZ29vZ2xlLnByb3RvYnVmLlVuaW50ZXJwcmV0ZWRPcHRpb25SE3VuaW50ZXJwcmV0ZWRPcHRpb24q
            CQjoBxCAgICAAiLBBgoURmllbGREZXNjcmlwdG9yUHJvdG8SEgoEbmFtZRgBIAEoCVIEbmFtZRIWCgZudW1iZXIY
            AyABKAVSBm51bWJlchJBCgVsYWJlbBgEIAEoDjIrLmdvb2dsZS5wcm90b2J1Zi5GaWVsZERlc2NyaXB0b3JQcm90
            by5MYWJlbFIFbGFiZWwSPgoEdHlwZRgFIAEoDjIqLmdvb2dsZS5wcm90b2J1Zi5GaWVsZERlc2NyaXB0b3JQcm90
            by5UeXBlUgR0eXBlEhsKCXR5cGVfbmFtZRgGIAEoCVIIdHlwZU5hbWUSGgoIZXh0ZW5kZWUYAiABKAlSCGV4dGVu
            ZGVlEiMKDWRlZmF1bHRfdmFsdWUYByABKAlSDGRlZmF1bHRWYWx1ZRIfCgtvbmVvZl9pbmRleBgJIAEoBVIKb25l
            b2ZJbmRleBIbCglqc29uX25hbWUYCiABKAlSCGpzb25OYW1lEjcKB29wdGlvbnMYCCABKAsyHS5nb29nbGUucHJv
            dG9idWYuRmllbGRPcHRpb25zUgdvcHRpb25zEicKD3Byb3RvM19vcHRpb25hbBgRIAEoCFIOcHJvdG8zT3B0aW9u
            YWwitgIKBFR5cGUSDwoLVFlQRV9ET1VCTEUQARIOCgpUWVBFX0ZMT0FUEAISDgoKVFlQRV9JTlQ2NBADEg8KC1RZ
            UEVfVUlOVDY0EAQSDgoKVFlQRV9JTlQzMhAFEhAKDFRZUEVfRklYRUQ2NBAGEhAKDFRZUEVfRklYRUQzMhAHEg0K
            CVRZUEVfQk9PTBAIEg8KC1RZUEVfU1RSSU5HEAkSDgoKVFlQRV9HUk9VUBAKEhAKDFRZUEVfTUVTU0FHRRALEg4K
            ClRZUEVfQllURVMQDBIPCgtUWVBFX1VJTlQzMhANEg0KCVRZUEVfRU5VTRAOEhEKDVRZUEVfU0ZJWEVEMzIQDxIR
            Cg1UWVBFX1NGSVhFRDY0EBASDwoLVFlQRV9TSU5UMzIQERIPCgtUWVBFX1NJTlQ2NBASIkMKBUxhYmVsEhIKDkxB
            QkVMX09QVElPTkFMEAESEgoOTEFCRUxfUkVRVUlSRUQQAhISCg5MQUJFTF9SRVBFQVRFRBADImMKFE9uZW9mRGVz
            Y3JpcHRvclByb3RvEhIKBG5hbWUYASABKAlSBG5hbWUSNwoHb3B0aW9ucxgCIAEoCzIdLmdvb2dsZS5wcm90b2J1
            Zi5PbmVvZk9wdGlvbnNSB29wdGlvbnMi4wIKE0VudW1EZXNjcmlwdG9yUHJvdG8SEgoEbmFtZRgBIAEoCVIEbmFt
            ZRI/CgV2YWx1ZRgCIAMoCzIpLmdvb2dsZS5wcm90b2J1Zi5FbnVtVmFsdWVEZXNjcmlwdG9yUHJvdG9SBXZhbHVl
            EjYKB29wdGlvbnMYAyABKAsyHC5nb29nbGUucHJvdG9idWYuRW51bU9wdGlvbnNSB29wdGlvbnMSXQoOcmVzZXJ2
            ZWRfcmFuZ2UYBCADKAsyNi5nb29nbGUucHJvdG9idWYuRW51bURlc2NyaXB0b3JQcm90by5FbnVtUmVzZXJ2ZWRS
            YW5nZVINcmVzZXJ2ZWRSYW5nZRIjCg1yZXNlcnZlZF9uYW1lGAUgAygJUgxyZXNlcnZlZE5hbWUaOwoRRW51bVJl
            c2VydmVkUmFuZ2USFAoFc3RhcnQYASABKAVSBXN0YXJ0EhAKA2VuZBgCIAEoBVIDZW5kIoMBChhFbnVtVmFsdWVE
            ZXNjcmlwdG9yUHJvdG8SEgoEbmFtZRgBIAEoCVIEbmFtZRIWCgZudW1iZXIYAiABKAVSBm51bWJlchI7CgdvcHRp
            b25zGAMgASgLMiEuZ29vZ2xlLnByb3RvYnVmLkVudW1WYWx1ZU9wdGlvbnNSB29wdGlvbnMipwEKFlNlcnZpY2VE
            ZXNjcmlwdG9yUHJvdG8SEgoEbmFtZRgBIAEoCVIEbmFtZRI+CgZtZXRob2QYAiADKAsyJi5nb29nbGUucHJvdG9i
            dWYuTWV0aG9kRGVzY3JpcHRvclByb3RvUgZtZXRob2QSOQoHb3B0aW9ucxgDIAEoCzIfLmdvb2dsZS5wcm90b2J1
            Zi5TZXJ2aWNlT3B0aW9uc1IHb3B0aW9ucyKJAgoVTWV0aG9kRGVzY3JpcHRvclByb3RvEhIKBG5hbWUYASABKAlS
            BG5hbWUSHQoKaW5wdXRfdHlwZRgCIAEoCVIJaW5wdXRUeXBlEh8KC291dHB1dF90eXBlGAMgASgJUgpvdXRwdXRU
            eXBlEjgKB29wdGlvbnMYBCABKAsyHi5nb29nbGUucHJvdG9idWYuTWV0aG9kT3B0aW9uc1IHb3B0aW9ucxIwChBj
            bGllbnRfc3RyZWFtaW5nGAUgASgIOgVmYWxzZVIPY2xpZW50U3RyZWFtaW5nEjAKEHNlcnZlcl9zdHJlYW1pbmcY
            BiABKAg6BWZhbHNlUg9zZXJ2ZXJTdHJlYW1pbmcikQkKC0ZpbGVPcHRpb25zEiEKDGphdmFfcGFja2FnZRgBIAEo
            CVILamF2YVBhY2thZ2USMAoUamF2YV9vdXRlcl9jbGFzc25hbWUYCCABKAlSEmphdmFPdXRlckNsYXNzbmFtZRI1
            ChNqYXZhX211bHRpcGxlX2ZpbGVzGAogASgIOgVmYWxzZVIRamF2YU11bHRpcGxlRmlsZXMSRAodamF2YV9nZW5l
            cmF0ZV9lcXVhbHNfYW5kX2hhc2gYFCABKAhCAhgBUhlqYXZhR2VuZXJhdGVFcXVhbHNBbmRIYXNoEjoKFmphdmFf
            c3RyaW5nX2NoZWNrX3V0ZjgYGyABKAg6BWZhbHNlUhNqYXZhU3RyaW5nQ2hlY2tVdGY4ElMKDG9wdGltaXplX2Zv
            chgJIAEoDjIpLmdvb2dsZS5wcm90b2J1Zi5GaWxlT3B0aW9ucy5PcHRpbWl6ZU1vZGU6BVNQRUVEUgtvcHRpbWl6
            ZUZvchIdCgpnb19wYWNrYWdlGAsgASgJUglnb1BhY2thZ2USNQoTY2NfZ2VuZXJpY19zZXJ2aWNlcxgQIAEoCDoF
            ZmFsc2VSEWNjR2VuZXJpY1NlcnZpY2VzEjkKFWphdmFfZ2VuZXJpY19zZXJ2aWNlcxgRIAEoCDoFZmFsc2VSE2ph
            dmFHZW5lcmljU2VydmljZXMSNQoTcHlfZ2VuZXJpY19zZXJ2aWNlcxgSIAEoCDoFZmFsc2VSEXB5R2VuZXJpY1Nl
            cnZpY2VzEjcKFHBocF9nZW5lcmljX3NlcnZpY2VzGCogASgIOgVmYWxzZVIScGhwR2VuZXJpY1NlcnZpY2VzEiUK
            CmRlcHJlY2F0ZWQYFyABKAg6BWZhbHNlUgpkZXByZWNhdGVkEi4KEGNjX2VuYWJsZV9hcmVuYXMYHyABKAg6BHRy
            dWVSDmNjRW5hYmxlQXJlbmFzEioKEW9iamNfY2xhc3NfcHJlZml4GCQgASgJUg9vYmpjQ2xhc3NQcmVmaXgSKQoQ
            Y3NoYXJwX25hbWVzcGFjZRglIAEoCVIPY3NoYXJwTmFtZXNwYWNlEiEKDHN3aWZ0X3ByZWZpeBgnIAEoCVILc3dp
            ZnRQcmVmaXgSKAoQcGhwX2NsYXNzX3ByZWZpeBgoIAEoCVIOcGhwQ2xhc3NQcmVmaXgSIwoNcGhwX25hbWVzcGFj
            ZRgpIAEoCVIMcGhwTmFtZXNwYWNlEjQKFnBocF9tZXRhZGF0YV9uYW1lc3BhY2UYLCABKAlSFHBocE1ldGFkYXRh
            TmFtZXNwYWNlEiEKDHJ1YnlfcGFja2FnZRgtIAEoCVILcnVieVBhY2thZ2USWAoUdW5pbnRlcnByZXRlZF9vcHRp
            b24Y5wcgAygLMiQuZ29vZ2xlLnByb3RvYnVmLlVuaW50ZXJwcmV0ZWRPcHRpb25SE3VuaW50ZXJwcmV0ZWRPcHRp
            b24iOgoMT3B0aW1pemVNb2RlEgkKBVNQRUVEEAESDQoJQ09ERV9TSVpFEAISEAoMTElURV9SVU5USU1FEAMqCQjo
            BxCAgICAAkoECCYQJyLjAgoOTWVzc2FnZU9wdGlvbnMSPAoXbWVzc2FnZV9zZXRfd2lyZV9mb3JtYXQYASABKAg6
            BWZhbHNlUhRtZXNzYWdlU2V0V2lyZUZvcm1hdBJMCh9ub19zdGFuZGFyZF9kZXNjcmlwdG9yX2FjY2Vzc29yGAIg
            ASgIOgVmYWxzZVIcbm9TdGFuZGFyZERlc2NyaXB0b3JBY2Nlc3NvchIlCgpkZXByZWNhdGVkGAMgASgIOgVmYWxz
            ZVIKZGVwcmVjYXRlZBIbCgltYXBfZW50cnkYByABKAhSCG1hcEVudHJ5ElgKFHVuaW50ZXJwcmV0ZWRfb3B0aW9u
            GOcHIAMoCzIkLmdvb2dsZS5wcm90b2J1Zi5VbmludGVycHJldGVkT3B0aW9uUhN1bmludGVycHJldGVkT3B0aW9u
            KgkI6AcQgICAgAJKBAgEEAVKBAgFEAZKBAgGEAdKBAgIEAlKBAgJEAoikgQKDEZpZWxkT3B0aW9ucxJBCgVjdHlw
            ZRgBIAEoDjIjLmdvb2dsZS5wcm90b2J1Zi5GaWVsZE9wdGlvbnMuQ1R5cGU6BlNUUklOR1IFY3R5cGUSFgoGcGFj
            a2VkGAIgASgIUgZwYWNrZWQSRwoGanN0eXBlGAYgASgOMiQuZ29vZ2xlLnByb3RvYnVmLkZpZWxkT3B0aW9ucy5K
            U1R5cGU6CUpTX05PUk1BTFIGanN0eXBlEhkKBGxhenkYBSABKAg6BWZhbHNlUgRsYXp5Ei4KD3VudmVyaWZpZWRf
            bGF6eRgPIAEoCDoFZmFsc2VSDnVudmVyaWZpZWRMYXp5EiUKCmRlcHJlY2F0ZWQYAyABKAg6BWZhbHNlUgpkZXBy
            ZWNhdGVkEhkKBHdlYWsYCiABKAg6BWZhbHNlUgR3ZWFrElgKFHVuaW50ZXJwcmV0ZWRfb3B0aW9uGOcHIAMoCzIk
            Lmdvb2dsZS5wcm90b2J1Zi5VbmludGVycHJldGVkT3B0aW9uUhN1bmludGVycHJldGVkT3B0aW9uIi8KBUNUeXBl
            EgoKBlNUUklORxAAEggKBENPUkQQARIQCgxTVFJJTkdfUElFQ0UQAiI1CgZKU1R5cGUSDQoJSlNfTk9STUFMEAAS
            DQoJSlNfU1RSSU5HEAESDQoJSlNfTlVNQkVSEAIqCQjoBxCAgICAAkoECAQQBSJzCgxPbmVvZk9wdGlvbnMSWAoU
            dW5pbnRlcnByZXRlZF9vcHRpb24Y5wcgAygLMiQuZ29vZ2xlLnByb3RvYnVmLlVuaW50ZXJwcmV0ZWRPcHRpb25S
            E3VuaW50ZXJwcmV0ZWRPcHRpb24qCQjoBxCAgICAAiLAAQoLRW51bU9wdGlvbnMSHwoLYWxsb3dfYWxpYXMYAiAB
            KAhSCmFsbG93QWxpYXMSJQoKZGVwcmVjYXRlZBgDIAEoCDoFZmFsc2VSCmRlcHJlY2F0ZWQSWAoUdW5pbnRlcnBy
            ZXRlZF9vcHRpb24Y5wcgAygLMiQuZ29vZ2xlLnByb3RvYnVmLlVuaW50ZXJwcmV0ZWRPcHRpb25SE3VuaW50ZXJw
            cmV0ZWRPcHRpb24qCQjoBxCAgICAAkoECAUQBiKeAQoQRW51bVZhbHVlT3B0aW9ucxIlCgpkZXByZWNhdGVkGAEg
            ASgIOgVmYWxzZVIKZGVwcmVjYXRlZBJYChR1bmludGVycHJldGVkX29wdGlvbhjnByADKAsyJC5nb29nbGUucHJv
            dG9idWYuVW5pbnRlcnByZXRlZE9wdGlvblITdW5pbnRlcnByZXRlZE9wdGlvbioJCOgHEICAgIACIpwBCg5TZXJ2
            aWNlT3B0aW9ucxIlCgpkZXByZWNhdGVkGCEgASgIOgVmYWxzZVIKZGVwcmVjYXRlZBJYChR1bmludGVycHJldGVk
            X29wdGlvbhjnByADKAsyJC5nb29nbGUucHJvdG9idWYuVW5pbnRlcnByZXRlZE9wdGlvblITdW5pbnRlcnByZXRl
            ZE9wdGlvbioJCOgHEICAgIACIuACCg1NZXRob2RPcHRpb25zEiUKCmRlcHJlY2F0ZWQYISABKAg6BWZhbHNlUgpk
            ZXByZWNhdGVkEnEKEWlkZW1wb3RlbmN5X2xldmVsGCIgASgOMi8uZ29vZ2xlLnByb3RvYnVmLk1ldGhvZE9wdGlv
            bnMuSWRlbXBvdGVuY3lMZXZlbDoTSURFTVBPVEVOQ1lfVU5LTk9XTlIQaWRlbXBvdGVuY3lMZXZlbBJYChR1bmlu
            dGVycHJldGVkX29wdGlvbhjnByADKAsyJC5nb29nbGUucHJvdG9idWYuVW5pbnRlcnByZXRlZE9wdGlvblITdW5p
            bnRlcnByZXRlZE9wdGlvbiJQChBJZGVtcG90ZW5jeUxldmVsEhcKE0lERU1QT1RFTkNZX1VOS05PV04QABITCg9O
            T19TSURFX0VGRkVDVFMQARIOCgpJREVNUE9URU5UEAIqCQjoBxCAgICAAiKaAwoTVW5pbnRlcnByZXRlZE9wdGlv
            bhJBCgRuYW1lGAIgAygLMi0uZ29vZ2xlLnByb3RvYnVmLlVuaW50ZXJwcmV0ZWRPcHRpb24uTmFtZVBhcnRSBG5h
            bWUSKQoQaWRlbnRpZmllcl92YWx1ZRgDIAEoCVIPaWRlbnRpZmllclZhbHVlEiwKEnBvc2l0aXZlX2ludF92YWx1
            ZRgEIAEoBFIQcG9zaXRpdmVJbnRWYWx1ZRIsChJuZWdhdGl2ZV9pbnRfdmFsdWUYBSABKANSEG5lZ2F0aXZlSW50
            VmFsdWUSIQoMZG91YmxlX3ZhbHVlGAYgASgBUgtkb3VibGVWYWx1ZRIhCgxzdHJpbmdfdmFsdWUYByABKAxSC3N0
            cmluZ1ZhbHVlEicKD2FnZ3JlZ2F0ZV92YWx1ZRgIIAEoCVIOYWdncmVnYXRlVmFsdWUaSgoITmFtZVBhcnQSGwoJ
            bmFtZV9wYXJ0GAEgAigJUghuYW1lUGFydBIhCgxpc19leHRlbnNpb24YAiACKAhSC2lzRXh0ZW5zaW9uIqcCCg5T
            b3VyY2VDb2RlSW5mbxJECghsb2NhdGlvbhgBIAMoCzIoLmdvb2dsZS5wcm90b2J1Zi5Tb3VyY2VDb2RlSW5mby5M
            b2NhdGlvblIIbG9jYXRpb24azgEKCExvY2F0aW9uEhYKBHBhdGgYASADKAVCAhABUgRwYXRoEhYKBHNwYW4YAiAD
            KAVCAhABUgRzcGFuEikKEGxlYWRpbmdfY29tbWVudHMYAyABKAlSD2xlYWRpbmdDb21tZW50cxIrChF0cmFpbGlu
            Z19jb21tZW50cxgEIAEoCVIQdHJhaWxpbmdDb21tZW50cxI6ChlsZWFkaW5nX2RldGFjaGVkX2NvbW1lbnRzGAYg
            AygJUhdsZWFkaW5nRGV0YWNoZWRDb21tZW50cyLRAQoRR2VuZXJhdGVkQ29kZUluZm8STQoKYW5ub3RhdGlvbhgB
            IAMoCzItLmdvb2dsZS5wcm90b2J1Zi5HZW5lcmF0ZWRDb2RlSW5mby5Bbm5vdGF0aW9uUgphbm5vdGF0aW9uGm0K
            CkFubm90YXRpb24SFgoEcGF0aBgBIAMoBUICEAFSBHBhdGgSHwoLc291cmNlX2ZpbGUYAiABKAlSCnNvdXJjZUZp
            bGUSFAoFYmVnaW4YAyABKAVSBWJlZ2luEhAKA2VuZBgEIAEoBVIDZW5kQn4KE2NvbS5nb29nbGUucHJvdG9idWZC
            EERlc2NyaXB0b3JQcm90b3NIAVotZ29vZ2xlLmdvbGFuZy5vcmcvcHJvdG9idWYvdHlwZXMvZGVzY3JpcHRvcnBi
            +AEBogIDR1BCqgIaR29vZ2xlLlByb3RvYnVmLlJlZmxlY3Rpb24KqAIKHGdvb2dsZS9hcGkvYW5ub3RhdGlvbnMu
            cHJvdG8SCmdvb2dsZS5hcGkaFWdvb2dsZS9hcGkvaHR0cC5wcm90bxogZ29vZ2xlL3Byb3RvYnVmL2Rlc2NyaXB0
            b3IucHJvdG86SwoEaHR0cBIeLmdvb2dsZS5wcm90b2J1Zi5NZXRob2RPcHRpb25zGLDKvCIgASgLMhQuZ29vZ2xl
            LmFwaS5IdHRwUnVsZVIEaHR0cEJuCg5jb20uZ29vZ2xlLmFwaUIQQW5ub3RhdGlvbnNQcm90b1ABWkFnb29nbGUu
            Z29sYW5nLm9yZy9nZW5wcm90by9nb29nbGVhcGlzL2FwaS9hbm5vdGF0aW9uczthbm5vdGF0aW9uc6ICBEdBUEli
            BnByb3RvMwr/AQofZ29vZ2xlL3Byb3RvYnVmL3RpbWVzdGFtcC5wcm90bxIPZ29vZ2xlLnByb3RvYnVmIjsKCVRp
            bWVzdGFtcBIYCgdzZWNvbmRzGAEgASgDUgdzZWNvbmRzEhQKBW5hbm9zGAIgASgFUgVuYW5vc0KFAQoTY29tLmdv
            b2dsZS5wcm90b2J1ZkIOVGltZXN0YW1wUHJvdG9QAVoyZ29vZ2xlLmdvbGFuZy5vcmcvcHJvdG9idWYvdHlwZXMv
            a25vd24vdGltZXN0YW1wcGL4AQGiAgNHUEKqAh5Hb29nbGUuUHJvdG9idWYuV2VsbEtub3duVHlwZXNiBnByb3Rv
            MwrzCgoMb3JkZXJzLnByb3RvEg5zaG9wLm9yZGVycy52MRocZ29vZ2xlL2FwaS9hbm5vdGF0aW9ucy5wcm90bxof
            Z29vZ2xlL3Byb3RvYnVmL3RpbWVzdGFtcC5wcm90byJTCgRMaW5lEhAKA3NrdRgBIAEoCVIDc2t1EhoKCHF1YW50
            aXR5GAIgASgFUghxdWFudGl0eRIdCgp1bml0X3ByaWNlGAMgASgDUgl1bml0UHJpY2UitAMKBU9yZGVyEg4KAmlk
            GAEgASgJUgJpZBIaCghjdXN0b21lchgCIAEoCVIIY3VzdG9tZXISKgoFbGluZXMYAyADKAsyFC5zaG9wLm9yZGVy
            cy52MS5MaW5lUgVsaW5lcxI0CgZzdGF0dXMYBCABKA4yHC5zaG9wLm9yZGVycy52MS5PcmRlci5TdGF0dXNSBnN0
            YXR1cxIyCgZwbGFjZWQYBSABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wUgZwbGFjZWQSFAoFdG90YWwY
            BiABKANSBXRvdGFsEjkKBmxhYmVscxgHIAMoCzIhLnNob3Aub3JkZXJzLnYxLk9yZGVyLkxhYmVsc0VudHJ5UgZs
            YWJlbHMaOQoLTGFiZWxzRW50cnkSEAoDa2V5GAEgASgJUgNrZXkSFAoFdmFsdWUYAiABKAlSBXZhbHVlOgI4ASJd
            CgZTdGF0dXMSFgoSU1RBVFVTX1VOU1BFQ0lGSUVEEAASEQoNU1RBVFVTX1BMQUNFRBABEhIKDlNUQVRVU19TSElQ
            UEVEEAISFAoQU1RBVFVTX0NBTkNFTExFRBADIkAKEVBsYWNlT3JkZXJSZXF1ZXN0EisKBW9yZGVyGAEgASgLMhUu
            c2hvcC5vcmRlcnMudjEuT3JkZXJSBW9yZGVyIiEKD0dldE9yZGVyUmVxdWVzdBIOCgJpZBgBIAEoCVICaWQiggEK
            EUxpc3RPcmRlcnNSZXF1ZXN0EhoKCGN1c3RvbWVyGAEgASgJUghjdXN0b21lchI0CgZzdGF0dXMYAiABKA4yHC5z
            aG9wLm9yZGVycy52MS5PcmRlci5TdGF0dXNSBnN0YXR1cxIbCglwYWdlX3NpemUYAyABKAVSCHBhZ2VTaXplIkMK
            Ekxpc3RPcmRlcnNSZXNwb25zZRItCgZvcmRlcnMYASADKAsyFS5zaG9wLm9yZGVycy52MS5PcmRlclIGb3JkZXJz
            IjwKEkNhbmNlbE9yZGVyUmVxdWVzdBIOCgJpZBgBIAEoCVICaWQSFgoGcmVhc29uGAIgASgJUgZyZWFzb24ykgMK
            Bk9yZGVycxJeCgpQbGFjZU9yZGVyEiEuc2hvcC5vcmRlcnMudjEuUGxhY2VPcmRlclJlcXVlc3QaFS5zaG9wLm9y
            ZGVycy52MS5PcmRlciIWgtPkkwIQIgcvb3JkZXJzOgVvcmRlchJYCghHZXRPcmRlchIfLnNob3Aub3JkZXJzLnYx
            LkdldE9yZGVyUmVxdWVzdBoVLnNob3Aub3JkZXJzLnYxLk9yZGVyIhSC0+STAg4SDC9vcmRlcnMve2lkfRJkCgpM
            aXN0T3JkZXJzEiEuc2hvcC5vcmRlcnMudjEuTGlzdE9yZGVyc1JlcXVlc3QaIi5zaG9wLm9yZGVycy52MS5MaXN0
            T3JkZXJzUmVzcG9uc2UiD4LT5JMCCRIHL29yZGVycxJoCgtDYW5jZWxPcmRlchIiLnNob3Aub3JkZXJzLnYxLkNh
            bmNlbE9yZGVyUmVxdWVzdBoVLnNob3Aub3JkZXJzLnYxLk9yZGVyIh6C0+STAhgiEy9vcmRlcnMve2lkfTpjYW5j
            ZWw6ASpiBnByb3RvMw==
            """###
        )
    ]
}
