-- records: the form in which hosts, sites and leases stand in Redis; put in front of queues.lua and of the verb's own file.
-- KEYS  1 prefix of the partition, with its hash tag. A verb cannot know beforehand which hosts are due, so the other keys are
--         made here by appending to it: they all share the tag, hence the slot.
-- ARGV  1 msgpack array: the limits below, in the order in which they are read (milliseconds unless named otherwise)
--
--   hosts         hash  HOST -> HOST_FORM            sites  hash  SID -> SITE_FORM and the id of the site
--   leases        hash  FIELD -> LEASE_FORM and the entry of the page; FIELD is the host's name, or that and a number (see slot)
--
-- Records are packed, and read and written for all pages of a call at once: a command a field and a page was most of what a page cost.
-- records.py reads the same forms.
local P = KEYS[1]
local call = redis.call
local L = cmsgpack.unpack(ARGV[1])
local IN_FLIGHT, ATTEMPTS, LEASE = L[1], L[2], L[3]
local RETRY, RETRY_CAP, THROTTLE, THROTTLE_CAP, FORGIVE = L[4], L[5], L[6], L[7], L[8]
local PATIENCE, CRAWL_DELAY_CAP, FACTOR, ADAPTIVE_CAP = L[9], L[10], L[11], L[12]
local ROBOTS_KEPT, ROBOTS_UNREACHED, ADDRESS, ALIKE, SITE_BYTES, STAY = L[13], L[14], L[15], L[16], L[17], L[18]

local HOME, SHEET, LAST_CLASS = 1, 2, 6
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- UNDER_WAY requests, by its leases (not stored); NEXT not before (ms), unless its lease or its place among the due says later; HAND_DELAY
-- delay set by hand, plus one (0: none); ROBOTS its robots.txt is known until then (0: not known, -1: asked for), REFUSAL why it forbids all;
-- FAILS in a row; THROTTLED how often, and when last; QUOTA pages that it may still give, plus one (0: any number); LANES how many sites
-- have pages to give here. LONE the SID where it is one, OWNER its campaign, LONE_ROUND the round it is in, KIND the class of its best page,
-- at best, LONE_ID its name; PLAIN 1 where neither a budget nor a window of it has to be looked at.
local HOST_FORM = '<dddddddIIBIIIBBss'
local UNDER_WAY, NEXT, DELAY, HAND_DELAY, CRAWL_DELAY, ROBOTS, THROTTLED_AT, QUOTA, FAILS, THROTTLED, ROBOTS_TRIES, LANES, OWNER, LONE_ROUND, KIND,
  PLAIN, LONE, REFUSAL, LONE_ID = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
local ASKED = -1

-- OPEN queued and leased; PIN pages out on loan from the budget, where there is one; OWN_*: 1 where it is not the campaign's; HOSTS how many
-- it has or had; BYTES of its pages so far; WINDOW_FROM, WINDOW_TO minutes after midnight in China (equal: at any time); ROUND it is in (0: its campaign has one only),
-- UNCHANGED how many of its pages in this round the host said to be as they were; CUT addresses left out as those of traps; HOME_STATE ok, or why its home page was not had;
-- REASON of its end; ID its name.
local SITE_FORM = '<iiIIIIIIIIddddHHIIIBBBsss'
local OPEN, PIN, USED, PAGES, FAILED, MOVED, SEEN, BUCKETS, HOSTS, NUMBER, BUDGET, SITE_DELAY, TOUCHED, BYTES, WINDOW_FROM, WINDOW_TO, ROUND, UNCHANGED,
  CUT, OWN_DELAY, OWN_BUDGET, LEFT, STATE, HOME_STATE, REASON, ID = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26

-- GIVEN when it was handed out (ms); MARK of that hand-out: a token is FIELD|MARK; REST where the entry begins; RAW the record.
local LEASE_FORM = '<BBdsss'
local RAW, CLASS, ATTEMPT, GIVEN, SID, NAME, MARK, REST = 1, 2, 3, 4, 5, 6, 7, 8

local sites, hosts, campaigns, totals = {}, {}, {}, {}
local changed = {}  -- hosts whose record is to be written

