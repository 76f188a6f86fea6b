<?php
// The rpc/encoded endpoints as typed code calls them: every slot filled, the numbers as an array. Prints one JSON document.
$client = new SoapClient($argv[1] . '?wsdl');
[$prefix, $session] = explode(' ', $client->auth(123456, 'MyUserName', 'MyPassword'));
$sent = $client->sendmsg($session, 0, '', '', ['2799900001', '2799900002'], '', 'Hello', 0, 0, 0, 0, 0.0, 0, 0, 0, 0, '', 0, '', '', '', 0);
$id = explode(' ', $sent[0])[1];
echo json_encode([
    'auth' => $prefix,
    'sendmsg' => $sent,
    'querymsg' => $client->querymsg($session, 0, '', '', $id, ''),
    'getbalance' => $client->getbalance($session, 0, '', ''),
    'routeCoverage' => $client->routeCoverage($session, 0, '', '', '2799900001'),
    'refused' => $client->sendmsg('', 123456, 'MyUserName', 'wrong', ['2799900001', '2799900002'], '', 'Hello', 0, 0, 0, 0, 0.0, 0, 0, 0, 0, '', 0, '', '', '', 0),
]);
