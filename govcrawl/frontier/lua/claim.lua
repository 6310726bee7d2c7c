-- claim: hand a worker one page each of the hosts that are due, and sites that wait to be concluded, for a limited time.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 how many pages at most   3 how many closings at most   4 what makes the tokens of this caller its own
-- Returns {msgpack {mark of the tokens, pages, closings, ms until something is due (-1: nothing will be), campaigns with unfinished sites}, entry of each page}
--   pages    {fields, campaign ids, site ids, hosts, classes, attempts}; a token is FIELD|MARK; for class 0 (robots.txt) the entry is one that waits for it
--   closing  {token, campaign id, site id, state, reason, pages, failed pages, campaign id of the round before ("": none),
--            patterns of traps, each followed by the number of addresses left out}
--   A campaign id is with its round where the campaign is a standing one.
-- A page is queued or leased, never both and never neither. The first lease of a host is its robots.txt; its other pages wait for that.
local MOST_TOLD = 50
local limit, closing_limit, mark = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local closings, reply = {}, {''}
local fields, ids, site_ids, names, classes, attempts = {}, {}, {}, {}, {}, {}
local leased, leases, seal, plainly = {}, {}, '', {}  -- plainly: pages handed out without a record changed, by campaign

local function reap()
  for _, field in ipairs(call('ZRANGEBYSCORE', P .. 'leased', '-inf', now, 'LIMIT', 0, 200)) do
    busy = true
    local raw = call('HGET', P .. 'leases', field)
    if not raw then
      call('ZREM', P .. 'leased', field)
    else
      local lease = lease_of(raw)
      local s, h = return_lease(field, lease)
      if not s then
        h[ROBOTS] = 0
      elseif lease[ATTEMPT] < ATTEMPTS then
        put_back(lease[SID], s, lease, lease[ATTEMPT] + 1, 'LPUSH')
      else
        fail_page(lease[SID], s, lease, 'lease_expired')
        lose(lease[SID], s)
      end
    end
  end
end

-- What a pause, a resume or a stop left to do, a bit at each claim, so that neither takes long nor can be cut off half-way.
local function chores()
  local number = call('SRANDMEMBER', P .. 'chores')
  if not number then return end
  busy = true
  local c = campaign(number)
  if c.st == 'stopped' then
    local done = tonumber(call('HGET', P .. 'c:' .. number, 'swept') or 0)
    local last = tonumber(call('HGET', P .. 'c:' .. number, 'sites') or 0)
    for n = done + 1, math.min(done + 100, last) do
      local sid = number .. '.' .. n
      local s = site(sid)
      if s[STATE] == 'running' then
        drop_site(sid, s)
        s[LEFT] = 1
      end
    end
    call('HSET', P .. 'c:' .. number, 'swept', math.min(done + 100, last))
    if done + 100 >= last then
      call('SREM', P .. 'chores', number)
      call('UNLINK', P .. 'parked:' .. number)
      if call('SISMEMBER', P .. 'open', number) == 0 then call('HSETNX', P .. 'c:' .. number, 'finished', now) end
    end
  elseif c.st == 'running' then
    for _, lane in ipairs(call('SPOP', P .. 'parked:' .. number, 100)) do
      local sid, name = string.match(lane, '^([%d.]+)|(.*)$')
      -- Without a host: its next round was due.
      if name == '' then call('ZADD', P .. 'resting', now, sid) else touch(site(sid), name) end
    end
    if call('SCARD', P .. 'parked:' .. number) == 0 then call('SREM', P .. 'chores', number) end
  else
    call('SREM', P .. 'chores', number)
  end
end

-- Lanes whose window has opened come back to their hosts.
local function wake()
  for _, lane in ipairs(call('ZRANGEBYSCORE', P .. 'asleep', '-inf', now, 'LIMIT', 0, 200)) do
    busy = true
    call('ZREM', P .. 'asleep', lane)
    local sid, name = string.match(lane, '^([%d.]+)|(.*)$')
    touch(site(sid), name)
  end
end

-- When the window of a site opens (ms); nil where it is open, or there is none.
local function opening(s)
  if s[WINDOW_FROM] == s[WINDOW_TO] then return nil end
  local minute = math.floor(now / 60000)
  local since = (minute + 480 - s[WINDOW_FROM]) % 1440
  if since < (s[WINDOW_TO] - s[WINDOW_FROM]) % 1440 then return nil end
  return (minute + 1440 - since) * 60000
