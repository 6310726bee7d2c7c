-- saw: tell the fleet what was seen of a foreign domain, until it may be looked at again.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 foreign domain   3 what was seen   4 at how many looks there must be no such name until it is `gone`
--       5 ms that a look at a name that is not there counts
-- Returns what is known now. saw:DOMAIN see look.lua: the time that was set when the domain was taken runs on. lost:DOMAIN string, how
-- many looks in a row, a day or more apart, found no such name; one that says nothing counts neither way.
-- Said twice, because an answer was lost, it counts once.
local key, lost, seen = P .. 'saw:' .. ARGV[2], P .. 'lost:' .. ARGV[2], ARGV[3]
local known = call('GET', key)
if not known then return seen end
if seen == 'dead' then
  if known ~= '' then return known end
  if call('INCR', lost) >= tonumber(ARGV[4]) then seen = 'gone' end
  call('PEXPIRE', lost, ARGV[5])
elseif seen ~= '' then
  call('DEL', lost)
end
call('SET', key, seen, 'XX', 'KEEPTTL')
return seen
