<?php
// What PHP makes of faults, of one return and of a compressed request. Prints one JSON document.
$caught = function (callable $call) {
    try {
        return $call();
    } catch (SoapFault $fault) {
        return "$fault->faultcode: $fault->faultstring";
    }
};
$address = $argv[1] . '/soap/document_literal/webservice';
$login = ['api_id' => '123456', 'user' => 'MyUserName', 'password' => 'MyPassword'];
$unknown = new SoapClient(null, ['location' => $address, 'uri' => 'http://api.clickatell.com/soap/document_literal/webservice']);
$elsewhere = new SoapClient(null, ['location' => $argv[1] . '/soap/nothing', 'uri' => 'urn:nothing']);
$newer = new SoapClient("$address?wsdl", ['soap_version' => SOAP_1_2, 'location' => $address]);
$packed = new SoapClient("$address?wsdl", ['compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5]);
echo json_encode([
    'unknown operation' => $caught(fn () => $unknown->sendfax()),
    'no such address' => $caught(fn () => $elsewhere->sendmsg()),
    'SOAP 1.2' => $caught(fn () => $newer->getbalance($login)),
    'compressed' => $caught(fn () => $packed->sendmsg($login + ['text' => 'Hi', 'to' => ['2799900001']])->return),
]);
