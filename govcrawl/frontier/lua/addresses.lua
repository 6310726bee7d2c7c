-- addresses: the hosts that share an IP address take turns; put in front of claim, finish and reserve. Costs nothing where ADDRESS is 0.
--
--   at            hash  HOST -> address that its last request went to
--   turns         hash  ADDRESS -> TURN_FORM
--   granted       hash  HOST -> the moment (ms) that it was given in the timeline of its address
--
-- A host that is due while its address is not gets the next free moment of the address and is due then, so that each host is put off once a
-- turn, however many share the address. One that comes late, because no worker was free, is put off again where somebody has just gone.

-- WENT_AT when the last request to it was handed out, or began; FREE_AT the first moment that nobody was given.
local TURN_FORM = '<dd'
local WENT_AT, FREE_AT = 1, 2
local turns, places = {}, {}

local function turn_of(address)
  if not turns[address] then
    local raw = call('HGET', P .. 'turns', address)
    turns[address] = raw and {struct.unpack(TURN_FORM, raw)} or {0, 0}
  end
  return turns[address]
end

-- Which of the hosts, at most 1000, may be asked now; the others are due later.
local function admitted(names)
  if ADDRESS == 0 then return names end
  local addresses, grants = call('HMGET', P .. 'at', unpack(names)), call('HMGET', P .. 'granted', unpack(names))
  local found, later, given, used = {}, {}, {}, {}
  for i, name in ipairs(names) do
    local turn = addresses[i] and turn_of(addresses[i])
    if turn and (turn[WENT_AT] + ADDRESS > now or (not grants[i] and turn[FREE_AT] > now)) then
      local moment = math.max(turn[FREE_AT], turn[WENT_AT] + ADDRESS)
      turn[FREE_AT] = moment + ADDRESS
      for _, value in ipairs({moment, name}) do later[#later + 1] = value end
      for _, value in ipairs({name, moment}) do given[#given + 1] = value end
    else
      found[#found + 1] = name
      if turn then turn[WENT_AT], turn[FREE_AT] = now, math.max(turn[FREE_AT], now + ADDRESS) end
      if grants[i] then used[#used + 1] = name end
    end
  end
  in_parts('ZADD', P .. 'due', later)
  in_parts('HSET', P .. 'granted', given)
  in_parts('HDEL', P .. 'granted', used)
  return found
end

-- A request to a host went to this address, so many ms ago.
local function went(name, address, age)
  places[#places + 1] = name
  places[#places + 1] = address
  local turn = turn_of(address)
  turn[WENT_AT] = math.max(turn[WENT_AT], now - age)
end

local function write_turns()
  local rows = {}
  for address, turn in pairs(turns) do
    rows[#rows + 1] = address
    rows[#rows + 1] = struct.pack(TURN_FORM, unpack(turn))
  end
  in_parts('HSET', P .. 'turns', rows)
  in_parts('HSET', P .. 'at', places)
end
