wrk.method = "POST"
wrk.path = "/skycore/ep/v2/"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["x-api-key"] = string.rep("x", 31)
wrk.body = '{"action":"sendsms","message-text":"hello from the bench","to":"+10000000001","from":"00000"}'
