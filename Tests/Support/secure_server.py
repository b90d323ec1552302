#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A SOAP server that judges what secures a request, by xmlsec1 and its own arithmetic, and says
what it found in its answer; an answer is signed by xmlsec1 where the path says so.

Arguments: a folder with me.pem (whose requests are signed), peer.pem and peer.key, and `ec` where the keys are
of elliptic curves. Prints its port."""
import base64
import hashlib
import http.server
import os
import re
import subprocess
import sys
import tempfile

import encryption

folder = sys.argv[1]
SIGNATURE = 'http://www.w3.org/2001/04/xmldsig-more#%s-sha256' % (
    'ecdsa' if 'ec' in sys.argv[2:] else 'rsa')
SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'
DS = 'http://www.w3.org/2000/09/xmldsig#'
EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#'
ENVELOPE = '<s:Envelope xmlns:s="%s"><s:Header>%%s</s:Header><s:Body%%s>%%s</s:Body></s:Envelope>' % SOAP
PHOTO = '<p:Photo xmlns:p="urn:example:photos"><p:Name>%s</p:Name></p:Photo>'
nonces = set()


def element(text, name):
    found = re.search(r'<(?:\w+:)?%s\b[^>]*>([^<]*)</' % name, text)
    return found.group(1) if found else ''


def judge_token(text):
    secret = base64.b64decode(element(text, 'Nonce')) + element(text, 'Created').encode() + b'secret'
    if 'PasswordText' in text:
        return 'text ' + element(text, 'Password')
    fits = base64.b64encode(hashlib.sha1(secret).digest()).decode() == element(text, 'Password')
    return 'digest ' + ('fits' if fits else 'wrong')


def run(*arguments):
    return subprocess.run(['xmlsec1', *arguments], capture_output=True, text=True)


def judge_signature(body):
    with tempfile.NamedTemporaryFile(suffix='.xml', delete=False) as file:
        file.write(body)
    names = [SOAP + ':Body', WSU + ':Timestamp', WSSE + ':UsernameToken',
             'http://www.w3.org/2005/08/addressing:To']
    names += ['http://www.w3.org/2005/08/addressing:' + n for n in ('Action', 'MessageID', 'ReplyTo')]
    options = [x for name in names for x in ('--id-attr:Id', name)]
    result = run('--verify', '--pubkey-cert-pem', folder + '/me.pem', *options, file.name)
    os.unlink(file.name)
    count = len(re.findall(b'<ds:Reference ', body))
    return 'signature %s over %d' % ('good' if result.returncode == 0 else result.stderr[-200:], count)


def der(name):
    with open('%s/%s.pem' % (folder, name)) as file:
        return ''.join(file.read().split('-----')[2].split())


def vouched(form, late):
    """A token and the KeyInfo of a signature that brings its certificate, and its issuer's."""
    leaf = der('late' if late else 'signer')
    if form == 'data':
        texts = ''.join('<ds:X509Certificate>%s</ds:X509Certificate>' % der(n) for n in ('middle',))
        return '', '<ds:X509Data>%s<ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data>' % (texts, leaf)
    kind = 'X509v3'
    if form == 'path':
        items = base64.b64decode(der('middle')) + base64.b64decode(leaf)
        leaf = base64.b64encode(b'\x30\x82' + len(items).to_bytes(2, 'big') + items).decode()
        kind = 'X509PKIPathv1'
    base = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#' + kind
    token = '<w:BinarySecurityToken ValueType="%s" u:Id="X">%s</w:BinarySecurityToken>' % (base, leaf)
    return token, '<w:SecurityTokenReference><w:Reference URI="#X"/></w:SecurityTokenReference>'


