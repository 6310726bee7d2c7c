-- saw: tell the fleet what was seen of a foreign domain, until it may be looked at again.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 foreign domain   3 what was seen
-- Keys: see look.lua. The time that was set when the domain was taken runs on.
call('SET', P .. 'saw:' .. ARGV[2], ARGV[3], 'XX', 'KEEPTTL')
return 1
