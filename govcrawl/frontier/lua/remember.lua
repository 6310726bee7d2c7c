-- remember: put down what a worker read in a file; all of them together stay within a number of bytes.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 name of the file   3 what was read, sealed by the worker   4 ms that it is kept   5 how many bytes at most
-- The longest unused go first (keys: see recall.lua).
local kept, bytes = P .. 'filekept', P .. 'filebytes'

local function forget(members)
  for _, member in ipairs(members) do
    local name, size = string.match(member, '^(.*):(%d+)$')
    call('ZREM', kept, member)
    call('DECRBY', bytes, size)
    call('DEL', P .. 'file:' .. name)
  end
end

local sealed = ARGV[3]
forget(call('ZRANGEBYSCORE', kept, '-inf', now - tonumber(ARGV[4]), 'LIMIT', 0, 100))
if call('ZADD', kept, now, ARGV[2] .. ':' .. #sealed) == 1 then call('INCRBY', bytes, #sealed) end
call('SET', P .. 'file:' .. ARGV[2], '=' .. sealed, 'PX', ARGV[4])
while tonumber(call('GET', bytes) or 0) > tonumber(ARGV[5]) and call('EXISTS', kept) == 1 do forget(call('ZRANGE', kept, 0, 0)) end
return 1
