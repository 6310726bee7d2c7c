-- meet: tell the fleet which foreign domains a site hides and which it links openly, and hear what the other sites do with them.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 registrable domain of the site   3 msgpack [[foreign domain, sighting], ...] hidden   4 msgpack [foreign domain, ...] in sight
--       5 ms that a sighting counts   6 how many sites make a domain suspect   7 msgpack [[foreign domain, site], ...]: sightings that are stored
-- Returns msgpack [[foreign domain, sites that hide it, sites that show it, [[site, sighting], ...]], ...]: sightings of other sites only where
-- the domain has become suspect and nobody has stored them yet.
-- hides:DOMAIN hash site domain -> "ms sighting" (no sighting: none is needed any more), at most 16 sites; shows:DOMAIN HyperLogLog of sites.
-- A domain that no site was seen to link for as long as a sighting counts is forgotten.
local MOST_SITES = 16
local kept, suspect = tonumber(ARGV[5]), tonumber(ARGV[6])

local function field(sighting) return string.format('%.0f ', now) .. sighting end

local function hidden_by(key)
  local count, others = 0, {}
  local rows = call('HGETALL', key)
  for i = 1, #rows, 2 do
    local ms, sighting = string.match(rows[i + 1], '^(%d+) (.*)$')
    if not ms or now - tonumber(ms) > kept then
      call('HDEL', key, rows[i])
    else
      count = count + 1
      if sighting ~= '' and rows[i] ~= ARGV[2] then others[#others + 1] = {rows[i], sighting} end
    end
  end
  return count, others
end

for _, pair in ipairs(cmsgpack.unpack(ARGV[7])) do
  local key = P .. 'hides:' .. pair[1]
  if call('HEXISTS', key, pair[2]) == 1 then call('HSET', key, pair[2], field('')) end
end

local answers = {}
local function answer(domain, sighting)
  local key, shows = P .. 'hides:' .. domain, P .. 'shows:' .. domain
  if sighting then
    if call('HLEN', key) < MOST_SITES or call('HEXISTS', key, ARGV[2]) == 1 then call('HSET', key, ARGV[2], field(sighting)) end
    call('PEXPIRE', key, ARGV[5])
  else
    call('PFADD', shows, ARGV[2])
    call('PEXPIRE', shows, ARGV[5])
  end
  local count, others = hidden_by(key)
  answers[#answers + 1] = {domain, count, call('PFCOUNT', shows), count >= suspect and others or {}}
end
for _, pair in ipairs(cmsgpack.unpack(ARGV[3])) do answer(pair[1], pair[2]) end
for _, domain in ipairs(cmsgpack.unpack(ARGV[4])) do answer(domain) end
return cmsgpack.pack(answers)
