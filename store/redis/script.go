package redis

import goredis "github.com/redis/go-redis/v9"

// What the scripts answer.
const (
	done     = "done"
	conflict = "conflict"
	missing  = "missing"
	foreign  = "foreign"
)

// find begins each script: it sets has to the version of the record KEYS[1],
// false if there is none, and ends with "foreign" at a hash without one.
const find = `
local has = redis.call('HGET', KEYS[1], 'version')
if not has and redis.call('EXISTS', KEYS[1]) == 1 then return 'foreign' end
`

// saveScript writes the data ARGV[3] and the version ARGV[2] if the version is
// ARGV[1], "" for none. One that comes again finds its own version.
var saveScript = goredis.NewScript(find + `
if has == ARGV[2] then return 'done' end
if (has or '') ~= ARGV[1] then return 'conflict' end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
return 'done'
`)

// deleteScript removes the record if its version is ARGV[1].
var deleteScript = goredis.NewScript(find + `
if not has then return 'missing' end
if has ~= ARGV[1] then return 'conflict' end
redis.call('DEL', KEYS[1])
return 'done'
`)
