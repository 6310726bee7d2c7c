-- rounds: what a standing campaign keeps of the pages of its sites from one round to the next; put in front of the verbs that need it.
--
--   resting       zset  SID -> when its next round begins (ms); it stays there until what is due in that round is queued
--   homes:NUMBER  hash  number of a site -> hash, host and entry of its home page, with a space between
--   known:SID:HOST  hash  64-bit hash of an address, 8 bytes -> PAGE_FORM and the entry under which it is queued again, without its attempt
--   knows:SID     set   hosts with such pages
--   s:SID         hash  walk: cursor and host up to which the known pages of this round are queued; before: the round before this one;
--                       anew: an address was lost, so that the next round begins from nothing; home: host and target to which the home
--                       page has moved
--   c:NUMBER      hash  every: ms from round to round; started: when the first began; round: the latest that a site is in; caps: of each class, after how many rounds an unchanged
--                       page is looked at again, at the latest, and last after how many any page is fetched without condition
--
-- A page is known once a round has an answer for it, or knows why it has none. Home pages are not: each round begins with one. What a site
-- has seen in a round are the pages that it knows and the new ones, so that a page which is not due is not queued by a link to it.
local GONE_AFTER = 3  -- rounds in which a page was not there before it is forgotten
local WALKED_AT_ONCE, BEGUN_AT_ONCE = 500, 50

-- KNOWN_CLASS of the page; MISSES rounds running in which it was not there; EVERY so many rounds (0: it was not had); DUE in this round; LOOKED_AT
-- in this round: its body was read, or is none any more; SIGNATURE of what it said; ENTRY.
local PAGE_FORM = '<BBHIIc8'
local KNOWN_CLASS, MISSES, EVERY, DUE, LOOKED_AT, SIGNATURE, ENTRY = 1, 2, 3, 4, 5, 6, 7

local function page_of(raw)
  return unpacked(PAGE_FORM, raw, ENTRY)
end

local function known(sid, name)
  return P .. 'known:' .. sid .. ':' .. name
end

local function forget_pages(sid)
  for _, name in ipairs(call('SMEMBERS', P .. 'knows:' .. sid)) do call('UNLINK', known(sid, name)) end
  call('UNLINK', P .. 'knows:' .. sid)
end

-- Of an address of the site nobody would know in the next round.
local function lose(sid, s)
  if s[ROUND] > 0 then call('HSET', P .. 's:' .. sid, 'anew', 1) end
end

-- The round that it is time for: each begins so many times `every` after the first.
local function round_of(c)
  return math.max(1, math.floor((now - c.started) / c.every) + 1)
end

local function rest_until_next(sid, s)
  local c = campaign(s[NUMBER])
  call('ZADD', P .. 'resting', c.started + round_of(c) * c.every, sid)
end

local function caps_of(number)
  local caps = {}
  for digits in string.gmatch(call('HGET', P .. 'c:' .. number, 'caps') or '', '%d+') do caps[#caps + 1] = tonumber(digits) end
  return caps
end
