"""Flips one bit within a record of the newest write-ahead log. The seed decides which."""

import argparse, os, random
from damage import record
from wal import HEADER_RECORDS, newest_log

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
parser.add_argument('seed', type=int)
options = parser.parse_args()

path, frames = newest_log(options.data_directory)
draw = random.Random(options.seed)
at, size = draw.choice(frames[HEADER_RECORDS:])
place = at + 8 + draw.randrange(size // 2, size)
bit = draw.randrange(8)


def flip():
    with open(path, 'r+b') as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << bit)]))
    return f'{os.path.basename(path)}: bit {bit} of byte {place} flipped'


record(options.data_directory, path, flip)
