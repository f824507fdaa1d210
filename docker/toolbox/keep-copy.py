"""Copies the data directory of a stopped member to `gauntlet-older` beside it."""

import argparse, os, subprocess, sys

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
options = parser.parse_args()
if not os.path.isdir(os.path.join(options.data_directory, 'member')):
    sys.exit(f'expected a data directory of etcd, found none at {options.data_directory}')

older = os.path.join(os.path.dirname(options.data_directory), 'gauntlet-older')
subprocess.run(['rm', '-rf', older], check=True)
subprocess.run(['cp', '-a', options.data_directory, older], check=True)
