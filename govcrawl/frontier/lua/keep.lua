-- keep: store what came of a style sheet; the texts of all sites together stay within a number of bytes.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 name of the address's key   3 its mark: `=` and digest of the text, or `!` and reason   4 ms that it is kept
--         5 text, deflated ("" with a reason)   6 how many bytes of texts at most
-- Texts go by their content: templates that many sites share are here once. The longest unused go first.
call('SET', P .. ARGV[2], ARGV[3], 'PX', ARGV[4])
local text, digest = ARGV[5], string.sub(ARGV[3], 2)
if text == '' then return 0 end
local kept, bytes = P .. 'csskept', P .. 'cssbytes'

local function forget(members)
  for _, member in ipairs(members) do
    local name, size = string.match(member, '^(.*):(%d+)$')
    call('ZREM', kept, member)
    call('DECRBY', bytes, size)
    call('DEL', P .. 'css:' .. name)
  end
end

if call('ZADD', kept, now, digest .. ':' .. #text) == 1 then call('INCRBY', bytes, #text) end
call('SET', P .. 'css:' .. digest, text, 'PX', ARGV[4])
forget(call('ZRANGEBYSCORE', kept, '-inf', now - tonumber(ARGV[4]), 'LIMIT', 0, 100))
while tonumber(call('GET', bytes) or 0) > tonumber(ARGV[6]) and call('EXISTS', kept) == 1 do forget(call('ZRANGE', kept, 0, 0)) end
return 1
