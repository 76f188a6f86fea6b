wrk.method = "POST"
wrk.path = "/clicksend/v3/sms/send"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Basic YXBpLXVzZXJuYW1lOmFwaS1wYXNzd29yZA=="
wrk.body = '{"messages":[{"to":"+61491570156","body":"hello from the bench"}]}'
