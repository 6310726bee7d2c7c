-- load: tell the fleet from which foreign domains a home page loads scripts, and whether it carries dark links; hear of the other sites.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 registrable domain of the site   3 msgpack [[foreign domain, sighting], ...]   4 1: it carries dark links
--       5 ms that a sighting counts   6 how many tainted sites make a domain worth asking about   7 msgpack [[foreign domain, site], ...]: stored
-- Returns msgpack [sites of the fleet, of these tainted, [[foreign domain, sites that load from it, of these tainted, sites that link it openly,
-- [[site, sighting], ...]], ...]]: sightings of other sites only where so many are tainted and nobody has stored them yet.
-- loads:DOMAIN hash, see sightings.lua; loaded:DOMAIN tainted:DOMAIN HyperLogLogs of sites, of the whole fleet under `*`. All are forgotten
-- as those of meet are.
local suspect = tonumber(ARGV[6])

settle_sightings('loads:', cmsgpack.unpack(ARGV[7]))

local function counted(place, add)
  local key = P .. place
  if add then
    call('PFADD', key, ARGV[2])
    call('PEXPIRE', key, ARGV[5])
  end
  return call('PFCOUNT', key)
end

local function counts(domain) return counted('loaded:' .. domain, true), counted('tainted:' .. domain, ARGV[4] == '1') end

local fleet, fleet_tainted = counts('*')
local answers = {}
for _, pair in ipairs(cmsgpack.unpack(ARGV[3])) do
  local domain, key = pair[1], P .. 'loads:' .. pair[1]
  see(key, ARGV[2], pair[2], ARGV[5])
  local _, others = seen_by(key, ARGV[2], ARGV[5])
  local loaders, tainted = counts(domain)
  answers[#answers + 1] = {domain, loaders, tainted, counted('shows:' .. domain, false), tainted >= suspect and others or {}}
end
return cmsgpack.pack({fleet, fleet_tainted, answers})
