wrk.path = "/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456"
  .. "&to=2799900001&text=hello+from+the+bench"
