"""
Reads the frames of etcd's write-ahead log. A log is a row of frames: 8 bytes of length, little
endian, with the count of padding bytes in the top byte; the record; the padding. etcd makes the
file larger beforehand, with zeros.
"""

import os, struct, sys

# etcd writes this many records when it creates a log: a checksum, the metadata, a snapshot's
# place and the state of raft. Without them a log is no log at all.
HEADER_RECORDS = 4


def frames_of(path):
    """(position, size of the record) of every whole frame."""
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


def newest_log(data_directory):
    """(path, frames) of the newest log with records after its header. Exits with 1 without one."""
    directory = os.path.join(data_directory, 'member', 'wal')
    if not os.path.isdir(directory):
        sys.exit(f'expected a write-ahead log in {directory}, found no such directory')
    for name in sorted(os.listdir(directory), reverse=True):
        path = os.path.join(directory, name)
        frames = frames_of(path) if name.endswith('.wal') else []
        if len(frames) > HEADER_RECORDS:
            return path, frames
    sys.exit(f'expected a log with more than {HEADER_RECORDS} records in {directory}, found none')
