-- queues: what every verb knows about hosts, lanes and sites; put in front of the verb's own file.
-- KEYS  1 prefix of the partition, with its hash tag. A verb cannot know beforehand which hosts are due, so the other keys are
--         made here by appending to it: they all share the tag, hence the slot.
-- ARGV  1 msgpack array: the limits below, in the order in which they are read (milliseconds unless named otherwise)
--
--   due           zset  host -> not before (ms): hosts that have work and may have one more request under way
--   h:HOST        hash  next, inflight, d delay, hd delay set by hand (-1: none), cd crawl-delay, rb/rbt/rba/rbr robots state, valid until,
--                       attempts, reason of a refusal; fails in a row, tf/tlast throttlings and the last of them, quota pages that it
--                       may still give, plus one (0: any number)
--   asks:HOST     zset  SID -> delay (ms) that an open site with pages on this host asks for; the longest is the host's
--   lanes:HOST    zset  SID -> rank of the best page that it has queued on this host
--   q:SID:CLASS:HOST  list  attempt digit + JSON record (opaque here), sooner first
--   leased        zset  token -> lease end (ms)          leases  hash  token -> msgpack {SID, host, class, attempt, entry, handed out}
--   s:SID         hash  a site of a campaign; SID is CAMPAIGN_NUMBER.SITE_NUMBER; od/om 1: delay/max are its own, not the campaign's;
--                       wf/wt minutes after midnight in China from which and until which it may be visited (equal: at any time)
--   hosts:SID     set   hosts on which the site has, or had, pages
--   seen:SID:N    set   64-bit hashes of its addresses, in intsets (linear hashing: see add)
--   asleep        zset  "SID|HOST" -> when the site's window opens (ms): lanes that are on no host until then
--   closing       zset  SID -> not before (ms): sites with nothing left to fetch
--   c:NUMBER      hash  a campaign; camps hash id -> number; open set of numbers with unfinished sites; chores set of numbers
--   dead:NUMBER   list  SID, host, reason, attempts, ms, entry, with a space between (the entry may be anything)
--   sheet:CAMPAIGN:DIGEST  string  of a style sheet's address: `?TOKEN` being fetched under that lease, `=DIGEST` of its text, `!REASON` failed
--   css:DIGEST    string  text of a style sheet, deflated; csskept zset "DIGEST:BYTES" -> when it was last put (ms); cssbytes their sum
--   sheets:SID    string  how many addresses of style sheets a site has had fetched
--   hides:DOMAIN shows:DOMAIN  what sites do with foreign domains (see meet.lua)
--   counts        hash  done dead dropped: pages over all campaigns
--
-- An address is queued, leased, done, dead or dropped (by a budget, a stop, a host given up): in exactly one of them, once.
local P = KEYS[1]
local call = redis.call
local L = cmsgpack.unpack(ARGV[1])
local IN_FLIGHT, ATTEMPTS, LEASE = L[1], L[2], L[3]
local RETRY, RETRY_CAP, THROTTLE, THROTTLE_CAP, FORGIVE = L[4], L[5], L[6], L[7], L[8]
local PATIENCE, CRAWL_DELAY_CAP, FACTOR, ADAPTIVE_CAP = L[9], L[10], L[11], L[12]
local ROBOTS_KEPT, ROBOTS_UNREACHED = L[13], L[14]

local HOME, SHEET, LAST_CLASS = 1, 2, 6
local LOAD = 200  -- members a seen bucket holds on average: even before its split (twice as many) it stays under set-max-intset-entries 512
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local SITE = {'queued', 'leased', 'pin', 'used', 'pages', 'failed', 'seen', 'buckets', 'max', 'delay', 'left', 'moved', 'od', 'om', 'wf', 'wt',
  'st', 'home', 'id'}
local HOST = {'next', 'inflight', 'd', 'hd', 'cd', 'rbt', 'rba', 'fails', 'tf', 'tlast', 'quota', 'rb', 'rbr'}
local sites, hosts, campaigns, totals = {}, {}, {}, {}
-- What settle writes for all pages in one command each.
local due, not_due, returned, returned_list = {}, {}, {}, {}

local function read(key, fields, words)
  local values, record, numbers = call('HMGET', key, unpack(fields)), {}, #fields - words
  for i, field in ipairs(fields) do
    local value = values[i]
    if i > numbers then value = value or '' else value = value and tonumber(value) or 0 end
    values[i], record[field] = value, value
  end
  record.was = values
  return record
