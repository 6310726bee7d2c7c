-- directories: how many pages a site has in each of its directories; put in front of claim (after rounds.lua) and finish.
--
--   directories:SID  hash  host and path of a directory, up to the last slash -> pages in it that this round has had, or knows and lets rest
--
-- Neither attachments, redirects nor pages that were not had are among them. A site that makes up directories without end fills the hash:
-- then a page counts for the first directory of its path, and beyond twice the number for that of the host.
local MOST_DIRECTORIES, LONGEST_PATH = 500, 200
local ATTACHMENT = 5
local tallied = {}

local function top_of(path)
  local top = string.match(path, '^/[^/]*/') or '/'
  return #top > LONGEST_PATH and '/' or top
end

-- `raw` holds the entry of a page; its target begins at `from` (see wire.py).
local function tally(sid, name, class, raw, from)
  if not counted(class) or class == ATTACHMENT then return end
  local path = string.match(raw, '^%["[sh](/[^?"]*/)', from) or '/'
  local field = name .. (#path > LONGEST_PATH and top_of(path) or path)
  local found = tallied[sid] or {}
  tallied[sid] = found
  found[field] = (found[field] or 0) + 1
end

-- The field that a page counts for where the hash is full and its own directory is not in it.
local function instead_of(key, field, held)
  local name, path = string.match(field, '^([^/]*)(.*)$')
  local top = name .. top_of(path)
  if held <= 2 * MOST_DIRECTORIES or call('HEXISTS', key, top) == 1 and top ~= field then return top end
  return name .. '/'
end

local function write_tally(key, field, n)
  if call('HINCRBY', key, field, n) > n then return end
  local held = call('HLEN', key)
  if held <= MOST_DIRECTORIES then return end
  local other = instead_of(key, field, held)
  if other ~= field then
    call('HDEL', key, field)
    call('HINCRBY', key, other, n)
  end
end

local function write_directories()
  for sid, found in pairs(tallied) do
    for field, n in pairs(found) do write_tally(P .. 'directories:' .. sid, field, n) end
  end
  tallied = {}
end
