#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A service of spyne, document/literal, SOAP 1.1 at /11 and 1.2 at /12. Prints its port; its
contract is what it publishes itself at ?wsdl."""
import decimal
import logging
import socketserver
import wsgiref.simple_server

from spyne import (Application, Array, ComplexModel, Date, Decimal, Fault, Integer, Service,
                   Unicode, rpc)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

logging.disable(logging.CRITICAL)
SPACE = 'urn:example:ledger'


class Entry(ComplexModel):
    __namespace__ = SPACE
    Account = Unicode(min_occurs=1)
    Amount = Decimal(min_occurs=1)
    On = Date(min_occurs=0)
    Tag = Unicode(max_occurs='unbounded', min_occurs=0)


class Ledger(Service):
    @rpc(Entry, _returns=Entry)
    def Post(ctx, entry):
        return Entry(Account=entry.Account, Amount=entry.Amount * 2, On=entry.On, Tag=entry.Tag)

    @rpc(Integer, _returns=Array(Entry))
    def List(ctx, count):
        return [Entry(Account='a%d' % i, Amount=decimal.Decimal('1.10') * i) for i in range(count)]

    @rpc(Unicode, _returns=Unicode)
    def Refuse(ctx, why):
        raise Fault('Client.Refused' if 'client' in why else 'Server', why)


def application(protocol):
    return WsgiApplication(Application([Ledger], SPACE, in_protocol=protocol(validator='lxml'),
                                       out_protocol=protocol()))


ways = {'/11': application(Soap11), '/12': application(Soap12)}


def route(environment, start):
    return ways[environment['PATH_INFO'].rstrip('/')](environment, start)


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Handler(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = wsgiref.simple_server.make_server('127.0.0.1', 0, route, Server, Handler)
print(server.server_port, flush=True)
server.serve_forever()
