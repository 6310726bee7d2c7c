-- finish: take what became of leased pages: ack, dedup and push of all children, counters, next fetch time of the host.
-- KEYS  1 prefix of the partition (see records.lua)
-- ARGV  1 limits   2 msgpack array of columns, one value a result each: fields, marks, outcomes, reasons, statuses, ms since the fetch began,
--         ms the host took, ms it asks us to wait (-1: nothing), robots.txt or false, its crawl-delay in ms (-1: none), groups of children or
--         false, entry that a dead letter keeps or false, page or false, bytes of the body, IP address or "" (no column at all where addresses are not looked at)
--         group  {host, array of hashes, array of classes, array of entries, patterns of traps by position or nothing}
--         page   {hash, hexadecimal; entry under which it may be queued again; signature, hexadecimal, or '' where it must be looked at each
--                round}: of a standing campaign, where it is to be known in the next one
--       3 epoch on whose word children were left out that are known already; '' where none were
-- Returns {how many of the leases were still the caller's, 1 where all children are in the seen-sets now, epoch}; -1 where the epoch is another
-- one and nothing was changed. A result under an old token changes nothing.
-- Either the page is still leased, or all its children are queued and it is not.
local fields, marks, outcomes, reasons, statuses, ages, took, waits, bodies, crawl_delays, found, labels, pages, sizes, addresses = unpack(cmsgpack.unpack(ARGV[2]))
local UNREACHED = {dns = true, timeout = true, refused = true, reset = true, tls = true}
local NOT_ASKED = {robots = true, bad_record = true, forbidden_address = true}
local SERVER = {http_5xx = true, throttled = true}
local ROBOTS_ATTEMPTS = 3

local function doubled(base, times, cap)
  local wait = math.min(base * 2 ^ math.min(times, 30), cap)
  return wait * (1 + math.random() / 10)
end

-- A host in trouble is left alone for a time that doubles; one that keeps failing is given up.
local function back_off(name, h, reason, wait)
  changed[name] = true
  if reason == 'throttled' or wait >= 0 then
    if now - h[THROTTLED_AT] > FORGIVE then h[THROTTLED] = 0 end
    local pause = wait >= 0 and math.min(wait, THROTTLE_CAP) or doubled(THROTTLE, h[THROTTLED], THROTTLE_CAP)
    h[THROTTLED], h[THROTTLED_AT] = h[THROTTLED] + 1, now
    h[NEXT] = math.max(h[NEXT], now + pause)
  elseif UNREACHED[reason] or SERVER[reason] then
    h[NEXT] = math.max(h[NEXT], now + doubled(RETRY, h[FAILS], RETRY_CAP))
    h[FAILS] = h[FAILS] + 1
  end
end

local function give_up(name, reason, ours)
  local losers, among = lanes_on(name, 0), false
  for _, sid in ipairs(losers) do among = among or sid == ours end
  -- A site whose budget is all out on loan has no lane just now, though pages of it wait here.
  if not among then losers[#losers + 1] = ours end
  for _, sid in ipairs(losers) do
    local s = site(sid)
    local lost = drop_lane(sid, s, name)
    s[FAILED] = s[FAILED] + lost
    count(s, 'failed', lost)
    if lost > 0 then
      call('HINCRBY', P .. 's:' .. sid, 'r:' .. reason, lost)
      if s[HOME_STATE] == '' then s[HOME_STATE] = reason end
      lose(sid, s)
    end
  end
end

local function pace(name, h, given, age, took, asked)
  if not asked then
    if h[UNDER_WAY] == 0 then h[NEXT], changed[name] = now, true end
    return
  end
  h[NEXT] = math.max(h[NEXT], math.max(now - age, given) + rest_of(delay_of(h), took))
end

local function finish_robots(h, name, outcome, reason, body, crawl_delay)
  h[REFUSAL], changed[name] = '', true
  if outcome == 'done' then
    h[ROBOTS_TRIES], h[ROBOTS], h[CRAWL_DELAY] = 0, now + ROBOTS_KEPT, math.max(crawl_delay, 0)
  elseif SERVER[reason] and h[ROBOTS_TRIES] + 1 < ROBOTS_ATTEMPTS then
    h[ROBOTS], h[ROBOTS_TRIES] = 0, h[ROBOTS_TRIES] + 1
    return
  elseif SERVER[reason] then
    -- RFC 9309, 2.3.1.4: a server in trouble forbids everything.
    body, h[REFUSAL], h[ROBOTS_TRIES], h[ROBOTS] = 'User-agent: *\nDisallow: /\n', reason, 0, now + ROBOTS_UNREACHED
  else
    -- The home page is asked for all the same: what it meets is the reason of the site.
    h[ROBOTS_TRIES], h[ROBOTS] = 0, now + ROBOTS_UNREACHED
  end
  call('SET', P .. 'robots:' .. name, body or '', 'PX', math.max(1, h[ROBOTS] - now))
end

local function done(s, class, status)
  total('done', 1)
  if not counted(class) then return end
  if status >= 300 and status < 400 and status ~= 304 then
    -- A redirect is no page; where it leads is one.
    s[MOVED] = s[MOVED] + 1
    count(s, 'moved', 1)
    return
  end
  s[PAGES], s[USED] = s[PAGES] + 1, s[USED] + 1
  count(s, 'pages', 1)
  if status == 304 then s[UNCHANGED] = s[UNCHANGED] + 1 end
  if class == HOME then s[HOME_STATE] = 'ok' end
end

-- 64 bits in 8 bytes.
local function packed(hexadecimal)
  return struct.pack('>II', tonumber(string.sub(hexadecimal, 1, 8), 16), tonumber(string.sub(hexadecimal, 9), 16))
end

-- What an answer makes of a known page, or of a new one; nothing where it is to be known no longer.
local function revisited(s, class, before, i)
  local status, caps, entry, settled = statuses[i], caps_of(s[NUMBER]), pages[i][2], pages[i][3] ~= ''
  local signature = packed(settled and pages[i][3] or '0000000000000000')
  local page = before or {class, 0, 1, 0, 0, signature, entry}
  local misses = outcomes[i] ~= 'done' and (status == 404 or status == 410) and page[MISSES] + 1 or 0
  if outcomes[i] == 'done' and status == 304 then
    page[EVERY] = math.min(math.max(1, 2 * page[EVERY]), caps[class])
  elseif outcomes[i] ~= 'done' and not PARDONED[reasons[i]] then
    page[EVERY] = 0
    page[DUE] = s[ROUND] + 1
    return page
  elseif misses >= GONE_AFTER or (outcomes[i] == 'done' and status >= 300 and status < 400) then
    return nil
  else
    local every = settled and page[EVERY] or 0
    local same = before and signature == page[SIGNATURE]
    page[EVERY] = math.max(1, same and math.min(2 * every, caps[class]) or math.floor(every / 2))
    page[LOOKED_AT], page[SIGNATURE], page[ENTRY] = s[ROUND], signature, entry
  end
  page[MISSES], page[DUE] = misses, s[ROUND] + page[EVERY]
  return page
end

local function keep_page(sid, s, lease, i)
  local name, field = lease[NAME], packed(pages[i][1])
  local raw = call('HGET', known(sid, name), field)
  local page = revisited(s, lease[CLASS], raw and page_of(raw), i)
  if page then
    call('HSET', known(sid, name), field, struct.pack(PAGE_FORM, unpack(page, 1, SIGNATURE)) .. page[ENTRY])
    call('SADD', P .. 'knows:' .. sid, name)
  elseif raw then
    call('HDEL', known(sid, name), field)
  end
end

-- A home page may have moved to a page that the site knows and has queued already: then that one is its home page.
local function meet_home(sid, s, lease, status, children)
  local key, group = P .. 's:' .. sid, children and children[1]
  if lease[CLASS] == HOME and group and status >= 300 then
    call('HSET', key, 'home', group[1] .. ' ' .. (string.match(group[4][1], '^.(%[".-",)') or ''))
  elseif lease[CLASS] ~= HOME and status < 300 then
    local here = string.match(lease[RAW], '^.(%[".-",)', lease[REST])
    if here and call('HGET', key, 'home') == lease[NAME] .. ' ' .. here then s[HOME_STATE] = 'ok' end
  end
end

local function finish(field, lease, i)
  if not lease or returned[field] then return 0 end
  local outcome, reason, status, wait, children = outcomes[i], reasons[i], statuses[i], waits[i], found[i]
  local sid, name, class, attempt = lease[SID], lease[NAME], lease[CLASS], lease[ATTEMPT]
  local s, h = return_lease(field, lease)
  if not s then finish_robots(h, name, outcome, reason, bodies[i], crawl_delays[i]) end
  local asked = not (NOT_ASKED[reason] and status == 0)
  pace(name, h, lease[GIVEN], ages[i], took[i], asked)
  if asked and addresses and addresses[i] ~= '' then went(name, addresses[i], ages[i]) end
  if outcome == 'done' and h[FAILS] > 0 then h[FAILS], changed[name] = 0, true end
  -- A page that was had may ask us to wait all the same, or what was fetched beside it did.
  if outcome ~= 'done' or wait >= 0 then back_off(name, h, reason, wait) end
  if not s then return 1 end
  s[BYTES] = s[BYTES] + sizes[i]
  local stopped = campaign(s[NUMBER]).st == 'stopped'
  local put_off = false
  if outcome == 'done' then
    done(s, class, status)
    if status < 300 or status == 304 then tally(sid, name, class, lease[RAW], lease[REST] + 1) end
    if s[ROUND] > 1 and s[HOME_STATE] == '' then meet_home(sid, s, lease, status, children) end
  elseif outcome == 'retry' and s[STATE] == 'running' and not stopped
    and attempt < (reason == 'throttled' and 2 * ATTEMPTS or ATTEMPTS) then
    put_back(sid, s, lease, attempt + 1, 'RPUSH')
    put_off = true
  else
    if reason == 'robots' and h[REFUSAL] ~= '' then reason = h[REFUSAL] end
    fail_page(sid, s, lease, reason, labels[i])
  end
  if pages[i] and s[ROUND] > 0 and s[STATE] == 'running' and not put_off then keep_page(sid, s, lease, i) end
  if stopped then
    if children then s[LEFT], left_out = 1, true end
  elseif children then
    push(sid, s, children)
  end
  if UNREACHED[reason] and h[FAILS] >= PATIENCE then give_up(name, reason, sid) end
  return 1
end

-- The leases of these results, with their hosts and sites, in one command for each kind. Those that ran out are missing.
local function looked_up(first, last)
  local leases, names, sids = {}, {}, {}
  for i, raw in ipairs(call('HMGET', P .. 'leases', unpack(fields, first, last))) do
    local lease = raw and lease_of(raw)
    if lease and lease[MARK] == marks[first + i - 1] then
      leases[first + i - 1], names[#names + 1] = lease, lease[NAME]
      if lease[CLASS] ~= 0 then sids[#sids + 1] = lease[SID] end
    end
  end
  load_hosts(names)
  load_sites(sids)
  return leases
end

-- What workers know of the seen-sets holds in one epoch: until one of them is reset, the keys are flushed, or another process serves them, which
-- may have less than this one had. '' where the server does not say which process it is: then nobody knows anything.
local function epoch_now()
  local told = redis.pcall('INFO', 'server')
  local process = type(told) == 'string' and string.match(told, 'run_id:(%x+)')
  if not process then return '' end
  local begun = call('GET', P .. 'epoch')
  if not begun then
    begun = time[1] .. '.' .. time[2]
    call('SET', P .. 'epoch', begun)
  end
  return process .. ':' .. begun
end

local epoch = epoch_now()
if ARGV[3] ~= '' and ARGV[3] ~= epoch then return -1 end
local ours = 0
for first = 1, #fields, 1000 do
  local last = math.min(first + 999, #fields)
  local leases = looked_up(first, last)
  for i = first, last do ours = ours + finish(fields[i], leases[i], i) end
end
settle()
write_directories()
write_turns()
return {ours, left_out and 0 or 1, epoch}
