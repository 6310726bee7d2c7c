-- scripts: read from which foreign domains the pages of a site's sample load scripts.
-- KEYS  1 prefix of the partition (see queues.lua); the fleet's knowledge is in one partition
-- ARGV  1 limits   2 id of the site   3 campaign, with its round
-- Returns msgpack [pages, pages of the sample before, [[foreign domain, pages, 1 if it was there before, since when (ms), sites that load
-- from it, what was seen of it], ...]]; no pages where the last sample is of another campaign. Keys: see sample.lua and look.lua.
local pages, before, domains = 0, 0, {}
local rows = call('HGETALL', P .. 'scripts:' .. ARGV[2])
for i = 1, #rows, 2 do
  local name, values = rows[i], cmsgpack.unpack(rows[i + 1])
  if name == '' and values[1] == ARGV[3] then
    pages, before = values[2], values[3]
  elseif name ~= '' and values[1] > 0 then
    local sites, seen = call('PFCOUNT', P .. 'loaded:' .. name), call('GET', P .. 'saw:' .. name)
    domains[#domains + 1] = {name, values[1], values[2], values[3], sites, seen or ''}
  end
end
return cmsgpack.pack({pages, before, pages > 0 and domains or {}})
