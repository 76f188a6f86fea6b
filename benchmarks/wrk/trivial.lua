wrk.method = "POST"
wrk.path = "/notes"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"recipient":"+10000000001","sender":"00000","text":"hello from the bench","reference":"order-7",'
  .. '"priority":3,"flash":false,"tags":["bench"],"validity":2.5}'
