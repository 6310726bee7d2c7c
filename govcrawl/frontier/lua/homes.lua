-- homes: each host stays with the worker that had its last page, as long as that one keeps up; put in front of claim and conclude.
--
--   homes         hash  HOST -> mark of that worker
--   keepers       hash  mark -> how many hosts it has
--
-- A worker keeps the sheets, scripts and names of the sites it has pages of, and what they came to; of a crawl of thousands of sites it could
-- not keep those of all. A host that another worker had counts as due STAY later: so nobody has to know who else is there, a worker that falls
-- behind the others loses hosts to them until all are equally late, and those of one that died are late at once. Who has far fewer hosts than
-- the others, as one that has just come, takes some of theirs without waiting when none of its own is due.
local WIDE, MOST_LOOKED, MOST_OF_A_PART = 16, 1000, 0.8
local later = nil  -- when the first due host that was left to its worker is anybody's (ms)

-- The due hosts in the order in which this worker takes them, out of two such orders.
local function merged(ours, others, most)
  local found, i, j = {}, 1, 1
  while #found < most and (ours[i] or others[j]) do
    if ours[i] and not (others[j] and others[j].at < ours[i].at) then
      found[#found + 1], i = ours[i].name, i + 1
    else
      found[#found + 1], j = others[j].name, j + 1
    end
  end
  return found
end

-- How many hosts a worker has less than most of its part.
local function lacking(mine)
  local kept, workers, all = 0, 1, 0
  local rows = call('HGETALL', P .. 'keepers')
  for i = 1, #rows, 2 do
    if rows[i] == mine then kept = tonumber(rows[i + 1]) else workers = workers + 1 end
    all = all + tonumber(rows[i + 1])
  end
  return math.floor(MOST_OF_A_PART * all / workers) - kept
end

-- Writes down who has these hosts now: nobody, where `mine` is nil. `before`: who had each, or false.
local function settle_in(names, before, mine)
  local rows, change = {}, {}
  for i, name in ipairs(names) do
    local old = before[i]
    if old and old ~= mine then change[old] = (change[old] or 0) - 1 end
    if mine and old ~= mine then
      change[mine] = (change[mine] or 0) + 1
      rows[#rows + 1] = name
      rows[#rows + 1] = mine
    end
  end
  in_parts('HSET', P .. 'homes', rows)
  for mark, n in pairs(change) do
    if call('HINCRBY', P .. 'keepers', mark, n) <= 0 then call('HDEL', P .. 'keepers', mark) end
  end
end

local function among(most, mine)
  local rows = call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'WITHSCORES', 'LIMIT', 0, math.min(MOST_LOOKED, WIDE * most))
  local names, ours, others, early = {}, {}, {}, {}
  for i = 1, #rows, 2 do names[#names + 1] = rows[i] end
  for i, home in ipairs(call('HMGET', P .. 'homes', unpack(names))) do
    local at = tonumber(rows[2 * i])
    if not home or home == mine then
      ours[#ours + 1] = {at = at, name = names[i]}
    else
      local list = at + STAY <= now and others or early
      list[#list + 1] = {at = at + STAY, name = names[i]}
    end
  end
  local lacked = #ours == 0 and #early > 0 and math.max(0, lacking(mine)) or 0
  for i = 1, math.min(lacked, #early) do others[#others + 1] = early[i] end
  later = early[lacked + 1] and early[lacked + 1].at
  return merged(ours, others, most)
end

-- Takes so many hosts from among the due, and makes them those of this worker.
local function taken(most, mine)
  local found = call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, most)
  if #found == 0 then return found end
  local moved = {}
  if STAY > 0 then
    for i, home in ipairs(call('HMGET', P .. 'homes', unpack(found))) do
      if home ~= mine then moved[#moved + 1] = found[i] end
    end
  end
  if #moved == 0 then
    call('ZREMRANGEBYRANK', P .. 'due', 0, #found - 1)
    return found
  end
  found = among(most, mine)
  if #found > 0 then
    in_parts('ZREM', P .. 'due', found)
    settle_in(found, call('HMGET', P .. 'homes', unpack(found)), mine)
  end
  return found
end

-- When the first host is due for this worker (ms); false where none will be.
local function first_due()
  local top = later and call('ZRANGEBYSCORE', P .. 'due', '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1) or call('ZRANGE', P .. 'due', 0, 0, 'WITHSCORES')
  local first = #top > 0 and tonumber(top[2])
  return later and math.min(later, first or later) or first
end
