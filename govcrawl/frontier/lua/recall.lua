-- recall: ask what the fleet knows of a file, or become the one worker that reads it.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 name of the file   3 ms that the caller may take to read it   4 the caller's mark
-- Returns what was put there, '' where another worker is reading it, nothing where it is the caller's to read.
-- file:NAME string, `=` and what the workers sealed, or `?` and the mark of the one who reads it; filekept zset "NAME:BYTES" -> when it was last asked for (ms); filebytes their sum.
-- A hold ends by itself: a worker that dies leaves none behind. Who asks again because the answer was lost has its own hold still.
local key = P .. 'file:' .. ARGV[2]
local found = call('GET', key) or ''
local kind, word = string.sub(found, 1, 1), string.sub(found, 2)
if kind == '=' then
  call('ZADD', P .. 'filekept', 'XX', now, ARGV[2] .. ':' .. #word)
  return word
end
if kind == '?' and word ~= ARGV[4] then return '' end
call('SET', key, '?' .. ARGV[4], 'PX', ARGV[3])
return false
