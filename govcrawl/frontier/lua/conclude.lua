-- conclude: end a site in the state that its closing names, and the campaign with its last site.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 SID   3 token   4 state   5 reason
-- Returns 1, or 0 where the closing was no longer the caller's. The seen-set of the site and the counts of its directories go with it: nothing can be offered any more.
-- In a standing campaign the site rests until its next round, which begins from nothing where this one did not get through the site.
local sid, token, state, reason = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key, number = P .. 's:' .. sid, string.match(sid, '^%d+')
if call('HGET', key, 'closing') ~= token then return 0 end
local s, c = site(sid), campaign(number)
if s[STATE] ~= 'closing' then return 0 end
forget_seen(sid, s)
call('UNLINK', P .. 'directories:' .. sid)
s[STATE], s[REASON] = state, reason
if s[ROUND] > 0 then
  if state == 'failed' or s[LEFT] == 1 or c.st == 'stopped' or call('HEXISTS', key, 'anew') == 1 then forget_pages(sid) end
  if c.st ~= 'stopped' then rest_until_next(sid, s) end
end
call('HDEL', key, 'closing')
call('ZREM', P .. 'closing', sid)
for _, name in ipairs(hosts_of(sid)) do
  leave(sid, name)
  ask(sid, name, 0)
  settle_in({name}, {call('HGET', P .. 'homes', name)}, nil)
  call('HDEL', P .. 'homes', name)
end
forget_hosts(sid, s)
-- A name of its own: the campaign counts its failed pages under `failed`.
call('HINCRBY', P .. 'c:' .. number, 'ended:' .. state, 1)
if call('HINCRBY', P .. 'c:' .. number, 'open', -1) == 0 then
  call('SREM', P .. 'open', number)
  if c.every == 0 or c.st == 'stopped' then call('HSET', P .. 'c:' .. number, 'finished', now) end
  if c.every == 0 and c.st ~= 'stopped' then call('HSET', P .. 'c:' .. number, 'st', 'finished') end
end
settle()
return 1