end

-- What changed; a field that is 0 or empty may be missing. Every field written is also written to the append-only file.
local function write(key, fields, record, arguments)
  local was = record.was
  for i, field in ipairs(fields) do
    local value = record[field]
    if value ~= was[i] then
      arguments[#arguments + 1] = field
      arguments[#arguments + 1] = value
    end
  end
  if #arguments > 0 then call('HSET', key, unpack(arguments)) end
end

-- A call with any number of values: Lua unpacks some thousands at most.
local function in_parts(command, key, values)
  for first = 1, #values, 1000 do call(command, key, unpack(values, first, math.min(first + 999, #values))) end
end

local function site(sid)
  local found = sites[sid]
  if not found then
    found = read(P .. 's:' .. sid, SITE, 3)
    found.lanes = {}
    sites[sid] = found
  end
  return found
end

local function host(name)
  local found = hosts[name]
  if not found then
    found = read(P .. 'h:' .. name, HOST, 2)
    hosts[name] = found
  end
  return found
end

local function number_of(sid)
  return string.match(sid, '^%d+')
end

local function campaign(number)
  local found = campaigns[number]
  if not found then
    local v = call('HMGET', P .. 'c:' .. number, 'st', 'priority', 'delay', 'max', 'id')
    found = {st = v[1] or '', priority = tonumber(v[2] or 0), delay = tonumber(v[3] or 0), max = tonumber(v[4] or 0), id = v[5] or '', add = {}}
    campaigns[number] = found
  end
  return found
end

local function count(sid, field, n)
  local add = campaign(number_of(sid)).add
  add[field] = (add[field] or 0) + n
end

local function total(field, n)
  totals[field] = (totals[field] or 0) + n
end

local function queue(sid, class, name)
  return P .. 'q:' .. sid .. ':' .. class .. ':' .. name
end

local function counted(class)
  return class ~= SHEET and class ~= 0
end

local function has_budget(s)
  return s.max == 0 or s.used + s.pin < s.max
end

-- The rank of a lane: class of its best page, then priority of the campaign, then how many pages it had (so that equals take turns).
local function rank(sid, class, had)
  local priority = math.max(-400, math.min(400, campaign(number_of(sid)).priority))
  return (class * 1000 + 500 - priority) * 1e6 + math.min(had, 999999)
end

-- `from`: the class that its best page may be of, at best.
local function place(sid, s, name, from)
  for class = from, LAST_CLASS do
    if (class == SHEET or has_budget(s)) and call('EXISTS', queue(sid, class, name)) == 1 then
      call('ZADD', P .. 'lanes:' .. name, rank(sid, class, s.used + s.pin), sid)
      return
    end
  end
  call('ZREM', P .. 'lanes:' .. name, sid)
end

local function touch_lanes(sid, s)
  for _, name in ipairs(call('SMEMBERS', P .. 'hosts:' .. sid)) do s.lanes[name] = true end
end

local function delay_of(h)
  if h.hd > 0 then return h.hd - 1 end
  return math.max(h.d, math.min(h.cd, CRAWL_DELAY_CAP))
end

-- How long a host rests after a request that it answered in so many ms.
local function rest_of(h, delay, took)
  if delay > 0 and FACTOR > 0 then return math.max(delay, math.min(FACTOR * took, ADAPTIVE_CAP)) end
  return delay
end

local function schedule(name, h)
  if h.inflight < IN_FLIGHT and h.rb ~= 'asked' and call('EXISTS', P .. 'lanes:' .. name) == 1 then
    due[#due + 1] = h.next
    due[#due + 1] = name
  else
    not_due[#not_due + 1] = name
  end
end

-- A host keeps the longest delay that any open site with pages on it asks for.
local function ask(sid, name, delay)
  local key, h = P .. 'asks:' .. name, host(name)
  if delay > 0 then call('ZADD', key, delay, sid) else call('ZREM', key, sid) end
  h.d = tonumber(call('ZRANGE', key, -1, -1, 'WITHSCORES')[2] or 0)
end

local function open_lane(sid, s, name)
  if s.lanes[name] == nil and call('SADD', P .. 'hosts:' .. sid, name) == 1 then
    ask(sid, name, s.delay)
    -- So that a host is known from its first page on.
    if host(name).next == 0 then host(name).next = now end
  end
  s.lanes[name] = true
end

-- The low bits of a decimal 64-bit number, which a double cannot hold: high and low digits apart. Modulus up to 2^22.
local function modulo(digits, modulus)
  if string.byte(digits) == 45 then digits = string.sub(digits, 2) end
  local high, low = tonumber(string.sub(digits, 1, -11)) or 0, tonumber(string.sub(digits, -10)) or 0
  return ((high % modulus) * (1e10 % modulus) + low % modulus) % modulus
end

local function bucket_of(digits, buckets)
  if buckets == 1 then return 0 end
  local size = 1
  while size * 2 <= buckets do size = size * 2 end
  local b = modulo(digits, size * 2)
  if b >= buckets then b = b % size end
  return b
end

local function split(sid, s)
  local size = 1
  while size * 2 <= s.buckets do size = size * 2 end
  local from, to = P .. 'seen:' .. sid .. ':' .. (s.buckets - size), P .. 'seen:' .. sid .. ':' .. s.buckets
  s.buckets = s.buckets + 1
  local stay, go = {}, {}
  for _, digits in ipairs(call('SMEMBERS', from)) do
    local side = bucket_of(digits, s.buckets) == s.buckets - 1 and go or stay
    side[#side + 1] = digits
  end
  -- Written anew, because a set that was once a hash table never becomes an intset again.
  call('DEL', from)
  if #stay > 0 then call('SADD', from, unpack(stay)) end
  if #go > 0 then call('SADD', to, unpack(go)) end
end

local function add_part(sid, s, digits, new, first)
  local groups = {}
  for i = first, math.min(first + 499, #digits) do
    local d = digits[i]
    local b = bucket_of(d, s.buckets)
    local group = groups[b]
    if group then group[#group + 1] = i else groups[b] = {i} end
  end
  for b, group in pairs(groups) do
    local key, values, fresh, twice = P .. 'seen:' .. sid .. ':' .. b, {}, {}, {}
    for j, i in ipairs(group) do values[j] = digits[i] end
    for j, known in ipairs(call('SMISMEMBER', key, unpack(values))) do
      if known == 0 and not twice[values[j]] then
        twice[values[j]] = true
        fresh[#fresh + 1] = values[j]
        new[group[j]] = true
      end
    end
    if #fresh > 0 then
      call('SADD', key, unpack(fresh))
      s.seen = s.seen + #fresh
    end
  end
  while s.seen > s.buckets * LOAD do split(sid, s) end
end

-- Adds addresses to the seen-set of a site; returns which of them (by position) are new.
local function add(sid, s, digits)
  local new = {}
  -- In parts, so that no bucket outgrows an intset before it is split.
  for first = 1, #digits, 500 do add_part(sid, s, digits, new, first) end
  return new
end

local function is_new(sid, s, digits)
  return call('SISMEMBER', P .. 'seen:' .. sid .. ':' .. bucket_of(digits, s.buckets), digits) == 0
end

local function forget_seen(sid, s)
  for b = 0, s.buckets - 1 do call('UNLINK', P .. 'seen:' .. sid .. ':' .. b) end
  s.seen, s.buckets = 0, 1
end

-- Queues what of the children is new. A group is {host, array of hashes, array of classes, array of entries}.
local function push(sid, s, groups)
  for _, group in ipairs(groups) do
    local name, digits, classes, entries = group[1], group[2], group[3], group[4]
    local spent = s.max > 0 and s.used >= s.max
    if spent then
      local sheets = {{}, {}, {}}
      for i, class in ipairs(classes) do
        if class == SHEET then
          for j, list in ipairs({digits, classes, entries}) do table.insert(sheets[j], list[i]) end
        elseif s.left == 0 and is_new(sid, s, digits[i]) then
          s.left = 1
        end
      end
      digits, classes, entries = unpack(sheets)
    end
    if #digits > 0 then
      local new, queues, n = add(sid, s, digits), {}, 0
      for i, class in ipairs(classes) do
        if new[i] then
          local list = queues[class]
          if list then list[#list + 1] = entries[i] else queues[class] = {entries[i]} end
          n = n + 1
        end
      end
      if n > 0 then
        open_lane(sid, s, name)
        for class, list in pairs(queues) do in_parts('RPUSH', queue(sid, class, name), list) end
        s.queued = s.queued + n
        count(sid, 'queued', n)
      end
    end
  end
end

-- Takes queued pages of a site out on one host: the sheets too, unless they are kept. Returns how many.
local function drop_lane(sid, s, name, keep_sheets)
  local dropped = 0
  for class = HOME, LAST_CLASS do
    if not (keep_sheets and class == SHEET) then
      local key = queue(sid, class, name)
      dropped = dropped + call('LLEN', key)
      call('UNLINK', key)
    end
  end
  s.lanes[name] = true
  s.queued = s.queued - dropped
  count(sid, 'queued', -dropped)
  count(sid, 'dropped', dropped)
  total('dropped', dropped)
  return dropped
end

local function drop_site(sid, s, keep_sheets)
  local dropped = 0
  for _, name in ipairs(call('SMEMBERS', P .. 'hosts:' .. sid)) do dropped = dropped + drop_lane(sid, s, name, keep_sheets) end
  if dropped > 0 then s.left = 1 end
end

local function bury(sid, name, entry, reason, attempt)
  call('RPUSH', P .. 'dead:' .. number_of(sid), table.concat({sid, name, reason, attempt, string.format('%d', now), entry}, ' '))
  count(sid, 'dead', 1)
  total('dead', 1)
end

-- Why a page is not to be held against the inspection of its site: it is gone, or was not for us.
local PARDONED = {http_4xx = true, robots = true, forbidden_address = true}

local function fail_page(sid, s, lease, reason)
  local name, class, attempt, entry = lease[2], lease[3], lease[4], lease[5]
  bury(sid, name, entry, reason, attempt)
  if not counted(class) then return end
  if reason ~= 'robots' and reason ~= 'bad_record' then s.used = s.used + 1 end
  s.failed = s.failed + 1
  count(sid, 'failed', 1)
  if class == HOME and s.home ~= 'ok' then
    s.home = reason
  elseif not PARDONED[reason] then
    call('HINCRBY', P .. 's:' .. sid, 'r:' .. reason, 1)
  end
end

local function put_back(sid, s, lease, attempt, verb)
  call(verb, queue(sid, lease[3], lease[2]), math.min(attempt, 9) .. string.sub(lease[5], 2))
  s.lanes[lease[2]] = true
  s.queued = s.queued + 1
  count(sid, 'queued', 1)
end

-- The end of a lease, whatever came of the page.
local function return_lease(token, lease)
  returned[token] = true
  returned_list[#returned_list + 1] = token
  local sid, name, class = lease[1], lease[2], lease[3]
  local h = host(name)
  h.inflight = math.max(0, h.inflight - 1)
  if class == 0 then return nil, h end
  local s = site(sid)
  s.leased = s.leased - 1
  count(sid, 'leased', -1)
  if counted(class) then s.pin = math.max(0, s.pin - 1) end
  -- Without a budget, a page that comes back changes no lane.
  if s.max > 0 then touch_lanes(sid, s) end
  return s, h
end

local function settle_site(sid, s)
  if s.st == 'running' and s.max > 0 and s.used >= s.max and s.queued > 0 then drop_site(sid, s, true) end
  for name, from in pairs(s.lanes) do
    if from then
      host(name)
      place(sid, s, name, from == true and HOME or from)
    end
  end
  if s.st == 'running' and s.queued == 0 and s.leased == 0 then
    s.st = 'closing'
    call('ZADD', P .. 'closing', now, sid)
  end
  write(P .. 's:' .. sid, SITE, s, {'touched', now})
end

-- Writes everything back; the last act of each verb that changed something, or the last before it begins anew.
local function settle()
  for sid, s in pairs(sites) do settle_site(sid, s) end
  for name, h in pairs(hosts) do
    schedule(name, h)
    write(P .. 'h:' .. name, HOST, h, {})
  end
  in_parts('ZADD', P .. 'due', due)
  in_parts('ZREM', P .. 'due', not_due)
  in_parts('ZREM', P .. 'leased', returned_list)
  in_parts('HDEL', P .. 'leases', returned_list)
  for number, c in pairs(campaigns) do
    for field, n in pairs(c.add) do
      if n ~= 0 then call('HINCRBY', P .. 'c:' .. number, field, n) end
    end
  end
  for field, n in pairs(totals) do
    if n ~= 0 then call('HINCRBY', P .. 'counts', field, n) end
  end
  sites, hosts, campaigns, totals, due, not_due, returned_list = {}, {}, {}, {}, {}, {}, {}
end
