-- release: take back pages that nobody began to fetch; no attempt is counted.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 msgpack array of tokens
-- Returns how many were still leased under these tokens. A page is queued or leased, never both and never neither.
local released = 0
for _, token in ipairs(cmsgpack.unpack(ARGV[2])) do
  local raw = call('HGET', P .. 'leases', token)
  if raw and not returned[token] then
    local lease = cmsgpack.unpack(raw)
    local s, h = return_lease(token, lease)
    if h.inflight == 0 then h.next = now end
    if h.quota > 0 and counted(lease[3]) then h.quota = h.quota + 1 end
    if s then put_back(lease[1], s, lease, lease[4], 'LPUSH') else h.rb = '' end
    released = released + 1
  end
end
settle()
return released
