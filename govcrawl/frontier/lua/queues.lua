-- queues: what every verb knows about hosts, lanes and sites; put in front of the verb's own file, after records.lua.
--
--   due           zset  host -> not before (ms): hosts that have work and may have one more request under way
--   asks:HOST     zset  SID -> delay (ms) that an open site with pages on this host asks for; the longest is the host's
--   lanes:HOST    zset  SID -> rank of the best page that it has queued on this host; only where there are two and more
--   q:SID:CLASS:HOST  list  attempt digit + JSON record (opaque here), sooner first
--   hosts:SID     set   hosts on which the site has, or had, pages
--   leased        zset  FIELD -> lease end (ms)
--   s:SID         hash  r:REASON pages that failed for it, closing token of the worker that concludes the site; see rounds.lua
--   seen:SID:N    set   64-bit hashes of its addresses, in intsets (linear hashing: see add)
--   traps:SID     hash  PATTERN of addresses that may have no end -> how many of them the site has, those that were left out too
--   asleep        zset  "SID|HOST" -> when the site's window opens (ms): lanes that are on no host until then
--   closing       zset  SID -> not before (ms): sites with nothing left to fetch
--   c:NUMBER      hash  a campaign; camps hash id -> number; open set of numbers with unfinished sites; chores set of numbers
--   dead:NUMBER   list  SID (and @ROUND of a standing campaign), host, reason, attempts, ms, entry, with a space between (the entry may be anything)
--   sheet:CAMPAIGN:DIGEST  string  of a style sheet's address: `?TOKEN` being fetched under that lease, `=DIGEST` of its text, `!REASON` failed
--   css:DIGEST    string  text of a style sheet, deflated; csskept zset "DIGEST:BYTES" -> when it was last put (ms); cssbytes their sum
--   sheets:SID    string  how many addresses of style sheets a site has had fetched
--   hides:DOMAIN shows:DOMAIN  what sites do with foreign domains (see meet.lua)
--   loads:DOMAIN loaded:DOMAIN tainted:DOMAIN scripts:SITE  from where sites load scripts (see load.lua, sample.lua)
--   saw:DOMAIN looks:SITE lost:DOMAIN  what was seen of foreign domains (see look.lua, saw.lua)
--   counts        hash  done dead dropped: pages over all campaigns
--   epoch         string  moment since which no seen-set of a running site was reset (see finish.lua)
--
-- SID is CAMPAIGN_NUMBER.SITE_NUMBER. A lane is what one site has queued on one host.
-- An address is queued, leased, done, dead or dropped (by a budget, a stop, a host given up): in exactly one of them, once.
local LOAD = 200  -- members a seen bucket holds on average: even before its split (twice as many) it stays under set-max-intset-entries 512
local MOST_LETTERS = 10000
local MOST_PATTERNS = 1000
local left_out = false  -- whether addresses were offered that are in no seen-set now
-- What settle writes for all pages in one command each.
local due, not_due, returned, returned_list = {}, {}, {}, {}

local function queue(sid, class, name)
  return P .. 'q:' .. sid .. ':' .. class .. ':' .. name
end

local function counted(class)
  return class ~= SHEET and class ~= 0
end

local function has_budget(s)
  return s[BUDGET] == 0 or s[USED] + s[PIN] < s[BUDGET]
end

-- The class of the best page that a lane may give now; `from`: what it may be, at best.
local function best_class(sid, s, name, from)
  local any = has_budget(s)
  for class = from, LAST_CLASS do
    if (any or class == SHEET) and call('EXISTS', queue(sid, class, name)) == 1 then return class end
  end
end

-- The rank of a lane: class of its best page, then priority of the campaign, then how many pages it had (so that equals take turns).
local function rank(s, class)
  local priority = math.max(-400, math.min(400, campaign(s[NUMBER]).priority))
  return (class * 1000 + 500 - priority) * 1e6 + math.min(s[USED] + s[PIN], 999999)
end

-- Lanes that settle is to place anew: true, or the class that its best page may be of, at best. A lane that was taken off its host on
-- purpose is false, and stays off.
local function touch(s, name, from)
  s.lanes = s.lanes or {}
  local known = s.lanes[name]
  s.lanes[name] = (known == true or not from) and true or math.min(known or from, from)
end

local function plain(s)
  return s[BUDGET] == 0 and s[WINDOW_FROM] == s[WINDOW_TO] and 1 or 0
end

local function set_lone(h, sid, s, class)
  h[LONE], h[KIND], h[PLAIN], h[OWNER], h[LONE_ROUND], h[LONE_ID] = sid, class, plain(s), s[NUMBER], s[ROUND], s[ID]
