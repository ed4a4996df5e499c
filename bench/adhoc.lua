-- Posts code: with the argument "unseen" another text each time, else the same one. Then reports as report.lua does.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local unseen, count = false, 0

function init(args)
  unseen = args[1] == "unseen"
  math.randomseed(os.time())
  count = math.random(1, 1000000) * 1000000
end

function request()
  if unseen then count = count + 1 end
  return wrk.format("POST", nil, nil, string.format("module.exports = (cb) => cb(null, { n: '%d' });", count))
end
