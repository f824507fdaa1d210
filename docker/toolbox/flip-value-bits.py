"""
Flips a bit in the latest values of some keys, in the database of a stopped member. The seed decides
which. bbolt has no checksum over them.
"""

import argparse, os, random, sys
from bolt import latest_values
from damage import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
parser.add_argument('values', type=int, help='how many keys')
parser.add_argument('seed', type=int)
options = parser.parse_args()
if options.values < 1:
    parser.error(f'expected at least 1 value, got {options.values}')

path = os.path.join(options.data_directory, 'member', 'snap', 'db')
if not os.path.isfile(path):
    sys.exit(f'expected a database at {path}, found no such file')
with open(path, 'rb') as file:
    data = file.read()
latest = latest_values(data)
living = sorted(name for name, place in latest.items() if place and place[1] > 0)
if not living:
    sys.exit('expected a key with a value, found none')
draw = random.Random(options.seed)
chosen = draw.sample(living, min(options.values, len(living)))


def flip():
    with open(path, 'r+b') as file:
        for name in chosen:
            at, length = latest[name]
            place = at + draw.randrange(length)
            file.seek(place)
            file.write(bytes([data[place] ^ 1]))
    names = ', '.join(name.decode(errors='replace') for name in chosen)
    return f'a bit of the value of {names}'


record(options.data_directory, path, flip)
