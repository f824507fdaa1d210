"""Cuts the newest write-ahead log in the middle of one of its last records, as a torn write does."""

import argparse, os
from damage import record
from wal import HEADER_RECORDS, newest_log

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('data_directory', help="a stopped member's data directory")
parser.add_argument('records', type=int, help='cut within this record, counted from the end')
options = parser.parse_args()
if options.records < 1:
    parser.error(f'expected at least 1 record, got {options.records}')

path, frames = newest_log(options.data_directory)
number = min(options.records, len(frames) - HEADER_RECORDS)
at, size = frames[-number]
cut = at + 8 + size // 2


def truncate():
    os.truncate(path, cut)
    place = f'within record {len(frames) - number + 1} of {len(frames)}'
    return f'{os.path.basename(path)} cut at {cut}, {place}'


record(options.data_directory, path, truncate)