end

local function free_slot(name)
  local n = 1
  while n < IN_FLIGHT and call('HEXISTS', P .. 'leases', slot(name, n)) == 1 do n = n + 1 end
  return slot(name, n)
end

local function lease(sid, number, round, id, name, class, attempt, entry)
  local n, field = #names + 1, IN_FLIGHT == 1 and name or free_slot(name)
  fields[n], ids[n], site_ids[n], names[n], classes[n], attempts[n] = field, name_of(number, round), id, name, class, attempt
  reply[n + 1] = entry
  leased[2 * n - 1], leased[2 * n] = now + LEASE, field
  leases[2 * n - 1], leases[2 * n] = field, struct.pack(LEASE_FORM, class, attempt, now, sid, name, seal) .. entry
end

local function attempt_of(entry)
  local digit = string.byte(entry)
  if digit == 49 then return 1 end
  return math.max(1, math.min(9, (digit or 49) - 48))
end

local function take_off(sid, s, name)
  leave(sid, name)
  s.lanes = s.lanes or {}
  s.lanes[name] = false
end

-- The best lane of a host and the class of its best page; lanes that may not go on leave the host.
local function best_lane(name, h)
  while h[LANES] > 0 do
    local sid = lanes_on(name, 1)[1]
    if not sid then
      h[LANES] = 0
      return
    end
    local s = site(sid)
    local state = campaign(s[NUMBER]).st
    if state == 'paused' then
      take_off(sid, s, name)
      call('SADD', P .. 'parked:' .. s[NUMBER], sid .. '|' .. name)
    elseif state == 'stopped' then
      leave(sid, name)
      drop_site(sid, s)
    elseif opening(s) then
      take_off(sid, s, name)
      call('ZADD', P .. 'asleep', opening(s), sid .. '|' .. name)
    else
      local class = best_class(sid, s, name, HOME)
      if class then return sid, s, class end
      leave(sid, name)
    end
  end
end

-- A host that gave all the pages that it may.
local function exhaust(name)
  for _, sid in ipairs(lanes_on(name, 0)) do
    local s = site(sid)
    if drop_lane(sid, s, name) > 0 then s[LEFT] = 1 end
    if s[HOME_STATE] == '' then s[HOME_STATE] = 'budget' end
  end
end

-- The common case: one site on the host, robots.txt known, and nothing to be looked at but the queue. No record changes: what the host has
-- under way, and when the next may follow, is told by the lease. Written without a table, as it is what most of a crawl passes through.
local function hand_out_plainly(name, raw)
  local _, _, _, _, robots, _, quota, _, _, _, _, owner, round, class, plain, sid, _, at = struct.unpack(HOST_FORM, raw)
  if plain == 0 or robots <= now or quota ~= 0 or campaign(owner).st ~= 'running' then return false end
  local entry = call('LPOP', queue(sid, class, name))
  if not entry then return false end
  plainly[owner] = (plainly[owner] or 0) + 1
  lease(sid, owner, round, string.sub(raw, at), name, class, attempt_of(entry), entry)
  return true
end

local function hand_out(name)
  local h = host(name)
  changed[name] = true
  if h[QUOTA] == 1 then return exhaust(name) end
  local sid, s, class = best_lane(name, h)
  if not sid then return end
  local known = h[ROBOTS] > now
  local entry
  if known then entry = call('LPOP', queue(sid, class, name)) else entry = call('LINDEX', queue(sid, class, name), 0) end
  h[UNDER_WAY], h[NEXT] = h[UNDER_WAY] + 1, now + delay_of(h)
  if not known then
    h[ROBOTS] = ASKED
    return lease(sid, s[NUMBER], s[ROUND], s[ID], name, 0, 1, entry)
  end
  count(s, 'queued', -1)
  count(s, 'leased', 1)
  if counted(class) then
    if s[BUDGET] > 0 then s[PIN] = s[PIN] + 1 end
    if h[QUOTA] > 1 then h[QUOTA] = h[QUOTA] - 1 end
  end
  touch(s, name, class)
  lease(sid, s[NUMBER], s[ROUND], s[ID], name, class, attempt_of(entry), entry)
