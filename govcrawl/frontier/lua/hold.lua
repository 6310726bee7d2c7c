-- hold: make one worker the one that fetches a style sheet.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 token of the lease   3 name of the address's key   4 how many addresses a site may have   5 ms after which all is forgotten
-- Returns 1 where the sheet is the caller's to fetch, 0 where somebody else has it or had it, 2 where the site has had its number,
--   3 where the lease is no longer the caller's.
-- A hold lasts as long as the lease it is under: a worker that dies leaves none behind.
local key = P .. ARGV[3]
local mark = call('GET', key) or ''
local kind, word = string.sub(mark, 1, 1), string.sub(mark, 2)
if kind == '!' then return 0 end
if kind == '?' and leased_under(word) then return 0 end
if kind == '=' and call('EXISTS', P .. 'css:' .. word) == 1 then return 0 end
local lease = leased_under(ARGV[2])
if not lease then return 3 end
if kind == '' then
  local tally = P .. 'sheets:' .. lease[SID]
  if tonumber(call('GET', tally) or 0) >= tonumber(ARGV[4]) then return 2 end
  call('INCR', tally)
  call('PEXPIRE', tally, ARGV[5])
end
call('SET', key, '?' .. ARGV[2], 'PX', ARGV[5])
return 1
