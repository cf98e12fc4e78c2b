#include "services/store/redis_scripts.h"

namespace leye::store::redis {
namespace {

// The state of a region, and what begins a new epoch: the replication id, which a server takes anew
// when it starts and when it is promoted, is not the one that wrote the region last. Epochs go up,
// because Redis refuses stream ids that do not. Numbers are exact up to 2^53 here, and printed by
// "%.0f" only, because tostring rounds.
constexpr char kStateFunctions[] = R"lua(
local function text(n) return string.format('%.0f', n) end

local function read_state(meta)
  local held = redis.call('HMGET', meta, 'epoch', 'head', 'next', 'start', 'server', 'restore',
                          'step', 'changed', 'image')
  return {epoch = tonumber(held[1]) or 0, head = tonumber(held[2]) or 0,
          next = tonumber(held[3]) or 1, start = tonumber(held[4]) or 1, server = held[5] or '',
          restore = held[6], step = tonumber(held[7]) or 0, changed = tonumber(held[8]) or 0,
          image = held[9]}
end

local function this_server()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end

local function follow_server(state, candidate)
  local server = this_server()
  if server == state.server then return false end
  if candidate <= state.epoch then candidate = state.epoch + 1 + candidate % 1048576 end
  state.epoch, state.start, state.server = candidate, state.head + 1, server
  return true
end

local function write_state(meta, state)
  redis.call('HSET', meta, 'epoch', text(state.epoch), 'head', text(state.head),
             'next', text(state.next), 'start', text(state.start), 'server', state.server,
             'changed', text(state.changed))
end

local function tell_head(region, state)
  redis.pcall('PUBLISH', 'leye:heads',
              region .. ' ' .. text(state.epoch) .. ' ' .. text(state.head))
end

local function remember(requests, time, id, request_id, request, fingerprint)
  redis.call('SET', request, id .. ' ' .. fingerprint)
  redis.call('RPUSH', requests, time .. ' ' .. id .. ' ' .. request_id)
end
)lua";

constexpr char kFindRequest[] = R"lua(
local function find_request(meta, log, request, fingerprint)
  local known = redis.call('GET', request)
  if not known then return nil end
  local id, print = string.match(known, '^(%d+%-%d+) (.*)$')
  if print ~= fingerprint then return {'reused'} end
  local entry = redis.call('XRANGE', log, id, id)[1]
  return {'known', redis.call('HGET', meta, 'epoch'), id, entry and entry[2][2]}
end
)lua";

// What an image says of itself, as redis_image.h tells, and how much was changed since.
constexpr char kImageFunctions[] = R"lua(
local function read_image(state)
  if not state.image then return nil end
  local epoch, sequence, time, changed, records =
      string.match(state.image, '^%w+ %l (%d+) (%d+) %d+ (%d+) (%d+) (%d+)$')
  return {epoch = tonumber(epoch), sequence = tonumber(sequence), time = tonumber(time),
          changed = state.changed - tonumber(changed), records = tonumber(records)}
end
)lua";

// A log entry goes when followers need it no more, no remembered request is answered from it, and
// it is not what makes an image whole. The oldest request stands first in the list, as
// "<time in ms> <stream id> <request id>". An image that was not renewed for days, or whose log
// would be as long as what it spares, is given up.
constexpr char kTrim[] = R"lua(
local function forget(requests, prefix, expired, most)
  local forgotten = false
  for i = 1, most do
    local oldest = redis.call('LINDEX', requests, 0)
    if not oldest then break end
    local time, id = string.match(oldest, '^(%d+) %S+ (.*)$')
    if tonumber(time) >= expired then break end
    redis.call('LPOP', requests)
    redis.call('GETDEL', prefix .. id)
    forgotten = true
  end
  return forgotten
end

local function trim(meta, log, requests, state, now)
  local epoch, sequence = state.epoch, state.start
  local function keep_from(e, s)
    if e < epoch or (e == epoch and s < sequence) then epoch, sequence = e, s end
  end
  local oldest = redis.call('LINDEX', requests, 0)
  if oldest then
    local e, s = string.match(oldest, '^%d+ (%d+)%-(%d+) ')
    keep_from(tonumber(e), tonumber(s))
  end
  local image = read_image(state)
  if image and (image.changed * 2 > image.records or now - image.time > 3 * 86400 * 1000) then
    redis.call('HDEL', meta, 'image')
  elseif image then
    keep_from(image.epoch, image.sequence + 1)
  end
  redis.call('XTRIM', log, 'MINID', '~', text(epoch) .. '-' .. text(sequence))
