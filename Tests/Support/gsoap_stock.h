// SPDX-License-Identifier: Apache-2.0
// A service of gSOAP, from which soapcpp2 makes the server's code and its contract.
//gsoap ns service name: stock
//gsoap ns service style: document
//gsoap ns service encoding: literal
//gsoap ns service namespace: urn:example:stock
//gsoap ns service location: http://127.0.0.1:1/
//gsoap ns schema form: unqualified
typedef char *xsd__string;
typedef double xsd__double;
typedef int xsd__int;
enum ns__Size { SMALL, LARGE };
struct ns__Item {
    xsd__string Code;
    xsd__int Count;
    enum ns__Size Size;
    @ xsd__string unit 0;
};
struct ns__Items { int __sizeitem; struct ns__Item *item; };
struct ns__NoItem { xsd__string Code; };
struct SOAP_ENV__Detail { struct ns__NoItem *ns__NoItem; int __type; void *fault; char *__any; };
//gsoap ns service method-fault: find ns__NoItem
//gsoap ns service method-documentation: find Finds an item by its code
int ns__find(xsd__string Code, struct ns__findResponse { struct ns__Item Item; } *response);
int ns__list(xsd__int Count, struct ns__Items *Items);
int ns__drop(xsd__string Code, void);