end

local function set_none_alone(h)
  h[LONE], h[KIND], h[PLAIN], h[OWNER], h[LONE_ROUND], h[LONE_ID] = '', 0, 0, 0, 0, ''
end

local function join(sid, s, name, class)
  local h = host(name)
  local lone = h[LONE]
  if h[LANES] == 0 or lone == sid then
    if lone ~= sid or h[KIND] ~= class or h[PLAIN] ~= plain(s) then
      h[LANES], changed[name] = 1, true
      set_lone(h, sid, s, class)
    end
    return
  end
  local key = P .. 'lanes:' .. name
  if lone ~= '' then
    -- Not kept in `sites`, which settle is walking through.
    local other = sites[lone] or site_of(call('HGET', P .. 'sites', lone))
    call('ZADD', key, rank(other, h[KIND]), lone)
    set_none_alone(h)
  end
  h[LANES], changed[name] = h[LANES] + call('ZADD', key, rank(s, class), sid), true
end

local function leave(sid, name)
  local h = host(name)
  if h[LONE] == sid then
    h[LANES], changed[name] = 0, true
    set_none_alone(h)
  elseif h[LANES] > 1 then
    local key = P .. 'lanes:' .. name
    h[LANES], changed[name] = h[LANES] - call('ZREM', key, sid), true
    if h[LANES] == 1 then
      local last = call('ZRANGE', key, 0, 0, 'WITHSCORES')
      call('DEL', key)
      set_lone(h, last[1], sites[last[1]] or site_of(call('HGET', P .. 'sites', last[1])), math.floor(tonumber(last[2]) / 1e9))
    end
  end
end

-- The sites with lanes on a host, the best first, all (0) or so many.
local function lanes_on(name, most)
  local h = host(name)
  if h[LONE] ~= '' then return {h[LONE]} end
  return h[LANES] == 0 and {} or call('ZRANGE', P .. 'lanes:' .. name, 0, most - 1)
end

local function place(sid, s, name, from)
  local class = best_class(sid, s, name, from)
  if class then join(sid, s, name, class) else leave(sid, name) end
end

local function hosts_of(sid)
  return call('SMEMBERS', P .. 'hosts:' .. sid)
end

local function forget_hosts(sid, s)
  call('UNLINK', P .. 'hosts:' .. sid)
  s[HOSTS] = 0
end

local function touch_lanes(sid, s)
  for _, name in ipairs(hosts_of(sid)) do touch(s, name) end
end

-- How long a host rests after a request that it answered in so many ms.
local function rest_of(delay, took)
  if delay > 0 and FACTOR > 0 then return math.max(delay, math.min(FACTOR * took, ADAPTIVE_CAP)) end
  return delay
end

