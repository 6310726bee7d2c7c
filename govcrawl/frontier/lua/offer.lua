-- offer: queue pages of a site that no lease of ours led to: seeds, and what a foreign project asks for.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 campaign id   3 site id   4 site line (JSON)   5 groups of children (see push)
-- Returns how many pages of the site are queued or leased now, or false where there is no such campaign. A site that is not there is made; one that
-- has ended, or is about to, goes on when there is something new.
local number = call('HGET', P .. 'camps', ARGV[2])
if not number then return false end
local key, c = P .. 'c:' .. number, campaign(number)

local function opened()
  call('HINCRBY', key, 'open', 1)
  call('SADD', P .. 'open', number)
  call('HDEL', key, 'finished')
  if c.st == 'finished' then call('HSET', key, 'st', 'running') end
end

local function founded()
  local n = call('HINCRBY', key, 'sites', 1)
  local sid = number .. '.' .. n
  call('HSET', P .. 'ids:' .. number, ARGV[3], n)
  call('HSET', P .. 'lines:' .. number, n, ARGV[4])
  local s = fresh_site(number, ARGV[3])
  sites[sid] = s
  -- It has no home page that could fail.
  s[STATE], s[HOME_STATE], s[BUDGET], s[SITE_DELAY] = 'running', 'ok', c.max, c.delay
  opened()
  return sid, s
end

local function found(n)
  local sid = number .. '.' .. n
  local s = site(sid)
  local before = s[OPEN]
  push(sid, s, cmsgpack.unpack(ARGV[5]))
  if s[OPEN] == before or s[STATE] == 'running' then return s end
  if s[STATE] == 'closing' then
    call('ZREM', P .. 'closing', sid)
    call('HDEL', P .. 's:' .. sid, 'closing')
  else
    call('HINCRBY', key, 'ended:' .. s[STATE], -1)
    opened()
  end
  s[STATE], s[REASON] = 'running', ''
  return s
end

local n = call('HGET', P .. 'ids:' .. number, ARGV[3])
local s
if n then
  s = found(n)
else
  local sid
  sid, s = founded()
  push(sid, s, cmsgpack.unpack(ARGV[5]))
end
local queued = s[OPEN]
settle()
return queued
