-- steer: pause, resume or stop a campaign.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 campaign id   3 state wished: paused, running or stopped
-- Returns the state it is in, or false where there is no such campaign. What must be moved because of it is done by the next claims.
local number = call('HGET', P .. 'camps', ARGV[2])
if not number then return false end
local key, wish = P .. 'c:' .. number, ARGV[3]
local state = call('HGET', key, 'st')
local allowed = {running = {paused = true, stopped = true}, paused = {running = true, stopped = true}}
if not (allowed[state] or {})[wish] then return state end
call('HSET', key, 'st', wish)
if wish ~= 'paused' then call('SADD', P .. 'chores', number) end
return wish
