"""Replaces the data directory of a stopped member by the copy that `keep-copy.py` took."""

import argparse, os, subprocess, sys
from damage import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
options = parser.parse_args()
older = os.path.join(os.path.dirname(options.data_directory), 'gauntlet-older')
if not os.path.isdir(older):
    sys.exit(f'expected a copy at {older}, found none: run keep-copy.py before')


def roll_back():
    subprocess.run(['rm', '-rf', options.data_directory], check=True)
    os.rename(older, options.data_directory)
    return 'an older copy'


record(options.data_directory, options.data_directory, roll_back)
