"""Removes the data directory of a stopped member."""

import argparse, os, subprocess, sys
from damage import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
options = parser.parse_args()
if not os.path.isdir(os.path.join(options.data_directory, 'member')):
    sys.exit(f'expected a data directory of etcd, found none at {options.data_directory}')


def wipe():
    subprocess.run(['rm', '-rf', options.data_directory], check=True)
    return 'data directory removed'


record(options.data_directory, options.data_directory, wipe)
