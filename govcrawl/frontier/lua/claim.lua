-- claim: hand a worker one page each of the hosts that are due, and sites that wait to be concluded, for a limited time.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 how many pages at most   3 how many closings at most   4 what makes the tokens of this caller its own
-- Returns {msgpack {pages, closings, ms until something is due (-1: nothing will be), campaigns with unfinished sites}, entry of each page}
--   page     {token, campaign id, site id, host, class, attempt}; for class 0 (robots.txt) the entry is one that waits for it
--   closing  {token, campaign id, site id, state, reason, pages, failed pages}
-- A page is queued or leased, never both and never neither. The first lease of a host is its robots.txt; its other pages wait for that.
local limit, closing_limit, mark = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local pages, closings, reply, changed = {}, {}, {''}, false
local leased, leases, seq = {}, {}, 0

local function reap()
  for _, token in ipairs(call('ZRANGEBYSCORE', P .. 'leased', '-inf', now, 'LIMIT', 0, 200)) do
    changed = true
    local raw = call('HGET', P .. 'leases', token)
    if not raw then
      call('ZREM', P .. 'leased', token)
    else
      local lease = cmsgpack.unpack(raw)
      local s, h = return_lease(token, lease)
      if not s then
        h.rb = ''
      elseif lease[4] < ATTEMPTS then
        put_back(lease[1], s, lease, lease[4] + 1, 'LPUSH')
      else
        fail_page(lease[1], s, lease, 'lease_expired')
      end
    end
  end
end

-- What a pause, a resume or a stop left to do, a bit at each claim, so that neither takes long nor can be cut off half-way.
local function chores()
  local number = call('SRANDMEMBER', P .. 'chores')
  if not number then return end
  changed = true
  local c = campaign(number)
  if c.st == 'stopped' then
    local done = tonumber(call('HGET', P .. 'c:' .. number, 'swept') or 0)
    local last = tonumber(call('HGET', P .. 'c:' .. number, 'sites') or 0)
    for n = done + 1, math.min(done + 100, last) do
      local sid = number .. '.' .. n
      local s = site(sid)
      if s.st == 'running' then
        drop_site(sid, s)
        s.left = 1
      end
    end
    call('HSET', P .. 'c:' .. number, 'swept', math.min(done + 100, last))
    if done + 100 >= last then
      call('SREM', P .. 'chores', number)
      call('UNLINK', P .. 'parked:' .. number)
    end
  elseif c.st == 'running' then
    for _, lane in ipairs(call('SPOP', P .. 'parked:' .. number, 100)) do
      local sid, name = string.match(lane, '^([%d.]+)|(.*)$')
      site(sid).lanes[name] = true
    end
    if call('SCARD', P .. 'parked:' .. number) == 0 then call('SREM', P .. 'chores', number) end
  else
    call('SREM', P .. 'chores', number)
  end
end

-- Lanes whose window has opened come back to their hosts.
local function wake()
  for _, lane in ipairs(call('ZRANGEBYSCORE', P .. 'asleep', '-inf', now, 'LIMIT', 0, 200)) do
    changed = true
    call('ZREM', P .. 'asleep', lane)
    local sid, name = string.match(lane, '^([%d.]+)|(.*)$')
    site(sid).lanes[name] = true
  end
end

-- When the window of a site opens (ms); nil where it is open, or there is none.
local function opening(s)
  if s.wf == s.wt then return nil end
  local minute = math.floor(now / 60000)
  local since = (minute + 480 - s.wf) % 1440
  if since < (s.wt - s.wf) % 1440 then return nil end
  return (minute + 1440 - since) * 60000
end

