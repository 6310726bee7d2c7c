-- sample: count from which foreign domains a page of a site loads scripts, for the first pages of each visit of the site.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 id of the site   3 campaign, with its round   4 registrable domain of the page   5 msgpack [foreign domain, ...]
--       6 pages of a sample   7 ms that a sample is remembered   8 ms that a site counts for a domain
-- Returns 1 as long as more pages are wanted.
-- scripts:SITE hash '' -> msgpack [campaign, pages, pages of the sample before]; DOMAIN -> msgpack [pages, 1 if it was there before this
-- campaign, since when (ms)], at most 64. loaded:DOMAIN as load has it.
-- A page that is counted twice, because its worker died, counts for all its domains twice.
local MOST_DOMAINS = 64
local key, most = P .. 'scripts:' .. ARGV[2], tonumber(ARGV[6])
local raw = call('HGET', key, '')
local visit = raw and cmsgpack.unpack(raw) or {ARGV[3], 0, 0}

if visit[1] ~= ARGV[3] then
  local rows = call('HGETALL', key)
  for i = 1, #rows, 2 do
    if rows[i] ~= '' then call('HSET', key, rows[i], cmsgpack.pack({0, 1, cmsgpack.unpack(rows[i + 1])[3]})) end
  end
  visit = {ARGV[3], 0, visit[2]}
end
if visit[2] >= most then return 0 end

visit[2] = visit[2] + 1
call('HSET', key, '', cmsgpack.pack(visit))
for _, domain in ipairs(cmsgpack.unpack(ARGV[5])) do
  local known = call('HGET', key, domain)
  local counted = known and cmsgpack.unpack(known) or {0, 0, now}
  if known or call('HLEN', key) <= MOST_DOMAINS then
    call('HSET', key, domain, cmsgpack.pack({counted[1] + 1, counted[2], counted[3]}))
  end
  call('PFADD', P .. 'loaded:' .. domain, ARGV[4])
  call('PEXPIRE', P .. 'loaded:' .. domain, ARGV[8])
end
call('PEXPIRE', key, ARGV[7])
return visit[2] < most and 1 or 0
