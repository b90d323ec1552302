// SPDX-License-Identifier: Apache-2.0
// The server of stock.h: prints its port and answers until it is ended.
#include <stdio.h>
#include "soapH.h"
#include "stock.nsmap"

int ns__find(struct soap *soap, char *code, struct ns__findResponse *response)
{
    if (strcmp(code, "none") == 0) {
        struct ns__NoItem *none = (struct ns__NoItem *)soap_malloc(soap, sizeof *none);
        none->Code = code;
        soap_sender_fault(soap, "no such item", NULL);
        soap_faultdetail(soap);
        struct SOAP_ENV__Detail *detail =
            (struct SOAP_ENV__Detail *)soap_malloc(soap, sizeof *detail);
        memset(detail, 0, sizeof *detail);
        detail->ns__NoItem = none;
        if (soap->version == 2)
            soap->fault->SOAP_ENV__Detail = detail;
        else
            soap->fault->detail = detail;
        return SOAP_FAULT;
    }
    response->Item.Code = code;
    response->Item.Count = 7;
    response->Item.Size = LARGE;
    response->Item.unit = "box";
    return SOAP_OK;
}

int ns__list(struct soap *soap, int count, struct ns__Items *items)
{
    items->__sizeitem = count;
    items->item = (struct ns__Item *)soap_malloc(soap, count * sizeof *items->item);
    for (int i = 0; i < count; i++) {
        items->item[i].Code = "c";
        items->item[i].Count = i;
        items->item[i].Size = SMALL;
        items->item[i].unit = NULL;
    }
    return SOAP_OK;
}

int ns__drop(struct soap *soap, char *code)
{
    (void)code;
    return soap_send_empty_response(soap, 202);
}

int main(void)
{
    struct soap *soap = soap_new();
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (soap_bind(soap, "127.0.0.1", 0, 100) < 0 ||
        getsockname(soap->master, (struct sockaddr *)&address, &size) != 0)
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (soap_valid_socket(soap_accept(soap))) {
        soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    return 0;
}
