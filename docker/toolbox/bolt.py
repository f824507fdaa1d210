"""
Reads etcd's bbolt database: pages with a 16-byte header (id, flags, count, overflow); the newer of
the two meta pages names the root of the buckets; the bucket `key` maps revisions to protobuf
messages, whose field 1 is the key and field 5 the value.
"""

import struct, sys

MAGIC = 0xED0CDAED
BRANCH_PAGE, LEAF_PAGE, BUCKET_ENTRY = 1, 2, 1


def latest_values(data):
    """Key -> (position, size) of its latest value in the file; None for a deleted key."""
    first = meta(data, 0)
    if first[0] < 0:
        sys.exit('expected a bbolt database, found no meta page at its start')
    page_size = first[2]
    _, root, _ = max(first, meta(data, page_size))
    latest = {}
    for key, key_size, value, _, kind in entries(data, root * page_size, page_size):
        if kind & BUCKET_ENTRY and data[key:key + key_size] == b'key':
            bucket = struct.unpack_from('<Q', data, value)[0]
            start = bucket * page_size if bucket else value + 16
            for _, _, at, size, _ in entries(data, start, page_size):
                found = fields(data, at, size)
                where, length = found.get(1, (0, 0))
                latest[bytes(data[where:where + length])] = found.get(5)
    return latest


def meta(data, at):
    """(transaction, page of the root bucket, page size); the transaction is -1 without a meta page."""
    if at + 80 > len(data):
        return -1, 0, 0
    magic, _, page_size, _, root, _, _, _, transaction = struct.unpack_from('<IIIIQQQQQ', data, at + 16)
    return (transaction, root, page_size) if magic == MAGIC else (-1, 0, 0)


def entries(data, at, page_size):
    """(position of the key, its size, position of the value, its size, flags) of all below a page."""
    flags, count = struct.unpack_from('<HH', data, at + 8)
    for index in range(count):
        element = at + 16 + index * 16
        if flags & BRANCH_PAGE:
            child = struct.unpack_from('<Q', data, element + 8)[0]
            yield from entries(data, child * page_size, page_size)
        elif flags & LEAF_PAGE:
            kind, position, key_size, value_size = struct.unpack_from('<IIII', data, element)
            key = element + position
            yield key, key_size, key + key_size, value_size, kind


def fields(data, at, size):
    """Field number -> (position, size), of the protobuf fields that are byte strings."""
    end, found = at + size, {}
    while at < end:
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            found[tag >> 3] = (at, length)
            at += length
        else:
            _, at = varint(data, at)
    return found


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
