-- begin: the rounds of standing campaigns that are due; put in front of claim, after rounds.lua and directories.lua.
local busy = false  -- whether there is something to write back

-- The 64-bit number of 8 bytes, big end first, as the seen-set has it: signed and decimal. A double holds neither half of it times 2^32.
local function decimal(bytes)
  local high, low = struct.unpack('>II', bytes)
  local sign = ''
  if high >= 2147483648 then
    sign, high, low = '-', 4294967295 - high, 4294967296 - low
    if low == 4294967296 then high, low = high + 1, 0 end
  end
  local units = high * 67296 + low
  local rest = units % 100000
  local more = high * 42949 + (units - rest) / 100000
  if more == 0 then return rest == 0 and '0' or sign .. string.format('%.0f', rest) end
  return sign .. string.format('%.0f%05.0f', more, rest)
end

-- A site that has ended begins anew, with its home page; no host may give it before what else is due is queued, too.
local function begin_round(sid, s)
  local number, key = s[NUMBER], P .. 's:' .. sid
  local c, fresh = campaign(number), fresh_site(number, s[ID])
  count(s, 'ended:' .. s[STATE], -1)
  count(s, 'open', 1)
  call('SADD', P .. 'open', number)
  for field, n in pairs({pages = s[PAGES], failed = s[FAILED], moved = s[MOVED]}) do count(s, field, -n) end
  for _, kept in ipairs({BUDGET, SITE_DELAY, OWN_BUDGET, OWN_DELAY, WINDOW_FROM, WINDOW_TO}) do fresh[kept] = s[kept] end
  if fresh[OWN_BUDGET] == 0 then fresh[BUDGET] = c.max end
  if fresh[OWN_DELAY] == 0 then fresh[SITE_DELAY] = c.delay end
  fresh[STATE], fresh[ROUND] = 'running', math.max(s[ROUND] + 1, round_of(c))
  call('DEL', key)
  call('HSET', key, 'before', s[ROUND], 'walk', '0 ')
  call('UNLINK', P .. 'sheets:' .. sid, P .. 'directories:' .. sid)
  if call('EXISTS', P .. 'knows:' .. sid) == 1 then fresh[CUT] = s[CUT] else call('UNLINK', P .. 'traps:' .. sid) end
  call('HSET', P .. 'c:' .. number, 'round', fresh[ROUND])
  sites[sid] = fresh
  local digits, name, entry = string.match(call('HGET', P .. 'homes:' .. number, string.match(sid, '%d+$')), '^(%S+) (%S+) (.*)$')
  add(sid, fresh, {digits})
  reach(sid, fresh, name)
  call('RPUSH', queue(sid, HOME, name), entry)
  enqueued(fresh, 1)
  return fresh
end

-- As it is queued: without its conditions where it was not looked at for too long. Its memo stays: key and memo stand behind the conditions.
local function entry_of(page, round, longest)
  if round - page[LOOKED_AT] < longest then return '1' .. page[ENTRY] end
  local bare = string.match(page[ENTRY], '^%[".-",%d+')
  local memo = string.match(page[ENTRY], '^%[".-",%d+,"[^"]*",%d+,"[^"]*"(,.*%])$')
  return '1' .. (bare and bare .. (memo and ',"",0,""' .. memo or ']') or page[ENTRY])
end

local function queue_due(sid, s, name, rows, longest)
  local digits, lists = {}, {}
  for i = 1, #rows, 2 do digits[#digits + 1] = decimal(rows[i]) end
  -- What the cursor of a hash that shrinks shows twice is new once.
  local new = add(sid, s, digits)
  for i = 1, #digits do
    local page = page_of(rows[2 * i])
    if new[i] and page[DUE] <= s[ROUND] then
      local list = lists[page[KNOWN_CLASS]] or {}
      lists[page[KNOWN_CLASS]] = list
      list[#list + 1] = entry_of(page, s[ROUND], longest)
    elseif new[i] and page[MISSES] == 0 then
      tally(sid, name, page[KNOWN_CLASS], page[ENTRY], 1)
    end
  end
  for class, list in pairs(lists) do
    reach(sid, s, name)
    in_parts('RPUSH', queue(sid, class, name), list)
    enqueued(s, #list)
  end
end

local function host_after(sid, name)
  local following
  for _, one in ipairs(call('SMEMBERS', P .. 'knows:' .. sid)) do
    if one > name and (not following or one < following) then following = one end
  end
  return following
end

-- Goes on through the known pages of a site. Returns how many it looked at, and whether these were the last.
local function walk(sid, s)
  local key = P .. 's:' .. sid
  local cursor, name = string.match(call('HGET', key, 'walk'), '^(%d+) (.*)$')
  if cursor == '0' then name = host_after(sid, name) end
  if not name then
    call('HDEL', key, 'walk')
    touch_lanes(sid, s)
    return 1, true
  end
  local caps = caps_of(s[NUMBER])
  local step = call('HSCAN', known(sid, name), cursor, 'COUNT', WALKED_AT_ONCE / 2)
  queue_due(sid, s, name, step[2], caps[#caps])
  call('HSET', key, 'walk', step[1] .. ' ' .. name)
  return #step[2] / 2, false
end

-- One step of a site in `resting`. Returns how many pages it looked at, and whether it was the last.
local function step_of(sid)
  local s = site(sid)
  local state = campaign(s[NUMBER]).st
  if state ~= 'running' then
    call('ZREM', P .. 'resting', sid)
    if state == 'paused' then call('SADD', P .. 'parked:' .. s[NUMBER], sid .. '|') end
    return 0, true
  end
  local walking = call('HEXISTS', P .. 's:' .. sid, 'walk') == 1
  if not walking and s[STATE] ~= 'running' and s[STATE] ~= 'closing' then s, walking = begin_round(sid, s), true end
  local looked, all = 0, true
  if walking then looked, all = walk(sid, s) end
  if all then call('ZREM', P .. 'resting', sid) end
  return looked, all
end

-- A bit at each claim, so that no call takes long.
local function begin_due()
  local room = WALKED_AT_ONCE
  for _, sid in ipairs(call('ZRANGEBYSCORE', P .. 'resting', '-inf', now, 'LIMIT', 0, BEGUN_AT_ONCE)) do
    busy = true
    repeat
      local looked, all = step_of(sid)
      room = room - looked
    until all or room <= 0
    if room <= 0 then return end
  end
end
