/*
 * Programs for the toolbox's Python that spoil etcd's files in place and print in a line what they
 * did. They read only as much of the formats as they need.
 */

/**
 * A log is a row of frames: 8 bytes of length, little endian, with the count of padding bytes in the
 * top byte; the record; the padding. Files are made larger beforehand, with zeros.
 */
const readFrames = `
import os, random, struct, sys

directory, number = sys.argv[1], int(sys.argv[2])

def frames_of(path):
    with open(path, 'rb') as file:
        data = file.read()
    at, found = 0, []
    while at + 8 <= len(data):
        length = struct.unpack_from('<q', data, at)[0]
        if length == 0:
            break
        size = length & ((1 << 56) - 1)
        padding = (length >> 56) & 7 if length < 0 else 0
        if at + 8 + size > len(data):
            break
        found.append((at, size))
        at += 8 + size + padding
    return found

logs = [name for name in sorted(os.listdir(directory)) if name.endswith('.wal')]
logs = [name for name in logs if len(frames_of(os.path.join(directory, name))) > 4]
if not logs:
    sys.exit('no log with more than four records')
name = logs[-1]
path = os.path.join(directory, name)
frames = frames_of(path)
`

/** Arguments: directory of the logs, how many records from the end. */
export const truncateWal = `${readFrames}
number = min(number, len(frames) - 4)
at, size = frames[-number]
os.truncate(path, at + 8 + size // 2)
print(f'{name} cut at {at + 8 + size // 2}, within record {len(frames) - number + 1} of {len(frames)}')
`

/** Arguments: directory of the logs, seed. */
export const flipWalBit = `${readFrames}
draw = random.Random(number)
at, size = draw.choice(frames[4:])
place = at + 8 + draw.randrange(size // 2, size)
bit = draw.randrange(8)
with open(path, 'r+b') as file:
    file.seek(place)
    was = file.read(1)[0]
    file.seek(place)
    file.write(bytes([was ^ (1 << bit)]))
print(f'{name}: bit {bit} of byte {place} flipped')
`

/**
 * bbolt: pages with a 16-byte header (id, flags, count, overflow); the newer of the two meta pages
 * names the root of the buckets; the bucket \`key\` maps revisions to protobuf messages, whose field
 * 1 is the key and field 5 the value. Arguments: file, how many values, seed.
 */
export const flipValueBits = `
import random, struct, sys

path, wanted, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
file = open(path, 'r+b')
data = bytearray(file.read())
BRANCH, LEAF, BUCKET = 1, 2, 1

def meta(at):
    magic, _, page_size, _, root, _, _, _, txid = struct.unpack_from('<IIIIQQQQQ', data, at + 16)
    return (txid, root, page_size) if magic == 0xED0CDAED else (-1, 0, 0)

first = meta(0)
page_size = first[2] or 4096
_, root, _ = max(first, meta(page_size))

def leaves(at):
    """(where the key is, its size, where the value is, its size, flags) of all below a page."""
    flags, count = struct.unpack_from('<HH', data, at + 8)
    for index in range(count):
        element = at + 16 + index * 16
        if flags & BRANCH:
            child = struct.unpack_from('<Q', data, element + 8)[0]
            yield from leaves(child * page_size)
        elif flags & LEAF:
            kind, pos, ksize, vsize = struct.unpack_from('<IIII', data, element)
            yield element + pos, ksize, element + pos + ksize, vsize, kind

def varint(at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at

def fields(at, size):
    """Field number to (place, size), of those that are byte strings."""
    end, found = at + size, {}
    while at < end:
        tag, at = varint(at)
        if tag & 7 == 2:
            length, at = varint(at)
            found[tag >> 3] = (at, length)
            at += length
        else:
            _, at = varint(at)
    return found

latest = {}
for key, ksize, value, vsize, kind in leaves(root * page_size):
    if kind & BUCKET and bytes(data[key:key + ksize]) == b'key':
        bucket = struct.unpack_from('<Q', data, value)[0]
        start = bucket * page_size if bucket else value + 16
        for _, _, at, size, _ in leaves(start):
            found = fields(at, size)
            where, length = found.get(1, (0, 0))
            latest[bytes(data[where:where + length])] = found.get(5)
living = sorted(name for name, place in latest.items() if place and place[1] > 0)
if not living:
    sys.exit('no key with a value')
draw = random.Random(seed)
chosen = draw.sample(living, min(wanted, len(living)))
for name in chosen:
    at, length = latest[name]
    place = at + draw.randrange(length)
    file.seek(place)
    file.write(bytes([data[place] ^ 1]))
file.close()
print('a bit of the value of ' + ', '.join(name.decode(errors='replace') for name in chosen))
`

/**
 * Gives back what a file has allocated and does not use: bbolt enlarges its file by up to 16 MiB at a
 * time. In place, for a file whose process is frozen meanwhile. Argument: file.
 */
export const digHoles = `
import os, sys

path = sys.argv[1]
with open(path, 'rb') as file:
    data = file.read()
with open(path, 'r+b') as file:
    file.truncate(0)
    for at in range(0, len(data), 4096):
        block = data[at:at + 4096]
        if block.count(0) < len(block):
            file.seek(at)
            file.write(block)
    file.truncate(len(data))
`
