-- meet: tell the fleet which foreign domains a site hides and which it links openly, and hear what the other sites do with them.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 registrable domain of the site   3 msgpack [[foreign domain, sighting], ...] hidden   4 msgpack [foreign domain, ...] in sight
--       5 ms that a sighting counts   6 how many sites make a domain suspect   7 msgpack [[foreign domain, site], ...]: sightings that are stored
-- Returns msgpack [[foreign domain, sites that hide it, sites that show it, [[site, sighting], ...]], ...]: sightings of other sites only where
-- the domain has become suspect and nobody has stored them yet.
-- hides:DOMAIN hash, see sightings.lua; shows:DOMAIN HyperLogLog of sites.
-- A domain that no site was seen to link for as long as a sighting counts is forgotten.
local suspect = tonumber(ARGV[6])

settle_sightings('hides:', cmsgpack.unpack(ARGV[7]))

local answers = {}
local function answer(domain, sighting)
  local key, shows = P .. 'hides:' .. domain, P .. 'shows:' .. domain
  if sighting then
    see(key, ARGV[2], sighting, ARGV[5])
  else
    call('PFADD', shows, ARGV[2])
    call('PEXPIRE', shows, ARGV[5])
  end
  local count, others = seen_by(key, ARGV[2], ARGV[5])
  answers[#answers + 1] = {domain, count, call('PFCOUNT', shows), count >= suspect and others or {}}
end
for _, pair in ipairs(cmsgpack.unpack(ARGV[3])) do answer(pair[1], pair[2]) end
for _, domain in ipairs(cmsgpack.unpack(ARGV[4])) do answer(domain) end
return cmsgpack.pack(answers)
