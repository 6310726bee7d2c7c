-- sightings: what sites were seen to do with a foreign domain, for whoever learns later that it is bad; put in front of meet and load.
-- A hash site domain -> "ms sighting" (no sighting: none is needed any more), at most 16 sites.
local MOST_SITES = 16

local function sighted(sighting) return string.format('%.0f ', now) .. sighting end

local function see(key, site, sighting, kept)
  if call('HLEN', key) < MOST_SITES or call('HEXISTS', key, site) == 1 then call('HSET', key, site, sighted(sighting)) end
  call('PEXPIRE', key, kept)
end

-- How many sites there are, and the sightings of those that are not `mine`. What is older than `kept` (ms) is forgotten.
local function seen_by(key, mine, kept)
  local count, others = 0, {}
  local rows = call('HGETALL', key)
  for i = 1, #rows, 2 do
    local ms, sighting = string.match(rows[i + 1], '^(%d+) (.*)$')
    if not ms or now - tonumber(ms) > tonumber(kept) then
      call('HDEL', key, rows[i])
    else
      count = count + 1
      if sighting ~= '' and rows[i] ~= mine then others[#others + 1] = {rows[i], sighting} end
    end
  end
  return count, others
end

-- `stored`: [[foreign domain, site], ...] whose sightings are in the store by now.
local function settle_sightings(place, stored)
  for _, pair in ipairs(stored) do
    local key = P .. place .. pair[1]
    if call('HEXISTS', key, pair[2]) == 1 then call('HSET', key, pair[2], sighted('')) end
  end
end

