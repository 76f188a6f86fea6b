<?php
// The oldest endpoint without its WSDL: arguments have no names. Prints what was answered as JSON.
$client = new SoapClient(null, ['location' => $argv[1], 'uri' => 'http://api.clickatell.com/soap/webservice']);
$numbers = ['2799900001', '2799900002'];
echo json_encode([
    'sent' => $client->__soapCall('sendmsg', ['', 123456, 'MyUserName', 'MyPassword', $numbers, '', 'Hello']),
    'refused' => $client->__soapCall('sendmsg', ['', 123456, 'MyUserName', 'Wr0ngPassw0rd', $numbers, '', 'Hello']),
]);