def signed(content, expires, token='', info=''):
    method = '<ds:%s Algorithm="%s"/>'
    references = ''
    for name in ('B', 'T'):
        references += ('<ds:Reference URI="#%s"><ds:Transforms>%s</ds:Transforms>%s<ds:DigestValue/>'
                       '</ds:Reference>' % (name, method % ('Transform', EXC), method % (
                           'DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256')))
    header = (
        '<w:Security xmlns:w="%s" xmlns:u="%s">%s<u:Timestamp u:Id="T"><u:Expires>%s</u:Expires>'
        '</u:Timestamp><ds:Signature xmlns:ds="%s"><ds:SignedInfo>%s%s%s</ds:SignedInfo>'
        '<ds:SignatureValue/>%s</ds:Signature></w:Security>' % (
            WSSE, WSU, token, expires, DS, method % ('CanonicalizationMethod', EXC), method % (
                'SignatureMethod', SIGNATURE), references,
            '<ds:KeyInfo>%s</ds:KeyInfo>' % info if info else ''))
    text = ENVELOPE % (header, ' xmlns:u="%s" u:Id="B"' % WSU, content)
    with tempfile.NamedTemporaryFile(suffix='.xml', delete=False, mode='w') as file:
        file.write(text)
    result = run('--sign', '--privkey-pem', folder + '/peer.key', '--id-attr:Id', SOAP + ':Body',
                 '--id-attr:Id', WSU + ':Timestamp', file.name)
    os.unlink(file.name)
    return result.stdout


SECURITY = '<w:Security xmlns:w="%s">%%s</w:Security>' % WSSE


def encrypted(way, content):
    """The answer of a path: encrypted--ALGORITHM--TRANSPORT, or one that is wrong in some way."""
    _, *words = way.split('--')
    algorithm, transport = words[0], words[1]
    more = words[2:]
    certificate = folder + ('/peer.pem' if 'stranger' in more else '/me.pem')
    inner = signed(content, '2099-01-01T00:00:00Z') if 'signed' in more else ENVELOPE % ('', '', content)
    if 'fault' in more:
        inner = ENVELOPE % ('', '', '<s:Fault><faultcode>s:Client</faultcode><faultstring>secret trouble'
                                    '</faultstring></s:Fault>')
    if 'inline' in more:
        return encryption.enciphered(inner, certificate, algorithm, transport, inline=True)
    text, key = encryption.enciphered(inner, certificate, algorithm, transport)
    if 'last' in more:
        # Encrypted first: the signature is over what came of it.
        body = re.search(r'<s:Body[^>]*>(.*)</s:Body>', text, re.S).group(1)
        return signed(body, '2099-01-01T00:00:00Z').replace('</w:Security>', key + '</w:Security>')
    if 'signed' in more:
        text = text.replace('<u:Timestamp', key + '<u:Timestamp', 1)
    else:
        text = text.replace('<s:Header/>', '<s:Header>%s</s:Header>' % (SECURITY % key))
    if 'tampered' in more:
        at = text.rindex('</x:CipherValue>') - 40
        text = text[:at] + ('A' if text[at] != 'A' else 'B') + text[at + 1:]
    if 'truncated' in more:
        at = text.rindex('</x:CipherValue>')
        text = text[:at - 24] + text[at:]
    if 'unknown' in more:
        text = re.sub(r'aes\d+-\w+', 'rot13', text)
    if 'shared' in more:
        text = text.replace(key, '')
    return text