end

-- All of them leave the due (see homes.lua); settle puts those back that stay. What has no record is no host. Returns how many there were.
local function hand_out_some(most)
  local found = taken(most, mark)
  local due_now = #found
  if due_now == 0 then return 0 end
  found = admitted(found)
  if #found == 0 then return due_now end
  if seal == '' then seal = string.format('%d-', call('INCR', P .. 'seq')) .. mark end
  for i, raw in ipairs(call('HMGET', P .. 'hosts', unpack(found))) do
    local name = found[i]
    if raw and not (IN_FLIGHT == 1 and hand_out_plainly(name, raw)) then hand_out(name) end
  end
  return due_now
end

local function hand_out_all()
  -- Hosts that their address puts off leave room for others.
  local looked = 0
  repeat
    local due_now = hand_out_some(math.min(limit - #names, 1000))
    looked = looked + due_now
  until due_now == 0 or #names >= limit or ADDRESS == 0 or looked >= 1000
  busy = looked > 0
  for owner, n in pairs(plainly) do
    count_for(owner, 'queued', -n)
    count_for(owner, 'leased', n)
  end
end

-- What a site with nothing left to fetch ends as.
local function verdict(sid, s)
  local stopped = campaign(s[NUMBER]).st == 'stopped'
  if stopped and (s[LEFT] == 1 or s[HOME_STATE] == '') then return 'partial', 'stopped' end
  if s[HOME_STATE] ~= 'ok' then return 'failed', s[HOME_STATE] ~= '' and s[HOME_STATE] or 'bad_response' end
  if s[LEFT] == 1 then return 'partial', 'budget' end
  local worst, most = '', 0
  local all = call('HGETALL', P .. 's:' .. sid)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'r:' and tonumber(all[i + 1]) > most then worst, most = string.sub(all[i], 3), tonumber(all[i + 1]) end
  end
  if most > 0 then return 'partial', worst end
  return 'complete', ''
end

-- Of how many patterns how many addresses were left out.
local function traps(sid)
  local found, all = {}, call('HGETALL', P .. 'traps:' .. sid)
  for i = 1, #all, 2 do
    local beyond = tonumber(all[i + 1]) - ALIKE
    if beyond > 0 and #found < 2 * MOST_TOLD then
      found[#found + 1] = all[i]
      found[#found + 1] = beyond
    end
  end
  return found
end

local function close()
  for _, sid in ipairs(call('ZRANGEBYSCORE', P .. 'closing', '-inf', now, 'LIMIT', 0, closing_limit)) do
    local s = site(sid)
    local token = '!' .. sid .. '-' .. call('INCR', P .. 'seq') .. '-' .. mark
    call('ZADD', P .. 'closing', now + LEASE, sid)
    call('HSET', P .. 's:' .. sid, 'closing', token)
    local state, reason = verdict(sid, s)
    local before = s[ROUND] > 0 and tonumber(call('HGET', P .. 's:' .. sid, 'before') or 0) or 0
    closings[#closings + 1] = {token, name_of(s[NUMBER], s[ROUND]), s[ID], state, reason, s[PAGES], s[FAILED], before > 0 and name_of(s[NUMBER], before) or '',
      s[CUT] > 0 and traps(sid) or {}}
  end
end

local function soonest()
  local first = first_due()
  for _, key in ipairs({'leased', 'closing', 'asleep', 'resting'}) do
    local top = call('ZRANGE', P .. key, 0, 0, 'WITHSCORES')
    if #top > 0 and (not first or tonumber(top[2]) < first) then first = tonumber(top[2]) end
  end
  return first and math.max(0, first - now) or -1
end

reap()
wake()
chores()
begin_due()
if busy then
  settle()
  write_directories()
  busy = false
end
if limit > 0 then hand_out_all() end
if busy then
  -- Before settle, which may meet a host again that was handed out plainly: of a site whose budget is spent.
  in_parts('ZADD', P .. 'leased', leased)
  in_parts('HSET', P .. 'leases', leases)
  settle()
  write_turns()
end
close()
reply[1] = cmsgpack.pack({seal, {fields, ids, site_ids, names, classes, attempts}, closings, soonest(), call('SCARD', P .. 'open')})
return reply