-- A call with any number of values: Lua unpacks some thousands at most.
local function in_parts(command, key, values)
  for first = 1, #values, 1000 do call(command, key, unpack(values, first, math.min(first + 999, #values))) end
end

-- A record; struct.unpack ends with where the rest begins, which belongs to the field `rest`.
local function unpacked(form, raw, rest)
  local record = {struct.unpack(form, raw)}
  record[rest] = string.sub(raw, record[rest])
  return record
end

local function site_of(raw)
  return unpacked(SITE_FORM, raw, ID)
end

local function fresh_site(number, id)
  return {0, 0, 0, 0, 0, 0, 0, 1, 0, tonumber(number), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', id}
end

local function site(sid)
  local found = sites[sid]
  if not found then
    found = site_of(call('HGET', P .. 'sites', sid))
    sites[sid] = found
  end
  return found
end

local function lease_of(raw)
  return {raw, struct.unpack(LEASE_FORM, raw)}
end

-- What is leased under a token; nothing where it ran out.
local function leased_under(token)
  local field, mark = string.match(token, '^(.*)|([^|]*)$')
  local raw = field and call('HGET', P .. 'leases', field)
  local lease = raw and lease_of(raw)
  if lease and lease[MARK] == mark then return lease, field end
end

-- The fields under which a host may have leases: one more than its name for each request more that it may have under way.
local function slot(name, n)
  return n == 1 and name or name .. ' ' .. n
end

local function host_of(raw)
  local h = {0, struct.unpack(HOST_FORM, raw)}
  h[LONE_ID] = string.sub(raw, h[LONE_ID])
  return h
end

local function delay_of(h)
  if h[HAND_DELAY] > 0 then return h[HAND_DELAY] - 1 end
  return math.max(h[DELAY], math.min(h[CRAWL_DELAY], CRAWL_DELAY_CAP))
end

local function host(name)
  local h = hosts[name]
  if h then return h end
  local raw = call('HGET', P .. 'hosts', name)
  if raw then
    h = host_of(raw)
    for n = 1, IN_FLIGHT do
      local under = call('HGET', P .. 'leases', slot(name, n))
      if under then
        h[UNDER_WAY] = h[UNDER_WAY] + 1
        h[NEXT] = math.max(h[NEXT], lease_of(under)[GIVEN] + delay_of(h))
      end
    end
    h[NEXT] = math.max(h[NEXT], tonumber(call('ZSCORE', P .. 'due', name) or 0))
  else
    h = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', ''}
  end
  hosts[name], changed[name] = h, true
  return h
end

-- The hosts of pages that come back, at most 1000: where one request at a time is the rule, it is that page's, and none is among the due.
local function load_hosts(names)
  if #names == 0 then return end
  for i, raw in ipairs(call('HMGET', P .. 'hosts', unpack(names))) do
    local name = names[i]
    if raw and not hosts[name] then
      if IN_FLIGHT == 1 then
        hosts[name] = host_of(raw)
        hosts[name][UNDER_WAY] = 1
      else
        host(name)
      end
    end
  end
end

local function load_sites(sids)
  if #sids == 0 then return end
  for i, raw in ipairs(call('HMGET', P .. 'sites', unpack(sids))) do
    if raw and not sites[sids[i]] then sites[sids[i]] = site_of(raw) end
  end
end

local function campaign(number)
  local found = campaigns[number]
  if not found then
    local v = call('HMGET', P .. 'c:' .. number, 'st', 'priority', 'delay', 'max', 'id', 'every', 'started')
    found = {st = v[1] or '', priority = tonumber(v[2] or 0), delay = tonumber(v[3] or 0), max = tonumber(v[4] or 0), id = v[5] or '',
      every = tonumber(v[6] or 0), started = tonumber(v[7] or 0), add = {}}
    campaigns[number] = found
  end
  return found
end

local function count_for(number, field, n)
  local add = campaign(number).add
  add[field] = (add[field] or 0) + n
end

local function count(s, field, n)
  count_for(s[NUMBER], field, n)
end

local function total(field, n)
  totals[field] = (totals[field] or 0) + n
end

-- Under which name what comes of a page is stored: each round of a standing campaign has its own.
local function name_of(number, round)
  local id = campaign(number).id
  return round > 0 and id .. '@' .. string.format('%d', round) or id
end
