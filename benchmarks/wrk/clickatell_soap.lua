wrk.method = "POST"
wrk.path = "/clickatell/soap/document_literal/webservice"
wrk.headers["Content-Type"] = "text/xml; charset=utf-8"
wrk.body = [[<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://api.clickatell.com/soap/document_literal/webservice"><SOAP-ENV:Body><ns1:sendmsg><api_id>123456</api_id><user>MyUserName</user><password>MyPassword</password><text>hello from the bench</text><to>2799900001</to></ns1:sendmsg></SOAP-ENV:Body></SOAP-ENV:Envelope>]]
