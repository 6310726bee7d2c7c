-- release: take back pages that nobody began to fetch; no attempt is counted.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 msgpack array of tokens
-- Returns how many were still leased under these tokens. A page is queued or leased, never both and never neither.
local released = 0
for _, token in ipairs(cmsgpack.unpack(ARGV[2])) do
  local lease, field = leased_under(token)
  if lease and not returned[field] then
    local s, h = return_lease(field, lease)
    if h[UNDER_WAY] == 0 then h[NEXT] = now end
    if h[QUOTA] > 0 and counted(lease[CLASS]) then h[QUOTA] = h[QUOTA] + 1 end
    if s then put_back(lease[SID], s, lease, lease[ATTEMPT], 'LPUSH') else h[ROBOTS] = 0 end
    released = released + 1
  end
end
settle()
return released