end
)lua";

// Applies a commit: all that could stop it first, then the log, then the records.
constexpr char kCommit[] = R"lua(
local meta, log, names, requests, request = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local first_record, first_step, step = 5, 7, 7
local candidate, region, request_id, fingerprint = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local now, expired, request_prefix = ARGV[5], tonumber(ARGV[6]), ARGV[7]
local count = #KEYS - first_record

local state = read_state(meta)
if state.restore then return {'restoring'} end
if request_id ~= '' then
  local found = find_request(meta, log, request, fingerprint)
  if found then return found end
end

-- Each of these fails on a key of another type, while nothing is written yet.
redis.call('ZCARD', names)
redis.call('LLEN', requests)
local puts = 0
local numbers = {}
for i = 1, count do
  local at = first_step + (i - 1) * step
  local kind, condition = ARGV[at + 1], ARGV[at + 2]
  local header = redis.call('GETRANGE', KEYS[first_record + i], 0, 11)
  local number, version = 0, 0
  if header ~= '' then number, version = struct.unpack('>I6I6', header) end
  local absent = version == 0
  if (condition == 'absent' and not absent) or (kind == 'd' and absent) or
      (condition == 'exists' and absent) then
    return {'condition', i - 1, version}
  end
  local expected = tonumber(condition)
  if expected and (absent or expected ~= version) then return {'condition', i - 1, version} end
  numbers[i] = number
  if kind == 'p' then puts = puts + 1 end
end
if state.head + 1 >= 2 ^ 48 or state.next + puts >= 2 ^ 48 then return {'exhausted'} end

follow_server(state, candidate)
state.head = state.head + 1
state.changed = state.changed + count
local id = text(state.epoch) .. '-' .. text(state.head)

local function varint(n)  -- Seven bytes, whatever n is.
  local bytes = {}
  for i = 1, 6 do
    bytes[i] = n % 128 + 128
    n = math.floor(n / 128)
  end
  return string.char(bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], n)
end

