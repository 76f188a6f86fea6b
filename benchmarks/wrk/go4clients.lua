wrk.method = "POST"
wrk.path = "/go4clients/TelintelSms/api/sms/send"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Apikey"] = "5bf54d157a214f748eede4e4131b874d"
wrk.headers["Apisecret"] = "712968662797"
wrk.body = '{"to":"573000000000","message":"hello from the bench"}'
