-- keep: store what came of a style sheet; the texts of all sites together stay within a number of bytes.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 name of the address's key   3 its mark: `=` and digest of the text, or `!` and reason   4 ms that it is kept
--         5 text, deflated ("" with a reason)   6 how many bytes of texts at most
-- Texts go by their content: templates that many sites share are here once.
call('SET', P .. ARGV[2], ARGV[3], 'PX', ARGV[4])
local text, digest = ARGV[5], string.sub(ARGV[3], 2)
if text == '' then return 0 end
shelve(P .. 'csskept', P .. 'cssbytes', P .. 'css:', digest, #text, text, ARGV[4], ARGV[6])
return 1
