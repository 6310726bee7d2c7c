-- reset: forget what is known of one site, its seen-set, queues, counts and verdict, and begin it anew.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 campaign id   3 site id   4 host of the home page   5 its entry   6 its hash
-- Returns 1, 0 where the campaign was stopped (nothing changes), or false where there is no such site.
-- Results of leases that were under way count for nothing. Delay, budget and window stay; so do the pages that are done over all campaigns.
local number = call('HGET', P .. 'camps', ARGV[2])
local n = number and call('HGET', P .. 'ids:' .. number, ARGV[3])
if not n then return false end
if campaign(number).st == 'stopped' then return 0 end
local sid = number .. '.' .. n
local key, s = P .. 's:' .. sid, site(sid)

local function return_leases()
  local all = call('HGETALL', P .. 'leases')
  for i = 1, #all, 2 do
    local lease = lease_of(all[i + 1])
    if lease[SID] == sid and lease[CLASS] ~= 0 then return_lease(all[i], lease) end
  end
end

local function forget_queues()
  for _, name in ipairs(hosts_of(sid)) do
    for class = HOME, LAST_CLASS do
      enqueued(s, -call('LLEN', queue(sid, class, name)))
      call('UNLINK', queue(sid, class, name))
    end
    leave(sid, name)
    call('SREM', P .. 'parked:' .. number, sid .. '|' .. name)
    ask(sid, name, 0)
  end
  forget_hosts(sid, s)
  call('UNLINK', P .. 'sheets:' .. sid)
end

local function forget_dead()
  local from, to, mine = P .. 'dead:' .. number, P .. 'dead:' .. number .. ':kept', sid .. (s[ROUND] > 0 and '@' .. string.format('%d', s[ROUND]) or '') .. ' '
  local all, kept = call('LLEN', from), 0
  call('DEL', to)
  for first = 0, all - 1, 1000 do
    local others = {}
    for _, letter in ipairs(call('LRANGE', from, first, first + 999)) do
      if string.sub(letter, 1, #mine) ~= mine then others[#others + 1] = letter end
    end
    kept = kept + #others
    in_parts('RPUSH', to, others)
  end
  if kept > 0 then call('RENAME', to, from) else call('UNLINK', from) end
  count(s, 'dead', kept - all)
  total('dead', kept - all)
end

local function reopen()
  local c = P .. 'c:' .. number
  if s[STATE] ~= 'running' and s[STATE] ~= 'closing' then
    call('HINCRBY', c, 'ended:' .. s[STATE], -1)
    call('HINCRBY', c, 'open', 1)
    call('SADD', P .. 'open', number)
    call('HDEL', c, 'finished')
    if campaign(number).st == 'finished' then call('HSET', c, 'st', 'running') end
  end
end

return_leases()
forget_queues()
forget_dead()
forget_seen(sid, s)
call('DEL', P .. 'epoch')
forget_pages(sid)
reopen()
count(s, 'pages', -s[PAGES])
count(s, 'failed', -s[FAILED])
count(s, 'moved', -s[MOVED])
call('ZREM', P .. 'closing', sid)
call('ZREM', P .. 'resting', sid)
call('UNLINK', P .. 'traps:' .. sid, P .. 'directories:' .. sid)
call('DEL', key)
local fresh = fresh_site(number, ARGV[3])
sites[sid] = fresh
fresh[STATE] = 'running'
for _, kept in ipairs({BUDGET, SITE_DELAY, OWN_BUDGET, OWN_DELAY, WINDOW_FROM, WINDOW_TO, ROUND}) do fresh[kept] = s[kept] end
add(sid, fresh, {ARGV[6]})
open_lane(sid, fresh, ARGV[4])
call('RPUSH', queue(sid, HOME, ARGV[4]), ARGV[5])
enqueued(fresh, 1)
settle()
return 1
