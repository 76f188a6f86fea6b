-- Sends COUNT messages, each to another number of SERIES, and stops: wrk -t1 ... -- SERIES COUNT
wrk.method = "POST"
wrk.path = "/skycore/ep/v2/"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["x-api-key"] = string.rep("x", 31)

local series, count, sent, answered = 0, 0, 0, 0

function init(arguments)
  series, count = tonumber(arguments[1]), tonumber(arguments[2])
end

function request()
  sent = sent + 1
  local recipient = string.format("+1%03d%07d", series, sent)
  local body = '{"action":"sendsms","message-text":"Your parcel ' .. sent .. ' is on its way.","to":"' .. recipient .. '","from":"00000"}'
  return wrk.format(nil, nil, nil, body)
end

function response()
  answered = answered + 1
  if answered == count then
    wrk.thread:stop()
  end
end
