<?php
// The service of library.wsdl on PHP's own SoapServer, for `php -S 127.0.0.1:PORT soap_server.php`.
// `/12` speaks SOAP 1.2, `/11` SOAP 1.1; `/11/html` and the like break answers as real servers do.
$path = explode('/', trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/'));
$version = $path[0] === '12' ? SOAP_1_2 : SOAP_1_1;
$mode = $path[1] ?? '';

class Library
{
    public function Store($request)
    {
        if ($request->Work[0]->Title === 'broken') {
            throw new SoapFault('Server', 'The shelf fell over');
        }
        return ['Work' => $request->Work, 'Count' => count($request->Work)];
    }

    public function Find($request)
    {
        if ($request->Title === 'nothing') {
            throw new SoapFault('Client', 'There is no such title', null,
                (object)['Title' => $request->Title], 'NotThere');
        }
        return ['Title' => $request->Title, 'Copies' => 3];
    }
}

switch ($mode) {
    case 'html':
        http_response_code(500);
        header('content-type: text/html');
        echo '<html><body>Internal error</body></html>';
        exit;
    case 'truncated':
        header('content-type: text/xml');
        echo '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><a';
        exit;
    case 'doctype':
        header('content-type: text/xml');
        echo '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>';
        exit;
    case 'empty':
        exit;
    case 'slow':
        sleep(60);
        exit;
}
$server = new SoapServer(__DIR__ . '/library.wsdl', ['soap_version' => $version,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'cache_wsdl' => WSDL_CACHE_NONE]);
$server->setClass('Library');
$server->handle();
