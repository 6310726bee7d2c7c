-- finish: take what became of leased pages: ack, dedup and push of all children, counters, next fetch time of the host.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 msgpack array of results {token, outcome, reason, status, ms since the fetch began, ms the host took,
--         ms it asks us to wait (-1: nothing), robots.txt or false, its crawl-delay in ms (-1: none), groups of children}
--         group  {host, array of hashes, array of classes, array of entries}
-- Returns how many of the leases were still the caller's. A result under an old token changes nothing.
-- Either the page is still leased, or all its children are queued and it is not.
local UNREACHED = {dns = true, timeout = true, refused = true, reset = true, tls = true}
local NOT_ASKED = {robots = true, bad_record = true, forbidden_address = true}
local SERVER = {http_5xx = true, throttled = true}
local ROBOTS_ATTEMPTS = 3

local function doubled(base, times, cap)
  local wait = math.min(base * 2 ^ math.min(times, 30), cap)
  return wait * (1 + math.random() / 10)
end

-- A host in trouble is left alone for a time that doubles; one that keeps failing is given up.
local function back_off(h, reason, wait)
  if reason == 'throttled' or wait >= 0 then
    if now - h.tlast > FORGIVE then h.tf = 0 end
    local pause = wait >= 0 and math.min(wait, THROTTLE_CAP) or doubled(THROTTLE, h.tf, THROTTLE_CAP)
    h.tf, h.tlast = h.tf + 1, now
    h.next = math.max(h.next, now + pause)
  elseif UNREACHED[reason] or SERVER[reason] then
    h.next = math.max(h.next, now + doubled(RETRY, h.fails, RETRY_CAP))
    h.fails = h.fails + 1
  end
end

local function give_up(name, reason, ours)
  local losers = call('ZRANGE', P .. 'lanes:' .. name, 0, -1)
  -- A site whose budget is all out on loan has no lane just now, though pages of it wait here.
  if not call('ZSCORE', P .. 'lanes:' .. name, ours) then losers[#losers + 1] = ours end
  for _, sid in ipairs(losers) do
    local s = site(sid)
    local lost = drop_lane(sid, s, name)
    s.failed = s.failed + lost
    count(sid, 'failed', lost)
    if lost > 0 then
      call('HINCRBY', P .. 's:' .. sid, 'r:' .. reason, lost)
      if s.home == '' then s.home = reason end
    end
  end
end

local function pace(h, lease, age, took, asked)
  if not asked then
    if h.inflight == 0 then h.next = now end
    return
  end
  local delay = rest_of(h, delay_of(h), took)
  h.next = math.max(h.next, math.max(now - age, lease[6]) + delay)
end

local function finish_robots(h, name, outcome, reason, body, crawl_delay)
  h.rb, h.rbr = 'known', ''
  if outcome == 'done' then
    h.rba, h.rbt, h.cd = 0, now + ROBOTS_KEPT, math.max(crawl_delay, 0)
  elseif SERVER[reason] and h.rba + 1 < ROBOTS_ATTEMPTS then
    h.rb, h.rba = '', h.rba + 1
    return
  elseif SERVER[reason] then
    -- RFC 9309, 2.3.1.4: a server in trouble forbids everything.
    body, h.rbr, h.rba, h.rbt = 'User-agent: *\nDisallow: /\n', reason, 0, now + ROBOTS_UNREACHED
  else
    -- The home page is asked for all the same: what it meets is the reason of the site.
    h.rba, h.rbt = 0, now + ROBOTS_UNREACHED
  end
  call('SET', P .. 'robots:' .. name, body or '', 'PX', math.max(1, h.rbt - now))
end

local function done(sid, s, class, status)
  total('done', 1)
  if not counted(class) then return end
  if status >= 300 and status < 400 and status ~= 304 then
    -- A redirect is no page; where it leads is one.
    s.moved = s.moved + 1
    count(sid, 'moved', 1)
    return
  end
  s.pages, s.used = s.pages + 1, s.used + 1
  count(sid, 'pages', 1)
  if class == HOME then s.home = 'ok' end
end

local function finish(r, raw)
  local token, outcome, reason, status = r[1], r[2], r[3], r[4]
  if not raw or returned[token] then return 0 end
  local lease = cmsgpack.unpack(raw)
  local sid, name, class, attempt = lease[1], lease[2], lease[3], lease[4]
  local s, h = return_lease(token, lease)
  if not s then finish_robots(h, name, outcome, reason, r[8], r[9]) end
  pace(h, lease, r[5], r[6], not (NOT_ASKED[reason] and status == 0))
  if outcome == 'done' then h.fails = 0 end
  -- A page that was had may ask us to wait all the same, or what was fetched beside it did.
  if outcome ~= 'done' or r[7] >= 0 then back_off(h, reason, r[7]) end
  if not s then return 1 end
  if outcome == 'done' then
    done(sid, s, class, status)
  elseif outcome == 'retry' and s.st == 'running' and campaign(number_of(sid)).st ~= 'stopped'
    and attempt < (reason == 'throttled' and 2 * ATTEMPTS or ATTEMPTS) then
    put_back(sid, s, lease, attempt + 1, 'RPUSH')
  else
    if reason == 'robots' and h.rbr ~= '' then reason = h.rbr end
    fail_page(sid, s, lease, reason)
  end
  if campaign(number_of(sid)).st == 'stopped' then
    if #r[10] > 0 then s.left = 1 end
  else
    push(sid, s, r[10])
  end
  if UNREACHED[reason] and h.fails >= PATIENCE then give_up(name, reason, sid) end
  return 1
end

local ours = 0
local results = cmsgpack.unpack(ARGV[2])
for first = 1, #results, 1000 do
  local tokens = {}
  for i = first, math.min(first + 999, #results) do tokens[#tokens + 1] = results[i][1] end
  for i, raw in ipairs(call('HMGET', P .. 'leases', unpack(tokens))) do ours = ours + finish(results[first + i - 1], raw) end
end
settle()
return ours
