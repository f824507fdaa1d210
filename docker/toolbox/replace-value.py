"""Replaces a text by another of the same length, in the database of a stopped member."""

import argparse, os, sys
from damage import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
parser.add_argument('old')
parser.add_argument('new')
options = parser.parse_args()
old, new = options.old.encode(), options.new.encode()
if len(old) != len(new):
    parser.error(f'expected texts of one length, got {len(old)} and {len(new)} bytes')

path = os.path.join(options.data_directory, 'member', 'snap', 'db')
if not os.path.isfile(path):
    sys.exit(f'expected a database at {path}, found no such file')
with open(path, 'rb') as file:
    data = file.read()
if old not in data:
    sys.exit(f'expected {options.old} in the database, found it nowhere')


def replace():
    with open(path, 'r+b') as file:
        file.write(data.replace(old, new))
    return f'{data.count(old)} places of {options.old} replaced'


record(options.data_directory, path, replace)
