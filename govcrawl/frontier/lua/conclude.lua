-- conclude: end a site in the state that its closing names, and the campaign with its last site.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 SID   3 token   4 state   5 reason
-- Returns 1, or 0 where the closing was no longer the caller's. The seen-set of the site goes with it: nothing can be offered any more.
local sid, token, state, reason = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key, number = P .. 's:' .. sid, number_of(sid)
local was = call('HMGET', key, 'closing', 'st')
if was[1] ~= token or was[2] ~= 'closing' then return 0 end
local s = read(key, SITE, 3)
forget_seen(sid, s)
call('HSET', key, 'st', state, 'reason', reason, 'touched', now, 'seen', 0, 'buckets', 1)
call('HDEL', key, 'closing')
call('ZREM', P .. 'closing', sid)
for _, name in ipairs(call('SMEMBERS', P .. 'hosts:' .. sid)) do
  call('ZREM', P .. 'lanes:' .. name, sid)
  ask(sid, name, 0)
end
call('UNLINK', P .. 'hosts:' .. sid)
-- A name of its own: the campaign counts its failed pages under `failed`.
call('HINCRBY', P .. 'c:' .. number, 'ended:' .. state, 1)
if call('HINCRBY', P .. 'c:' .. number, 'open', -1) == 0 then
  call('SREM', P .. 'open', number)
  call('HSET', P .. 'c:' .. number, 'finished', now)
  if campaign(number).st ~= 'stopped' then call('HSET', P .. 'c:' .. number, 'st', 'finished') end
end
settle()
return 1
