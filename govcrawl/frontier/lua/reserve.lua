-- reserve: take the next moment at which a host may be asked once more, for a request beside a leased page.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 token of the lease   3 host   4 ms since the caller's last request to this host began (-1: it made none)
--         5 ms its answer took   6 longest wait in ms
-- Returns the ms to wait, or -1 where that would be too long or the lease is no longer the caller's; nothing changes then.
-- The host is due again one delay after the moment given out, so two requests are never closer than that, whoever makes them.
local lease = leased_under(ARGV[2])
if not lease then return -1 end
local sid, name, age = lease[SID], ARGV[3], tonumber(ARGV[4])
local h = host(name)
local delay = delay_of(h)
-- A host without pages of its own in the queues has no delay yet: the site's.
if h[HAND_DELAY] == 0 then delay = math.max(delay, site_of(call('HGET', P .. 'sites', sid))[SITE_DELAY]) end
local moment = math.max(now, h[NEXT])
if age >= 0 then moment = math.max(moment, now - age + rest_of(delay, tonumber(ARGV[5]))) end
local address = ADDRESS > 0 and call('HGET', P .. 'at', name)
if address then moment = math.max(moment, turn_of(address)[FREE_AT]) end
if moment - now > tonumber(ARGV[6]) then return -1 end
h[NEXT] = moment + delay
if address then turn_of(address)[FREE_AT] = moment + ADDRESS end
settle()
write_turns()
return math.ceil(moment - now)