local function schedule(name, h)
  if h[UNDER_WAY] < IN_FLIGHT and h[LANES] > 0 and h[ROBOTS] ~= ASKED then
    due[#due + 1] = h[NEXT]
    due[#due + 1] = name
  else
    not_due[#not_due + 1] = name
    -- What is among the due need not be written: its place there tells.
    changed[name] = true
  end
end

-- A host keeps the longest delay that any open site with pages on it asks for.
local function ask(sid, name, delay)
  local key, h = P .. 'asks:' .. name, host(name)
  if delay > 0 then call('ZADD', key, delay, sid) else call('ZREM', key, sid) end
  h[DELAY] = tonumber(call('ZRANGE', key, -1, -1, 'WITHSCORES')[2] or 0)
  changed[name] = true
end

-- Counts a host among those of a site.
local function reach(sid, s, name)
  local h = host(name)
  if h[LONE] ~= sid and call('SADD', P .. 'hosts:' .. sid, name) == 1 then
    s[HOSTS] = s[HOSTS] + 1
    ask(sid, name, s[SITE_DELAY])
    -- So that a host is known from its first page on.
    if h[NEXT] == 0 then h[NEXT] = now end
  end
end

local function open_lane(sid, s, name, from)
  reach(sid, s, name)
  touch(s, name, from)
end

-- So many pages more are queued than before, or fewer.
local function enqueued(s, n)
  s[OPEN] = s[OPEN] + n
  count(s, 'queued', n)
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
  while size * 2 <= s[BUCKETS] do size = size * 2 end
  local from, to = P .. 'seen:' .. sid .. ':' .. (s[BUCKETS] - size), P .. 'seen:' .. sid .. ':' .. s[BUCKETS]
  s[BUCKETS] = s[BUCKETS] + 1
  local stay, go = {}, {}
  for _, digits in ipairs(call('SMEMBERS', from)) do
    local side = bucket_of(digits, s[BUCKETS]) == s[BUCKETS] - 1 and go or stay
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
    local b = bucket_of(d, s[BUCKETS])
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
      s[SEEN] = s[SEEN] + #fresh
    end
  end
  while s[SEEN] > s[BUCKETS] * LOAD do split(sid, s) end
end

-- Adds addresses to the seen-set of a site; returns which of them (by position) are new.
local function add(sid, s, digits)
  local new = {}
  -- In parts, so that no bucket outgrows an intset before it is split.
  for first = 1, #digits, 500 do add_part(sid, s, digits, new, first) end
  return new
end

local function is_new(sid, s, digits)
  return call('SISMEMBER', P .. 'seen:' .. sid .. ':' .. bucket_of(digits, s[BUCKETS]), digits) == 0
end

local function forget_seen(sid, s)
  for b = 0, s[BUCKETS] - 1 do call('UNLINK', P .. 'seen:' .. sid .. ':' .. b) end
  s[SEEN], s[BUCKETS] = 0, 1
end

-- Of the new addresses whose pattern the site has too many of already, none is queued. `patterns`: by position.
local function cut_traps(sid, s, new, patterns)
  local key, dropped = P .. 'traps:' .. sid, 0
  for i, pattern in pairs(patterns) do
    if new[i] then
      if call('HEXISTS', key, pattern) == 0 and call('HLEN', key) >= MOST_PATTERNS then pattern = '*' end
      local before = tonumber(call('HGET', key, pattern) or 0)
      -- What a round left out is offered to the next one again, and is not counted twice.
      if before <= ALIKE or s[ROUND] <= 1 then call('HINCRBY', key, pattern, 1) end
      if before >= ALIKE then
        new[i] = nil
        dropped = dropped + 1
        if s[ROUND] <= 1 or before == ALIKE then s[CUT] = s[CUT] + 1 end
      end
    end
  end
  count(s, 'dropped', dropped)
  total('dropped', dropped)
end

-- Queues what of the children is new. A group is {host, array of hashes, array of classes, array of entries, patterns
-- of traps by position or nothing}.
local function push(sid, s, groups)
  for _, group in ipairs(groups) do
    local name, digits, classes, entries, patterns = group[1], group[2], group[3], group[4], group[5]
    local spent = s[BUDGET] > 0 and s[USED] >= s[BUDGET]
    if spent then
      left_out = true
      local sheets = {{}, {}, {}}
      for i, class in ipairs(classes) do
        if class == SHEET then
          for j, list in ipairs({digits, classes, entries}) do table.insert(sheets[j], list[i]) end
        elseif s[LEFT] == 0 and is_new(sid, s, digits[i]) then
          s[LEFT] = 1
        end
      end
      digits, classes, entries = unpack(sheets)
    end
    if #digits > 0 then
      local new, queues, best = add(sid, s, digits), {}, LAST_CLASS
      if patterns and not spent and ALIKE > 0 then cut_traps(sid, s, new, patterns) end
      for i, class in ipairs(classes) do
        if new[i] then
          best = math.min(best, class)
          local list = queues[class]
          if list then list[#list + 1] = entries[i] else queues[class] = {entries[i]} end
        end
      end
      if next(queues) then
        -- A lane that is there already has no better page than these, or is placed by its own.
        open_lane(sid, s, name, host(name)[LONE] == sid and math.min(best, host(name)[KIND]) or nil)
        for class, list in pairs(queues) do
          in_parts('RPUSH', queue(sid, class, name), list)
          enqueued(s, #list)
        end
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
  enqueued(s, -dropped)
  touch(s, name)
  count(s, 'dropped', dropped)
  total('dropped', dropped)
  return dropped
end

local function drop_site(sid, s, keep_sheets)
  local dropped = 0
  for _, name in ipairs(hosts_of(sid)) do dropped = dropped + drop_lane(sid, s, name, keep_sheets) end
  if dropped > 0 then s[LEFT] = 1 end
end

-- `label`: what the letter keeps of the address. Of a lease that ran out nobody is left who could mask it, and whoever looks for the page
-- that kills workers needs the address.
local function bury(sid, s, lease, reason, label)
  local dead, round = P .. 'dead:' .. s[NUMBER], s[ROUND]
  local words = {round > 0 and sid .. '@' .. string.format('%d', round) or sid, lease[NAME], reason, lease[ATTEMPT], string.format('%d', now), label or string.sub(lease[RAW], lease[REST])}
  -- A campaign without an end keeps its latest letters only.
  if call('RPUSH', dead, table.concat(words, ' ')) > MOST_LETTERS and round > 0 then
    call('LPOP', dead)
  else
    count(s, 'dead', 1)
    total('dead', 1)
  end
end

-- Why a page is not to be held against the inspection of its site: it is gone, or was not for us.
local PARDONED = {http_4xx = true, robots = true, forbidden_address = true}

local function fail_page(sid, s, lease, reason, label)
  local class = lease[CLASS]
  bury(sid, s, lease, reason, label)
  if not counted(class) then return end
  if reason ~= 'robots' and reason ~= 'bad_record' then s[USED] = s[USED] + 1 end
  s[FAILED] = s[FAILED] + 1
  count(s, 'failed', 1)
  if class == HOME and s[HOME_STATE] ~= 'ok' then
    s[HOME_STATE] = reason
  elseif not PARDONED[reason] then
    call('HINCRBY', P .. 's:' .. sid, 'r:' .. reason, 1)
  end
end

local function put_back(sid, s, lease, attempt, verb)
  local name, class = lease[NAME], lease[CLASS]
  call(verb, queue(sid, class, name), math.min(attempt, 9) .. string.sub(lease[RAW], lease[REST] + 1))
  enqueued(s, 1)
  touch(s, name)
end

-- The end of a lease, whatever came of the page.
local function return_lease(field, lease)
  returned[field] = true
  returned_list[#returned_list + 1] = field
  local class, name = lease[CLASS], lease[NAME]
  local h = host(name)
  h[UNDER_WAY] = h[UNDER_WAY] - 1
  if class == 0 then return nil, h end
  local s = site(lease[SID])
  s[OPEN] = s[OPEN] - 1
  count(s, 'leased', -1)
  if s[BUDGET] > 0 then
    if class ~= SHEET then s[PIN] = math.max(0, s[PIN] - 1) end
    touch_lanes(lease[SID], s)
  elseif IN_FLIGHT > 1 or s[HOSTS] > 1 or h[LONE] ~= lease[SID] or s[OPEN] == 0 then
    -- A lane may have given its last page. That of a site with one host has not, as long as anything of the site is left.
    touch(s, name)
  end
  return s, h
end

local function settle_site(sid, s)
  local spent = (s[BUDGET] > 0 and s[USED] >= s[BUDGET]) or (SITE_BYTES > 0 and s[BYTES] >= SITE_BYTES)
  if s[STATE] == 'running' and spent and s[OPEN] > 0 then drop_site(sid, s, true) end
  if s.lanes then
    for name, from in pairs(s.lanes) do
      if from then place(sid, s, name, from == true and HOME or from) end
    end
  end
  if s[STATE] == 'running' and s[OPEN] == 0 then
    s[STATE] = 'closing'
    call('ZADD', P .. 'closing', now, sid)
  end
  s[TOUCHED] = now
end

local function write_records()
  local rows = {}
  for sid, s in pairs(sites) do
    rows[#rows + 1] = sid
    rows[#rows + 1] = struct.pack(SITE_FORM, unpack(s, 1, ID - 1)) .. s[ID]
  end
  in_parts('HSET', P .. 'sites', rows)
  rows = {}
  for name in pairs(changed) do
    local h = hosts[name]
    rows[#rows + 1] = name
    rows[#rows + 1] = struct.pack(HOST_FORM, unpack(h, 2, LONE_ID - 1)) .. h[LONE_ID]
  end
  in_parts('HSET', P .. 'hosts', rows)
end

local function write_counts()
  for number, c in pairs(campaigns) do
    for field, n in pairs(c.add) do
      if n ~= 0 then call('HINCRBY', P .. 'c:' .. number, field, n) end
    end
  end
  for field, n in pairs(totals) do
    if n ~= 0 then call('HINCRBY', P .. 'counts', field, n) end
  end
end

-- Writes everything back; the last act of each verb that changed something, or the last before it begins anew.
local function settle()
  for sid, s in pairs(sites) do settle_site(sid, s) end
  for name, h in pairs(hosts) do schedule(name, h) end
  write_records()
  in_parts('ZADD', P .. 'due', due)
  in_parts('ZREM', P .. 'due', not_due)
  in_parts('ZREM', P .. 'leased', returned_list)
  in_parts('HDEL', P .. 'leases', returned_list)
  write_counts()
  sites, hosts, changed, campaigns, totals, due, not_due, returned_list = {}, {}, {}, {}, {}, {}, {}, {}
end
