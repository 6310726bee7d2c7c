-- look: hear what the fleet saw of foreign domains, and take some of those that nobody has looked at for a while.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 msgpack [foreign domain, ...]   3 how many at most the caller takes   4 ms in which a domain is taken once
--       5 registrable domain of the site that links them   6 how many at most are taken for one site in that time
-- Returns msgpack [what was seen of each]: '' where nobody knows, false where the caller is to look now.
-- saw:DOMAIN string, what was seen ('' as long as nobody knows); looks:SITE number of domains taken for it.
-- A domain is taken before it is looked at: should the worker die, nobody asks again before the time is over.
local most, kept = tonumber(ARGV[3]), ARGV[4]
local looks = P .. 'looks:' .. ARGV[5]
local spent = tonumber(call('GET', looks) or '0')
most = math.min(most, tonumber(ARGV[6]) - spent)

local answers, taken = {}, 0
for i, domain in ipairs(cmsgpack.unpack(ARGV[2])) do
  local key = P .. 'saw:' .. domain
  local known = call('GET', key)
  if not known and taken < most then
    taken = taken + 1
    call('SET', key, '', 'PX', kept)
    answers[i] = false
  else
    answers[i] = known or ''
  end
end
if taken > 0 then
  call('INCRBY', looks, taken)
  if spent == 0 then call('PEXPIRE', looks, kept) end
end
return cmsgpack.pack(answers)