local function lease(sid, name, class, attempt, entry)
  local token = string.format('%d-', seq - #pages) .. mark
  leased[#leased + 1] = now + LEASE
  leased[#leased + 1] = token
  leases[#leases + 1] = token
  leases[#leases + 1] = cmsgpack.pack({sid, name, class, attempt, entry, now})
  local h = host(name)
  h.inflight = h.inflight + 1
  if counted(class) and h.quota > 1 then h.quota = h.quota - 1 end
  h.next = now + delay_of(h)
  pages[#pages + 1] = {token, campaign(number_of(sid)).id, site(sid).id, name, class, attempt}
  reply[#reply + 1] = entry
end

-- The best lane of a host and the class of its best page; lanes that may not go on leave the host.
local function best_lane(name)
  while true do
    local top = call('ZRANGE', P .. 'lanes:' .. name, 0, 0, 'WITHSCORES')
    if #top == 0 then return nil end
    local sid, class = top[1], math.floor(tonumber(top[2]) / 1e9)
    local s, state = site(sid), campaign(number_of(sid)).st
    if state == 'paused' then
      call('ZREM', P .. 'lanes:' .. name, sid)
      call('SADD', P .. 'parked:' .. number_of(sid), sid .. '|' .. name)
      s.lanes[name] = false
    elseif state == 'stopped' then
      call('ZREM', P .. 'lanes:' .. name, sid)
      drop_site(sid, s)
    elseif opening(s) then
      call('ZREM', P .. 'lanes:' .. name, sid)
      call('ZADD', P .. 'asleep', opening(s), sid .. '|' .. name)
      s.lanes[name] = false
    elseif (class == SHEET or has_budget(s)) and call('EXISTS', queue(sid, class, name)) == 1 then
      return sid, s, class
    else
      local before = top[2]
      place(sid, s, name, HOME)
      if call('ZSCORE', P .. 'lanes:' .. name, sid) == before then call('ZREM', P .. 'lanes:' .. name, sid) end
    end
  end
end

-- A host that gave all the pages that it may.
local function exhaust(name)
  for _, sid in ipairs(call('ZRANGE', P .. 'lanes:' .. name, 0, -1)) do
    local s = site(sid)
    if drop_lane(sid, s, name) > 0 then s.left = 1 end
    if s.home == '' then s.home = 'budget' end
  end
end

local function hand_out(name)
  changed = true
  if not string.match(name, '^[%w%.%-_:%[%]]+$') then
    call('ZREM', P .. 'due', name)
    return
  end
  local h = host(name)
  if h.quota == 1 then return exhaust(name) end
  local sid, s, class = best_lane(name)
  if not sid then return end
  local key = queue(sid, class, name)
  if not (h.rb == 'known' and h.rbt > now) then
    h.rb = 'asked'
    lease(sid, name, 0, 1, call('LINDEX', key, 0))
    return
  end
  local entry = call('LPOP', key)
  local attempt = math.max(1, math.min(9, (string.byte(entry) or 49) - 48))
  s.queued, s.leased = s.queued - 1, s.leased + 1
  if counted(class) then s.pin = s.pin + 1 end
  s.lanes[name] = class
  count(sid, 'queued', -1)
  count(sid, 'leased', 1)
  lease(sid, name, class, attempt, entry)
end

-- What a site with nothing left to fetch ends as.
local function verdict(sid, s)
  if campaign(number_of(sid)).st == 'stopped' and (s.left == 1 or s.home == '') then return 'partial', 'stopped' end
  if s.home ~= 'ok' then return 'failed', s.home ~= '' and s.home or 'bad_response' end
  if s.left == 1 then return 'partial', 'budget' end
  local worst, most = '', 0
  local all = call('HGETALL', P .. 's:' .. sid)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'r:' and tonumber(all[i + 1]) > most then worst, most = string.sub(all[i], 3), tonumber(all[i + 1]) end
  end
  if most > 0 then return 'partial', worst end
  return 'complete', ''
end

local function close()
  for _, sid in ipairs(call('ZRANGEBYSCORE', P .. 'closing', '-inf', now, 'LIMIT', 0, closing_limit)) do
    local s = read(P .. 's:' .. sid, SITE, 3)
    local token = 'c' .. sid .. '-' .. call('INCR', P .. 'seq') .. '-' .. mark
    call('ZADD', P .. 'closing', now + LEASE, sid)
    call('HSET', P .. 's:' .. sid, 'closing', token)
    local state, reason = verdict(sid, s)
    closings[#closings + 1] = {token, campaign(number_of(sid)).id, s.id, state, reason, s.pages, s.failed}
  end
end

local function soonest()
  local first
  for _, key in ipairs({'due', 'leased', 'closing', 'asleep'}) do
    local top = call('ZRANGE', P .. key, 0, 0, 'WITHSCORES')
    if #top > 0 and (not first or tonumber(top[2]) < first) then first = tonumber(top[2]) end
  end
  return first and math.max(0, first - now) or -1
end

reap()
wake()
chores()
if changed then
  settle()
  changed = false
end
if limit > 0 then
  seq = call('INCRBY', P .. 'seq', limit)
  for _, name in ipairs(call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, limit)) do hand_out(name) end
end
if changed then
  settle()
  in_parts('ZADD', P .. 'leased', leased)
  in_parts('HSET', P .. 'leases', leases)
end
close()
reply[1] = cmsgpack.pack({pages, closings, soonest(), call('SCARD', P .. 'open')})
return reply