local answer = {'done', text(state.epoch), text(state.head)}
local changes = {}
local is_new = {}
for i = 1, count do
  local at = first_step + (i - 1) * step
  local kind = ARGV[at + 1]
  if kind ~= 'c' then
    if numbers[i] == 0 then
      numbers[i], is_new[i] = state.next, true
      state.next = state.next + 1
    end
    changes[#changes + 1] = ARGV[at + 4]
    changes[#changes + 1] = varint(numbers[i])
    changes[#changes + 1] = ARGV[at + 5]
    if kind == 'p' then
      changes[#changes + 1] = ARGV[at + 6]
      answer[#answer + 1] = numbers[i]
    end
  end
end

redis.call('XADD', log, id, 'c', table.concat(changes))
for i = 1, count do
  local at = first_step + (i - 1) * step
  local kind, member = ARGV[at + 1], ARGV[at + 3]
  if kind == 'p' then
    local open = ARGV[at + 6]
    redis.call('SET', KEYS[first_record + i],
               struct.pack('>I6I6I4', numbers[i], state.head, #open) .. open .. ARGV[at + 7])
    if is_new[i] then redis.call('ZADD', names, 0, member) end
  elseif kind == 'd' then
    redis.call('GETDEL', KEYS[first_record + i])
    redis.call('ZREM', names, member)
  end
end
write_state(meta, state)

if request_id ~= '' then remember(requests, now, id, request_id, request, fingerprint) end
-- More than a commit adds, so that they cannot pile up.
if forget(requests, request_prefix, expired, 8) then
  trim(meta, log, requests, state, tonumber(now))
end
tell_head(region, state)
return answer
)lua";

constexpr char kAnswerRequest[] = R"lua(
return find_request(KEYS[1], KEYS[2], KEYS[3], ARGV[1]) or {'unknown'}
)lua";

constexpr char kPage[] = R"lua(
local limit, most_bytes, prefix = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local state = redis.call('HMGET', KEYS[1], 'epoch', 'head')
local members = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2], 'LIMIT', 0, limit + 1)
local answer = {state[1] or 0, state[2] or 0, 0}
local bytes, taken, chunk = 0, 0, 256
for first = 1, #members, chunk do
  local keys = {}
  for i = first, math.min(first + chunk - 1, #members) do keys[#keys + 1] = prefix .. members[i] end
  for i, value in ipairs(redis.call('MGET', unpack(keys))) do
    if taken == limit or bytes > most_bytes then
      answer[3] = 1
      return answer
    end
    if not value then return redis.error_reply('CORRUPT a record that is listed is missing') end
    local member = members[first + i - 1]
    answer[#answer + 1] = member
    answer[#answer + 1] = value
    bytes = bytes + #member + #value
    taken = taken + 1
  end
end
return answer
)lua";

constexpr char kReadLog[] = R"lua(
local limit, most_bytes, chunk = tonumber(ARGV[2]), tonumber(ARGV[3]), 32
local state = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'start')
local answer = {state[1] or 0, state[2] or 0, state[3] or 1}
local from, bytes, taken = ARGV[1], 0, 0
while taken < limit and bytes <= most_bytes do
  local entries = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', math.min(chunk, limit - taken))
  for _, entry in ipairs(entries) do
    if bytes > most_bytes then return answer end
    answer[#answer + 1] = entry[1]
    answer[#answer + 1] = entry[2][2]
    bytes = bytes + #entry[2][2]
    taken = taken + 1
    from = '(' .. entry[1]
  end
  if #entries < chunk then break end
end
return answer
)lua";

constexpr char kTrimLog[] = R"lua(
local state, keep_from = read_state(KEYS[1]), tonumber(ARGV[1])
if keep_from > state.head + 1 then return {'beyond', text(state.head)} end
if state.epoch == 0 then return {'done'} end
local holds = redis.call('HGETALL', KEYS[4])
for i = 1, #holds, 2 do
  local from, expires = string.match(holds[i + 1], '^(%d+) (%d+)$')
  if tonumber(expires) <= tonumber(ARGV[2]) then
    redis.call('HDEL', KEYS[4], holds[i])
  else
    keep_from = math.min(keep_from, tonumber(from))
  end
end
if keep_from > state.start then
  state.start = keep_from
  redis.call('HSET', KEYS[1], 'start', text(state.start))
end
-- Here too, for a region that takes no commits: it is idle, or memory is full.
forget(KEYS[3], ARGV[4], tonumber(ARGV[3]), 1000)
trim(KEYS[1], KEYS[2], KEYS[3], state, tonumber(ARGV[2]))
return {'done'}
)lua";

constexpr char kHead[] = R"lua(
local state = read_state(KEYS[1])
if state.epoch == 0 then return {0, 0} end
local before = state.epoch
if follow_server(state, tonumber(ARGV[1])) then
  local written = redis.pcall('HSET', KEYS[1], 'epoch', text(state.epoch),
                              'start', text(state.start), 'server', state.server)
  if type(written) == 'table' and written.err then return {text(before), text(state.head)} end
  tell_head(ARGV[2], state)
end
return {text(state.epoch), text(state.head)}
)lua";

constexpr char kScanRequests[] = R"lua(
local meta, log, requests = KEYS[1], KEYS[2], KEYS[3]
local from, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local most_bytes, prefix = tonumber(ARGV[3]), ARGV[4]
local state = redis.call('HMGET', meta, 'epoch', 'head', 'next')
local listed = redis.call('LRANGE', requests, from, from + limit)
local answer = {state[1] or 0, state[2] or 0, state[3] or 1, 0}
local bytes = 0
for i, entry in ipairs(listed) do
  if i > limit or bytes > most_bytes then
    answer[4] = 1
    return answer
  end
  local id, request_id = string.match(entry, '^%d+ (%S+) (.*)$')
  local value = redis.call('GET', prefix .. request_id)
  local logged = redis.call('XRANGE', log, id, id)[1]
  if not value or not logged then
    return redis.error_reply('CORRUPT a remembered request has lost its answer')
  end
  local changes = logged[2][2]
  answer[#answer + 1] = entry
  answer[#answer + 1] = value
  answer[#answer + 1] = changes
  bytes = bytes + #changes
end
return answer
)lua";

// Applies a step of a restore: all that could stop it first, as in a commit. What is left of the
// keys of a region without a history would stop XADD in the middle, so nothing may be.
constexpr char kRestore[] = R"lua(
local meta, log, names, requests = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local first_record, record_step, first_argument, request_step = 4, 2, 8, 5
local epoch, head, next_number, region = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local restore, step, last = ARGV[5], tonumber(ARGV[6]), ARGV[7] == 'last'
local records = tonumber(ARGV[8])
local first_request = first_record + records
local request_arguments = first_argument + records * record_step

local state = read_state(meta)
if state.epoch ~= 0 then return {'used', text(state.epoch), text(state.head)} end
if state.restore and state.restore ~= restore then return {'another'} end
if step < state.step then return {'done', state.step} end
if step > state.step then return {'gap', state.step} end
local remembered = redis.call('LINDEX', requests, -1)
if not state.restore and (remembered or redis.call('ZCARD', names) > 0 or
                          #redis.call('XRANGE', log, '-', '+', 'COUNT', 1) > 0) then
  return redis.error_reply('CORRUPT a region without a history has records, requests or a log')
end
for i = 1, #KEYS - first_record do
  if redis.call('GETRANGE', KEYS[first_record + i], 0, 0) ~= '' then return {'twice', i - 1} end
end
local newest = remembered and tonumber(string.match(remembered, '^%d+ %d+%-(%d+) ')) or 0
if #KEYS > first_request and tonumber(ARGV[request_arguments + 2]) <= newest then
  return {'disorder', text(newest)}
end

for i = 1, records do
  local at = first_argument + (i - 1) * record_step
  redis.call('SET', KEYS[first_record + i], ARGV[at + 2])
  redis.call('ZADD', names, 0, ARGV[at + 1])
end
for i = 1, #KEYS - first_request do
  local at = request_arguments + (i - 1) * request_step
  local id = epoch .. '-' .. ARGV[at + 2]
  redis.call('XADD', log, id, 'c', ARGV[at + 5])
  remember(requests, ARGV[at + 1], id, ARGV[at + 3], KEYS[first_request + i], ARGV[at + 4])
end
if last then
  state.epoch, state.head, state.next = tonumber(epoch), tonumber(head), tonumber(next_number)
  state.start, state.server = state.head + 1, this_server()
  write_state(meta, state)
  redis.call('HDEL', meta, 'restore', 'step')
  tell_head(region, state)
else
  redis.call('HSET', meta, 'restore', restore, 'step', text(step + 1))
end
return {'done', step + 1}
)lua";

// A record is its header of 16 bytes, which ends with the size of the open part, that, and the
// personal part.
constexpr char kReseal[] = R"lua(
local resealed = 0
local values = {}
for i = 3, #KEYS do values[i] = redis.call('GET', KEYS[i]) end
-- They say what personal parts are sealed under.
redis.call('HDEL', KEYS[1], 'image')
redis.call('GETDEL', KEYS[2])
for i, value in pairs(values) do
  if value then
    local personal = 17 + struct.unpack('>I4', value, 13)
    if string.sub(value, personal) == ARGV[2 * i - 5] then
      redis.call('SET', KEYS[i], string.sub(value, 1, personal - 1) .. ARGV[2 * i - 4])
      resealed = resealed + 1
    end
  end
end
return resealed
)lua";

constexpr char kBeginImage[] = R"lua(
local state, now = read_state(KEYS[1]), tonumber(ARGV[3])
if state.epoch == 0 or state.restore then return {'nothing'} end
local records = redis.call('ZCARD', KEYS[2])
if records < tonumber(ARGV[4]) then return {'nothing'} end
local image, buffer = read_image(state), 'a'
if image then
  local old = now - image.time > 86400 * 1000 and image.changed > 0
  if image.changed * 20 < records and not old then return {'nothing'} end
  if string.match(state.image, '^%w+ a ') then buffer = 'b' end
end
if not redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'nothing'} end
-- Until the image is shown nothing else spares the log that it will need.
redis.call('HSET', KEYS[4], 'image', text(state.head + 1) .. ' ' .. text(now + 3600 * 1000))
return {'make', buffer, text(state.epoch), text(state.head), text(state.changed), records}
)lua";

constexpr char kAddImagePage[] = R"lua(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'another' end
local memory = redis.call('INFO', 'memory')
local used = tonumber(string.match(memory, 'used_memory:(%d+)'))
local most = tonumber(string.match(memory, 'maxmemory:(%d+)'))
if most > 0 and used + #ARGV[3] > 0.9 * most then return 'full' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
return 'done'
)lua";

constexpr char kShowImage[] = R"lua(
if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[3] then
  return 'another'
end
redis.call('HSET', KEYS[1], 'image', ARGV[2])
redis.call('GETDEL', KEYS[2])
redis.call('HDEL', KEYS[3], 'image')
return 'done'
)lua";