def packaged(text, tag):
    """The message as MTOM has it: the base64 of the last such element is a part of its own."""
    value = re.findall(r'<(?:\w+:)?%s>([^<]+)</' % tag, text)[-1]
    include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:1@x"/>'
    head = '--b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <%s>\r\n\r\n'
    root = head % ('application/xop+xml; charset=UTF-8; type="text/xml"', '0@x')
    part = head % ('application/octet-stream', '1@x')
    return b'%s%s\r\n%s%s\r\n--b--\r\n' % (
        root.encode(), text.replace(value, include).encode(), part.encode(), base64.b64decode(value))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def answer(self, text, status=200, type='text/xml; charset=utf-8', **fields):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header('Content-Type', type)
        for name, value in fields.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def digest(self):
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', self.headers.get('Authorization') or ''))
        if given.get('nonce') != 'n0':
            return None
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        response = md5(':'.join([md5('me:r:secret'), 'n0', given['nc'], given['cnonce'], 'auth',
                                 md5('POST:' + self.path)]))
        return 'digest %s %s' % (response == given['response'], given['nc'])

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        way = self.path.strip('/')
        verdict = []
        if b'<xenc:EncryptedKey' in body:
            outside = body.index(b'<ds:Signature') < body.index(b'<xenc:EncryptedKey') \
                if b'<ds:Signature' in body else False
            if outside:
                verdict.append(judge_signature(body))
            body, how = encryption.opened(body, folder + '/peer.key')
            verdict.append(how)
            if outside:
                body = re.sub(rb'<ds:Signature.*</ds:Signature>', b'', body, flags=re.S)
            verdict.append('asked ' + element(body.decode(), 'Get'))
        text = body.decode()
        if way == 'basic':
            return self.answer(ENVELOPE % ('', '', PHOTO % (self.headers.get('Authorization'))))
        if way == 'challenge':
            verdict = self.digest()
            if verdict is None:
                return self.answer('', 401, WWW_Authenticate='Digest realm="r", nonce="n0", qop="auth"')
            return self.answer(ENVELOPE % ('', '', PHOTO % verdict))
        if 'UsernameToken' in text:
            verdict.append(judge_token(text))
        if '<ds:Signature' in text:
            verdict.append(judge_signature(body))
        if '<wsa:Action' in text:
            verdict.append('action ' + element(text, 'Action'))
            verdict.append('to ' + element(text, 'To').split('/')[-1])
        if 'Assertion' in text:
            verdict.append('assertion ' + element(text, 'Issuer'))
        content = PHOTO % ('; '.join(verdict) or 'nothing')
        if way == 'signed':
            return self.answer(signed(content, '2099-01-01T00:00:00Z'))
        if way.startswith('parts--'):
            content = content.replace('</p:Photo>', '<p:Image>AAECAwQ=</p:Image></p:Photo>')
            text, tag = signed(content, '2099-01-01T00:00:00Z'), 'Image'
            if 'encrypted' in way:
                text, key = encryption.enciphered(text, folder + '/me.pem', 'aes256-cbc', 'rsa-oaep-mgf1p')
                text, tag = text.replace('<u:Timestamp', key + '<u:Timestamp', 1), 'CipherValue'
            body = packaged(text, tag)
            if 'changed' in way:
                body = body.replace(bytes(range(5)), bytes(5))
            return self.answer(body, type='multipart/related; boundary=b; type="application/xop+xml"; '
                               'start="<0@x>"; start-info="text/xml"')
        if way.startswith('vouched--'):
            token, info = vouched(way.split('--')[1], 'late' in way)
            answer = signed(content, '2099-01-01T00:00:00Z', token, info if 'none' not in way else '')
            if 'changed' in way:
                answer = answer.replace('p:Name>', 'p:Name> ')
            return self.answer(answer)
        if way == 'late':
            return self.answer(signed(content, '2019-01-01T00:00:00Z'))
        if way == 'changed':
            return self.answer(signed(content, '2099-01-01T00:00:00Z').replace('p:Name>', 'p:Name> '))
        if way == 'moved':
            whole = signed(content, '2099-01-01T00:00:00Z')
            found = re.search(r'<s:Body.*</s:Body>', whole, re.S).group(0)
            other = ENVELOPE[ENVELOPE.index('<s:Body'):].split('</s:Envelope>')[0] % ('', PHOTO % 'evil')
            whole = whole.replace(found, other).replace('</s:Header>', '<x>%s</x></s:Header>' % found)
            return self.answer(whole)
        if way.startswith('encrypted--'):
            return self.answer(encrypted(way, content), 500 if 'fault' in way else 200)
        self.answer(ENVELOPE % ('', '', content))


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
