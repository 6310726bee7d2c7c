-- renew: move the end of leases to a full lease time from now.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 msgpack array of tokens of pages   3 msgpack array of {SID, token} of closings
-- Returns how many were still leased under these tokens.
local renewed = 0
for _, token in ipairs(cmsgpack.unpack(ARGV[2])) do
  local _, field = leased_under(token)
  if field then
    call('ZADD', P .. 'leased', 'XX', now + LEASE, field)
    renewed = renewed + 1
  end
end
for _, pair in ipairs(cmsgpack.unpack(ARGV[3])) do
  if call('HGET', P .. 's:' .. pair[1], 'closing') == pair[2] then
    call('ZADD', P .. 'closing', 'XX', now + LEASE, pair[1])
    renewed = renewed + 1
  end
end
return renewed
