-- remember: put down what a worker read in a file; all of them together stay within a number of bytes.
-- KEYS  1 prefix of the partition (see queues.lua)
-- ARGV  1 limits   2 name of the file   3 what was read, sealed by the worker   4 ms that it is kept   5 how many bytes at most
-- Keys: see recall.lua.
shelve(P .. 'filekept', P .. 'filebytes', P .. 'file:', ARGV[2], #ARGV[3], '=' .. ARGV[3], ARGV[4], ARGV[5])
return 1