constexpr char kProbe[] = R"lua(
local key = KEYS[1]
redis.call('SET', key .. 'text', '1')
redis.call('GET', key .. 'text')
redis.call('MGET', key .. 'text')
redis.call('GETRANGE', key .. 'text', 0, 0)
redis.call('GETDEL', key .. 'text')
redis.call('HSET', key .. 'hash', 'a', '1')
redis.call('HGET', key .. 'hash', 'a')
redis.call('HMGET', key .. 'hash', 'a')
redis.call('HGETALL', key .. 'hash')
redis.call('HDEL', key .. 'hash', 'a')
redis.call('ZADD', key .. 'names', 0, 'a')
redis.call('ZCARD', key .. 'names')
redis.call('ZRANGEBYLEX', key .. 'names', '-', '+')
redis.call('ZREM', key .. 'names', 'a')
redis.call('RPUSH', key .. 'list', 'a')
redis.call('LLEN', key .. 'list')
redis.call('LINDEX', key .. 'list', 0)
redis.call('LRANGE', key .. 'list', 0, 0)
redis.call('LPOP', key .. 'list')
redis.call('XADD', key .. 'log', '*', 'c', '')
redis.call('XRANGE', key .. 'log', '-', '+')
redis.call('XTRIM', key .. 'log', 'MAXLEN', 0)
redis.call('PUBLISH', 'leye:heads', '')
redis.call('INFO', 'replication')
return {'done'}
)lua";

