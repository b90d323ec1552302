// SPDX-License-Identifier: Apache-2.0
// Expressions where a mapping has them, through the release binary: in messages, metadata,
// headers, statuses, texts, conditions of rules, for gRPC, SOAP and HTTP backends.

import Foundation
import Testing

/// A gateway in front of the Echo service, a library of SOAP and files of HTTP/2.
private final class Computing {
    let folder: TemporaryFolder
    let backends: [RunningProcess]
    let gateway: TestGateway

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(#"{"price": 12.50, "tags": ["b", "a"]}"#, to: "www/prices/b1")
        try folder.write("red,COLOUR_RED\nblue,COLOUR_BLUE\n", to: "colours.csv")
        let descriptors = try Backend.echoDescriptors(in: folder)
        let grpc = try Backend.grpc(descriptors: descriptors)
        let soap = try Backend.soap()
        let http = try Backend.http2(
            folder: folder.path + "/www", arguments: ["--mime-types-file=/dev/null"])
        backends = [grpc.process, soap.process, http.process]
        gateway = try TestGateway(
            upstreams: """
                { echo: { url: 'http://127.0.0.1:\(grpc.port)' }, \
                library: { url: 'http://127.0.0.1:\(soap.port)/11' }, \
                prices: { url: 'http://127.0.0.1:\(http.port)' } }
                """,
            files: [
                "mappings/echo.yaml": Self.echo, "mappings/library.yaml": Self.library,
                "mappings/prices.yaml": Self.prices,
            ],
            copies: [
                "schemas/echo.binpb": descriptors,
                "schemas/library.wsdl": Project.support + "/library.wsdl",
                "schemas/colours.csv": folder.path + "/colours.csv",
            ])
    }

    static let echo = """
        service: echo
        backend: { grpc: { contract: echo.binpb } }
        tables: { colours: colours.csv, sizes: { s: 1, l: 3 } }
        routes:
          POST /say/{name}:
            call: Say
            parameters: { times: { in: query, schema: { type: integer }, default: 2 } }
            accepts:
              required: [large, words]
              properties:
                large: { type: integer }
                words: { type: array, items: { type: string } }
                colour: { type: string }
                at: { type: string }
            request:
              text: ${path.name.upperAscii() + "-" + body.words.join("-")}
              large: ${body.large + 1}
              small: ${query.times * 3}
              twice: ${2.5 * 2}
              texts: ${body.words.filter(w, w.size() > 1)}
              colour: ${default(lookup(colours, body.colour), "COLOUR_UNSPECIFIED")}
              when: ${timestamp(body.at) + duration("90m")}
              data: ${bytes("hé")}
              labels: "${{'n': string(size(body.words)), ?'w': body.words[?0]}}"
              numbers:
                - ${for w in body.words.map(w, w.size())}: ${w + 1}
            response:
              text: ${reply.text}
              large: ${reply.large - 1}
              hour: ${reply.when.getHours("Europe/Berlin")}
              data: ${string(reply.data)}
              texts: ${reply.texts.transformList(i, t, "%d:%s".format([i, t]))}
              colour: "${reply.colour == 'COLOUR_RED' ? 'r' : reply.colour}"
              numbers: ${reply.numbers.map(n, n * 10)}
              labels: ${reply.labels.n + reply.labels["w"]}
            status: "${reply.small > 6 ? 203 : 200}"
            headers: { X-Size: "${reply.text.size()} characters", X-All: "${reply.texts.map(t, t)}" }
          GET /fail/{code}:
            call: Fail
            parameters: { code: { in: path, schema: { type: integer } } }
            request: { code: "${path.code}", message: "no: ${path.code * 2}" }
            errors:
              - when: "${grpc.code in [5, 6] && grpc.message.matches('^no: [0-9]+$')}"
                status: "${grpc.code == 5 ? 410 : 409}"
                title: "${grpc.message.split(': ')[1]}"
          GET /meta:
            call: Metadata
            request: {}
            metadata: { x-tenant: "${default(header['x-tenant'], 'none').lowerAscii()}" }
          GET /divide/{by}:
            call: Say
            parameters: { by: { in: path, schema: { type: integer } } }
            request: { large: "${10 / path.by}" }
            response: { result: "${10 / (reply.large - 1)}" }
        """

    static let library = """
        service: library
        backend: { soap: { contract: library.wsdl, port: Library11 } }
        routes:
          GET /works/{title}:
            call: Find
            request: { Title: "${path.title.split('-').map(p, p.substring(0, 1).upperAscii() + p.substring(1)).join(' ')}" }
            response: { title: "${reply.Title}", more: "${reply.Copies + 1}", many: "${reply.Copies > 100}" }
        """

