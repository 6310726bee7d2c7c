-- start: open a campaign, or go on with it, and add the sites that it does not have yet.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 msgpack {id, started ms, today, max pages (0: none), delay ms, priority, JSON, ms from round to round (0: one only),
--         caps (see rounds.lua)}
--       3 msgpack array of sites {id, JSON, host, entry of the home page, its hash, max pages (0: none), delay ms (-1: none),
--         first and last minute of its window (equal: none)}
-- Returns how many sites were added. A site that is there already keeps its state and its settings, and so does the campaign.
local wish, list = cmsgpack.unpack(ARGV[2]), cmsgpack.unpack(ARGV[3])
local number = call('HGET', P .. 'camps', wish[1])
if not number then
  number = tostring(call('INCR', P .. 'campaigns'))
  call('HSET', P .. 'camps', wish[1], number)
  call('HSET', P .. 'c:' .. number, 'id', wish[1], 'started', wish[2], 'today', wish[3], 'max', wish[4], 'delay', wish[5],
    'priority', wish[6], 'json', wish[7], 'st', 'running')
  if wish[8] > 0 then call('HSET', P .. 'c:' .. number, 'every', wish[8], 'caps', wish[9]) end
end
local c = campaign(number)
local added = 0
for _, line in ipairs(list) do
  local n = call('HGET', P .. 'ids:' .. number, line[1])
  if not n then
    n = call('HINCRBY', P .. 'c:' .. number, 'sites', 1)
    local sid = number .. '.' .. n
    call('HSET', P .. 'ids:' .. number, line[1], n)
    call('HSET', P .. 'lines:' .. number, n, line[2])
    local s = fresh_site(number, line[1])
    sites[sid] = s
    s[STATE] = 'running'
    s[BUDGET] = line[6] > 0 and line[6] or c.max
    s[SITE_DELAY] = line[7] >= 0 and line[7] or c.delay
    s[OWN_BUDGET], s[OWN_DELAY] = line[6] > 0 and 1 or 0, line[7] >= 0 and 1 or 0
    s[WINDOW_FROM], s[WINDOW_TO] = line[8], line[9]
    if c.every > 0 then
      s[ROUND] = round_of(c)
      call('HSET', P .. 'c:' .. number, 'round', s[ROUND])
      call('HSET', P .. 'homes:' .. number, n, line[5] .. ' ' .. line[3] .. ' ' .. line[4])
    end
    add(sid, s, {line[5]})
    open_lane(sid, s, line[3])
    call('RPUSH', queue(sid, HOME, line[3]), line[4])
    enqueued(s, 1)
    count(s, 'open', 1)
    added = added + 1
  end
end
if added > 0 then
  call('SADD', P .. 'open', number)
  if c.st == 'finished' then call('HSET', P .. 'c:' .. number, 'st', 'running') end
  if c.st == 'stopped' then call('SADD', P .. 'chores', number) end
  call('HDEL', P .. 'c:' .. number, 'finished')
end
settle()
return added