// First lines. With one Redis refuses a script that writes before it starts when it can take no
// writes: out of memory, too few replicas, a full disk.
constexpr char kWrites[] = "#!lua";
constexpr char kReadsOnly[] = "#!lua flags=no-writes";
// Trimming is what may make room again, so it is allowed when there is none.
constexpr char kWritesWithoutRoom[] = "#!lua flags=allow-oom";

}  // namespace

const Script kCommitScript = {
    {kWrites, kStateFunctions, kImageFunctions, kFindRequest, kTrim, kCommit}};
const Script kFindRequestScript = {{kReadsOnly, kFindRequest, kAnswerRequest}};
const Script kPageScript = {{kReadsOnly, kPage}};
const Script kReadLogScript = {{kReadsOnly, kReadLog}};
const Script kTrimLogScript = {
    {kWritesWithoutRoom, kStateFunctions, kImageFunctions, kTrim, kTrimLog}};
// Without a first line: a server that takes no writes now must still tell its heads. The epoch then
// begins with the first commit that it takes.
const Script kHeadScript = {{kStateFunctions, kHead}};
const Script kScanRequestsScript = {{kReadsOnly, kScanRequests}};
const Script kRestoreScript = {{kWrites, kStateFunctions, kRestore}};
const Script kResealScript = {{kWrites, kReseal}};
const Script kBeginImageScript = {{kWrites, kStateFunctions, kImageFunctions, kBeginImage}};
const Script kAddImagePageScript = {{kWrites, kAddImagePage}};
const Script kShowImageScript = {{kWrites, kShowImage}};
const Script kProbeScript = {{kWrites, kProbe}};

std::string TextOf(const Script& script) {
  std::string text;
  for (const char* part : script.parts) {
    if (part != nullptr) text += part;
  }
  return text;
}

}  // namespace leye::store::redis