    static let prices = """
        service: prices
        backend: { http: {} }
        routes:
          GET /cost/{sku}:
            call: GET /prices/${path.sku.lowerAscii()}
            response: { double: "${reply.price * 2}", same: "${reply.price}", tags: "${reply.tags.map(t, t + '!')}" }
        """
}

@Suite("Expressions, end to end", .serialized)
struct ExpressionTests {
    @Test("compute messages, answers, statuses and headers of gRPC")
    func messages() throws {
        let computing = try Computing()
        let answer = try computing.gateway.ask(
            "POST", "/say/ada?times=3",
            body: """
                {"large": 9007199254740992, "words": ["x", "yy"], "colour": "red", \
                "at": "2026-07-01T22:00:00Z"}
                """)
        #expect(
            answer.text == """
                {"text":"ADA-x-yy","large":9007199254740992,"hour":1,"data":"hé","texts":["0:yy"],\
                "colour":"r","numbers":[20,30],"labels":"2x"}
                """)
        #expect(answer.status == 203)
        #expect(answer.field("x-size") == "8 characters")
        #expect(answer.field("x-all") == "yy")
        let other = try computing.gateway.ask(
            "POST", "/say/b", body: #"{"large": 1, "words": []}"#)
        #expect(other.status == 200)
        #expect(other.text.contains(#""colour":"COLOUR_UNSPECIFIED""#))
        #expect(!other.text.contains("hour"))
    }

    @Test("decide rules for errors, and metadata")
    func rules() throws {
        let computing = try Computing()
        let gone = try computing.gateway.ask("GET", "/fail/5")
        #expect(gone.status == 410)
        #expect(gone.text.contains(#""title":"10""#))
        #expect(try computing.gateway.ask("GET", "/fail/6").status == 409)
        #expect(try computing.gateway.ask("GET", "/fail/8").status == 429)
        #expect(try computing.gateway.ask("GET", "/meta").text.contains("none"))
    }

    @Test("that fail are 400 before the call and 500 after it")
    func failures() throws {
        let computing = try Computing()
        let before = try computing.gateway.ask("GET", "/divide/0")
        #expect(before.status == 400)
        #expect(before.text.contains(#""parameter":"by","keyword":"mapping","detail":"divide by"#))
        #expect(try computing.gateway.ask("GET", "/divide/10").status == 500)
        #expect(try computing.gateway.ask("GET", "/divide/5").text == #"{"result":10}"#)
    }

    @Test("compute messages of SOAP, and paths and answers of HTTP")
    func otherBackends() throws {
        let computing = try Computing()
        let work = try computing.gateway.ask("GET", "/works/war-and-peace")
        #expect(work.text.hasPrefix(#"{"title":"War And Peace","more":"#))
        #expect(work.text.hasSuffix(#","many":false}"#))
        let cost = try computing.gateway.ask("GET", "/cost/B1")
        #expect(cost.text == #"{"double":25,"same":12.50,"tags":["b!","a!"]}"#)
    }

    @Test("that never fit are refused at load, with what would")
    func refusals() throws {
        let folder = try TemporaryFolder()
        try folder.write("upstreams: { echo: { url: 'http://127.0.0.1:1' } }", to: "gateway.yaml")
        try folder.copy(try Backend.echoDescriptors(in: folder), to: "schemas/echo.binpb")
        try folder.write(
            """
            service: echo
            backend: { grpc: { contract: echo.binpb } }
            routes:
              POST /a:
                call: Say
                accepts: { properties: { n: { type: integer }, s: { type: string } } }
                request:
                  flag: ${body.n + 1}
                  text: ${body.s + 1}
                  small: ${double(body.n) * 1.5}
                  large: ${body.n.sise()}
                  texts: ${lookup(tabel, body.s)}
            """, to: "mappings/echo.yaml")
        let run = try RunningProcess.run(
            Project.binary, ["check", "--config", folder.path + "/gateway.yaml"])
        let text = run.output + run.errors
        #expect(text.contains("error[wrong-type]: this expression gives an integer"))
        #expect(text.contains("error[no-overload]: `+` does not take string and int"))
        #expect(text.contains("warning[inexact-number]"))
        #expect(text.contains("error[unknown-function]: there is no function `sise`"))
        #expect(text.contains("did you mean `size`"))
        #expect(text.contains("error[unknown-table]: there is no table `tabel`"))
    }
}
