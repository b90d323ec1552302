#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTP server that answers with XML as real servers do: coded, in parts, in old charsets.

Prints its port. The path says how it answers; most answers are the request's own body."""
import gzip
import http.server
import zlib

ENVELOPE = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s'
            '</s:Body></s:Envelope>')
FOUND = '<Found xmlns="urn:example:library"><Title>%s</Title><Copies>3</Copies></Found>'
PHOTO = bytes(range(256))


def parts(root, kind, attachment, coding):
    head = ('--b\r\nContent-Type: %s\r\nContent-ID: <root>\r\n\r\n%s\r\n--b\r\n'
            'Content-Type: image/png\r\nContent-ID: <photo@x>\r\n'
            'Content-Transfer-Encoding: %s\r\n\r\n' % (kind, root, coding))
    return b'preamble\r\n' + head.encode() + attachment + b'\r\n--b--\r\n'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def answer(self, body, kind='application/xml', status=200, **fields):
        self.send_response(status)
        if kind:
            self.send_header('Content-Type', kind)
        for name, value in fields.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        way = self.path.split('/')[1].split('?')[0]
        shown = self.path.replace('&', '&amp;').encode() + b' ' + body.replace(b'&', b'&amp;')
        if way == 'echo':
            self.answer(body or b'<got path="' + shown[:-1] + b'"/>')
        elif way == 'gzip':
            self.answer(gzip.compress(body), Content_Encoding='gzip')
        elif way == 'deflate':
            self.answer(zlib.compress(body), Content_Encoding='deflate')
        elif way == 'raw':
            squeezer = zlib.compressobj(wbits=-15)
            self.answer(squeezer.compress(body) + squeezer.flush(), Content_Encoding='deflate')
        elif way == 'bomb':
            self.answer(gzip.compress(b'<a>' + b' ' * 9000000 + b'</a>'), Content_Encoding='gzip')
        elif way == 'truncated':
            self.answer(gzip.compress(body)[:-9], Content_Encoding='gzip')
        elif way == 'brotli':
            self.answer(body, Content_Encoding='br')
        elif way == 'string':
            self.answer(b'<string xmlns="urn:h">' + shown + b'</string>', 'text/xml')
        elif way == 'status':
            self.answer(b'no', 'text/plain', int(self.path.split('/')[2]), Location='http://x/')
        elif way == 'empty':
            self.answer(b'', None, int(self.path.split('/')[2]))
        elif way == 'latin':
            text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00e9</a>'
            self.answer(text.encode('latin-1'), 'text/xml')
        elif way == 'windows':
            self.answer('<a>\u20ac\u00e9</a>'.encode('cp1252'), 'text/xml; charset=windows-1252')
        elif way == 'utf16':
            text = '<?xml version="1.0" encoding="UTF-16"?><a>\u00e9\u20ac</a>'
            self.answer(text.encode('utf-16'), 'text/xml')
        else:
            self.answer_soap(way, body)

    def answer_soap(self, way, body):
        include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:photo%40x"/>'
        found = ENVELOPE % (FOUND % 'T')
        related = 'multipart/related; boundary="b"; type="text/xml"; start="<root>"'
        if way == 'mtom':
            photo = ENVELOPE % ('<Photo xmlns="urn:example:photos"><Image>%s</Image></Photo>' % include)
            self.answer(
                parts(photo, 'application/xop+xml; type="text/xml"; charset=UTF-8', PHOTO, 'binary'),
                'Multipart/Related; boundary=b; type="application/xop+xml"; start="<root>"')
        elif way == 'lost':
            photo = ENVELOPE % ('<Photo xmlns="urn:example:photos"><Image>%s</Image></Photo>' % include)
            self.answer(parts(photo, 'text/xml', PHOTO, 'binary').replace(b'<photo@x>', b'<y>'), related)
        elif way == 'open':
            self.answer(parts(found, 'text/xml', PHOTO, 'binary')[:-6], related)
        elif way == 'sent':
            # What was sent, as a string: the contract's reply is one.
            kind = self.headers['Content-Type']
            shown = (kind + '\n' + body.decode('latin-1')).replace('&', '&amp;').replace('<', '&lt;')
            shown = ''.join(c if c >= ' ' and c < '\x7f' or c == '\n' else '.' for c in shown)
            self.answer(
                (ENVELOPE % ('<Photo xmlns="urn:example:photos"><Name>%s</Name></Photo>' % shown)).encode(),
                'text/xml')
        elif way == 'attached':
            self.answer(
                parts(ENVELOPE % '<r:FetchResponse xmlns:r="urn:example:photos"><Name>n</Name></r:FetchResponse>',
                      'text/xml', b'AAEC\r\nAwQ=', 'base64'), related)
        else:
            self.answer(b'?', 'text/plain', 500)


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
