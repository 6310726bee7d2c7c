-- shelf: texts that all workers share, within a number of bytes; put in front of keep and remember.
-- `kept` zset "NAME:BYTES" -> when it was last put (ms), `bytes` their sum, `place` what the keys of the texts begin with. The longest
-- unused go first.
local function shelve(kept, bytes, place, name, size, value, ms, most)
  local function forget(members)
    for _, member in ipairs(members) do
      local old, length = string.match(member, '^(.*):(%d+)$')
      call('ZREM', kept, member)
      call('DECRBY', bytes, length)
      call('DEL', place .. old)
    end
  end

  forget(call('ZRANGEBYSCORE', kept, '-inf', now - tonumber(ms), 'LIMIT', 0, 100))
  if call('ZADD', kept, now, name .. ':' .. size) == 1 then call('INCRBY', bytes, size) end
  call('SET', place .. name, value, 'PX', ms)
  while tonumber(call('GET', bytes) or 0) > tonumber(most) and call('EXISTS', kept) == 1 do forget(call('ZRANGE', kept, 0, 0)) end
end

