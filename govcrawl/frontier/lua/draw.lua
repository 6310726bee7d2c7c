-- draw: whether a leased page belongs to the sample of its site.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 token of the lease   3 how many pages the sample has   4 ms after which a site is sampled anew
-- Returns 1 for the first so many callers of a site, whichever worker they are.
local lease = leased_under(ARGV[2])
if not lease then return 0 end
local drawn = P .. 'drawn:' .. lease[SID]
if tonumber(call('GET', drawn) or 0) >= tonumber(ARGV[3]) then return 0 end
call('INCR', drawn)
call('PEXPIRE', drawn, ARGV[4])
return 1
