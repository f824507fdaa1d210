"""
Fills the volume of a data directory to its last kibibyte with the file `gauntlet-filler` beside
it, and prints how many KiB are left. The database's unused room, which bbolt allocates by up to
16 MiB at a time, goes to the filler too: freeze etcd meanwhile.
"""

import argparse, os, sys

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a frozen member's data directory")
options = parser.parse_args()
database = os.path.join(options.data_directory, 'member', 'snap', 'db')
if not os.path.isfile(database):
    sys.exit(f'expected a database at {database}, found no such file')


def dig_holes(path):
    """Gives back the file's blocks that hold only zeros, in place."""
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


def fill(path):
    with open(path, 'ab', buffering=0) as file:
        for size in (65536, 1024):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass


volume = os.path.dirname(options.data_directory)
dig_holes(database)
fill(os.path.join(volume, 'gauntlet-filler'))
room = os.statvfs(volume)
print(room.f_bavail * room.f_frsize // 1024)
