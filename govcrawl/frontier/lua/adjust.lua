-- adjust: change the delay or the budget of a host, of a site, or of a campaign and its sites without their own, while all goes on.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 campaign id   3 site id ("": none)   4 host ("": none)   5 delay in ms (-1: as it is)
--         6 max pages (0: no limit, -1: as it is); of a host: how many more, over all campaigns   7 the first site (from 1) to change now
-- Returns {how many sites or hosts were changed, the first site that is left to change (0: none)}, or false where there is no such thing.
-- A site that has ended keeps its state; in a standing campaign the change is of its next round. Pages that a smaller budget leaves no room for are dropped by the next verb that meets the site.
local AT_ONCE = 200
local id, wanted, name = ARGV[2], ARGV[3], ARGV[4]
local delay, most, first = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

-- The rest that a longer delay imposed is cut short; a back-off is not.
local function hasten(h)
  if h[FAILS] == 0 and h[THROTTLED] == 0 then h[NEXT] = math.min(h[NEXT], now + delay_of(h)) end
end

-- What a site has leased against its budget: not counted for as long as it had none.
local loans
local function on_loan(sid)
  if not loans then
    loans = {}
    for _, raw in ipairs(call('HVALS', P .. 'leases')) do
      local lease = lease_of(raw)
      if counted(lease[CLASS]) then loans[lease[SID]] = (loans[lease[SID]] or 0) + 1 end
    end
  end
  return loans[sid] or 0
end

local function adjust(sid, own)
  local s = site(sid)
  if s[STATE] ~= 'running' and s[ROUND] == 0 then return end
  if delay >= 0 and (own == 1 or s[OWN_DELAY] == 0) then
    s[SITE_DELAY], s[OWN_DELAY] = delay, own
    for _, on in ipairs(hosts_of(sid)) do
      ask(sid, on, delay)
      hasten(host(on))
    end
  end
  if most >= 0 and (own == 1 or s[OWN_BUDGET] == 0) then
    if s[BUDGET] == 0 then s[PIN] = on_loan(sid) end
    s[BUDGET], s[OWN_BUDGET] = most, own
    touch_lanes(sid, s)
  end
end

if name ~= '' then
  if call('HEXISTS', P .. 'hosts', name) == 0 then return false end
  local h = host(name)
  if delay >= 0 then h[HAND_DELAY] = delay + 1 end
  if most >= 0 then h[QUOTA] = most > 0 and most + 1 or 0 end
  hasten(h)
  settle()
  return {1, 0}
end
local number = call('HGET', P .. 'camps', id)
if not number then return false end
if wanted ~= '' then
  local n = call('HGET', P .. 'ids:' .. number, wanted)
  if not n then return false end
  adjust(number .. '.' .. n, 1)
  settle()
  return {1, 0}
end
if delay >= 0 then call('HSET', P .. 'c:' .. number, 'delay', delay) end
if most >= 0 then call('HSET', P .. 'c:' .. number, 'max', most) end
local sites_in_all = tonumber(call('HGET', P .. 'c:' .. number, 'sites') or 0)
local last = math.min(first + AT_ONCE - 1, sites_in_all)
for n = first, last do adjust(number .. '.' .. n, 0) end
settle()
return {last - first + 1, last < sites_in_all and last + 1 or 0}
