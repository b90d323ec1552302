# SPDX-License-Identifier: Apache-2.0
"""XML Encryption as xmlsec1 and openssl do it: requests are opened, answers enciphered."""
import base64
import os
import re
import subprocess
import tempfile

XENC = 'http://www.w3.org/2001/04/xmlenc#'
XENC11 = 'http://www.w3.org/2009/xmlenc11#'
DS = 'http://www.w3.org/2000/09/xmldsig#'
CIPHER = '<x:CipherData xmlns:x="%s"><x:CipherValue/></x:CipherData>' % XENC


def run(*arguments, data=None):
    return subprocess.run(arguments, capture_output=True, input=data)


def kept(data):
    with tempfile.NamedTemporaryFile(suffix='.xml', delete=False) as file:
        file.write(data)
    return file.name


def algorithms(text):
    return [name.split('#')[1] for name in re.findall(r'<xenc:EncryptionMethod Algorithm="([^"]*)"', text)]


def opened(body, key):
    """The request in clear, and how it was encrypted."""
    text = body.decode()
    held = re.search(r'<xenc:EncryptedKey .*?</xenc:EncryptedKey>', text, re.S).group(0)
    method = re.search(r'<xenc:EncryptionMethod.*?</xenc:EncryptionMethod>', held, re.S).group(0)
    options = ['rsa_padding_mode:pkcs1']
    if 'oaep' in method:
        digest = re.search(r'DigestMethod[^>]*#(\w+)"', method).group(1)
        mask = re.search(r'mgf1(sha\d+)"', method)
        options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:' + digest,
                   'rsa_mgf1_md:' + (mask.group(1) if mask else 'sha1')]
    value = base64.b64decode(re.search(r'<xenc:CipherValue>(.*?)<', held, re.S).group(1))
    result = run('openssl', 'pkeyutl', '-decrypt', '-inkey', key,
                 *[x for option in options for x in ('-pkeyopt', option)], data=value)
    if result.returncode:
        return body, 'no key: ' + result.stderr.decode()[-200:]
    name = kept(result.stdout)
    used = algorithms(text)
    text = text.replace(held, '')
    # xmlsec1 knows no tokens of WS-Security: the one key is given to it.
    text = re.sub(r'<ds:KeyInfo[^>]*><wsse:SecurityTokenReference[^>]*>\s*<wsse:Reference URI="#EK"/>'
                  r'.*?</ds:KeyInfo>', '', text, flags=re.S)
    count = text.count('<xenc:EncryptedData')
    for _ in range(count):
        file = kept(text.encode())
        result = run('xmlsec1', '--decrypt', '--aeskey', name, file)
        os.unlink(file)
        if result.returncode:
            return body, 'not opened: ' + result.stderr.decode()[-300:]
        text = result.stdout.decode()
    os.unlink(name)
    form = next((f for f in ('X509IssuerSerial', 'SubjectKeyIdentifier', 'ThumbprintSHA1', '#X509E')
                 if f in held), 'nothing')
    return text.encode(), 'opened %d by %s, %s' % (count, ' and '.join(sorted(set(used))), form)


def enciphered(text, certificate, algorithm, transport, inline=False):
    """The answer with the content of its Body enciphered for the certificate's holder."""
    space = XENC11 if 'gcm' in algorithm else XENC
    template = ('<x:EncryptedData xmlns:x="%s" Id="body" Type="%sContent"><x:EncryptionMethod Algorithm="%s"/>'
                '<KeyInfo xmlns="%s"><x:EncryptedKey Id="key"><x:EncryptionMethod Algorithm="%s"/>%s'
                '</x:EncryptedKey></KeyInfo>%s</x:EncryptedData>' % (
                    XENC, XENC, space + algorithm, DS, XENC + transport, CIPHER, CIPHER))
    plan, data = kept(template.encode()), kept(text.encode())
    result = run('xmlsec1', '--encrypt', '--pubkey-cert-pem', certificate, '--session-key',
                 'aes-' + algorithm[3:6], '--xml-data', data, '--node-name',
                 'http://schemas.xmlsoap.org/soap/envelope/:Body', plan)
    os.unlink(plan)
    os.unlink(data)
    if result.returncode:
        raise RuntimeError(result.stderr.decode())
    text = result.stdout.decode()
    if inline:
        return text
    # As WS-Security has it: the key stands in the header, and says what it is for.
    info = re.search(r'<KeyInfo.*?</KeyInfo>', text, re.S).group(0)
    held = re.search(r'<x:EncryptedKey.*</x:EncryptedKey>', info, re.S).group(0)
    held = held.replace('<x:EncryptedKey ', '<x:EncryptedKey xmlns:x="%s" ' % XENC).replace(
        '</x:EncryptedKey>', '<x:ReferenceList><x:DataReference URI="#body"/></x:ReferenceList></x:EncryptedKey>')
    return text.replace(info, ''), held
